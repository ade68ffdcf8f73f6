/** Work papers of one engagement on two laptops over a real hub: sent, received, in conflict, refused, and the same on all three. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Act } from '#findings';
import { ok } from '#kernel';
import { mergedLog, type PapersState } from '#sync';
import type { Answer } from '../../renderer/vault/contract.ts';
import { PASSPHRASE } from '../renderer/vault/testVault.ts';
import { type HubWorld, LOG, openHubWorld, TENANT } from './hubWorld.ts';
import { refused } from './replies.ts';
import { must, openStation, type Station } from './station.ts';

let world: HubWorld;
let station: Station;

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
});
afterAll(() => world?.close());
afterEach(() => station?.close());

/** A laptop connected to the hub, and a copy of its engagement restored from a backup, as on another one. Opens the first. */
async function twoLaptops(
	when: 'before the appointment' | 'after the appointment' = 'after the appointment',
): Promise<{ readonly a: string; readonly b: string; go(engagementId: string): Promise<void> }> {
	station = await openStation();
	await station.connect(await world.addressOf(TENANT));
	const { session } = station.vault;
	const parts: Uint8Array[] = [];
	const write = (bytes: Uint8Array): Promise<Answer<void>> => {
		parts.push(bytes.slice());
		return Promise.resolve(ok(undefined));
	};
	if (when === 'after the appointment') must(await station.papers.exchange());
	must(await session.backupTo(write));
	const file = new Uint8Array(Buffer.concat(parts));
	const { engagementId: b } = must(
		await session.restoreFrom(file.length, (offset, length) => Promise.resolve(ok(file.slice(offset, offset + length)))),
	);
	const go = async (engagementId: string): Promise<void> => {
		must(await session.lock());
		must(await session.unlock(engagementId, PASSPHRASE));
		expect(station.vault.inside().damages()).toEqual([]);
	};
	await go(station.engagementId);
	return { a: station.engagementId, b, go };
}

const setting = (key: string, value: string): Act => ({ type: 'setting.changed', key, value, reason: 'plan' });
const finding = (findingId: string, title: string): Act => ({ type: 'finding.created', findingId, severity: 'high', title });
const act = async (...acts: readonly Act[]): Promise<void> => void must(await station.vault.inside().act(...acts));
const exchange = async () => must(await station.papers.exchange());
const orderId = (): string => station.vault.inside().papers.state().engagementId;

/** The engagement as the hub holds it. */
async function hubState(): Promise<PapersState> {
	const state: PapersState | null = await world.hub.papers.state(TENANT, orderId());
	if (!state) throw new Error('the hub has nothing of the engagement');
	return state;
}

