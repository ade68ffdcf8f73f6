/** Sorting the order list by several columns. Each column's ranks are worked out once a table and kept. */
import { compareText, currencyExponent } from '#kernel';
import { highOf, lowOf, pairsOf } from './ordersAmounts.ts';
import { type NumberColumn, type OrderColumnId, type OrderTable, type TextColumn, type Texts, textColumn } from './ordersColumns.ts';
import { ascending, byBytes, byKeys, doubleKeys } from './ordersRadix.ts';

export interface SortKey {
	readonly column: OrderColumnId;
	readonly direction: 'asc' | 'desc';
}

/** Rows' places along a column: equal values share one; null is behind them all. */
export interface Ranks {
	/** By row: 0 … distinct − 1; `distinct` for null. */
	readonly ranks: Int32Array;
	readonly distinct: number;
	readonly nulls: number;
}

const kept = new WeakMap<OrderTable, Map<OrderColumnId, Ranks>>();

export function ranksOf(table: OrderTable, id: OrderColumnId): Ranks {
	const known = kept.get(table) ?? new Map<OrderColumnId, Ranks>();
	kept.set(table, known);
	let ranks = known.get(id);
	if (!ranks) {
		ranks = rank(table, id);
		known.set(id, ranks);
	}
	return ranks;
}

/**
 * Rows by the keys, the first one leading; stable, so that rows that are equal by all keys keep their order. Null is last either way.
 * Amounts of several currencies stand by their number of major units.
 */
export function sortOrders(table: OrderTable, rows: Int32Array, keys: readonly SortKey[]): Int32Array {
	let sorted = rows;
	for (const { column, direction } of [...keys].reverse()) sorted = byRank(sorted, ranksOf(table, column), direction === 'desc');
	return sorted === rows ? rows.slice() : sorted;
}

function byRank(rows: Int32Array, { ranks, distinct }: Ranks, isDescending: boolean): Int32Array {
	const starts = new Int32Array(distinct + 2);
	const placeOf = (rank: number): number => (isDescending && rank < distinct ? distinct - 1 - rank : rank);
	for (let at = 0; at < rows.length; at++) {
		const place = placeOf(ranks[rows[at] as number] as number);
		starts[place + 1] = (starts[place + 1] as number) + 1;
	}
	for (let place = 0; place <= distinct; place++) starts[place + 1] = (starts[place + 1] as number) + (starts[place] as number);
	const sorted = new Int32Array(rows.length);
	for (let at = 0; at < rows.length; at++) {
		const row = rows[at] as number;
		const place = placeOf(ranks[row] as number);
		const to = starts[place] as number;
		sorted[to] = row;
		starts[place] = to + 1;
	}
	return sorted;
}

function rank(table: OrderTable, id: OrderColumnId): Ranks {
	const column = table.columns[id];
	switch (column.kind) {
		case 'text':
			return rankTexts(table.rows, column);
		case 'amount':
			return rankAmounts(table, column.minors);
		default:
			return rankNumbers(table.rows, column.values);
	}
}

const LONGEST_RADIX = 40;

/** Codes in the order of their labels. */
function codesInOrder(texts: Texts): Int32Array {
	const codes = ascending(texts.size);
	if (texts.isScale) return codes;
	const byRadix = byBytes(texts.size, (code) => texts.bytes(code), LONGEST_RADIX);
	if (byRadix) return byRadix;
	const labels = Array.from(codes, (code) => texts.label(code));
	return codes.sort((a, b) => compareText(labels[a] as string, labels[b] as string));
}

function rankTexts(count: number, { codes, texts }: TextColumn): Ranks {
	const used = new Uint8Array(texts.size);
	let nulls = 0;
	for (let row = 0; row < count; row++) {
		const code = codes[row] as number;
		if (code < 0) nulls++;
		else used[code] = 1;
	}
	const rankOfCode = new Int32Array(texts.size);
	let distinct = 0;
	for (const code of codesInOrder(texts)) if (used[code] === 1) rankOfCode[code] = distinct++;
	const ranks = new Int32Array(count);
	for (let row = 0; row < count; row++) {
		const code = codes[row] as number;
		ranks[row] = code < 0 ? distinct : (rankOfCode[code] as number);
	}
	return { ranks, distinct, nulls };
}

function rankNumbers(count: number, values: NumberColumn['values']): Ranks {
	const filled = rowsWith(count, (row) => !Number.isNaN(values[row] as number));
	const cells = Float64Array.from(filled, (row) => values[row] as number);
	const { high, low } = doubleKeys(cells);
	return ranksAlong(count, filled, byKeys(byKeys(ascending(cells.length), low), high), (a, b) => cells[a] === cells[b]);
}

function rowsWith(count: number, has: (row: number) => boolean): Int32Array<ArrayBuffer> {
	const rows = new Int32Array(count);
	let size = 0;
	for (let row = 0; row < count; row++) if (has(row)) rows[size++] = row;
	return rows.slice(0, size);
}

/** Dense ranks from a sorted order of the places in `filled`. */
function ranksAlong(count: number, filled: Int32Array, order: Int32Array, isSame: (a: number, b: number) => boolean): Ranks {
	let distinct = 0;
	const ranks = new Int32Array(count).fill(-1);
	for (let at = 0; at < order.length; at++) {
		if (at > 0 && !isSame(order[at - 1] as number, order[at] as number)) distinct++;
		ranks[filled[order[at] as number] as number] = distinct;
	}
	if (order.length > 0) distinct++;
	for (let row = 0; row < count; row++) if ((ranks[row] as number) < 0) ranks[row] = distinct;
	return { ranks, distinct, nulls: count - filled.length };
}

const SIGN = 0x80000000;
const FOUR_DECIMALS = 4;

function rankAmounts(table: OrderTable, minors: BigInt64Array): Ranks {
	const { codes, texts } = textColumn(table, 'currency');
	const filled = rowsWith(table.rows, (row) => (codes[row] as number) >= 0);
	const factors = Array.from({ length: texts.size }, (_, code) => 10n ** BigInt(FOUR_DECIMALS - currencyExponent(texts.key(code))));
	const isOneUnit = new Set(factors).size < 2;
	const pairs = pairsOf(isOneUnit ? minors : inTenThousandths(minors, filled, (row) => factors[codes[row] as number] ?? 1n));
	const high = new Uint32Array(filled.length);
	const low = new Uint32Array(filled.length);
	for (let at = 0; at < filled.length; at++) {
		const row = filled[at] as number;
		high[at] = highOf(pairs, row) ^ SIGN;
		low[at] = lowOf(pairs, row);
	}
	const order = byKeys(byKeys(ascending(filled.length), low), high);
	return ranksAlong(table.rows, filled, order, (a, b) => high[a] === high[b] && low[a] === low[b]);
}

const LEAST = -(1n << 63n);
const MOST = (1n << 63n) - 1n;

/** Amounts in one unit for all currencies; beyond 64 bits (hundreds of trillions) they all stand at the end. */
function inTenThousandths(minors: BigInt64Array, rows: Int32Array, factorOf: (row: number) => bigint): BigInt64Array {
	const scaled = new BigInt64Array(minors.length);
	for (const row of rows) {
		const value = (minors[row] as bigint) * factorOf(row);
		scaled[row] = value < LEAST ? LEAST : value > MOST ? MOST : value;
	}
	return scaled;
}
