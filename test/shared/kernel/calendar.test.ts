import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
	addBusinessDays,
	DAY_MS,
	formatDay,
	formatInstant,
	HOUR_MS,
	isBusinessTime,
	isTimeZone,
	isWorkday,
	localTime,
	parseClock,
	parseInstant,
	parseWorkdays,
	type WorkCalendar,
} from '#kernel';

const at = (text: string): number => {
	const instant = parseInstant(text.length === 16 ? `${text}:00.000Z` : text);
	if (!instant.ok) throw new Error(`${text} is no instant`);
	return instant.value;
};
const office = (timezone: string, workdays = 'Mon-Fri'): WorkCalendar => ({
	timezone,
	workdays: parseWorkdays(workdays) ?? [],
	dayStartMinute: 8 * 60,
	dayEndMinute: 18 * 60,
});
const clock = (minute: number) => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const wallClock = (instant: number, zone: string) => {
	const { day, minute } = localTime(instant, zone);
	return `${formatDay(day)} ${clock(minute)}`;
};

describe('local time', () => {
	it.each([
		['2026-03-29T00:59', 'Europe/Berlin', '2026-03-29 01:59'],
		['2026-03-29T01:00', 'Europe/Berlin', '2026-03-29 03:00'],
		['2026-10-25T00:59', 'Europe/Berlin', '2026-10-25 02:59'],
		['2026-10-25T01:00', 'Europe/Berlin', '2026-10-25 02:00'],
		['2026-03-08T06:59', 'America/New_York', '2026-03-08 01:59'],
		['2026-03-08T07:00', 'America/New_York', '2026-03-08 03:00'],
		['2026-04-04T15:00', 'Australia/Lord_Howe', '2026-04-05 01:30'],
		['2026-01-01T00:00', 'Asia/Kathmandu', '2026-01-01 05:45'],
		['2026-12-31T23:59', 'Pacific/Kiritimati', '2027-01-01 13:59'],
		['2026-01-01T03:29', 'America/St_Johns', '2025-12-31 23:59'],
		['2026-06-01T12:00', 'UTC', '2026-06-01 12:00'],
	])('%s UTC in %s is %s', (utc, zone, local) => {
		expect(wallClock(at(utc), zone)).toBe(local);
	});

	it('the period is that of the local date', () => {
		expect(localTime(at('2026-03-31T23:15'), 'Europe/Berlin').period).toBe('2026-04');
		expect(localTime(at('2026-04-01T02:00'), 'America/New_York').period).toBe('2026-03');
	});

	it('weekdays count from Monday, before 1970 as well', () => {
		expect(localTime(at('2026-11-23T12:00'), 'UTC').weekday).toBe(0);
		expect(localTime(at('1969-12-28T12:00'), 'UTC').weekday).toBe(6);
	});

	it('agrees with the engine at any instant since 1973, minute by minute', () => {
		const zones = fc.constantFrom(
			'Europe/Berlin',
			'America/New_York',
			'America/Sao_Paulo',
			'Asia/Kolkata',
			'Australia/Lord_Howe',
			'Asia/Tokyo',
			'Africa/Casablanca',
		);
		const formats = new Map<string, Intl.DateTimeFormat>();
		fc.assert(
			fc.property(fc.integer({ min: Date.UTC(1973, 0), max: Date.UTC(2045, 0) }), zones, (instant, zone) => {
				const options = { timeZone: zone, hourCycle: 'h23', dateStyle: 'short', timeStyle: 'short' } as const;
				const format = formats.get(zone) ?? new Intl.DateTimeFormat('sv-SE', options);
				formats.set(zone, format);
				expect(wallClock(instant, zone)).toBe(format.format(instant));
			}),
			{ numRuns: 2000 },
		);
	});

	it('years that nobody trades in give a time, not a crash', () => {
		expect(localTime(at('0050-06-01T12:00'), 'Europe/Berlin').period).toBe('0050-06');
		expect(localTime(at('9999-06-01T12:00'), 'Asia/Tokyo').period).toBe('9999-06');
	});
});

describe('parsing an entity’s calendar', () => {
	it.each([
		['Mon-Fri', '1111100'],
		['Sun-Thu', '1111001'],
		['Mon,Wed,Fri', '1010100'],
		['Mon - Fri, Sun', '1111101'],
		['Sat', '0000010'],
		['Mon-Sun', '1111111'],
	])('%s', (text, expected) => {
		expect(parseWorkdays(text)?.map(Number).join('')).toBe(expected);
	});

	it.each(['', 'mon-fri', 'Monday', 'Mon-', '-Fri', 'Mon-Wed-Fri', 'Mon,', '1-5'])('%j names no work days', (text) => {
		expect(parseWorkdays(text)).toBeNull();
	});

	it.each([
		['00:00', 0],
		['08:30', 510],
		['23:59', 1439],
		['24:00', 1440],
	])('%s is minute %d', (text, minute) => {
		expect(parseClock(text)).toBe(minute);
	});

	it.each(['', '8:00', '24:01', '25:00', '12:60', '12:00:00', '-1:00', '12.00'])('%j is no time of day', (text) => {
		expect(parseClock(text)).toBeNull();
	});

	it('a zone is known or not', () => {
		expect(['Europe/Berlin', 'UTC', 'America/Argentina/Ushuaia'].map(isTimeZone)).toEqual([true, true, true]);
		expect(['', 'Mars/Olympus', 'Europe/Berlin '].map(isTimeZone)).toEqual([false, false, false]);
	});
});

