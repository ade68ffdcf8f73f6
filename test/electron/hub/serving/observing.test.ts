import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { traceAnswerSchema } from '#sync';
import { customerRow, orderEvent } from '../intake/records.ts';
import { fill, ingest, type ServedHub, serveHub } from './servedHub.ts';

let served: ServedHub;

beforeAll(async () => {
	served = await serveHub();
	await fill(served, 'acme');
});
afterAll(() => served.close());

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

describe('a trace', () => {
	const read = async () => traceAnswerSchema.parse((await served.call({ path: `/v1/traces/${TRACE}` })).json());
	const hops = async () => (await read()).spans.map(({ hop }) => hop);

	it('leads from the producer through the hub to the auditor who pulls, each hop behind the one before', async () => {
		const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
		const sent = await served.call(ingest([orderEvent('traced', 1), orderEvent('traced', 2)], { headers: { traceparent } }));
		expect(sent.headers['traceparent']).toBe(traceparent);
		expect(await hops()).toEqual(['received', 'validated', 'committed', 'sealed']);
		served.clock.now += 5000;
		await served.call({ path: '/v1/publication' });
		expect((await hops()).at(-1)).toBe('published');
		served.clock.now += 7000;
		const { size } = served.hub.log.head('acme', 'order_event');
		await served.call({ path: `/v1/logs/order_event/lines?from=0&to=${size - 1}` });
		expect((await hops()).at(-1)).toBe('published');
		await served.call({ path: `/v1/logs/order_event/lines?from=0&to=${size}` });
		const { spans, order_id } = await read();
		expect(order_id).toBe('traced');
		expect(spans.slice(-2)).toMatchObject([
			{ hop: 'published', ms: 5000 },
			{ hop: 'pulled', ms: 7000 },
		]);
		expect(spans.map(({ parent_id }) => parent_id)).toEqual(['00f067aa0ba902b7', ...spans.slice(0, -1).map(({ span_id }) => span_id)]);
		expect(new Set(spans.map(({ span_id }) => span_id)).size).toBe(spans.length);
	});

	it('is begun where none came, or one that does not read; a later version’s is kept', async () => {
		for (const [given, kept] of [
			[undefined, false],
			['00-00000000000000000000000000000000-00f067aa0ba902b7-01', false],
			['ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01', false],
			['nonsense', false],
			[`01-${TRACE}-00f067aa0ba902b7-01-what-is-next`, true],
		] as const) {
			const { headers } = await served.call({ path: '/v1/tenant', headers: given === undefined ? {} : { traceparent: given } });
			expect(String(headers['traceparent']).includes(TRACE), given).toBe(kept);
		}
	});
});

describe('what the hub says of itself', () => {
	it('in log lines is JSON with route, status and trace, and never a token, a body or a name', async () => {
		await served.call(ingest([customerRow('logged', { name: 'Wilhelmine Canary', tin: 'TIN-CANARY' })]));
		await served.call({
			path: '/v1/publication/1/tables/customer?offset=0&length=1000',
			headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` },
		});
		await served.call({ path: '/v1/tenant', as: null, headers: { authorization: 'Bearer tieout_canary-token' } });
		await served.call({ path: '/v1/documents/canary-path' });
		const lines = served.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
		expect(lines.length).toBeGreaterThan(10);
		expect(lines.find(({ trace, route }) => trace === TRACE && route === '/v1/publication/:number/tables/:table')).toMatchObject({
			method: 'GET',
			status: 200,
			tenant: 'acme',
		});
		expect(lines.some(({ status, tenant }) => status === 401 && tenant === null)).toBe(true);
		const text = served.logged.join('');
		expect(text).not.toMatch(/canary|Name Of|tieout_|Bearer|authorization|mark-of-|Greta/i);
		for (const role of ['auditor', 'producer'] as const) expect(text).not.toContain(served.token(role));
	});

	it('in metrics has the size of every log, also where nothing was sealed since the start', async () => {
		const lasting = await serveHub({ database: null });
		await fill(lasting, 'acme');
		const sizes = async (of: ServedHub) =>
			(await of.call({ path: '/metrics', as: 'operator' })).text.match(/^tieout_hub_log_size.*$/gm)?.sort();
		const before = await sizes(lasting);
		expect(before?.length).toBe(2);
		const again = await lasting.reopen();
		expect(await sizes(again)).toEqual(before);
		await again.close();
	});

	it('in metrics reads as Prometheus does, with what was done since', async () => {
		const { text, headers } = await served.call({ path: '/metrics', as: 'operator' });
		expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
		const families = new Map<string, string>();
		for (const line of text.split('\n')) {
			if (line === '') continue;
			const type = /^# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|histogram|summary)$/.exec(line);
			if (type) expect(families.has(type[1] ?? '')).toBe(false);
			if (type) families.set(type[1] ?? '', type[2] ?? '');
			else
				expect(line).toMatch(
					/^(# HELP [a-zA-Z_:][\w:]* .+|[a-zA-Z_:][\w:]*(\{[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*"(,[a-zA-Z_]\w*="(?:[^"\\\n]|\\.)*")*\})? ([-+]?[0-9.eE+-]+|NaN|[+-]Inf))$/,
				);
		}
		expect(families.get('tieout_hub_request_seconds')).toBe('histogram');
		expect(text).toMatch(/tieout_hub_rows_accepted_total\{channel="http",tenant="acme"\} \d+/);
		expect(text).toMatch(/tieout_hub_dead_letters_total\{channel="http",tenant="acme"\} 1/);
		expect(text).toMatch(/tieout_hub_request_seconds_count\{tenant="acme",method="POST",route="\/v1\/ingest",status="200"\} \d/);
		expect(text).toMatch(/tieout_hub_requests_without_principal_total\{status="401"\} \d/);
		expect(text).not.toMatch(/zeta/);
	});
});
