/** Reads one JSON value of a line into its cell. The common spellings are read in one pass over their bytes; the others take their time. */
import { fromUtf8, utf8 } from '#kernel';
import { type Column, TYPE_WORDS } from '#model';
import type { ColumnCells } from './column.ts';
import type { Dictionary } from './dictionary.ts';
import { CLOSE_BRACE, COMMA, QUOTE, skipValue } from './jsonScan.ts';
import { type LineFault, lineFault } from './lineFault.ts';
import { dayAt, instantAt, integerAt, quantityAt } from './scalar.ts';
import { isHash, isOfKind } from './textKinds.ts';

/** A column being filled: where its cells go and how its key is spelled. */
export interface ColumnSink {
	readonly column: Column;
	/** The key's bytes with its closing quote and colon. */
	readonly key: Uint8Array;
	readonly cells: ColumnCells | null;
	readonly dictionary: Dictionary | null;
	/** 1 at the codes of the closed list of values, or null if any text will do. */
	readonly allowed: Uint8Array | null;
}

/** In place of the position behind a value: not canonical, to be tried the slow way. */
export const IS_LOOSE = -1;
/** In place of the position behind a value: `fault` says what is wrong. */
export const IS_FAULT = -2;

const LETTER_N = 110;
const LETTER_T = 116;
const LETTER_F = 102;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const BACKSLASH = 92;

