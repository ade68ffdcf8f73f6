/**
 * Days, months and instants of the made-up year. Everything the company does happens Monday to Friday in a window of
 * seven hours that lies inside the business hours of its entity in summer and winter, and inside one calendar day of
 * UTC and of every zone used: so that "the period of an instant" has one answer, whichever zone a reader takes.
 */
import { DAY_MS, formatDay, MINUTE_MS } from '#kernel';

/** Days since 1970-01-01 of a calendar date. */
export const dayOf = (year: number, month: number, date: number): number => Date.UTC(year, month - 1, date) / DAY_MS;

export const FIRST_DAY = dayOf(2026, 1, 5);
/** The last day on which an order of the ordinary kind may come in, so that it is closed before the as-of instant. */
export const LAST_ORDER_DAY = dayOf(2026, 12, 31);
export const AS_OF = dayOf(2027, 1, 15) * DAY_MS;
export const LAST_DAY = dayOf(2027, 1, 14);

/** The periods of the drop: the year 2026, closed, and January 2027, open at the as-of instant. */
export const PERIODS: readonly string[] = [
	...Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}`),
	'2027-01',
];

/** Monday = 0. */
const weekday = (day: number): number => (day + 3) % 7;
export const isWeekend = (day: number): boolean => weekday(day) > 4;

/** The `count`th business day after `day`; 0 gives `day` itself or, on a weekend, the Monday after. */
export function businessDay(day: number, count: number): number {
	let at = day;
	while (isWeekend(at)) at++;
	for (let left = count; left > 0; left--) {
		at++;
		while (isWeekend(at)) at++;
	}
	return at;
}

interface MonthOfDay {
	readonly period: string;
	readonly first: number;
	readonly last: number;
}

const months = new Map<number, MonthOfDay>();

/** The month a day lies in, with its first and last day. */
export function monthOf(day: number): MonthOfDay {
	let month = months.get(day);
	if (!month) {
		const date = new Date(day * DAY_MS);
		const year = date.getUTCFullYear();
		const index = date.getUTCMonth();
		month = { period: formatDay(day).slice(0, 7), first: dayOf(year, index + 1, 1), last: dayOf(year, index + 2, 1) - 1 };
		months.set(day, month);
	}
	return month;
}

/** Days at the end of a month in which nothing is shipped or delivered: the company takes stock. */
export const STOCK_TAKING_DAYS = 5;

/**
 * The first day from `day` on which something that takes `span` calendar days can start, so that all of it lies in one
 * month and before the stock-taking at its end: `day` itself or the first business day of the next month.
 */
export function startWithinMonth(day: number, span: number): number {
	const { last } = monthOf(day);
	return day + span <= last - STOCK_TAKING_DAYS ? day : businessDay(last + 1, 0);
}

/** The instant `minute` minutes into the work window that opens at `openMinute` (UTC) of a day. */
export const instantAt = (day: number, openMinute: number, minute: number): number => day * DAY_MS + (openMinute + minute) * MINUTE_MS;

export const dayOfInstant = (instant: number): number => Math.floor(instant / DAY_MS);
export const periodOfInstant = (instant: number): string => monthOf(dayOfInstant(instant)).period;
export const periodIndex = (period: string): number => PERIODS.indexOf(period);

const dayTexts = new Map<number, string>();

/** `YYYY-MM-DD` of an instant, in UTC. */
export function dateText(instant: number): string {
	const day = dayOfInstant(instant);
	let text = dayTexts.get(day);
	if (text === undefined) {
		text = formatDay(day);
		dayTexts.set(day, text);
	}
	return text;
}

const TWO = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));

/** As the kernel's `formatInstant`, some times faster: the generator writes tens of millions of them. */
export function timeText(instant: number): string {
	const ms = instant - dayOfInstant(instant) * DAY_MS;
	const hours = Math.floor(ms / 3_600_000);
	const minutes = Math.floor(ms / 60_000) % 60;
	const seconds = Math.floor(ms / 1000) % 60;
	return `${dateText(instant)}T${TWO[hours]}:${TWO[minutes]}:${TWO[seconds]}.${String(ms % 1000).padStart(3, '0')}Z`;
}
