import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	berToDer,
	der,
	derBits,
	derBoolean,
	derContext,
	derInteger,
	derNull,
	derOctets,
	derOid,
	derSequence,
	derSetOf,
	isSortedSet,
	oidText,
	readDer,
	readDerPrefix,
	smallInteger,
} from '#pack';

const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.replace(/ /g, ''), 'hex'));
const shown = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('writing', () => {
	// X.690 §8 examples and well-known encodings.
	it.each([
		['INTEGER 0', derInteger(0), '020100'],
		['INTEGER 127', derInteger(127), '02017f'],
		['INTEGER 128', derInteger(128), '02020080'],
		['INTEGER from padded octets', derInteger(hex('0000ff')), '020200ff'],
		['OBJECT IDENTIFIER 2.999.3', derOid('2.999.3'), '0603883703'],
		['OBJECT IDENTIFIER sha256', derOid('2.16.840.1.101.3.4.2.1'), '0609608648016503040201'],
		['BIT STRING of one bit', derBits(hex('80'), 7), '03020780'],
		['BOOLEAN TRUE', derBoolean(true), '0101ff'],
		['NULL', derNull(), '0500'],
		['a long length', derOctets(new Uint8Array(200)).subarray(0, 4), '0481c800'],
		['a longer length', derOctets(new Uint8Array(70_000)).subarray(0, 5), '0483011170'],
		['SET OF, sorted', derSetOf(derOctets(hex('02')), derInteger(5), derOctets(hex('01'))), '3109020105040101040102'],
		['[1]', derContext(1, derNull()), 'a1020500'],
	])('%s', (_what, bytes, expected) => {
		expect(shown(bytes)).toBe(expected);
	});
});

describe('strict reading', () => {
	it.each([
		['an indefinite length', '30800000'],
		['a padded length', '0481 0101'],
		['a length with a leading zero', '04820001 01'],
		['a high tag number', '1f8101 00'],
		['a padded integer', '02020001'],
		['a padded negative integer', '0202ff80'],
		['an empty integer', '0200'],
		['a boolean that is neither', '010101'],
		['a null with contents', '050100'],
		['a primitive sequence', '1000'],
		['contents that end early', '04050102'],
		['a child that overruns', '3003040501'],
		['an identifier that ends in the middle', '060180'],
		['nothing', ''],
	])('%s is refused', (_what, text) => {
		expect(readDer(hex(text)).ok).toBe(false);
	});

	it('bytes behind the value are told apart from no value', () => {
		expect(readDer(hex('050000'))).toEqual({ ok: false, error: 'trailing_bytes' });
		const prefix = readDerPrefix(hex('050000'));
		expect(prefix.ok && shown(prefix.value.raw)).toBe('0500');
	});

	it('nesting is bounded', () => {
		let bytes = derNull();
		for (let i = 0; i < 60; i++) bytes = derSequence(bytes);
		expect(readDer(bytes).ok).toBe(false);
	});

	it('what was written reads back to the same bytes, and a changed length never passes for it', () => {
		fc.assert(
			fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 8 }), (parts) => {
				const bytes = derSequence(...parts.map(derOctets));
				const node = readDer(bytes);
				expect(node.ok && node.value.children.map(({ content }) => shown(content))).toEqual(parts.map(shown));
				expect(node.ok && shown(der(node.value.tag, ...node.value.children.map(({ raw }) => raw)))).toBe(shown(bytes));
			}),
		);
	});

	it('any bytes are judged without a crash', () => {
		fc.assert(
			fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
				const node = readDer(bytes);
				expect(node.ok ? shown(node.value.raw) : '').toBe(node.ok ? shown(bytes) : '');
				const loose = berToDer(bytes);
				if (loose !== null) expect(loose.length).toBeLessThanOrEqual(bytes.length);
			}),
		);
	});

	it('identifiers and integers read back', () => {
		fc.assert(
			fc.property(fc.tuple(fc.nat(2), fc.nat(39), fc.array(fc.nat(1_000_000), { maxLength: 6 })), ([head, second, rest]) => {
				const text = [head, second, ...rest].join('.');
				const node = readDer(derOid(text));
				expect(node.ok && oidText(node.value)).toBe(text);
			}),
		);
		fc.assert(
			fc.property(fc.nat(), (value) => {
				const node = readDer(derInteger(value));
				expect(node.ok && smallInteger(node.value)).toBe(value);
			}),
		);
	});

	it('sets know whether they are sorted', () => {
		const sorted = readDer(derSetOf(derInteger(2), derInteger(1)));
		const reversed = readDer(der(0x31, derInteger(2), derInteger(1)));
		expect([sorted.ok && isSortedSet(sorted.value), reversed.ok && isSortedSet(reversed.value)]).toEqual([true, false]);
	});
});

describe('BER made DER', () => {
	it.each([
		['an indefinite length', '3080 020101 0000', '3003020101'],
		['a padded length', '3083000003 020101', '3003020101'],
		['an octet string in pieces', '2480 040101 04020203 0000', '0403010203'],
		['nested ones', '3080 a080 2404 04020102 0000 0000', '3006a00404020102'],
		['DER itself', '3003020101', '3003020101'],
	])('%s', (_what, text, expected) => {
		expect(shown(berToDer(hex(text))?.der ?? new Uint8Array())).toBe(expected);
	});

	it.each(['3080020101', '0480', '3005', '30ff', ''])('%s is none', (text) => {
		expect(berToDer(hex(text))).toBeNull();
	});
});
