/**
 * Publications: consistent cuts of a tenant, each a signed manifest of an evidence drop. Made when something changed since the last one. What
 * a reader fetches of them comes from files: at a month's end, readers never touch the database.
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { formatInstant, sha256, utf8 } from '#kernel';
import { isTableName, TABLES, type TableName } from '#model';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { Database, LogStore, Queryable } from '../types.ts';
import { isTableFile, readTableFile, writeTableFile } from './tableFile.ts';
import { type Declared, TableTally } from './tableTally.ts';

export interface Publication {
	readonly number: number;
	/** Text of a `tieout-drop/1` manifest. */
	readonly manifest: string;
	/** Signed note in the form of a checkpoint: origin `<log>/publication`, size = number, root = SHA-256 of the manifest. */
	readonly note: string;
	readonly revisions: Readonly<Record<string, number>>;
	readonly sizes: Readonly<Record<string, number>>;
}

export interface PublicationPorts {
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: Pick<LogStore, 'head' | 'lines' | 'keys' | 'publicationNote'>;
	/** Where the files of tables lie. */
	readonly folder: string;
	readonly version: string;
	/** Milliseconds since 1970. */
	now(): number;
	/** Waits until no batch of the tenant is between its rows and its seal. */
	settle(tenant: string): Promise<void>;
}

export interface Publications {
	/** The newest one, made anew where something changed since; null while there is nothing to publish. */
	latest(tenant: string): Promise<Publication | null>;
	at(tenant: string, number: number): Promise<Publication | null>;
	/** Bytes of a plain table's file; null where the publication or table is not kept. */
	tableBytes(tenant: string, number: number, table: string, offset: number, length: number): Promise<Uint8Array | null>;
}

const SEALED = ['order_event', 'revenue_event'] as const;
/** Files of so many publications are kept; a slow reader gets at least that long. */
const KEPT = 8;

interface Cut {
	readonly sizes: Record<string, number>;
	readonly revisions: Record<string, number>;
	readonly documents: { readonly count: number; readonly bytes: number };
}

export function publications(ports: PublicationPorts): Publications {
	const tallies = new Map<string, TableTally>();
	const underWay = new Map<string, { readonly making: Promise<Publication | null> }>();
	const at = async (tenant: string, number: number): Promise<Publication | null> => readPublication(ports.database, tenant, number);
	const make = async (tenant: string): Promise<Publication | null> => {
		await ports.settle(tenant);
		const last = await newest(ports.database, tenant);
		const sizes = Object.fromEntries(SEALED.map((table) => [table, ports.log.head(tenant, table).size]));
		const cut = await cutOf(ports.database, tenant, sizes);
		if (Object.values(cut.sizes).every((size) => size === 0) && Object.keys(cut.revisions).length === 0) return null;
		if (last && isSame(last, cut)) return last;
		return await publish(ports, tenant, cut, last, tallies);
	};
	return {
		at,
		// One at a time a tenant: whoever asks meanwhile gets the one under way.
		latest: (tenant) => {
			const known = underWay.get(tenant);
			if (known) return known.making;
			const making = make(tenant).finally(() => underWay.delete(tenant));
			underWay.set(tenant, { making });
			return making;
		},
		tableBytes: async (tenant, number, table, offset, length) => {
			const publication = await at(tenant, number);
			const revision = publication?.revisions[table];
			if (revision === undefined || !isTableName(table)) return null;
			const path = fileOf(ports, tenant, table, revision);
			return (await isTableFile(path)) ? await readTableFile(path, tenant, ports.keys, offset, length) : null;
		},
	};
}

const fileOf = ({ folder }: PublicationPorts, tenant: string, table: TableName, revision: number): string =>
	join(folder, tenant, table, `${revision}.sealed`);

async function cutOf(db: Queryable, tenant: string, sizes: Record<string, number>): Promise<Cut> {
	const states = await db.query<{ table_name: string; revision: bigint }>(
		'SELECT table_name, revision FROM table_state WHERE tenant = $1 ORDER BY table_name',
		[tenant],
	);
	const [documents] = await db.query<{ count: bigint; bytes: bigint }>(
		'SELECT count(*) AS count, coalesce(sum(bytes), 0)::bigint AS bytes FROM document WHERE tenant = $1',
		[tenant],
	);
	return {
		sizes,
		revisions: Object.fromEntries(states.map(({ table_name, revision }) => [table_name, Number(revision)])),
		documents: { count: Number(documents?.count ?? 0), bytes: Number(documents?.bytes ?? 0) },
	};
}

