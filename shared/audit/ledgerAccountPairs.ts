/** Accounts that are seldom posted against each other (AS 2401.58–.62). T45. */
import type { Population } from '#population';
import { ExceptionList } from './exceptionList.ts';
import { firstLines, linesOfJournal } from './ledger.ts';
import { described, entriesOf, fewJournals, JOURNALS_MIN, journalException } from './ledgerEntries.ts';
import type { AuditContext, Outcome } from './types.ts';

/** Account pairs of one journal that are looked at: a journal of hundreds of accounts on both sides would be thousands of pairs. */
const PAIRS_PER_JOURNAL_MAX = 400;

/**
 * Pairs are counted once a journal, by account number over all entities; lines of no amount say nothing; entries of several sources in
 * one journal are kept apart. A pair or poster that lines
 * set aside might bring to {k} is left open.
 */
export function unusualAccountPair({ population, number }: AuditContext): Outcome {
	const journals = firstLines(population);
	if (journals.length < JOURNALS_MIN) return fewJournals(journals.length);
	const accounts = population.dictionary('account');
	const seen = new Map<number, number>();
	for (const first of journals) for (const pair of accountPairs(population, first)) seen.set(pair, (seen.get(pair) ?? 0) + 1);
	const k = number('k');
	const rare = new Set([...seen].filter(([, count]) => count < k).map(([pair]) => pair));
	const aside = population.table('journal_line').quarantine.length;
	const list = new ExceptionList('journal_line');
	let open = 0;
	for (const first of rare.size > 0 ? journals : []) {
		const pair = accountPairs(population, first).find((candidate) => rare.has(candidate));
		if (pair === undefined) continue;
		const count = seen.get(pair) ?? 0;
		if (count + aside >= k) {
			open++;
			continue;
		}
		const [debit, credit] = [Math.floor(pair / accounts.size), pair % accounts.size].map((code) => accounts.text(code));
		list.add(() =>
			journalException(
				population,
				first,
				`${described(population, first)} debits account ${debit} against ${credit}, a pair seen in ${count} of ${journals.length} journals.`,
			),
		);
	}
	return {
		tested: journals.length,
		exceptions: list.all(),
		open,
		openWhy: `${open} journals whose account pair may be in lines set aside`,
	};
}

/** Pairs of debited and credited accounts, as debit code × number of accounts + credit code. */
function accountPairs(population: Population, first: number): number[] {
	const size = population.dictionary('account').size;
	const pairs = new Set<number>();
	for (const rows of entriesOf(population, linesOfJournal(population, first))) {
		const [debited, credited] = sidesOf(population, rows);
		for (const debit of debited) {
			for (const credit of credited) {
				if (pairs.size === PAIRS_PER_JOURNAL_MAX) return [...pairs];
				pairs.add(debit * size + credit);
			}
		}
	}
	return [...pairs];
}

/** Accounts that rows debit, and those that they credit. */
function sidesOf(population: Population, rows: ArrayLike<number>): readonly [debited: ReadonlySet<number>, credited: ReadonlySet<number>] {
	const lines = population.table('journal_line');
	const [accounts, debits, credits] = [lines.codes('account'), lines.minors('debit_minor'), lines.minors('credit_minor')];
	const debited = new Set<number>();
	const credited = new Set<number>();
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] as number;
		// A negative debit is a credit in some systems' way of writing reversals.
		const [debit, credit] = [debits[row] as bigint, credits[row] as bigint];
		if (debit > credit) debited.add(accounts[row] as number);
		if (debit < credit) credited.add(accounts[row] as number);
	}
	return [debited, credited];
}
