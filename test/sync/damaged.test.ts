/** What the hub has lost: one document is missing, and said to be, and all the rest comes; a lost log stops the feed, in words. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventAfter, eventsOf, type HubWorld, LOG, openHubWorld, TENANT, withSample } from './hubWorld.ts';
import { ndjson } from './replies.ts';
import { must, openStation, type Station, verdictsOf } from './station.ts';

let world: HubWorld;
let station: Station;
const folder = mkdtempSync(join(tmpdir(), 'tieout-damaged-'));
const documents = join(folder, 'documents', TENANT);

beforeAll(async () => {
	world = await openHubWorld(folder);
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 60);
	await world.endDay(TENANT);
});
afterAll(async () => {
	await world?.close();
	rmSync(folder, { recursive: true, force: true });
});
afterEach(() => station?.close());

const fileOf = (sha256: string): string => join(documents, sha256.slice(0, 2), sha256);
const names = (): string[] =>
	readdirSync(documents, { recursive: true, withFileTypes: true })
		.flatMap((entry) => (entry.isFile() ? [entry.name] : []))
		.sort();
const evidence = () => {
	const drop = station.vault.inside().evidence()?.drop.evidence;
	if (!drop) throw new Error('evidence');
	return drop;
};
const oneMore = async (id: string): Promise<void> => {
	const events = await eventsOf(world, TENANT);
	await world.send(TENANT, [['order_event', eventAfter(events.at(-1) ?? {}, id)]]);
};

describe('a document that the hub lost', () => {
	it('is missing and said to be; all else is verified; once it is there again it is brought, though nothing else is new', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		const cited = names();
		const [damaged, gone] = [cited[0] ?? '', cited[1] ?? ''];
		const kept = new Map<string, Uint8Array>();
		for (const sha256 of [damaged, gone]) kept.set(sha256, await bytesOf(sha256));
		truncateSync(fileOf(damaged), 40);
		rmSync(fileOf(gone));
		const first = must(await station.feed.pull());
		expect(first.imported).toMatchObject({ lost: 2, quarantined: 0, differing: 1 });
		expect(verdictsOf(station).sealed).toEqual({ order_event: 'verified', revenue_event: 'verified' });
		expect(evidence().documents).toEqual({ present: cited.length - 2, missing: [damaged, gone], altered: [] });
		expect(evidence().ipe.filter(({ verdict }) => verdict !== 'as_declared')).toEqual([
			{
				table: 'documents',
				verdict: 'differs',
				differences: expect.arrayContaining([{ what: 'rows', declared: String(cited.length), found: String(cited.length - 2) }]),
			},
		]);
		const status = must(await station.feed.status());
		expect([status.lost, status.lastStop]).toEqual([[damaged, gone], null]);

		// The stored evidence says the same after an unlock, and another pull does not bring it all again.
		await station.reopen();
		expect(evidence().documents.missing).toEqual([damaged, gone]);
		expect(must(await station.feed.pull())).toMatchObject({ imported: null, publication: first.publication });

		for (const [sha256, bytes] of kept) await world.hub.keepDocument(TENANT, sha256, bytes);
		const second = must(await station.feed.pull());
		expect(second).toMatchObject({ imported: { lost: 0, differing: 0 }, publication: first.publication });
		expect(evidence().documents).toEqual({ present: cited.length, missing: [], altered: [] });
		expect(must(await station.feed.status()).lost).toEqual([]);
		expect(must(await station.feed.pull()).imported).toBeNull();
	});

	it('is no excuse for one that is kept back: what the list leaves out stops the feed', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		const [damaged = ''] = names();
		const bytes = await bytesOf(damaged);
		rmSync(fileOf(damaged));
		station.meddler = async (question, onward) => {
			const answer = await onward(question);
			if (answer.kind !== 'response' || !question.path.startsWith('/v1/documents?')) return answer;
			const lines = Buffer.from(answer.bytes).toString().trim().split('\n');
			return ndjson(lines.slice(0, -1).map((line) => JSON.parse(line) as object));
		};
		expect(await station.feed.pull()).toMatchObject({ ok: false, error: { code: 'distrusted' } });
		expect(await station.lastStop()).toMatchObject({ code: 'table_differs', feed: 'documents' });
		station.meddler = null;
		await world.hub.keepDocument(TENANT, damaged, bytes);
	});

	it('that is longer than an answer comes in parts', async () => {
		const long = Buffer.alloc(9 << 20, 'a long scan ');
		const sha256 = createHash('sha256').update(long).digest('hex');
		await world.hub.keepDocument(TENANT, sha256, long);
		await oneMore('LONG-1');
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		expect(must(await station.feed.pull()).imported).toMatchObject({ lost: 0, differing: 0 });
		const asked = station.asked.filter(({ path }) => path.includes(sha256));
		expect(asked.length).toBe(3);
		expect(evidence().documents.present).toBe(names().length);
	});
});

describe('a log that the hub lost a file of', () => {
	it('stops the feed at once, as damaged and not as busy, and what was there stays', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		must(await station.feed.pull());
		const held = await station.holding();
		const events = await eventsOf(world, TENANT);
		const more = Array.from({ length: 300 }, (_, at) => ['order_event', eventAfter(events.at(-1) ?? {}, `LOG-${at + 100}`)] as const);
		await world.send(TENANT, more);
		await world.hub.publications.latest(TENANT);
		const logs = join(folder, 'logs');
		const bundles = readdirSync(logs, { recursive: true, withFileTypes: true })
			.flatMap((entry) =>
				entry.isFile() && entry.parentPath.endsWith('order_event/tile/entries') ? [join(entry.parentPath, entry.name)] : [],
			)
			.sort();
		const last = bundles.at(-1) ?? '';
		writeFileSync(last, '');
		station.asked.length = 0;
		expect(await station.feed.pull()).toMatchObject({ ok: false, error: { code: 'not_connected' } });
		expect(await station.lastStop()).toMatchObject({ code: 'damaged', feed: 'order_event' });
		expect(station.asked.filter(({ status }) => status === 410)).toHaveLength(1);
		expect(await station.holding()).toEqual(held);
	});
});

/** As the hub gives it. */
async function bytesOf(sha256: string): Promise<Uint8Array> {
	const { url, bearer } = await world.addressOf(TENANT);
	const answer = await fetch(`${url}/v1/documents/${sha256}`, { headers: { authorization: `Bearer ${bearer}` } });
	if (!answer.ok) throw new Error(`${answer.status}`);
	return new Uint8Array(await answer.arrayBuffer());
}
