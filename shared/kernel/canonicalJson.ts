/**
 * JSON Canonicalization Scheme (RFC 8785), restricted to what evidence may hold: numbers are safe integers only.
 * Canonical bytes are what is hashed, so this file refuses whatever has no single spelling.
 */
import { compareText, equalBytes, fromUtf8, utf8 } from './bytes.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const MAX_DEPTH = 32;

/**
 * The canonical text of a JSON value: keys sorted by UTF-16 code units, no white space, ECMAScript number form.
 * Throws on what JSON can't say (undefined, NaN, lone surrogates, cycles deeper than 32): that is a bug of the caller.
 * @see RFC 8785 §3.2
 */
export function canonicalize(value: unknown, depth = 0): string {
	if (depth > MAX_DEPTH) throw new TypeError('canonical JSON is at most 32 levels deep');
	if (value === null) return 'null';
	switch (typeof value) {
		case 'boolean':
			return value ? 'true' : 'false';
		case 'number':
			if (!Number.isFinite(value)) throw new TypeError(`${value} has no JSON form`);
			return Object.is(value, -0) ? '0' : String(value);
		case 'string':
			if (!value.isWellFormed()) throw new TypeError('a lone surrogate has no UTF-8 form');
			return JSON.stringify(value);
		case 'object':
			return Array.isArray(value) ? canonicalArray(value, depth) : canonicalObject(value, depth);
		default:
			throw new TypeError(`a ${typeof value} has no JSON form`);
	}
}

function canonicalArray(values: readonly unknown[], depth: number): string {
	const parts: string[] = [];
	for (let i = 0; i < values.length; i++) parts.push(canonicalize(values[i], depth + 1));
	return `[${parts.join(',')}]`;
}

function canonicalObject(value: object, depth: number): string {
	const prototype: unknown = Object.getPrototypeOf(value);
	if (prototype !== Object.prototype && prototype !== null) throw new TypeError('only plain objects have a canonical form');
	const record = value as Record<string, unknown>;
	const parts: string[] = [];
	for (const key of Object.keys(record).sort(compareText)) {
		if (!key.isWellFormed()) throw new TypeError('a lone surrogate has no UTF-8 form');
		parts.push(`${JSON.stringify(key)}:${canonicalize(record[key], depth + 1)}`);
	}
	return `{${parts.join(',')}}`;
}

export type CanonicalFault = 'not_utf8' | 'not_json' | 'not_canonical' | 'number_not_integer';

/**
 * Whether these bytes are the canonical form of a JSON value whose numbers are all safe integers; null if they are.
 * What is nested deeper than 32 levels counts as not canonical.
 * Compares bytes, not decoded text: a lossy decode would hide bad UTF-8 on both sides.
 */
export function canonicalFault(bytes: Uint8Array): CanonicalFault | null {
	const text = fromUtf8(bytes);
	if (text === null) return 'not_utf8';
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch {
		return 'not_json';
	}
	if (hasUnsafeNumber(value)) return 'number_not_integer';
	try {
		return equalBytes(utf8(canonicalize(value)), bytes) ? null : 'not_canonical';
	} catch {
		return 'not_canonical';
	}
}

/** Looks no deeper than `canonicalize` writes: a line of a million brackets must not exhaust the stack. */
function hasUnsafeNumber(value: unknown, depth = 0): boolean {
	if (typeof value === 'number') return !Number.isSafeInteger(value);
	if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return false;
	return Object.values(value).some((inner) => hasUnsafeNumber(inner, depth + 1));
}
