/** Writes the made-up company as an evidence drop: into a folder beside the wanted one, which then takes its place. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Company, type CompanyOptions, type CompanyRow, generateCompany, SAMPLE } from '#company';
import { err, fromHex, ok, type Result } from '#kernel';
import { TABLE_NAMES, type TableName } from '#model';
import { SampleDocuments } from './sampleDocuments.ts';
import { declareFalsely, spoilCheckpoints, type WrittenCheckpoint } from './sampleFlaws.ts';
import { SampleLines } from './sampleLines.ts';
import { LogFrontier, type LogSigner, sampleSigner } from './sampleLog.ts';
import { SampleTable, type WrittenTable } from './sampleTable.ts';

export interface SampleOptions extends Pick<CompanyOptions, 'orders' | 'seed' | 'anomalies'> {}

export interface SampleSummary {
	readonly orders: number;
	readonly rows: number;
	readonly bytes: number;
	readonly documents: number;
	/** The log's key: what a verifier has to be given from outside the drop. */
	readonly vkey: string;
	readonly planted: number;
}

/** `not_a_sample`: the folder holds something else, which is left alone · `cannot_write`: the file system said no. */
export interface SampleError {
	readonly code: 'not_a_sample' | 'cannot_write';
	/** One sentence: what, where, how to mend. */
	readonly message: string;
}

export interface SampleProgress {
	readonly orders: number;
	readonly of: number;
	readonly rows: number;
}

const ORDERS_A_BREATH = 1024;

/**
 * Writes the drop of a made-up company to the folder `dir`, which must be absent, empty or an earlier sample.
 * Nothing half-written is left behind, and equal options give equal bytes.
 */
export async function writeSample(
	dir: string,
	options: SampleOptions,
	progress: (state: SampleProgress) => void,
): Promise<Result<SampleSummary, SampleError>> {
	const target = resolve(dir);
	let temporary: string | null = null;
	try {
		const occupied = await occupiedBy(target);
		if (occupied === 'something_else') {
			return err({ code: 'not_a_sample', message: `${dir} holds something else than an earlier sample. Give a new or empty folder.` });
		}
		mkdirSync(dirname(target), { recursive: true });
		temporary = mkdtempSync(join(dirname(target), `.${basename(target)}-`));
		const summary = await writeDrop(temporary, options, progress);
		await replace(target, temporary, occupied);
		return ok(summary);
	} catch (error) {
		if (temporary) await rm(temporary, { recursive: true, force: true });
		if (!(error instanceof Error && 'code' in error)) throw error;
		return err({ code: 'cannot_write', message: `${dir} could not be written: ${error.message}.` });
	}
}

const DROP_ENTRIES = ['answers.json', 'checkpoints', 'data', 'disclosures', 'documents', 'manifest.json'];

/** What stands where the sample shall go. An earlier sample has an answers file and nothing that a drop has not. */
async function occupiedBy(target: string): Promise<'nothing' | 'empty_folder' | 'sample' | 'something_else'> {
	const found = await stat(target).catch((error: unknown) => {
		if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
		throw error;
	});
	if (!found) return 'nothing';
	if (!found.isDirectory()) return 'something_else';
	const entries = await readdir(target);
	if (entries.length === 0) return 'empty_folder';
	if (!entries.includes('answers.json') || entries.some((entry) => !DROP_ENTRIES.includes(entry))) return 'something_else';
	const answers = await readFile(join(target, 'answers.json'), 'utf8');
	return answers.includes('"tieout-answers/1"') ? 'sample' : 'something_else';
}

async function replace(target: string, temporary: string, occupied: 'nothing' | 'empty_folder' | 'sample'): Promise<void> {
	if (occupied === 'empty_folder') await rmdir(target);
	if (occupied === 'sample') {
		const old = `${temporary}-old`;
		await rename(target, old);
		await rename(temporary, target);
		await rm(old, { recursive: true, force: true });
	} else await rename(temporary, target);
}

