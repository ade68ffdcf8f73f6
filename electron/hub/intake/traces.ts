/** The journey of a batch and of each of its events, from hop to hop, under the trace the sender gave. */
import { formatInstant } from '#kernel';
import type { Queryable } from '../database/databasePort.ts';
import type { PlannedEvent } from './planEvents.ts';
import { readTraceparent, traceOfRecord } from './traceContext.ts';

/** Notes which events belong to which trace, inside the transaction that writes their batch. */
export async function keepTraces(
	tx: Queryable,
	tenant: string,
	traceparent: string | null,
	events: readonly PlannedEvent[],
): Promise<void> {
	const batch = readTraceparent(traceparent);
	const rows = new Map<string, readonly string[]>();
	for (const { record, trace, eventId, orderId, batchId } of events) {
		const own = traceOfRecord(trace, record);
		for (const context of own && batch && own.traceId !== batch.traceId ? [own, batch] : [own ?? batch]) {
			if (context) rows.set(`${context.traceId}/${eventId}`, [context.traceId, eventId, orderId, context.spanId, batchId]);
		}
	}
	if (rows.size === 0) return;
	const values = [...rows.values()];
	await tx.query(
		`INSERT INTO trace_event (tenant, trace_id, event_id, order_id, span_id, batch_id)
		 SELECT $1, * FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[])
		 ON CONFLICT (tenant, trace_id, event_id) DO NOTHING`,
		[tenant, ...[0, 1, 2, 3, 4].map((at) => values.map((row) => row[at]))],
	);
}

export interface TraceSpan {
	readonly span_id: string;
	readonly parent_id: string | null;
	readonly hop: string;
	readonly started_at: string;
	/** Milliseconds. */
	readonly ms: number;
}

export interface Trace {
	readonly trace_id: string;
	readonly order_id: string | null;
	readonly spans: readonly TraceSpan[];
}

interface EventRow {
	readonly event_id: string;
	readonly order_id: string;
	readonly span_id: string | null;
	readonly batch_id: string;
	readonly sent_at: bigint | null;
	readonly received_at: bigint;
	readonly validated_at: bigint;
	readonly committed_at: bigint;
	readonly sealed_at: bigint | null;
}

const MAX_SPANS = 1000;

/** What is known of a trace; null if nothing is. Hops of intake come from the batches, later ones from `trace_span`. */
export async function readTrace(db: Queryable, tenant: string, traceId: string): Promise<Trace | null> {
	const events = await db.query<EventRow>(
		`SELECT e.event_id, e.order_id, e.span_id, e.batch_id, b.sent_at, b.received_at, b.validated_at, b.committed_at, b.sealed_at
		 FROM trace_event e JOIN etl_batch b ON b.tenant = e.tenant AND b.batch_id = e.batch_id
		 WHERE e.tenant = $1 AND e.trace_id = $2 ORDER BY b.serial LIMIT 200`,
		[tenant, traceId],
	);
	const later = await db.query<{ span_id: string; parent: string | null; hop: string; at: bigint; ms: number }>(
		'SELECT span_id, parent, hop, at, ms FROM trace_span WHERE tenant = $1 AND trace_id = $2 ORDER BY at LIMIT 1000',
		[tenant, traceId],
	);
	if (events.length === 0 && later.length === 0) return null;
	const batches = new Map(events.map((event) => [event.batch_id, event]));
	const spans = [
		...[...batches.values()].flatMap(hopsOf),
		...later.map(({ span_id, parent, hop, at, ms }) => ({ span_id, parent_id: parent, hop, started_at: formatInstant(Number(at)), ms })),
	];
	const orders = new Set(events.map(({ order_id }) => order_id));
	const [order] = orders;
	return { trace_id: traceId, order_id: orders.size === 1 ? (order ?? null) : null, spans: spans.slice(0, MAX_SPANS) };
}

/** A hop lasts from the end of the one before it to its own. */
function hopsOf(row: EventRow): TraceSpan[] {
	const ends = [
		['sent', row.sent_at],
		['received', row.received_at],
		['validated', row.validated_at],
		['committed', row.committed_at],
		['sealed', row.sealed_at],
	] as const;
	const spans: TraceSpan[] = [];
	let before: bigint | null = null;
	for (const [hop, at] of ends) {
		if (at === null) continue;
		const from: bigint = before ?? at;
		const ms = Math.max(0, Number(at - from));
		const parent = spans.at(-1)?.span_id ?? row.span_id;
		spans.push({ span_id: `${row.batch_id}-${hop}`, parent_id: parent, hop, started_at: formatInstant(Number(from)), ms });
		before = at;
	}
	return spans;
}
