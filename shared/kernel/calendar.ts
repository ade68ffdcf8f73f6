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

/** Offsets change at most at whole quarter hours, so one look-up serves 15 minutes: a bounded cache a zone. */
const offsetCaches = new Map<string, { format: Intl.DateTimeFormat; offsets: Map<number, number> }>();
const QUARTER_MS = 900_000;

function offsetMs(instant: number, zone: string): number {
	let cache = offsetCaches.get(zone);
	if (!cache) {
		const format = new Intl.DateTimeFormat('en-US', {
			timeZone: zone,
			hourCycle: 'h23',
			year: 'numeric',
			month: 'numeric',
			day: 'numeric',
			hour: 'numeric',
			minute: 'numeric',
			second: 'numeric',
		});
		cache = { format, offsets: new Map() };
		offsetCaches.set(zone, cache);
	}
	const slot = Math.floor(instant / QUARTER_MS);
	let offset = cache.offsets.get(slot);
	if (offset === undefined) {
		const at = slot * QUARTER_MS;
		const parts: Record<string, number> = {};
		for (const { type, value } of cache.format.formatToParts(at)) parts[type] = Number(value);
		const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
		offset = Date.UTC(year, month - 1, day, hour, minute, second) - at;
		if (cache.offsets.size > 200_000) cache.offsets.clear();
		cache.offsets.set(slot, offset);
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

/** Whether an instant lies inside the calendar's work days and hours [start, end). */
export function isBusinessTime(instant: number, calendar: WorkCalendar): boolean {
	const local = localTime(instant, calendar.timezone);
	return isWorkday(local.day, calendar) && local.minute >= calendar.dayStartMinute && local.minute < calendar.dayEndMinute;
}

/**
 * The instant `days` business days after `from`: the same wall-clock time on the nth following work day.
 * A start on a free day counts from the next work day on. No public holidays: the entity table has none.
 */
export function addBusinessDays(from: number, days: number, calendar: WorkCalendar): number {
	if (!calendar.workdays.includes(true)) return Number.POSITIVE_INFINITY;
	let day = localTime(from, calendar.timezone).day;
	const startDay = day;
	for (let left = days; left > 0; ) {
		day++;
		if (isWorkday(day, calendar)) left--;
	}
	return from + (day - startDay) * DAY_MS;
}
