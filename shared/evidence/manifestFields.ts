/** Reads single values of a manifest strictly; what is not of its kind throws `Refused`. */
import { type Instant, isPeriod, type Json, parseInstant } from '#kernel';
import { refuse } from './manifestError.ts';

export type JsonObject = Readonly<Record<string, Json>>;

/** A path under `data/` that cannot leave the drop, whatever system reads it. */
export function dataPathAt(entry: JsonObject, at: string): string {
	const file = nonEmptyTextAt(entry, 'file', at);
	const parts = file.split('/');
	// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused.
	const isSafe = !/[\\:\u0000-\u001f]/.test(file) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
	if (!isSafe || parts.length < 2 || parts[0] !== 'data')
		refuse(
			'manifest_bad_path',
			`${at}.file`,
			`"${show(file)}" is not a plain path under data/`,
			'Tables lie in data/ inside the drop, nowhere else.',
		);
	return file;
}

const join = (at: string, key: string): string => (at === '' ? key : `${at}.${key}`);
export const show = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text);
export const typeOf = (value: Json | undefined): string =>
	value === undefined
		? 'no such key'
		: value === null
			? 'null'
			: Array.isArray(value)
				? 'a list'
				: typeof value === 'object'
					? 'an object'
					: `a ${typeof value}`;

function wrongType(value: Json | undefined, where: string, expected: string): never {
	const isMissing = value === undefined || value === null;
	return refuse(isMissing ? 'manifest_missing_value' : 'manifest_wrong_type', where, `expected ${expected}, found ${typeOf(value)}`);
}

export function objectAt(value: Json | undefined, where: string): JsonObject {
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrongType(value, where, 'an object');
	return value as JsonObject;
}

export function listAt(value: Json | undefined, where: string): readonly Json[] {
	return Array.isArray(value) ? (value as readonly Json[]) : wrongType(value, where, 'a list');
}

export const asText = (value: Json | undefined, where: string): string =>
	typeof value === 'string' ? value : wrongType(value, where, 'a text');

export const textAt = (object: JsonObject, key: string, at = ''): string => asText(object[key], join(at, key));

export function nonEmptyTextAt(object: JsonObject, key: string, at = ''): string {
	const text = textAt(object, key, at);
	return text === '' ? refuse('manifest_bad_value', join(at, key), 'the text is empty') : text;
}

export const optionalTextAt = (object: JsonObject, key: string, at: string): string | null =>
	object[key] === undefined || object[key] === null ? null : textAt(object, key, at);

export function countAt(object: JsonObject, key: string, at: string): number {
	const value = object[key];
	if (typeof value !== 'number') return wrongType(value, join(at, key), 'a whole number');
	return value >= 0 ? value : refuse('manifest_bad_value', join(at, key), `${value} is below zero`);
}

export function periodAt(object: JsonObject, key: string): string {
	const text = textAt(object, key);
	return isPeriod(text) ? text : refuse('manifest_bad_value', key, `expected a period like 2026-03, found "${show(text)}"`);
}

export function instantAt(object: JsonObject, key: string, at: string): Instant {
	const text = textAt(object, key, at);
	const instant = parseInstant(text);
	return instant.ok
		? instant.value
		: refuse('manifest_bad_value', join(at, key), `expected an instant like 2026-03-31T23:15:00.000Z, found "${show(text)}"`);
}
