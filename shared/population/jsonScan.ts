/** Finds the ends of JSON values in bytes, without judging what they hold. */

export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const OPEN_BRACE = 123;
export const CLOSE_BRACE = 125;

const BACKSLASH = 92;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const MAX_DEPTH = 32;

/** The position of the quote that closes the string opened at `at`; -1 if none before `to`. */
export function stringEnd(bytes: Uint8Array, at: number, to: number): number {
	for (let i = at + 1; i < to; i++) {
		const byte = bytes[i];
		if (byte === QUOTE) return i;
		if (byte === BACKSLASH) i++;
	}
	return -1;
}

/**
 * The position behind the value that starts at `at`; -1 if it does not end before `to` or nests deeper than 32.
 * Literals and numbers run to the next comma or closing bracket; whether they are well formed is the reader's business.
 */
export function skipValue(bytes: Uint8Array, at: number, to: number): number {
	const first = bytes[at];
	if (first === QUOTE) {
		const end = stringEnd(bytes, at, to);
		return end < 0 ? -1 : end + 1;
	}
	if (first === OPEN_BRACE || first === OPEN_BRACKET) return skipNested(bytes, at, to);
	let i = at;
	while (i < to && bytes[i] !== COMMA && bytes[i] !== CLOSE_BRACE && bytes[i] !== CLOSE_BRACKET) i++;
	return i > at && i < to && isLiteral(bytes, at, i) ? i : -1;
}

function skipNested(bytes: Uint8Array, at: number, to: number): number {
	let depth = 0;
	for (let i = at; i < to; i++) {
		const byte = bytes[i];
		if (byte === QUOTE) {
			i = stringEnd(bytes, i, to);
			if (i < 0) return -1;
		} else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
			if (++depth > MAX_DEPTH) return -1;
		} else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
			if (--depth === 0) return i + 1;
		}
	}
	return -1;
}

const LITERALS: readonly (readonly number[])[] = ['true', 'false', 'null'].map((word) => [...word].map((char) => char.charCodeAt(0)));

/** Whether [from, to) is true, false, null or looks like a number. */
function isLiteral(bytes: Uint8Array, from: number, to: number): boolean {
	const first = bytes[from] as number;
	if (first === 45 || (first >= 48 && first <= 57)) return true;
	return LITERALS.some((word) => word.length === to - from && word.every((byte, i) => bytes[from + i] === byte));
}

/** The top-level keys of a JSON object in order of appearance, white space allowed; null if it is no object. */
export function topLevelKeys(bytes: Uint8Array, from: number, to: number): string[] | null {
	const keys: string[] = [];
	let depth = 0;
	let isKey = false;
	for (let i = from; i < to; i++) {
		const byte = bytes[i];
		if (byte === QUOTE) {
			const end = stringEnd(bytes, i, to);
			if (end < 0) return null;
			if (depth === 1 && isKey) keys.push(String.fromCharCode(...bytes.subarray(i + 1, Math.min(end, i + 1001))));
			isKey = false;
			i = end;
		} else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
			depth++;
			isKey = depth === 1 && byte === OPEN_BRACE;
		} else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) depth--;
		else if (byte === COMMA && depth === 1) isKey = true;
	}
	return keys;
}
