import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonSpans, covers, coversAll, unionOfSpans } from '#orders';

test('intervals that touch or overlap become one, and ends that are not known are open', () => {
	expect([...unionOfSpans([10, 20, 20, 30, 40, 50, 45, 48])]).toEqual([10, 30, 40, 50]);
	expect([...unionOfSpans([5, Number.NaN])]).toEqual([5, Number.POSITIVE_INFINITY]);
});

test('an interval that ends before it starts, or starts at no time, holds nothing', () => {
	expect([...unionOfSpans([20, 10, 7, 7, Number.NaN, 9])]).toEqual([]);
});

test('the start belongs to an interval, the end does not', () => {
	const spans = unionOfSpans([10, 20]);
	expect([9, 10, 19, 20].map((instant) => covers(spans, instant))).toEqual([false, true, true, false]);
	expect(covers(spans, Number.NaN)).toBe(false);
});

test('two instants are covered together only by one interval', () => {
	const spans = unionOfSpans([0, 10, 20, 30]);
	expect(coversAll(spans, 2, 9)).toBe(true);
	expect(coversAll(spans, 2, 20)).toBe(false);
	expect(coversAll(spans, 9, 2)).toBe(false);
});

const bounds = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 0, max: 60 })), { maxLength: 12 });
const holds = (pairs: readonly (readonly [number, number])[], at: number): boolean => pairs.some(([from, to]) => from <= at && at < to);

test('union and intersection say of every instant what the single intervals say', () => {
	fc.assert(
		fc.property(bounds, bounds, fc.integer({ min: -1, max: 61 }), (a, b, at) => {
			const [left, right] = [unionOfSpans(a.flat()), unionOfSpans(b.flat())];
			expect(covers(left, at)).toBe(holds(a, at));
			expect(covers(commonSpans(left, right), at)).toBe(holds(a, at) && holds(b, at));
		}),
	);
});

test('intervals of a union are disjoint, apart and ascending', () => {
	fc.assert(
		fc.property(bounds, (pairs) => {
			const spans = [...unionOfSpans(pairs.flat())];
			expect(spans.every((bound, at) => at === 0 || bound > (spans[at - 1] as number))).toBe(true);
		}),
	);
});
