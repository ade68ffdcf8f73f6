import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderEvent, orderRow } from '../intake/records.ts';
import { byHand } from './bareServer.ts';
import { everyRoute, type Questions } from './everyRoute.ts';
import { ingest, type ServedHub, serveHub } from './servedHub.ts';

let served: ServedHub;
let questions: Questions;

beforeAll(async () => {
	served = await serveHub();
	questions = await everyRoute(served);
});
afterAll(() => served.close());

const SQL = "'; DROP TABLE sealed_line; DROP TABLE principal; --";
const HOSTILE: readonly string[] = [
	SQL,
	"1' OR '1'='1",
	'$1',
	'\u0000',
	'a\u0000b',
	'\ud7ff\uffff😀',
	'é\u0301\u202e',
	'../../../../etc/passwd',
	'..%2f..%2fmaster.key',
	'%',
	'-1',
	'1e3',
	'0x10',
	' 1',
	'99999999999999999999',
	'NaN',
	'x'.repeat(3000),
	'{"a":1}',
	'__proto__',
	'constructor',
];

const TABLES_COUNT = "SELECT count(*)::int AS count FROM pg_tables WHERE schemaname = 'public'";

/** The path with each of its variable parts and values taken by something hostile, one at a time. */
function attacks(pattern: string, path: string): string[] {
	const [place = '', query = ''] = path.split('?');
	const names = pattern.split('/');
	const parts = place.split('/');
	const at = names.flatMap((name, index) => (name.startsWith('{') ? [index] : []));
	const inPath = at.flatMap((index) =>
		HOSTILE.flatMap((text) => {
			const encoded = text.includes('%2f') ? text : encodeURIComponent(text);
			return [`${parts.with(index, encoded).join('/')}${query === '' ? '' : `?${query}`}`];
		}),
	);
	const values = query === '' ? [] : query.split('&').map((pair) => pair.split('=')[0] ?? '');
	const inQuery = values.flatMap((name) =>
		HOSTILE.map(
			(text) =>
				`${place}?${query
					.split('&')
					.filter((pair) => !pair.startsWith(`${name}=`))
					.concat(`${name}=${encodeURIComponent(text)}`)
					.join('&')}`,
		),
	);
	const strange = HOSTILE.slice(0, 6).map((text) => `${place}?${query}&${encodeURIComponent(text)}=1`);
	return [...inPath, ...inQuery, ...strange];
}

