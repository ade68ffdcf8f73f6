/**
 * Amounts by the million without a big integer each: 64-bit cells are read as two halves of 32 bits, compared and summed exactly.
 */

const LOW_FIRST = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
/** Which of a cell's two halves is the low one on this machine. */
const LOW = LOW_FIRST ? 0 : 1;
const HIGH = 1 - LOW;
const TWO_TO_32 = 4_294_967_296;
const LEAST = -(1n << 63n);
const MOST = (1n << 63n) - 1n;
/** Sums of halves stay below 2^53 for so many rows. */
const ROWS_EXACT = 1 << 20;

/** A bound as halves, to compare cells with. */
export interface Halves {
	readonly high: number;
	/** 0 to 2^32 − 1. */
	readonly low: number;
}

/** Of a bound beyond 64 bits, the nearest that fits: no cell lies beyond it. */
export function halvesOf(value: bigint): Halves {
	const fit = value < LEAST ? LEAST : value > MOST ? MOST : value;
	return { high: Number(BigInt.asIntN(32, fit >> 32n)), low: Number(BigInt.asUintN(32, fit)) };
}

/** The 64-bit cells as pairs of 32 bits; a view. */
export const pairsOf = (minors: BigInt64Array): Int32Array => new Int32Array(minors.buffer, minors.byteOffset, minors.length * 2);

/** Below 0, 0 or above 0, as the cell of a row is less than, equal to or more than a bound. */
export function compareHalves(pairs: Int32Array, row: number, bound: Halves): number {
	const high = pairs[2 * row + HIGH] as number;
	if (high !== bound.high) return high < bound.high ? -1 : 1;
	return ((pairs[2 * row + LOW] as number) >>> 0) - bound.low;
}

export const highOf = (pairs: Int32Array, row: number): number => pairs[2 * row + HIGH] as number;
export const lowOf = (pairs: Int32Array, row: number): number => (pairs[2 * row + LOW] as number) >>> 0;

/** Count and sum of amounts by currency code; rows without a currency are counted under code -1, the last entry. */
export function sumByCode(
	minors: BigInt64Array,
	codes: ArrayLike<number>,
	size: number,
	rows: Int32Array,
): { readonly counts: Float64Array; readonly sums: bigint[] } {
	const pairs = pairsOf(minors);
	const counts = new Float64Array(size + 1);
	const sums = new Array<bigint>(size + 1).fill(0n);
	const highs = new Float64Array(size + 1);
	const lows = new Float64Array(size + 1);
	const flush = (): void => {
		for (let at = 0; at <= size; at++) {
			sums[at] = (sums[at] as bigint) + BigInt(highs[at] as number) * BigInt(TWO_TO_32) + BigInt(lows[at] as number);
		}
		highs.fill(0);
		lows.fill(0);
	};
	for (let from = 0; from < rows.length; from += ROWS_EXACT) {
		const to = Math.min(rows.length, from + ROWS_EXACT);
		for (let at = from; at < to; at++) {
			const row = rows[at] as number;
			const code = codes[row] as number;
			const slot = code < 0 ? size : code;
			counts[slot] = (counts[slot] as number) + 1;
			highs[slot] = (highs[slot] as number) + (pairs[2 * row + HIGH] as number);
			lows[slot] = (lows[slot] as number) + ((pairs[2 * row + LOW] as number) >>> 0);
		}
		flush();
	}
	return { counts, sums };
}
