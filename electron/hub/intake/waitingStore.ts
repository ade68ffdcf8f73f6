/** The reorder buffer: events that wait for their predecessors, kept in the database so that a restart loses none. */
import type { Queryable } from '../database/databasePort.ts';
import type { FieldVault } from './fieldVault.ts';
import type { PlannedEvent } from './planEvents.ts';
import { readEvent, writeEvent } from './storedEvent.ts';

const COLUMNS = ['tenant', 'log_table', 'event_id', 'order_id', 'order_seq', 'event', 'batch_id', 'line', 'received_at'];

export async function keepWaiting(tx: Queryable, vault: FieldVault, tenant: string, events: readonly PlannedEvent[]): Promise<void> {
	if (events.length === 0) return;
	const rows = events.map((event) => [
		tenant,
		event.table,
		event.eventId,
		event.orderId,
		Number(event.record['order_seq']),
		vault.encrypt(tenant, writeEvent(event)),
		event.batchId,
		event.line,
		event.receivedAt,
	]);
	await tx.copyIn('waiting_event', COLUMNS, rows);
}

export async function dropWaiting(tx: Queryable, tenant: string, eventIds: readonly string[]): Promise<void> {
	if (eventIds.length === 0) return;
	await tx.query("DELETE FROM waiting_event WHERE tenant = $1 AND log_table = 'order_event' AND event_id = ANY($2::text[])", [
		tenant,
		eventIds,
	]);
}

/** Those that came before `before` (milliseconds since 1970): their window is over. */
export async function expiredEvents(db: Queryable, vault: FieldVault, tenant: string, before: number): Promise<readonly PlannedEvent[]> {
	const rows = await db.query<{ event: Uint8Array }>(
		'SELECT event FROM waiting_event WHERE tenant = $1 AND received_at < $2::bigint ORDER BY order_id, order_seq LIMIT 10000',
		[tenant, String(before)],
	);
	return rows.map(({ event }) => readEvent(vault.decrypt(tenant, event)));
}
