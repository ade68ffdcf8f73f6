/** Does the general ledger say what the revenue sub-ledger says? T39, T40, T41. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { inMoney, keysOf, ofRevenueEvent, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { ledgerOf } from './ledger.ts';
import { bookingsOf, NAMED, ON_REVENUE, OTHER_CURRENCY, OTHER_PERIOD, signedAmounts, UNSURE, unbookedEvents } from './ledgerBookings.ts';
import { CITED_ROWS_MAX, subledgerDiffers } from './ledgerNets.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const JOURNAL_COLUMNS = [
	'journal_id',
	'line_no',
	'entity_id',
	'account',
	'debit_minor',
	'credit_minor',
	'currency',
	'period',
	'source',
] as const;

/** An adjustment that names an id is its own document (the model has no table for it); one that names nothing is an orphan. */
function orphanRevenue({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const list = new ExceptionList('journal_line');
	let tested = 0;
	let open = 0;
	for (let row = 0; row < lines.rows; row++) {
		if (!ledger.isOn(row, 'revenue') && !ledger.isOn(row, 'deferred_revenue')) continue;
		tested++;
		if (!ledger.isOrphan(row)) {
			if (ledger.sourceOf(row).kind === 'unknown') open++;
			continue;
		}
		list.add(() => orphan(population, row));
	}
	return {
		tested,
		exceptions: list.all(),
		open,
		openWhy: `${open} lines whose source was not supplied or may be a line set aside`,
	};
}

function orphan(population: Population, row: number): ExceptionDraft {
	const { lines } = ledgerOf(population);
	const amount = absolute((lines.minors('credit_minor')[row] as bigint) - (lines.minors('debit_minor')[row] as bigint));
	const currency = lines.text('currency', row);
	const named = lines.text('source_id', row);
	const kind = lines.text('source_kind', row);
	return {
		orderId: null,
		keys: keysOf(population, 'journal_line', row),
		amountMinor: amount,
		currency,
		reason: `Journal ${lines.text('journal_id', row)} line ${lines.cellText('line_no', row)} posts ${inMoney(amount, currency)} to account ${lines.text('account', row)} in ${lines.text('period', row)}, but ${named === null ? 'names no source document' : `its source ${kind ?? 'of no kind'} ${named} does not exist`}.`,
		rows: [ref('journal_line', row)],
	};
}

/**
 * Σ(credit − debit) on revenue accounts over the journal lines that name the event, against its signed amount. As many events as journal
 * lines were set aside may miss just those lines, and stay open.
 */
function revenueNotInLedger({ population }: AuditContext): Outcome {
	const events = population.table('revenue_event');
	const rows = unbookedEvents(population);
	const mayBeAside = rows.length <= population.table('journal_line').quarantine.length;
	const list = new ExceptionList('revenue_event');
	if (!mayBeAside) for (const row of rows) list.add(() => notInLedger(population, row));
	const unsure = bookingsOf(population).state.filter((bits) => bits & UNSURE).length;
	const open = unsure + (mayBeAside ? rows.length : 0);
	return {
		tested: events.rows,
		exceptions: list.all(),
		open,
		openWhy: `${open} revenue events whose journal lines or accounts may have been set aside`,
	};
}

function notInLedger(population: Population, row: number): ExceptionDraft {
	const events = population.table('revenue_event');
	const amount = events.minors('amount_minor')[row] as bigint;
	const currency = events.text('currency', row);
	const booked = journalLinesNaming(population, row);
	return {
		...ofRevenueEvent(population, row),
		reason: `Revenue event ${events.text('revenue_id', row)} (${events.text('kind', row)} ${inMoney(amount, currency)} in ${events.text('period', row)}): ${mismatch(population, row, booked)}.`,
		rows: [ref('revenue_event', row), ...refs('journal_line', booked.subarray(0, CITED_ROWS_MAX))],
	};
}

/** What is wrong with the journal lines of a revenue event, as a phrase. */
function mismatch(population: Population, event: number, booked: Int32Array): string {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const events = population.table('revenue_event');
	const { net, state } = bookingsOf(population);
	const bits = state[event] as number;
	if (!(bits & NAMED)) return 'no journal names it';
	const first = booked[0] as number;
	if (!(bits & ON_REVENUE))
		return `its journal ${lines.text('journal_id', first)} posts to account ${accountsOf(population, booked)}, none of them a revenue account`;
	const other = (column: string) =>
		booked.find((row) => ledger.isOn(row, 'revenue') && lines.text(column, row) !== events.text(column, event)) ?? first;
	if (bits & OTHER_CURRENCY) {
		const row = other('currency');
		return `its journal ${lines.text('journal_id', row)} is in ${lines.text('currency', row)}, the event in ${events.text('currency', event)}`;
	}
	if (bits & OTHER_PERIOD) {
		const row = other('period');
		return `its journal ${lines.text('journal_id', row)} is in period ${lines.text('period', row)}, the event in ${events.text('period', event)}`;
	}
	const currency = events.text('currency', event);
	return `the ledger has ${inMoney(net[event] as bigint, currency)} for it where ${inMoney(signedAmounts(population)(event), currency)} was due`;
}

const accountsOf = (population: Population, rows: Int32Array): string =>
	[...new Set([...rows.subarray(0, 10)].map((row) => population.table('journal_line').text('account', row)))].join(', ');

function journalLinesNaming(population: Population, event: number): Int32Array {
	const revenue = population.table('revenue_event').codes('revenue_id')[event] as number;
	const source = population.translation('revenue', 'source_id')[revenue] ?? -1;
	const ledger = ledgerOf(population);
	return population
		.index('journal_line', 'source_id')
		.rowsOf(source)
		.filter((row) => ledger.revenueOf(row) === event);
}

const ACCOUNT_NEED = { table: 'account', columns: ['entity_id', 'account', 'class'] } as const;
const JOURNAL_NEED = { table: 'journal_line', columns: [...JOURNAL_COLUMNS] } as const;
const REVENUE_NEED = { table: 'revenue_event', columns: ['revenue_id', 'order_id', 'kind', 'period', 'amount_minor', 'currency'] } as const;

export const SUBLEDGER_TESTS: readonly AuditTest[] = [
	{
		id: 'T39',
		version: 1,
		title: 'Orphan revenue in the GL',
		severity: 'critical',
		why: 'Revenue that leads back to no document may have been made up in the ledger.',
		rule: 'A journal line on a revenue or deferred revenue account whose source_kind and source_id resolve to nothing.',
		source: 'AS 2401.61',
		parameters: [],
		needs: [ACCOUNT_NEED, JOURNAL_NEED],
		mayRead: ['revenue_event', 'invoice', 'payment'],
		run: orphanRevenue,
	},
	{
		id: 'T40',
		version: 1,
		title: 'Revenue not in the GL',
		severity: 'high',
		why: 'Recognised revenue that the ledger does not carry, or carries differently, is not in the financial statements.',
		rule: 'A revenue event without a journal, or whose journal differs in account, amount, period or currency.',
		source: 'AS 1105.10',
		parameters: [],
		needs: [ACCOUNT_NEED, JOURNAL_NEED, REVENUE_NEED],
		run: revenueNotInLedger,
	},
	{
		id: 'T41',
		version: 1,
		title: 'Sub-ledger ↔ GL',
		severity: 'critical',
		why: 'The ledger and the revenue sub-ledger must tie out before any figure of either can be relied on.',
		rule: 'Net revenue events differ from the net of the revenue accounts of an entity, period and currency.',
		source: 'AS 2301.11',
		parameters: [],
		needs: [ACCOUNT_NEED, JOURNAL_NEED, REVENUE_NEED, { table: 'sales_order', columns: ['order_id', 'entity_id'] }],
		run: subledgerDiffers,
	},
];
