/** What the journals moved on each trial balance: what both completeness tests of the ledger (T42, T43) roll forward. */
import { PairIndex, type Population } from '#population';
import { ledgerOf } from './ledger.ts';
import type { AuditContext, ExceptionDraft } from './types.ts';

export const CITED_ROWS_MAX = 50;

interface Movement {
	debit: bigint;
	credit: bigint;
	/** Debit − credit of lines whose source document is named: what was billed and released, not merely posted. */
	sourced: bigint;
	/** Lines in another currency than the trial balance: they can't be added to it. */
	foreign: number;
	/** Lines that name no source. */
	rows: number[];
}

interface Movements {
	/** By row of trial_balance; null where no journal line falls on it. */
	readonly byBalance: readonly (Movement | null)[];
	/** Journal lines no trial balance covers. */
	readonly uncovered: number;
}

export function deriveMovements(population: Population): Movements {
	const lines = population.table('journal_line');
	const balances = population.table('trial_balance');
	const ledger = ledgerOf(population);
	const byAccount = population.pairIndex('trial_balance', 'entity_id', 'account');
	const byPeriod = new PairIndex(byAccount.pairOf, balances.codes('period'));
	const currencyOfBalance = balances.codes('currency');
	const [entities, accounts, periods, currencies] = [
		lines.codes('entity_id'),
		lines.codes('account'),
		lines.codes('period'),
		lines.codes('currency'),
	];
	const [debits, credits] = [lines.minors('debit_minor'), lines.minors('credit_minor')];
	const byBalance = new Array<Movement | null>(balances.rows).fill(null);
	let uncovered = 0;
	for (let row = 0; row < lines.rows; row++) {
		const balance = byPeriod.rowOf(byAccount.pair(entities[row] as number, accounts[row] as number), periods[row] as number);
		if (balance < 0) {
			uncovered++;
			continue;
		}
		const movement = byBalance[balance] ?? { debit: 0n, credit: 0n, sourced: 0n, foreign: 0, rows: [] };
		byBalance[balance] = movement;
		if (currencies[row] !== currencyOfBalance[balance]) movement.foreign++;
		movement.debit += debits[row] as bigint;
		movement.credit += credits[row] as bigint;
		if (!ledger.isOn(row, 'deferred_revenue')) continue;
		if (!ledger.isOrphan(row)) movement.sourced += (debits[row] as bigint) - (credits[row] as bigint);
		else if (movement.rows.length < CITED_ROWS_MAX) movement.rows.push(row);
	}
	return { byBalance, uncovered };
}

const NO_MOVEMENT: Movement = { debit: 0n, credit: 0n, sourced: 0n, foreign: 0, rows: [] };

/** A row of trial_balance beside what its journals moved; amounts in minor units of its currency. */
export interface RolledBalance {
	readonly row: number;
	readonly opening: bigint;
	readonly closing: bigint;
	readonly currency: string;
	readonly movement: Readonly<Movement>;
}

interface JudgedBalances {
	readonly tested: number;
	readonly exceptions: readonly ExceptionDraft[];
	/** Those with journals in another currency: nothing can be added up. */
	readonly open: number;
}

/** Judges the trial balances in scope of the drop's declared periods, each by what its journals moved. */
export function judgeBalances(
	{ population, evidence }: AuditContext,
	isInScope: (row: number) => boolean,
	judge: (balance: RolledBalance) => ExceptionDraft | null,
): JudgedBalances {
	const balances = population.table('trial_balance');
	const { byBalance } = population.derive(deriveMovements);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let open = 0;
	for (let row = 0; row < balances.rows; row++) {
		const period = balances.text('period', row) ?? '';
		if (period < evidence.periodFrom || period > evidence.periodTo || !isInScope(row)) continue;
		tested++;
		const movement = byBalance[row] ?? NO_MOVEMENT;
		if (movement.foreign > 0) {
			open++;
			continue;
		}
		const opening = balances.minors('opening_minor')[row] as bigint;
		const closing = balances.minors('closing_minor')[row] as bigint;
		const exception = judge({ row, opening, closing, currency: balances.text('currency', row) ?? '', movement });
		if (exception) exceptions.push(exception);
	}
	return { tested, exceptions, open };
}

/** Where no more subjects fail than journal lines were set aside, each may lack just those lines: they are left open. */
export function mayLackLines(population: Population, { length }: readonly ExceptionDraft[]): boolean {
	return length > 0 && length <= population.table('journal_line').quarantine.length;
}

export const inOtherCurrency = (count: number): string[] => (count > 0 ? [`${count} balances with journals in another currency`] : []);
export const missingLines = (count: number, what: string): string => `${count} ${what} that may lack journal lines set aside`;
