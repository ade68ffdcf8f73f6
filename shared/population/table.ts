/** A table of the population: read-only columns, and where each row stands in its file. */
import { formatDay, formatInstant, formatQuantity, invariant } from '#kernel';
import type { Table } from '#model';
import type { Codes, ColumnCells, Integers } from './column.ts';
import type { Dictionary } from './dictionary.ts';
import type { QuarantinedLine } from './lineFault.ts';

/** Byte offsets are kept for every 256th line only: eight bytes a row would outweigh many columns. */
export const LINES_PER_MARK = 256;

export interface TableParts {
	readonly table: Table;
	readonly rows: number;
	readonly lines: number;
	readonly columns: ReadonlyMap<string, ColumnCells>;
	readonly dictionaries: ReadonlyMap<string, Dictionary>;
	readonly quarantine: readonly QuarantinedLine[];
	/** Unknown key → the rows that have it. They are kept in the line and shown, never dropped. */
	readonly unknownKeys: ReadonlyMap<string, readonly number[]>;
	/** Committed column → rows in which its value is withheld. */
	readonly withheld: ReadonlyMap<string, number>;
	/** Lines (1-based) that are JSON but not in canonical form. */
	readonly nonCanonicalLines: readonly number[];
	/** Byte offset of lines 1, 257, 513 … */
	readonly marks: Float64Array;
}

export class PopulationTable {
	readonly schema: Table;
	/** Rows loaded; `lines` less those set aside. */
	readonly rows: number;
	readonly lines: number;
	readonly quarantine: readonly QuarantinedLine[];
	readonly unknownKeys: ReadonlyMap<string, readonly number[]>;
	readonly withheld: ReadonlyMap<string, number>;
	readonly nonCanonicalLines: readonly number[];
	readonly marks: Float64Array;
	readonly #columns: ReadonlyMap<string, ColumnCells>;
	readonly #dictionaries: ReadonlyMap<string, Dictionary>;

	/** What the table is made of: for snapshots. */
	readonly parts: TableParts;

	constructor(parts: TableParts) {
		this.parts = parts;
		this.schema = parts.table;
		this.rows = parts.rows;
		this.lines = parts.lines;
		this.quarantine = parts.quarantine;
		this.unknownKeys = parts.unknownKeys;
		this.withheld = parts.withheld;
		this.nonCanonicalLines = parts.nonCanonicalLines;
		this.marks = parts.marks;
		this.#columns = parts.columns;
		this.#dictionaries = parts.dictionaries;
	}

	/** Whether the column was supplied: a required column that no line has was not; an absent nullable one is all null, a withheld one is there. */
	has(column: string): boolean {
		const cells = this.#columns.get(column);
		if (!cells) return false;
		return cells.column.nullable || this.rows === 0 || cells.present > 0 || this.withheld.has(column);
	}

	/**
	 * Codes of an id, text, currency, period, hash or decimal column; -1 is null. They are as wide as the codes need: what is computed from
	 * them must not be stored in an array of their own kind.
	 */
	codes(column: string): Codes {
		return this.#cells(column, 'code') as Codes;
	}

	/** Codes of a column of ids: always 32 bits wide, so that other numbers, such as rows, can be computed in their place. */
	ids(column: string): Int32Array {
		const codes = this.#cells(column, 'code');
		if (!(codes instanceof Int32Array)) invariant(false, `${this.schema.name}.${column} is a column of ids`);
		return codes;
	}

	/** Epoch milliseconds of a `ts` column; NaN is null. */
	instants(column: string): Float64Array {
		return this.#cells(column, 'number') as Float64Array;
	}

	/** Safe integers of an `int` column; NaN is null. */
	integers(column: string): Integers {
		return this.#cells(column, 'number') as Integers;
	}

	/** Minor units of a money column; 0n where null: ask `isNull` first where the column is nullable. */
	minors(column: string): BigInt64Array {
		return this.#cells(column, 'amount') as BigInt64Array;
	}

	/** Millionths of a quantity column; 0n where null: ask `isNull` first where the column is nullable. */
	quantities(column: string): BigInt64Array {
		return this.#cells(column, 'amount') as BigInt64Array;
	}

	/** Days since 1970-01-01 of a `date` column; NO_DAY is null. */
	days(column: string): Int32Array {
		return this.#cells(column, 'day') as Int32Array;
	}

	/** 0 or 1 of a `bool` column; NO_FLAG is null. */
	flags(column: string): Uint8Array {
		return this.#cells(column, 'flag') as Uint8Array;
	}

	isNull(column: string, row: number): boolean {
		return this.#column(column).isNull(row);
	}

	/** The text of a coded column in a row, or null. */
	text(column: string, row: number): string | null {
		const code = this.codes(column)[row] as number;
		return code < 0 ? null : this.dictionary(column).text(code);
	}

	dictionary(column: string): Dictionary {
		const dictionary = this.#dictionaries.get(column);
		if (!dictionary) invariant(false, `${this.schema.name}.${column} is a text column`);
		return dictionary;
	}

	/** The primary key of a row as text, its parts joined by "/": how exceptions and packs name the row. */
	keyText(row: number): string {
		return this.schema.primaryKey.map((name) => this.cellText(name, row) ?? '').join('/');
	}

	/** A cell as the drop would write it: instants and dates in ISO form, quantities as decimals, money in minor units; null if null. */
	cellText(column: string, row: number): string | null {
		return cellText(this.#column(column), this.#dictionaries.get(column) ?? null, row);
	}

	/** The 1-based line of a row in its file. */
	lineOf(row: number): number {
		// Good lines before the nth quarantined one: its line less n less one. Those that come up to this row push it down.
		let low = 0;
		let high = this.quarantine.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.quarantine[middle]?.line ?? 0) - middle - 1 <= row) low = middle + 1;
			else high = middle;
		}
		return row + 1 + low;
	}

	/** The row a 1-based line became, or -1 if it was set aside or does not exist. */
	rowOfLine(line: number): number {
		let low = 0;
		let high = this.rows - 1;
		while (low <= high) {
			const middle = (low + high) >> 1;
			const at = this.lineOf(middle);
			if (at === line) return middle;
			if (at < line) low = middle + 1;
			else high = middle - 1;
		}
		return -1;
	}

	/** Bytes of memory the columns take, dictionaries aside. */
	get byteLength(): number {
		let bytes = this.marks.byteLength;
		for (const cells of this.#columns.values()) bytes += cells.byteLength;
		return bytes;
	}

	#column(name: string): ColumnCells {
		const cells = this.#columns.get(name);
		// Sentences are made when they are needed: columns are asked for in the loops of tests.
		if (!cells) invariant(false, `${this.schema.name} has a column ${name} that is kept`);
		return cells;
	}

	#cells(name: string, kind: ColumnCells['kind']): ColumnCells['cells'] {
		const column = this.#column(name);
		if (column.kind !== kind) invariant(false, `${this.schema.name}.${name} is kept as ${column.kind}, not ${kind}`);
		return column.cells;
	}
}

function cellText(cells: ColumnCells, dictionary: Dictionary | null, row: number): string | null {
	if (cells.isNull(row)) return null;
	const cell = cells.cells[row] as number | bigint;
	switch (cells.column.type) {
		case 'ts':
			return formatInstant(Number(cell));
		case 'date':
			return formatDay(Number(cell));
		case 'qty':
			return formatQuantity(cell as bigint);
		case 'bool':
			return cell === 1 ? 'true' : 'false';
		case 'int':
		case 'minor':
			return String(cell);
		default:
			return dictionary?.text(Number(cell)) ?? null;
	}
}
