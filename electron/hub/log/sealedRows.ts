/** What of a log lies in the database: its lines, the last event of each order, the ids taken, and the sizes it was sealed at. */
import type { CopyValue, Database, Queryable } from '../database/databasePort.ts';
import { type ChainHead, knownChains, type PlacedEvent } from './chains.ts';
import type { LogTable } from './logPort.ts';

export interface LogName {
	readonly tenant: string;
	readonly table: LogTable;
}

/** PostgreSQL's unique_violation. */
export const isTaken = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '23505';

/** The last events of these chains. */
export async function readHeads(db: Queryable, { tenant, table }: LogName, chains: readonly string[]): Promise<Map<string, ChainHead>> {
	const rows = await db.query<{ order_id: string; n: bigint; idx: bigint; leaf: Uint8Array }>(
		'SELECT order_id, n, idx, leaf FROM order_head WHERE tenant = $1 AND log_table = $2 AND order_id = ANY($3::text[])',
		[tenant, table, chains],
	);
	return new Map(rows.map(({ order_id, n, idx, leaf }) => [order_id, { n: Number(n), index: Number(idx), leaf }]));
}

/** Those of the ids that are taken. */
export async function takenIds(db: Queryable, { tenant, table }: LogName, ids: readonly string[]): Promise<ReadonlySet<string>> {
	const rows = await db.query<{ event_id: string }>(
		'SELECT event_id FROM event_key WHERE tenant = $1 AND log_table = $2 AND event_id = ANY($3::text[])',
		[tenant, table, ids],
	);
	return new Set(rows.map(({ event_id }) => event_id));
}

export interface GroupRows {
	readonly events: readonly PlacedEvent[];
	readonly root: Uint8Array;
	/** Milliseconds since 1970. */
	readonly sealedAt: number;
	/** Disclosures as they are stored. */
	readonly encrypt: (disclosure: string) => Uint8Array;
}

/** Writes a group, within its transaction. An id that is taken is a unique_violation. */
export async function writeGroup(tx: Queryable, { tenant, table }: LogName, group: GroupRows): Promise<void> {
	const { events, root, sealedAt, encrypt } = group;
	const [first] = events;
	if (!first) return;
	await tx.copyIn(
		'sealed_line',
		['tenant', 'region', 'log_table', 'idx', 'order_id', 'n', 'leaf', 'line', 'batch_id', 'received_at'],
		rowsOf(events, ({ source, index, chain, n, leaf, line }) => [
			tenant,
			source.region,
			table,
			index,
			chain,
			n,
			leaf,
			line,
			source.batchId,
			source.receivedAt,
		]),
	);
	const named = events.filter(({ eventId }) => eventId !== null);
	await tx.copyIn(
		'event_key',
		['tenant', 'log_table', 'event_id', 'idx'],
		rowsOf(named, ({ eventId, index }) => [tenant, table, eventId, index]),
	);
	await writeHeads(tx, { tenant, table }, lastOf(events), knownChains(events));
	await tx.copyIn(
		'disclosure',
		['tenant', 'log_table', 'idx', 'no', 'secret'],
		events.flatMap(({ source, index }) => source.disclosures.map((text, no) => [tenant, table, index, no, encrypt(text)])),
	);
	await writeCheckpoint(tx, { tenant, table }, first.index + events.length, root, sealedAt);
}

function* rowsOf<T>(events: readonly T[], row: (event: T) => readonly CopyValue[]): Generator<readonly CopyValue[]> {
	for (const event of events) yield row(event);
}

const lastOf = (events: readonly PlacedEvent[]): readonly PlacedEvent[] => [
	...new Map(events.map((event) => [event.chain, event])).values(),
];

async function writeHeads(
	tx: Queryable,
	{ tenant, table }: LogName,
	heads: readonly PlacedEvent[],
	known: ReadonlySet<string>,
): Promise<void> {
	await tx.copyIn(
		'order_head',
		['tenant', 'log_table', 'order_id', 'n', 'idx', 'leaf'],
		heads.filter(({ chain }) => !known.has(chain)).map(({ chain, n, index, leaf }) => [tenant, table, chain, n, index, leaf]),
	);
	const changed = heads.filter(({ chain }) => known.has(chain));
	if (changed.length === 0) return;
	await tx.query(
		`UPDATE order_head SET n = new.n, idx = new.idx, leaf = new.leaf
		 FROM unnest($3::text[], $4::bigint[], $5::bigint[], $6::bytea[]) AS new (order_id, n, idx, leaf)
		 WHERE tenant = $1 AND log_table = $2 AND order_head.order_id = new.order_id`,
		[
			tenant,
			table,
			changed.map(({ chain }) => chain),
			changed.map(({ n }) => n),
			changed.map(({ index }) => index),
			changed.map(({ leaf }) => leaf),
		],
	);
}

async function writeCheckpoint(tx: Queryable, { tenant, table }: LogName, size: number, root: Uint8Array, sealedAt: number): Promise<void> {
	await tx.query(
		`INSERT INTO checkpoint (tenant, log_table, size, root, sealed_at) VALUES ($1, $2, $3, $4, $5)
		 ON CONFLICT (tenant, log_table, size) DO NOTHING`,
		[tenant, table, size, root, sealedAt],
	);
}

/** How many lines the database has. */
export async function rowCount(db: Queryable, { tenant, table }: LogName): Promise<number> {
	const [row] = await db.query<{ idx: bigint }>(
		'SELECT idx FROM sealed_line WHERE tenant = $1 AND log_table = $2 ORDER BY idx DESC LIMIT 1',
		[tenant, table],
	);
	return row ? Number(row.idx) + 1 : 0;
}

export interface SealedSize {
	readonly size: number;
	readonly root: Uint8Array;
}

/** The sizes after `from` up to `to` at which the database was sealed, ascending. */
export async function sealedSizes(db: Queryable, { tenant, table }: LogName, from: number, to: number): Promise<readonly SealedSize[]> {
	const rows = await db.query<{ size: bigint; root: Uint8Array }>(
		'SELECT size, root FROM checkpoint WHERE tenant = $1 AND log_table = $2 AND size > $3 AND size <= $4 ORDER BY size',
		[tenant, table, from, to],
	);
	return rows.map(({ size, root }) => ({ size: Number(size), root }));
}

/** The last size at which the database was sealed, 0 where never. */
export async function lastSealedSize(db: Queryable, { tenant, table }: LogName): Promise<number> {
	const [row] = await db.query<{ size: bigint }>(
		'SELECT size FROM checkpoint WHERE tenant = $1 AND log_table = $2 ORDER BY size DESC LIMIT 1',
		[tenant, table],
	);
	return row ? Number(row.size) : 0;
}

const PAGE = 2048;

/** Lines `from` to `to` in pages. */
export async function* readLines(db: Database, { tenant, table }: LogName, from: number, to: number): AsyncGenerator<readonly string[]> {
	for (let at = from; at < to; at += PAGE) {
		const rows = await db.query<{ line: string }>(
			'SELECT line FROM sealed_line WHERE tenant = $1 AND log_table = $2 AND idx >= $3 AND idx < $4 ORDER BY idx',
			[tenant, table, at, Math.min(at + PAGE, to)],
		);
		yield rows.map(({ line }) => line);
	}
}
