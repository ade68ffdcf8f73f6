import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readDecimalText, readParameter, separatorsOf, showParameter } from '../../../../renderer/screens/Procedures/readNumber.ts';

const EN = { group: ',', decimal: '.' };
const DE = { group: '.', decimal: ',' };
const CH = separatorsOf('de-CH');
const FR = separatorsOf('fr-FR');

const spec = (value: number | string) => ({ name: 'x', default: value, unit: 'days', doc: '' });

describe('a number as people type it', () => {
	test.each([
		['1,234.56', EN, '1234.56'],
		['1.234,56', DE, '1234.56'],
		['1.234,56', EN, '1234.56'],
		['1,234', EN, '1234'],
		['1.234', DE, '1234'],
		['1.234', EN, '1.234'],
		['0.1', DE, '0.1'],
		['0,1', EN, '0.1'],
		['1 234,5', FR, '1234.5'],
		['1’234.5', CH, '1234.5'],
		['0.5 %', EN, '0.5'],
		['−5', EN, '-5'],
		['.5', EN, '0.5'],
		['007', EN, '7'],
	])('%s is read', (typed, separators, read) => {
		expect(readDecimalText(typed, separators)).toEqual({ ok: true, value: read });
	});

	test.each(['', 'ten', '1,2,3', '1.2.3', '12,34,567.0', '1.234.56'])('“%s” is refused, never guessed', (typed) => {
		expect(readDecimalText(typed, EN).ok).toBe(false);
	});

	test('what is shown reads back as what it was, in every locale', () => {
		const locales = ['en-GB', 'de-DE', 'fr-FR', 'de-CH', 'pt-BR', 'ja-JP', 'en-IN'].map((locale) => separatorsOf(locale));
		fc.assert(
			fc.property(fc.nat(10_000_000), fc.nat(999), fc.constantFrom(...locales), (whole, fraction, separators) => {
				const value = `${whole}.${String(fraction).padStart(3, '0')}`;
				expect(readParameter(showParameter(value, spec('0.1'), separators), spec('0.1'), separators)).toEqual({ ok: true, value });
				expect(readParameter(showParameter(whole, spec(5), separators), spec(5), separators)).toEqual({ ok: true, value: whole });
			}),
		);
	});

	test('a whole-number parameter takes no fraction and nothing below zero', () => {
		expect(readParameter('5,5', spec(5), DE).ok).toBe(false);
		expect(readParameter('-5', spec(5), EN).ok).toBe(false);
		expect(readParameter('5.0', spec(5), EN)).toEqual({ ok: true, value: 5 });
	});

	test('a text parameter is taken as it is', () => {
		expect(readParameter(' backordered=240 ', spec(''), EN)).toEqual({ ok: true, value: 'backordered=240' });
	});
});
