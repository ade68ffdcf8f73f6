import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	describeNoteError,
	describeVerifierKeyError,
	formatVerifierKey,
	isSoundPublicKey,
	keyIdOf,
	type NoteError,
	parseCheckpoint,
	parseNote,
	parseVerifierKey,
	type VerifierKeyError,
	verifierKey,
	verifyEd25519,
	verifyNote,
} from '#evidence';
import { fromHex, toHex, utf8 } from '#kernel';
import { LOG, LOG_SIGNER, rootOf, signer } from '../../electron/services/dropWriter.ts';

/** Key and note of the Go reference implementation's documentation (golang.org/x/mod/sumdb/note), which C2SP signed-note describes. */
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SAYING = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const SIGNATURE = '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const NOTE = `${SAYING}\n${SIGNATURE}`;
/** The example of c2sp.org/signed-note itself, whose key the specification does not give. */
const QUASIMODO =
	'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned è subito sera.\n\n— quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99ihAQwaqP3ZekRwNtIc=\n';

function peter() {
	const key = parseVerifierKey(PETER);
	if (!key.ok) throw new Error(key.error);
	return key.value;
}

function note(text: string | Uint8Array) {
	const parsed = parseNote(typeof text === 'string' ? utf8(text) : text);
	if (!parsed.ok) throw new Error(parsed.error);
	return parsed.value;
}

describe('a verifier key', () => {
	it('of the reference example has the id it names, and is written as it was read', () => {
		expect(keyIdOf('PeterNeumann', peter().publicKey)).toBe('c74f20a3');
		expect(formatVerifierKey(peter())).toBe(PETER);
	});

	it('is refused when any one of its characters is another', () => {
		for (let i = 0; i < PETER.length; i++) {
			const mangled = PETER.slice(0, i) + String.fromCharCode(PETER.charCodeAt(i) + 1) + PETER.slice(i + 1);
			expect(parseVerifierKey(mangled).ok, mangled).toBe(false);
			expect(parseVerifierKey(PETER.slice(0, i)).ok).toBe(false);
		}
	});

	const zeros = Buffer.alloc(32);
	const identity = Buffer.from([1, ...new Array<number>(31).fill(0)]);
	const encoded = (type: number, key: Buffer): string => Buffer.concat([Buffer.from([type]), key]).toString('base64');
	const REFUSED: readonly (readonly [VerifierKeyError, string])[] = [
		['not_a_vkey', 'PeterNeumann'],
		['not_a_vkey', PETER.replace('c74f20a3', 'C74F20A3')],
		['not_a_vkey', `${PETER}\n`],
		['bad_key_name', PETER.replace('PeterNeumann', 'Peter Neumann')],
		['bad_key_name', PETER.replace('PeterNeumann', '')],
		['unknown_algorithm', `x+00000000+${encoded(2, zeros)}`],
		['bad_public_key', `x+00000000+${encoded(1, identity)}`],
		['bad_public_key', `x+00000000+${encoded(1, zeros.subarray(1))}`],
		['key_id_mismatch', PETER.replace('c74f20a3', 'c74f20a4')],
		['key_id_mismatch', PETER.replace('PeterNeumann', 'PeterNeuman')],
	];
	for (const [code, vkey] of REFUSED)
		it(`${JSON.stringify(vkey)} is refused: ${code}`, () => {
			const key = parseVerifierKey(vkey);
			expect(key.ok ? 'read' : key.error).toBe(code);
			expect(describeVerifierKeyError(code)).not.toBe('');
		});

	it('of small order is none: anybody could sign under it', () => {
		expect(isSoundPublicKey(zeros)).toBe(false);
		expect(isSoundPublicKey(identity)).toBe(false);
		expect(isSoundPublicKey(peter().publicKey)).toBe(true);
	});
});

