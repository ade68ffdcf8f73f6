import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	allocateByStandAlonePrice,
	allocationShare,
	catchUpAdjustment,
	isAllocationWithin,
	justifiedRevenue,
	prorate,
	treatmentOf,
} from '#revenue';

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => a + b, 0n);

describe('proration', () => {
	it('rounds half up, and the last transfer takes the rest', () => {
		expect(prorate(10000n, 3n, [1n, 1n, 1n])).toEqual([3333n, 3334n, 3333n]);
		expect(justifiedRevenue(5n, 1n, 2n)).toBe(3n);
	});

	it('earns nothing before a transfer and never more than was allocated', () => {
		expect(justifiedRevenue(10000n, 0n, 3n)).toBe(0n);
		expect(justifiedRevenue(10000n, -2n, 3n)).toBe(0n);
		expect(justifiedRevenue(10000n, 4n, 3n)).toBe(10000n);
	});

	it('refuses a line of which nothing was ordered', () => {
		expect(() => justifiedRevenue(1n, 1n, 0n)).toThrow('something was ordered');
	});

	it('sums to the allocated price whatever the parts are', () => {
		const part = fc.bigInt({ min: 1n, max: 10n ** 12n });
		fc.assert(
			fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.array(part, { minLength: 1, maxLength: 12 }), (allocated, parts) => {
				const amounts = prorate(allocated, sum(parts), parts);
				expect(sum(amounts)).toBe(allocated);
				expect(amounts.every((amount) => amount >= 0n)).toBe(true);
			}),
		);
	});
});

describe('allocation by stand-alone selling price', () => {
	it('splits to the cent in proportion', () => {
		expect(allocateByStandAlonePrice(90000n, [60000n, 30000n, 10000n])).toEqual([54000n, 27000n, 9000n]);
		expect(allocateByStandAlonePrice(100n, [1n, 1n, 1n])).toEqual([34n, 33n, 33n]);
	});

	it('assumes no even split where no stand-alone price is known', () => {
		expect(allocateByStandAlonePrice(100n, [0n, 0n])).toBeNull();
	});

	it('tolerates the larger of epsilon and the percentage, on both sides of each', () => {
		const half = { coefficient: 5n, scale: 1 };
		expect(isAllocationWithin(100500n, 100000n, 1n, half)).toBe(true);
		expect(isAllocationWithin(100501n, 100000n, 1n, half)).toBe(false);
		expect(isAllocationWithin(99500n, 100000n, 1n, half)).toBe(true);
		expect(isAllocationWithin(99499n, 100000n, 1n, half)).toBe(false);
		expect(isAllocationWithin(12n, 10n, 2n, half)).toBe(true);
		expect(isAllocationWithin(13n, 10n, 2n, half)).toBe(false);
	});

	it('gives every obligation its share within one minor unit', () => {
		const prices = fc.array(fc.bigInt({ min: 1n, max: 10n ** 9n }), { minLength: 1, maxLength: 8 });
		fc.assert(
			fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), prices, (price, standAlone) => {
				const parts = allocateByStandAlonePrice(price, standAlone) ?? [];
				expect(sum(parts)).toBe(price);
				for (const [index, part] of parts.entries()) {
					const share = allocationShare(price, standAlone[index] as bigint, sum(standAlone));
					expect(part - share <= 1n && share - part <= 1n).toBe(true);
				}
			}),
		);
	});
});

describe('modifications', () => {
	it.each([
		[true, true, true, 'separate'],
		[true, true, false, 'separate'],
		[true, false, true, 'prospective'],
		[false, true, true, 'prospective'],
		[true, false, false, 'catch_up'],
		[false, false, false, 'catch_up'],
	] as const)(
		'distinct goods %s, at stand-alone price %s, remaining distinct %s: %s',
		(addsDistinct, atStandAlonePrice, remainingDistinct, treatment) => {
			expect(treatmentOf({ addsDistinct, atStandAlonePrice, remainingDistinct })).toBe(treatment);
		},
	);

	it('catches up by the golden case: 42,000 × 12 ÷ 36 − 12,000 = +2,000', () => {
		expect(catchUpAdjustment(42_000n, 12n, 36n, 12_000n)).toBe(2_000n);
	});
});
