import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Act } from '#findings';
import { utf8 } from '#kernel';
import {
	type ExchangeErrorCode,
	exchangeContent,
	type MergeOutcome,
	mergeExchange,
	openExchange,
	type PapersState,
	writeExchange,
} from '#sync';
import { exchangeCrypto } from '../../../renderer/vault/exchangeCrypto.ts';
import { cheapVerify, must, type Station, signerOf, synchronise, world } from './papersWorld.ts';

const CHEAP = { memoryKiB: 64, iterations: 1, parallelism: 1 };
const crypto = exchangeCrypto({ fresh: CHEAP, floor: CHEAP });
const WORDS = 'seven grey herons wait';
const NOW = '2026-11-30T12:00:00.000Z';

const setting = (key: string, value: string): Act => ({ type: 'setting.changed', key, value, reason: 'plan' });

function two() {
	const made = world(['pat', 'paul']);
	const [a, b] = made.stations as [Station, Station];
	return { made, a, b };
}

const written = ({ state, memberId }: Station, as = memberId): Promise<Uint8Array> =>
	writeExchange(exchangeContent(state, signerOf(memberId), NOW), { memberId, sign: signerOf(as).sign }, WORDS, crypto);

async function codeOf(state: PapersState, file: Uint8Array, words = WORDS): Promise<ExchangeErrorCode | MergeOutcome['kind'] | string> {
	const opened = await openExchange(file, words, crypto);
	if (!opened.ok) return opened.error.code;
	const merged = mergeExchange(state, opened.value, cheapVerify);
	if (!merged.ok) return merged.error.code;
	return merged.value.kind === 'reject' ? merged.value.reason.code : merged.value.kind;
}

/** The length of what stands before the sealed part. */
const beginningOf = (file: Uint8Array): number => 22 + new DataView(file.buffer, file.byteOffset).getUint32(18);

async function handOver(from: Station, to: Station): Promise<MergeOutcome> {
	const opened = await openExchange(await written(from), WORDS, crypto);
	if (!opened.ok) throw new Error(opened.error.message);
	const merged = mergeExchange(to.state, opened.value, cheapVerify);
	if (!merged.ok) throw new Error(merged.error.message);
	if (merged.value.kind !== 'reject') to.state = merged.value.state;
	return merged.value;
}

describe('an exchange file', () => {
	it('brings acts, order and checkpoint from one laptop to another, both ways, and into the hub', async () => {
		const { made, a, b } = two();
		must(made, a, setting('a', '1'));
		must(made, b, setting('b', '1'));
		expect((await handOver(a, b)).kind).not.toBe('reject');
		expect((await handOver(b, a)).kind).not.toBe('reject');
		expect(a.state.workbook).toEqual(b.state.workbook);
		expect(a.state.pending.length).toBe(2);
		const opened = await openExchange(await written(b), WORDS, crypto);
		const merged = opened.ok ? mergeExchange(made.hub, opened.value, cheapVerify) : null;
		if (!merged?.ok || merged.value.kind === 'reject') throw new Error('not merged');
		expect(merged.value.order.length).toBe(2);
		made.hub = merged.value.state;
		synchronise(made, a);
		expect(a.state.pending).toEqual([]);
		expect((await handOver(a, b)).kind).toBe('advance');
		expect(b.state.order).toEqual(a.state.order);
	});

	it('given twice changes nothing the second time', async () => {
		const { made, a, b } = two();
		must(made, a, setting('a', '1'));
		await handOver(a, b);
		const before = b.state;
		expect((await handOver(a, b)).kind).toBe('advance');
		expect(b.state).toBe(before);
	});

	it('holds no word in the clear, and is another one each time', async () => {
		const { made, a } = two();
		must(made, a, setting('canary', 'Zyx'));
		const [one, other] = [await written(a), await written(a)];
		expect(new TextDecoder('latin1').decode(one)).not.toMatch(/canary|Zyx|Nordwind/);
		expect(one).not.toEqual(other);
	});

	it('leaves out what the receiver is known to hold', () => {
		const { made, a, b } = two();
		must(made, a, setting('a', '1'));
		const content = exchangeContent(a.state, signerOf('pat'), NOW, exchangeContent(b.state, signerOf('paul'), NOW).vector);
		expect(content.acts.length).toBe(1);
	});

	it('is refused by a code of its own for each fault', async () => {
		const { made, a, b } = two();
		must(made, a, setting('a', '1'));
		const file = await written(a);
		expect(await codeOf(b.state, utf8('TIEOUT-BACKUP/1\n and more'))).toBe('not_exchange');
		expect(await codeOf(b.state, file.subarray(0, 40))).toBe('bad_header');
		expect(await codeOf(b.state, { length: 2 ** 29 } as Uint8Array)).toBe('too_large');
		expect(await codeOf(b.state, await withKdf(a, { memoryKiB: 8 }))).toBe('bad_kdf');
		expect(await codeOf(b.state, await withKdf(a, { memoryKiB: 2 ** 30 }))).toBe('bad_kdf');
		expect(await codeOf(b.state, file, 'seven grey herons went')).toBe('not_opened');
		expect(await codeOf(b.state, file.subarray(0, -1))).toBe('not_opened');
		expect(await codeOf(b.state, file.subarray(0, beginningOf(file) + 8))).toBe('not_opened');
		const content = { ...exchangeContent(a.state, signerOf('pat'), NOW), vector: { x: 1 } };
		const sender = { memberId: 'pat', sign: signerOf('pat').sign };
		expect(await codeOf(b.state, await writeExchange(content, sender, WORDS, crypto))).toBe('bad_content');
		expect(await codeOf(b.state, await written(a, 'mallory'))).toBe('bad_sender');
		const other = exchangeContent({ ...a.state, engagementId: 'd'.repeat(32) }, signerOf('pat'), NOW);
		expect(await codeOf(b.state, await writeExchange(other, sender, WORDS, crypto))).toBe('wrong_engagement');
	});

	it('with any one bit changed anywhere is refused, and nothing is merged', async () => {
		const { made, a, b } = two();
		must(made, a, setting('a', '1'));
		const file = await written(a);
		await fc.assert(
			fc.asyncProperty(fc.nat(file.length - 1), fc.nat(7), async (at, bit) => {
				const altered = file.slice();
				altered[at] = (altered[at] ?? 0) ^ (1 << bit);
				expect(['not_exchange', 'bad_header', 'bad_kdf', 'not_opened']).toContain(await codeOf(b.state, altered));
			}),
			{ numRuns: 80 },
		);
	});

	it('of random bytes is refused', async () => {
		const { b } = two();
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
				const file = new Uint8Array([...utf8('TIEOUT-EXCHANGE/1\n'), ...bytes]);
				expect(['bad_header', 'bad_kdf', 'not_opened']).toContain(await codeOf(b.state, file));
			}),
			{ numRuns: 60 },
		);
	});
});

/** A file that asks for another cost, sealed soundly under it. */
function withKdf({ state }: Station, cost: Partial<typeof CHEAP>): Promise<Uint8Array> {
	const asking = { ...crypto, freshKdf: () => ({ ...crypto.freshKdf(), ...cost }), seal: () => Promise.resolve(new Uint8Array(40)) };
	return writeExchange(exchangeContent(state, signerOf('pat'), NOW), { memberId: 'pat', sign: signerOf('pat').sign }, WORDS, asking);
}
