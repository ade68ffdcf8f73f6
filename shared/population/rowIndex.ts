/** Rows by key code: compressed sparse rows, two typed arrays whatever the number of keys. */

import type { Codes } from './column.ts';

const NO_ROWS = new Int32Array(0);

export class RowIndex {
	readonly #starts: Int32Array;
	readonly #rows: Int32Array;

	/** @param codes the key of each row, -1 for none · @param size number of codes of the domain */
	constructor(codes: Codes, size: number) {
		const starts = new Int32Array(size + 1);
		for (let row = 0; row < codes.length; row++) {
			const code = codes[row] as number;
			if (code >= 0) starts[code + 1] = (starts[code + 1] as number) + 1;
		}
		for (let code = 0; code < size; code++) starts[code + 1] = (starts[code + 1] as number) + (starts[code] as number);
		const next = starts.slice();
		const rows = new Int32Array(starts[size] as number);
		for (let row = 0; row < codes.length; row++) {
			const code = codes[row] as number;
			if (code < 0) continue;
			rows[next[code] as number] = row;
			next[code] = (next[code] as number) + 1;
		}
		this.#starts = starts;
		this.#rows = rows;
	}

	/** Rows of a key in file order; a view, do not write to it. Unknown and null keys (-1) have none. */
	rowsOf(code: number): Int32Array {
		if (code < 0 || code + 1 >= this.#starts.length) return NO_ROWS;
		return this.#rows.subarray(this.#starts[code], this.#starts[code + 1]);
	}

	countOf(code: number): number {
		if (code < 0 || code + 1 >= this.#starts.length) return 0;
		return (this.#starts[code + 1] as number) - (this.#starts[code] as number);
	}

	/** The first row of a key, or -1: for keys that are unique. */
	rowOf(code: number): number {
		if (this.countOf(code) === 0) return -1;
		return this.#rows[this.#starts[code] as number] as number;
	}
}

/** Rows by a pair of codes: every distinct pair gets a number, found by open addressing; rows of a pair through a `RowIndex`. */
export class PairIndex {
	readonly #slots: Int32Array;
	readonly #pairFirst: Int32Array;
	readonly #pairSecond: Int32Array;
	readonly #rows: RowIndex;
	/** The pair number of each row, -1 where a part is null. */
	readonly pairOf: Int32Array;
	/** Number of distinct pairs. */
	readonly size: number;

	constructor(firsts: Codes, seconds: Codes) {
		let capacity = 16;
		while (capacity < firsts.length * 1.5) capacity *= 2;
		this.#slots = new Int32Array(capacity).fill(-1);
		this.pairOf = new Int32Array(firsts.length).fill(-1);
		const pairFirst = new Int32Array(firsts.length);
		const pairSecond = new Int32Array(firsts.length);
		let size = 0;
		this.#pairFirst = pairFirst;
		this.#pairSecond = pairSecond;
		for (let row = 0; row < firsts.length; row++) {
			const first = firsts[row] as number;
			const second = seconds[row] as number;
			if (first < 0 || second < 0) continue;
			const slot = this.#slot(first, second);
			let pair = this.#slots[slot] as number;
			if (pair < 0) {
				pair = size++;
				this.#slots[slot] = pair;
				pairFirst[pair] = first;
				pairSecond[pair] = second;
			}
			this.pairOf[row] = pair;
		}
		this.size = size;
		this.#pairFirst = pairFirst.slice(0, size);
		this.#pairSecond = pairSecond.slice(0, size);
		this.#rows = new RowIndex(this.pairOf, size);
	}

	/** The number of a pair, or -1 if no row has it. */
	pair(first: number, second: number): number {
		return first < 0 || second < 0 ? -1 : (this.#slots[this.#slot(first, second)] as number);
	}

	rowsOf(first: number, second: number): Int32Array {
		return this.#rows.rowsOf(this.pair(first, second));
	}

	rowsOfPair(pair: number): Int32Array {
		return this.#rows.rowsOf(pair);
	}

	/** The first row of a pair, or -1. */
	rowOf(first: number, second: number): number {
		return this.#rows.rowOf(this.pair(first, second));
	}

	#slot(first: number, second: number): number {
		const mask = this.#slots.length - 1;
		let hash = Math.imul(first ^ Math.imul(second, 0x9e3779b1), 0x85ebca6b);
		hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
		let slot = (hash ^ (hash >>> 16)) & mask;
		for (;;) {
			const pair = this.#slots[slot] as number;
			if (pair < 0 || (this.#pairFirst[pair] === first && this.#pairSecond[pair] === second)) return slot;
			slot = (slot + 1) & mask;
		}
	}
}
