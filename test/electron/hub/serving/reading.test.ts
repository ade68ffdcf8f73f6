import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCheckpoint, verifyConsistency } from '#evidence';
import { fromBase64, toHex, utf8 } from '#kernel';
import { cosignaturesOf } from '#sync';
import { customerRow, orderEvent, orderRow } from '../intake/records.ts';
import { type Filled, fill, ingest, type ServedHub, serveHub } from './servedHub.ts';
import { cosignatureFor, cosignatureOf, listWitness, WITNESS_VKEY } from './witness.ts';

let served: ServedHub;
let filled: Filled;
const EVENTS = 700;

beforeAll(async () => {
	served = await serveHub();
	filled = await fill(served, 'acme', EVENTS);
	const wide = 'w'.repeat(20_000);
	await served.call(ingest(Array.from({ length: 400 }, (_, at) => orderRow(`wide-${at}`, { note_by_source: `${wide}${at}` }))));
	await served.call(ingest(Array.from({ length: 300 }, (_, at) => orderEvent(`o-${at}`, 1, { note_by_source: `${wide}${at}` }))));
});
afterAll(() => served.close());

const size = (): number => served.hub.log.head('acme', 'order_event').size;

describe('an answer', () => {
	it('has a tag, and is not sent again to who has it: plain, weak, among others, or zipped', async () => {
		const { headers, bytes } = await served.call({ path: '/v1/publication' });
		const tag = String(headers.etag);
		for (const match of [tag, `W/${tag}`, `"other", ${tag}`, '*', tag.replace(/"$/, '-gzip"')]) {
			const again = await served.call({ path: '/v1/publication', headers: { 'if-none-match': match } });
			expect([again.status, again.bytes.length], match).toEqual([304, 0]);
			expect(again.headers.etag).toBe(tag);
		}
		expect((await served.call({ path: '/v1/publication', headers: { 'if-none-match': '"other"' } })).bytes).toEqual(bytes);
		expect(headers.vary).toMatch(/authorization/);
	});

	it('comes zipped to who takes that, with a tag of its own, and says the same', async () => {
		const path = `/v1/logs/order_event/lines?from=0&to=${EVENTS}`;
		const plain = await served.call({ path });
		const zipped = await served.call({ path, headers: { 'accept-encoding': 'br;q=1, gzip;q=0.5' } });
		expect(zipped.headers['content-encoding']).toBe('gzip');
		expect(zipped.bytes.length).toBeLessThan(plain.bytes.length / 4);
		expect(gunzipSync(zipped.bytes)).toEqual(plain.bytes);
		expect(zipped.headers.etag).not.toBe(plain.headers.etag);
		for (const refusing of ['gzip;q=0', 'identity', 'br', 'gzipped'])
			expect((await served.call({ path, headers: { 'accept-encoding': refusing } })).headers['content-encoding'], refusing).toBeUndefined();
	});

	it('that can never change may be kept for ever, by its reader alone; a head may not', async () => {
		await served.call({ path: '/v1/publication' });
		const forever = [
			'/v1/logs/order_event/lines?from=0&to=10',
			'/v1/logs/order_event/tile/entries/000',
			'/v1/logs/order_event/tile/0/000',
			'/v1/logs/order_event/consistency?from=1&to=2',
			'/v1/publication/1',
			'/v1/publication/1/tables/customer?offset=0&length=10',
			`/v1/documents/${filled.documentSha256}`,
		];
		for (const path of forever)
			expect((await served.call({ path })).headers['cache-control'], path).toBe('private, max-age=31536000, immutable');
		for (const path of ['/v1/publication', '/v1/logs/order_event/checkpoint', `/v1/logs/order_event/checkpoint/${size()}`, '/v1/feeds'])
			expect((await served.call({ path })).headers['cache-control'], path).toBe('private, no-cache');
		expect((await served.call({ path: '/v1/documents/x' })).headers['cache-control']).toBe('no-store');
	});
});

describe('pages', () => {
	it('of a long document, put together, are the document; past its end there is nothing', async () => {
		const long = Buffer.alloc(7 << 20, 'scan ');
		const sha256 = toHex(new Uint8Array(createHash('sha256').update(long).digest()));
		const path = `/v1/documents/${sha256}`;
		await served.call({ method: 'PUT', path, as: 'producer', headers: { 'content-type': 'application/octet-stream' }, body: long });
		const parts: Buffer[] = [];
		for (let offset = 0; ; offset += parts.at(-1)?.length ?? 0) {
			const { bytes } = await served.call({ path: `${path}?offset=${offset}&length=99999999` });
			if (bytes.length === 0) break;
			expect(bytes.length).toBeLessThanOrEqual(3 << 20);
			parts.push(bytes);
		}
		expect(Buffer.concat(parts).equals(long)).toBe(true);
		expect((await served.call({ path: `${path}?offset=5&length=4` })).text).toBe('scan');
		expect((await served.call({ path })).bytes.length).toBe(long.length);
	});

	it('of lines, put together, are the log; no page is too large to be taken', async () => {
		let text = '';
		let pages = 0;
		for (let from = 0; from < size(); pages++) {
			const page = await served.call({ path: `/v1/logs/order_event/lines?from=${from}&to=${size()}` });
			expect(page.bytes.length).toBeLessThanOrEqual(3 << 20);
			const [first, last] = String(page.headers['log-range']).split('-').map(Number);
			expect(first).toBe(from);
			text += page.text;
			from = last ?? 0;
		}
		expect(pages).toBeGreaterThan(1);
		let whole = '';
		for await (const line of served.hub.log.lines('acme', 'order_event', 0, size())) whole += Buffer.from(line).toString();
		expect(text).toBe(whole);
	});

	it('of a table’s changes, put together, are its rows, each once and in its place', async () => {
		const until = revisionOf('sales_order', (await served.call({ path: '/v1/publication' })).json());
		const rows: { p: number; k: string; l: string }[] = [];
		for (let cursor = ''; ; ) {
			const page = await served.call({ path: `/v1/tables/sales_order/changes?since=0&until=${until}${cursor}` });
			expect(page.bytes.length).toBeLessThanOrEqual(3 << 20);
			rows.push(...page.text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line)])));
			const next = page.headers['next-cursor'];
			if (next === undefined) break;
			cursor = `&cursor=${String(next)}`;
		}
		expect(rows.map(({ p }) => p)).toEqual(rows.map((_, at) => at));
		expect(rows.length).toBe(401);
		const { text } = await fileOf('sales_order');
		expect(rows.map(({ l }) => `${l}\n`).join('')).toBe(text);
	});

	it('of a table that has changed since are refused, so that nobody builds half a state', async () => {
		const until = revisionOf('customer', (await served.call({ path: '/v1/publication' })).json());
		await served.call(ingest([customerRow('one more')]));
		const answer = await served.call({ path: `/v1/tables/customer/changes?since=0&until=${until}` });
		expect([answer.status, answer.json()]).toMatchObject([409, { code: 'conflict' }]);
	});

	it('of disclosures are of whole lines, and end where the log does', async () => {
		const answer = await served.call({ path: `/v1/disclosures/order_event?from=0&to=${size()}` });
		expect(answer.headers['next-from']).toBe(String(size()));
		expect(JSON.parse(answer.text)).toMatchObject({ line: EVENTS + 1 });
		expect((await served.call({ path: `/v1/disclosures/order_event?from=0&to=${size() + 1}` })).status).toBe(404);
		expect((await served.call({ path: '/v1/disclosures/order_event?from=5&to=4' })).status).toBe(400);
	});
});