describe('a signed note', () => {
	it('of the reference example verifies', () => {
		expect(note(NOTE).text).toBe(SAYING);
		expect(verifyNote(note(NOTE), peter())).toBe('valid');
	});

	it('of the specification parses, with the blank line inside its text', () => {
		expect(note(QUASIMODO).text.endsWith('\n\ned è subito sera.\n')).toBe(true);
		expect(note(QUASIMODO).signatures).toMatchObject([{ keyName: 'quasimodo.example/salvatore', keyId: '367ba04b' }]);
		expect(verifyNote(note(QUASIMODO), peter())).toBe('unsigned');
	});

	it('keeps signature lines of keys it does not know, and is judged by the known one', () => {
		const two = note(NOTE + signer('witness.example', 'w').signatureLine(SAYING));
		expect(two.signatures.map(({ keyName }) => keyName)).toEqual(['PeterNeumann', 'witness.example']);
		expect(verifyNote(two, peter())).toBe('valid');
	});

	it('is invalid when one of two signatures of the known key fails', () => {
		const broken = SIGNATURE.replace('x08go/Z', 'x08go/A');
		expect(verifyNote(note(NOTE + broken), peter())).toBe('invalid');
	});

	it('is unsigned by a key that shares only the name or only the id', () => {
		const sameName = verifierKey(
			'PeterNeumann',
			peter().publicKey.map((byte) => byte ^ 1),
		);
		expect(verifyNote(note(NOTE), sameName)).toBe('unsigned');
		expect(verifyNote(note(NOTE), { ...peter(), name: 'Peter' })).toBe('unsigned');
	});

	it('fails with a byte of its text changed', () => {
		for (const at of [0, 20, SAYING.length - 3]) {
			const changed = `${SAYING.slice(0, at)}~${SAYING.slice(at + 1)}`;
			expect(verifyNote(note(`${changed}\n${SIGNATURE}`), peter())).toBe('invalid');
		}
	});

	const REFUSED: readonly (readonly [NoteError, string, string | Uint8Array])[] = [
		['too_large', 'of a megabyte', `${'x'.repeat(1 << 20)}\n\n${SIGNATURE}`],
		['not_utf8', 'with a byte that is not UTF-8', new Uint8Array([0xff, 10, 10])],
		['control_character', 'with a carriage return', NOTE.replace('\n', '\r\n')],
		['control_character', 'with a NUL', NOTE.replace('If', '\0f')],
		['no_final_line_feed', 'cut in its last line', NOTE.slice(0, -1)],
		['no_blank_line', 'without a blank line', `${SAYING}${SIGNATURE}`],
		['no_signature', 'without a signature', `${SAYING}\n`],
		['bad_signature_line', 'with a hyphen for the dash', NOTE.replace('\u2014', '-')],
		['bad_signature_line', 'with text behind its signatures', `${NOTE}text\n`],
		['bad_signature_line', 'with two spaces', NOTE.replace('\u2014 ', '\u2014  ')],
		['bad_signature_line', 'with a plus in a key name', NOTE.replace('PeterNeumann', 'Peter+Neumann')],
		['bad_signature_line', 'with a no-break space in a key name', NOTE.replace('PeterNeumann', 'Peter\u00a0Neumann')],
		['bad_signature_line', 'with spare bits in its base64', NOTE.replace('BwJnAM=', 'BwJnAN=')],
		['bad_signature_line', 'with a key id and nothing else', `${SAYING}\n\u2014 x AAAAAA==\n`],
		['too_many_signatures', 'with 101 signatures', `${SAYING}\n${SIGNATURE.repeat(101)}`],
	];
	for (const [code, what, bytes] of REFUSED)
		it(`${what} is refused: ${code}`, () => {
			const parsed = parseNote(typeof bytes === 'string' ? utf8(bytes) : bytes);
			expect(parsed.ok ? 'read' : parsed.error).toBe(code);
			expect(describeNoteError(code)).not.toBe('');
		});

	it('of sixteen signatures is accepted, as the specification demands', () => {
		expect(note(`${SAYING}\n${SIGNATURE.repeat(16)}`).signatures).toHaveLength(16);
	});
});

