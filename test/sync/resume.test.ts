/** A pull over a bad line: what came before it broke is not asked for again, is no evidence before all of it was verified, and leaves nothing behind. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { HubReply } from '#ipc';
import { compareText } from '#kernel';
import { hastened } from './hastened.ts';
import { eventAfter, eventsOf, type HubWorld, LOG, openHubWorld, rowsOf, TENANT, withSample } from './hubWorld.ts';
import type { Meddler } from './line.ts';
import { refused } from './replies.ts';
import { must, openStation, type Station, verdictsOf } from './station.ts';

let world: HubWorld;
let station: Station;
let late = 0;

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 40);
	await world.endDay(TENANT);
});
afterAll(() => world?.close());
afterEach(() => station?.close());

const VERIFIED = { sealed: { order_event: 'verified', revenue_event: 'verified' }, plain: ['as_declared'] };
const LINES = 60;
const BROKEN: HubReply = { kind: 'failure', code: 'unreachable', message: 'The connection broke.' };

/** The same hub with small pages, so that there is something between the first and the last. */
const inSmallPages: Meddler = (question, onward) => {
	const path = question.path.replace(/(\/lines\?from=)(\d+)&to=(\d+)/, (_, start, from, to) =>
		[start, from, '&to=', Math.min(Number(to), Number(from) + LINES)].join(''),
	);
	return onward({ ...question, path });
};

/** Questions for evidence itself: lines, files, documents. */
const isForBytes = (path: string): boolean => /\/v1\/(logs\/\w+_event\/lines|publication\/\d+\/tables\/|documents\/[0-9a-f])/.test(path);

/** Lets so many answers with evidence through, and then refuses. */
function breaking(after: number, refusal: () => Promise<HubReply> = () => refused(401)): Meddler {
	let left = after;
	return (question, onward) => (isForBytes(question.path) && left-- <= 0 ? refusal() : inSmallPages(question, onward));
}

const bytesBrought = (): string[] => station.asked.flatMap(({ path, status }) => (isForBytes(path) && status === 200 ? [path] : []));
const pull = () => hastened(1000, () => station.feed.pull());
const segments = (): Promise<readonly string[]> => station.vault.inside().database.shelf('segment').ids();

async function connected(): Promise<void> {
	station = await openStation();
	await station.connect(await world.addressOf(TENANT));
}

async function brokenOff(after: number): Promise<void> {
	station.meddler = breaking(after);
	expect(await pull()).toMatchObject({ ok: false, error: { code: 'not_connected' } });
	station.meddler = inSmallPages;
}

const moreEvents = async (): Promise<void> => {
	const events = await eventsOf(world, TENANT);
	const [customer] = await rowsOf(world, TENANT, 'customer');
	await world.send(TENANT, [
		['order_event', eventAfter(events.at(-1) ?? {}, `EV-RESUME-${late++}`)],
		['customer', { ...customer, name: `Renamed ${late}` }],
	]);
};

