/** Numbers, money and times as people read them: by locale, with currency codes and zones. Exports use ISO forms instead. */
import { currencyExponent } from '#kernel';

const MINUS = '−';
const counts = new Intl.NumberFormat();
const separators = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1 }).formatToParts(12_345.6);
const GROUP = separators.find(({ type }) => type === 'group')?.value ?? '';
const POINT = separators.find(({ type }) => type === 'decimal')?.value ?? '.';

/** 48 211 as the locale groups it. */
export const formatCount = (count: number | bigint): string => counts.format(count).replace('-', MINUS);

/** Minor units as an amount in the currency's own decimals, without its code. Exact: no float in between. */
export function formatMinor(minor: bigint, currency: string): string {
	const exponent = currencyExponent(currency);
	const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0');
	const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, GROUP);
	return `${minor < 0n ? MINUS : ''}${whole}${exponent > 0 ? POINT + digits.slice(-exponent) : ''}`;
}

const instants = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const zoned = new Intl.DateTimeFormat(undefined, {
	year: 'numeric',
	month: '2-digit',
	day: '2-digit',
	hour: '2-digit',
	minute: '2-digit',
	timeZoneName: 'short',
});
const dates = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: '2-digit', day: '2-digit' });
const times = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' });

/** Local date and time with its zone. */
export const formatInstantLocal = (at: string | number): string => zoned.format(new Date(at));

/** The local date of an instant, where there is no room for its time. */
export const formatDateLocal = (at: string | number): string => dates.format(new Date(at));

/** Hours and minutes, where the day is known. */
export const formatTimeLocal = (at: string | number): string => times.format(new Date(at));

/** With seconds, for logs. */
export const formatInstantExact = (at: string | number): string => instants.format(new Date(at));

/** A calendar day, which has no zone: `YYYY-MM-DD` or days since 1970. */
export const formatDayLocal = (day: string | number): string => days.format(new Date(typeof day === 'number' ? day * 86_400_000 : day));

const UNITS = [
	[86_400_000, 'd'],
	[3_600_000, 'h'],
	[60_000, 'min'],
	[1000, 's'],
] as const;

/** The two largest units of a span: "2 d 4 h"; "0 s" for nothing. */
export function formatDuration(ms: number): string {
	const sign = ms < 0 ? MINUS : '';
	let rest = Math.abs(ms);
	const parts: string[] = [];
	for (const [size, unit] of UNITS) {
		const count = Math.floor(rest / size);
		if (count > 0) parts.push(`${formatCount(count)} ${unit}`);
		else if (parts.length > 0) break;
		rest -= count * size;
		if (parts.length === 2) break;
	}
	return sign + (parts.length > 0 ? parts.join(' ') : '0 s');
}

/** A span of a machine: milliseconds below ten seconds, the two largest units from there. */
export const formatSpan = (ms: number): string =>
	Math.abs(ms) < 10_000 ? `${formatCount(Math.round(ms))} ms` : formatDuration(Math.round(ms));

const SIZES = ['B', 'kB', 'MB', 'GB'] as const;

/** Bytes in decimal units with three digits. */
export function formatBytes(bytes: number): string {
	let value = bytes;
	let unit = 0;
	while (value >= 999.5 && unit < SIZES.length - 1) {
		value /= 1000;
		unit++;
	}
	return `${new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 }).format(value)} ${SIZES[unit]}`;
}

/** "1 order", "2 orders". */
export const plural = (count: number, one: string, many = `${one}s`): string => `${formatCount(count)} ${count === 1 ? one : many}`;

/** 9f2c…41be */
export const shortHash = (hash: string): string => (hash.length > 12 ? `${hash.slice(0, 4)}…${hash.slice(-4)}` : hash);
