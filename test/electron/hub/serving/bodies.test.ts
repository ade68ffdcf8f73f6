import { request } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderRow } from '../intake/records.ts';
import { byHand } from './bareServer.ts';
import { ingest, NDJSON, type ServedHub, serveHub } from './servedHub.ts';

let served: ServedHub;

beforeAll(async () => {
	served = await serveHub({ limits: { lingerMs: 400 } });
});
afterAll(() => served.close());

interface Taken {
	accepted: number;
	duplicates: number;
	replayed: boolean;
	dead: { line: number; code: string; dead_letter_id: string }[];
}

const orders = (from: number, count: number): object[] => Array.from({ length: count }, (_, at) => orderRow(`order-${from + at}`));

describe('a batch', () => {
	it('with one bad line of ten thousand is taken but for that line, which is kept with its cause', async () => {
		const lines: (object | string)[] = orders(0, 10_000);
		lines[6_789] = '{"table":"sales_order","record":{"order_id":"x",';
		const answer = await served.call(ingest(lines));
		expect(answer.status).toBe(200);
		const { accepted, dead } = answer.json<Taken>();
		expect([accepted, dead.length, dead[0]?.line]).toEqual([9_999, 1, 6_790]);
		const letter = await served.call({ path: `/v1/dead-letters/${dead[0]?.dead_letter_id}`, as: 'operator' });
		expect(Buffer.from(letter.json<{ payload_base64: string }>().payload_base64, 'base64').toString()).toContain(lines[6_789]);
	});

	it('sent again by the same key is answered as before; another body by that key is refused', async () => {
		const first = ingest(orders(20_000, 2));
		const [answer, again] = [await served.call(first), await served.call(first)];
		expect(again.json<Taken>()).toEqual({ ...answer.json<Taken>(), replayed: true });
		const other = await served.call({ ...ingest(orders(30_000, 2)), headers: first.headers ?? {} });
		expect([other.status, other.json()]).toMatchObject([409, { code: 'idempotency_conflict' }]);
		const foreign = await served.call({ ...ingest(orders(30_000, 2)), headers: first.headers ?? {}, tenant: 'zeta' });
		expect(foreign.json<Taken>()).toMatchObject({ accepted: 2, replayed: false });
	});

	it('needs its key and a type that is read', async () => {
		const good = ingest(orders(40_000, 1));
		expect((await served.call({ ...good, headers: { 'content-type': NDJSON } })).json()).toMatchObject({
			code: 'malformed',
			where: 'Idempotency-Key',
		});
		for (const type of ['text/html', 'multipart/form-data; boundary=x', '', ';;']) {
			const answer = await served.call({ ...good, headers: { ...good.headers, 'content-type': type } });
			expect([answer.status, answer.json()], type).toMatchObject([415, { code: 'unsupported' }]);
		}
		for (const type of ['application/json; charset=utf-16', `${NDJSON}; charset="latin1"`])
			expect((await served.call({ ...good, headers: { ...good.headers, 'content-type': type } })).status, type).toBe(415);
		for (const type of [`${NDJSON}; charset=utf-8`, `${NDJSON};charset="UTF-8"`])
			expect((await served.call({ ...good, headers: { ...good.headers, 'content-type': type } })).status, type).toBe(200);
		const coded = await served.call({ ...good, headers: { ...good.headers, 'content-encoding': 'br' } });
		expect([coded.status, coded.json()]).toMatchObject([415, { code: 'unsupported' }]);
	});

	it('may be gzipped, and one record may be written over several lines', async () => {
		const batch = ingest(orders(50_000, 3));
		const zipped = { ...batch, body: gzipSync(String(batch.body)), headers: { ...batch.headers, 'content-encoding': 'gzip' } };
		expect((await served.call(zipped)).json<Taken>().accepted).toBe(3);
		const one = ingest([], {
			body: JSON.stringify(orders(50_010, 1)[0], null, '\t'),
			headers: { 'content-type': 'application/json; charset=utf-8' },
		});
		expect((await served.call(one)).json<Taken>()).toMatchObject({ accepted: 1, dead: [] });
		// So may the one that a dead letter is replayed with.
		const { dead } = (await served.call(ingest([{ table: 'sales_order', record: { order_id: 'order-50020' } }]))).json<Taken>();
		const replayed = await served.call({
			...one,
			as: 'operator',
			path: `/v1/dead-letters/${dead[0]?.dead_letter_id}/replay`,
			body: JSON.stringify(orders(50_020, 1)[0], null, 2),
		});
		expect(replayed.json()).toMatchObject({ dead_letter: { state: 'replayed' }, answer: { accepted: 1, dead: [] } });
	});
});

