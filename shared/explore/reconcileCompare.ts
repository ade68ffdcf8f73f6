/** One order line over the five books, field by field: what each says, and which of them agree. */
import { invoiceOfInvoiceLine, ledgerOf, orderOfLine, rowsOfLine } from '#audit';
import { formatInstant, formatQuantity } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { revenueBook } from '#revenue';
import { billedUnits, type Reconciliation } from './reconcile.ts';
import { justifiedOfLine } from './reconcileBooks.ts';
import { lineColumns, missingTables } from './reconcileColumns.ts';
import { RECONCILE_STAGES, type ReconcileReason, type ReconcileStage, reasonAt, STAGE_TITLES } from './reconcileReasons.ts';
import { firstOf, type ReconcileRow, rowOf, shippedWorth } from './reconcileRows.ts';

/** `=` agree, `≠` differ, `≈` differ lawfully or within tolerance, `?` not compared. */
export type CompareSign = '=' | '≠' | '≈' | '?';

export interface CompareField {
	readonly name: 'quantity' | 'amount' | 'currency' | 'date';
	/** Orders, shipments, billing, revenue, GL; null where the book has nothing to say. Quantities and dates as text. */
	readonly books: readonly (CompareValue | null)[];
}

export type CompareValue =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'money'; readonly minor: bigint; readonly currency: string | null }
	| { readonly kind: 'instant'; readonly at: number };

export interface CompareStage {
	readonly stage: ReconcileStage;
	readonly title: string;
	readonly sign: CompareSign;
	readonly reason: ReconcileReason;
}

export interface CompareRow {
	readonly table: TableName;
	readonly row: number;
	readonly key: string;
	readonly label: string;
}

export interface Comparison {
	readonly row: ReconcileRow;
	readonly fields: readonly CompareField[];
	readonly stages: readonly CompareStage[];
	/** Net revenue the transferred quantity justifies, where it can be recomputed. */
	readonly justifiedMinor: bigint | null;
	/** Sentences of the audit tests about this item, with the exception's own subject. */
	readonly sentences: readonly {
		readonly test: string;
		readonly sentence: string;
		readonly keys: Readonly<Record<string, string>>;
		readonly orderId: string | null;
	}[];
	/** The rows of all books behind it, capped at 60. */
	readonly rows: readonly CompareRow[];
}

const ROWS_MAX = 60;

export function compareItem(reconciliation: Reconciliation, item: number): Comparison {
	const { population, lines, orphans, breaks } = reconciliation;
	const row = rowOf(reconciliation, item, null);
	const orphan = orphans[item - lines];
	if (orphan)
		return {
			row,
			fields: [],
			stages: [],
			justifiedMinor: null,
			sentences: [orphan.told ?? { test: '', sentence: reasonAt(orphan.reason).words, keys: {}, orderId: row.orderId }].map(
				({ test, sentence, keys, orderId }) => ({ test, sentence, keys, orderId }),
			),
			rows: [compareRow(population, orphan.table, orphan.row)],
		};
	return {
		row,
		fields: fieldsOf(population, item),
		stages: RECONCILE_STAGES.map((stage) => stageOf(reconciliation, item, stage)),
		justifiedMinor: population.has('obligation') && population.has('revenue_event') ? justifiedOfLine(population, item) : null,
		sentences: (breaks.get(item) ?? []).map(({ test, sentence, keys, orderId }) => ({ test, sentence, keys, orderId })),
		rows: rowsBehind(population, item),
	};
}

function stageOf({ stages, missing }: Reconciliation, line: number, stage: ReconcileStage): CompareStage {
	const reason = reasonAt(stages[stage][line] as number);
	const sign: CompareSign =
		missing[stage].length > 0 || reason.class === 'not_compared'
			? '?'
			: reason.class === 'matched'
				? '='
				: reason.class === 'open' || reason.class === 'within_tolerance'
					? '≈'
					: '≠';
	return { stage, title: STAGE_TITLES[stage], sign, reason };
}

const text = (value: string | null): CompareValue | null => (value === null ? null : { kind: 'text', text: value });
const instant = (at: number | null): CompareValue | null => (at === null ? null : { kind: 'instant', at });

