/** One column of a table as a growing typed array. What each wire type is kept as, and what stands for null, is decided here only. */
import { invariant } from '#kernel';
import type { Column, ColumnType } from '#model';

/**
 * id, text, cur, period, sha, decimal → dictionary codes (-1 is null) · int → safe integers in doubles (NaN is null) ·
 * minor → 64-bit minor units · qty → 64-bit millionths (both with a null mask) · ts → epoch ms (NaN is null) ·
 * date → days since 1970 (NO_DAY is null) · bool → 0 or 1 (2 is null).
 */
export type Cells = Codes | Integers | BigInt64Array | Uint8Array;

/** Dictionary codes. Those of ids are 32 bits wide; those of other texts as wide as they have to be. */
export type Codes = Int8Array | Int16Array | Int32Array;

/** Whole numbers, as wide as they have to be; only the widest can hold a null (NaN). */
export type Integers = Int8Array | Int16Array | Int32Array | Float64Array;

export const NO_CODE = -1;
export const NO_DAY = -2147483648;
export const NO_FLAG = 2;

export type CellKind = 'code' | 'number' | 'amount' | 'day' | 'flag';

function cellKind(type: ColumnType): CellKind {
	switch (type) {
		case 'minor':
		case 'qty':
			return 'amount';
		case 'int':
		case 'ts':
			return 'number';
		case 'date':
			return 'day';
		case 'bool':
			return 'flag';
		default:
			return 'code';
	}
}

const FIRST_ROWS = 256;
const MIN_INT8 = -128;
const MAX_INT8 = 127;
const MIN_INT16 = -32768;
const MAX_INT16 = 32767;
const MIN_INT32 = -2147483648;
const MAX_INT32 = 2147483647;
const TWO_TO_32 = 4294967296;
/** Which of the two halves of a 64-bit cell is the low one on this machine. */
const LOW_HALF = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;

function newCells(kind: CellKind, length: number): Cells {
	switch (kind) {
		case 'amount':
			return new BigInt64Array(length);
		case 'number':
			return new Float64Array(length);
		case 'flag':
			return new Uint8Array(length);
		default:
			return new Int32Array(length);
	}
}

/** Bytes a cell, its null mask included, of each kind: for reports of memory, not for allocation. */
export class ColumnCells {
	readonly column: Column;
	readonly kind: CellKind;
	/** Rows in which the key was there, even as null: a required column that no row has was not supplied. */
	present = 0;
	cells: Cells;
	/** Only amounts need one: every other kind has a value to spare for null. */
	nulls: Uint8Array | null;
	/** The 64-bit cells of amounts as pairs of 32 bits, so that a number is written without a big integer in between. */
	#halves: Int32Array | null;

	constructor(column: Column) {
		this.column = column;
		this.kind = cellKind(column.type);
		this.cells = newCells(this.kind, FIRST_ROWS);
		this.nulls = this.kind === 'amount' ? new Uint8Array(FIRST_ROWS) : null;
		this.#halves = halvesOf(this.cells);
	}

	/** A sealed column with these cells. */
	static restored(column: Column, cells: Cells, nulls: Uint8Array | null, present: number): ColumnCells {
		const restored = new ColumnCells(column);
		restored.cells = cells;
		restored.nulls = nulls;
		restored.present = present;
		restored.#halves = null;
		return restored;
	}

	/** Makes room for so many rows in all. */
	reserve(rows: number): void {
		if (rows <= this.cells.length) return;
		this.cells = copyInto(newCells(this.kind, rows), this.cells);
		if (this.nulls) this.nulls = copyInto(new Uint8Array(rows), this.nulls) as Uint8Array;
		this.#halves = halvesOf(this.cells);
	}

	/** Writes a safe integer into an amount. */
	writeInteger(row: number, value: number): void {
		const high = Math.floor(value / TWO_TO_32);
		const halves = this.#halves as Int32Array;
		halves[2 * row + LOW_HALF] = value - high * TWO_TO_32;
		halves[2 * row + 1 - LOW_HALF] = high;
		(this.nulls as Uint8Array)[row] = 0;
	}

	writeAmount(row: number, value: bigint): void {
		(this.cells as BigInt64Array)[row] = value;
		(this.nulls as Uint8Array)[row] = 0;
	}

	/** Writes null into a row. */
	clear(row: number): void {
		switch (this.kind) {
			case 'amount':
				(this.cells as BigInt64Array)[row] = 0n;
				(this.nulls as Uint8Array)[row] = 1;
				return;
			case 'number':
				(this.cells as Float64Array)[row] = Number.NaN;
				return;
			case 'day':
				(this.cells as Int32Array)[row] = NO_DAY;
				return;
			case 'flag':
				(this.cells as Uint8Array)[row] = NO_FLAG;
				return;
			default:
				(this.cells as Int32Array)[row] = NO_CODE;
		}
	}

	isNull(row: number): boolean {
		const cell = this.cells[row];
		switch (this.kind) {
			case 'amount':
				return this.nulls?.[row] === 1;
			case 'number':
				return Number.isNaN(cell as number);
			case 'day':
				return cell === NO_DAY;
			case 'flag':
				return cell === NO_FLAG;
			default:
				return cell === NO_CODE;
		}
	}

	/** Cuts the spare room, keeping `rows`; `keep` (if given) lists the rows that stay, in order. */
	seal(rows: number, keep: Int32Array | null): void {
		if (keep) {
			for (let to = 0; to < keep.length; to++) {
				const from = keep[to] as number;
				this.cells[to] = this.cells[from] as never;
				if (this.nulls) this.nulls[to] = this.nulls[from] as number;
			}
		}
		const length = keep ? keep.length : rows;
		invariant(length <= this.cells.length, 'a column is as long as its table');
		this.cells = this.#narrowed(length) ?? cut(this.cells, length);
		this.nulls = this.nulls?.subarray(0, length).includes(1) ? this.nulls.slice(0, length) : null;
		this.#halves = null;
	}

	/** The first cells in fewer bytes each, where they fit. Codes of ids stay as they are: joins compute rows from them. */
	#narrowed(length: number): Cells | null {
		const { type } = this.column;
		if (type !== 'int' && (this.kind !== 'code' || type === 'id')) return null;
		const cells = this.cells.subarray(0, length) as Int32Array | Float64Array;
		let least = 0;
		let most = 0;
		for (let row = 0; row < length; row++) {
			const cell = cells[row] as number;
			// A null number fits nowhere else.
			if (!(cell >= MIN_INT32 && cell <= MAX_INT32)) return null;
			if (cell < least) least = cell;
			if (cell > most) most = cell;
		}
		if (least >= MIN_INT8 && most <= MAX_INT8) return new Int8Array(cells);
		if (least >= MIN_INT16 && most <= MAX_INT16) return new Int16Array(cells);
		return cells instanceof Int32Array ? null : new Int32Array(cells);
	}

	get byteLength(): number {
		return this.cells.byteLength + (this.nulls?.byteLength ?? 0);
	}
}

/** Spare room that is worth less than a copy of the rest stays where it is: nothing was ever written there. */
const cut = (cells: Cells, length: number): Cells =>
	cells.length - length <= cells.length / 32 ? cells.subarray(0, length) : cells.slice(0, length);

const halvesOf = (cells: Cells): Int32Array | null => (cells instanceof BigInt64Array ? new Int32Array(cells.buffer) : null);

function copyInto<C extends Cells>(to: C, from: Cells): C {
	to.set(from as never);
	return to;
}