describe('hostile input', () => {
	it('in any part of any path or query is refused in words, or finds nothing', async () => {
		const [{ count }] = (await served.hub.database.query<{ count: number }>(TABLES_COUNT)) as [{ count: number }];
		let asked = 0;
		const { paths } = (await served.call({ path: '/openapi.json', as: null })).json<{
			paths: Record<string, Record<string, { responses: object }>>;
		}>();
		for (const [name, question] of questions.of) {
			const [method = '', pattern = ''] = name.split(' ');
			const declared = Object.keys(paths[pattern]?.[method]?.responses ?? {});
			if (pattern === '/v1/stream' || pattern === '/v1/poll') continue;
			for (const path of attacks(pattern, question.path)) {
				const answer = await served.call({ ...question, path });
				asked++;
				expect(answer.status, `${method} ${path.slice(0, 200)}: ${answer.text.slice(0, 200)}`).toBeLessThan(500);
				expect(declared, `${method} ${path.slice(0, 200)}`).toContain(String(answer.status));
				if (answer.status >= 400) {
					expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
					expect(answer.json()).toMatchObject({ code: expect.any(String), message: expect.any(String) });
					expect(answer.text).not.toMatch(/syntax error|relation|pg_|ENOENT|\/tmp\/|node:|at .*\.ts/);
				}
			}
		}
		expect(asked).toBeGreaterThan(800);
		expect(await served.hub.database.query(TABLES_COUNT)).toEqual([{ count }]);
	});

	it('in headers is refused or taken for what it is', async () => {
		for (const text of HOSTILE.filter((_, at) => at % 2 === 0)) {
			const latin = Buffer.from(text.replaceAll('\0', '?'), 'utf8').toString('latin1').slice(0, 2000);
			const headers = { traceparent: latin, 'last-event-id': latin, 'tieout-lane': latin, 'if-none-match': latin, accept: latin };
			expect((await served.call({ path: '/v1/tenant', headers })).status).toBe(200);
			expect((await served.call({ path: '/v1/tenant', as: null, headers: { authorization: `Bearer ${latin}` } })).status).toBe(401);
			const keyed = await served.call(ingest([orderRow('headers')], { headers: { 'idempotency-key': latin, ...headers } }));
			expect([200, 400], keyed.text).toContain(keyed.status);
		}
	});

	it('in a head that can be read in two ways is refused, whoever asks', async () => {
		const good = ingest([orderRow('twice')]);
		const body = String(good.body);
		const lines = [
			'POST /v1/ingest HTTP/1.1',
			'host: hub',
			'connection: close',
			`authorization: Bearer ${served.token('producer')}`,
			'content-type: application/x-ndjson',
			'idempotency-key: twice',
			`content-length: ${Buffer.byteLength(body)}`,
		];
		const send = (more: readonly string[]) => byHand(served.url, (socket) => socket.write([...lines, ...more, `\r\n${body}`].join('\r\n')));
		for (const more of [
			`Authorization: Bearer ${served.token('producer', 'zeta')}`,
			'Idempotency-Key: another',
			'Content-Type: application/json',
			'Content-Encoding: gzip\r\nContent-Encoding: identity',
		])
			expect(await send([more]), more).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":"malformed"/);
		expect(await send([])).toMatch(/^HTTP\/1\.1 200 [\s\S]*"accepted":1/);
		expect(await send(['expect: miracles'])).toMatch(/^HTTP\/1\.1 200 [\s\S]*"replayed":true/);
	});

	it('in every field of a record is kept as the text it is, or set aside; nothing else changes', async () => {
		const fields = ['order_id', 'customer_id', 'contract_id', 'region', 'state', 'currency', 'note_by_source'];
		const records = HOSTILE.flatMap((text, place) => [
			...fields.map((field, at) => orderRow(`field-${place}-${at}`, { [field]: text })),
			...['event_id', 'order_id', 'type', 'actor_id', 'trace_id', 'source_system'].map((field) =>
				orderEvent(`o-${place}-${field}`, null, { event_id: `e-${place}-${field}`, [field]: text }),
			),
		]);
		const answer = await served.call(ingest(records));
		expect(answer.status, answer.text).toBe(200);
		const { accepted, duplicates, waiting, dead } = answer.json<{
			accepted: number;
			duplicates: number;
			waiting: number;
			dead: unknown[];
		}>();
		expect(accepted + duplicates + waiting + dead.length).toBe(records.length);
		expect(accepted).toBeGreaterThan(100);
		const lines = await allLines();
		expect(lines.some((line) => (JSON.parse(line) as { order_id: string }).order_id === SQL)).toBe(true);
		await served.call({ path: '/v1/publication' });
		expect((await served.call({ path: '/v1/publication' })).status).toBe(200);
	});

	it('in a dispute is refused in words, or kept as text', async () => {
		for (const text of HOSTILE.filter((_, at) => at % 3 === 0)) {
			for (const field of ['order_id', 'line_id', 'reason_code', 'statement', 'channel', 'currency', 'disputed_quantity']) {
				const body = JSON.stringify({ order_id: questions.filled.orderId, reason_code: 'price', [field]: text });
				const headers = { 'content-type': 'application/json', 'idempotency-key': `dispute-${field}-${HOSTILE.indexOf(text)}` };
				const answer = await served.call({ method: 'POST', path: '/v1/disputes', as: 'portal', headers, body });
				expect([201, 400, 404, 422], `${field} ${text.slice(0, 50)}: ${answer.text}`).toContain(answer.status);
			}
		}
	});

	it('as a path of the tile layout leads nowhere but to tiles', async () => {
		const paths = [
			'..',
			'../checkpoint',
			'%2e%2e/%2e%2e/%2e%2e/master.key',
			'entries/../../checkpoint',
			'entries/x000/000',
			'0/000.p/256',
			'0/000.p/0',
			'0/000.p/4/..',
			'0/00',
			'64/000',
			'entries/000.p/999',
			'entries//000',
			'entries/000%00',
			'',
		];
		for (const path of paths) {
			const answer = await served.call({ path: `/v1/logs/order_event/tile/${path}` });
			expect(answer.status, path).toBeGreaterThanOrEqual(400);
			expect(answer.status, path).toBeLessThan(500);
		}
		expect((await served.call({ path: '/v1/logs/..%2forder_event/checkpoint' })).status).toBe(404);
	});
});

async function allLines(): Promise<string[]> {
	const { size } = served.hub.log.head('acme', 'order_event');
	const answer = await served.call({ path: `/v1/logs/order_event/lines?from=0&to=${size}` });
	return answer.text.split('\n').filter((line) => line !== '');
}
