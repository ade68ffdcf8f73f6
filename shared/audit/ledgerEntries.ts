/** Journal entries as their tests read them: by entry, in words, and where there are too few to tell. */
import type { Population } from '#population';
import { inMoney, refs } from './draft.ts';
import { journalAmount, ledgerOf, linesOfJournal } from './ledger.ts';
import type { ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 20;
export const JOURNALS_MIN = 1000;

/** Characters of a description shown in a sentence. */
export const DESCRIPTION_MAX = 80;

/** An exception whose subject is a whole journal. */
export function journalException(population: Population, first: number, reason: string): ExceptionDraft {
	const lines = population.table('journal_line');
	const rows = linesOfJournal(population, first);
	return {
		orderId: ledgerOf(population).orderOf(first),
		keys: { journal_id: lines.text('journal_id', first) ?? '' },
		amountMinor: journalAmount(population, rows),
		currency: lines.text('currency', first),
		reason,
		rows: refs('journal_line', rows.subarray(0, CITED_ROWS_MAX)),
	};
}

export const described = (population: Population, first: number): string => {
	const lines = population.table('journal_line');
	const rows = linesOfJournal(population, first);
	return `Journal ${lines.text('journal_id', first)} (${inMoney(journalAmount(population, rows), lines.text('currency', first))})`;
};

/** A journal that gathers the entries of several sources, such as a day's, pairs accounts within each, if every line has one and each balances. */
export function entriesOf(population: Population, rows: Int32Array): readonly ArrayLike<number>[] {
	const lines = population.table('journal_line');
	const [sources, debits, credits] = [lines.codes('source_id'), lines.minors('debit_minor'), lines.minors('credit_minor')];
	const source = sources[rows[0] as number] as number;
	if (rows.every((row) => sources[row] === source)) return [rows];
	const groups = new Map<number, { readonly rows: number[]; net: bigint }>();
	for (const row of rows) {
		if ((sources[row] as number) < 0) return [rows];
		const group = groups.get(sources[row] as number) ?? { rows: [], net: 0n };
		groups.set(sources[row] as number, group);
		group.rows.push(row);
		group.net += (debits[row] as bigint) - (credits[row] as bigint);
	}
	const entries = [...groups.values()];
	return entries.every(({ net }) => net === 0n) ? entries.map((entry) => entry.rows) : [rows];
}

export const fewJournals = (count: number): Outcome => ({
	tested: count,
	exceptions: [],
	open: 0,
	notTestable: `${count} journals; "unusual" means something among at least ${JOURNALS_MIN.toLocaleString('en-US')}`,
});

export const JOURNAL = ['journal_id', 'line_no', 'entity_id', 'account', 'debit_minor', 'credit_minor', 'currency', 'source'];
export const ACCOUNT_NEED = { table: 'account', columns: ['entity_id', 'account', 'class'] } as const;
