/** An entity's working calendar: its zone, work days and hours. Local time comes from the IANA zone rules of the engine. */
import { DAY_MS, type Instant } from './instant.ts';

export interface WorkCalendar {
	readonly timezone: string;
	/** Indexed by ISO week day, Monday = 0. */
	readonly workdays: readonly boolean[];
	/** Minutes after local midnight. */
	readonly dayStartMinute: number;
	readonly dayEndMinute: number;
}

export interface LocalTime {
	/** Days since 1970-01-01 of the local calendar date. */
	readonly day: number;
	readonly minute: number;
	/** Monday = 0. */
	readonly weekday: number;
	/** `YYYY-MM` of the local date. */
	readonly period: string;
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Parses `Mon-Fri`, `Sun-Thu` or `Mon,Wed,Fri`; null if it is neither. */
export function parseWorkdays(text: string): boolean[] | null {
	const days = new Array<boolean>(7).fill(false);
	for (const part of text.split(',')) {
		const [from = '', to = from, ...more] = part.trim().split('-');
		const first = WEEKDAYS.indexOf(from.trim());
		const last = WEEKDAYS.indexOf(to.trim());
		if (first < 0 || last < 0 || more.length > 0) return null;
		for (let day = first; ; day = (day + 1) % 7) {
			days[day] = true;
			if (day === last) break;
		}
	}
	return days;
}

/** Minutes after midnight of `HH:MM`; null if it is none. `24:00` is the end of the day. */
export function parseClock(text: string): number | null {
	const match = /^(\d\d):(\d\d)$/.exec(text);
	if (!match) return null;
	const minutes = Number(match[1]) * 60 + Number(match[2]);
	return Number(match[2]) < 60 && minutes <= 1440 ? minutes : null;
}

export const isTimeZone = (zone: string): boolean => {
	try {
		new Intl.DateTimeFormat('en-US', { timeZone: zone });
		return true;
	} catch {
		return false;
	}
};

const QUARTER_MS = 900_000;
const QUARTERS_A_DAY = DAY_MS / QUARTER_MS;
const CACHED_OFFSETS_MAX = 100_000;

interface ZoneOffsets {
	readonly format: Intl.DateTimeFormat;
	/** Offset in ms by quarter hour since 1970. */
	readonly quarters: Map<number, number>;
	/** Offset in ms by UTC day since 1970, of the days on which it does not change; NaN for the others. */
	readonly days: Map<number, number>;
}

const zones = new Map<string, ZoneOffsets>();

function offsetsOf(zone: string): ZoneOffsets {
	let offsets = zones.get(zone);
	if (!offsets) {
		const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
		offsets = { format, quarters: new Map(), days: new Map() };
		zones.set(zone, offsets);
	}
	return offsets;
}

/**
 * Milliseconds that the wall clock of `zone` is ahead of UTC. Zones have changed their offset at whole quarter hours of UTC only
 * (since 1973), and hardly ever twice a day, so one look-up mostly serves a whole day. The caches are bounded.
 */
function offsetMs(instant: number, zone: string): number {
	const offsets = offsetsOf(zone);
	const day = Math.floor(instant / DAY_MS);
	let offset = offsets.days.get(day);
	if (offset === undefined) {
		const first = quarterOffset(day * QUARTERS_A_DAY, offsets);
		offset = first === quarterOffset((day + 1) * QUARTERS_A_DAY, offsets) ? first : Number.NaN;
		if (offsets.days.size >= CACHED_OFFSETS_MAX) offsets.days.clear();
		offsets.days.set(day, offset);
	}
	return Number.isNaN(offset) ? quarterOffset(Math.floor(instant / QUARTER_MS), offsets) : offset;
}

function quarterOffset(quarter: number, { format, quarters }: ZoneOffsets): number {
	let offset = quarters.get(quarter);
	if (offset === undefined) {
		const name = format.formatToParts(quarter * QUARTER_MS).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
		const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(name) ?? [];
		const magnitude = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
		offset = sign === '-' ? -magnitude : magnitude;
		if (quarters.size >= CACHED_OFFSETS_MAX) quarters.clear();
		quarters.set(quarter, offset);
	}
	return offset;
}

/** The wall clock of `zone` at an instant. `zone` must be a known IANA zone. */
export function localTime(instant: Instant | number, zone: string): LocalTime {
	const local = instant + offsetMs(instant, zone);
	const day = Math.floor(local / DAY_MS);
	return {
		day,
		minute: Math.floor((local - day * DAY_MS) / 60_000),
		weekday: (((day + 3) % 7) + 7) % 7,
		period: new Date(local).toISOString().slice(0, 7),
	};
}

export const isWorkday = (day: number, calendar: WorkCalendar): boolean => calendar.workdays[(((day + 3) % 7) + 7) % 7] === true;

/**
 * Whether an instant lies inside the calendar's work days and hours [start, end). Hours that end no later than they start run over
 * midnight and belong to the day they start on.
 */
export function isBusinessTime(instant: number, calendar: WorkCalendar): boolean {
	const { day, minute } = localTime(instant, calendar.timezone);
	const { dayStartMinute: start, dayEndMinute: end } = calendar;
	if (start < end) return isWorkday(day, calendar) && minute >= start && minute < end;
	return minute >= start ? isWorkday(day, calendar) : minute < end && isWorkday(day - 1, calendar);
}

/**
 * The instant `days` business days after `from`: the same wall-clock time on the nth work day after the local day of `from`, so
 * that from a Saturday one business day leads to Monday. No public holidays: the entity table has none.
 * @param days rounded up to whole days; none or fewer give `from` itself
 * @returns infinity where the calendar has no work day at all
 */
export function addBusinessDays(from: number, days: number, calendar: WorkCalendar): number {
	const perWeek = calendar.workdays.filter(Boolean).length;
	if (perWeek === 0) return Number.POSITIVE_INFINITY;
	if (days <= 0) return from;
	const startDay = localTime(from, calendar.timezone).day;
	const wholeWeeks = Math.floor((Math.ceil(days) - 1) / perWeek);
	let day = startDay + 7 * wholeWeeks;
	for (let left = Math.ceil(days) - wholeWeeks * perWeek; left > 0; ) {
		day++;
		if (isWorkday(day, calendar)) left--;
	}
	return sameWallClock(from, day - startDay, calendar.timezone);
}

/** The instant whose wall clock is that of `from`, `days` calendar days on. A time that a clock change skips moves on by the gap. */
function sameWallClock(from: number, days: number, zone: string): number {
	const before = offsetMs(from, zone);
	const naive = from + days * DAY_MS;
	const after = offsetMs(naive, zone);
	const shifted = naive + before - after;
	return offsetMs(shifted, zone) === after ? shifted : Math.max(naive, shifted);
}
