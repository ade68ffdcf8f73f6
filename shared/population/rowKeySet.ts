/** Which primary keys a table has had. */
import type { Cells } from './column.ts';

/** Adds the key of a row; false if an earlier row has the same. */
export interface KeySet {
	add(row: number): boolean;
}

/** @param areCodes whether the cells are dictionary codes: small whole numbers from 0 on */
export function keySetOf(columns: readonly { cells: Cells }[], areCodes: boolean): KeySet {
	const [only] = columns;
	return columns.length === 1 && only && areCodes ? new CodeSet(only) : new RowKeySet(columns);
}

/** Keys of one column of codes: a bit a code. */
class CodeSet implements KeySet {
	readonly #column: { cells: Cells };
	#bits = new Int32Array(64);

	constructor(column: { cells: Cells }) {
		this.#column = column;
	}

	add(row: number): boolean {
		// A key that is null or withheld is nobody's: it can't be had twice.
		const code = this.#column.cells[row] as number;
		if (code < 0) return true;
		const word = code >>> 5;
		if (word >= this.#bits.length) {
			const bits = new Int32Array(Math.max(word + 1, this.#bits.length * 2));
			bits.set(this.#bits);
			this.#bits = bits;
		}
		const before = this.#bits[word] as number;
		this.#bits[word] = before | (1 << (code & 31));
		return before !== this.#bits[word];
	}
}

/** Compound keys: an open-addressing set of row numbers, compared by the key's cells. */
class RowKeySet implements KeySet {
	readonly #columns: readonly { cells: Cells }[];
	#slots = new Int32Array(1024).fill(-1);
	#size = 0;

	constructor(columns: readonly { cells: Cells }[]) {
		this.#columns = columns;
	}

	add(row: number): boolean {
		if (this.#size * 2 > this.#slots.length) this.#grow();
		const mask = this.#slots.length - 1;
		let slot = this.#hash(row) & mask;
		for (;;) {
			const other = this.#slots[slot] as number;
			if (other < 0) break;
			if (this.#same(other, row)) return false;
			slot = (slot + 1) & mask;
		}
		this.#slots[slot] = row;
		this.#size++;
		return true;
	}

	#hash(row: number): number {
		let hash = 0;
		for (const column of this.#columns) {
			const cell = column.cells[row] as number;
			const low = cell | 0;
			hash = Math.imul(hash ^ low ^ (low === cell ? 0 : Math.floor(cell / 4294967296)), 0x85ebca6b);
			hash ^= hash >>> 13;
		}
		hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
		return (hash ^ (hash >>> 16)) >>> 0;
	}

	#same(a: number, b: number): boolean {
		for (const column of this.#columns) if (column.cells[a] !== column.cells[b]) return false;
		return true;
	}

	#grow(): void {
		const rows = this.#slots.filter((row) => row >= 0);
		this.#slots = new Int32Array(this.#slots.length * 2).fill(-1);
		const mask = this.#slots.length - 1;
		for (const row of rows) {
			let slot = this.#hash(row) & mask;
			while ((this.#slots[slot] as number) >= 0) slot = (slot + 1) & mask;
			this.#slots[slot] = row;
		}
	}
}
