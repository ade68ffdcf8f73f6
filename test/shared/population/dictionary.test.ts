import { describe, expect, it } from 'vitest';
import { Dictionary } from '#population';

describe('a dictionary of many texts that differ little', () => {
	const texts = Array.from({ length: 20_000 }, (_, i) => `SO-${String(i).padStart(7, '0')}`);
	const dictionary = new Dictionary();
	const codes = texts.map((text) => dictionary.internText(text));

	it('numbers them in the order in which they came', () => {
		expect(codes).toEqual(texts.map((_, i) => i));
		expect(texts.map((text) => dictionary.internText(text))).toEqual(codes);
		expect(dictionary.size).toBe(texts.length);
	});

	it('gives back the room kept for texts to come, and still finds and takes some', () => {
		const before = dictionary.byteLength;
		dictionary.trim();
		expect(dictionary.byteLength).toBeLessThan(before);
		expect(dictionary.codeOf('SO-0019999')).toBe(19_999);
		expect(dictionary.codeOf('SO-0020000')).toBe(-1);
		expect(dictionary.internText('SO-0020000')).toBe(20_000);
		expect(dictionary.text(20_000)).toBe('SO-0020000');
		expect(dictionary.text(0)).toBe('SO-0000000');
	});

	it('tells texts apart that are the beginnings of others', () => {
		const beginnings = new Dictionary();
		const long = 'a'.repeat(300);
		const found = Array.from({ length: 301 }, (_, length) => beginnings.internText(long.slice(0, length)));
		expect(new Set(found).size).toBe(301);
		expect(found.map((code) => beginnings.text(code).length)).toEqual(found);
	});
});
