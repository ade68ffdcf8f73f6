/** What one column holds of the rows at hand: values, amounts per currency, and how they are spread. */
import { currencyExponent } from '#kernel';
import { compareHalves, halvesOf, pairsOf } from './ordersAmounts.ts';
import { amountColumn, type OrderColumnId, type OrderTable, textColumn } from './ordersColumns.ts';
import { type CurrencyTotal, type FacetValue, facetOf, totals } from './ordersFacets.ts';
import { ranksOf } from './ordersSort.ts';

/** Numbers stand as whole numbers of the column's unit: hours, epoch milliseconds, minor units as decimal text. */
export interface HistogramBin {
	readonly from: string;
	/** Last value that belongs to it. */
	readonly to: string;
	readonly count: number;
}

export interface ColumnProfile {
	readonly column: OrderColumnId;
	readonly kind: 'text' | 'number' | 'instant' | 'amount';
	readonly rows: number;
	readonly nulls: number;
	readonly distinct: number;
	/** Of numbers and instants; null without any. */
	readonly least: number | null;
	readonly most: number | null;
	readonly bins: readonly HistogramBin[];
	/** Of text columns: the most frequent values. */
	readonly top: readonly FacetValue[];
	/** Of amounts: each currency by itself. */
	readonly currencies: readonly CurrencyProfile[];
}

export interface CurrencyProfile extends CurrencyTotal {
	readonly exponent: number;
	readonly least: bigint;
	readonly most: bigint;
	readonly bins: readonly HistogramBin[];
}

const BINS = 20;
const TOP_VALUES = 12;
const CURRENCIES_MAX = 8;

export function profile(table: OrderTable, rows: Int32Array, id: OrderColumnId): ColumnProfile {
	const column = table.columns[id];
	const { distinct, nulls } = distinctOf(table, rows, id);
	const base = { column: id, kind: column.kind, rows: rows.length, nulls, distinct, least: null, most: null };
	switch (column.kind) {
		case 'text':
			return { ...base, bins: [], top: facetOf(table, rows, id, TOP_VALUES).values, currencies: [] };
		case 'amount':
			return { ...base, bins: [], top: [], currencies: currencyProfiles(table, rows) };
		default:
			return { ...base, ...numberProfile(column.values, rows), top: [], currencies: [] };
	}
}

function distinctOf(table: OrderTable, rows: Int32Array, id: OrderColumnId): { distinct: number; nulls: number } {
	const { ranks, distinct: size } = ranksOf(table, id);
	const seen = new Uint8Array(size + 1);
	let distinct = 0;
	let nulls = 0;
	for (let at = 0; at < rows.length; at++) {
		const rank = ranks[rows[at] as number] as number;
		if (rank === size) nulls++;
		else if (seen[rank] === 0) {
			seen[rank] = 1;
			distinct++;
		}
	}
	return { distinct, nulls };
}

function numberProfile(
	values: Float64Array | Int32Array,
	rows: Int32Array,
): { least: number | null; most: number | null; bins: readonly HistogramBin[] } {
	let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (let at = 0; at < rows.length; at++) {
		const value = values[rows[at] as number] as number;
		if (value < least) least = value;
		if (value > most) most = value;
	}
	if (least > most) return { least: null, most: null, bins: [] };
	const bins = Math.min(BINS, most - least + 1);
	const width = Math.ceil((most - least + 1) / bins);
	const counts = new Int32Array(Math.ceil((most - least + 1) / width));
	for (let at = 0; at < rows.length; at++) {
		const value = values[rows[at] as number] as number;
		if (Number.isNaN(value)) continue;
		const bin = Math.floor((value - least) / width);
		counts[bin] = (counts[bin] as number) + 1;
	}
	return {
		least,
		most,
		bins: Array.from(counts, (count, bin) => ({
			from: String(least + bin * width),
			to: String(Math.min(most, least + (bin + 1) * width - 1)),
			count,
		})),
	};
}

function currencyProfiles(table: OrderTable, rows: Int32Array): CurrencyProfile[] {
	const { minors } = amountColumn(table);
	const { codes, texts } = textColumn(table, 'currency');
	return totals(table, rows)
		.sums.slice(0, CURRENCIES_MAX)
		.map((total) => {
			const code = texts.codeOf(total.currency);
			const own = rowsOfCode(codes, rows, code, total.count);
			const [least, most] = extremes(minors, own);
			return { ...total, exponent: currencyExponent(total.currency), least, most, bins: amountBins(minors, own, least, most) };
		});
}

function rowsOfCode(codes: ArrayLike<number>, rows: Int32Array, code: number, count: number): Int32Array {
	const own = new Int32Array(count);
	let size = 0;
	for (let at = 0; at < rows.length && size < count; at++) if (codes[rows[at] as number] === code) own[size++] = rows[at] as number;
	return own;
}

function extremes(minors: BigInt64Array, rows: Int32Array): [bigint, bigint] {
	const pairs = pairsOf(minors);
	let [least, most] = [rows[0] as number, rows[0] as number];
	let [low, high] = [halvesOf(minors[least] as bigint), halvesOf(minors[most] as bigint)];
	for (let at = 1; at < rows.length; at++) {
		const row = rows[at] as number;
		if (compareHalves(pairs, row, low) < 0) {
			least = row;
			low = halvesOf(minors[row] as bigint);
		} else if (compareHalves(pairs, row, high) > 0) {
			most = row;
			high = halvesOf(minors[row] as bigint);
		}
	}
	return [minors[least] as bigint, minors[most] as bigint];
}

/** Bins of equal width between whole minor units: each row is found among the bins' bounds, exactly. */
function amountBins(minors: BigInt64Array, rows: Int32Array, least: bigint, most: bigint): HistogramBin[] {
	const range = most - least + 1n;
	const width = (range + BigInt(BINS) - 1n) / BigInt(BINS);
	const count = Number((range + width - 1n) / width);
	const bounds = Array.from({ length: count }, (_, bin) => halvesOf(least + BigInt(bin) * width));
	const pairs = pairsOf(minors);
	const counts = new Int32Array(count);
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] as number;
		let [low, high] = [0, count - 1];
		while (low < high) {
			const middle = (low + high + 1) >> 1;
			const bound = bounds[middle];
			if (bound && compareHalves(pairs, row, bound) >= 0) low = middle;
			else high = middle - 1;
		}
		counts[low] = (counts[low] as number) + 1;
	}
	return Array.from(counts, (found, bin) => {
		const last = least + BigInt(bin + 1) * width - 1n;
		return { from: String(least + BigInt(bin) * width), to: String(last < most ? last : most), count: found };
	});
}