const head = (lines: readonly string[]): string =>
	[
		'POST /v1/ingest HTTP/1.1',
		'host: hub',
		`authorization: Bearer ${served.token('producer')}`,
		`content-type: ${NDJSON}`,
		'idempotency-key: by-hand',
		...lines,
		'\r\n',
	].join('\r\n');

describe('a body that is too much', () => {
	it('and says so is refused before a byte of it is sent', async () => {
		const answer = await new Promise<{ status: number; continued: boolean }>((resolve, reject) => {
			let continued = false;
			const headers = {
				authorization: `Bearer ${served.token('producer')}`,
				'content-type': NDJSON,
				'content-length': String(1 << 30),
				expect: '100-continue',
			};
			const call = request({ host: served.url.hostname, port: served.url.port, method: 'POST', path: '/v1/ingest', headers });
			call.on('continue', () => {
				continued = true;
			});
			call.on('response', (response) => {
				resolve({ status: response.statusCode ?? 0, continued });
				call.destroy();
			});
			call.on('error', reject);
			call.flushHeaders();
		});
		expect(answer).toEqual({ status: 413, continued: false });
		const good = ingest(orders(60_000, 1));
		expect((await served.call({ ...good, headers: { ...good.headers, expect: '100-continue' } })).status).toBe(200);
	});

	it('of one gigabyte, announced or not, is refused early and never held', async () => {
		const piece = Buffer.alloc(1 << 20, 'x');
		for (const framing of ['content-length: 1073741824', 'transfer-encoding: chunked']) {
			const before = process.memoryUsage().rss;
			let peak = before;
			let sent = 0;
			const text = await byHand(served.url, (socket) => {
				socket.write(head([framing]));
				const more = (): void => {
					peak = Math.max(peak, process.memoryUsage().rss);
					if (socket.destroyed || sent >= 1 << 30) return;
					sent += piece.length;
					if (framing.startsWith('transfer')) socket.write(`${piece.length.toString(16)}\r\n`);
					const isDone = socket.write(piece);
					if (framing.startsWith('transfer')) socket.write('\r\n');
					if (isDone) setImmediate(more);
					else socket.once('drain', more);
				};
				more();
			});
			expect(text, framing).toMatch(/^HTTP\/1\.1 413 [\s\S]*"code":"too_large"/);
			// The sender's own pieces are in this process too.
			expect((peak - before) / (1 << 20), framing).toBeLessThan(220);
		}
		expect((await served.call(ingest(orders(61_000, 1)))).status).toBe(200);
	});

	it('and that no route asked for is not waited for', async () => {
		const piece = Buffer.alloc(1 << 16, 'x');
		const text = await byHand(served.url, (socket) => {
			socket.write(
				`GET /v1/tenant HTTP/1.1\r\nhost: hub\r\nauthorization: Bearer ${served.token('auditor')}\r\ntransfer-encoding: chunked\r\n\r\n`,
			);
			const more = (): void => {
				if (socket.destroyed) return;
				socket.write(`${piece.length.toString(16)}\r\n`);
				socket.write(piece);
				if (socket.write('\r\n')) setImmediate(more);
				else socket.once('drain', more);
			};
			more();
		});
		expect(text).toMatch(/^HTTP\/1\.1 200 [\s\S]*"tenant":"acme"/);
	});

	it('when unpacked is refused as well: much of nothing in little', async () => {
		const bomb = gzipSync(Buffer.alloc(256 << 20));
		expect(bomb.length).toBeLessThan(1 << 20);
		const before = process.memoryUsage().rss;
		const batch = ingest([], { body: bomb, headers: { 'content-encoding': 'gzip' } });
		const answer = await served.call(batch);
		expect([answer.status, answer.json()]).toMatchObject([413, { code: 'too_large' }]);
		expect((process.memoryUsage().rss - before) / (1 << 20)).toBeLessThan(220);
		const torn = await served.call({ ...batch, body: gzipSync('{}').subarray(0, 12) });
		expect([torn.status, torn.json()]).toMatchObject([400, { code: 'malformed' }]);
	});
});
