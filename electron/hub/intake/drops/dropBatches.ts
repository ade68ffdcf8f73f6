/** A table's file of a drop as batches: each declares its rows and its hash, as every extract at the hub's door may. */
import { createHash } from 'node:crypto';
import { readStrictJson } from '#evidence';
import type { DropSource, ImportedDrop } from '#intake';
import { concatBytes, type Json, utf8 } from '#kernel';
import { TABLES, type TableName } from '#model';
import { openCommitments } from '../commitments.ts';

export interface DropBatch {
	readonly bytes: Uint8Array;
	/** 1-based line of the file. */
	readonly firstLine: number;
}

const MAX_LINES = 2_000;
const MAX_BYTES = 8 << 20;
const PREFIX = utf8('{"record":');

/** @param sourceSystem names the drop in the batches' declarations */
export async function* batchesOf(
	source: DropSource,
	drop: ImportedDrop,
	table: TableName,
	sourceSystem: string,
): AsyncGenerator<DropBatch> {
	const file = drop.files.get(table);
	if (!file) return;
	const disclosures = TABLES[table].sealed ? await readDisclosures(source, table) : new Map<number, readonly string[]>();
	let lines: Uint8Array[] = [];
	let bytes = 0;
	let line = 0;
	let batchNo = 0;
	const flush = (): DropBatch => {
		const body = concatBytes(...lines);
		const sha256 = createHash('sha256').update(body).digest('hex');
		const declaration = { batch: { source_system: `${sourceSystem}:${table}`, batch_no: batchNo, rows: lines.length, sha256 } };
		const batch = { bytes: concatBytes(utf8(`${JSON.stringify(declaration)}\n`), body), firstLine: line - lines.length + 1 };
		batchNo++;
		lines = [];
		bytes = 0;
		return batch;
	};
	for await (const text of linesOf(source.open(file.path))) {
		line++;
		const envelope = concatBytes(PREFIX, text, utf8(suffixOf(table, text, disclosures.get(line))));
		lines.push(envelope);
		bytes += envelope.length;
		if (lines.length === MAX_LINES || bytes >= MAX_BYTES) yield flush();
	}
	if (lines.length > 0) yield flush();
}

function suffixOf(table: TableName, line: Uint8Array, disclosures: readonly string[] | undefined): string {
	const opening = disclosures ? openingOnes(line, disclosures) : [];
	return `${opening.length > 0 ? `,"disclosures":${JSON.stringify(opening)}` : ''},"table":"${table}"}\n`;
}

/** A disclosure that opens nothing is a problem of the drop, which its import has named; it must not keep the event out. */
function openingOnes(line: Uint8Array, disclosures: readonly string[]): readonly string[] {
	const record = readStrictJson(line);
	if (!record.ok) return [];
	const sd = (record.value as Readonly<Record<string, Json>>)['sd'] ?? null;
	return disclosures.filter((one) => openCommitments(sd, [one]) === null);
}

/** Lines of a file, without their line feeds. The import has bounded them already. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let carry: Uint8Array = new Uint8Array();
	for await (const chunk of chunks) {
		const bytes = carry.length > 0 ? concatBytes(carry, chunk) : chunk.slice();
		let from = 0;
		for (let end = bytes.indexOf(10, from); end >= 0; end = bytes.indexOf(10, from)) {
			yield bytes.subarray(from, end);
			from = end + 1;
		}
		carry = bytes.subarray(from);
	}
	if (carry.length > 0) yield carry;
}

/** By 1-based line of the table. */
async function readDisclosures(source: DropSource, table: TableName): Promise<ReadonlyMap<number, readonly string[]>> {
	const byLine = new Map<number, string[]>();
	const path = `disclosures/${table}.ndjson`;
	if (!source.paths.has(path)) return byLine;
	for await (const bytes of linesOf(source.open(path))) {
		const json = readStrictJson(bytes);
		if (!json.ok) continue;
		const { line, disclosure } = json.value as Readonly<Record<string, Json>>;
		if (typeof line !== 'number' || typeof disclosure !== 'string') continue;
		byLine.set(line, [...(byLine.get(line) ?? []), disclosure]);
	}
	return byLine;
}
