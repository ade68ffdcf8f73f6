/** The fields of one line in each of the five books. */
import { invoiceOfInvoiceLine, ledgerOf, orderOfLine, rowsOfLine } from '#audit';
import { formatQuantity } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { revenueBook } from '#revenue';
import { billedUnits } from './reconcile.ts';
import { bookSupply, lineColumns, type ReconcileBook } from './reconcileColumns.ts';
import { firstOf, shippedWorth } from './reconcileRows.ts';

export interface CompareField {
	readonly name: 'quantity' | 'amount' | 'currency' | 'date';
	/** Orders, shipments, billing, revenue, GL; null where the book has nothing to say or was not supplied. Quantities and dates as text. */
	readonly books: readonly (CompareValue | null)[];
}

export type CompareValue =
	| { readonly kind: 'text'; readonly text: string }
	| { readonly kind: 'money'; readonly minor: bigint; readonly currency: string | null }
	| { readonly kind: 'instant'; readonly at: number };

export const ROWS_MAX = 60;
const text = (value: string | null): CompareValue | null => (value === null ? null : { kind: 'text', text: value });
const instant = (at: number | null): CompareValue | null => (at === null ? null : { kind: 'instant', at });

export function fieldsOf(population: Population, line: number): CompareField[] {
	const columns = lineColumns(population);
	const order = population.derive(orderOfLine)[line] as number;
	const currency = order < 0 ? null : population.table('sales_order').text('currency', order);
	const has = (book: ReconcileBook): boolean => bookSupply(population)[book].missing.length === 0;
	const units = (millionths: bigint): CompareValue => ({ kind: 'text', text: formatQuantity(millionths) });
	const money = (minor: bigint, code = currency): CompareValue => ({ kind: 'money', minor, currency: code });
	const [ships, bills, earns, posts] = [has('shipped'), has('invoicedNet'), has('recognised'), has('ledger')];
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

export const invoicesOf = (population: Population, line: number): number[] => {
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	return [...new Set([...rowsOfLine(population, 'invoice_line', line)].map((row) => invoiceOf[row] as number))].filter((row) => row >= 0);
};

export function journalLinesOf(population: Population, events: readonly number[]): number[] {
	const ledger = ledgerOf(population);
	const codes = population.table('revenue_event').codes('revenue_id');
	const sources = population.translation('revenue', 'source_id');
	return events
		.slice(0, ROWS_MAX)
		.flatMap((event) => [...population.index('journal_line', 'source_id').rowsOf(sources[codes[event] as number] ?? -1)])
		.filter((row) => ledger.revenueOf(row) >= 0);
}
