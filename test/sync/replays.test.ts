/** Signed by the right key, and false all the same: what belongs to another log, table, publication or engagement, says less than before, or never ends. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { checkpointText } from '#evidence';
import { sha256, utf8 } from '#kernel';
import type { SyncStop } from '#sync';
import { type LogSigner, logSigner } from '../../electron/hub/keys/logSigner.ts';
import { witnessKey } from '../shared/sync/signedNotes.ts';
import { hastened } from './hastened.ts';
import { eventAfter, eventsOf, type HubWorld, LOG, openHubWorld, rowsOf, TENANT, withSample } from './hubWorld.ts';
import type { Meddler } from './line.ts';
import { asking, changing, HEAD } from './meddlers.ts';
import { ndjson } from './replies.ts';
import { must, openStation, type Station, verdictsOf } from './station.ts';

let world: HubWorld;
let station: Station;
let signer: LogSigner;
let late = 0;

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 10);
	await world.endDay(TENANT);
	const [key] = await world.hub.database.query<{ vkey: string; sealed_private: Uint8Array }>(
		'SELECT vkey, sealed_private FROM log_key WHERE tenant = $1',
		[TENANT],
	);
	const secret = key && world.hub.keys.openPrivateKey(TENANT, key.vkey, key.sealed_private);
	if (!secret) throw new Error('the tenant has a key');
	signer = logSigner(LOG, secret);
});
afterAll(() => world?.close());
afterEach(() => station?.close());

type Declared = { table: string; query?: string; bytes?: number };
type Manifest = { tables: readonly Declared[] };

/** The newest publication with another manifest, signed by the log's own key. */
const published =
	(change: (manifest: Manifest) => Manifest): Meddler =>
	async (question, onward) => {
		const reply = await onward(question);
		if (question.path !== '/v1/publication' || reply.kind !== 'response') return reply;
		const body = JSON.parse(Buffer.from(reply.bytes).toString('utf8')) as { number: number; manifest: string };
		const manifest = JSON.stringify(change(JSON.parse(body.manifest) as Manifest));
		const text = checkpointText(`${LOG}/publication`, body.number, sha256(utf8(manifest)));
		const answer = { ...body, manifest, note: `${text}\n${signer.signatureLine(text)}` };
		return { ...reply, bytes: new Uint8Array(Buffer.from(JSON.stringify(answer))) };
	};

const without =
	(name: string) =>
	(manifest: Manifest): Manifest => ({ ...manifest, tables: manifest.tables.filter(({ table }) => table !== name) });
const changed =
	(name: string, change: (declared: Declared) => Declared) =>
	(manifest: Manifest): Manifest => ({ ...manifest, tables: manifest.tables.map((each) => (each.table === name ? change(each) : each)) });

async function connected(): Promise<void> {
	station = await openStation();
	await station.connect(await world.addressOf(TENANT));
}

/** Holds a publication, and the hub has a newer one. */
async function informed(): Promise<void> {
	await connected();
	must(await station.feed.pull());
	const events = await eventsOf(world, TENANT);
	const [customer] = await rowsOf(world, TENANT, 'customer');
	await world.send(TENANT, [
		['order_event', eventAfter(events.at(-1) ?? {}, `EV-REPLAY-${++late}`)],
		['customer', { ...customer, name: `Renamed ${late}` }],
	]);
}

async function caught(meddler: Meddler, verdict: Pick<SyncStop, 'code' | 'feed'>): Promise<void> {
	const held = await station.holding();
	station.meddler = meddler;
	station.asked.length = 0;
	expect(await hastened(1000, () => station.feed.pull())).toMatchObject({ ok: false });
	expect(await station.lastStop()).toMatchObject(verdict);
	expect(await station.holding()).toEqual(held);
	station.meddler = null;
}

describe('a publication under the right signature is refused that', () => {
	it('says nothing more of a table that was published before: rollback', async () => {
		await informed();
		await caught(published(without('customer')), { code: 'rollback', feed: 'customer' });
		await caught(published(without('order_event')), { code: 'rollback', feed: 'order_event' });
		must(await station.feed.pull());
		expect(verdictsOf(station).plain).toEqual(['as_declared']);
	});

	it('has a table at an earlier revision, or at none: rollback', async () => {
		await informed();
		for (const query of ['revision 0', 'all of it'])
			await caught(published(changed('customer', (declared) => ({ ...declared, query }))), { code: 'rollback', feed: 'customer' });
	});

	it('does not say how long a file is: manifest differs', async () => {
		await connected();
		await caught(published(changed('order_event', ({ bytes: _, ...declared }) => declared)), {
			code: 'manifest_differs',
			feed: 'order_event',
		});
	});
});

