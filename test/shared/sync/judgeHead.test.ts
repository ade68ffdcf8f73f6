import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '#kernel';
import { judgeContinuation, judgeNote, type PinnedHead, parseWitnessKey, policyFingerprint, type TrustPolicy, trustPolicy } from '#sync';
import { checkpoint, logKey, treeOf, witnessKey } from './signedNotes.ts';

const LOG = 'acme.example/o2c';
const FEED = 'order_event';
const ORIGIN = `${LOG}/${FEED}`;
const key = logKey('acme.example');
const other = logKey('other.example');
const impostor = logKey('acme.example', 'another secret');
const [ada, ben] = [witnessKey('ada.example/w1'), witnessKey('ben.example/w1')];

function policyOf(...args: Parameters<typeof trustPolicy>): TrustPolicy {
	const policy = trustPolicy(...args);
	if (!policy.ok) throw new Error(policy.error);
	return policy.value;
}
const POLICY = policyOf(LOG, [{ vkey: key.vkey }]);

const noteAt = (size: number, keys = [key], witnesses: (typeof ada)[] = [], seed = 'leaf'): string =>
	checkpoint(ORIGIN, size, treeOf(size, seed).rootOf(size), keys, witnesses);
const headAt = (size: number, seed = 'leaf'): PinnedHead => ({ origin: ORIGIN, size, root: toBase64(treeOf(size, seed).rootOf(size)) });
const codeOf = (result: { readonly ok: boolean; readonly error?: { readonly code: string } }): string =>
	result.ok ? 'ok' : (result.error?.code ?? '');
const judged = (size: number, seed = 'leaf') => {
	const result = judgeNote(noteAt(size, [key], [], seed), FEED, POLICY);
	if (!result.ok) throw new Error(result.error.message);
	return result.value;
};
const proofOf = (from: number, to: number): string[] => treeOf(to).consistencyProof(from, to).map(toBase64);

describe('a head that a hub offers', () => {
	it('is believed under a key of the policy', () => {
		expect(judgeNote(noteAt(7), FEED, POLICY)).toMatchObject({
			ok: true,
			value: { head: headAt(7), key: `acme.example+${key.key.keyId}` },
		});
	});
	it.each([
		['bad_note', 'no note at all'],
		['wrong_origin', checkpoint('umbrella.example/o2c/order_event', 7, treeOf(7).rootOf(7), [key])],
		['wrong_origin', checkpoint(`${LOG}/revenue_event`, 7, treeOf(7).rootOf(7), [key])],
		['unknown_key', noteAt(7, [other])],
	])('is refused as %s', (code, note) => {
		expect(codeOf(judgeNote(note, FEED, POLICY))).toBe(code);
	});
	it('is refused where a trusted key is named and the signature is another one’s, even beside one that holds', () => {
		const forged = noteAt(7, [impostor]).replace(impostor.key.keyId, key.key.keyId);
		const lines = forged.split('\n');
		const named = noteAt(7).split('\n').at(-2) ?? '';
		const broken = named.replace(/[A-Za-z0-9+/]{8}(=*)$/, 'AAAAAAAA$1');
		expect(codeOf(judgeNote(`${lines.slice(0, 4).join('\n')}\n${broken}\n`, FEED, POLICY))).toBe('bad_signature');
		expect(codeOf(judgeNote(`${lines.slice(0, 4).join('\n')}\n${named}\n${broken}\n`, FEED, POLICY))).toBe('bad_signature');
	});
	it('is refused beyond the size its key was retired at, and taken up to it', () => {
		const policy = policyOf(LOG, [{ vkey: key.vkey, until: { [FEED]: 6 } }]);
		expect(codeOf(judgeNote(noteAt(6), FEED, policy))).toBe('ok');
		expect(codeOf(judgeNote(noteAt(7), FEED, policy))).toBe('key_window');
		const rotated = policyOf(LOG, [{ vkey: key.vkey, until: { [FEED]: 6 } }, { vkey: other.vkey }]);
		expect(codeOf(judgeNote(noteAt(7, [key, other]), FEED, rotated))).toBe('ok');
	});
	it('needs as many witnesses as the policy says, each counted once', () => {
		const policy = policyOf(LOG, [{ vkey: key.vkey }], [ada.vkey, ben.vkey], 2);
		expect(codeOf(judgeNote(noteAt(7, [key], [ada, ben]), FEED, policy))).toBe('ok');
		expect(codeOf(judgeNote(noteAt(7, [key], [ada]), FEED, policy))).toBe('quorum');
		expect(codeOf(judgeNote(noteAt(7, [key], [ada, ada]), FEED, policy))).toBe('quorum');
	});
});

