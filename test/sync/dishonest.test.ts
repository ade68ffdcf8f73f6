/**
 * A hub that lies, or somebody on the way who does: each lie has a verdict of its own, and nothing that was here before is touched. The hub
 * is honest and real; between it and the workstation sits who changes answers, and who has other histories signed by the same key to give.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '#kernel';
import type { SyncStop } from '#sync';
import { cosignatureOf, witnessKey } from '../shared/sync/signedNotes.ts';
import { hastened } from './hastened.ts';
import { eventAfter, eventsOf, type HubWorld, LOG, openHubWorld, rowsOf, TENANT, withSample } from './hubWorld.ts';
import { IMPOSTORS, type Impostor, tellHistory } from './impostors.ts';
import type { Meddler } from './line.ts';
import { ALL_BUT_RECORDS, as, asking, at, changing, EVERYTHING, HEAD, newestHead, tokens } from './meddlers.ts';
import { must, openStation, type Station, verdictsOf } from './station.ts';

let world: HubWorld;
let station: Station;
/** Sizes at the end of the first day. */
let dayOne: { readonly events: number; readonly records: number; readonly publication: number };

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 12);
	await world.endDay(TENANT);
	const events = await eventsOf(world, TENANT);
	const { number = 0 } = (await world.hub.publications.latest(TENANT)) ?? {};
	dayOne = { events: events.length, records: world.hub.log.head(TENANT, 'hub_record').size, publication: number };
	for (const [name, history] of Object.entries(IMPOSTORS)) await tellHistory(world, name, history, name !== 'grown');
	for (const [name, log] of [
		['stranger', LOG],
		['other', 'other.example/o2c'],
	] as const) {
		await world.addTenant(name, log);
		await withSample(world, name, 14);
		for (let number = 1; number <= 3; number++) await world.endDay(name);
	}
	for (const name of [...Object.keys(IMPOSTORS), 'stranger', 'other']) tokens.set(name, (await world.addressOf(name)).bearer);
	// The second day: three events, a customer renamed, a document.
	const [customer] = await rowsOf(world, TENANT, 'customer');
	await world.send(TENANT, [
		...[1, 2, 3].map((n) => ['order_event', eventAfter(events.at(-1) ?? {}, `EV-LATE-${n}`)] as const),
		['customer', { ...customer, name: 'Renamed' }],
	]);
	const text = Buffer.from('a delivery note of the second day');
	await world.hub.keepDocument(TENANT, sha256Hex(text), text);
	await world.endDay(TENANT);
});
afterAll(() => world?.close());
afterEach(() => station?.close());

/** The honest hub as it was at the end of the first day. */
const onDayOne: Meddler = (question, onward) => {
	if (question.path === '/v1/publication') return onward({ ...question, path: `/v1/publication/${dayOne.publication}` });
	if (question.path === '/v1/logs/hub_record/checkpoint')
		return onward({ ...question, path: `/v1/logs/hub_record/checkpoint/${dayOne.records}` });
	return onward(question);
};

/** A workstation that holds the evidence of the first day. */
async function onceInformed(): Promise<void> {
	station = await openStation();
	await station.connect(await world.addressOf(TENANT));
	station.meddler = onDayOne;
	must(await station.feed.pull());
	expect(verdictsOf(station).sealed).toEqual({ order_event: 'verified', revenue_event: 'verified' });
	expect(must(await station.feed.status()).heads['order_event']?.size).toBe(dayOne.events);
}

/** A workstation that knows the policy and nothing more. */
async function newlyConnected(): Promise<void> {
	station = await openStation();
	await station.connect(await world.addressOf(TENANT));
}

/** Two signed histories stay a matter for a person, though the hub is honest again. */
async function believeWhatWasSeen(): Promise<void> {
	station.asked.length = 0;
	expect(await station.feed.pull()).toMatchObject({ ok: false, error: { code: 'distrusted' } });
	expect(station.asked).toEqual([]);
	const [pair] = must(await station.feed.equivocations());
	must(await station.feed.settleEquivocation(pair?.id ?? '', 'seen', 'The company has shown the log itself.'));
	expect(await station.lastStop()).toBeNull();
}

/** The lie stops the feed, what was there stays, and the truth comes through afterwards where the lie left no second history under the key. */
async function caught(meddler: Meddler, verdict: Pick<SyncStop, 'code' | 'feed'>, leavesTrace = false): Promise<void> {
	const held = await station.holding();
	station.meddler = meddler;
	expect(await hastened(1000, () => station.feed.pull())).toMatchObject({ ok: false, error: { code: 'distrusted' } });
	expect(await station.lastStop()).toMatchObject(verdict);
	expect(await station.holding()).toEqual(held);
	station.meddler = null;
	if (verdict.code === 'fork') await believeWhatWasSeen();
	if (leavesTrace) return;
	must(await station.feed.pull());
	expect(verdictsOf(station)).toEqual({ sealed: { order_event: 'verified', revenue_event: 'verified' }, plain: ['as_declared'] });
}