async function fileOf(table: string): Promise<{ text: string }> {
	const { number } = (await served.call({ path: '/v1/publication' })).json<{ number: number }>();
	let text = '';
	for (;;) {
		const offset = Buffer.byteLength(text);
		const page = await served.call({ path: `/v1/publication/${number}/tables/${table}?offset=${offset}&length=${1 << 20}` });
		if (page.bytes.length === 0) return { text };
		text += page.text;
	}
}

const revisionOf = (table: string, { revisions }: { revisions?: Record<string, number> }): number => revisions?.[table] ?? 0;

describe('the log over HTTP', () => {
	it('proves that one head continues another', async () => {
		const roots = await Promise.all(
			[10, size()].map(async (at) => {
				if (at === size()) return served.hub.log.head('acme', 'order_event').root;
				const { hashes } = (await served.call({ path: `/v1/logs/order_event/consistency?from=${at}&to=${at}` })).json<{
					hashes: string[];
				}>();
				expect(hashes).toEqual([]);
				return null;
			}),
		);
		const first = EVENTS + 1;
		const note = await served.call({ path: `/v1/logs/order_event/checkpoint/${first}` });
		const head = parseCheckpoint(utf8(note.text));
		if (!head.ok) throw new Error(note.text);
		const proof = await served.call({ path: `/v1/logs/order_event/consistency?from=${first}&to=${size()}` });
		const hashes = proof.json<{ hashes: string[] }>().hashes.map((hash) => fromBase64(hash) ?? new Uint8Array());
		expect(verifyConsistency(first, size(), head.value.root, roots[1] ?? new Uint8Array(), hashes)).toBe(true);
		expect((await served.call({ path: '/v1/logs/order_event/consistency?from=0&to=1' })).status).toBe(400);
	});

	it('gives a witness heads, proofs and tiles of hashes, but no entry', async () => {
		const witness = (path: string) => served.call({ path: `/v1/logs/order_event/${path}`, as: 'witness' });
		expect((await witness('checkpoint')).status).toBe(200);
		expect((await witness('tile/0/000')).bytes.length).toBe(256 * 32);
		expect((await witness('tile/entries/000')).status).toBe(403);
		expect((await witness('lines?from=0&to=1')).status).toBe(403);
	});

	it('serves the cosignature of a listed witness below the head, then and later, and no other', async () => {
		const at = size();
		const line = await cosignatureFor(served, 'order_event');
		const post = (body: string, path = `/v1/logs/order_event/checkpoint/${at}/cosignature`) =>
			served.call({ method: 'POST', path, as: 'witness', headers: { 'content-type': 'text/plain' }, body });
		expect((await post(cosignatureOf('another text\n'))).json()).toMatchObject({ code: 'malformed' });
		expect((await post('no signature line')).status).toBe(400);
		expect((await post(line.replace('w1', 'w2'))).status).toBe(403);
		expect((await post(line, `/v1/logs/order_event/checkpoint/${at + 1}/cosignature`)).status).toBe(404);
		expect((await post(line)).status).toBe(200);
		await served.call(ingest([orderEvent('later', 1)]));
		await listWitness(served);
		const { text } = await served.call({ path: `/v1/logs/order_event/checkpoint/${at}` });
		const parsed = parseCheckpoint(utf8(text));
		if (!parsed.ok) throw new Error(text);
		const [name = '', keyId = '', key = ''] = WITNESS_VKEY.split('+');
		const publicKey = (fromBase64(key) ?? new Uint8Array()).subarray(1);
		expect(cosignaturesOf(parsed.value.note, [{ name, keyId, publicKey }]).length).toBe(1);
		expect((await served.call({ path: '/v1/tenant' })).json()).toMatchObject({ witnesses: [WITNESS_VKEY] });
	});

	it('shows a key that was turned with its window, and signs on under the new one', async () => {
		const before = (await served.call({ path: '/v1/tenant' })).json<{ log_keys: { vkey: string }[] }>().log_keys;
		await served.hub.log.rotateKey('acme');
		const after = (await served.call({ path: '/v1/tenant' })).json<{ log_keys: { vkey: string; until: object; from: object }[] }>()
			.log_keys;
		expect([before.length, after.length]).toEqual([1, 2]);
		expect(after[0]).toMatchObject({ vkey: before[0]?.vkey, until: { order_event: size() } });
		expect(after[1]).toMatchObject({ from: { order_event: size() }, until: {} });
		await served.call(ingest([orderEvent('turned', 1)]));
		const { text } = await served.call({ path: '/v1/logs/order_event/checkpoint' });
		expect(text).toContain('\u2014 acme.example/o2c ');
		expect(toHex(served.hub.log.head('acme', 'order_event').root)).not.toBe('');
	});
});
