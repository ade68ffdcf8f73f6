/** Deferred revenue rolled forward from the journals, against the trial balances. T42. */
import { absolute, formatMoney } from '#kernel';
import { PairIndex, type Population } from '#population';
import { keysOf, ref, refs } from './draft.ts';
import { ledgerOf } from './ledger.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

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

export const NO_MOVEMENT: Movement = { debit: 0n, credit: 0n, sourced: 0n, foreign: 0, rows: [] };

/** Billed = credits, released = debits, of lines that name a source document; what is merely posted by hand does not roll. */
export function deferredRollForward(context: AuditContext): Outcome {
	const { population } = context;
	const balances = population.table('trial_balance');
	const { byBalance } = population.derive(deriveMovements);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let open = 0;
	for (const row of deferredBalances(population)) {
		if (!isInDeclaredPeriods(context, row)) continue;
		tested++;
		const movement = byBalance[row] ?? NO_MOVEMENT;
		if (movement.foreign > 0) {
			open++;
			continue;
		}
		const opening = balances.minors('opening_minor')[row] as bigint;
		const closing = balances.minors('closing_minor')[row] as bigint;
		const rolled = opening + movement.sourced;
		if (rolled === closing) continue;
		const currency = balances.text('currency', row) ?? '';
		exceptions.push({
			orderId: null,
			keys: keysOf(population, 'trial_balance', row),
			amountMinor: absolute(closing - rolled),
			currency,
			reason: `Deferred revenue account ${balances.text('account', row)} of ${balances.text('entity_id', row)} opens ${balances.text('period', row)} at ${formatMoney(-opening, currency)} and moves by ${formatMoney(-movement.sourced, currency)} billed less released, which makes ${formatMoney(-rolled, currency)}; it closes at ${formatMoney(-closing, currency)}.`,
			rows: [ref('trial_balance', row), ...refs('journal_line', movement.rows)],
		});
	}
	const aside = population.table('journal_line').quarantine.length;
	const mayBeAside = exceptions.length > 0 && exceptions.length <= aside;
	return {
		tested,
		exceptions: mayBeAside ? [] : exceptions,
		open: open + (mayBeAside ? exceptions.length : 0),
		openWhy: [...inOtherCurrency(open), ...(mayBeAside ? [missingLines(exceptions.length, 'balances')] : [])].join('; '),
	};
}

export const inOtherCurrency = (count: number): string[] => (count > 0 ? [`${count} balances with journals in another currency`] : []);
export const missingLines = (count: number, what: string): string => `${count} ${what} that may lack journal lines set aside`;

function deferredBalances(population: Population): number[] {
	const balances = population.table('trial_balance');
	const accounts = population.table('account');
	const chart = population.pairIndex('account', 'entity_id', 'account');
	const rows: number[] = [];
	for (let row = 0; row < balances.rows; row++) {
		const account = chart.rowOf(balances.codes('entity_id')[row] as number, balances.codes('account')[row] as number);
		if (account >= 0 && accounts.text('class', account) === 'deferred_revenue') rows.push(row);
	}
	return rows;
}

export function isInDeclaredPeriods({ population, evidence }: AuditContext, balance: number): boolean {
	const period = population.table('trial_balance').text('period', balance) ?? '';
	return period >= evidence.periodFrom && period <= evidence.periodTo;
}