function fieldsOf(population: Population, line: number): CompareField[] {
	const columns = lineColumns(population);
	const order = population.derive(orderOfLine)[line] as number;
	const currency = order < 0 ? null : population.table('sales_order').text('currency', order);
	const has = (stage: ReconcileStage): boolean => missingTables(population, stage).length === 0;
	const units = (millionths: bigint): CompareValue => ({ kind: 'text', text: formatQuantity(millionths) });
	const money = (minor: bigint, code = currency): CompareValue => ({ kind: 'money', minor, currency: code });
	const [ships, bills, earns, posts] = [has('order_shipment'), has('shipment_billing'), has('billing_revenue'), has('revenue_ledger')];
	const invoices = bills ? invoicesOf(population, line) : [];
	const events = earns ? [...revenueBook(population).ofLine(line)] : [];
	const journals = posts ? journalLinesOf(population, events) : [];
	const delivered = columns.delivered[line] as bigint;
	const shipped = columns.shipped[line] as bigint;
	const left = delivered === shipped ? formatQuantity(shipped) : `${formatQuantity(shipped)}, ${formatQuantity(delivered)} delivered`;
	return [
		{
			name: 'quantity',
			books: [
				units(columns.ordered[line] as bigint),
				ships ? text(left) : null,
				bills ? units(billedUnits(population, line)) : null,
				null,
				null,
			],
		},
		{
			name: 'amount',
			books: [
				money(columns.orderedMinor[line] as bigint),
				ships ? money(shippedWorth(population, line)) : null,
				bills ? money((columns.invoicedMinor[line] as bigint) - (columns.creditedMinor[line] as bigint)) : null,
				earns ? money(columns.recognisedMinor[line] as bigint) : null,
				posts ? money(columns.ledgerMinor[line] as bigint) : null,
			],
		},
		{
			name: 'currency',
			books: [
				text(currency),
				null,
				text(codesOf(population, 'invoice', invoices)),
				text(codesOf(population, 'revenue_event', events)),
				text(codesOf(population, 'journal_line', journals)),
			],
		},
		{
			name: 'date',
			books: [
				instant(firstOf(population, 'sales_order', 'ordered_at', [order])),
				instant(ships ? firstOf(population, 'shipment', 'shipped_at', rowsOfLine(population, 'shipment', line)) : null),
				instant(firstOf(population, 'invoice', 'issued_at', invoices)),
				instant(firstOf(population, 'revenue_event', 'recognised_at', events)),
				instant(firstOf(population, 'journal_line', 'entered_at', journals)),
			],
		},
	];
}

/** "EUR", or "EUR, GBP" where rows are in several; null without rows. */
function codesOf(population: Population, table: TableName, rows: readonly number[]): string | null {
	if (rows.length === 0) return null;
	return [...new Set(rows.slice(0, ROWS_MAX).map((row) => population.table(table).text('currency', row) ?? ''))].join(', ');
}

const invoicesOf = (population: Population, line: number): number[] => {
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	return [...new Set([...rowsOfLine(population, 'invoice_line', line)].map((row) => invoiceOf[row] as number))].filter((row) => row >= 0);
};

function journalLinesOf(population: Population, events: readonly number[]): number[] {
	const ledger = ledgerOf(population);
	const codes = population.table('revenue_event').codes('revenue_id');
	const sources = population.translation('revenue', 'source_id');
	return events
		.slice(0, ROWS_MAX)
		.flatMap((event) => [...population.index('journal_line', 'source_id').rowsOf(sources[codes[event] as number] ?? -1)])
		.filter((row) => ledger.revenueOf(row) >= 0);
}

function rowsBehind(population: Population, line: number): CompareRow[] {
	const rows: CompareRow[] = [];
	const add = (table: TableName, found: Iterable<number>): void => {
		for (const row of found) if (row >= 0 && rows.length < ROWS_MAX) rows.push(compareRow(population, table, row));
	};
	add('sales_order', [population.derive(orderOfLine)[line] as number]);
	add('sales_order_line', [line]);
	if (population.has('shipment')) add('shipment', rowsOfLine(population, 'shipment', line));
	if (population.has('invoice') && population.has('invoice_line')) {
		add('invoice', invoicesOf(population, line));
		add('invoice_line', rowsOfLine(population, 'invoice_line', line));
	}
	if (!population.has('obligation') || !population.has('revenue_event')) return rows;
	const events = [...revenueBook(population).ofLine(line)];
	add('revenue_event', events);
	if (population.has('journal_line') && population.has('account')) add('journal_line', journalLinesOf(population, events));
	return rows;
}

function compareRow(population: Population, table: TableName, row: number): CompareRow {
	const rows = population.table(table);
	return { table, row, key: rows.keyText(row), label: labelOf(population, table, row) };
}

/** What a row is, in a few words: its date and what moves in it. */
function labelOf(population: Population, table: TableName, row: number): string {
	const rows = population.table(table);
	const say = (...columns: readonly string[]): string =>
		columns
			.map((column) => (rows.has(column) ? rows.cellText(column, row) : null))
			.filter((value) => value !== null)
			.join(' · ');
	switch (table) {
		case 'shipment':
			return `${day(rows.instants('shipped_at')[row] as number)} · ${say('quantity', 'carrier')}`;
		case 'invoice':
			return `${day(rows.instants('issued_at')[row] as number)} · ${say('invoice_no', 'kind')}`;
		case 'revenue_event':
			return `${day(rows.instants('recognised_at')[row] as number)} · ${say('kind', 'period')}`;
		case 'journal_line':
			return say('period', 'account', 'source');
		case 'sales_order':
			return say('state', 'region');
		default:
			return say('sku', 'quantity');
	}
}

const day = (at: number): string => (Number.isNaN(at) ? '' : formatInstant(at).slice(0, 10));
