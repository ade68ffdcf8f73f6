/** Points in time and calendar days, parsed strictly. Nothing here reads a clock. */
import type { Brand } from './brand.ts';
import { err, ok, type Result } from './result.ts';

/** Milliseconds since 1970-01-01T00:00:00Z. */
export type Instant = Brand<number, 'Instant'>;
/** Days since 1970-01-01. */
export type Day = Brand<number, 'Day'>;

export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

const INSTANT = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{3})Z$/;
const DAY = /^(\d{4})-(\d\d)-(\d\d)$/;
const PERIOD = /^\d{4}-(0[1-9]|1[0-2])$/;

/** RFC 3339 in UTC with exactly three decimals: `2026-03-31T23:15:00.000Z`. Days that do not exist are refused. */
export function parseInstant(text: string): Result<Instant, 'not_an_instant'> {
	if (!INSTANT.test(text)) return err('not_an_instant');
	const ms = Date.parse(text);
	return Number.isNaN(ms) || new Date(ms).toISOString() !== text ? err('not_an_instant') : ok(ms as Instant);
}

export const formatInstant = (instant: number): string => new Date(instant).toISOString();

/** `YYYY-MM-DD`; days that do not exist are refused. */
export function parseDay(text: string): Result<Day, 'not_a_date'> {
	if (!DAY.test(text)) return err('not_a_date');
	const ms = Date.parse(`${text}T00:00:00.000Z`);
	return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? err('not_a_date') : ok((ms / DAY_MS) as Day);
}

export const formatDay = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

export const isPeriod = (text: string): boolean => PERIOD.test(text);

/** A duration for people: "3 d 4 h", "25 min", "12 s". Rounded down to the two largest units. */
export function formatDuration(ms: number): string {
	const units: readonly (readonly [string, number])[] = [
		['d', DAY_MS],
		['h', HOUR_MS],
		['min', MINUTE_MS],
		['s', 1000],
	];
	const parts: string[] = [];
	let rest = Math.abs(ms);
	for (const [unit, size] of units) {
		const count = Math.floor(rest / size);
		rest -= count * size;
		if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
		else if (parts.length > 0) break;
	}
	return (ms < 0 ? '-' : '') + (parts.join(' ') || `${Math.abs(ms)} ms`);
}
