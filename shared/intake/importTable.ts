/** Streams one table's file once: its hash, its lines as columns, and for a sealed table its log. */
import { type DisclosureReport, DisclosureSet, MAX_DISCLOSURE_BYTES, openSealedLog, type SealedLogReport } from '#evidence';
import type { Sha256Hex } from '#kernel';
import { TABLES, type TableName } from '#model';
import { MAX_LINE_BYTES, type PopulationBuilder } from '#population';
import { failDrop, showName } from './dropError.ts';
import type { DropSource } from './dropSource.ts';
import { disclosuresPath } from './importPlan.ts';
import type { IntakePorts } from './ports.ts';

export interface ImportedFile {
	readonly path: string;
	readonly sha256: Sha256Hex;
	readonly bytes: number;
	readonly lines: number;
}

export interface ImportedTable extends ImportedFile {
	readonly table: TableName;
	readonly endsWithLineFeed: boolean;
	/** Null where the table is not sealed. */
	readonly log: SealedLogReport | null;
	/** Null where the drop has no disclosures of the table. */
	readonly disclosures: DisclosureReport | null;
}

/** Called with the bytes of each chunk; throws to end the import. */
export type OnBytes = (bytes: number) => void;

const LINE_FEED = 10;

/** Reads a table of the data model into the population. Throws `DropFailure`. */
export async function importTable(
	source: DropSource,
	ports: IntakePorts,
	path: string,
	table: TableName,
	population: PopulationBuilder,
	onBytes: OnBytes,
): Promise<ImportedTable> {
	const disclosures = TABLES[table].sealed ? await readDisclosures(source, table, onBytes) : null;
	const builder = population.table(table, {
		fileBytes: await source.size(path),
		...(disclosures ? { disclosed: (line, commitments) => disclosures.valuesOf(line, commitments) } : {}),
	});
	const log = TABLES[table].sealed ? openSealedLog({ hasOrderSeq: table === 'order_event', maxLineBytes: MAX_LINE_BYTES }) : null;
	const file = await readFile(source, ports, path, onBytes, (chunk) => {
		const taken = builder.push(chunk);
		if (!taken.ok) failLongLine(path, taken.error.line, taken.error.offset);
		log?.push(chunk);
	});
	population.end(table);
	return { ...file, table, log: log?.finish() ?? null, disclosures: disclosures?.report() ?? null };
}

/** Hashes and counts a file that is no table of the data model. Throws `DropFailure`. */
export function importUnknownFile(source: DropSource, ports: IntakePorts, path: string, onBytes: OnBytes): Promise<ImportedFile> {
	return readFile(source, ports, path, onBytes, () => undefined);
}

function failLongLine(path: string, line: number, offset: number): never {
	return failDrop(
		'line_too_long',
		path,
		`${showName(path)}, line ${line} (from byte ${offset}), is longer than the ${MAX_LINE_BYTES} bytes a record may have. Ask the company to extract the table again, one record a line.`,
	);
}

async function readFile(source: DropSource, ports: IntakePorts, path: string, onBytes: OnBytes, take: (chunk: Uint8Array) => void) {
	const hash = ports.sha256();
	let bytes = 0;
	let lines = 0;
	let last = LINE_FEED;
	for await (const chunk of source.open(path)) {
		if (chunk.length === 0) continue;
		take(chunk);
		hash.update(chunk);
		bytes += chunk.length;
		lines += countLineFeeds(chunk);
		last = chunk[chunk.length - 1] as number;
		onBytes(chunk.length);
	}
	return { path, sha256: hash.hex(), bytes, lines: last === LINE_FEED ? lines : lines + 1, endsWithLineFeed: last === LINE_FEED };
}

function countLineFeeds(bytes: Uint8Array): number {
	let count = 0;
	for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) count++;
	return count;
}

async function readDisclosures(source: DropSource, table: TableName, onBytes: OnBytes): Promise<DisclosureSet | null> {
	const path = disclosuresPath(table);
	if (!source.paths.has(path)) return null;
	const disclosures = new DisclosureSet();
	for await (const chunk of source.open(path)) {
		const taken = disclosures.push(chunk);
		if (!taken.ok)
			failDrop(
				'line_too_long',
				path,
				`${showName(path)}, line ${taken.error.line}, is longer than the ${MAX_DISCLOSURE_BYTES} bytes a disclosure may have. Ask for the disclosures again.`,
			);
		onBytes(chunk.length);
	}
	disclosures.finish();
	return disclosures;
}
