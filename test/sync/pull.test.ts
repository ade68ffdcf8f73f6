/** Evidence from a real hub into a real vault: the first time whole, later only what is new, and the same evidence either way. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { sha256Hex } from '#kernel';
import { eventAfter, eventsOf, type HubWorld, LOG, openHubWorld, rowsOf, TENANT, withSample } from './hubWorld.ts';
import { ndjson, refused } from './replies.ts';
import { must, openStation, type Station, verdictsOf } from './station.ts';

let world: HubWorld;
let station: Station;

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 150);
	await world.endDay(TENANT);
});
afterAll(() => world?.close());
afterEach(() => station?.close());

const VERIFIED = { sealed: { order_event: 'verified', revenue_event: 'verified' }, plain: ['as_declared'] };
const bytesAsked = (): number => station.asked.reduce((sum, { bytes }) => sum + bytes, 0);
const pathsAsked = (): string[] => station.asked.map(({ path }) => path.split('?')[0] ?? '');

describe('a pull', () => {
	it('brings all of the company, verified, and the audit tests run over it; asked again, it brings nothing', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		const first = must(await station.feed.pull());
		expect(first.imported).toMatchObject({ differing: 0, quarantined: 0 });
		expect(verdictsOf(station)).toEqual(VERIFIED);
		expect((await station.runTests()).length).toBeGreaterThan(50);
		station.asked.length = 0;
		expect(must(await station.feed.pull())).toEqual({ imported: null, publication: first.publication, records: 0 });
		expect(pathsAsked()).toEqual(['/v1/logs/hub_record/checkpoint', '/v1/publication']);
	});

	it('brings later only what is new, and then holds what another would who pulls all of it', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		must(await station.feed.pull());
		const whole = bytesAsked();
		const before = must(await station.feed.status());
		await moreOfAll('PULL');
		station.asked.length = 0;
		const second = must(await station.feed.pull());
		expect(second.imported).toMatchObject({ differing: 0, quarantined: 0 });
		const from = before.heads['order_event']?.size ?? 0;
		expect(pathsMatching('/lines')).toEqual([
			expect.stringContaining('/v1/logs/hub_record/lines?from='),
			`/v1/logs/order_event/lines?from=${from}&to=${from + 3}`,
		]);
		expect(pathsMatching('/changes')).toEqual([expect.stringMatching(/^\/v1\/tables\/customer\/changes\?since=/)]);
		expect(pathsMatching('/tables/').length).toBe(1);
		expect(pathsMatching('/disclosures')).toEqual([`/v1/disclosures/order_event?from=${from}&to=${from + 3}`]);
		expect(withoutListsOf(station.asked)).toBeLessThan(whole / 20);
		expect(verdictsOf(station)).toEqual(VERIFIED);
		const { evidence, disclosures } = dropOf();
		const results = await station.runTests();
		await station.reopen();
		expect(verdictsOf(station)).toEqual(VERIFIED);
		station.close();

		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		must(await station.feed.pull());
		expect(dropOf().evidence.tables).toEqual(evidence.tables);
		expect(dropOf().disclosures).toEqual(disclosures);
		expect([...disclosures.values()].reduce((sum, { disclosed }) => sum + disclosed, 0)).toBeGreaterThan(0);
		expect(await station.runTests()).toEqual(results);
	});

	it('takes disclosures page by page, each once, and none of a hub whose pages do not go on', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		const stuck = (next: string) => () => ndjson([], { 'next-from': next });
		for (const next of ['0', '-1', '1.5', 'x'])
			await stopsBy((question, onward) => (question.path.includes('/disclosures/') ? stuck(next)() : onward(question)));
		station.asked.length = 0;
		station.meddler = (question, onward) => onward({ ...question, path: question.path.replace(DISCLOSED_RANGE, firstLines) });
		must(await station.feed.pull());
		const asked = pathsMatching('/disclosures/order_event');
		expect(asked.length).toBeGreaterThan(3);
		expect(new Set(asked).size).toBe(asked.length);
		const paged = dropOf().disclosures;
		station.close();
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		must(await station.feed.pull());
		expect(dropOf().disclosures).toEqual(paged);
	});

	it('fetches a table whole where it went on while the changes were asked for, rows went away, or too many changed', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		must(await station.feed.pull());
		let round = 0;
		const [customer] = await rowsOf(world, TENANT, 'customer');
		const wholeFileOf = async (meddler: NonNullable<Station['meddler']>): Promise<void> => {
			round++;
			await world.send(TENANT, [['customer', { ...customer, name: `Renamed ${round}` }]]);
			station.asked.length = 0;
			station.meddler = meddler;
			expect(must(await station.feed.pull()).imported).toMatchObject({ differing: 0 });
			station.meddler = null;
			expect(pathsMatching('/changes').length).toBeGreaterThan(0);
			expect(pathsMatching('/tables/customer?')).toHaveLength(1);
		};
		let moves = 0;
		await wholeFileOf(async (question, onward) => {
			if (question.path.includes('/changes')) await world.send(TENANT, [['customer', { ...customer, name: `Moved ${moves++}` }]]);
			return await onward(question);
		});
		expect(station.asked.find(({ path }) => path.includes('/changes'))?.status).toBe(409);
		await wholeFileOf((question, onward) =>
			question.path.includes('/changes') ? ndjson([{ p: 0, k: 'x', gone: true }]) : onward(question),
		);
		await wholeFileOf((question, onward) => {
			if (!question.path.includes('/changes')) return onward(question);
			const page = Number(/cursor=(\d+)/.exec(question.path)?.[1] ?? 0);
			return ndjson(
				Array.from({ length: 40_000 }, (_, at) => ({ p: page * 40_000 + at, k: '', l: '{}' })),
				{ 'next-cursor': String(page + 1) },
			);
		});
	});

	it('lists the documents that its publication counts, though they came while it was made and the hub’s clock went back', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		must(await station.feed.pull());
		world.clock.at -= 3_600_000;
		for (const round of [1, 2, 3]) {
			await moreOfAll(`CLOCK-${round}`);
			const documents = Array.from({ length: 40 }, (_, at) => Buffer.from(`note ${at} of round ${round}`));
			await Promise.all([
				world.hub.publications.latest(TENANT),
				...documents.map((text) => world.hub.keepDocument(TENANT, sha256Hex(text), text)),
			]);
			expect(must(await station.feed.pull()).publication).toBeGreaterThan(0);
		}
		world.clock.at += 3_600_000;
	});

	it('that breaks off keeps what was there, and the next one comes through', async () => {
		station = await openStation();
		const address = await world.addressOf(TENANT);
		await station.connect(address);
		for (const answers of [0, 2, 5, 9, 20, 60]) {
			let left = answers;
			station.meddler = (question, onward) => (left-- > 0 ? onward(question) : refused(401));
			expect(await station.feed.pull()).toMatchObject({ ok: false, error: { code: 'not_connected' } });
			expect(await station.lastStop()).toMatchObject({ code: 'unauthenticated' });
			expect(await station.vault.inside().store.imports()).toEqual([]);
		}
		station.meddler = null;
		must(await station.feed.pull());
		expect(verdictsOf(station)).toEqual(VERIFIED);
		await moreOfAll('BROKEN');
		const held = await station.holding();
		for (const answers of [3, 6]) {
			let left = answers;
			station.meddler = (question, onward) => (left-- > 0 ? onward(question) : refused(403));
			expect(await station.feed.pull()).toMatchObject({ ok: false, error: { code: 'not_connected' } });
			expect(await station.holding()).toEqual(held);
		}
		station.meddler = null;
		await station.reopen();
		expect(must(await station.feed.pull()).imported).toMatchObject({ differing: 0 });
		expect(verdictsOf(station)).toEqual(VERIFIED);
	});

	it('that its person cancels ends at once, and says nothing of the hub', async () => {
		station = await openStation();
		await station.connect(await world.addressOf(TENANT));
		let isWaiting: () => void = () => undefined;
		const waits = new Promise<void>((resolve) => {
			isWaiting = resolve;
		});
		station.meddler = (question, onward) => {
			if (!question.path.includes('/order_event/lines')) return onward(question);
			isWaiting();
			return refused(503);
		};
		const pulling = station.feed.pull();
		await waits;
		const [job] = must(await station.vault.jobs.list());
		must(await station.vault.jobs.cancel(job?.jobId ?? ''));
		expect(await pulling).toMatchObject({ ok: false, error: { code: 'cancelled' } });
		expect(await station.lastStop()).toBeNull();
		station.meddler = null;
		must(await station.feed.pull());
		expect(verdictsOf(station)).toEqual(VERIFIED);
	});
});

const dropOf = () => {
	const loaded = station.vault.inside().evidence();
	if (!loaded) throw new Error('there is no evidence');
	return loaded.drop;
};

async function stopsBy(meddler: NonNullable<Station['meddler']>): Promise<void> {
	station.meddler = meddler;
	expect(await station.feed.pull()).toMatchObject({ ok: false });
	expect(await station.lastStop()).toMatchObject({ code: 'protocol' });
}

/** A page of so many lines of the log and no more. */
const PAGE_LINES = 97;
const DISCLOSED_RANGE = /(\/disclosures\/\w+\?from=)(\d+)&to=(\d+)/;
const firstLines = (_: string, start: string, from: string, to: string): string =>
	`${start}${from}&to=${Math.min(Number(to), Number(from) + PAGE_LINES)}`;

let customers = 0;

/** Three events, a changed and a new customer, a document. */
async function moreOfAll(mark: string): Promise<void> {
	const events = await eventsOf(world, TENANT);
	const [customer] = await rowsOf(world, TENANT, 'customer');
	const last = events.at(-1) ?? {};
	await world.send(TENANT, [
		...[1, 2, 3].map((n) => ['order_event', eventAfter(last, `EV-${mark}-${customers}${n}`)] as const),
		['customer', { ...customer, name: `Renamed by ${mark}` }],
		['customer', { ...customer, customer_id: `C-${mark}-${customers++}` }],
	]);
	const text = Buffer.from(`delivery note ${mark} ${customers}`);
	await world.hub.keepDocument(TENANT, sha256Hex(text), text);
}

const pathsMatching = (part: string): string[] => station.asked.flatMap(({ path }) => (path.includes(part) ? [path] : []));

/** Bytes of all answers but the lists that every pull asks for whole. */
const withoutListsOf = (asked: Station['asked']): number =>
	asked.reduce((sum, { path, bytes }) => (/^\/v1\/(documents\?|publication$)/.test(path) ? sum : sum + bytes), 0);
