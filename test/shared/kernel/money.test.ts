import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { currencyExponent, formatAmount, formatMoney, isCurrency } from '#kernel';

describe('ISO 4217', () => {
	it.each([
		['USD', 2],
		['EUR', 2],
		['JPY', 0],
		['KRW', 0],
		['CLP', 0],
		['VND', 0],
		['ISK', 0],
		['HUF', 2],
		['MGA', 2],
		['MRU', 2],
		['KWD', 3],
		['BHD', 3],
		['TND', 3],
		['CLF', 4],
		['UYW', 4],
	])('%s has %d decimals', (currency, exponent) => {
		expect(currencyExponent(currency)).toBe(exponent);
	});

	it.each('USD EUR GBP CHF JPY CNY KRW KWD BHD OMR TND JOD CLP VND XAF XPF CLF'.split(' '))(
		'%s: the engine formats it with as many',
		(currency) => {
			const { maximumFractionDigits } = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions();
			expect(currencyExponent(currency)).toBe(maximumFractionDigits);
		},
	);

	it('names that every object has are no currencies with strange decimals', () => {
		expect(['constructor', 'toString', '__proto__'].map(currencyExponent)).toEqual([2, 2, 2]);
	});

	it.each(['usd', 'US', 'USDT', '', 'U D', 'ÄÖÜ', 'USD\n'])('%j is no currency code', (text) => {
		expect(isCurrency(text)).toBe(false);
	});

	it('EUR is one', () => expect(isCurrency('EUR')).toBe(true));
});

describe('amounts for people', () => {
	it.each([
		[0n, 'USD', '0.00 USD'],
		[5n, 'USD', '0.05 USD'],
		[-5n, 'USD', '-0.05 USD'],
		[123_456n, 'USD', '1,234.56 USD'],
		[-123_456n, 'JPY', '-123,456 JPY'],
		[999n, 'JPY', '999 JPY'],
		[1n, 'KWD', '0.001 KWD'],
		[1_234_567n, 'KWD', '1,234.567 KWD'],
		[1n, 'CLF', '0.0001 CLF'],
		[2n ** 63n - 1n, 'EUR', '92,233,720,368,547,758.07 EUR'],
	])('%d in %s is %s', (minor, currency, text) => {
		expect(formatMoney(minor, currency)).toBe(text);
	});

	it('no digit is lost: the text reads back to the same minor units', () => {
		fc.assert(
			fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'), (minor, currency) => {
				const text = formatAmount(minor, currency);
				expect(BigInt(text.replace(/[,.]/g, ''))).toBe(minor);
				expect(text).toMatch(/^-?\d{1,3}(,\d{3})*(\.\d+)?$/);
			}),
		);
	});
});
