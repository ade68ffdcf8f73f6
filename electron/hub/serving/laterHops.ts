/**
 * The hops behind the seal: when a publication first covered the event, and when an auditor first fetched its line. Both follow from what is
 * kept anyway, so that nothing is written an event.
 */
import { formatInstant } from '#kernel';
import type { Queryable } from '../database/databasePort.ts';
import type { Trace, TraceSpan } from '../intake/traces.ts';

export async function withLaterHops(db: Queryable, tenant: string, trace: Trace): Promise<Trace> {
	const places = await placesOf(db, tenant, trace.trace_id);
	if (places.length === 0) return trace;
	const spans = [...trace.spans];
	const sealed = spans.findLast(({ hop }) => hop === 'sealed');
	let before = sealed ? { id: sealed.span_id, at: Date.parse(sealed.started_at) + sealed.ms } : null;
	for (const [hop, at] of [
		['published', await publishedAt(db, tenant, places)],
		['pulled', await pulledAt(db, tenant, places)],
	] as const) {
		// Lines are given out as soon as they are sealed: a pull may come before the publication.
		if (at === null) continue;
		const from = before && before.at <= at ? before.at : at;
		const span: TraceSpan = {
			span_id: `${trace.trace_id.slice(0, 16)}-${hop}`,
			parent_id: before?.id ?? null,
			hop,
			started_at: formatInstant(from),
			ms: at - from,
		};
		spans.push(span);
		before = { id: span.span_id, at };
	}
	return { ...trace, spans };
}

interface Place {
	readonly table: string;
	/** Of the last event of the trace in this log: a hop is done when all of them have taken it. */
	readonly index: number;
}

async function placesOf(db: Queryable, tenant: string, traceId: string): Promise<readonly Place[]> {
	const rows = await db.query<{ log_table: string; idx: bigint }>(
		`SELECT k.log_table, max(k.idx) AS idx FROM trace_event e
		 JOIN event_key k ON k.tenant = e.tenant AND k.event_id = e.event_id AND k.log_table IN ('order_event', 'revenue_event')
		 WHERE e.tenant = $1 AND e.trace_id = $2 GROUP BY k.log_table`,
		[tenant, traceId],
	);
	return rows.map(({ log_table, idx }) => ({ table: log_table, index: Number(idx) }));
}

/** The latest of the firsts; null while one is missing. */
function latest(instants: readonly (bigint | null | undefined)[]): number | null {
	let last = 0;
	for (const at of instants) {
		if (at === null || at === undefined) return null;
		last = Math.max(last, Number(at));
	}
	return last;
}

async function publishedAt(db: Queryable, tenant: string, places: readonly Place[]): Promise<number | null> {
	const first = async ({ table, index }: Place): Promise<bigint | undefined> => {
		const [row] = await db.query<{ created_at: bigint }>(
			'SELECT created_at FROM publication WHERE tenant = $1 AND (sizes ->> $2)::bigint > $3 ORDER BY number LIMIT 1',
			[tenant, table, index],
		);
		return row?.created_at;
	};
	return latest(await Promise.all(places.map(first)));
}

async function pulledAt(db: Queryable, tenant: string, places: readonly Place[]): Promise<number | null> {
	const first = async ({ table, index }: Place): Promise<bigint | null | undefined> => {
		const [row] = await db.query<{ at: bigint | null }>(
			`SELECT min(at) AS at FROM access_log
			 WHERE tenant = $1 AND log_table = $2 AND to_idx > $3 AND from_idx <= $3 AND role IN ('auditor', 'compliance')`,
			[tenant, table, index],
		);
		return row?.at;
	};
	return latest(await Promise.all(places.map(first)));
}
