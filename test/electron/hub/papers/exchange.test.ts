import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyEd25519 } from '#evidence';
import { exchangeContent, mergeExchange, openExchange, writeExchange } from '#sync';
import { nodeExchangeCrypto } from '../../../../electron/hub/papers/exchangeCrypto.ts';
import { exchangeCrypto } from '../../../../renderer/vault/exchangeCrypto.ts';
import { type Answer, type Call, type ServedHub, serveHub } from '../serving/servedHub.ts';
import { act, appoint, found, pathOf, secondOf, send, setting, signerOf, type Workstation } from './workstation.ts';

const WORDS = 'sieben graue Reiher wärten';
const COST = { memoryKiB: 65_536, iterations: 3, parallelism: 1 };
/** That of a laptop: another implementation of every step. */
const laptop = exchangeCrypto({ fresh: COST, floor: COST });

let served: ServedHub;
let pat: Workstation;
let paul: Workstation;

beforeAll(async () => {
	served = await serveHub();
	pat = found();
	appoint(pat, served);
	await send(served, pat, 0);
	paul = secondOf(pat);
});
afterAll(() => served.close());

const header = (words: string) => ({ 'tieout-transfer-passphrase': encodeURIComponent(words) });

const fileOf = ({ state, memberId }: Workstation, as = memberId): Promise<Uint8Array> =>
	writeExchange(exchangeContent(state, signerOf(memberId), new Date().toISOString()), { memberId, sign: signerOf(as).sign }, WORDS, laptop);

const bring = (body: Uint8Array, words = WORDS, more: Partial<Call> = {}): Promise<Answer> =>
	served.call({
		method: 'POST',
		path: `${pathOf(pat)}/exchange`,
		body,
		...more,
		headers: { 'content-type': 'application/octet-stream', ...header(words) },
	});

describe('an exchange file and the hub', () => {
	it('carries acts from a laptop without network to the hub, and their places back', async () => {
		act(paul, setting('by-file'));
		const brought = await bring(await fileOf(paul));
		expect(brought.status, brought.text).toBe(200);
		expect(brought.json()).toMatchObject({ acts: 1 });
		const file = await served.call({ path: `${pathOf(pat)}/exchange`, headers: header(WORDS) });
		expect(file.status, file.text).toBe(200);
		expect(file.bytes.toString('latin1')).not.toMatch(/by-file|Nordwind/);
		const opened = await openExchange(file.bytes, WORDS, laptop);
		if (!opened.ok) throw new Error(opened.error.message);
		const merged = mergeExchange(paul.state, opened.value, verifyEd25519);
		if (!merged.ok || merged.value.kind === 'reject') throw new Error('not merged');
		paul.state = merged.value.state;
		expect(paul.state.pending).toEqual([]);
		expect(paul.state.workbook).toEqual((await served.hub.papers.state('acme', paul.state.engagementId))?.workbook);
	});

	it('signed by another hub than the one that orders is not believed', async () => {
		const state = await served.hub.papers.state('acme', pat.state.engagementId);
		if (state?.self.kind !== 'hub') throw new Error('ordered by the hub');
		const content = exchangeContent(state, signerOf('pat'), new Date().toISOString());
		const forged = await writeExchange(content, { memberId: state.self.vkey, sign: signerOf('mallory').sign }, WORDS, laptop);
		const opened = await openExchange(forged, WORDS, laptop);
		const merged = opened.ok ? mergeExchange(paul.state, opened.value, verifyEd25519) : null;
		expect(merged?.ok === false && merged.error.code).toBe('bad_sender');
	});

	it('brought twice changes nothing the second time', async () => {
		act(paul, setting('twice'));
		const file = await fileOf(paul);
		expect((await bring(file)).json()).toMatchObject({ acts: 1 });
		expect((await bring(file)).json()).toMatchObject({ acts: 0 });
	});

	it('with a fault is refused by its own word, and nothing is merged', async () => {
		const before = await served.hub.papers.state('acme', pat.state.engagementId);
		act(paul, setting('fault'));
		const file = await fileOf(paul);
		const other = found('d'.repeat(32));
		const cases: readonly [string, Promise<Answer>, number, RegExp][] = [
			['another passphrase', bring(file, 'sieben graue Reiher gingen'), 400, /passphrase is not that of this file/],
			['cut short', bring(file.subarray(0, -3)), 400, /passphrase is not that|altered/],
			['no file', bring(Buffer.from('PK..')), 400, /no exchange file/],
			['no passphrase', bring(file, ''), 400, /transfer passphrase/],
			['another signature', bring(await fileOf(paul, 'mallory')), 400, /not signed by a member/],
			['another engagement', bring(await fileOf(other)), 409, /another engagement/],
			['another tenant', bring(file, WORDS, { tenant: 'zeta' }), 409, /not ordered by this hub/],
			['a reader', bring(file, WORDS, { as: 'compliance' }), 403, /./],
			['a weak passphrase', served.call({ path: `${pathOf(pat)}/exchange`, headers: header('short') }), 400, /at least 12/],
			[
				'a broken header',
				served.call({ path: `${pathOf(pat)}/exchange`, headers: { 'tieout-transfer-passphrase': '%E0%A4%A' } }),
				400,
				/./,
			],
			['unknown', served.call({ path: `/v1/engagements/${'f'.repeat(32)}/exchange`, headers: header(WORDS) }), 404, /./],
			['of another tenant', served.call({ path: `${pathOf(pat)}/exchange`, tenant: 'zeta', headers: header(WORDS) }), 404, /./],
		];
		for (const [name, answer, status, words] of cases) {
			const { status: found, text } = await answer;
			expect(found, `${name}: ${text}`).toBe(status);
			expect(text, name).toMatch(words);
		}
		expect((await served.hub.papers.state('acme', pat.state.engagementId))?.order).toEqual(before?.order);
	});

	it('leaves its passphrase in no log line', () => {
		expect(served.logged.length).toBeGreaterThan(5);
		expect(served.logged.join('')).not.toMatch(/Reiher|sieben/i);
	});

	it('may not ask for a costlier key than the hub is ready to make', () => {
		const { isSound, freshKdf } = nodeExchangeCrypto(COST);
		expect(isSound(freshKdf())).toBe(true);
		expect(isSound({ ...freshKdf(), memoryKiB: 1 << 22 })).toBe(false);
		expect(isSound({ ...freshKdf(), iterations: 1000 })).toBe(false);
		expect(isSound({ ...freshKdf(), memoryKiB: 1024 })).toBe(false);
	});
});
