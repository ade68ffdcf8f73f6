import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	compareBytes,
	compareText,
	concatBytes,
	equalBytes,
	fromBase64,
	fromBase64Url,
	fromHex,
	fromUtf8,
	toBase64,
	toBase64Url,
	toHex,
	utf8,
} from '#kernel';

const byteArrays = fc.uint8Array({ maxLength: 70 });

describe('UTF-8', () => {
	it('well-formed text survives the round trip, a byte order mark included', () => {
		fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => fromUtf8(utf8(text)) === text));
		expect(fromUtf8(new Uint8Array([0xef, 0xbb, 0xbf, 0x61]))).toBe('\ufeffa');
	});

	it.each([
		['a lone continuation byte', [0x80]],
		['a truncated sequence', [0xe2, 0x82]],
		['an overlong slash', [0xc0, 0xaf]],
		['a surrogate half', [0xed, 0xa0, 0x80]],
		['a code point past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
		['a byte that UTF-8 never holds', [0xff]],
	])('%s is no text', (_, bytes) => {
		expect(fromUtf8(new Uint8Array(bytes))).toBeNull();
	});
});

describe('hex', () => {
	it('every byte string survives the round trip, and Node writes the same', () => {
		fc.assert(
			fc.property(byteArrays, (bytes) => {
				expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
				expect(fromHex(toHex(bytes))).toEqual(new Uint8Array(bytes));
			}),
		);
	});

	it('upper case is read', () => expect(fromHex('FFaB')).toEqual(new Uint8Array([255, 171])));

	it.each(['a', 'zz', '0x', ' 00', '00 ', 'é0', '0\n'])('%j is not hex', (text) => {
		expect(fromHex(text)).toBeNull();
	});
});

describe('base64', () => {
	// RFC 4648 §10
	it.each([
		['', ''],
		['f', 'Zg=='],
		['fo', 'Zm8='],
		['foo', 'Zm9v'],
		['foob', 'Zm9vYg=='],
		['fooba', 'Zm9vYmE='],
		['foobar', 'Zm9vYmFy'],
	])('RFC 4648: %j is %j', (text, encoded) => {
		expect(toBase64(utf8(text))).toBe(encoded);
		expect(fromBase64(encoded)).toEqual(utf8(text));
	});

	it('both alphabets survive the round trip, and Node writes the same', () => {
		fc.assert(
			fc.property(byteArrays, (bytes) => {
				expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
				expect(toBase64Url(bytes)).toBe(Buffer.from(bytes).toString('base64url'));
				expect(fromBase64(toBase64(bytes))).toEqual(new Uint8Array(bytes));
				expect(fromBase64Url(toBase64Url(bytes))).toEqual(new Uint8Array(bytes));
			}),
		);
	});

	it('one byte string has one spelling: whatever decodes encodes back to the very text', () => {
		const nearly = fc.string({ unit: fc.constantFrom(...'AQgw/+-_=\n z9'), maxLength: 9 });
		let decoded = 0;
		fc.assert(
			fc.property(nearly, (text) => {
				const standard = fromBase64(text);
				const urlSafe = fromBase64Url(text);
				if (standard) expect(toBase64(standard)).toBe(text);
				if (urlSafe) expect(toBase64Url(urlSafe)).toBe(text);
				if (standard ?? urlSafe) decoded++;
			}),
			{ numRuns: 2000 },
		);
		expect(decoded).toBeGreaterThan(10);
	});

	it.each(['Zg', 'Zg=', 'Zh==', 'Zm9=', '====', 'Z===', 'Zm9v\n', ' Zm9v', 'Zm-_', 'Zg==Zg==', '💩💩'])(
		'%j is not strict base64',
		(text) => {
			expect(fromBase64(text)).toBeNull();
		},
	);

	it.each(['Z', 'Zg==', 'Zh', 'Zm+/', 'Zm9v ', 'é'])('%j is not strict base64url', (text) => {
		expect(fromBase64Url(text)).toBeNull();
	});
});

describe('byte strings', () => {
	it('concatenation keeps every part in place', () => {
		fc.assert(
			fc.property(fc.array(byteArrays, { maxLength: 6 }), (parts) => {
				expect(Buffer.from(concatBytes(...parts)).equals(Buffer.concat(parts))).toBe(true);
			}),
		);
	});

	it('order and equality agree with Node, both ways round', () => {
		const short = fc.uint8Array({ maxLength: 3, max: 2 });
		fc.assert(
			fc.property(short, short, (a, b) => {
				expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
				expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
			}),
		);
	});

	it('bytes count as unsigned', () => expect(compareBytes(new Uint8Array([0x80]), new Uint8Array([0x7f]))).toBeGreaterThan(0));

	it('texts order by UTF-16 code units, not by code points or locale', () => {
		expect(['ﬀ', '😀', 'ä', 'z', 'Z', 'a', ''].sort(compareText)).toEqual(['', 'Z', 'a', 'z', 'ä', '😀', 'ﬀ']);
		expect(compareText('same', 'same')).toBe(0);
	});
});