describe('after the first day, a hub is caught that', () => {
	const publicationAnd = (impostor: Impostor) => as(impostor, ALL_BUT_RECORDS);

	it('signs another publication of the same number: fork', async () => {
		await onceInformed();
		const meddler: Meddler = (question, onward) =>
			question.path === '/v1/publication'
				? onward({ ...question, path: `/v1/publication/${dayOne.publication}`, bearer: tokens.get('altered') ?? '' })
				: onward(question);
		await caught(meddler, { code: 'fork', feed: 'publication' });
	});

	it('signs another log of the same size: fork', async () => {
		await onceInformed();
		await caught(publicationAnd('altered'), { code: 'fork', feed: 'order_event' });
	});

	it('goes on from another history: inconsistent', async () => {
		await onceInformed();
		await caught(publicationAnd('grown'), { code: 'inconsistent', feed: 'order_event' });
	});

	it('goes back to an earlier publication: rollback', async () => {
		await onceInformed();
		station.meddler = null;
		must(await station.feed.pull());
		await caught(
			asking('/v1/publication', (path) => (path === '/v1/publication' ? `${path}/${dayOne.publication}` : path)),
			{
				code: 'rollback',
				feed: 'publication',
			},
		);
	});

	it('shows fewer lines under a newer publication: rollback', async () => {
		await onceInformed();
		await caught(publicationAnd('shorter'), { code: 'rollback', feed: 'order_event' });
	});

	it('takes back records of its own: rollback', async () => {
		await onceInformed();
		await caught(as('shorter', /hub_record/), { code: 'rollback', feed: 'hub_record' });
	});

	it('shows the old publication as the newest, though its records count more: tail hidden', async () => {
		await onceInformed();
		await caught(
			asking('/v1/publication', (path) => (path === '/v1/publication' ? `${path}/${dayOne.publication}` : path)),
			{
				code: 'tail_hidden',
				feed: 'order_event',
			},
		);
	});

	it('gives no proof that it goes on, or a wrong one: inconsistent', async () => {
		await onceInformed();
		await caught(
			changing(/consistency/, () => '{"hashes":[]}'),
			{ code: 'inconsistent', feed: 'order_event' },
		);
		station.close();
		await onceInformed();
		await caught(
			changing(/consistency/, (text) => text.replace(/\["(.)/, (_, start) => `["${start === 'A' ? 'B' : 'A'}`)),
			{ code: 'inconsistent', feed: 'order_event' },
		);
	});

	it('changes a row among the changes of a table: table differs', async () => {
		await onceInformed();
		await caught(
			changing(/\/changes/, (text) => text.replace('Renamed', 'Removed')),
			{ code: 'table_differs', feed: 'customer' },
		);
	});
});

describe('at the first pull, a hub is caught that', () => {
	it('leaves one event out of the lines: log differs', async () => {
		await newlyConnected();
		await caught(
			changing('/v1/logs/order_event/lines?from=0', (text) => text.slice(text.indexOf('\n') + 1)),
			{ code: 'log_differs', feed: 'order_event' },
		);
	});

	it('gives lines of another company: log differs', async () => {
		await newlyConnected();
		await caught(as('other', '/v1/logs/order_event/lines'), { code: 'log_differs', feed: 'order_event' });
	});

	it('has sealed an order without its last event, while its records know better: tail hidden', async () => {
		await newlyConnected();
		await caught(as('tailless', ALL_BUT_RECORDS), { code: 'tail_hidden', feed: 'order_event' }, true);
	});

	it('has sealed an order without an event in its middle, while its records know better: tail hidden', async () => {
		await newlyConnected();
		await caught(as('dropped', ALL_BUT_RECORDS), { code: 'tail_hidden', feed: 'order_event' }, true);
	});

	it('has changed the last event of an order since the records were made: tail hidden', async () => {
		await newlyConnected();
		const meddler: Meddler = (question, onward) => (at(question, /hub_record/) ? onDayOne : as('altered', EVERYTHING))(question, onward);
		await caught(meddler, { code: 'tail_hidden', feed: 'order_event' }, true);
	});

	it('does not speak of a whole log that its records count: tail hidden', async () => {
		await newlyConnected();
		await caught(as('grown', ALL_BUT_RECORDS), { code: 'tail_hidden', feed: 'revenue_event' }, true);
	});

	it('gives out the head, the publication or the records of another company: wrong origin', async () => {
		for (const [part, feed] of [
			[HEAD, 'order_event'],
			['/v1/publication', 'publication'],
			['/v1/logs/hub_record', 'hub_record'],
		] as const) {
			await newlyConnected();
			await caught(newestHead(as('other', part)), { code: 'wrong_origin', feed });
			station.close();
		}
	});

	it('signs by another key: unknown key', async () => {
		for (const [part, feed] of [
			['/v1/logs/hub_record', 'hub_record'],
			[ALL_BUT_RECORDS, 'publication'],
			[HEAD, 'order_event'],
		] as const) {
			await newlyConnected();
			await caught(newestHead(as('stranger', part)), { code: 'unknown_key', feed });
			station.close();
		}
	});

	it('names the trusted key and signs by another: bad signature', async () => {
		await newlyConnected();
		const forged = (text: string): string => {
			const [head = '', line = ''] = text.split('\n\n');
			const [dash, name, signature = ''] = line.trimEnd().split(' ');
			const bytes = Buffer.from(signature, 'base64');
			bytes[20] = (bytes[20] ?? 0) ^ 1;
			return `${head}\n\n${dash} ${name} ${bytes.toString('base64')}\n`;
		};
		await caught(changing(HEAD, forged), { code: 'bad_signature', feed: 'order_event' });
	});

	it('signs by a key that was retired before: key window', async () => {
		station = await openStation();
		const address = await world.addressOf(TENANT);
		const { policy } = must(await station.feed.inspect(address));
		const keys = policy.keys.map(({ vkey }) => ({ vkey, until: { order_event: dayOne.events } }));
		must(await station.feed.connect(address, { ...policy, keys }));
		await caught((question, onward) => onward(question), { code: 'key_window', feed: 'order_event' }, true);
		station.meddler = onDayOne;
		expect(await station.feed.pull()).toMatchObject({ ok: false });
		expect(await station.lastStop()).toMatchObject({ code: 'rollback', feed: 'hub_record' });
	});

	it('gives a head that is no signed note: bad note', async () => {
		await newlyConnected();
		await caught(
			changing(HEAD, () => 'trust me\n'),
			{ code: 'bad_note', feed: 'order_event' },
		);
	});

	it('puts another manifest under the signed note, or another number: manifest differs', async () => {
		for (const change of [
			(text: string) => text.replace('Zephyrine Trading', 'Zephyrine Tradinq'),
			(text: string) => text.replace(/"number":(\d+)/, (_, number) => `"number":${Number(number) + 1}`),
		]) {
			await newlyConnected();
			await caught(changing('/v1/publication', change), { code: 'manifest_differs', feed: 'publication' });
			station.close();
		}
	});

	it('changes a row of a plain table, or leaves one out: table differs', async () => {
		for (const change of [(text: string) => text.replace('Renamed', 'Removed'), (text: string) => text.slice(text.indexOf('\n') + 1)]) {
			await newlyConnected();
			await caught(changing(/tables\/customer\?offset=0/, change), { code: 'table_differs', feed: 'customer' });
			station.close();
		}
	});

	it('gives other bytes of a document, or keeps one from the list: document differs, documents differ', async () => {
		await newlyConnected();
		await caught(
			changing(/documents\/[0-9a-f]{64}/, (text) => `${text.slice(0, -1)}~`),
			{ code: 'document_differs', feed: 'document' },
		);
		station.close();
		await newlyConnected();
		await caught(
			changing(/documents\?/, (text) => text.slice(text.indexOf('\n') + 1)),
			{ code: 'table_differs', feed: 'documents' },
		);
	});

	it('changes a disclosed value: disclosure differs', async () => {
		await newlyConnected();
		await caught(
			changing('/v1/disclosures/order_event', (text) =>
				text.replace(/"disclosure":"(.{8}).(.)/, (_, start, end) => `"disclosure":"${start}x${end}`),
			),
			{ code: 'disclosure_differs', feed: 'order_event' },
		);
	});

	it('lacks the witnesses that were agreed on: quorum', async () => {
		const witness = witnessKey('witness.example');
		await world.hub.database.query('INSERT INTO witness (tenant, name, vkey, added_at) VALUES ($1, $2, $3, $4)', [
			TENANT,
			witness.key.name,
			witness.vkey,
			world.clock.at,
		]);
		await newlyConnected();
		expect(must(await station.feed.status()).policy).toMatchObject({ quorum: 1 });
		await caught((question, onward) => onward(question), { code: 'quorum', feed: 'order_event' }, true);
		for (const table of ['order_event', 'revenue_event'] as const) {
			const { size, note } = world.hub.log.head(TENANT, table);
			const text = `${note.split('\n\n')[0]}\n`;
			expect(await world.hub.log.cosign(TENANT, table, size, cosignatureOf(text, witness))).toMatchObject({ ok: true });
		}
		const without = changing(HEAD, (text) => text.replace(/— witness.example .*\n/, ''));
		await caught(without, { code: 'quorum', feed: 'order_event' });
		await world.hub.database.query('DELETE FROM witness WHERE tenant = $1', [TENANT]);
	});
});