describe('what is signed for one thing is not taken for another', () => {
	it('the head of one log as that of the other, or the publication’s note as a head: wrong origin', async () => {
		await connected();
		await caught(
			asking(HEAD, () => '/v1/logs/revenue_event/checkpoint'),
			{ code: 'wrong_origin', feed: 'order_event' },
		);
		const { note } = (await world.hub.publications.latest(TENANT)) ?? { note: '' };
		await caught(
			changing(HEAD, () => note),
			{ code: 'wrong_origin', feed: 'order_event' },
		);
	});

	it('lines of one log as those of the other: log differs', async () => {
		await connected();
		await caught(
			asking('/v1/logs/order_event/lines', (path) =>
				path.replace('order_event', 'revenue_event').replace(/from=\d+&to=\d+/, 'from=0&to=5'),
			),
			{ code: 'log_differs', feed: 'order_event' },
		);
	});

	it('work papers of another engagement: nothing of them is taken in', async () => {
		await connected();
		must(await station.papers.exchange());
		const other = station.engagementId;
		const foreign = station.vault.inside().papers.state().engagementId;
		station.close();
		await connected();
		expect(station.engagementId).not.toBe(other);
		const before = station.vault.inside().log().length;
		station.meddler = asking('/v1/engagements/', (path) => path.replace(/engagements\/[^/]+/, `engagements/${foreign}`));
		expect(await station.papers.exchange()).toMatchObject({ ok: false });
		expect(station.vault.inside().log()).toHaveLength(before);
	});
});

describe('what does not end is not waited for', () => {
	it('a log whose lines are longer than declared stops with the first that is too much', async () => {
		await connected();
		const endless = Buffer.from(`${'x'.repeat(3_000_000)}\n`);
		await caught(
			changing('/v1/logs/order_event/lines', () => endless.toString('utf8')),
			{ code: 'log_differs', feed: 'order_event' },
		);
		expect(station.asked.filter(({ path }) => path.startsWith('/v1/logs/order_event/lines'))).toHaveLength(1);
		expect(await station.vault.inside().database.shelf('segment').ids()).toEqual([]);
	});

	it('a log that gives no lines where there must be some is asked once', async () => {
		await connected();
		await caught((question, onward) => (question.path.includes('/order_event/lines') ? ndjson([]) : onward(question)), {
			code: 'protocol',
			feed: 'order_event',
		});
		expect(station.asked.filter(({ path }) => path.includes('/order_event/lines'))).toHaveLength(1);
	});

	it('a list of documents that goes on and on, or names more than are counted', async () => {
		await connected();
		const lists = (): number => station.asked.filter(({ path }) => path.startsWith('/v1/documents?')).length;
		await caught(
			(question, onward) => (question.path.startsWith('/v1/documents?') ? ndjson([], { 'next-cursor': `c${lists()}` }) : onward(question)),
			{ code: 'protocol', feed: 'document' },
		);
		expect(lists()).toBe(1);
		const named = Array.from({ length: 500 }, (_, at) => ({ sha256: at.toString(16).padStart(64, '0'), bytes: 1 }));
		await caught(
			(question, onward) =>
				question.path.startsWith('/v1/documents?') ? ndjson(named, { 'next-cursor': `c${lists()}` }) : onward(question),
			{ code: 'table_differs', feed: 'documents' },
		);
		expect(lists()).toBe(1);
	});
});

describe('a policy that was pinned', () => {
	it('is another one where a retired key is to sign again, or a witness is gone: the fingerprint has to be compared anew', async () => {
		station = await openStation();
		const address = await world.addressOf(TENANT);
		const { policy } = must(await station.feed.inspect(address));
		const witness = witnessKey('witness.example');
		must(
			await station.feed.connect(address, {
				...policy,
				keys: policy.keys.map(({ vkey }) => ({ vkey, until: { order_event: 5 } })),
				witnesses: [witness.vkey],
				quorum: 1,
			}),
		);
		const tenant = (change: object): Meddler =>
			changing('/v1/tenant', (text) => JSON.stringify({ ...(JSON.parse(text) as object), ...change }));
		const keys = policy.keys.map(({ vkey }) => ({ vkey, from: {}, until: { order_event: 5 } }));
		const claims = async (change: object): Promise<boolean> => {
			station.meddler = tenant(change);
			return must(await station.feed.inspect(address)).differsFromPinned;
		};
		expect(await claims({ witnesses: [witness.vkey], log_keys: keys })).toBe(false);
		expect(await claims({ witnesses: [witness.vkey] })).toBe(true);
		expect(await claims({ witnesses: [witness.vkey], log_keys: keys.map((key) => ({ ...key, until: { order_event: 9 } })) })).toBe(true);
		expect(await claims({ witnesses: [], log_keys: keys })).toBe(true);
	});
});
