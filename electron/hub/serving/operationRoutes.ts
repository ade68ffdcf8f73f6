/** How the hub is doing: health, metrics, feeds, traces, who read what; and news as they come. */
import { z } from 'zod';
import { feedsAnswerSchema, traceAnswerSchema } from '#sync';
import type { FeedMeter } from '../feeds/feedMeter.ts';
import { feedReport } from '../feeds/feedReport.ts';
import { readTrace } from '../intake/traces.ts';
import type { Database, LogReader } from '../types.ts';
import { readAccessLog } from './accessLog.ts';
import type { HubMetrics } from './metrics.ts';
import type { HubNews } from './news.ts';
import { refuse } from './problems.ts';
import { json, principalOf, type Route, TEXT } from './route.ts';

export interface OperationParts {
	readonly database: Database;
	readonly log: LogReader;
	readonly meter: FeedMeter;
	readonly metrics: HubMetrics;
	readonly news: HubNews;
	readonly version: string;
	/** Milliseconds since 1970. */
	now(): number;
}

const PAGE = 1000;
const WAIT_S_MAX = 25;
const HEARTBEAT_MS = 15_000;

export function operationRoutes(parts: OperationParts): Route[] {
	return [...healthRoutes(parts), ...reportRoutes(parts), ...newsRoutes(parts)];
}

function healthRoutes({ database, metrics, version }: OperationParts): Route[] {
	return [
		{
			method: 'GET',
			path: '/healthz',
			summary: 'Whether the process is alive',
			roles: null,
			handle: () => Promise.resolve(json({ status: 'ok', version })),
		},
		{
			method: 'GET',
			path: '/readyz',
			summary: 'Whether the hub can take and give evidence',
			roles: null,
			async handle() {
				await database.query('SELECT 1').catch(() => refuse('unavailable', 'The database does not answer.', { retryAfter: 5 }));
				return json({ status: 'ready' });
			},
		},
		{
			method: 'GET',
			path: '/metrics',
			summary: 'Metrics in the text format of Prometheus',
			roles: ['operator'],
			gives: TEXT,
			async handle() {
				const { type, text } = await metrics.page();
				return { type, body: text };
			},
		},
	];
}

function reportRoutes({ database, log, meter, now }: OperationParts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/feeds',
			summary: 'Per feed: position, lag, freshness, dead letters with the revenue at risk, latency and whether it is degraded',
			roles: ['auditor', 'compliance', 'operator', 'producer'],
			answer: feedsAnswerSchema,
			async handle(asked) {
				return json(await feedReport(database, log, meter, principalOf(asked).tenant, now()));
			},
		},
		{
			method: 'GET',
			path: '/v1/traces/:id',
			summary: 'The way of one event or batch from hop to hop',
			roles: ['auditor', 'compliance', 'operator', 'producer'],
			answer: traceAnswerSchema,
			async handle(asked) {
				const id = asked.params['id'] ?? '';
				const trace = /^[0-9a-f]{32}$/.test(id) ? await readTrace(database, principalOf(asked).tenant, id) : null;
				if (!trace) refuse('not_found', 'Nothing is known of this trace. A trace id is 32 hex digits.', { where: 'id' });
				return json(trace, { evidence: { subject: `trace ${id}`, rows: trace.spans.length } });
			},
		},
		{
			method: 'GET',
			path: '/v1/access-log',
			summary: 'Who read which evidence, oldest first',
			roles: ['compliance', 'operator'],
			query: z.strictObject({ after: z.coerce.number().int().min(0).optional() }),
			async handle(asked) {
				const entries = await readAccessLog(database, principalOf(asked).tenant, Number(asked.query['after'] ?? 0), PAGE);
				return json({ entries });
			},
		},
	];
}

function newsRoutes({ news }: OperationParts): Route[] {
	const roles = ['auditor', 'compliance', 'witness'] as const;
	return [
		{
			method: 'GET',
			path: '/v1/poll',
			summary: 'News behind a cursor, waited for up to 25 seconds',
			roles: [...roles],
			query: z.strictObject({
				after: z.coerce.number().int().min(0).optional(),
				wait: z.coerce.number().int().min(0).max(WAIT_S_MAX).optional(),
			}),
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const after = Number(asked.query['after'] ?? 0);
				const found = await news.after(tenant, after, Number(asked.query['wait'] ?? 0) * 1000, asked.signal);
				return json(found);
			},
		},
		{
			method: 'GET',
			path: '/v1/stream',
			summary: 'News as server-sent events; Last-Event-ID goes on behind the last one seen',
			roles: [...roles],
			gives: 'text/event-stream',
			handle(asked) {
				const { tenant } = principalOf(asked);
				const last = Number(asked.headers['last-event-id'] ?? 0);
				return Promise.resolve({
					type: 'text/event-stream; charset=utf-8',
					headers: { 'x-accel-buffering': 'no' },
					body: events(news, tenant, Number.isSafeInteger(last) && last >= 0 ? last : 0, asked.signal),
				});
			},
		},
	];
}

async function* events(news: HubNews, tenant: string, after: number, signal: AbortSignal): AsyncGenerator<string> {
	yield ': connected\n\n';
	for (let cursor = after; !signal.aborted; ) {
		const found = await news.after(tenant, cursor, HEARTBEAT_MS, signal);
		if (found.news.length === 0) yield ': still here\n\n';
		for (const each of found.news) yield `id: ${each.cursor}\nevent: ${each.kind}\ndata: ${JSON.stringify(each)}\n\n`;
		cursor = found.cursor;
	}
}
