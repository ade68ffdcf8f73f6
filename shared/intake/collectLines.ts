/** Reads single lines of a drop again, byte for byte: what exceptions cite and packs carry. */
import { compareText, err, joinBytes, ok, type Result, sha256Hex } from '#kernel';
import type { TableName } from '#model';
import { LINES_PER_MARK, MAX_LINE_BYTES, type PopulationTable } from '#population';
import { type DropError, failDrop, showName } from './dropError.ts';
import { asDropError, type DropSource } from './dropSource.ts';
import type { ImportedDrop } from './importDrop.ts';
import type { ImportedFile } from './importTable.ts';
import type { CancelSignal } from './ports.ts';

/** A line as it stands in the drop, without its line feed. */
export interface CollectedLine {
	/** 1-based. */
	readonly line: number;
	readonly bytes: Uint8Array;
}

/** Of each table the lines of these rows, by row. The source must be the one the drop was imported from. */
export async function collectRows(
	source: DropSource,
	drop: Pick<ImportedDrop, 'population' | 'files'>,
	rows: ReadonlyMap<TableName, Iterable<number>>,
	signal?: CancelSignal,
): Promise<Result<ReadonlyMap<TableName, ReadonlyMap<number, CollectedLine>>, DropError>> {
	try {
		const collected = new Map<TableName, ReadonlyMap<number, CollectedLine>>();
		for (const [name, wanted] of [...rows].sort(([a], [b]) => compareText(a, b))) {
			const file = drop.files.get(name);
			if (!file) return err(notInDrop(name));
			const table = drop.population.table(name);
			const byLine = new Map([...wanted].map((row) => [table.lineOf(row), row] as const));
			const lines = await readLines(source, file, table, [...byLine.keys()], signal);
			collected.set(name, new Map(lines.map((one) => [byLine.get(one.line) as number, one])));
		}
		return ok(collected);
	} catch (error) {
		return err(asDropError(error, 'the drop'));
	}
}

/** The bytes of these lines (1-based, any order) of a table, ascending. */
export async function collectLines(
	source: DropSource,
	drop: Pick<ImportedDrop, 'population' | 'files'>,
	name: TableName,
	lines: Iterable<number>,
	signal?: CancelSignal,
): Promise<Result<readonly CollectedLine[], DropError>> {
	try {
		const file = drop.files.get(name);
		return file ? ok(await readLines(source, file, drop.population.table(name), [...lines], signal)) : err(notInDrop(name));
	} catch (error) {
		return err(asDropError(error, 'the drop'));
	}
}

const notInDrop = (name: TableName): DropError => ({
	code: 'table_file_missing',
	path: name,
	message: `The drop has no table ${name}. Check what was asked for.`,
});

async function readLines(
	source: DropSource,
	file: ImportedFile,
	table: PopulationTable,
	lines: readonly number[],
	signal: CancelSignal | undefined,
): Promise<CollectedLine[]> {
	const wanted = Float64Array.from(new Set(lines)).sort();
	const reader = new WantedLines(file.path, wanted);
	if (source.readRange) {
		for (let next = reader.next; next !== null; next = reader.next) {
			const mark = Math.floor((next - 1) / LINES_PER_MARK);
			const from = table.marks[mark] ?? failChanged(file.path);
			await reader.readFrom(mark * LINES_PER_MARK + 1, rangesOf(source.readRange, file, from), (mark + 1) * LINES_PER_MARK, signal);
			if (reader.next === next) failChanged(file.path);
		}
	} else if (reader.next !== null) {
		await reader.readFrom(1, source.open(file.path), Number.POSITIVE_INFINITY, signal);
	}
	if (reader.next !== null) failChanged(file.path);
	return reader.lines;
}

const RANGE_BYTES = 1 << 16;

async function* rangesOf(readRange: NonNullable<DropSource['readRange']>, file: ImportedFile, from: number): AsyncGenerator<Uint8Array> {
	for (let at = from; at < file.bytes; at += RANGE_BYTES) yield await readRange(file.path, at, Math.min(RANGE_BYTES, file.bytes - at));
}

function failChanged(path: string): never {
	return failDrop('not_readable', path, `${showName(path)} no longer has the lines it had when it was imported. Import the drop again.`);
}

const LINE_FEED = 10;

/** Picks wanted lines out of a stream that begins at some line. */
class WantedLines {
	readonly lines: CollectedLine[] = [];
	readonly #path: string;
	/** Ascending. */
	readonly #wanted: Float64Array;
	#position = 0;

	constructor(path: string, wanted: Float64Array) {
		this.#path = path;
		this.#wanted = wanted;
	}

	/** The first wanted line that was not found yet. */
	get next(): number | null {
		return this.#wanted[this.#position] ?? null;
	}

	/** Reads chunks that begin with line `first`, to the last wanted line that is not behind `last`. */
	async readFrom(first: number, chunks: AsyncIterable<Uint8Array>, last: number, signal: CancelSignal | undefined): Promise<void> {
		let line = first;
		let parts: Uint8Array[] = [];
		let held = 0;
		for await (const chunk of chunks) {
			if (signal?.aborted) failDrop('cancelled', this.#path, 'The reading was cancelled; nothing was kept.');
			let from = 0;
			for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, from)) {
				if (line === this.next) this.#keep(line, [...parts, chunk.subarray(from, end)]);
				parts = [];
				held = 0;
				from = end + 1;
				line++;
				if (this.next === null || this.next > last) return;
			}
			if (line !== this.next) continue;
			held += chunk.length - from;
			if (held > MAX_LINE_BYTES) failChanged(this.#path);
			parts.push(chunk.slice(from));
		}
		if (line === this.next && held > 0) this.#keep(line, parts);
	}

	#keep(line: number, parts: readonly Uint8Array[]): void {
		this.lines.push({ line, bytes: joinBytes(parts) });
		this.#position++;
	}
}

/** The hash under which results cite a line. */
export const lineSha256 = (line: CollectedLine): string => sha256Hex(line.bytes);
