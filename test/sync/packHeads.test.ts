/** From a real hub's heads records, pulled by a real vault, to a pack that shows which orders have all of their events in it. */
import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { parseVerifierKey, type SealedHeads, type VerifierKey } from '#evidence';
import { checkPackEvidence, FACES, type FaceId, inspectPack } from '#pack';
import { nodeVerifyPorts } from '../../electron/services/checkPorts.ts';
import { nodeIntakePorts } from '../../electron/services/nodeIntake.ts';
import { packFonts } from '../../electron/services/packFonts.ts';
import { makeSelfSigned } from '../../electron/services/selfSigned.ts';
import { signPack } from '../../electron/services/signPack.ts';
import type { FontPort } from '../../renderer/vault/packFonts.ts';
import { packsApi } from '../../renderer/vault/packsApi.ts';
import { eventAfter, eventsOf, type HubWorld, LOG, openHubWorld, TENANT, withSample } from './hubWorld.ts';
import { must, openStation, type Station } from './station.ts';

let world: HubWorld;
let station: Station;
beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 30);
	// The last event of some orders comes once more: so there are exceptions, and with them timelines.
	const last = new Map((await eventsOf(world, TENANT)).map((event) => [String(event['order_id']), event]));
	const again = [...last.values()].slice(0, 8);
	await world.send(
		TENANT,
		again.map((event, i) => ['order_event', eventAfter(event, `AGAIN-${i}`)]),
	);
	await world.endDay(TENANT);
});
afterAll(() => world?.close());
afterEach(() => station?.close());

const fonts = packFonts();
const fontPort: FontPort = {
	read: (file) =>
		Promise.resolve(
			file === 'fonts.json'
				? Buffer.from(
						JSON.stringify(Object.fromEntries(FACES.map((face) => [face, createHash('sha256').update(fonts[face]).digest('hex')]))),
					)
				: new Uint8Array(fonts[file.replace('.ttf', '') as FaceId]),
		),
};

const SIGNED_AT = Date.UTC(2026, 10, 29);
const SIGNER = makeSelfSigned({ commonName: 'Ada Okafor', kind: 'p-256', serial: new Uint8Array(16).fill(7), now: SIGNED_AT, days: 30 });

const hubKeys = (): VerifierKey[] =>
	world.hub.log.keys(TENANT).map(({ vkey }) => {
		const key = parseVerifierKey(vkey);
		if (!key.ok) throw new Error(vkey);
		return key.value;
	});

/** The checker's word on a pack of what the station holds, under the hub's own keys. */
async function checkedPack() {
	await station.runTests();
	const packs = packsApi(station.vault.context, Promise.resolve(nodeIntakePorts), fontPort);
	const { bytes } = must(await packs.preview({ findingIds: [], redact: [], preparedBy: null, version: '0.0.0' }));
	const signed = await signPack(bytes, SIGNER, { field: 'Preparer', time: SIGNED_AT, reason: 'test' });
	if (!signed.ok) throw new Error(signed.error.detail);
	const { report } = await inspectPack(signed.value, {
		ports: nodeVerifyPorts,
		checkEvidence: (all, manifest) => checkPackEvidence(all, manifest, hubKeys()),
	});
	return report;
}

const pulled = async (): Promise<void> => {
	must(await station.feed.pull());
	await station.reopen();
};

it('a pack of pulled evidence has the heads of the day, later events are newer than it, and the next day’s record counts them', async () => {
	station = await openStation();
	await station.connect(await world.addressOf(TENANT));
	await pulled();
	const first = await checkedPack();
	expect([first.codes, first.log_trust]).toEqual([[], 'trusted']);
	const [order = ''] = first.order_heads?.records.find(({ table }) => table === 'order_event')?.orders ?? [];
	expect(first.order_heads?.failed).toBe(0);
	expect(first.order_heads?.records.map(({ table }) => table)).toEqual(['order_event', 'revenue_event']);
	expect(first.order_heads?.records[0]?.orders.length).toBeGreaterThan(5);

	const last = (await eventsOf(world, TENANT)).filter((event) => event['order_id'] === order).at(-1) ?? {};
	await world.send(TENANT, [['order_event', eventAfter(last, 'HEADS-1')]]);
	await pulled();
	const second = await checkedPack();
	expect(second.codes).toEqual([]);
	expect(second.order_heads?.records[0]?.size).toBe(first.order_heads?.records[0]?.size);
	expect(second.order_heads?.records[0]?.orders).toContain(order);

	await world.endDay(TENANT);
	must(await station.feed.pull());
	const third = await checkedPack();
	expect(third.codes).toEqual([]);
	const [record] = third.order_heads?.records ?? [];
	expect(record?.size).toBe((first.order_heads?.records[0]?.size ?? 0) + 1);
	expect(record?.day).not.toBe(first.order_heads?.records[0]?.day);
	expect(record?.orders).toContain(order);
});

it('an import keeps the record that stood for it, with its proof, among what is sealed beside it', async () => {
	station = await openStation();
	await station.connect(await world.addressOf(TENANT));
	await pulled();
	const [stored] = await station.vault.inside().store.imports();
	const meta = stored?.meta as { heads?: readonly SealedHeads[] } | undefined;
	expect(meta?.heads?.map(({ line }) => (JSON.parse(line) as { table: string }).table).sort()).toEqual(['order_event', 'revenue_event']);
	await station.vault.inside().link.save('records', null);
	expect((await checkedPack()).order_heads?.records).toHaveLength(2);
});
