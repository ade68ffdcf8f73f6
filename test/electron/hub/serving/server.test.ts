import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, type Route } from '../../../../electron/hub/serving/route.ts';
import { type BareServer, serveBare } from './bareServer.ts';

const MIB = 1 << 20;
let server: BareServer;
let tight: BareServer;
/** Ends the questions that wait. */
let release: () => void;
let waiting = 0;
let taken = 0;

const route = (path: string, handle: Route['handle'], more: Partial<Route> = {}): Route => ({
	method: 'POST',
	path,
	summary: '',
	roles: ['auditor'],
	takes: ['text/plain'],
	bodyBytes: 8 * MIB,
	handle,
	...more,
});

beforeAll(async () => {
	const gate = new Promise<void>((resolve) => {
		release = resolve;
	});
	const routes = [
		route('/take', ({ body }) => {
			taken++;
			return Promise.resolve(json({ bytes: body.length }));
		}),
		route('/wait', async ({ body }) => {
			waiting++;
			await gate;
			return json({ bytes: body.length });
		}),
		route('/fail', () => Promise.reject(new TypeError('the customer is Greta Muster'))),
		route('/full', () => Promise.reject(Object.assign(new Error('no space left at /var/lib/acme'), { code: 'ENOSPC' }))),
		route('/away', () => Promise.reject(Object.assign(new Error('no route to host 10.0.0.7'), { code: 'ECONNREFUSED' }))),
	];
	server = await serveBare(routes, { headersMs: 300, requestMs: 600, checkMs: 50, lingerMs: 400 });
	tight = await serveBare(routes, { bodyBytes: 10 * MIB, underWay: 4 }, { burst: 6, perSecond: 2 });
});
afterAll(async () => {
	await server.close();
	await tight.close();
});

const text = { 'content-type': 'text/plain' };
const post = (path: string, body: string | Buffer = 'x', token = 'erp') => ({ method: 'POST', path, headers: text, body, token });

const head = (path: string, lines: readonly string[]): string =>
	[`POST ${path} HTTP/1.1`, 'host: hub', 'authorization: Bearer erp', 'content-type: text/plain', ...lines, '\r\n'].join('\r\n');

describe('whoever is slow or sends no HTTP', () => {
	it('loses the connection: a head that never ends', async () => {
		const answer = await server.byHand((socket) => {
			socket.write('GET /take HTTP/1.1\r\nhost: hub\r\n');
			const drip = setInterval(() => socket.write('x-slow: 1\r\n'), 40);
			socket.once('close', () => clearInterval(drip));
		});
		expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*"code":"timed_out"/);
	});

	it('loses the connection: a body that never ends, of which nothing is taken', async () => {
		const answer = await server.byHand((socket) => {
			socket.write(head('/take', ['content-length: 100000']));
			const drip = setInterval(() => socket.write('{'), 40);
			socket.once('close', () => clearInterval(drip));
		});
		expect(answer).toMatch(/^HTTP\/1\.1 408 /);
		expect(taken).toBe(0);
	});

	it('is told what is too much of a head', async () => {
		const many = Array.from({ length: 80 }, (_, at) => `x-${at}: 1`);
		const answer = await server.byHand((socket) => socket.end(head('/take', [...many, 'content-length: 0'])));
		expect(answer).toMatch(/^HTTP\/1\.1 431 [\s\S]*"code":"headers_too_large"/);
		const long = await server.byHand((socket) => socket.write(head('/take', [`x: ${'y'.repeat(20_000)}`])));
		expect(long).toMatch(/^HTTP\/1\.1 431 /);
		// Who is refused before a route was found is counted as well.
		const { text: counts } = await server.metrics.page('acme');
		expect(counts).toMatch(/tieout_hub_requests_without_principal_total\{status="431"\} [1-9]/);
		expect(counts).toMatch(/tieout_hub_requests_without_principal_total\{status="408"\} [1-9]/);
		const address = await server.call(post(`/take?${'x'.repeat(5000)}`));
		expect([address.status, address.json()]).toMatchObject([414, { code: 'address_too_long' }]);
	});

	it('gets one sentence for what is no request', async () => {
		const nonsense = ['\u0016\u0003\u0001\u0002', 'GET / HTTP/9.9\r\n\r\n', head('/take', ['content-length: 1', 'content-length: 2'])];
		for (const one of nonsense)
			expect(await server.byHand((socket) => socket.write(`${one}\r\n`))).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed"/);
	});

	it('and goes away in the middle leaves nothing taken', async () => {
		await server.byHand((socket) => {
			socket.write(head('/take', ['content-length: 100000']));
			socket.write('{"table":', () => socket.destroy());
		});
		expect((await server.call(post('/take'))).status).toBe(200);
		expect(taken).toBe(1);
	});
});