/** Documents are named by rows of the table `document`, so that a new one alone does not need a new publication. */
const isSame = ({ sizes, revisions }: Publication, cut: Cut): boolean => same(sizes, cut.sizes) && same(revisions, cut.revisions);

const same = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean =>
	Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value);

interface DeclaredTable extends Declared {
	readonly table: string;
	readonly query: string;
}

async function publish(
	ports: PublicationPorts,
	tenant: string,
	cut: Cut,
	last: Publication | null,
	tallies: Map<string, TableTally>,
): Promise<Publication> {
	const sealed: DeclaredTable[] = [];
	for (const table of SEALED) {
		const tally = await tallyLog(ports.log, tenant, table, cut.sizes[table] ?? 0, tallies);
		if (tally.rows > 0) sealed.push({ table, query: `lines 1 to ${tally.rows} of the log`, ...tally.declared() });
	}
	const { tables, revisions } = await writeTables(ports, tenant, cut, last);
	const events = tallies.get(`${tenant}/order_event`);
	const number = (last?.number ?? 0) + 1;
	const manifest = await manifestOf(ports, tenant, number, last, [...sealed, ...tables], cut, events ?? null);
	const note = ports.log.publicationNote(tenant, number, sha256(utf8(manifest)));
	await ports.database.query(
		'INSERT INTO publication (tenant, number, manifest, note, created_at, sizes, revisions) VALUES ($1, $2, $3, $4, $5, $6, $7)',
		[tenant, number, manifest, note, ports.now(), JSON.stringify(cut.sizes), JSON.stringify(revisions)],
	);
	await forgetOldFiles(ports, tenant, number);
	return { number, manifest, note, revisions, sizes: cut.sizes };
}

/** A log's tally goes on where the last publication left it. */
async function tallyLog(
	log: PublicationPorts['log'],
	tenant: string,
	table: (typeof SEALED)[number],
	size: number,
	tallies: Map<string, TableTally>,
): Promise<TableTally> {
	const id = `${tenant}/${table}`;
	const tally = tallies.get(id) ?? new TableTally(table);
	tallies.set(id, tally);
	if (tally.rows < size) for await (const line of log.lines(tenant, table, tally.rows, size)) tally.add(line.subarray(0, -1));
	return tally;
}

const PAGE = 5000;

/** Every plain table at one instant of the database. A table unchanged since the last publication keeps its file. */
async function writeTables(
	ports: PublicationPorts,
	tenant: string,
	cut: Cut,
	last: Publication | null,
): Promise<{ tables: DeclaredTable[]; revisions: Record<string, number> }> {
	const kept = new Map(
		last ? (JSON.parse(last.manifest) as { tables: (DeclaredTable & { file: string })[] }).tables.map((each) => [each.table, each]) : [],
	);
	return await ports.database.transaction(async (tx) => {
		await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
		const { revisions } = await cutOf(tx, tenant, cut.sizes);
		const tables: DeclaredTable[] = [];
		for (const [table, revision] of Object.entries(revisions)) {
			if (!isTableName(table)) continue;
			const before = last?.revisions[table] === revision ? kept.get(table) : undefined;
			if (before && (await isTableFile(fileOf(ports, tenant, table, revision)))) {
				const { rows, bytes, sha256: hash, control_totals, query } = before;
				tables.push({ table, rows, bytes, sha256: hash, control_totals, query });
			} else {
				const tally = await writeTable(ports, tx, tenant, table, revision);
				tables.push({ table, query: `revision ${revision}`, ...tally.declared() });
			}
		}
		return { tables, revisions };
	});
}

