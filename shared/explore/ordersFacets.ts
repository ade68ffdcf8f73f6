/** Counts by value, and sums: of the rows at hand, exactly, with what is left out said. */
import { sumByCode } from './ordersAmounts.ts';
import { amountColumn, type OrderColumnId, type OrderTable, type TextColumn, textColumn } from './ordersColumns.ts';
import type { OrderFilter } from './ordersFilter.ts';
import { filterOrders } from './ordersMatch.ts';

export interface FacetValue {
	readonly value: string;
	readonly label: string;
	readonly count: number;
}

export interface Facet {
	readonly column: OrderColumnId;
	/** The most frequent first; equal counts in the order of their labels. Scales keep their own order. */
	readonly values: readonly FacetValue[];
	/** Values beyond those listed, and the rows that have them. */
	readonly others: { readonly values: number; readonly rows: number };
	readonly nulls: number;
	/** What it means that a row has no value. */
	readonly nullLabel: 'empty' | 'no exception' | 'not run';
	readonly total: number;
}

const FACET_VALUES_MAX = 50;

/**
 * A facet for each text column: of the rows the filter keeps without the column's own conditions, so that one can still choose.
 * @param rows what the whole filter keeps, if that is at hand
 */
export function facets(table: OrderTable, filter: OrderFilter, columns: readonly OrderColumnId[], rows?: Int32Array): Facet[] {
	const all = rows ?? filterOrders(table, filter);
	return columns.map((column) => {
		const others = filter.chips.filter((chip) => chip.column !== column);
		const own = others.length === filter.chips.length ? all : filterOrders(table, { ...filter, chips: others });
		return facetOf(table, own, column);
	});
}

export function facetOf(table: OrderTable, rows: Int32Array, id: OrderColumnId, most = FACET_VALUES_MAX): Facet {
	const column = textColumn(table, id);
	const counts = countCodes(column, rows);
	const { texts } = column;
	const present: number[] = [];
	for (let code = 0; code < texts.size; code++) if ((counts[code + 1] as number) > 0) present.push(code);
	if (!texts.isScale) present.sort((a, b) => (counts[b + 1] as number) - (counts[a + 1] as number) || a - b);
	const values = present
		.slice(0, most)
		.map((code) => ({ value: texts.key(code), label: texts.label(code), count: counts[code + 1] as number }));
	const listed = values.reduce((sum, { count }) => sum + count, 0);
	const nulls = counts[0] as number;
	return {
		column: id,
		values,
		others: { values: present.length - values.length, rows: rows.length - nulls - listed },
		nulls,
		nullLabel: id === 'severity' ? (isRun(table) ? 'no exception' : 'not run') : 'empty',
		total: rows.length,
	};
}

/** Whether the audit tests were run: before that no order has a severity, and nothing is known of any. */
function isRun({ columns: { exceptions } }: OrderTable): boolean {
	return exceptions.kind === 'number' && !Number.isNaN(exceptions.values[0]);
}

/** Rows by code + 1; slot 0 is null. */
function countCodes({ codes, texts }: TextColumn, rows: Int32Array): Int32Array {
	const counts = new Int32Array(texts.size + 1);
	for (let at = 0; at < rows.length; at++) {
		const slot = (codes[rows[at] as number] as number) + 1;
		counts[slot] = (counts[slot] as number) + 1;
	}
	return counts;
}

export interface CurrencyTotal {
	readonly currency: string;
	readonly count: number;
	readonly minor: bigint;
}

export interface OrderTotals {
	readonly count: number;
	/** By currency, never over currencies; the most rows first. */
	readonly sums: readonly CurrencyTotal[];
	/** Rows whose amount or currency is not known: in no sum. */
	readonly without: number;
}

export function totals(table: OrderTable, rows: Int32Array): OrderTotals {
	const { codes, texts } = textColumn(table, 'currency');
	const { counts, sums } = sumByCode(amountColumn(table).minors, codes, texts.size, rows);
	const found: CurrencyTotal[] = [];
	for (let code = 0; code < texts.size; code++) {
		const count = counts[code] as number;
		if (count > 0) found.push({ currency: texts.key(code), count, minor: sums[code] as bigint });
	}
	return { count: rows.length, sums: found.sort((a, b) => b.count - a.count), without: counts[texts.size] as number };
}
