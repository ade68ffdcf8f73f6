import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSha256Hex, sha256, sha256Hex, sha256HexOfText, streamingSha256, toHex, utf8 } from '#kernel';

describe('SHA-256', () => {
	// FIPS 180-4 examples.
	it.each([
		['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
		['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
		['abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq', '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1'],
	])('of %j', (text, hex) => {
		expect(sha256HexOfText(text)).toBe(hex);
		expect(toHex(sha256(utf8(text)))).toBe(hex);
	});

	it('agrees with Node on any bytes, in one piece and in any pieces', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }), (pieces) => {
				const streaming = streamingSha256();
				for (const piece of pieces) streaming.update(piece);
				const expected = createHash('sha256').update(Buffer.concat(pieces)).digest('hex');
				expect(streaming.hex()).toBe(expected);
				expect(sha256Hex(Buffer.concat(pieces))).toBe(expected);
			}),
		);
	});

	it.each([
		['a'.repeat(64), true],
		['0123456789abcdef'.repeat(4), true],
		['A'.repeat(64), false],
		['a'.repeat(63), false],
		['a'.repeat(65), false],
		[`${'a'.repeat(64)}\n`, false],
		['g'.repeat(64), false],
	])('%j as a hash in hex: %s', (text, expected) => {
		expect(isSha256Hex(text)).toBe(expected);
	});
});
