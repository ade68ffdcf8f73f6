/**
 * Parses one canonical line into the cells of a row, straight from its bytes: keys come sorted (RFC 8785), so the next key is
 * usually the one expected, and no object or string is made. Whatever is not canonical goes the slow way (`looseLine.ts`).
 */
import { canonicalize, compareText, fromUtf8, utf8 } from '#kernel';
import type { Column, ColumnType, Table } from '#model';
import type { ColumnCells } from './column.ts';
import type { Dictionary } from './dictionary.ts';
import { COLON, COMMA, OPEN_BRACE, QUOTE, skipValue, stringEnd } from './jsonScan.ts';
import { type LineFault, lineFault } from './lineFault.ts';
import { dayAt, instantAt, integerAt, quantityAt } from './scalar.ts';

/** A column being filled: where its cells go and how its key is spelled. */
export interface ColumnSink {
	readonly column: Column;
	readonly key: Uint8Array;
	readonly cells: ColumnCells | null;
	readonly dictionary: Dictionary | null;
	/** Codes of the closed list of values, or null if any text will do. */
	readonly allowed: ReadonlySet<number> | null;
}

export type ParseOutcome =
	| { readonly kind: 'parsed' }
	/** Not canonical JSON, or outside what the fast way reads: to be tried the slow way. */
	| { readonly kind: 'loose' }
	| { readonly kind: 'fault'; readonly fault: LineFault };

const PARSED: ParseOutcome = { kind: 'parsed' };
const LOOSE: ParseOutcome = { kind: 'loose' };
const fault = (error: LineFault): ParseOutcome => ({ kind: 'fault', fault: error });

const CLOSE_BRACE = 125;
const LETTER_N = 110;
const LETTER_T = 116;
const LETTER_F = 102;

export class LineParser {
	readonly sinks: readonly ColumnSink[];
	/** Keys of the record that the model does not know, with whether the record has commitments (`sd`). */
	unknownKeys: string[] = [];
	hasCommitments = false;
	readonly #seenInRow: Float64Array;
	readonly #byKey: ReadonlyMap<string, number>;
	readonly #sealed: boolean;

	constructor(table: Table, sinks: readonly ColumnSink[]) {
		this.sinks = [...sinks].sort((a, b) => compareText(a.column.name, b.column.name));
		this.#byKey = new Map(this.sinks.map((sink, index) => [sink.column.name, index]));
		this.#seenInRow = new Float64Array(sinks.length).fill(-1);
		this.#sealed = table.sealed;
	}