describe('business time', () => {
	const berlin = office('Europe/Berlin');

	it.each([
		['2026-03-27T06:59', false, 'a minute before opening in winter'],
		['2026-03-27T07:00', true, 'opening in winter'],
		['2026-03-27T16:59', true, 'the last minute'],
		['2026-03-27T17:00', false, 'closing time'],
		['2026-03-28T10:00', false, 'Saturday'],
		['2026-03-30T06:00', true, 'opening in summer'],
		['2026-03-30T16:00', false, 'closing time in summer'],
	])('%s: %s (%s)', (instant, expected) => {
		expect(isBusinessTime(at(instant), berlin)).toBe(expected);
	});

	it.each([
		['2026-11-23T22:00', true, 'Monday night'],
		['2026-11-23T21:59', false, 'before it'],
		['2026-11-28T05:59', true, 'what is left of Friday night'],
		['2026-11-28T06:00', false, 'after it'],
		['2026-11-28T22:00', false, 'Saturday night'],
		['2026-11-23T03:00', false, 'what would be left of Sunday night'],
	])('%s: %s (%s) where hours run over midnight', (instant, expected) => {
		expect(isBusinessTime(at(instant), { ...office('UTC'), dayStartMinute: 22 * 60, dayEndMinute: 6 * 60 })).toBe(expected);
	});

	it('hours that end when they start are the whole day', () => {
		const always = { ...office('UTC'), dayStartMinute: 0, dayEndMinute: 0 };
		expect(isBusinessTime(at('2026-11-27T23:59'), always)).toBe(true);
		expect(isBusinessTime(at('2026-11-28T00:00'), always)).toBe(false);
	});

	it('work days are those of the local date', () => {
		const { day } = localTime(at('2026-11-22T23:30'), 'Europe/Berlin');
		expect(isWorkday(day, berlin)).toBe(true);
		expect(isWorkday(day - 1, berlin)).toBe(false);
	});
});

describe('business days', () => {
	it.each([
		['UTC', 'Mon-Fri', '2026-11-23T10:00', 1, '2026-11-24T10:00'],
		['UTC', 'Mon-Fri', '2026-11-27T10:00', 1, '2026-11-30T10:00'],
		['UTC', 'Mon-Fri', '2026-11-23T10:00', 5, '2026-11-30T10:00'],
		['UTC', 'Mon-Fri', '2026-11-28T10:00', 1, '2026-11-30T10:00'],
		['UTC', 'Mon-Fri', '2026-11-28T10:00', 5, '2026-12-04T10:00'],
		['UTC', 'Mon-Fri', '2026-11-23T10:00', 0, '2026-11-23T10:00'],
		['UTC', 'Sun-Thu', '2026-11-26T10:00', 1, '2026-11-29T10:00'],
		['UTC', 'Wed', '2026-11-25T10:00', 2, '2026-12-09T10:00'],
		['America/New_York', 'Mon-Fri', '2026-03-06T15:00', 1, '2026-03-09T14:00'],
		['America/New_York', 'Mon-Fri', '2026-10-30T15:00', 1, '2026-11-02T16:00'],
		['Asia/Tokyo', 'Mon-Fri', '2026-11-26T20:00', 1, '2026-11-29T20:00'],
	])('%s %s: from %s, %d on is %s', (zone, workdays, from, days, to) => {
		expect(formatInstant(addBusinessDays(at(from), days, office(zone, workdays)))).toBe(`${to}:00.000Z`);
	});

	it('a wall-clock time that the clock change skips moves on by the gap', () => {
		// 02:30 does not exist on 8 March 2026 in New York.
		const skipped = addBusinessDays(at('2026-03-07T07:30'), 1, office('America/New_York', 'Mon-Sun'));
		expect(wallClock(skipped, 'America/New_York')).toBe('2026-03-08 03:30');
	});

	it('a wall-clock time that occurs twice is the first of them', () => {
		const twice = addBusinessDays(at('2026-10-31T05:30'), 1, office('America/New_York', 'Mon-Sun'));
		expect(formatInstant(twice)).toBe('2026-11-01T05:30:00.000Z');
	});

	it('without any work day there is no such day', () => {
		expect(addBusinessDays(0, 1, { ...office('UTC'), workdays: new Array<boolean>(7).fill(false) })).toBe(Number.POSITIVE_INFINITY);
	});

	it('a million days are found at once', () => {
		const step = addBusinessDays(0, 1_000_000, office('UTC'));
		expect(step).toBe(200_000 * 7 * DAY_MS);
	});

	const calendars = fc.record({
		workdays: fc.array(fc.boolean(), { minLength: 7, maxLength: 7 }).filter((days) => days.includes(true)),
		timezone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
	});
	const instants = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2030, 0) });

	it('lands on a work day, at the same wall clock but for the hour of a clock change, with exactly n work days passed', () => {
		fc.assert(
			fc.property(calendars, instants, fc.integer({ min: 1, max: 40 }), (days, from, count) => {
				const calendar = { ...office('UTC'), ...days };
				const to = addBusinessDays(from, count, calendar);
				const start = localTime(from, calendar.timezone);
				const end = localTime(to, calendar.timezone);
				let passed = 0;
				for (let day = start.day + 1; day <= end.day; day++) if (isWorkday(day, calendar)) passed++;
				expect(isWorkday(end.day, calendar)).toBe(true);
				expect(passed).toBe(count);
				expect([0, 60]).toContain(end.minute - start.minute);
				expect(Math.abs(to - from - (end.day - start.day) * DAY_MS)).toBeLessThanOrEqual(HOUR_MS);
			}),
			{ numRuns: 500 },
		);
	});
});
