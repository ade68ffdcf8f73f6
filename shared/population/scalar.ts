/** Values parsed straight from the bytes of a canonical line, without making a string of them. */
import { DAY_MS } from '#kernel';

const ZERO = 48;
const MINUS = 45;

const digit = (bytes: Uint8Array, at: number): number => {
	const value = (bytes[at] as number) - ZERO;
	return value >= 0 && value <= 9 ? value : Number.NaN;
};

const twoDigits = (bytes: Uint8Array, at: number): number => digit(bytes, at) * 10 + digit(bytes, at + 1);

const DAYS_IN_MONTH = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** Days since 1970-01-01 of a `YYYY-MM-DD` that starts at `at`; NaN if there is no such day. Proleptic Gregorian. */
export function dayAt(bytes: Uint8Array, at: number): number {
	const year = twoDigits(bytes, at) * 100 + twoDigits(bytes, at + 2);
	const month = twoDigits(bytes, at + 5);
	const day = twoDigits(bytes, at + 8);
	if (bytes[at + 4] !== MINUS || bytes[at + 7] !== MINUS || !(month >= 1 && month <= 12) || !(day >= 1)) return Number.NaN;
	const last = month === 2 && isLeap(year) ? 29 : (DAYS_IN_MONTH[month - 1] as number);
	if (day > last || Number.isNaN(year)) return Number.NaN;
	const shifted = month <= 2 ? year - 1 : year;
	const era = Math.floor(shifted / 400);
	const yearOfEra = shifted - era * 400;
	const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
	return era * 146097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719468;
}

const T = 84;
const Z = 90;
const COLON = 58;
const DOT = 46;

/** Epoch milliseconds of `YYYY-MM-DDTHH:MM:SS.mmmZ` in [at, to); NaN if it is none. */
export function instantAt(bytes: Uint8Array, at: number, to: number): number {
	if (to - at !== 24 || bytes[at + 10] !== T || bytes[at + 13] !== COLON || bytes[at + 16] !== COLON) return Number.NaN;
	if (bytes[at + 19] !== DOT || bytes[at + 23] !== Z) return Number.NaN;
	const hour = twoDigits(bytes, at + 11);
	const minute = twoDigits(bytes, at + 14);
	const second = twoDigits(bytes, at + 17);
	if (!(hour < 24 && minute < 60 && second < 60)) return Number.NaN;
	const milli = twoDigits(bytes, at + 20) * 10 + digit(bytes, at + 22);
	return dayAt(bytes, at) * DAY_MS + ((hour * 60 + minute) * 60 + second) * 1000 + milli;
}

/** A JSON integer without fraction, exponent, leading zero or minus zero in [at, to), if it is a safe one; else NaN. */
export function integerAt(bytes: Uint8Array, at: number, to: number): number {
	let i = at;
	const negative = bytes[i] === MINUS;
	if (negative) i++;
	const digits = to - i;
	if (digits < 1 || digits > 16 || (bytes[i] === ZERO && (digits > 1 || negative))) return Number.NaN;
	let value = 0;
	for (; i < to; i++) value = value * 10 + digit(bytes, i);
	return value <= Number.MAX_SAFE_INTEGER ? (negative ? -value : value) : Number.NaN;
}

/**
 * Millionths of a decimal string in [at, to): "1.5" is 1_500_000n; null if it is none or does not fit 64 bits.
 * Accepts what `parseQuantity` accepts and nothing else.
 */
export function quantityAt(bytes: Uint8Array, at: number, to: number): bigint | null {
	let i = at;
	const negative = bytes[i] === MINUS;
	if (negative) i++;
	const wholeFrom = i;
	let value = 0;
	while (i < to && bytes[i] !== DOT) value = value * 10 + digit(bytes, i++);
	const wholeDigits = i - wholeFrom;
	if (wholeDigits < 1 || wholeDigits > 12 || (wholeDigits > 1 && bytes[wholeFrom] === ZERO) || Number.isNaN(value)) return null;
	let decimals = 0;
	let fraction = 0;
	if (i < to) {
		for (i++; i < to; i++, decimals++) fraction = fraction * 10 + digit(bytes, i);
		if (decimals < 1 || decimals > 6 || Number.isNaN(fraction)) return null;
	}
	for (let k = decimals; k < 6; k++) fraction *= 10;
	const millionths = value < 9_000_000_000 ? BigInt(value * 1_000_000 + fraction) : BigInt(value) * 1_000_000n + BigInt(fraction);
	return negative ? -millionths : millionths;
}