async function asked(path: string): Promise<unknown> {
	const { url, bearer } = await world.addressOf(TENANT);
	return await (await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${bearer}` } })).json();
}

describe('two laptops and a hub', () => {
	it('hold the same after both exchanged: the findings of both, and the hub lists them', async () => {
		const { a, b, go } = await twoLaptops();
		await act(finding('1'.repeat(32), 'Revenue before shipment'));
		expect(await exchange()).toMatchObject({ sent: 1, received: 0, openConflicts: 0, openRefusals: 0 });
		await go(b);
		await act(finding('2'.repeat(32), 'Invoice twice'));
		expect(await exchange()).toMatchObject({ sent: 1, received: 1 });
		const log = station.vault.inside().log();
		await go(a);
		expect(await exchange()).toMatchObject({ sent: 0, received: 1 });
		expect(station.vault.inside().log()).toEqual(log);
		expect(await exchange()).toMatchObject({ sent: 0, received: 0 });
		const { findings } = (await asked('/v1/findings')) as { findings: { engagement: string; fields: { title: string } }[] };
		const ours = findings.filter(({ engagement }) => engagement === orderId());
		expect(ours.map(({ fields }) => fields.title)).toEqual(['Revenue before shipment', 'Invoice twice']);
		const state = await hubState();
		expect(state.workbook).toEqual(station.vault.inside().workbook());
	});

	it('keep both values where both changed one thing, and settle it once for all', async () => {
		const { a, b, go } = await twoLaptops();
		await act(setting('materiality', '100'));
		await go(b);
		await act(setting('materiality', '200'));
		await exchange();
		await go(a);
		expect(await exchange()).toMatchObject({ sent: 1, received: 1, openConflicts: 1 });
		const [conflict] = [...station.vault.inside().workbook().conflicts.values()];
		expect(conflict).toMatchObject({ settled: null });
		expect(station.vault.inside().workbook().settings.get('materiality')?.value).toBe('200');
		await act({ type: 'conflict.settled', conflictId: conflict?.conflictId ?? '', choice: 'second', value: '100' });
		expect(await exchange()).toMatchObject({ sent: 1, openConflicts: 0 });
		await go(b);
		expect(await exchange()).toMatchObject({ received: 2, openConflicts: 0 });
		expect(station.vault.inside().workbook().settings.get('materiality')?.value).toBe('100');
		expect((await hubState()).workbook).toEqual(station.vault.inside().workbook());
	});

	it('are told what was refused at its place, on both', async () => {
		const { a, b, go } = await twoLaptops();
		await act({ type: 'trusted_key.added', vkey: 'log+1+B', origin: 'letter' });
		await go(b);
		await act({ type: 'trusted_key.added', vkey: 'log+1+B', origin: 'call' });
		await exchange();
		await go(a);
		expect(await exchange()).toMatchObject({ sent: 1, received: 1, openRefusals: 1 });
		await go(b);
		expect(await exchange()).toMatchObject({ received: 1, openRefusals: 1 });
		expect(station.vault.inside().workbook().trustedKeys.get('log+1+B')?.origin).toBe('call');
	});

	it('lose and double nothing where the answer to a push never came', async () => {
		const { a, b, go } = await twoLaptops();
		await act(setting('answer', 'lost'), finding('3'.repeat(32), 'Once'));
		station.meddler = async (question, onward) => {
			const reply = await onward(question);
			return question.method === 'POST' ? await refused(401) : reply;
		};
		expect(await station.papers.exchange()).toMatchObject({ ok: false, error: { code: 'not_connected' } });
		station.meddler = null;
		await go(a);
		await act(setting('after', 'it'));
		await exchange();
		expect(station.vault.inside().papers.state().pending).toEqual([]);
		expect(station.vault.inside().workbook().findings.size).toBe(1);
		await go(b);
		await exchange();
		expect(station.vault.inside().log()).toEqual(mergedLog(await hubState()));
	});

	it('come together where the second was copied before the hub was appointed, once the first has appointed it', async () => {
		const { a, b, go } = await twoLaptops('before the appointment');
		await go(b);
		await act(setting('b', 'early'));
		expect(await station.papers.exchange()).toMatchObject({ ok: false, error: { code: 'conflict' } });
		await go(a);
		await act(setting('a', 'first'));
		expect(await exchange()).toMatchObject({ sent: 0, openRefusals: 0 });
		await go(b);
		expect(await exchange()).toMatchObject({ sent: 1, received: 2 });
		await go(a);
		expect(await exchange()).toMatchObject({ received: 1 });
		expect(station.vault.inside().workbook().settings.get('b')?.value).toBe('early');
		expect((await hubState()).workbook).toEqual(station.vault.inside().workbook());
	});

	it('exchange more than one answer holds', async () => {
		const { a, b, go } = await twoLaptops();
		const text = 'x'.repeat(19_000);
		const many = (mark: string): Act[] => Array.from({ length: 250 }, (_, at) => setting(`${mark}${at}`, `${at}${text}`));
		await act(...many('a'));
		await exchange();
		await go(b);
		await act(...many('b'));
		station.asked.length = 0;
		expect(await exchange()).toMatchObject({ sent: 250, received: 250, openConflicts: 0 });
		expect(Math.max(...station.asked.map(({ bytes }) => bytes))).toBeLessThan(4 << 20);
		await go(a);
		expect(await exchange()).toMatchObject({ received: 250 });
		expect(station.vault.inside().log()).toEqual(mergedLog(await hubState()));
	});
});
