/** Builds one columnar table from the bytes of its file, line by line as they stream in, setting malformed lines aside. */
import { canonicalize, err, type Json, ok, type Result, utf8 } from '#kernel';
import type { Table } from '#model';
import type { ColumnSink } from './cellReader.ts';
import { ColumnCells } from './column.ts';
import type { Dictionary } from './dictionary.ts';
import { type LineFault, lineFault, type QuarantinedLine } from './lineFault.ts';
import { idColumns, namesIn } from './lineNames.ts';
import { LineParser } from './lineParser.ts';
import { readLooseLine } from './looseLine.ts';
import { type KeySet, keySetOf } from './rowKeySet.ts';
import { LINES_PER_MARK, PopulationTable } from './table.ts';

/** A line longer than this is no record: the file is refused, because buffering it would be the attack. */
export const MAX_LINE_BYTES = 1 << 20;

export interface LineTooLong {
	readonly code: 'line_too_long';
	readonly line: number;
	readonly offset: number;
}

/** Values of committed fields (`sd`) that were disclosed for a line and whose digests matched; null if none. */
export type DisclosedValues = (line: number, commitments: Json) => ReadonlyMap<string, Json> | null;

export interface BuilderOptions {
	/** One dictionary a domain, shared by all tables of a population. */
	readonly dictionaryOf: (domain: string) => Dictionary;
	readonly disclosed?: DisclosedValues;
	/** Bytes of the whole file, where they are known: columns are then made as long as they will have to be, once. */
	readonly fileBytes?: number;
}

const LINE_FEED = 10;
const NAMED_LINES_MAX = 10_000;
const FIRST_ROWS = 256;
/** So many lines tell how long the others are. */
const TELLING_LINES = 16_384;
/** Room to spare over what the lines so far promise: the last ones are a little shorter at times. */
const SPARE = 1 / 64;
/** Rows that are expected at once, at most: whoever says how long the file is may be wrong. */
const EXPECTED_MORE = 2 ** 24;

export class TableBuilder {
	readonly #table: Table;
	readonly #parser: LineParser;
	readonly #columns: ReadonlyMap<string, ColumnCells>;
	readonly #sinks: readonly ColumnSink[];
	readonly #disclosed: DisclosedValues;
	readonly #fileBytes: number;
	readonly #keys: KeySet;
	readonly #quarantine: QuarantinedLine[] = [];
	readonly #unknownKeys = new Map<string, number[]>();
	readonly #withheld = new Map<string, number>();
	readonly #nonCanonicalLines: number[] = [];
	/** Required columns the first line lacks: not supplied, unless a later line has them. */
	#presumedAbsent: Set<string> | null = null;
	readonly #presumedOffsets: number[] = [];
	readonly #presumedLines: number[] = [];
	#rows = 0;
	#capacity = 0;
	#lines = 0;
	#offset = 0;
	#carry: Uint8Array | null = null;
	#marks = new Float64Array(64);

	constructor(table: Table, options: BuilderOptions) {
		this.#table = table;
		this.#disclosed = options.disclosed ?? (() => null);
		this.#fileBytes = options.fileBytes ?? 0;
		this.#sinks = table.columns.map((column) => sinkFor(column, options.dictionaryOf));
		this.#columns = new Map(this.#sinks.flatMap((sink) => (sink.cells ? [[sink.column.name, sink.cells] as const] : [])));
		this.#parser = new LineParser(table, this.#sinks);
		const keys = table.primaryKey.map((name) => this.#columns.get(name) as ColumnCells);
		this.#keys = keySetOf(
			keys,
			keys.every(({ kind }) => kind === 'code'),
		);
	}

	get rows(): number {
		return this.#rows;
	}

	/** Takes the next bytes of the file; lines may be cut anywhere. */
	push(chunk: Uint8Array): Result<void, LineTooLong> {
		const carry = this.#carry;
		if (!carry) return this.#take(chunk, 0);
		this.#carry = null;
		const end = chunk.indexOf(LINE_FEED) + 1;
		const joined = new Uint8Array(carry.length + (end || chunk.length));
		joined.set(carry);
		joined.set(end === 0 ? chunk : chunk.subarray(0, end), carry.length);
		const taken = this.#take(joined, 0);
		return end === 0 || !taken.ok ? taken : this.#take(chunk, end);
	}

