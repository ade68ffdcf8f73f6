/** A key that signed two histories: the pair is kept as a proof for anybody, the feed stays stopped, and a person says which is believed. */
import { createPublicKey, verify } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { can, type Role } from '#findings';
import { hastened } from './hastened.ts';
import { type HubWorld, LOG, openHubWorld, TENANT, withSample } from './hubWorld.ts';
import { IMPOSTORS, tellHistory } from './impostors.ts';
import type { Meddler } from './line.ts';
import { ALL_BUT_RECORDS, as, at, newestHead, tokens } from './meddlers.ts';
import { ndjson } from './replies.ts';
import { must, openStation, type Station, verdictsOf } from './station.ts';

let world: HubWorld;
let station: Station;

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 10);
	await world.hub.publications.latest(TENANT);
	await tellHistory(world, 'altered', IMPOSTORS.altered, true);
	tokens.set('altered', (await world.addressOf('altered')).bearer);
});
afterAll(() => world?.close());
afterEach(() => station?.close());

/** No records of the hub's own speak for either history. */
const withoutRecords =
	(meddler: Meddler): Meddler =>
	(question, onward) =>
		at(question, /hub_record/) ? ndjson([]) : meddler(question, onward);
const honest: Meddler = withoutRecords((question, onward) => onward(question));
const other: Meddler = withoutRecords(newestHead(as('altered', ALL_BUT_RECORDS)));

const pull = () => hastened(1000, () => station.feed.pull());

async function shownBoth(): Promise<string> {
	station = await openStation();
	await station.connect(await world.addressOf(TENANT));
	station.meddler = honest;
	must(await pull());
	station.meddler = other;
	expect(await pull()).toMatchObject({ ok: false, error: { code: 'distrusted' } });
	expect(await station.lastStop()).toMatchObject({ code: 'fork', feed: 'order_event' });
	const [pair] = must(await station.feed.equivocations());
	return pair?.id ?? '';
}

/** By what the file says of itself, and by nothing of this program. */
function isProof(text: string): boolean {
	const { log, keys, seen, shown } = JSON.parse(text) as { log: string; keys: string[]; seen: string; shown: string };
	const raw = Buffer.from(keys[0]?.replace(/^[^+]+\+[^+]+\+/, '') ?? '', 'base64').subarray(1);
	const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' });
	const heads = [seen, shown].map((note) => {
		const [body = '', signatures = ''] = note.split('\n\n');
		const line = signatures.split('\n')[0] ?? '';
		const signature = Buffer.from(line.split(' ').at(-1) ?? '', 'base64').subarray(4);
		const [origin, size, root] = body.split('\n');
		return { isSigned: verify(null, Buffer.from(`${body}\n`), key, signature), origin, size, root };
	});
	const [a, b] = heads;
	return heads.every(({ isSigned, origin }) => isSigned && origin === log) && a?.size === b?.size && a?.root !== b?.root;
}

describe('two signed histories of a log', () => {
	it('are kept with both signatures, over a lock, and prove themselves to a third party', async () => {
		const id = await shownBoth();
		await station.reopen();
		expect(must(await station.feed.equivocations())).toMatchObject([{ id, feed: 'order_event', settled: null }]);
		const proof = must(await station.feed.equivocationProof(id));
		expect(isProof(proof)).toBe(true);
		const { seen, shown } = JSON.parse(proof) as { seen: string; shown: string };
		expect(isProof(proof.replace(JSON.stringify(shown), JSON.stringify(seen)))).toBe(false);
		expect(isProof(proof.replace(JSON.stringify(shown), JSON.stringify(shown.replace(/\n\d+\n/, '\n7\n'))))).toBe(false);
	});

	it('keep the feed stopped, without a question to the hub, until somebody gives a reason for one of them', async () => {
		const id = await shownBoth();
		station.meddler = honest;
		for (let round = 0; round < 2; round++) {
			station.asked.length = 0;
			expect(await pull()).toMatchObject({ ok: false, error: { code: 'distrusted' } });
			expect(station.asked).toEqual([]);
			expect(await station.lastStop()).toMatchObject({ code: 'fork', message: expect.stringContaining('settled') });
			await station.reopen();
		}
		expect(await station.feed.settleEquivocation(id, 'seen', ' ')).toMatchObject({ ok: false, error: { code: 'invalid' } });
		expect(await station.feed.settleEquivocation('0'.repeat(16), 'seen', 'r')).toMatchObject({ ok: false, error: { code: 'not_found' } });
		must(await station.feed.settleEquivocation(id, 'seen', 'Compared with the company’s own copy.'));
		must(await pull());
		expect(verdictsOf(station).sealed).toEqual({ order_event: 'verified', revenue_event: 'verified' });
		expect(must(await station.feed.equivocations())).toMatchObject([
			{ id, settled: { believed: 'seen', reason: 'Compared with the company’s own copy.' } },
		]);
		// The other history is refused as before.
		station.meddler = other;
		expect(await pull()).toMatchObject({ ok: false, error: { code: 'distrusted' } });
	});

	it('let the other one be believed: it is brought whole, and verified, and the first one is refused from then on', async () => {
		const id = await shownBoth();
		const before = must(await station.feed.status()).heads['order_event'];
		must(await station.feed.settleEquivocation(id, 'shown', 'The company’s board has confirmed this one.'));
		const done = must(await pull());
		expect(done.imported).toMatchObject({ differing: 0 });
		expect(verdictsOf(station).sealed).toEqual({ order_event: 'verified', revenue_event: 'verified' });
		const after = must(await station.feed.status()).heads['order_event'];
		expect(after?.size).toBe(before?.size);
		expect(after?.root).not.toBe(before?.root);
		await station.reopen();
		expect(must(await station.feed.status()).heads['order_event']).toEqual(after);
		expect(verdictsOf(station).sealed['order_event']).toBe('verified');
		station.meddler = honest;
		expect(await pull()).toMatchObject({ ok: false, error: { code: 'distrusted' } });
	});

	it('are settled by a partner alone', () => {
		const roles: readonly Role[] = ['preparer', 'reviewer', 'partner', 'compliance', 'readonly'];
		expect(roles.filter((role) => can(role, 'setting.changed'))).toEqual(['partner']);
	});
});
