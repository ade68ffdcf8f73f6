/**
 * Parses one canonical line into the cells of a row, straight from its bytes: keys come sorted (RFC 8785), so the next key is
 * usually the one expected, and no object or string is made. Whatever is not canonical goes the slow way (`looseLine.ts`).
 */
import { canonicalize, compareText, fromUtf8 } from '#kernel';
import { type Table, TYPE_WORDS } from '#model';
import { CellReader, type ColumnSink, IS_FAULT, IS_LOOSE } from './cellReader.ts';
import { CLOSE_BRACE, COLON, COMMA, OPEN_BRACE, QUOTE, skipValue, stringEnd } from './jsonScan.ts';
import { type LineFault, lineFault } from './lineFault.ts';

export type ParseOutcome =
	| { readonly kind: 'parsed' }
	/** Not canonical JSON, or outside what the fast way reads: to be tried the slow way. */
	| { readonly kind: 'loose' }
	| { readonly kind: 'fault'; readonly fault: LineFault };

const PARSED: ParseOutcome = { kind: 'parsed' };
const LOOSE: ParseOutcome = { kind: 'loose' };
const fault = (error: LineFault): ParseOutcome => ({ kind: 'fault', fault: error });

const NO_KEYS: readonly string[] = [];

export class LineParser {
	readonly sinks: readonly ColumnSink[];
	/** Keys of the record that the model does not know, `sd` of a sealed table aside. */
	unknownKeys: readonly string[] = NO_KEYS;
	/** Whether the record has commitments (`sd`). */
	hasCommitments = false;
	readonly #reader = new CellReader();
	readonly #keys: ReadonlySet<string>;
	readonly #sealed: boolean;
	/** Sinks whose key the line has not, as many as `#absent` says. */
	readonly #absentSinks: Uint8Array;
	#absent = 0;
	/** Lines that had every key of the table. */
	#fullLines = 0;

	constructor(table: Table, sinks: readonly ColumnSink[]) {
		this.sinks = [...sinks].sort((a, b) => compareText(a.column.name, b.column.name));
		this.#keys = new Set(this.sinks.map(({ column }) => column.name));
		this.#absentSinks = new Uint8Array(sinks.length);
		this.#sealed = table.sealed;
	}

	/**
	 * Reads the line [from, to) into `row`. Cells of a faulty line may be written: the caller reuses the row.
	 * Behind `to` there is a line feed or the end of the array.
	 * @param withheld names of columns that are committed to (`sd`) and may be absent
	 */
	parse(bytes: Uint8Array, from: number, to: number, row: number, withheld: ReadonlySet<string> | null = null): ParseOutcome {
		this.unknownKeys = NO_KEYS;
		this.hasCommitments = false;
		this.#absent = 0;
		if (bytes[from] !== OPEN_BRACE || to - from < 2) return LOOSE;
		let at = from + 1;
		let expected = 0;
		let lastUnknown = '';
		if (bytes[at] === CLOSE_BRACE) return at + 1 === to ? this.#finishRow(row, 0, withheld) : LOOSE;
		for (;;) {
			if (bytes[at] !== QUOTE) return LOOSE;
			const index = this.#matchKey(bytes, at + 1, expected);
			if (index >= 0) {
				const sink = this.sinks[index] as ColumnSink;
				if (lastUnknown !== '' && sink.column.name <= lastUnknown) return LOOSE;
				for (; expected < index; expected++) this.#clear(expected, row);
				expected = index + 1;
				at = this.#reader.read(sink, bytes, at + 1 + sink.key.length, to, row);
			} else {
				const end = stringEnd(bytes, at, to);
				const name = end < 0 ? null : unknownKey(bytes, at + 1, end);
				// Known keys that come here stand behind their place in the order.
				if (name === null || name <= lastUnknown || this.#keys.has(name) || (expected > 0 && name <= this.#name(expected - 1)))
					return LOOSE;
				this.#noteUnknown(name);
				lastUnknown = name;
				at = unknownValueEnd(bytes, end + 1, to);
			}
			if (at < 0) return at === IS_FAULT ? fault(this.#reader.fault as LineFault) : LOOSE;
			const next = bytes[at++];
			if (next === CLOSE_BRACE) return at === to ? this.#finishRow(row, expected, withheld) : LOOSE;
			if (next !== COMMA) return LOOSE;
		}
	}

	/** Adds the lines counted so far to the columns they had. */
	countPresent(): void {
		for (const { cells } of this.sinks) if (cells) cells.present += this.#fullLines;
		this.#fullLines = 0;
	}

	#name(index: number): string {
		return (this.sinks[index] as ColumnSink).column.name;
	}

	/** The index of the known key at `at`, trying the expected one and those behind it (absent keys are nulls). */
	#matchKey(bytes: Uint8Array, at: number, expected: number): number {
		const { sinks } = this;
		for (let index = expected; index < sinks.length; index++) {
			const { key } = sinks[index] as ColumnSink;
			let i = 0;
			while (i < key.length && bytes[at + i] === key[i]) i++;
			if (i === key.length) return index;
		}
		return -1;
	}

	#noteUnknown(name: string): void {
		if (name === 'sd' && this.#sealed) this.hasCommitments = true;
		else this.unknownKeys = [...this.unknownKeys, name];
	}

	#clear(index: number, row: number): void {
		(this.sinks[index] as ColumnSink).cells?.clear(row);
		this.#absentSinks[this.#absent++] = index;
	}

	/** Nulls the columns whose key was absent. A required one that is absent is a fault, unless it is committed to. */
	#finishRow(row: number, behind: number, withheld: ReadonlySet<string> | null): ParseOutcome {
		for (let index = behind; index < this.sinks.length; index++) this.#clear(index, row);
		if (this.#absent === 0) {
			this.#fullLines++;
			return PARSED;
		}
		let missing = -1;
		for (let index = 0, gap = 0; index < this.sinks.length; index++) {
			const { column, cells } = this.sinks[index] as ColumnSink;
			if (gap === this.#absent || this.#absentSinks[gap] !== index) {
				if (cells) cells.present++;
				continue;
			}
			gap++;
			if (missing < 0 && !column.nullable && !withheld?.has(column.name)) missing = index;
		}
		if (missing < 0) return PARSED;
		const { column } = this.sinks[missing] as ColumnSink;
		return fault(lineFault('missing_value', column.name, TYPE_WORDS[column.type], 'no such key'));
	}
}

/** The name of a key that the model does not know; null if its spelling is none. */
function unknownKey(bytes: Uint8Array, from: number, to: number): string | null {
	const name = fromUtf8(bytes.subarray(from, to));
	return name === null || name.includes('\\') ? null : name;
}

/** The position behind the colon at `at` and a canonical value, IS_LOOSE if there are none. */
function unknownValueEnd(bytes: Uint8Array, at: number, to: number): number {
	if (bytes[at] !== COLON) return IS_LOOSE;
	const end = skipValue(bytes, at + 1, to);
	return end >= 0 && isCanonicalValue(bytes, at + 1, end) ? end : IS_LOOSE;
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
