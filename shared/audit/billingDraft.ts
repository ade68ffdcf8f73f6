/** Sentences and citations the billing tests share. */
import { absolute, mulDivRoundHalfUp, QUANTITY_DECIMALS } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { orderOfLine, rowsOfLine } from './billingLines.ts';
import { ref, refs } from './draft.ts';
import type { RowRef } from './types.ts';

const CITED_ROWS_MAX = 50;

const UNIT = 10n ** BigInt(QUANTITY_DECIMALS);

/** What a quantity in millionths costs at a unit price: non-negative minor units. */
export const worthOf = (quantity: bigint, unitPrice: bigint): bigint => absolute(mulDivRoundHalfUp(quantity, unitPrice, UNIT));

/** "line 10 of order SO-1". */
export function lineName(population: Population, line: number): string {
	const table = population.table('sales_order_line');
	return `line ${table.text('line_id', line)} of order ${table.text('order_id', line)}`;
}

/** The currency of the order of a line; null where the order is unknown. */
export function lineCurrency(population: Population, line: number): string | null {
	const order = population.derive(orderOfLine)[line] as number;
	return order < 0 ? null : population.table('sales_order').text('currency', order);
}

/** An order line, its order and its rows in other tables, capped. */
export function citeLine(population: Population, line: number, tables: readonly TableName[]): RowRef[] {
	const order = population.derive(orderOfLine)[line] as number;
	return [
		...refs('sales_order', [order]),
		ref('sales_order_line', line),
		...tables.flatMap((name) => refs(name, rowsOfLine(population, name, line).subarray(0, CITED_ROWS_MAX))),
	].slice(0, CITED_ROWS_MAX);
}

/** Invoices of cited invoice lines, each once. */
export function citeInvoices(population: Population, invoiceLines: Iterable<number>): RowRef[] {
	const codes = population.table('invoice_line').codes('invoice_id');
	const index = population.index('invoice', 'invoice_id');
	const invoices = new Set<number>();
	for (const row of invoiceLines) {
		if (invoices.size >= CITED_ROWS_MAX) break;
		invoices.add(index.rowOf(codes[row] as number));
	}
	return refs('invoice', invoices);
}

/** The order of an invoice's first line that names one, or null. */
export function orderOfInvoice(population: Population, invoice: number): string | null {
	if (!population.has('invoice_line')) return null;
	const table = population.table('invoice_line');
	const code = population.table('invoice').codes('invoice_id')[invoice] as number;
	for (const row of population.index('invoice_line', 'invoice_id').rowsOf(code).subarray(0, 1000)) {
		const order = table.text('order_id', row);
		if (order !== null) return order;
	}
	return null;
}

/** "1 line", "3 lines". */
export const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;
