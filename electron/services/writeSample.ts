/** Writes the made-up company as an evidence drop: into a folder beside the wanted one, which then takes its place. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type Company, generateCompany, SAMPLE } from '#company';
import { err, ok, type Result } from '#kernel';
import { open, type SampleOptions, type Writing, writeCheckpoint, writeRow } from './sampleFiles.ts';
import { declareFalsely, spoilCheckpoints } from './sampleFlaws.ts';
import type { WrittenTable } from './sampleTable.ts';

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
