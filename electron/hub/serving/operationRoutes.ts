/** How the hub is doing: health, metrics, feeds, traces, who read what. */
import { z } from 'zod';
import { feedsAnswerSchema, traceAnswerSchema } from '#sync';
import type { Database } from '../database/databasePort.ts';
import type { FeedMeter } from '../feeds/feedMeter.ts';
import { feedReport } from '../feeds/feedReport.ts';
import { readTrace } from '../intake/traces.ts';
import type { LogReader } from '../log/logPort.ts';
import { readAccessLog } from './accessLog.ts';
import type { AccessSpool } from './accessSpool.ts';
import { withLaterHops } from './laterHops.ts';
import type { HubMetrics } from './metrics.ts';
import { refuse } from './problems.ts';
import { json, nameOf, numberIn, principalOf, type Route, TEXT, whole } from './route.ts';

export interface OperationParts {
	readonly database: Database;
	readonly log: LogReader;
	readonly meter: FeedMeter;
	readonly metrics: HubMetrics;
	readonly readings: AccessSpool;
	readonly version: string;
	/** Whether the disk still takes something. */
	hasRoom(): Promise<boolean>;
	/** Milliseconds since 1970. */
	now(): number;
}

const PAGE = 1000;
/** Anybody may ask whether the hub is ready; the database is asked so often at most. */
const READY_MS = 1000;

const YES_OR_NO = [() => true, () => false] as const;

export function operationRoutes(parts: OperationParts): Route[] {
	return [...healthRoutes(parts), ...reportRoutes(parts), accessLogRoute(parts)];
}

function healthRoutes({ database, metrics, version, hasRoom }: OperationParts): Route[] {
	const whyNot = remembered(READY_MS, async () => {
		if (!(await database.query('SELECT 1').then(...YES_OR_NO))) return 'The database does not answer.';
		return (await hasRoom().then((has) => has, YES_OR_NO[1]))
			? null
			: 'The disk of the data folder is full: nothing can be sealed or read.';
	});
	return [
		{
			method: 'GET',
			path: '/healthz',
			summary: 'Whether the process is alive',
			roles: null,
			answer: z.object({ status: z.literal('ok'), version: z.string() }),
			handle: () => Promise.resolve(json({ status: 'ok', version })),
		},
		{
			method: 'GET',
			path: '/readyz',
			summary: 'Whether the hub can take and give evidence',
			roles: null,
			answer: z.object({ status: z.literal('ready') }),
			async handle() {
				const why = await whyNot();
				if (why !== null) refuse('unavailable', why, { retryAfter: 5 });
				return json({ status: 'ready' });
			},
		},
		{
			method: 'GET',
			path: '/metrics',
			summary: 'Metrics of the process and of the token’s tenant, in the text format of Prometheus',
			roles: ['operator'],
			gives: TEXT,
			async handle(asked) {
				const { type, text } = await metrics.page(principalOf(asked).tenant);
				return { type, body: text };
			},
		},
	];
}

/** The answer of a moment ago, or a new one that all who ask meanwhile share. */
function remembered<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
	let last: { readonly at: number; readonly answer: Promise<T> } | null = null;
	return () => {
		if (!last || performance.now() - last.at > ms) last = { at: performance.now(), answer: ask() };
		return last.answer;
	};
}

function reportRoutes({ database, log, meter, readings, now }: OperationParts): Route[] {
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
			isEvidence: true,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const id = nameOf(asked, 'id', /^[0-9a-f]{32}$/, 'A trace id is 32 hex digits.');
				const trace = await readTrace(database, tenant, id);
				if (!trace) return refuse('not_found', 'Nothing is known of this trace.', { where: 'id' });
				await readings.drain();
				const whole = await withLaterHops(database, tenant, trace);
				return json(whole, { evidence: { subject: `trace ${id}`, rows: whole.spans.length } });
			},
		},
	];
}

const accessLogRoute = ({ database, readings }: OperationParts): Route => ({
	method: 'GET',
	path: '/v1/access-log',
	summary: 'Who read which evidence, oldest first: entries behind `after`',
	roles: ['compliance', 'operator'],
	query: z.strictObject({ after: whole.optional() }),
	answer: z.object({
		entries: z.array(
			z.object({
				position: z.int(),
				at: z.string(),
				principal: z.string(),
				role: z.string(),
				route: z.string(),
				subject: z.string(),
				rows: z.int(),
				trace_id: z.string().nullable(),
			}),
		),
	}),
	async handle(asked) {
		await readings.drain();
		return json({ entries: await readAccessLog(database, principalOf(asked).tenant, numberIn(asked, 'after'), PAGE) });
	},
});