	/**
	 * Reads the line [from, to) into `row`. Cells of a faulty line may be written: the caller reuses the row.
	 * @param withheld names of columns that are committed to (`sd`) and may be absent
	 */
	parse(bytes: Uint8Array, from: number, to: number, row: number, withheld: ReadonlySet<string> | null = null): ParseOutcome {
		this.unknownKeys = [];
		this.hasCommitments = false;
		if (bytes[from] !== OPEN_BRACE || to - from < 2) return LOOSE;
		let at = from + 1;
		let expected = 0;
		let lastUnknown = '';
		let lastIndex = -1;
		if (bytes[at] === CLOSE_BRACE) return at + 1 === to ? this.#finishRow(row, withheld) : LOOSE;
		for (;;) {
			if (bytes[at] !== QUOTE) return LOOSE;
			let index = this.#matchKey(bytes, at + 1, to, expected);
			let keyEnd: number;
			if (index >= 0) {
				keyEnd = at + 1 + (this.sinks[index] as ColumnSink).key.length;
			} else {
				keyEnd = stringEnd(bytes, at, to);
				if (keyEnd < 0) return LOOSE;
				const name = fromUtf8(bytes.subarray(at + 1, keyEnd));
				if (name === null || name.includes('\\') || (lastIndex >= 0 && name <= this.#name(lastIndex)) || name <= lastUnknown) return LOOSE;
				index = this.#byKey.get(name) ?? -1;
				if (index < 0) {
					lastUnknown = name;
					if (name === 'sd' && this.#sealed) this.hasCommitments = true;
					else this.unknownKeys.push(name);
				}
			}
			if (index >= 0) {
				if (lastUnknown !== '' && this.#name(index) <= lastUnknown) return LOOSE;
				lastIndex = index;
				expected = index + 1;
			}
			at = keyEnd + 1;
			if (bytes[at++] !== COLON) return LOOSE;
			const end = skipValue(bytes, at, to);
			if (end < 0) return LOOSE;
			if (index >= 0) {
				const problem = this.#readValue(bytes, at, end, index, row);
				if (problem !== null) return problem;
			} else if (!isCanonicalValue(bytes, at, end)) return LOOSE;
			at = end;
			const next = bytes[at++];
			if (next === CLOSE_BRACE) return at === to ? this.#finishRow(row, withheld) : LOOSE;
			if (next !== COMMA) return LOOSE;
		}
	}

	#name(index: number): string {
		return (this.sinks[index] as ColumnSink).column.name;
	}

	/** The index of the known key at `at`, trying the expected one and those behind it (absent keys are nulls). */
	#matchKey(bytes: Uint8Array, at: number, to: number, expected: number): number {
		for (let index = expected; index < this.sinks.length; index++) {
			const { key } = this.sinks[index] as ColumnSink;
			if (at + key.length >= to || bytes[at + key.length] !== QUOTE) continue;
			let i = 0;
			while (i < key.length && bytes[at + i] === key[i]) i++;
			if (i === key.length) return index;
		}
		return -1;
	}

	/** Reads one value into its cell; null if all is well. */
	#readValue(bytes: Uint8Array, from: number, to: number, index: number, row: number): ParseOutcome | null {
		const { column, cells, dictionary, allowed } = this.sinks[index] as ColumnSink;
		this.#seenInRow[index] = row;
		const first = bytes[from];
		if (first === LETTER_N) {
			if (!column.nullable) return fault(lineFault('missing_value', column.name, typeName(column.type), 'null'));
			cells?.clear(row);
			return null;
		}
		if (column.type === 'bool') {
			if (first !== LETTER_T && first !== LETTER_F) return wrongType(column, bytes, from, to);
			if (cells) (cells.cells as Uint8Array)[row] = first === LETTER_T ? 1 : 0;
			return null;
		}
		if (column.type === 'minor' || column.type === 'int') {
			if (!isNumberStart(first)) return wrongType(column, bytes, from, to);
			const value = integerAt(bytes, from, to);
			if (Number.isNaN(value)) return isPlainInteger(bytes, from, to) ? outOfRange(column, bytes, from, to) : LOOSE;
			if (column.type === 'int') (cells?.cells as Float64Array)[row] = value;
			else writeAmount(cells, row, BigInt(value));
			return null;
		}
		if (column.type === 'label' && isNumberStart(first)) {
			if (Number.isNaN(integerAt(bytes, from, to))) return isPlainInteger(bytes, from, to) ? outOfRange(column, bytes, from, to) : LOOSE;
			if (cells && dictionary) (cells.cells as Int32Array)[row] = dictionary.intern(bytes, from, to);
			return null;
		}
		if (first !== QUOTE) return wrongType(column, bytes, from, to);
		return this.#readText(bytes, from, to, column, cells, dictionary, allowed, row);
	}

	#readText(
		line: Uint8Array,
		quoteFrom: number,
		quoteTo: number,
		column: Column,
		cells: ColumnCells | null,
		dictionary: Dictionary | null,
		allowed: ReadonlySet<number> | null,
		row: number,
	): ParseOutcome | null {
		let bytes = line;
		let from = quoteFrom + 1;
		let to = quoteTo - 1;
		if (!isPlainAscii(bytes, from, to)) {
			const decoded = decodeString(line, quoteFrom, quoteTo);
			if (decoded === null) return LOOSE;
			bytes = decoded;
			from = 0;
			to = decoded.length;
		}
		const bad = (): ParseOutcome => fault(lineFault('bad_value', column.name, typeName(column.type), show(bytes, from, to)));
		switch (column.type) {
			case 'qty': {
				const value = quantityAt(bytes, from, to);
				if (value === null) return bad();
				writeAmount(cells, row, value);
				return null;
			}
			case 'ts': {
				const value = instantAt(bytes, from, to);
				if (Number.isNaN(value)) return bad();
				if (cells) (cells.cells as Float64Array)[row] = value;
				return null;
			}
			case 'date': {
				const value = to - from === 10 ? dayAt(bytes, from) : Number.NaN;
				if (Number.isNaN(value)) return bad();
				if (cells) (cells.cells as Int32Array)[row] = value;
				return null;
			}
			default: {
				if (!isOfKind(column.type, bytes, from, to)) return bad();
				if (!cells || !dictionary) return null;
				const code = dictionary.intern(bytes, from, to);
				if (allowed && !allowed.has(code)) {
					return fault(lineFault('bad_value', column.name, `one of ${column.values?.join(', ')}`, show(bytes, from, to)));
				}
				(cells.cells as Int32Array)[row] = code;
				return null;
			}
		}
	}

