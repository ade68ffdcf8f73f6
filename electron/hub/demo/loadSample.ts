/** The made-up company, sent to a hub as its systems would send it: records without places and predecessors, documents by their hash. */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { TABLE_NAMES, TABLES, type TableName } from '#model';
import { writeSample } from '../../services/writeSample.ts';
import type { Hub } from '../hub.ts';
import { laneOf } from '../intake/lanes.ts';

export interface SampleLoad {
	readonly tenant: string;
	readonly orders: number;
	readonly seed: number;
	readonly anomalies: 'none' | 'all';
	onProgress?(done: string, rows: number): void;
}

export interface LoadedSample {
	readonly rows: number;
	readonly documents: number;
	/** Lines that could not be taken. */
	readonly dead: number;
}

const BATCH_LINES = 4000;
const PRINCIPAL = 'demo';

/** Writes the sample to a folder of its own, sends it table by table, and removes it. Sent again, nothing is taken twice. */
export async function loadSample(hub: Hub, load: SampleLoad): Promise<LoadedSample> {
	const folder = await mkdtemp(join(tmpdir(), 'tieout-demo-'));
	try {
		const drop = join(folder, 'sample');
		const written = await writeSample(drop, load, () => undefined);
		if (!written.ok) throw new Error(written.error.message);
		const documents = await loadDocuments(hub, drop, load.tenant);
		let rows = 0;
		let dead = 0;
		for (const table of sendingOrder()) {
			const sent = await loadTable(hub, drop, table, load);
			rows += sent.rows;
			dead += sent.dead;
			load.onProgress?.(table, rows);
		}
		return { rows, documents, dead };
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Master data and orders first, as a hub needs an order's region before its events. */
const sendingOrder = (): TableName[] => [
	...TABLE_NAMES.filter((table) => !TABLES[table].sealed),
	...TABLE_NAMES.filter((table) => TABLES[table].sealed),
];

async function loadTable(
	hub: Hub,
	drop: string,
	table: TableName,
	{ tenant, orders, seed }: SampleLoad,
): Promise<{ rows: number; dead: number }> {
	const file = join(drop, 'data', `${table}.ndjson`);
	if (!existsSync(file)) return { rows: 0, dead: 0 };
	const disclosures = TABLES[table].sealed ? await readDisclosures(drop, table) : new Map<number, string[]>();
	let lines: string[] = [];
	let rows = 0;
	let dead = 0;
	const send = async (): Promise<void> => {
		if (lines.length === 0) return;
		const answer = await hub.intake.submit({
			tenant,
			principal: PRINCIPAL,
			idempotencyKey: `demo:${orders}:${seed}:${table}:${rows}`,
			channel: 'drop',
			lane: laneOf(table),
			bytes: Buffer.from(`${lines.join('\n')}\n`, 'utf8'),
			traceparent: null,
			receivedAt: Date.now(),
		});
		if (!answer.ok) throw new Error(`${table}: ${answer.error.message}`);
		dead += answer.value.dead.length;
		lines = [];
	};
	let number = 0;
	for await (const line of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })) {
		number++;
		lines.push(messageOf(table, line, disclosures.get(number)));
		rows++;
		if (lines.length >= BATCH_LINES) await send();
	}
	await send();
	return { rows, dead };
}

/** A record as its source knows it: the place in the log and in its order's chain are the hub's to give. */
function messageOf(table: TableName, line: string, disclosures: readonly string[] | undefined): string {
	if (!TABLES[table].sealed) return `{"table":"${table}","record":${line}}`;
	const { prev: _, order_seq: __, ...record } = JSON.parse(line) as Record<string, unknown>;
	return JSON.stringify({ table, record, ...(disclosures ? { disclosures } : {}) });
}

async function readDisclosures(drop: string, table: TableName): Promise<Map<number, string[]>> {
	const file = join(drop, 'disclosures', `${table}.ndjson`);
	const byLine = new Map<number, string[]>();
	if (!existsSync(file)) return byLine;
	for (const text of (await readFile(file, 'utf8')).split('\n')) {
		if (text === '') continue;
		const { line, disclosure } = JSON.parse(text) as { line: number; disclosure: string };
		byLine.set(line, [...(byLine.get(line) ?? []), disclosure]);
	}
	return byLine;
}

/** Some planted ones were altered after they were named: no hub takes those in, and they are missing there. @returns how many were sent */
async function loadDocuments(hub: Hub, drop: string, tenant: string): Promise<number> {
	const folder = join(drop, 'documents');
	let sent = 0;
	for (const sha256 of existsSync(folder) ? await readdir(folder) : []) {
		const bytes = await readFile(join(folder, sha256));
		if (createHash('sha256').update(bytes).digest('hex') !== sha256) continue;
		await hub.keepDocument(tenant, sha256, bytes);
		sent++;
	}
	return sent;
}