async function writeTable(ports: PublicationPorts, tx: Queryable, tenant: string, table: TableName, revision: number): Promise<TableTally> {
	const tally = new TableTally(table);
	const file = await writeTableFile(fileOf(ports, tenant, table, revision), tenant, ports.keys);
	try {
		for (let after = -1n; ; ) {
			const rows = await tx.query<{ position: bigint; line: string; secret: Uint8Array | null }>(
				`SELECT position, line, secret FROM table_row WHERE tenant = $1 AND table_name = $2 AND position > $3 AND NOT deleted
				 ORDER BY position LIMIT ${PAGE}`,
				[tenant, table, after],
			);
			const lines = rows.map(({ line, secret }) => Buffer.from(`${ports.keys.reveal(tenant, table, { line, secret })}\n`, 'utf8'));
			for (const line of lines) tally.add(line.subarray(0, -1));
			await file.write(Buffer.concat(lines));
			if (rows.length < PAGE) break;
			after = rows.at(-1)?.position ?? after;
		}
		await file.finish();
		return tally;
	} catch (error) {
		await file.abandon();
		throw error;
	}
}

async function manifestOf(
	ports: PublicationPorts,
	tenant: string,
	number: number,
	last: Publication | null,
	tables: readonly DeclaredTable[],
	cut: Cut,
	events: TableTally | null,
): Promise<string> {
	const [about] = await ports.database.query<{ company: string; log: string; entity_ids: readonly string[] }>(
		'SELECT company, log, entity_ids FROM tenant WHERE tenant = $1',
		[tenant],
	);
	if (!about) throw new Error(`tenant ${tenant} is gone`);
	const key = ports.log.keys(tenant).find(({ to }) => to === null);
	const now = formatInstant(ports.now());
	// A source's clock may run ahead of the hub's: what is recorded already is not in the future of an audit.
	const asOf = events?.last && events.last > now ? events.last : now;
	return JSON.stringify({
		format: 'tieout-drop/1',
		drop_id: `${tenant}-${number}`,
		company: about.company,
		entity_ids: about.entity_ids,
		period_from: (events?.first ?? asOf).slice(0, 7),
		period_to: (events?.last ?? asOf).slice(0, 7),
		as_of: asOf,
		log: about.log,
		log_key: key?.vkey ?? null,
		previous_drop: last ? `${tenant}-${last.number}` : null,
		tables: tables.map(({ table, query, rows, bytes, sha256: hash, control_totals }) => ({
			table,
			file: `data/${table}.ndjson`,
			sha256: hash,
			bytes,
			rows,
			control_totals,
			extracted_at: now,
			extracted_by: `tieout hub ${ports.version}`,
			system: 'hub',
			query,
		})),
		documents: cut.documents,
	});
}

interface PublicationRow {
	readonly number: bigint;
	readonly manifest: string;
	readonly note: string;
	readonly sizes: Record<string, number>;
	readonly revisions: Record<string, number>;
}

const publicationOf = (row: PublicationRow): Publication => ({ ...row, number: Number(row.number) });

async function newest(db: Queryable, tenant: string): Promise<Publication | null> {
	const [row] = await db.query<PublicationRow>(
		'SELECT number, manifest, note, sizes, revisions FROM publication WHERE tenant = $1 ORDER BY number DESC LIMIT 1',
		[tenant],
	);
	return row ? publicationOf(row) : null;
}

async function readPublication(db: Queryable, tenant: string, number: number): Promise<Publication | null> {
	const [row] = await db.query<PublicationRow>(
		'SELECT number, manifest, note, sizes, revisions FROM publication WHERE tenant = $1 AND number = $2',
		[tenant, number],
	);
	return row ? publicationOf(row) : null;
}

/** Files that none of the last publications stands on go away. */
async function forgetOldFiles(ports: PublicationPorts, tenant: string, number: number): Promise<void> {
	const rows = await ports.database.query<{ revisions: Record<string, number> }>(
		'SELECT revisions FROM publication WHERE tenant = $1 AND number > $2',
		[tenant, number - KEPT],
	);
	for (const table of Object.keys(TABLES)) {
		const folder = join(ports.folder, tenant, table);
		const needed = new Set(rows.map(({ revisions }) => `${revisions[table]}.sealed`));
		const names = await readdir(folder).catch(() => []);
		for (const name of names) if (name.endsWith('.sealed') && !needed.has(name)) await rm(join(folder, name), { force: true });
	}
}
