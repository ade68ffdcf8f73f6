/** One line of a sealed table, read without haste: whether it is canonical, why not, and what links it to its order. */
import { canonicalFault, fromUtf8, invariant, type Json, utf8 } from '#kernel';
import type { NotCanonicalWhy } from './logKernelReport.ts';

/** `record` is null where the line could not be read as a JSON object: it is hashed, but belongs to no order. */
export interface SealedLine {
	readonly why: NotCanonicalWhy | null;
	readonly record: Readonly<Record<string, Json>> | null;
}

const MAX_DEPTH = 32;
const unreadable = (why: NotCanonicalWhy): SealedLine => ({ why, record: null });

/**
 * Judges the bytes of one line (without its line feed) against RFC 8785.
 * A record that is JSON but not canonical is still read (last of duplicate keys, as every parser does), so that its order's chain goes on.
 */
export function readSealedLine(bytes: Uint8Array): SealedLine {
	if (bytes.length === 0) return unreadable('blank_line');
	const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
	if (bytes.includes(0)) return unreadable('nul');
	const text = fromUtf8(hasBom ? bytes.subarray(3) : bytes);
	if (text === null) return unreadable('bad_utf8');
	if (isTooDeep(text)) return unreadable('too_deep');
	let value: Json;
	try {
		value = JSON.parse(text) as Json;
	} catch {
		return unreadable(hasBom ? 'bom' : 'not_json');
	}
	const record = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Json>) : null;
	if (hasBom) return { why: 'bom', record };
	if (record === null) return unreadable('not_object');
	return { why: canonicalFault(bytes) === null ? null : firstDeviation(text), record };
}

/** The record of a line that is known to be canonical: nothing is judged again. */
export function readCanonicalLine(bytes: Uint8Array): SealedLine {
	const text = fromUtf8(bytes);
	invariant(text !== null, 'a canonical line is UTF-8');
	return { why: null, record: JSON.parse(text) as Record<string, Json> };
}

/** The order a record names, or null: ids are texts and not empty. */
export function orderIdOf(record: Readonly<Record<string, Json>>): string | null {
	const id = record['order_id'];
	return typeof id === 'string' && id !== '' ? id : null;
}

/**
 * The bytes that name an order in a chain: its id as canonical JSON writes it between the quotes.
 * One id has one such spelling, whatever escapes the line used.
 */
export const orderKeyBytes = (orderId: string): Uint8Array => utf8(JSON.stringify(orderId).slice(1, -1));

/** A value as a fault quotes it: texts as they are, the rest as JSON; null for null and absent. */
export function shown(value: Json | undefined): string | null {
	if (value === undefined || value === null) return null;
	return typeof value === 'string' ? value : JSON.stringify(value);
}

function isTooDeep(text: string): boolean {
	let depth = 0;
	for (let at = 0; at < text.length; at++) {
		const char = text[at];
		if (char === '"') at = stringEnd(text, at) - 1;
		else if (char === '{' || char === '[') depth++;
		else if (char === '}' || char === ']') depth--;
		if (depth > MAX_DEPTH) return true;
	}
	return false;
}

/** Index behind the closing quote of the string that opens at `at`, or the text's end. */
function stringEnd(text: string, at: number): number {
	for (let i = at + 1; i < text.length; i++) {
		const char = text[i];
		if (char === '"') return i + 1;
		if (char === '\\') i++;
	}
	return text.length;
}

/** What first departs from the canonical form in `text`, which is JSON and no deeper than 32 levels. */
function firstDeviation(text: string): NotCanonicalWhy {
	// Per open bracket: the keys so far of an object, or null for an array.
	const open: (string[] | null)[] = [];
	for (let at = 0; at < text.length; ) {
		const char = text.charAt(at);
		if (char === '"') {
			const end = stringEnd(text, at);
			const literal = text.slice(at, end);
			const spelling = stringDeviation(literal);
			if (spelling !== null) return spelling;
			const keys = open.at(-1);
			// After a string, only a colon makes it a key; white space before the colon is a deviation of its own, found next.
			if (keys && text[end] === ':') {
				const order = keyDeviation(keys, JSON.parse(literal) as string);
				if (order !== null) return order;
			}
			at = end;
		} else if (char === '-' || (char >= '0' && char <= '9')) {
			const literal = /[-+.0-9eE]+/y;
			literal.lastIndex = at;
			const digits = literal.exec(text)?.[0] ?? char;
			const spelling = numberDeviation(digits);
			if (spelling !== null) return spelling;
			at += digits.length;
		} else {
			if (char === '\r') return 'carriage_return';
			if (char === ' ' || char === '\t') return 'whitespace';
			if (char === '{') open.push([]);
			else if (char === '[') open.push(null);
			else if (char === '}' || char === ']') open.pop();
			at++;
		}
	}
	// No deviation anywhere would mean that the text is canonical: strings, numbers and key order have one spelling each.
	invariant(false, 'a record without a deviation is canonical');
}

function stringDeviation(literal: string): NotCanonicalWhy | null {
	const value = JSON.parse(literal) as string;
	if (!value.isWellFormed()) return 'lone_surrogate';
	return JSON.stringify(value) === literal ? null : 'escape';
}

function numberDeviation(literal: string): NotCanonicalWhy | null {
	const value = Number(literal);
	if (!Number.isInteger(value)) return 'number_not_integer';
	if (!Number.isSafeInteger(value)) return 'unsafe_integer';
	return !Object.is(value, -0) && String(value) === literal ? null : 'number_form';
}

function keyDeviation(keys: string[], key: string): NotCanonicalWhy | null {
	const last = keys.at(-1);
	if (last !== undefined && key <= last) return keys.includes(key) ? 'duplicate_key' : 'key_order';
	keys.push(key);
	return null;
}
