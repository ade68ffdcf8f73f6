/** Names and strings of PDF (ISO 32000-1 §7.3.4, §7.3.5): the tokens that have more than one spelling. */
import { CLASS } from './pdfSyntaxBytes.ts';
import type { PdfString } from './pdfSyntaxValue.ts';

/** Where a token is read: the bytes, the place in them, which moves, and the way to stop. */
interface PdfPlace {
	readonly bytes: Uint8Array;
	/** Bad escapes are refused. */
	readonly strict: boolean;
	at: number;
	fail(message: string, at?: number): never;
}

const MAX_NAME = 1024;
const MAX_STRING = 4 * 1024 * 1024;

const hexDigit = (byte: number): number =>
	byte >= 0x30 && byte <= 0x39 ? byte - 0x30 : byte >= 0x61 && byte <= 0x66 ? byte - 0x57 : byte >= 0x41 && byte <= 0x46 ? byte - 0x37 : -1;

/** The name at the place, its `#` escapes decoded; moves behind it. */
export function readName(place: PdfPlace): string {
	const start = place.at++;
	let name = '';
	for (let byte = place.bytes[place.at]; byte !== undefined && CLASS[byte] === 0; byte = place.bytes[place.at]) {
		place.at++;
		if (byte === 0x23) {
			const high = hexDigit(place.bytes[place.at] ?? 0);
			const low = hexDigit(place.bytes[place.at + 1] ?? 0);
			if (high >= 0 && low >= 0) {
				byte = high * 16 + low;
				place.at += 2;
			} else if (place.strict) place.fail('bad escape in a name');
		}
		name += String.fromCharCode(byte);
		if (name.length > MAX_NAME) place.fail('name too long', start);
	}
	return name;
}

/** The hex string at the place. White space is skipped; an odd last digit stands for itself and a zero. */
export function readHex(place: PdfPlace): PdfString {
	const start = place.at++;
	const bytes: number[] = [];
	let high = -1;
	for (; ; place.at++) {
		const byte = place.bytes[place.at];
		if (byte === undefined) place.fail('unexpected end of file');
		if (byte === 0x3e) break;
		const digit = hexDigit(byte);
		if (digit < 0) {
			if (CLASS[byte] !== 1) place.fail('not a hex digit');
		} else if (high < 0) high = digit;
		else {
			bytes.push(high * 16 + digit);
			high = -1;
		}
		if (bytes.length > MAX_STRING) place.fail('string too long', start);
	}
	if (high >= 0) bytes.push(high * 16);
	place.at++;
	return { kind: 'string', bytes: Uint8Array.from(bytes), hex: true, start, end: place.at };
}

/** The literal string at the place, its escapes decoded. */
export function readLiteral(place: PdfPlace): PdfString {
	const start = place.at++;
	const bytes: number[] = [];
	for (let open = 1; ; ) {
		const byte = place.bytes[place.at++];
		if (byte === undefined) place.fail('unexpected end of file');
		if (byte === 0x5c) readEscape(place, bytes);
		else {
			if (byte === 0x28) open++;
			if (byte === 0x29 && --open === 0) break;
			bytes.push(byte);
		}
		if (bytes.length > MAX_STRING) place.fail('string too long', start);
	}
	return { kind: 'string', bytes: Uint8Array.from(bytes), hex: false, start, end: place.at };
}

/** What follows a backslash (ISO 32000-1 table 3). */
function readEscape(place: PdfPlace, bytes: number[]): void {
	const byte = place.bytes[place.at++];
	if (byte === undefined) place.fail('unexpected end of file');
	const plain = 'nrtbf'.indexOf(String.fromCharCode(byte));
	if (plain >= 0) bytes.push([10, 13, 9, 8, 12][plain] as number);
	else if (byte >= 0x30 && byte <= 0x37) {
		let code = byte - 0x30;
		for (let i = 0; i < 2; i++) {
			const next = place.bytes[place.at];
			if (next === undefined || next < 0x30 || next > 0x37) break;
			code = code * 8 + next - 0x30;
			place.at++;
		}
		bytes.push(code & 0xff);
	} else if (byte === 13) {
		if (place.bytes[place.at] === 10) place.at++;
	} else if (byte !== 10) bytes.push(byte);
}
