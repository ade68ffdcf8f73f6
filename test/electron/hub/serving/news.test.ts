import { get, type IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hubNews } from '../../../../electron/hub/serving/news.ts';
import { newsRoutes } from '../../../../electron/hub/serving/newsRoutes.ts';
import { orderEvent } from '../intake/records.ts';
import { act, appoint, found, send, setting } from '../papers/workstation.ts';
import { serveBare } from './bareServer.ts';
import { ingest, type ServedHub, serveHub } from './servedHub.ts';

let served: ServedHub;

beforeAll(async () => {
	served = await serveHub();
	await served.call(ingest([orderEvent('first', 1)]));
});
afterAll(() => served.close());

interface Listening {
	/** Resolves once the text so far matches. */
	until(pattern: RegExp): Promise<string>;
	stop(): void;
	readonly ended: Promise<void>;
}

function listen(more: { as?: 'auditor' | 'witness'; tenant?: 'acme' | 'zeta'; last?: string; url?: URL } = {}): Promise<Listening> {
	const { as = 'auditor', tenant = 'acme', last, url = served.url } = more;
	const headers = { authorization: `Bearer ${served.token(as, tenant)}`, ...(last === undefined ? {} : { 'last-event-id': last }) };
	return new Promise((resolve, reject) => {
		const call = get({ host: url.hostname, port: url.port, path: '/v1/stream', headers, agent: false }, (response: IncomingMessage) => {
			let text = '';
			let wake = (): void => undefined;
			response.on('data', (part: Buffer) => {
				text += part.toString();
				wake();
			});
			response.on('error', () => undefined);
			resolve({
				async until(pattern) {
					while (!pattern.test(text))
						await new Promise<void>((heard) => {
							wake = heard;
						});
					return text;
				},
				stop: () => call.destroy(),
				ended: new Promise((done) => response.once('close', () => done())),
			});
		});
		call.on('error', reject);
	});
}

const lastId = (text: string): string => [...text.matchAll(/^id: (\d+)$/gm)].at(-1)?.[1] ?? '';

describe('news', () => {
	it('come as events: what stands at first, then heads, publications and acts', async () => {
		const stream = await listen();
		await stream.until(/event: head\ndata: .*"order_event","size":1/);
		await served.call(ingest([orderEvent('second', 1)]));
		await stream.until(/"order_event","size":2/);
		await served.call({ path: '/v1/publication' });
		await stream.until(/event: publication\ndata: .*"number":1/);
		const station = found();
		appoint(station, served);
		await send(served, station, 0);
		act(station, setting('a'));
		await send(served, station, station.state.order.length);
		await stream.until(new RegExp(`event: acts\\ndata: .*"${station.state.engagementId}","position":${station.state.order.length}`));
		stream.stop();
	});

	it('go on behind the last one seen, and miss none of those in between', async () => {
		const stream = await listen();
		const seen = lastId(await stream.until(/event: acts/));
		stream.stop();
		await served.call(ingest([orderEvent('between', 1)]));
		const again = await listen({ last: seen });
		const text = await again.until(/"order_event","size":3/);
		expect(text).not.toMatch(/event: acts|event: publication/);
		again.stop();
		for (const odd of ['nonsense', '-1', '1e9', '']) {
			const whole = await listen({ last: odd });
			await whole.until(/event: acts/);
			whole.stop();
		}
		// Of a hub whose clock was ahead: all that is kept, rather than nothing until then.
		const ahead = await listen({ last: '999999999999999' });
		await ahead.until(/event: acts/);
		ahead.stop();
	});

	it('are of one tenant, and to a witness of heads alone', async () => {
		const [foreign, witness] = [await listen({ tenant: 'zeta' }), await listen({ as: 'witness' })];
		const heard = await witness.until(/"order_event"/);
		await served.call(ingest([orderEvent('zeta-only', 1)], { tenant: 'zeta' }));
		const other = await foreign.until(/"hub_record"/);
		expect(other).not.toMatch(/"order_event","size":[2-9]/);
		expect(heard).not.toMatch(/event: (acts|publication)/);
		foreign.stop();
		witness.stop();
	});

	it('can be asked for with patience: at once where there are some, else as soon as there are', async () => {
		const first = (await served.call({ path: '/v1/poll' })).json<{ cursor: number; news: unknown[] }>();
		expect(first.news.length).toBeGreaterThan(2);
		const waiting = served.call({ path: `/v1/poll?after=${first.cursor}&wait=25` });
		await served.call(ingest([orderEvent('polled', 1)]));
		const { news } = (await waiting).json<{ news: { kind: string }[] }>();
		expect(news.map(({ kind }) => kind)).toContain('head');
		expect(
			(await served.call({ path: `/v1/poll?after=${first.cursor + 99}&wait=0` })).json<{ news: unknown[] }>().news.length,
		).toBeGreaterThan(0);
		expect((await served.call({ path: '/v1/poll?wait=26' })).status).toBe(400);
	});

	it('of a publication can be waited for', async () => {
		const { number } = (await served.call({ path: '/v1/publication' })).json<{ number: number }>();
		const waiting = served.call({ path: `/v1/publication?after=${number}&wait=25` });
		await served.call(ingest([orderEvent('published', 1)]));
		expect((await waiting).json()).toMatchObject({ number: number + 1 });
	});

	it('end with the hub, which does not wait for listeners', async () => {
		const bare = await serveBare(newsRoutes(hubNews(() => 0)));
		const stream = await listen({ url: bare.url });
		await stream.until(/connected/);
		await bare.close();
		await stream.ended;
	});
});
