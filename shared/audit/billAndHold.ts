/** Bill-and-hold arrangements: revenue before the goods leave, lawful where four criteria are met (ASC 606-10-55-83). */
import type { Population } from '#population';

const CRITERIA = ['reason', 'identified', 'ready', 'no_redirect'];

/** Criteria of ASC 606-10-55-83 that a contract does not meet. @param contract a row of the table contract */
export function missingCriteria(population: Population, contract: number): string[] {
	const text = population.table('contract').text('bill_and_hold_criteria', contract) ?? '';
	const met = text.split(',').map((criterion) => criterion.trim());
	return CRITERIA.filter((criterion) => !met.includes(criterion));
}
