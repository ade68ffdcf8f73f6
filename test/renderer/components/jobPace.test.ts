import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paceOf } from '../../../renderer/components/jobPace.ts';

describe('the pace of a job', () => {
	test('nothing is told before it can be told', () => {
		expect(paceOf({ at: 0, done: 0 }, 500, 10, 100)).toBeNull();
		expect(paceOf({ at: 0, done: 10 }, 5000, 10, 100)).toBeNull();
	});

	test('rate and time left follow from what was done since the measurement began', () => {
		expect(paceOf({ at: 0, done: 10 }, 2000, 30, 50)).toEqual({ rate: 10, left: 2000 });
	});

	test('without a total there is a rate and no time left', () => {
		expect(paceOf({ at: 0, done: 0 }, 1000, 5, 0)).toEqual({ rate: 5, left: null });
	});

	test('time left is never below zero', () => {
		fc.assert(
			fc.property(fc.nat(1e6), fc.nat(1e6), fc.integer({ min: 1, max: 1e6 }), (now, done, total) => {
				const pace = paceOf({ at: 0, done: 0 }, now, done, total);
				return pace === null || pace.left === null || pace.left >= 0;
			}),
		);
	});
});