	/** Nulls the columns whose key was absent. A required one that is absent is a fault, unless it is committed to. */
	#finishRow(row: number, withheld: ReadonlySet<string> | null): ParseOutcome {
		let missing: LineFault | null = null;
		for (let index = 0; index < this.sinks.length; index++) {
			const { column, cells } = this.sinks[index] as ColumnSink;
			if (this.#seenInRow[index] === row) {
				if (cells) cells.present++;
				continue;
			}
			cells?.clear(row);
			if (!column.nullable && !withheld?.has(column.name))
				missing ??= lineFault('missing_value', column.name, typeName(column.type), 'no such key');
		}
		this.#seenInRow.fill(-1);
		return missing ? fault(missing) : PARSED;
	}

	/** Forgets which keys the last line had; called when a line was given up half-way. */
	reset(): void {
		this.#seenInRow.fill(-1);
	}
}

function writeAmount(cells: ColumnCells | null, row: number, value: bigint): void {
	if (!cells) return;
	(cells.cells as BigInt64Array)[row] = value;
	(cells.nulls as Uint8Array)[row] = 0;
}

const typeName = (type: ColumnType): string =>
	({
		id: 'a non-empty text',
		text: 'a text',
		label: 'a non-empty text or a whole number',
		int: 'a whole number',
		minor: 'a whole number of minor units',
		qty: 'a decimal text of at most 6 decimals',
		decimal: 'a decimal text',
		ts: 'an instant like 2026-03-31T23:15:00.000Z',
		date: 'a date like 2026-03-31',
		period: 'a period like 2026-03',
		bool: 'true or false',
		cur: 'an ISO 4217 code',
		sha: '64 lower-case hex digits',
	})[type];

const wrongType = (column: Column, bytes: Uint8Array, from: number, to: number): ParseOutcome =>
	fault(lineFault('wrong_type', column.name, typeName(column.type), show(bytes, from, to)));

const outOfRange = (column: Column, bytes: Uint8Array, from: number, to: number): ParseOutcome =>
	fault(lineFault('number_out_of_range', column.name, typeName(column.type), show(bytes, from, to)));

const show = (bytes: Uint8Array, from: number, to: number): string =>
	fromUtf8(bytes.subarray(from, Math.min(to, from + 80))) ?? 'bytes that are not text';

const isNumberStart = (byte: number | undefined): boolean => byte === 45 || (byte !== undefined && byte >= 48 && byte <= 57);

const isPlainInteger = (bytes: Uint8Array, from: number, to: number): boolean => {
	const start = bytes[from] === 45 ? from + 1 : from;
	if (bytes[start] === 48) return false;
	for (let i = start; i < to; i++) if ((bytes[i] as number) < 48 || (bytes[i] as number) > 57) return false;
	return to > start;
};

function isPlainAscii(bytes: Uint8Array, from: number, to: number): boolean {
	for (let i = from; i < to; i++) {
		const byte = bytes[i] as number;
		if (byte < 32 || byte > 126 || byte === 92) return false;
	}
	return true;
}

/** The UTF-8 bytes a JSON string stands for; null unless its spelling is canonical. */
function decodeString(bytes: Uint8Array, from: number, to: number): Uint8Array | null {
	const text = fromUtf8(bytes.subarray(from, to));
	if (text === null) return null;
	try {
		const value: unknown = JSON.parse(text);
		return typeof value === 'string' && value.isWellFormed() && JSON.stringify(value) === text ? utf8(value) : null;
	} catch {
		return null;
	}
}

function isCanonicalValue(bytes: Uint8Array, from: number, to: number): boolean {
	const text = fromUtf8(bytes.subarray(from, to));
	if (text === null) return false;
	try {
		return canonicalize(JSON.parse(text)) === text;
	} catch {
		return false;
	}
}

function isOfKind(type: ColumnType, bytes: Uint8Array, from: number, to: number): boolean {
	const length = to - from;
	switch (type) {
		case 'text':
			return true;
		case 'id':
		case 'label':
			return length > 0;
		case 'cur':
			return length === 3 && every(bytes, from, to, (byte) => byte >= 65 && byte <= 90);
		case 'sha':
			return length === 64 && every(bytes, from, to, (byte) => (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102));
		case 'period': {
			const month = integerAt(bytes, bytes[from + 5] === 48 ? from + 6 : from + 5, to);
			return (
				length === 7 &&
				bytes[from + 4] === 45 &&
				every(bytes, from, from + 4, (byte) => byte >= 48 && byte <= 57) &&
				month >= 1 &&
				month <= 12
			);
		}
		case 'decimal':
			return /^-?\d{1,30}(\.\d{1,30})?$/.test(show(bytes, from, to));
		default:
			return true;
	}
}

function every(bytes: Uint8Array, from: number, to: number, holds: (byte: number) => boolean): boolean {
	for (let i = from; i < to; i++) if (!holds(bytes[i] as number)) return false;
	return true;
}
