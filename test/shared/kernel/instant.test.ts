import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DAY_MS, formatDay, formatDuration, formatInstant, HOUR_MS, isPeriod, MINUTE_MS, parseDay, parseInstant } from '#kernel';

const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

describe('instants', () => {
	it.each([
		['1970-01-01T00:00:00.000Z', 0],
		['2026-03-31T23:15:00.000Z', Date.UTC(2026, 2, 31, 23, 15)],
		['2024-02-29T12:00:00.001Z', Date.UTC(2024, 1, 29, 12, 0, 0, 1)],
		['1969-12-31T23:59:59.999Z', -1],
	])('%s is %d ms', (text, ms) => {
		expect(parseInstant(text)).toEqual({ ok: true, value: ms });
	});

	it('every instant of the four-digit years has one text, which reads back', () => {
		fc.assert(
			fc.property(fc.integer({ min: Date.UTC(1000, 0), max: LAST_MS }), (ms) => {
				expect(parseInstant(formatInstant(ms))).toEqual({ ok: true, value: ms });
			}),
		);
	});

	it.each([
		'',
		'2026-03-31',
		'2026-03-31T23:15:00Z',
		'2026-03-31T23:15:00.00Z',
		'2026-03-31T23:15:00.0000Z',
		'2026-03-31T23:15:00.000',
		'2026-03-31T23:15:00.000+00:00',
		'2026-03-31t23:15:00.000z',
		'2026-03-31 23:15:00.000Z',
		'2026-02-30T00:00:00.000Z',
		'2025-02-29T00:00:00.000Z',
		'2026-13-01T00:00:00.000Z',
		'2026-01-01T24:00:00.000Z',
		'2026-01-01T23:60:00.000Z',
		'2026-06-30T23:59:60.000Z',
		'+002026-01-01T00:00:00.000Z',
		'2026-01-01T00:00:00.000Z\n',
	])('%j is not an instant', (text) => {
		expect(parseInstant(text)).toEqual({ ok: false, error: 'not_an_instant' });
	});
});

describe('days and periods', () => {
	it('every day has one text, which reads back', () => {
		fc.assert(
			fc.property(fc.integer({ min: -100_000, max: 2_900_000 }), (day) => {
				expect(parseDay(formatDay(day))).toEqual({ ok: true, value: day });
			}),
		);
		expect(parseDay('1970-01-02')).toEqual({ ok: true, value: 1 });
	});

	it.each(['', '2026-02-30', '2026-00-10', '2026-1-1', '2026-01-01T00:00:00.000Z', '01.01.2026', '2026-01-01 '])(
		'%j is not a date',
		(text) => {
			expect(parseDay(text)).toEqual({ ok: false, error: 'not_a_date' });
		},
	);

	it.each([
		['2026-01', true],
		['2026-12', true],
		['2026-00', false],
		['2026-13', false],
		['2026-1', false],
		['2026-01-01', false],
		['2026-01\n', false],
	])('%j as a period: %s', (text, expected) => {
		expect(isPeriod(text)).toBe(expected);
	});
});

describe('durations for people', () => {
	it.each([
		[0, '0 ms'],
		[999, '999 ms'],
		[1000, '1 s'],
		[90_000, '1 min 30 s'],
		[25 * MINUTE_MS, '25 min'],
		[3 * DAY_MS + 4 * HOUR_MS + 59 * MINUTE_MS, '3 d 4 h'],
		[DAY_MS + MINUTE_MS, '1 d'],
		[-90_000, '-1 min 30 s'],
		[-5, '-5 ms'],
	])('%d ms is %s', (ms, text) => {
		expect(formatDuration(ms)).toBe(text);
	});
});
