/** Loads what planning a batch needs to know: sealed events of the same ids, the ends of its orders' chains, and who waits. */
import { toHex } from '#kernel';
import type { Queryable } from '../database/databasePort.ts';
import { MAX_WAITING } from './bounds.ts';
import type { RecordJson } from './checkRecord.ts';
import type { FieldVault } from './fieldVault.ts';
import type { PendingEvents } from './pendingEvents.ts';
import type { ChainEnd } from './placeEvent.ts';
import type { KnownEvents, PlannedEvent, SealedTable } from './planEvents.ts';
import { readEvent } from './storedEvent.ts';

const NO_EVENTS: ChainEnd = { n: 0, leaf: null };

/**
 * What is known of the events and orders concerned. Pending events are looked up first: what leaves them meanwhile is in the database.
 * A chain whose end is pending has no leaf yet; who needs it waits until nothing is pending.
 */
export async function loadKnown(
	db: Queryable,
	vault: FieldVault,
	tenant: string,
	events: readonly PlannedEvent[],
	pending: PendingEvents,
): Promise<KnownEvents> {
	const records = new Map<string, RecordJson>();
	const ends = new Map<string, ChainEnd>();
	for (const { table, eventId, orderId } of events) {
		const record = pending.record(table, eventId);
		if (record) records.set(`${table}/${eventId}`, record);
		const n = pending.count(table, orderId);
		if (n !== null) ends.set(`${table}/${orderId}`, { n, leaf: null });
	}
	const tables = (['order_event', 'revenue_event'] as const).filter((table) => events.some((event) => event.table === table));
	// Asked at once: with a server each question is a way there and back, and the tenant's other batches wait.
	const [waitingCount, ...answers] = await Promise.all([
		countWaiting(db, tenant),
		...tables.map((table) => ask(db, tenant, table, events)),
	]);
	const waiting: PlannedEvent[] = [];
	for (const { table, sealed, heads, parked } of answers) {
		for (const [id, record] of sealed) records.set(`${table}/${id}`, record);
		for (const [order, end] of heads) {
			const name = `${table}/${order}`;
			if ((ends.get(name)?.n ?? 0) <= end.n) ends.set(name, end);
		}
		for (const event of parked) waiting.push(readEvent(vault.decrypt(tenant, event)));
	}
	return {
		sealed: (table, eventId) => records.get(`${table}/${eventId}`) ?? null,
		chainEnd: (table, orderId) => ends.get(`${table}/${orderId}`) ?? NO_EVENTS,
		waiting,
		waitingCount,
	};
}

async function ask(db: Queryable, tenant: string, table: SealedTable, events: readonly PlannedEvent[]) {
	const mine = events.filter((event) => event.table === table);
	const ids = [...new Set(mine.map(({ eventId }) => eventId))];
	const orders = [...new Set(mine.map(({ orderId }) => orderId))];
	const [sealed, heads, parked] = await Promise.all([
		sealedRecords(db, tenant, table, ids),
		chainEnds(db, tenant, table, orders),
		waitingEvents(db, tenant, table, ids, orders),
	]);
	return { table, sealed, heads, parked };
}

async function sealedRecords(db: Queryable, tenant: string, table: SealedTable, ids: readonly string[]): Promise<Map<string, RecordJson>> {
	const keys = await db.query<{ event_id: string; idx: bigint }>(
		'SELECT event_id, idx FROM event_key WHERE tenant = $1 AND log_table = $2 AND event_id = ANY($3::text[])',
		[tenant, table, ids],
	);
	if (keys.length === 0) return new Map();
	const lines = await db.query<{ idx: bigint; line: string }>(
		'SELECT idx, line FROM sealed_line WHERE tenant = $1 AND log_table = $2 AND idx = ANY($3::bigint[])',
		[tenant, table, keys.map(({ idx }) => idx.toString())],
	);
	const byIndex = new Map(lines.map(({ idx, line }) => [idx, line]));
	return new Map(keys.map(({ event_id, idx }) => [event_id, JSON.parse(byIndex.get(idx) ?? 'null') as RecordJson]));
}

async function chainEnds(db: Queryable, tenant: string, table: SealedTable, orders: readonly string[]): Promise<Map<string, ChainEnd>> {
	const rows = await db.query<{ order_id: string; n: bigint; leaf: Uint8Array }>(
		'SELECT order_id, n, leaf FROM order_head WHERE tenant = $1 AND log_table = $2 AND order_id = ANY($3::text[])',
		[tenant, table, orders],
	);
	return new Map(rows.map(({ order_id, n, leaf }) => [order_id, { n: Number(n), leaf: toHex(leaf) }]));
}

/** As they are stored: encrypted. */
async function waitingEvents(
	db: Queryable,
	tenant: string,
	table: SealedTable,
	ids: readonly string[],
	orders: readonly string[],
): Promise<readonly Uint8Array[]> {
	const rows = await db.query<{ event: Uint8Array }>(
		'SELECT event FROM waiting_event WHERE tenant = $1 AND log_table = $2 AND (order_id = ANY($3::text[]) OR event_id = ANY($4::text[]))',
		[tenant, table, orders, ids],
	);
	return rows.map(({ event }) => event);
}

async function countWaiting(db: Queryable, tenant: string): Promise<number> {
	const [row] = await db.query<{ count: bigint }>(
		`SELECT count(*) AS count FROM (SELECT FROM waiting_event WHERE tenant = $1 LIMIT ${MAX_WAITING}) AS waiting`,
		[tenant],
	);
	return Number(row?.count ?? 0n);
}
