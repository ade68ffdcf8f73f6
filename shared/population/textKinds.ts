/** Whether bytes are a text of a column's type: what a currency code, a period, a hash and a decimal look like. */
import type { ColumnType } from '#model';

const ZERO = 48;
const NINE = 57;
const MINUS = 45;
const DOT = 46;
const HASH_DIGITS = 64;
const MAX_DIGITS = 30;

const IS_HEX_DIGIT = Uint8Array.from({ length: 256 }, (_, byte) => ((byte >= ZERO && byte <= NINE) || (byte >= 97 && byte <= 102) ? 1 : 0));

export function isOfKind(type: ColumnType, bytes: Uint8Array, from: number, to: number): boolean {
	switch (type) {
		case 'id':
		case 'label':
			return to > from;
		case 'cur':
			return to - from === 3 && isLetter(bytes[from]) && isLetter(bytes[from + 1]) && isLetter(bytes[from + 2]);
		case 'period':
			return isPeriod(bytes, from, to);
		case 'sha':
			return to - from === HASH_DIGITS && isHash(bytes, from);
		case 'decimal':
			return isDecimal(bytes, from, to);
		default:
			return true;
	}
}

const isLetter = (byte: number | undefined): boolean => byte !== undefined && byte >= 65 && byte <= 90;

/** `YYYY-MM` */
function isPeriod(bytes: Uint8Array, from: number, to: number): boolean {
	if (to - from !== 7 || bytes[from + 4] !== MINUS || digitsEnd(bytes, from, to) !== from + 4) return false;
	if (digitsEnd(bytes, from + 5, to) !== to) return false;
	const month = ((bytes[from + 5] as number) - ZERO) * 10 + (bytes[from + 6] as number) - ZERO;
	return month >= 1 && month <= 12;
}

/** Whether 64 lower-case hex digits stand at `from`. */
export function isHash(bytes: Uint8Array, from: number): boolean {
	let good = 1;
	for (let i = from, end = from + HASH_DIGITS; i < end; i++) good &= IS_HEX_DIGIT[bytes[i] as number] as number;
	return good === 1;
}

/** `-?digits(.digits)?`, at most thirty on either side. */
function isDecimal(bytes: Uint8Array, from: number, to: number): boolean {
	const start = bytes[from] === MINUS ? from + 1 : from;
	const whole = digitsEnd(bytes, start, to);
	if (whole === start || whole - start > MAX_DIGITS) return false;
	if (whole === to) return true;
	const end = digitsEnd(bytes, whole + 1, to);
	return bytes[whole] === DOT && end === to && end > whole + 1 && end - whole - 1 <= MAX_DIGITS;
}

/** The position behind the digits at `at`. */
function digitsEnd(bytes: Uint8Array, at: number, to: number): number {
	let end = at;
	while (end < to && (bytes[end] as number) >= ZERO && (bytes[end] as number) <= NINE) end++;
	return end;
}