describe('a pull that is broken off', () => {
	it('is gone on with: nothing is asked for twice, and it comes to what one that was not broken off comes to', async () => {
		await connected();
		station.meddler = inSmallPages;
		must(await pull());
		const [whole, tables] = [bytesBrought(), station.vault.inside().evidence()?.drop.evidence.tables];
		station.close();
		expect(whole.length).toBeGreaterThan(12);
		await connected();
		for (const after of [1, 3, 2, 5]) await brokenOff(after);
		must(await pull());
		expect(bytesBrought().toSorted(compareText)).toEqual(whole.toSorted(compareText));
		expect(verdictsOf(station)).toEqual(VERIFIED);
		expect(station.vault.inside().evidence()?.drop.evidence.tables).toEqual(tables);
		const { importId } = station.vault.inside().evidence() ?? {};
		expect(await station.vault.inside().store.verifyDrop(importId ?? '')).toMatchObject({ ok: true });
		await station.reopen();
		expect(verdictsOf(station)).toEqual(VERIFIED);
		expect(must(await station.feed.status()).begun).toBeNull();
	});

	it('is no evidence in between, over a lock as well: no import, no pin, and the screen is told how much is kept', async () => {
		await connected();
		await brokenOff(6);
		await station.reopen();
		expect(station.vault.inside().evidence()).toBeNull();
		expect(await station.vault.inside().store.imports()).toEqual([]);
		expect(must(await station.feed.status())).toMatchObject({ publication: null, heads: {}, begun: { bytes: expect.any(Number) } });
		const before = bytesBrought().length;
		must(await pull());
		expect(bytesBrought()).toHaveLength(new Set(bytesBrought()).size);
		expect(bytesBrought().length).toBeGreaterThan(before);
		expect(verdictsOf(station)).toEqual(VERIFIED);
	});

	it('by its person is gone on with too', async () => {
		await connected();
		let waits: () => void = () => undefined;
		const reached = new Promise<void>((resolve) => {
			waits = resolve;
		});
		station.meddler = breaking(5, () => {
			waits();
			return refused(503);
		});
		const pulling = station.feed.pull();
		await reached;
		const [job] = must(await station.vault.jobs.list());
		must(await station.vault.jobs.cancel(job?.jobId ?? ''));
		expect(await pulling).toMatchObject({ ok: false, error: { code: 'cancelled' } });
		station.meddler = inSmallPages;
		must(await pull());
		expect(bytesBrought()).toHaveLength(new Set(bytesBrought()).size);
		expect(verdictsOf(station)).toEqual(VERIFIED);
	});

	it('because its token has expired goes on from there with a new one', async () => {
		await connected();
		await brokenOff(7);
		expect(await station.lastStop()).toMatchObject({ code: 'unauthenticated' });
		const before = bytesBrought();
		await station.connect(await world.addressOf(TENANT));
		must(await pull());
		expect(
			bytesBrought()
				.slice(before.length)
				.some((path) => before.includes(path)),
		).toBe(false);
		expect(verdictsOf(station)).toEqual(VERIFIED);
	});

	it('goes on by itself where the line comes and goes, and stops where it stays away', async () => {
		await connected();
		let asked = 0;
		// Longer than one question is patient for, again and again.
		station.meddler = (question, onward) =>
			isForBytes(question.path) && asked++ % 16 > 5 ? Promise.resolve(BROKEN) : inSmallPages(question, onward);
		must(await pull());
		expect(bytesBrought()).toHaveLength(new Set(bytesBrought()).size);
		expect(verdictsOf(station)).toEqual(VERIFIED);
		station.close();
		await connected();
		station.meddler = breaking(4, () => Promise.resolve(BROKEN));
		expect(await pull()).toMatchObject({ ok: false, error: { code: 'not_connected' } });
		expect(await station.lastStop()).toMatchObject({ code: 'unreachable' });
		expect(must(await station.feed.status()).begun).not.toBeNull();
	});

	it('goes on with its own publication, though the hub has a newer one by now, and the next one brings that', async () => {
		await connected();
		await brokenOff(8);
		const { begun } = must(await station.feed.status());
		await moreEvents();
		const done = must(await pull());
		expect(done.publication).toBe(begun?.publication);
		expect(bytesBrought()).toHaveLength(new Set(bytesBrought()).size);
		const next = must(await pull());
		expect(next.publication).toBeGreaterThan(done.publication ?? 0);
		expect(verdictsOf(station)).toEqual(VERIFIED);
	});

	it('goes on with the lines of its logs where the hub keeps its publication no longer, or its records reach further', async () => {
		const gone: Meddler = (question, onward) =>
			/^\/v1\/publication\/\d+$/.test(question.path) ? refused(404) : inSmallPages(question, onward);
		for (const [meddler, between] of [
			[gone, moreEvents],
			[inSmallPages, () => moreEvents().then(() => world.endDay(TENANT))],
		] as const) {
			await connected();
			await brokenOff(40);
			await between();
			station.meddler = meddler;
			must(await pull());
			const places = bytesBrought().flatMap((path) => /logs\/(\w+)\/lines\?from=\d+/.exec(path)?.[0] ?? []);
			expect(places).toHaveLength(new Set(places).size);
			expect(verdictsOf(station)).toEqual(VERIFIED);
			station.close();
		}
	});

	it('plans anew where a file of its publication is gone in the middle of it', async () => {
		await connected();
		let goneOf: string | null = null;
		station.meddler = async (question, onward) => {
			const [, number] = /\/publication\/(\d+)\/tables\/customer\?/.exec(question.path) ?? [];
			if (number === undefined || (goneOf !== null && goneOf !== number)) return await inSmallPages(question, onward);
			if (goneOf === null) await moreEvents();
			goneOf = number;
			return await refused(404);
		};
		const done = must(await pull());
		expect(done.imported).toMatchObject({ differing: 0 });
		expect(bytesBrought()).toHaveLength(new Set(bytesBrought()).size);
	});
});

describe('what is kept of a pull that was broken off', () => {
	it('is judged like all else: spoilt on the way, it is thrown away and asked for anew; false again, it is held against the hub', async () => {
		const lying: Meddler = async (question, onward) => {
			const reply = await inSmallPages(question, onward);
			if (!question.path.startsWith('/v1/logs/order_event/lines?from=0&') || reply.kind !== 'response') return reply;
			const text = Buffer.from(reply.bytes).toString('utf8').replace('"order_id"', '"order_ie"');
			return { ...reply, bytes: new Uint8Array(Buffer.from(text)) };
		};
		const spoilt = async (): Promise<void> => {
			await connected();
			const broken = breaking(6);
			station.meddler = (question, onward) => broken(question, (next) => lying(next, onward));
			expect(await pull()).toMatchObject({ ok: false });
			expect(must(await station.feed.status()).begun).not.toBeNull();
		};
		await spoilt();
		station.meddler = inSmallPages;
		must(await pull());
		expect(verdictsOf(station)).toEqual(VERIFIED);
		station.close();
		await spoilt();
		station.meddler = lying;
		expect(await pull()).toMatchObject({ ok: false, error: { code: 'distrusted' } });
		expect(await station.lastStop()).toMatchObject({ feed: 'order_event' });
		expect(await station.vault.inside().store.imports()).toEqual([]);
		expect(await segments()).toEqual([]);
		expect(must(await station.feed.status()).begun).toBeNull();
	});

	it('is gone when the hub is left, or another policy is pinned', async () => {
		for (const leave of [
			async () => must(await station.feed.disconnect()),
			async () => {
				const address = await world.addressOf(TENANT);
				const { policy } = must(await station.feed.inspect(address));
				must(
					await station.feed.connect(address, { ...policy, keys: policy.keys.map(({ vkey }) => ({ vkey, until: { order_event: 1e6 } })) }),
				);
			},
		]) {
			await connected();
			await brokenOff(6);
			expect(await segments()).not.toEqual([]);
			await leave();
			expect(await segments()).toEqual([]);
			expect(must(await station.feed.status()).begun).toBeNull();
			station.close();
		}
	});

	it('that has lost a segment is no beginning: the rest of it is removed at the unlock', async () => {
		await connected();
		await brokenOff(6);
		const [first = ''] = await segments();
		await station.vault.inside().database.shelf('segment').purge([first]);
		await station.reopen();
		expect(await segments()).toEqual([]);
		must(await pull());
		expect(verdictsOf(station)).toEqual(VERIFIED);
	});
});