describe('Ed25519', () => {
	/** RFC 8032 §7.1, tests 1 to 3: public key, message, signature. */
	const VECTORS = [
		[
			'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
			'',
			'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
		],
		[
			'3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c',
			'72',
			'92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00',
		],
		[
			'fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025',
			'af82',
			'6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a',
		],
	] as const;
	const hex = (text: string): Uint8Array => fromHex(text) ?? new Uint8Array();

	it('agrees with RFC 8032', () => {
		for (const [key, message, signature] of VECTORS) expect(verifyEd25519(hex(key), hex(message), hex(signature))).toBe(true);
	});

	it('refuses a signature whose scalar was raised by the group order', () => {
		const [key, message, signature] = VECTORS[1];
		const order = 2n ** 252n + 27742317777372353535851937790883648493n;
		const raised = BigInt(`0x${toHex(hex(signature).slice(32).reverse())}`) + order;
		const bytes = hex(raised.toString(16).padStart(64, '0')).reverse();
		expect(verifyEd25519(hex(key), hex(message), new Uint8Array([...hex(signature).slice(0, 32), ...bytes]))).toBe(false);
	});

	it('refuses keys and signatures of wrong length without throwing', () => {
		expect(verifyEd25519(new Uint8Array(31), new Uint8Array(), new Uint8Array(64))).toBe(false);
		expect(verifyEd25519(hex(VECTORS[0][0]), new Uint8Array(), new Uint8Array(63))).toBe(false);
	});
});

describe('a checkpoint', () => {
	const ROOT = rootOf(['a', 'b']);
	const whole = LOG_SIGNER.checkpoint(`${LOG}/order_event`, 2, ROOT).toString();
	const parse = (text: string) => parseCheckpoint(utf8(text));

	it('of the specification parses', () => {
		const parsed = parse(
			'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n',
		);
		expect(parsed.ok && [parsed.value.origin, parsed.value.size, parsed.value.extensions]).toEqual([
			'example.com/behind-the-sofa',
			20_852_163,
			[],
		]);
	});

	it('keeps its extension lines', () => {
		const parsed = parse(LOG_SIGNER.checkpoint(LOG, 0, ROOT, ['epoch 7', 'x']).toString());
		expect(parsed.ok && parsed.value.extensions).toEqual(['epoch 7', 'x']);
	});

	const REFUSED = [
		['too_few_lines', whole.replace(/\n[^\n]{44}\n\n/, '\n\n')],
		['empty_line', whole.replace('\n2\n', '\n2\n\n')],
		['empty_line', `\n${whole.slice(whole.indexOf('\n') + 1)}`],
		['bad_tree_size', whole.replace('\n2\n', '\n02\n')],
		['bad_tree_size', whole.replace('\n2\n', '\n-2\n')],
		['bad_tree_size', whole.replace('\n2\n', '\n2e3\n')],
		['bad_tree_size', whole.replace('\n2\n', '\n9007199254740993\n')],
		['bad_tree_size', whole.replace('\n2\n', '\n 2\n')],
		['bad_root_hash', whole.replace('=\n\n', '\n\n')],
		['bad_root_hash', whole.replace(/\n2\n./, '\n2\n')],
		['no_signature', whole.slice(0, whole.indexOf('\n\n') + 2)],
	] as const;
	for (const [code, text] of REFUSED)
		it(`is refused: ${code} (${JSON.stringify(text.slice(0, 60))})`, () => {
			const parsed = parse(text);
			expect(parsed.ok ? 'read' : parsed.error).toBe(code);
		});

	it('is parsed from arbitrary bytes without throwing', () => {
		fc.assert(
			fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: fc.constantFrom('\n', '— ', 'a', '=', '0', ' ') }).map(utf8)), (bytes) => {
				parseCheckpoint(bytes);
			}),
		);
	});
});