describe('a failure', () => {
	it('of the hub is told without what was said', async () => {
		const failed = await server.call(post('/fail'));
		expect([failed.status, failed.json()]).toMatchObject([500, { code: 'failed' }]);
		expect(failed.text).not.toMatch(/Greta|TypeError/);
	});

	it('of what it stands on is passing: 503, and when to try again', async () => {
		const away = await server.call(post('/away'));
		expect([away.status, away.headers['retry-after'], away.json()]).toMatchObject([503, '5', { code: 'unavailable' }]);
		expect(away.text).not.toMatch(/10\.0\.0\.7/);
		const full = await server.call(post('/full'));
		expect([full.status, full.headers['retry-after'], full.json()]).toMatchObject([503, '5', { code: 'unavailable' }]);
	});
});

describe('one asker', () => {
	it('is held to a rate, is told when to go on, and others are not held up by it', async () => {
		const answers = await Promise.all(Array.from({ length: 9 }, () => tight.call(post('/take', 'x', 'eager'))));
		const refused = answers.filter(({ status }) => status === 429);
		expect([answers.filter(({ status }) => status === 200).length, refused.length]).toEqual([6, 3]);
		expect(refused.every(({ headers }) => headers['retry-after'] === '1')).toBe(true);
		expect(refused[0]?.json()).toMatchObject({ code: 'rate_limited' });
		expect((await tight.call(post('/take', 'x', 'calm'))).status).toBe(200);
		tight.clock.elapsed += 1000;
		expect((await tight.call(post('/take', 'x', 'eager'))).status).toBe(200);
	});

	it('has so many questions under way and no more; bodies of all together are bounded; both are given back', async () => {
		const body = Buffer.alloc(4 * MIB);
		const held = [tight.call(post('/wait', body, 'a')), tight.call(post('/wait', body, 'a'))];
		while (waiting < 2) await new Promise((resolve) => setImmediate(resolve));
		const third = await tight.call(post('/wait', body, 'b'));
		expect([third.status, third.headers['retry-after'], third.json()]).toMatchObject([503, '2', { code: 'unavailable' }]);
		const small = [tight.call(post('/wait', 'x', 'a')), tight.call(post('/wait', 'x', 'a'))];
		while (waiting < 4) await new Promise((resolve) => setImmediate(resolve));
		expect((await tight.call(post('/wait', 'x', 'a'))).status).toBe(429);
		expect((await tight.call(post('/take', 'x', 'c'))).status).toBe(200);
		release();
		for (const answer of await Promise.all([...held, ...small])) expect(answer.status).toBe(200);
		tight.clock.elapsed += 10_000;
		expect((await tight.call(post('/take', Buffer.alloc(7 * MIB), 'a'))).status).toBe(200);
	});
});

describe('a server that stops', () => {
	it('lets what is under way come to its end, and takes nothing new', async () => {
		let end = (): void => undefined;
		const gate = new Promise<void>((resolve) => {
			end = resolve;
		});
		let isUnderWay = false;
		const stopping = await serveBare([
			route('/slow', async () => {
				isUnderWay = true;
				await gate;
				return json({ done: true });
			}),
		]);
		const answer = stopping.call(post('/slow'));
		while (!isUnderWay) await new Promise((resolve) => setImmediate(resolve));
		const closed = stopping.close();
		end();
		expect((await answer).json()).toEqual({ done: true });
		await closed;
		await expect(stopping.call(post('/slow'))).rejects.toThrow(/ECONNREFUSED/);
	});
});
