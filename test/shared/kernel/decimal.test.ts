import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	absolute,
	allocateLargestRemainder,
	formatQuantity,
	maximum,
	minimum,
	mulDivRoundHalfUp,
	parseDecimal,
	parseQuantity,
	timesDecimal,
} from '#kernel';

const amounts = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n });
const small = fc.bigInt({ min: -40n, max: 40n });

describe('quantities', () => {
	it.each([
		['0', 0n],
		['1.5', 1_500_000n],
		['-1.5', -1_500_000n],
		['0.000001', 1n],
		['-0.000001', -1n],
		['1.50', 1_500_000n],
		['999999999999.999999', 999_999_999_999_999_999n],
	])('%s is %d millionths', (text, millionths) => {
		expect(parseQuantity(text)).toEqual({ ok: true, value: millionths });
	});

	it.each(['', '.', '1.', '.5', '01', '+1', '1e3', '1,5', ' 1', '1 ', '1.0000001', '--1', '1.5.2', 'NaN', '٣', '1\n', '1234567890123'])(
		'%j is not a quantity',
		(text) => {
			expect(parseQuantity(text)).toEqual({ ok: false, error: 'not_a_quantity' });
		},
	);

	it('every quantity has one shortest text, which reads back', () => {
		fc.assert(
			fc.property(fc.bigInt({ min: -999_999_999_999_999_999n, max: 999_999_999_999_999_999n }), (quantity) => {
				const text = formatQuantity(quantity);
				expect(parseQuantity(text)).toEqual({ ok: true, value: quantity });
				expect(text).not.toMatch(/\.\d*0$|\.$/);
			}),
		);
	});

	it('a quantity that reads always fits a signed 64-bit integer', () => {
		const longest = parseQuantity(`-${'9'.repeat(12)}.${'9'.repeat(6)}`);
		expect(longest.ok && BigInt.asIntN(64, longest.value) === longest.value).toBe(true);
	});
});

describe('decimals', () => {
	it.each([
		['0.19', 19n, 2],
		['-0.5', -5n, 1],
		['100', 100n, 0],
		['1.0825', 10_825n, 4],
		['007.50', 750n, 2],
	])('%s is %d at scale %d', (text, coefficient, scale) => {
		expect(parseDecimal(text)).toEqual({ ok: true, value: { coefficient, scale } });
	});

	it.each(['', '.5', '5.', '1e2', '+1', 'abc', '1 ', '9'.repeat(31)])('%j is not a decimal', (text) => {
		expect(parseDecimal(text)).toEqual({ ok: false, error: 'not_a_decimal' });
	});

	it.each([
		[1050n, '0.19', 200n],
		[1000n, '0.0825', 83n],
		[-1000n, '0.0825', -83n],
		[50n, '0.01', 1n],
		[49n, '0.01', 0n],
		[-50n, '0.01', -1n],
	])('%d × %s is %d, ties away from zero', (minor, text, product) => {
		const decimal = parseDecimal(text);
		expect(decimal.ok && timesDecimal(minor, decimal.value)).toBe(product);
	});
});

