import { expect, test } from 'vitest';
import { businessMs, staleLimit } from '../../../shared/explore/ordersGaps.ts';

const BERLIN = {
	timezone: 'Europe/Berlin',
	workdays: [true, true, true, true, true, false, false],
	dayStartMinute: 8 * 60,
	dayEndMinute: 18 * 60,
};
const HOUR = 3_600_000;
const at = (text: string): number => Date.parse(text);

test.each([
	['inside one day', '2026-03-04T08:00:00Z', '2026-03-04T10:30:00Z', 2.5],
	['over a night', '2026-03-04T16:00:00Z', '2026-03-05T08:00:00Z', 2],
	['over a weekend', '2026-03-06T16:00:00Z', '2026-03-09T08:00:00Z', 2],
	['within a weekend', '2026-03-07T08:00:00Z', '2026-03-08T20:00:00Z', 0],
	['over the change of clocks', '2026-03-27T16:00:00Z', '2026-03-30T07:00:00Z', 2],
])('business hours %s', (_, from, to, hours) => {
	expect(businessMs(at(from), at(to), BERLIN)).toBe(hours * HOUR);
});

test('a state has its own limit where the parameter names it', () => {
	expect(staleLimit('on_hold', 72, 'backordered=240, on_hold=120')).toBe(120);
	expect(staleLimit('shipped', 72, 'backordered=240, on_hold=120')).toBe(72);
});
