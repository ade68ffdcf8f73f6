import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessDay, isWeekend, monthOf, STOCK_TAKING_DAYS, startWithinMonth, timeText } from '#company';
import { formatInstant } from '#kernel';

const DAYS = fc.integer({ min: 20_454, max: 20_850 });

describe('the company’s calendar', () => {
	it('writes instants as the kernel does', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }), (instant) => {
				expect(timeText(instant)).toBe(formatInstant(instant));
			}),
		);
	});

	it('counts business days from Monday to Friday', () => {
		const friday = Date.UTC(2026, 6, 31) / 86_400_000;
		expect(businessDay(friday, 1) - friday).toBe(3);
		expect(businessDay(friday + 1, 0) - friday).toBe(3);
		fc.assert(fc.property(DAYS, fc.nat(9), (day, count) => !isWeekend(businessDay(day, count))));
	});

	it('starts things on a day from which they end in the same month, before the stock-taking', () => {
		fc.assert(
			fc.property(DAYS, fc.nat(20), (day, span) => {
				const start = startWithinMonth(businessDay(day, 0), span);
				expect(start).toBeGreaterThanOrEqual(businessDay(day, 0));
				expect(start + span).toBeLessThanOrEqual(monthOf(start).last - STOCK_TAKING_DAYS);
			}),
		);
	});
});
