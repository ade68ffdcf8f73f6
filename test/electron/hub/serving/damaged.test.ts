/** What is stored damaged is said to be just that, of that one thing; what can be made again is. */
import { createHash } from 'node:crypto';
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { customerRow, orderEvent, orderRow } from '../intake/records.ts';
import { type Filled, fill, ingest, type ServedHub, serveHub } from './servedHub.ts';

let served: ServedHub;
let filled: Filled;

beforeAll(async () => {
	served = await serveHub();
	filled = await fill(served, 'acme');
	await fill(served, 'zeta');
});
afterAll(() => served.close());

const filesOf = (room: string): string[] =>
	readdirSync(join(served.folder, room, 'acme'), { recursive: true, withFileTypes: true }).flatMap((entry) =>
		entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
	);
const fileOf = (sha256: string): string => join(served.folder, 'documents', 'acme', sha256.slice(0, 2), sha256);
const bend = (file: string): void => {
	const bytes = readFileSync(file);
	bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
	writeFileSync(file, bytes);
};
const put = (text: string) => {
	const sha256 = createHash('sha256').update(text).digest('hex');
	const headers = { 'content-type': 'application/octet-stream' };
	return { sha256, call: { method: 'PUT', path: `/v1/documents/${sha256}`, as: 'producer', headers, body: text } as const };
};
const counted = async (kind: string): Promise<number> => {
	const { text } = await served.call({ path: '/metrics', as: 'operator' });
	return Number(new RegExp(`tieout_hub_damaged_reads_total\\{kind="${kind}",tenant="acme"\\} (\\d+)`).exec(text)?.[1] ?? 0);
};

describe('a document whose stored bytes', () => {
	const HARMS: readonly (readonly [string, (file: string) => void])[] = [
		['have another bit', bend],
		['are cut', (file) => truncateSync(file, 20)],
		['are no bytes any more', (file) => truncateSync(file, 0)],
		['have more behind them', (file) => appendFileSync(file, 'more')],
		['are gone', (file) => rmSync(file)],
		['are those of another document', (file) => writeFileSync(file, readFileSync(fileOf(filled.documentSha256)))],
	];
	it.each(HARMS)('%s is damaged, counted and in the log; all others are given, and sent again it is whole', async (name, harm) => {
		const { sha256, call } = put(`document that ${name}`);
		expect((await served.call(call)).status).toBe(200);
		const before = await counted('document');
		harm(fileOf(sha256));
		const answer = await served.call({ path: `/v1/documents/${sha256}` });
		expect([answer.status, answer.json()]).toMatchObject([410, { code: 'damaged' }]);
		expect(answer.headers['cache-control']).toBe('no-store');
		expect(answer.headers['retry-after']).toBeUndefined();
		expect(await counted('document')).toBe(before + 1);
		const lines = served.logged.map((line) => JSON.parse(line) as Record<string, unknown>);
		expect(lines.some(({ tenant, damaged, level }) => tenant === 'acme' && damaged === `document ${sha256}` && level === 50)).toBe(true);
		expect((await served.call({ path: `/v1/documents/${filled.documentSha256}` })).status).toBe(200);
		expect((await served.call({ path: '/v1/documents' })).text).toContain(sha256);
		expect((await served.call(call)).status).toBe(200);
		expect((await served.call({ path: `/v1/documents/${sha256}` })).text).toBe(`document that ${name}`);
	});

	it('were never handed over is not found, also where another tenant has them', async () => {
		const { sha256, call } = put('of zeta alone');
		await served.call({ ...call, tenant: 'zeta' });
		rmSync(join(served.folder, 'documents', 'zeta', sha256.slice(0, 2), sha256));
		expect((await served.call({ path: `/v1/documents/${sha256}` })).status).toBe(404);
		expect((await served.call({ path: `/v1/documents/${sha256}`, tenant: 'zeta' })).status).toBe(410);
	});
});

describe('the file of a published table', () => {
	let publication: number;
	let whole: string;
	const askFor = (number: number) => served.call({ path: `/v1/publication/${number}/tables/customer?offset=0&length=2000000` });
	const customerFile = (): string => filesOf('publications').find((file) => file.includes('/customer/')) ?? '';

	beforeEach(async () => {
		// More than a piece of the file.
		await served.call(ingest([...Array(400)].map((_, at) => customerRow(`c${at}`, { name: `${Math.random()} ${'n'.repeat(1000)}` }))));
		publication = (await served.call({ path: '/v1/publication' })).json<{ number: number }>().number;
		for (const file of filesOf('publications')) if (file.includes('/customer/') && file !== newest('/customer/')) rmSync(file);
		whole = (await askFor(publication)).text;
		expect(whole.length).toBeGreaterThan(400_000);
	});
	const newest = (part: string): string =>
		filesOf('publications')
			.filter((file) => file.includes(part))
			.sort((a, b) => Number(/(\d+)\.sealed$/.exec(a)?.[1]) - Number(/(\d+)\.sealed$/.exec(b)?.[1]))
			.at(-1) ?? '';

	it.each([
		['is bent', bend],
		['is gone', (file: string) => rmSync(file)],
		['is cut within a piece', (file: string) => truncateSync(file, 300_000)],
		['is cut between two pieces', (file: string) => truncateSync(file, (1 << 18) + 29)],
	] as const)('is made again where it %s, to the same bytes', async (_, harm) => {
		harm(customerFile());
		const [one, two] = await Promise.all([askFor(publication), askFor(publication)]);
		expect([one.status, two.status]).toEqual([200, 200]);
		expect(one.text).toBe(whole);
		expect(two.text).toBe(whole);
	});

	it('is damaged where the table went on since, and the newest publication has all of it', async () => {
		const file = customerFile();
		await served.call(ingest([customerRow('c0', { name: 'Renamed' })]));
		bend(file);
		const answer = await askFor(publication);
		expect([answer.status, answer.json()]).toMatchObject([410, { code: 'damaged' }]);
		expect(await counted('table')).toBeGreaterThan(0);
		const next = (await served.call({ path: '/v1/publication' })).json<{ number: number }>().number;
		const given = await askFor(next);
		expect(given.status).toBe(200);
		expect(given.text).toContain('Renamed');
	});
});

describe('a log with a file missing', () => {
	it('is damaged, not busy; what does not need the file is given', async () => {
		await served.call(ingest([orderRow('long'), ...[...Array(600)].map((_, at) => orderEvent('long', at + 1))]));
		const { size } = served.hub.log.head('acme', 'order_event');
		const bundle = filesOf('logs').find((file) => file.endsWith('order_event/tile/entries/001'));
		if (!bundle) throw new Error('a full bundle');
		rmSync(bundle);
		for (const path of [`/v1/logs/order_event/lines?from=256&to=${size}`, '/v1/logs/order_event/tile/entries/001']) {
			const answer = await served.call({ path });
			expect([answer.status, answer.json()], path).toMatchObject([410, { code: 'damaged' }]);
		}
		expect(await counted('log')).toBe(2);
		expect((await served.call({ path: '/v1/logs/order_event/lines?from=0&to=256' })).status).toBe(200);
		expect((await served.call({ path: '/v1/logs/order_event/tile/0/001' })).status).toBe(200);
		expect((await served.call({ path: `/v1/logs/order_event/consistency?from=300&to=${size}` })).status).toBe(200);
	});
});
