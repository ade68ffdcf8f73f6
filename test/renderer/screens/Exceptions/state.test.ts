import { describe, expect, it } from 'vitest';
import { minutesLeft, toggled } from '../../../../renderer/screens/Exceptions/state.ts';

describe('triage', () => {
	it('tells the rest of a queue at the pace of this sitting, once there is one', () => {
		const saved = Array.from({ length: 10 }, (_, at) => at * 30_000);
		expect(minutesLeft(saved, 83)).toBe(42);
		expect(minutesLeft(saved.slice(0, 4), 83)).toBeNull();
		expect(minutesLeft(saved, 0)).toBeNull();
		expect(minutesLeft([0, 1, 2, 3, 4, 5], 1)).toBe(1);
	});

	it('takes a condition on and off', () => {
		expect(toggled(undefined, 'T01')).toEqual(['T01']);
		expect(toggled(['T01', 'T02'], 'T01')).toEqual(['T02']);
	});
});