describe('a head against the pinned one', () => {
	it('continues it by a proof, or is the same', () => {
		expect(codeOf(judgeContinuation(judged(9), FEED, headAt(5), proofOf(5, 9)))).toBe('ok');
		expect(codeOf(judgeContinuation(judged(9), FEED, headAt(9), []))).toBe('ok');
		expect(codeOf(judgeContinuation(judged(9), FEED, null, []))).toBe('ok');
	});
	it.each([
		['rollback', judged(5), headAt(9), []],
		['fork', judged(9, 'another history'), headAt(9), []],
		['inconsistent', judged(9, 'another history'), headAt(5), proofOf(5, 9)],
		['inconsistent', judged(9), headAt(5), []],
		['wrong_origin', judged(9), { ...headAt(9), origin: `${LOG}/revenue_event` }, []],
	])('is refused as %s', (code, next, pinned, proof) => {
		expect(codeOf(judgeContinuation(next, FEED, pinned, proof))).toBe(code);
	});
	it('is never taken with another proof than the right one', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 60 }), fc.nat(), fc.nat(31), (a, b, pick, byte) => {
				const [from, to] = [Math.min(a, b), Math.max(a, b) + 1];
				const proof = treeOf(to).consistencyProof(from, to);
				expect(codeOf(judgeContinuation(judged(to), FEED, headAt(from), proof.map(toBase64)))).toBe('ok');
				const flipped = proof.map((hash, at) =>
					at === pick % proof.length ? hash.map((value, i) => (i === byte ? value ^ 1 : value)) : hash,
				);
				expect(codeOf(judgeContinuation(judged(to), FEED, headAt(from), flipped.map(toBase64)))).toBe('inconsistent');
			}),
			{ numRuns: 60 },
		);
	});
});

describe('a trust policy', () => {
	it.each([
		['no_key', [], [], 0],
		['bad_key', [{ vkey: 'acme.example+00000000+AAAA' }], [], 0],
		['key_reuse', [{ vkey: key.vkey }, { vkey: key.vkey }], [], 0],
		['quorum_too_large', [{ vkey: key.vkey }], [ada.vkey], 2],
	] as const)('is refused as %s', (code, keys, witnesses, quorum) => {
		expect(trustPolicy(LOG, keys, witnesses, quorum)).toEqual({ ok: false, error: code });
	});
	it('has one fingerprint whatever the order of its keys, and another one for every change', () => {
		const prints = [
			policyOf(LOG, [{ vkey: key.vkey }, { vkey: other.vkey }], [ada.vkey, ben.vkey], 1),
			policyOf(LOG, [{ vkey: other.vkey }, { vkey: key.vkey }], [ben.vkey, ada.vkey], 1),
			policyOf(LOG, [{ vkey: key.vkey }, { vkey: other.vkey }], [ada.vkey, ben.vkey], 2),
			policyOf('umbrella.example/o2c', [{ vkey: key.vkey }, { vkey: other.vkey }], [ada.vkey, ben.vkey], 1),
			policyOf(LOG, [{ vkey: key.vkey, until: { order_event: 5 } }, { vkey: other.vkey }], [ada.vkey, ben.vkey], 1),
			policyOf(LOG, [{ vkey: key.vkey, until: { order_event: 6 } }, { vkey: other.vkey }], [ada.vkey, ben.vkey], 1),
		].map(policyFingerprint);
		expect(prints[0]).toBe(prints[1]);
		expect(new Set(prints).size).toBe(5);
		expect(prints[0]).toMatch(/^([0-9a-f]{4} ){15}[0-9a-f]{4}$/);
	});
	it('reads a witness’ key only whole', () => {
		expect(parseWitnessKey(ada.vkey)).toEqual(ada.key);
		for (let at = 0; at < ada.vkey.length; at++) {
			const wrong = `${ada.vkey.slice(0, at)}${ada.vkey[at] === 'x' ? 'y' : 'x'}${ada.vkey.slice(at + 1)}`;
			expect(parseWitnessKey(wrong), wrong).toBeNull();
		}
	});
});
