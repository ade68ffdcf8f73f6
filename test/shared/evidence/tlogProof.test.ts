import { describe, expect, it } from 'vitest';
import { formatTlogProof, merkleTree, parseTlogProof, parseVerifierKey, verifyTlogProof } from '#evidence';
import { concatBytes, toBase64, utf8 } from '#kernel';
import { LOG_SIGNER, leafOf, rootOf, signer } from '../../electron/services/dropWriter.ts';

const ORIGIN = 'acme.example/o2c/order_event';
const LINES = Array.from({ length: 11 }, (_, i) => `{"n":${i}}`);
const CHECKPOINT = new Uint8Array(LOG_SIGNER.checkpoint(ORIGIN, LINES.length, rootOf(LINES)));
const TREE = merkleTree(concatBytes(...LINES.map(leafOf)));
const key = parseVerifierKey(LOG_SIGNER.vkey);
const stranger = parseVerifierKey(signer('stranger', 'x').vkey);
if (!key.ok || !stranger.ok) throw new Error('the test keys are keys');

const proofOf = (index: number, extra: Uint8Array | null = null) =>
	formatTlogProof(index, TREE.inclusionProof(index, LINES.length), CHECKPOINT, extra);

function parsed(bytes: Uint8Array) {
	const proof = parseTlogProof(bytes);
	if (!proof.ok) throw new Error(proof.error);
	return proof.value;
}

describe('a tlog proof', () => {
	it('is written as the specification lays it out', () => {
		const text = new TextDecoder().decode(proofOf(10));
		const hashes = TREE.inclusionProof(10, 11).map(toBase64);
		expect(text).toBe(`c2sp.org/tlog-proof@v1\nindex 10\n${hashes.join('\n')}\n\n${new TextDecoder().decode(CHECKPOINT)}`);
	});

	it('of every line verifies for that line and no other', () => {
		for (let index = 0; index < LINES.length; index++) {
			const proof = parsed(proofOf(index));
			for (const [i, line] of LINES.entries())
				expect(verifyTlogProof(proof, utf8(line), ORIGIN, key.value)).toBe(i === index ? 'valid' : 'not_included');
		}
	});

	it('says why it fails', () => {
		const proof = parsed(proofOf(3));
		expect(verifyTlogProof(proof, utf8(LINES[3] as string), 'acme.example/o2c/revenue_event', key.value)).toBe('other_log');
		expect(verifyTlogProof(proof, utf8(LINES[3] as string), ORIGIN, stranger.value)).toBe('untrusted_key');
		expect(verifyTlogProof(proof, utf8(LINES[3] as string), ORIGIN, key.value, () => false)).toBe('bad_signature');
	});

	it('carries opaque extra data', () => {
		expect(parsed(proofOf(0, utf8('hello'))).extra).toEqual(utf8('hello'));
	});

	const text = new TextDecoder().decode(proofOf(3));
	const REFUSED = [
		['proof_not_text', new Uint8Array([0xff])],
		['proof_bad_header', utf8(text.replace('@v1', '@v2'))],
		['proof_bad_header', utf8('')],
		['proof_bad_extra', utf8(text.replace('index', 'extra a\nindex'))],
		['proof_bad_index', utf8(text.replace('index 3', 'index 03'))],
		['proof_bad_index', utf8(text.replace('index 3\n', ''))],
		['proof_bad_hash', utf8(text.replace(/index 3\n./, 'index 3\n'))],
		['proof_bad_hash', utf8(text.replace('index 3\n', `index 3\n${`${toBase64(new Uint8Array(32))}\n`.repeat(64)}`))],
		['bad_tree_size', utf8(text.replace('\n11\n', '\n011\n'))],
		['no_blank_line', utf8(`${text.slice(0, text.indexOf('\n\n') + 2)}x\n`)],
		['too_large', new Uint8Array(1 << 20)],
	] as const;
	for (const [code, bytes] of REFUSED)
		it(`is refused: ${code}`, () => {
			const proof = parseTlogProof(bytes);
			expect(proof.ok ? 'read' : proof.error).toBe(code);
		});
});
