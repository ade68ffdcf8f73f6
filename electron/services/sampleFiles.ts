/** The files of a sample while they are written. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CompanyOptions, type CompanyRow, SAMPLE } from '#company';
import { fromHex } from '#kernel';
import { TABLE_NAMES, type TableName } from '#model';
import { SampleDocuments } from './sampleDocuments.ts';
import type { WrittenCheckpoint } from './sampleFlaws.ts';
import { SampleLines } from './sampleLines.ts';
import { LogFrontier, type LogSigner, sampleSigner } from './sampleLog.ts';
import { SampleTable } from './sampleTable.ts';

export interface SampleOptions extends Pick<CompanyOptions, 'orders' | 'seed' | 'anomalies'> {}

/** The drop being written: a file a table, a tree a sealed table, and the documents so far. */
export interface Writing {
	readonly root: string;
	readonly signer: LogSigner;
	readonly tables: ReadonlyMap<TableName, SampleTable>;
	readonly logs: ReadonlyMap<TableName, { readonly frontier: LogFrontier; month: string }>;
	readonly checkpoints: Map<TableName, WrittenCheckpoint[]>;
	readonly disclosures: SampleLines;
	readonly documents: SampleDocuments;
}

export function open(root: string, options: SampleOptions): Writing {
	for (const folder of ['data', 'disclosures', 'documents', 'checkpoints']) mkdirSync(join(root, folder));
	const logs = new Map<TableName, { frontier: LogFrontier; month: string }>();
	for (const table of SAMPLE.sealedTables) {
		mkdirSync(join(root, 'checkpoints', table));
		logs.set(table, { frontier: new LogFrontier(), month: '' });
	}
	return {
		root,
		signer: sampleSigner(SAMPLE.log, String(options.seed)),
		tables: new Map(TABLE_NAMES.map((table) => [table, new SampleTable(table, join(root, 'data', `${table}.ndjson`))])),
		logs,
		checkpoints: new Map(),
		disclosures: new SampleLines(join(root, 'disclosures', 'order_event.ndjson')),
		documents: new SampleDocuments(join(root, 'documents')),
	};
}

export function writeRow(writing: Writing, row: CompanyRow): void {
	const table = writing.tables.get(row.table) as SampleTable;
	if (row.sealed) {
		table.write(row.record, row.sealed.line);
		growLog(writing, row.table, row.record[row.table === 'order_event' ? 'recorded_at' : 'posted_at'] as string, row.sealed.leaf);
		if (row.disclosure) writing.disclosures.write(row.disclosure);
		return;
	}
	table.write(row.record, JSON.stringify(row.record));
	if (row.table === 'document' && row.content) writing.documents.add(row.record['sha256'] as string, row.content);
}

/** The company signs a checkpoint when a month is over. */
function growLog(writing: Writing, table: TableName, at: string, leaf: string): void {
	const log = writing.logs.get(table);
	if (!log) return;
	const month = at.slice(0, 7);
	if (log.month !== '' && month > log.month) writeCheckpoint(writing, table, log.frontier);
	if (month > log.month) log.month = month;
	log.frontier.append(leaf);
}

export function writeCheckpoint({ root, signer, checkpoints }: Writing, table: TableName, frontier: LogFrontier): void {
	const { size } = frontier;
	const rootHash = frontier.root();
	const note = signer.checkpoint(`${SAMPLE.log}/${table}`, size, fromHex(rootHash) ?? new Uint8Array());
	writeFileSync(join(root, 'checkpoints', table, `${size}.txt`), note);
	const written = checkpoints.get(table) ?? [];
	checkpoints.set(table, [...written, { size, root: rootHash }]);
}
