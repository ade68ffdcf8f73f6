/** Lawful journals that look rare because the company is small, or because of what was planted: named, so that nobody wonders. */
import { answer } from './anomaly.ts';
import type { Answer } from './answers.ts';
import { type Ledger, RARE_BELOW } from './ledger.ts';

export function rareUses(ledger: Ledger, planted: readonly Answer[]): Answer[] {
	const meant = (test: string): Set<string | undefined> =>
		new Set(planted.filter((one) => one.test === test).map(({ keys }) => keys['journal_id']));
	const [pairs, posters] = [meant('T45'), meant('T46')];
	const rare = (
		test: string,
		uses: Iterable<{ readonly count: number; readonly journals: readonly string[] }>,
		known: Set<string | undefined>,
		note: string,
	) =>
		[...uses]
			.filter(({ count }) => count < RARE_BELOW)
			.flatMap(({ journals }) => journals)
			.filter((journalId) => !known.has(journalId))
			.map((journalId) => answer(test, null, { journal_id: journalId }, note));
	return [
		...rare('T45', ledger.pairs.values(), pairs, 'a pair of accounts that stayed rare'),
		...rare('T46', ledger.postings.values(), posters, 'posts rarely'),
	];
}