	/** Reads the lines from `start` on; what is behind the last line feed is carried over to the next bytes. */
	#take(bytes: Uint8Array, start: number): Result<void, LineTooLong> {
		let from = start;
		for (;;) {
			const end = bytes.indexOf(LINE_FEED, from);
			if (end < 0) break;
			if (end - from > MAX_LINE_BYTES) return err({ code: 'line_too_long', line: this.#lines + 1, offset: this.#offset });
			this.#line(bytes, from, end);
			this.#offset += end + 1 - from;
			from = end + 1;
		}
		if (bytes.length - from > MAX_LINE_BYTES) return err({ code: 'line_too_long', line: this.#lines + 1, offset: this.#offset });
		if (from < bytes.length) this.#carry = bytes.slice(from);
		return ok(undefined);
	}

	/** Ends the file: a last line without a line feed counts. */
	finish(): PopulationTable {
		if (this.#carry) {
			this.#line(this.#carry, 0, this.#carry.length);
			this.#offset += this.#carry.length;
			this.#carry = null;
		}
		this.#parser.countPresent();
		const keep = this.#dropRowsOfPartialColumns();
		for (const cells of this.#columns.values()) cells.seal(this.#rows, keep);
		const rows = keep ? keep.length : this.#rows;
		return new PopulationTable({
			table: this.#table,
			rows,
			lines: this.#lines,
			columns: this.#columns,
			dictionaries: new Map(this.#sinks.flatMap((sink) => (sink.dictionary ? [[sink.column.name, sink.dictionary] as const] : []))),
			quarantine: this.#quarantine.sort((a, b) => a.line - b.line),
			unknownKeys: this.#unknownKeys,
			withheld: this.#withheld,
			nonCanonicalLines: this.#nonCanonicalLines,
			marks: this.#marks.slice(0, Math.ceil(this.#lines / LINES_PER_MARK)),
		});
	}

	#line(bytes: Uint8Array, from: number, to: number): void {
		this.#mark();
		const line = ++this.#lines;
		if (this.#rows >= this.#capacity) this.#reserve();
		const fault = this.#read(bytes, from, to, line);
		if (fault) {
			this.#setAside(fault, bytes.subarray(from, to), line);
			return;
		}
		// A dead letter and its replay may carry one number; everywhere else a second row of one key would count twice.
		if (this.#table.name !== 'feed_message' && !this.#keys.add(this.#rows)) {
			this.#setAside(lineFault('duplicate_primary_key', this.#table.primaryKey.join(', ')), bytes.subarray(from, to), line);
			return;
		}
		for (const key of this.#parser.unknownKeys) {
			const lines = this.#unknownKeys.get(key);
			if (lines) lines.push(this.#rows);
			else this.#unknownKeys.set(key, [this.#rows]);
		}
		if (this.#presumedAbsent?.size) {
			this.#presumedOffsets[this.#rows] = this.#offset;
			this.#presumedLines[this.#rows] = line;
		}
		this.#rows++;
	}

	#setAside(fault: LineFault, bytes: Uint8Array, line: number): void {
		this.#quarantine.push({ ...fault, line, offset: this.#offset, bytes: bytes.length, names: this.#namesIn(bytes) });
	}

	#read(bytes: Uint8Array, from: number, to: number, line: number): LineFault | null {
		if (from === to) return lineFault('blank_line');
		const outcome = this.#parser.parse(bytes, from, to, this.#rows, this.#presumedAbsent);
		const mayPresume = this.#presumedAbsent === null && line === 1;
		if (outcome.kind === 'parsed' && !this.#parser.hasCommitments) return null;
		if (outcome.kind === 'fault' && !this.#parser.hasCommitments && !(mayPresume && outcome.fault.code === 'missing_value'))
			return outcome.fault;
		return this.#readLoosely(bytes.subarray(from, to), line, mayPresume, outcome.kind === 'loose');
	}

	#readLoosely(bytes: Uint8Array, line: number, mayPresume: boolean, isLoose: boolean): LineFault | null {
		const loose = readLooseLine(bytes);
		if (!loose.ok) return loose.fault;
		if (isLoose) this.#nonCanonicalLines.push(line);
		if (mayPresume) this.#presumedAbsent = absentColumns(this.#table, loose.record);
		const { record, committed } = this.#withDisclosures(loose.record, line);
		const mayLack = new Set([...(this.#presumedAbsent ?? []), ...committed]);
		const canonical = record === loose.record ? loose.canonical : utf8(canonicalize(record));
		const outcome = this.#parser.parse(canonical, 0, canonical.length, this.#rows, mayLack);
		if (outcome.kind === 'fault') return outcome.fault;
		if (outcome.kind === 'loose') return lineFault('bad_value', null, 'values of the record in their canonical form', null);
		for (const name of committed) this.#withheld.set(name, (this.#withheld.get(name) ?? 0) + 1);
		return null;
	}

	/** Puts disclosed values in the place of their commitments; `committed` names the columns that stay withheld. */
	#withDisclosures(record: Readonly<Record<string, Json>>, line: number): { record: Readonly<Record<string, Json>>; committed: string[] } {
		const commitments = record['sd'];
		if (!this.#table.sealed || typeof commitments !== 'object' || commitments === null || Array.isArray(commitments))
			return { record, committed: [] };
		const names = new Set(this.#table.columns.map((column) => column.name));
		const disclosed = this.#disclosed(line, commitments);
		const merged: Record<string, Json> = { ...record };
		for (const [name, value] of disclosed ?? []) if (names.has(name)) merged[name] = value;
		const committed = Object.keys(commitments).filter((name) => names.has(name) && !(name in merged));
		return { record: merged, committed };
	}

	/** A column that only some lines have was supplied after all: the lines without it are malformed. */
	#dropRowsOfPartialColumns(): Int32Array | null {
		const partial = [...(this.#presumedAbsent ?? [])].filter((name) => (this.#columns.get(name)?.present ?? 0) > 0);
		if (partial.length === 0) return null;
		const keep: number[] = [];
		for (let row = 0; row < this.#rows; row++) {
			const missing = partial.find((name) => this.#columns.get(name)?.isNull(row));
			if (missing === undefined) keep.push(row);
			else
				this.#quarantine.push({
					...lineFault('missing_value', missing, null, 'no such key'),
					line: this.#presumedLines[row] ?? row + 1,
					offset: this.#presumedOffsets[row] ?? -1,
					bytes: 0,
					names: this.#namesOfRow(row),
				});
		}
		return Int32Array.from(keep);
	}

	#reserve(): void {
		this.#capacity = Math.max(FIRST_ROWS, this.#rowsToExpect());
		for (const cells of this.#columns.values()) cells.reserve(this.#capacity);
	}

	/**
	 * Doubling copies every column and leaves as much again to be collected, which a large file has no room for. Memory that is promised too
	 * much is never touched, and so costs none.
	 */
	#rowsToExpect(): number {
		if (this.#lines < TELLING_LINES || this.#fileBytes <= this.#offset) return this.#capacity * 2;
		const expected = Math.ceil((this.#fileBytes / this.#offset) * this.#lines * (1 + SPARE));
		return Math.max(Math.min(expected, this.#capacity + EXPECTED_MORE), Math.ceil(this.#capacity * (1 + SPARE)));
	}

	/** Only the first lines set aside are searched: a file of nothing but bad lines must not cost a search each. */
	#namesIn(line: Uint8Array): QuarantinedLine['names'] {
		return this.#quarantine.length < NAMED_LINES_MAX ? namesIn(this.#table, line) : [];
	}

	/** Ids of a row that is to be set aside after all. */
	#namesOfRow(row: number): QuarantinedLine['names'] {
		return idColumns(this.#table).flatMap((column) => {
			const sink = this.#sinks.find((one) => one.column.name === column);
			const code = (sink?.cells?.cells[row] as number | undefined) ?? -1;
			return sink?.dictionary && code >= 0 ? [{ column, value: sink.dictionary.text(code) }] : [];
		});
	}

	#mark(): void {
		if (this.#lines % LINES_PER_MARK !== 0) return;
		const mark = this.#lines / LINES_PER_MARK;
		if (mark >= this.#marks.length) {
			const marks = new Float64Array(this.#marks.length * 2);
			marks.set(this.#marks);
			this.#marks = marks;
		}
		this.#marks[mark] = this.#offset;
	}
}

function sinkFor(column: Table['columns'][number], dictionaryOf: (domain: string) => Dictionary): ColumnSink {
	const cells = column.held ? new ColumnCells(column) : null;
	const dictionary = cells?.kind === 'code' ? dictionaryOf(column.domain) : null;
	return { column, key: utf8(`${column.name}":`), cells, dictionary, allowed: dictionary ? allowedCodes(column, dictionary) : null };
}

/** 1 at the codes of the column's closed list of values; null if it has none. */
function allowedCodes({ values }: Table['columns'][number], dictionary: Dictionary): Uint8Array | null {
	if (!values) return null;
	const codes = values.map((value) => dictionary.internText(value));
	const allowed = new Uint8Array(Math.max(...codes) + 1);
	for (const code of codes) allowed[code] = 1;
	return allowed;
}

/** Required columns the record lacks, keys and commitments aside. */
function absentColumns(table: Table, record: Readonly<Record<string, Json>>): Set<string> {
	const commitments = record['sd'];
	const committed = new Set(table.sealed && typeof commitments === 'object' && commitments !== null ? Object.keys(commitments) : []);
	return new Set(
		table.columns
			.filter(({ name, nullable }) => !nullable && !(name in record) && !committed.has(name) && !table.primaryKey.includes(name))
			.map((column) => column.name),
	);
}