describe('mulDivRoundHalfUp', () => {
	it.each([
		[1n, 1n, 2n, 1n],
		[-1n, 1n, 2n, -1n],
		[1n, -1n, 2n, -1n],
		[1n, 1n, -2n, -1n],
		[-1n, 1n, -2n, 1n],
		[1n, 1n, 3n, 0n],
		[2n, 1n, 3n, 1n],
		[5n, 1n, 10n, 1n],
		[10_000n, 1n, 3n, 3333n],
		[0n, 5n, 7n, 0n],
	])('%d × %d ÷ %d is %d', (value, numerator, denominator, expected) => {
		expect(mulDivRoundHalfUp(value, numerator, denominator)).toBe(expected);
	});

	it('is the nearest integer to the exact ratio, and the one farther from zero on a tie', () => {
		const agrees = (value: bigint, numerator: bigint, denominator: bigint) => {
			fc.pre(denominator !== 0n);
			const exact = value * numerator;
			const rounded = mulDivRoundHalfUp(value, numerator, denominator);
			// |exact/denominator − rounded| ≤ ½, compared as 2·|exact − rounded·denominator| ≤ |denominator|.
			const distance = 2n * absolute(exact - rounded * denominator);
			expect(distance <= absolute(denominator)).toBe(true);
			if (distance === absolute(denominator)) expect(absolute(rounded * denominator) > absolute(exact)).toBe(true);
		};
		fc.assert(fc.property(amounts, amounts, amounts, agrees));
		fc.assert(fc.property(small, small, small, agrees));
	});

	it('is odd in each argument', () => {
		fc.assert(
			fc.property(amounts, amounts, fc.bigInt({ min: 1n, max: 10n ** 12n }), (value, numerator, denominator) => {
				const rounded = mulDivRoundHalfUp(value, numerator, denominator);
				expect(mulDivRoundHalfUp(-value, numerator, denominator)).toBe(-rounded);
				expect(mulDivRoundHalfUp(value, -numerator, denominator)).toBe(-rounded);
				expect(mulDivRoundHalfUp(value, numerator, -denominator)).toBe(-rounded);
			}),
		);
	});

	it('division by zero is a bug and stops', () => expect(() => mulDivRoundHalfUp(1n, 1n, 0n)).toThrow('division by zero'));
});

describe('allocateLargestRemainder', () => {
	it.each([
		[100n, [1n, 1n, 1n], [34n, 33n, 33n]],
		[-100n, [1n, 1n, 1n], [-34n, -33n, -33n]],
		[10n, [1n, 0n, 2n], [3n, 0n, 7n]],
		[1n, [1n, 1n], [1n, 0n]],
		[0n, [3n, 4n], [0n, 0n]],
		[7n, [5n], [7n]],
	])('%d over %s is %s', (total, weights, parts) => {
		expect(allocateLargestRemainder(total, weights)).toEqual(parts);
	});

	const weights = fc.array(fc.bigInt({ min: 0n, max: 10n ** 15n }), { minLength: 1, maxLength: 12 });

	it('the parts sum exactly to the total, each within one unit of its share, zero weights get nothing', () => {
		fc.assert(
			fc.property(amounts, weights, (total, shares) => {
				const sum = shares.reduce((a, b) => a + b, 0n);
				fc.pre(sum > 0n);
				const parts = allocateLargestRemainder(total, shares) ?? [];
				expect(parts.reduce((a, b) => a + b, 0n)).toBe(total);
				for (const [index, share] of shares.entries()) {
					const part = parts[index] ?? 0n;
					expect(absolute(part * sum - total * share) < sum).toBe(true);
					if (share === 0n) expect(part).toBe(0n);
				}
			}),
		);
	});

	it('equal weights differ by one unit at most, the earlier first', () => {
		fc.assert(
			fc.property(fc.bigInt({ min: 0n, max: 10n ** 6n }), fc.integer({ min: 1, max: 20 }), (total, count) => {
				const parts = allocateLargestRemainder(total, new Array<bigint>(count).fill(1n)) ?? [];
				const isFalling = parts.every((part, index) => index === 0 || part <= (parts[index - 1] ?? 0n));
				expect(isFalling).toBe(true);
				expect((parts[0] ?? 0n) - (parts.at(-1) ?? 0n) <= 1n).toBe(true);
			}),
		);
	});

	it.each([[[]], [[0n, 0n]], [[1n, -1n]], [[2n, -1n]]])('weights %s cannot be split over', (shares) => {
		expect(allocateLargestRemainder(10n, shares)).toBeNull();
	});
});

describe('whole numbers', () => {
	it('absolute, minimum and maximum agree with their definitions', () => {
		fc.assert(
			fc.property(amounts, amounts, (a, b) => {
				expect(absolute(a) >= 0n && (absolute(a) === a || absolute(a) === -a)).toBe(true);
				expect([minimum(a, b), maximum(a, b)]).toEqual(a <= b ? [a, b] : [b, a]);
			}),
		);
	});
});