/** 1 for the bytes that stand for themselves in a JSON string: printable ASCII but quote and backslash. */
const STANDS_FOR_ITSELF = Uint8Array.from({ length: 256 }, (_, byte) =>
	byte >= 32 && byte <= 126 && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** Digits that a double sums up exactly. */
const SAFE_DIGITS = 15;
const SAFE_WHOLE_DIGITS = 9;
const DECIMALS = 6;

export class CellReader {
	/** What is wrong, after `read` gave IS_FAULT. */
	fault: LineFault | null = null;

	/** Reads the value at `at` into the row's cell. @returns the position behind it, IS_LOOSE or IS_FAULT */
	read(sink: ColumnSink, bytes: Uint8Array, at: number, to: number, row: number): number {
		if (bytes[at] === LETTER_N) return this.#readNull(sink, bytes, at, to, row);
		switch (sink.column.type) {
			case 'int':
			case 'minor':
				return this.#readInteger(sink, bytes, at, to, row);
			case 'bool':
				return this.#readFlag(sink, bytes, at, to, row);
			case 'qty':
				return this.#readQuantity(sink, bytes, at, to, row);
			case 'ts': {
				const instant = bytes[at] === QUOTE && bytes[at + 25] === QUOTE ? instantAt(bytes, at + 1, at + 25) : Number.NaN;
				if (Number.isNaN(instant)) return this.#readOddly(sink, bytes, at, to, row);
				if (sink.cells) (sink.cells.cells as Float64Array)[row] = instant;
				return at + 26;
			}
			case 'date': {
				const day = bytes[at] === QUOTE && bytes[at + 11] === QUOTE ? dayAt(bytes, at + 1) : Number.NaN;
				if (Number.isNaN(day)) return this.#readOddly(sink, bytes, at, to, row);
				if (sink.cells) (sink.cells.cells as Int32Array)[row] = day;
				return at + 12;
			}
			case 'sha': {
				if (bytes[at] !== QUOTE || !isHash(bytes, at + 1) || bytes[at + 65] !== QUOTE) return this.#readOddly(sink, bytes, at, to, row);
				return this.#enterText(sink, bytes, at + 1, at + 65, row) ? at + 66 : IS_FAULT;
			}
			default: {
				if (sink.column.type === 'label' && bytes[at] !== QUOTE) return this.#readNumberLabel(sink, bytes, at, to, row);
				if (bytes[at] !== QUOTE) return this.#readOddly(sink, bytes, at, to, row);
				let end = at + 1;
				while (STANDS_FOR_ITSELF[bytes[end] as number] === 1) end++;
				if (bytes[end] !== QUOTE) return this.#readOddly(sink, bytes, at, to, row);
				return this.#enterText(sink, bytes, at + 1, end, row) ? end + 1 : IS_FAULT;
			}
		}
	}

	#readNull({ column, cells }: ColumnSink, bytes: Uint8Array, at: number, to: number, row: number): number {
		const end = skipValue(bytes, at, to);
		if (end < 0) return IS_LOOSE;
		if (!column.nullable) return this.#fail(lineFault('missing_value', column.name, TYPE_WORDS[column.type], 'null'));
		cells?.clear(row);
		return end;
	}

	#readFlag(sink: ColumnSink, bytes: Uint8Array, at: number, to: number, row: number): number {
		const end = skipValue(bytes, at, to);
		if (end < 0) return IS_LOOSE;
		const first = bytes[at];
		if (first !== LETTER_T && first !== LETTER_F) return this.#wrongType(sink, bytes, at, end);
		if (sink.cells) (sink.cells.cells as Uint8Array)[row] = first === LETTER_T ? 1 : 0;
		return end;
	}

	#readInteger(sink: ColumnSink, bytes: Uint8Array, at: number, to: number, row: number): number {
		const isNegative = bytes[at] === MINUS;
		const from = isNegative ? at + 1 : at;
		let value = 0;
		let end = from;
		for (; end < to; end++) {
			const digit = (bytes[end] as number) - ZERO;
			if (digit < 0 || digit > 9) break;
			value = value * 10 + digit;
		}
		const digits = end - from;
		const isPlain = digits >= 1 && digits <= SAFE_DIGITS && (bytes[from] !== ZERO || (digits === 1 && !isNegative));
		if (!isPlain || (bytes[end] !== COMMA && bytes[end] !== CLOSE_BRACE)) return this.#readOddInteger(sink, bytes, at, to, row);
		enterInteger(sink, row, isNegative ? -value : value);
		return end;
	}

	/** A label may be written as a number, and is kept as its digits. */
	#readNumberLabel(sink: ColumnSink, bytes: Uint8Array, at: number, to: number, row: number): number {
		const end = skipValue(bytes, at, to);
		if (end < 0) return IS_LOOSE;
		if (!isNumberStart(bytes[at] as number)) return this.#wrongType(sink, bytes, at, end);
		if (!Number.isNaN(integerAt(bytes, at, end))) return this.#enterText(sink, bytes, at, end, row) ? end : IS_FAULT;
		return isPlainInteger(bytes, at, end) ? this.#outOfRange(sink, bytes, at, end) : IS_LOOSE;
	}

	#readOddInteger(sink: ColumnSink, bytes: Uint8Array, at: number, to: number, row: number): number {
		const end = skipValue(bytes, at, to);
		if (end < 0) return IS_LOOSE;
		if (!isNumberStart(bytes[at] as number)) return this.#wrongType(sink, bytes, at, end);
		const value = integerAt(bytes, at, end);
		if (Number.isNaN(value)) return isPlainInteger(bytes, at, end) ? this.#outOfRange(sink, bytes, at, end) : IS_LOOSE;
		enterInteger(sink, row, value);
		return end;
	}

	/** "12" or "12.5": quantities that are negative or too large for a double take their time. */
	#readQuantity(sink: ColumnSink, bytes: Uint8Array, at: number, to: number, row: number): number {
		const from = at + 1;
		let value = 0;
		let end = from;
		for (; end < to; end++) {
			const digit = (bytes[end] as number) - ZERO;
			if (digit < 0 || digit > 9) break;
			value = value * 10 + digit;
		}
		const whole = end - from;
		let decimals = 0;
		if (bytes[end] === DOT) {
			for (end++; decimals < DECIMALS; end++, decimals++) {
				const digit = (bytes[end] as number) - ZERO;
				if (digit < 0 || digit > 9) break;
				value = value * 10 + digit;
			}
			if (decimals === 0) return this.#readOddly(sink, bytes, at, to, row);
		}
		const isPlain = whole >= 1 && whole <= SAFE_WHOLE_DIGITS && (whole === 1 || bytes[from] !== ZERO);
		if (!isPlain || bytes[at] !== QUOTE || bytes[end] !== QUOTE) return this.#readOddly(sink, bytes, at, to, row);
		for (; decimals < DECIMALS; decimals++) value *= 10;
		sink.cells?.writeInteger(row, value);
		return end + 1;
	}

	/** A string with escapes or other than ASCII, one that is no value of its column, or no string at all. */
	#readOddly(sink: ColumnSink, bytes: Uint8Array, at: number, to: number, row: number): number {
		const end = skipValue(bytes, at, to);
		if (end < 0) return IS_LOOSE;
		if (bytes[at] !== QUOTE) return this.#wrongType(sink, bytes, at, end);
		const text = decodeString(bytes, at, end);
		if (text === null) return IS_LOOSE;
		return this.#enterDecoded(sink, text, row) ? end : IS_FAULT;
	}

	/** Instants, dates and hashes have one spelling each, which was tried before. */
	#enterDecoded(sink: ColumnSink, text: Uint8Array, row: number): boolean {
		const { column, cells } = sink;
		switch (column.type) {
			case 'qty': {
				const value = quantityAt(text, 0, text.length);
				if (value === null) return this.#badValue(column, text, 0, text.length);
				cells?.writeAmount(row, value);
				return true;
			}
			case 'ts':
			case 'date':
			case 'sha':
				return this.#badValue(column, text, 0, text.length);
			default:
				return this.#enterText(sink, text, 0, text.length, row);
		}
	}

	/** Enters the text [from, to) of `bytes`, if it is a value of the column. */
	#enterText({ column, cells, dictionary, allowed }: ColumnSink, bytes: Uint8Array, from: number, to: number, row: number): boolean {
		if (!isOfKind(column.type, bytes, from, to)) return this.#badValue(column, bytes, from, to);
		if (!cells || !dictionary) return true;
		const code = dictionary.intern(bytes, from, to);
		if (allowed && allowed[code] !== 1) {
			this.#fail(lineFault('bad_value', column.name, `one of ${column.values?.join(', ')}`, show(bytes, from, to)));
			return false;
		}
		(cells.cells as Int32Array)[row] = code;
		return true;
	}

	#badValue(column: Column, bytes: Uint8Array, from: number, to: number): boolean {
		this.#fail(lineFault('bad_value', column.name, TYPE_WORDS[column.type], show(bytes, from, to)));
		return false;
	}

	#wrongType({ column }: ColumnSink, bytes: Uint8Array, from: number, to: number): number {
		return this.#fail(lineFault('wrong_type', column.name, TYPE_WORDS[column.type], show(bytes, from, to)));
	}

	#outOfRange({ column }: ColumnSink, bytes: Uint8Array, from: number, to: number): number {
		return this.#fail(lineFault('number_out_of_range', column.name, TYPE_WORDS[column.type], show(bytes, from, to)));
	}

	#fail(fault: LineFault): number {
		this.fault = fault;
		return IS_FAULT;
	}
}

function enterInteger({ column, cells }: ColumnSink, row: number, value: number): void {
	if (!cells) return;
	if (column.type === 'int') (cells.cells as Float64Array)[row] = value;
	else cells.writeInteger(row, value);
}

const show = (bytes: Uint8Array, from: number, to: number): string =>
	fromUtf8(bytes.subarray(from, Math.min(to, from + 80))) ?? 'bytes that are not text';

const isNumberStart = (byte: number): boolean => byte === MINUS || (byte >= ZERO && byte <= ZERO + 9);

const isPlainInteger = (bytes: Uint8Array, from: number, to: number): boolean => {
	const start = bytes[from] === MINUS ? from + 1 : from;
	if (bytes[start] === ZERO) return false;
	for (let i = start; i < to; i++) if ((bytes[i] as number) < ZERO || (bytes[i] as number) > ZERO + 9) return false;
	return to > start;
};

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
