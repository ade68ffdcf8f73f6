/** Does the general ledger say what the revenue sub-ledger says? T39, T40, T41. */
import { absolute, formatMoney } from '#kernel';
import type { Population } from '#population';
import { inMoney, keysOf, ref, refs } from './draft.ts';
import { ledgerOf } from './ledger.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome, RowRef } from './types.ts';

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
const CITED_ROWS_MAX = 50;

/** An adjustment that names an id is its own document (the model has no table for it); one that names nothing is an orphan. */
function orphanRevenue({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let open = 0;
	for (let row = 0; row < lines.rows; row++) {
		if (!ledger.isOn(row, 'revenue') && !ledger.isOn(row, 'deferred_revenue')) continue;
		tested++;
		const source = ledger.sourceOf(row);
		if (source.kind === 'unknown') open++;
		if (source.kind !== 'nothing') continue;
		const amount = absolute((lines.minors('credit_minor')[row] as bigint) - (lines.minors('debit_minor')[row] as bigint));
		const currency = lines.text('currency', row);
		const named = lines.text('source_id', row);
		const kind = lines.text('source_kind', row);
		exceptions.push({
			orderId: null,
			keys: keysOf(population, 'journal_line', row),
			amountMinor: amount,
			currency,
			reason: `Journal ${lines.text('journal_id', row)} line ${lines.cellText('line_no', row)} posts ${inMoney(amount, currency)} to account ${lines.text('account', row)} in ${lines.text('period', row)}, but ${named === null ? 'names no source document' : `its source ${kind ?? 'of no kind'} ${named} does not exist`}.`,
			rows: [ref('journal_line', row)],
		});
	}
	return { tested, exceptions, open, openWhy: `${open} lines whose source table was not supplied` };
}

/** Σ(credit − debit) on revenue accounts over the journals that name the event, against its signed amount. */
function revenueNotInLedger({ population }: AuditContext): Outcome {
	const events = population.table('revenue_event');
	const byRevenue = journalLinesByRevenue(population);
	const kinds = events.codes('kind');
	const reverse = events.dictionary('kind').codeOf('reverse');
	const exceptions: ExceptionDraft[] = [];
	for (let row = 0; row < events.rows; row++) {
		const booked = byRevenue.rowsOf(events.codes('revenue_id')[row] as number);
		const amount = events.minors('amount_minor')[row] as bigint;
		const expected = kinds[row] === reverse ? -amount : amount;
		const problem = booked.length === 0 ? 'no journal names it' : mismatch(population, row, booked, expected);
		if (problem === null) continue;
		const currency = events.text('currency', row);
		exceptions.push({
			orderId: events.text('order_id', row),
			keys: keysOf(population, 'revenue_event', row),
			amountMinor: amount,
			currency,
			reason: `Revenue event ${events.text('revenue_id', row)} (${events.text('kind', row)} ${inMoney(amount, currency)} in ${events.text('period', row)}): ${problem}.`,
			rows: [ref('revenue_event', row), ...refs('journal_line', booked.subarray(0, CITED_ROWS_MAX))],
		});
	}
	return { tested: events.rows, exceptions, open: 0 };
}

/** What is wrong with the journal lines of a revenue event, as a phrase; null if nothing is. */
function mismatch(population: Population, event: number, booked: Int32Array, expected: bigint): string | null {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const events = population.table('revenue_event');
	// Currencies and periods are one domain each, so their codes compare across tables.
	const [currencyCode, periodCode] = [events.codes('currency')[event], events.codes('period')[event]];
	const [currencies, periods] = [lines.codes('currency'), lines.codes('period')];
	const [credits, debits] = [lines.minors('credit_minor'), lines.minors('debit_minor')];
	const currency = events.text('currency', event);
	let net = 0n;
	let onRevenue = 0;
	for (const row of booked) {
		if (!ledger.isOn(row, 'revenue')) continue;
		onRevenue++;
		net += (credits[row] as bigint) - (debits[row] as bigint);
		if (currencies[row] !== currencyCode)
			return `its journal ${lines.text('journal_id', row)} is in ${lines.text('currency', row)}, the event in ${currency}`;
		if (periods[row] !== periodCode) {
			return `its journal ${lines.text('journal_id', row)} is in period ${lines.text('period', row)}, the event in ${events.text('period', event)}`;
		}
	}
	const first = booked[0] as number;
	if (onRevenue === 0)
		return `its journal ${lines.text('journal_id', first)} posts to account ${accountsOf(population, booked)}, none of them a revenue account`;
	return net === expected ? null : `the ledger has ${inMoney(net, currency)} for it where ${inMoney(expected, currency)} was due`;
}

const accountsOf = (population: Population, rows: Int32Array): string =>
	[...new Set([...rows.subarray(0, 10)].map((row) => population.table('journal_line').text('account', row)))].join(', ');

/** Journal lines by the revenue event they name. */
function journalLinesByRevenue(population: Population): { rowsOf(revenue: number): Int32Array } {
	const lines = population.table('journal_line');
	const toSource = population.translation('revenue', 'source_id');
	const bySource = population.index('journal_line', 'source_id');
	const kinds = lines.codes('source_kind');
	const revenueKind = lines.dictionary('source_kind').codeOf('revenue_event');
	return {
		rowsOf(revenue) {
			const source = revenue < 0 ? -1 : (toSource[revenue] ?? -1);
			const rows = bySource.rowsOf(source);
			return rows.every((row) => kinds[row] === revenueKind) ? rows : rows.filter((row) => kinds[row] === revenueKind);
		},
	};
}

interface Net {
	subledger: bigint;
	ledger: bigint;
	readonly rows: RowRef[];
}

/** Exact per entity, period and currency: no tolerance, because rounding has no place in a sum of posted amounts. */
function subledgerDiffers({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const nets = new Map<string, Net>();
	const open = addSubledger(population, nets);
	const [entities, periods, currencies] = [lines.codes('entity_id'), lines.codes('period'), lines.codes('currency')];
	const [credits, debits] = [lines.minors('credit_minor'), lines.minors('debit_minor')];
	for (let row = 0; row < lines.rows; row++) {
		if (!ledger.isOn(row, 'revenue')) continue;
		netOf(nets, entities[row] as number, periods[row] as number, currencies[row] as number).ledger +=
			(credits[row] as bigint) - (debits[row] as bigint);
	}
	citeUnmatched(population, nets);
	const exceptions: ExceptionDraft[] = [];
	for (const [key, net] of nets) {
		if (net.subledger === net.ledger) continue;
		const [entity = -1, period = -1, cur = -1] = key.split('/').map(Number);
		const currency = population.dictionary('cur').text(cur);
		const keys = {
			entity_id: population.dictionary('entity').text(entity),
			period: population.dictionary('period').text(period),
			currency,
		};
		exceptions.push({
			orderId: null,
			keys,
			amountMinor: absolute(net.subledger - net.ledger),
			currency,
			reason: `In ${keys.period} the revenue events of ${keys.entity_id} net to ${formatMoney(net.subledger, currency)}, its revenue accounts to ${formatMoney(net.ledger, currency)}: a difference of ${formatMoney(net.subledger - net.ledger, currency)}.`,
			rows: net.rows,
		});
	}
	return { tested: nets.size, exceptions, open, openWhy: `${open} revenue events of unknown orders` };
}

function netOf(nets: Map<string, Net>, entity: number, period: number, currency: number): Net {
	const key = `${entity}/${period}/${currency}`;
	let net = nets.get(key);
	if (!net) {
		net = { subledger: 0n, ledger: 0n, rows: [] };
		nets.set(key, net);
	}
	return net;
}

/** Adds the revenue events; returns how many have no known order, and so no entity. */
function addSubledger(population: Population, nets: Map<string, Net>): number {
	const events = population.table('revenue_event');
	const [orders, periods, currencies, kinds] = [
		events.codes('order_id'),
		events.codes('period'),
		events.codes('currency'),
		events.codes('kind'),
	];
	const amounts = events.minors('amount_minor');
	const reverse = events.dictionary('kind').codeOf('reverse');
	let open = 0;
	for (let row = 0; row < events.rows; row++) {
		const entity = entityOfOrder(population, orders[row] as number);
		if (entity < 0) {
			open++;
			continue;
		}
		const amount = amounts[row] as bigint;
		netOf(nets, entity, periods[row] as number, currencies[row] as number).subledger += kinds[row] === reverse ? -amount : amount;
	}
	return open;
}

function entityOfOrder(population: Population, order: number): number {
	const row = population.index('sales_order', 'order_id').rowOf(order);
	return row < 0 ? -1 : (population.table('sales_order').codes('entity_id')[row] as number);
}

/** Points at what explains a difference: revenue events without a journal, and journal lines without a revenue event. */
function citeUnmatched(population: Population, nets: Map<string, Net>): void {
	const differing = [...nets.values()].some((net) => net.subledger !== net.ledger);
	if (!differing) return;
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const events = population.table('revenue_event');
	const byRevenue = journalLinesByRevenue(population);
	const cite = (net: Net, row: RowRef): void => {
		if (net.subledger !== net.ledger && net.rows.length < CITED_ROWS_MAX) net.rows.push(row);
	};
	for (let row = 0; row < events.rows; row++) {
		const booked = byRevenue.rowsOf(events.codes('revenue_id')[row] as number);
		const amount = events.minors('amount_minor')[row] as bigint;
		const expected = events.text('kind', row) === 'reverse' ? -amount : amount;
		const entity = entityOfOrder(population, events.codes('order_id')[row] as number);
		if (entity < 0 || (booked.length > 0 && mismatch(population, row, booked, expected) === null)) continue;
		cite(netOf(nets, entity, events.codes('period')[row] as number, events.codes('currency')[row] as number), ref('revenue_event', row));
	}
	for (let row = 0; row < lines.rows; row++) {
		if (!ledger.isOn(row, 'revenue')) continue;
		const source = ledger.sourceOf(row);
		if (source.kind === 'resolved' && source.table === 'revenue_event') continue;
		cite(
			netOf(nets, lines.codes('entity_id')[row] as number, lines.codes('period')[row] as number, lines.codes('currency')[row] as number),
			ref('journal_line', row),
		);
	}
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
