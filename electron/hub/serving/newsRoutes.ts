/** News as they come: asked for, or listened to. */
import { z } from 'zod';
import { LOG_TABLES } from '../log/logPort.ts';
import type { HubNews } from './news.ts';
import { FOLLOWERS } from './page.ts';
import { json, numberIn, principalOf, type Route, waitSeconds, whole } from './route.ts';

const HEARTBEAT_MS = 15_000;

/** A witness learns of heads, never of work papers. */
const mayHear = (role: string, { kind }: { readonly kind: string }): boolean => role !== 'witness' || kind === 'head';

const cursor = z.int();
const newsSchema = z.discriminatedUnion('kind', [
	z.object({ cursor, kind: z.literal('head'), table: z.enum(LOG_TABLES), size: z.int() }),
	z.object({ cursor, kind: z.literal('publication'), number: z.int() }),
	z.object({ cursor, kind: z.literal('acts'), engagement: z.string(), position: z.int() }),
]);

export function newsRoutes(news: HubNews): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/poll',
			summary: 'News behind a cursor, waited for up to 25 seconds',
			roles: FOLLOWERS,
			query: z.strictObject({ after: whole.optional(), wait: waitSeconds.optional() }),
			answer: z.object({ cursor: z.int(), news: z.array(newsSchema) }),
			async handle(asked) {
				const { tenant, role } = principalOf(asked);
				const found = await news.after(tenant, numberIn(asked, 'after'), numberIn(asked, 'wait') * 1000, asked.signal);
				return json({ ...found, news: found.news.filter((each) => mayHear(role, each)) });
			},
		},
		{
			method: 'GET',
			path: '/v1/stream',
			summary: 'News as server-sent events; Last-Event-ID goes on behind the last one seen',
			roles: FOLLOWERS,
			gives: 'text/event-stream',
			reads: { 'Last-Event-ID': 'The `id` of the last event seen' },
			isEndless: true,
			handle(asked) {
				const { tenant, role } = principalOf(asked);
				const last = asked.headers['last-event-id'] ?? '';
				return Promise.resolve({
					type: 'text/event-stream; charset=utf-8',
					headers: { 'x-accel-buffering': 'no' },
					body: events(news, tenant, role, /^\d{1,15}$/.test(last) ? Number(last) : 0, asked.signal),
				});
			},
		},
	];
}

async function* events(news: HubNews, tenant: string, role: string, after: number, signal: AbortSignal): AsyncGenerator<string> {
	yield ': connected\n\n';
	for (let cursor = after; !signal.aborted; ) {
		const found = await news.after(tenant, cursor, HEARTBEAT_MS, signal);
		if (found.news.length === 0) yield ': still here\n\n';
		for (const each of found.news)
			if (mayHear(role, each)) yield `id: ${each.cursor}\nevent: ${each.kind}\ndata: ${JSON.stringify(each)}\n\n`;
		cursor = found.cursor;
	}
}
