/** Cells that leave for a spreadsheet. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { neutral, toCsv, toTsv } from '../../../renderer/app/tsv.ts';

describe('cells for a spreadsheet', () => {
	it.each(['=1+1', '+cmd|calc', '-2+3', '@SUM(A1)', '\t=1', '\r=1', '-', '=', '−=x'.slice(1)])(
		'%j is text there, not a formula',
		(cell) => {
			expect(neutral(cell)).toBe(`'${cell}`);
		},
	);

	it.each(['-12.50', '−12.50', '+3', '-1,234.56', "-1'234", '-5 %'.replace(' ', ''), 'SO-1', '', '2026-01-01', 'a=b'])(
		'%j stays as it is',
		(cell) => {
			expect(neutral(cell)).toBe(cell);
		},
	);

	it('no cell ever begins like a formula unless it is a number', () => {
		fc.assert(
			fc.property(fc.string(), (cell) => {
				const shown = neutral(cell);
				expect(/^[=@\t\r]/.test(shown)).toBe(false);
				if (/^[+-]/.test(shown)) expect(shown).toMatch(/^[+-]\d/);
			}),
		);
	});

	it('tabs and line breaks inside a cell do not make new cells', () => {
		expect(
			toTsv([
				['a\tb', 'c\nd'],
				['e', 'f'],
			]),
		).toBe('a b\tc d\r\ne\tf');
	});

	it('quotes of CSV are doubled (RFC 4180 §2.7)', () => {
		expect(toCsv([['say "no"', 'x,y']])).toBe('"say ""no""","x,y"');
	});
});
