import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRandom } from '#company';

describe('the generator’s randomness', () => {
	it('draws the same numbers from the same seed, for ever', () => {
		const random = createRandom('tieout');
		expect(Array.from({ length: 8 }, () => random.below(1000))).toEqual([699, 583, 318, 96, 731, 926, 571, 155]);
	});

	it('draws other numbers from another seed', () => {
		const draw = (seed: string) => {
			const random = createRandom(seed);
			return Array.from({ length: 20 }, () => random.below(1_000_000)).join();
		};
		const seeds = Array.from({ length: 200 }, (_, index) => `1/order/${index}`);
		expect(new Set(seeds.map(draw)).size).toBe(200);
	});

	it('stays within its bounds and reaches both of them', () => {
		fc.assert(
			fc.property(fc.string(), fc.integer({ min: -50, max: 50 }), fc.integer({ min: 0, max: 6 }), (seed, low, width) => {
				const random = createRandom(seed);
				const drawn = new Set(Array.from({ length: 400 }, () => random.between(low, low + width)));
				expect(Math.min(...drawn)).toBe(low);
				expect(Math.max(...drawn)).toBe(low + width);
			}),
			{ numRuns: 50 },
		);
	});

	it('shuffles without losing or repeating anything', () => {
		fc.assert(
			fc.property(fc.string(), fc.uniqueArray(fc.integer(), { maxLength: 40 }), (seed, items) => {
				expect(
					createRandom(seed)
						.shuffle(items)
						.sort((a, b) => a - b),
				).toEqual([...items].sort((a, b) => a - b));
			}),
		);
	});

	it('spreads evenly enough for percentages to mean what they say', () => {
		const random = createRandom('percent');
		const hits = Array.from({ length: 20_000 }, () => random.chance(8)).filter(Boolean).length;
		expect(hits).toBeGreaterThan(1_400);
		expect(hits).toBeLessThan(1_800);
	});
});
