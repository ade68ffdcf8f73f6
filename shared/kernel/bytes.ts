/** Text and byte encodings, strict in both directions. No DOM, no Node: only what ECMAScript engines share. */

declare const TextEncoder: { new (): { encode(text: string): Uint8Array<ArrayBuffer> } };
declare const TextDecoder: {
	new (label: string, options: { fatal: boolean; ignoreBOM: boolean }): { decode(bytes: Uint8Array): string };
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 bytes of `text`. Lone surrogates become U+FFFD, so canonical text must be checked before. */
export const utf8 = (text: string): Uint8Array<ArrayBuffer> => encoder.encode(text);

/** Text of strictly valid UTF-8, or null. A byte order mark is kept as a character, never swallowed. */
export function fromUtf8(bytes: Uint8Array): string | null {
	try {
		return decoder.decode(bytes);
	} catch {
		return null;
	}
}

const HEX: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function toHex(bytes: Uint8Array): string {
	let text = '';
	for (const byte of bytes) text += HEX[byte];
	return text;
}

/** Bytes of an even-length hex string, or null. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
	if (text.length % 2 !== 0 || !/^[0-9a-fA-F]*$/.test(text)) return null;
	const bytes = new Uint8Array(text.length / 2);
	for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(text.slice(2 * i, 2 * i + 2), 16);
	return bytes;
}

const STANDARD = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const URL_SAFE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function encode64(bytes: Uint8Array, alphabet: string, pad: boolean): string {
	let text = '';
	for (let i = 0; i < bytes.length; i += 3) {
		const [a = 0, b = 0, c = 0] = bytes.subarray(i, i + 3);
		const group = (a << 16) | (b << 8) | c;
		const rest = bytes.length - i;
		text += alphabet.charAt(group >> 18) + alphabet.charAt((group >> 12) & 63);
		text += rest > 1 ? alphabet.charAt((group >> 6) & 63) : pad ? '=' : '';
		text += rest > 2 ? alphabet.charAt(group & 63) : pad ? '=' : '';
	}
	return text;
}

function decode64(text: string, alphabet: string): Uint8Array<ArrayBuffer> | null {
	if (text.length % 4 === 1) return null;
	const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
	let bits = 0;
	let held = 0;
	let at = 0;
	for (const char of text) {
		const digit = alphabet.indexOf(char);
		if (digit < 0) return null;
		held = ((held << 6) | digit) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes[at++] = (held >> bits) & 0xff;
		}
	}
	// The unused low bits must be zero, or one byte string would have several spellings (RFC 4648 §3.5).
	return (held & ((1 << bits) - 1)) === 0 ? bytes : null;
}

/** RFC 4648 §4, with padding. */
export const toBase64 = (bytes: Uint8Array): string => encode64(bytes, STANDARD, true);
/** RFC 4648 §5, without padding. */
export const toBase64Url = (bytes: Uint8Array): string => encode64(bytes, URL_SAFE, false);

/** Strict inverse of `toBase64`: padding required, no white space, no spare bits; else null. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
	if (text.length % 4 !== 0) return null;
	return decode64(text.replace(/={1,2}$/, ''), STANDARD);
}

/** Strict inverse of `toBase64Url`; else null. */
export const fromBase64Url = (text: string): Uint8Array<ArrayBuffer> | null => decode64(text, URL_SAFE);

export const concatBytes = (...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => joinBytes(parts);

/** The parts one after the other, however many they are. */
export function joinBytes(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

/** Lines without their line feeds; a last one without is a line too. Views of the same bytes. */
export function splitLines(bytes: Uint8Array): Uint8Array[] {
	const lines: Uint8Array[] = [];
	let from = 0;
	for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, from)) {
		lines.push(bytes.subarray(from, at));
		from = at + 1;
	}
	if (from < bytes.length) lines.push(bytes.subarray(from));
	return lines;
}

const LINE_FEED = 10;

export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
	if (a.length !== b.length) return false;
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

/** Orders byte strings as unsigned numbers, shorter first on a common prefix. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
	const shared = Math.min(a.length, b.length);
	for (let i = 0; i < shared; i++) {
		const difference = (a[i] as number) - (b[i] as number);
		if (difference !== 0) return difference;
	}
	return a.length - b.length;
}

/** The one order of texts in this program: by UTF-16 code units, never by locale. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