/** The drop being written: a file a table, a tree a sealed table, and the documents so far. */
interface Writing {
	readonly root: string;
	readonly signer: LogSigner;
	readonly tables: ReadonlyMap<TableName, SampleTable>;
	readonly logs: ReadonlyMap<TableName, { readonly frontier: LogFrontier; month: string }>;
	readonly checkpoints: Map<TableName, WrittenCheckpoint[]>;
	readonly disclosures: SampleLines;
	readonly documents: SampleDocuments;
}

async function writeDrop(root: string, options: SampleOptions, progress: (state: SampleProgress) => void): Promise<SampleSummary> {
	const writing = open(root, options);
	try {
		const company = generateCompany({ ...options, sha256OfText: (text) => createHash('sha256').update(text).digest('hex') });
		let rows = 0;
		let orders = 0;
		let next = ORDERS_A_BREATH;
		let step = company.next();
		for (; !step.done; step = company.next()) {
			for (const row of step.value) {
				writeRow(writing, row);
				if (row.table === 'sales_order') orders++;
			}
			rows += step.value.length;
			if (writing.documents.isBusy) await writing.documents.settle();
			if (orders < next) continue;
			next = orders + ORDERS_A_BREATH;
			progress({ orders, of: options.orders, rows });
			await setImmediate();
		}
		await writing.documents.settle(0);
		const { tables, planted } = finish(writing, step.value, options);
		return {
			orders,
			rows,
			bytes: tables.reduce((sum, { bytes }) => sum + bytes, 0),
			documents: writing.documents.summary.count,
			vkey: writing.signer.vkey,
			planted,
		};
	} finally {
		for (const file of [...writing.tables.values(), writing.disclosures]) file.abandon();
	}
}

function open(root: string, options: SampleOptions): Writing {
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

function writeRow(writing: Writing, row: CompanyRow): void {
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

function writeCheckpoint({ root, signer, checkpoints }: Writing, table: TableName, frontier: LogFrontier): void {
	const { size } = frontier;
	const rootHash = frontier.root();
	const note = signer.checkpoint(`${SAMPLE.log}/${table}`, size, fromHex(rootHash) ?? new Uint8Array());
	writeFileSync(join(root, 'checkpoints', table, `${size}.txt`), note);
	const written = checkpoints.get(table) ?? [];
	checkpoints.set(table, [...written, { size, root: rootHash }]);
}

/** Ends the tables and logs, spoils what is to be spoilt, and writes manifest and answers. */
function finish(writing: Writing, { answers, flaws }: Company, options: SampleOptions): { tables: WrittenTable[]; planted: number } {
	const { root, signer, documents, checkpoints } = writing;
	for (const [table, { frontier }] of writing.logs) if (frontier.size > 0) writeCheckpoint(writing, table, frontier);
	const found = spoilCheckpoints({ root, signer, written: checkpoints }, flaws);
	const tables = [...writing.tables.values()].map((table) => table.close());
	const manifest = {
		format: 'tieout-drop/1',
		drop_id: `${SAMPLE.dropPrefix}-${options.orders}-${options.seed}-${options.anomalies}`,
		company: SAMPLE.company,
		entity_ids: SAMPLE.entityIds,
		period_from: SAMPLE.periodFrom,
		period_to: SAMPLE.periodTo,
		as_of: SAMPLE.asOf,
		log: SAMPLE.log,
		log_key: signer.vkey,
		previous_drop: null,
		tables: tables.map((table) => ({
			...declareFalsely(table, flaws, found.planted),
			extracted_at: SAMPLE.extractedAt,
			extracted_by: SAMPLE.extractedBy,
			system: SAMPLE.system,
			query: `SELECT * FROM ${table.table}`,
		})),
		documents: documents.summary,
	};
	const planted = [...answers.planted, ...found.planted];
	const consequences = [...answers.consequences, ...found.consequences];
	writeFileSync(join(root, 'manifest.json'), `${JSON.stringify(manifest, null, '\t')}\n`);
	writeFileSync(join(root, 'answers.json'), `${JSON.stringify({ ...answers, planted, consequences }, null, '\t')}\n`);
	writing.disclosures.close();
	return { tables, planted: planted.length };
}
