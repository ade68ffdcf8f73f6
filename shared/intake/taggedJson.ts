/** Plain values as JSON and back, with the kinds JSON lacks: maps, sets of bytes, big integers. For our own sealed files only. */
import { fromBase64, fromUtf8, toBase64, utf8 } from '#kernel';

const TAG = '$';

/** @param value maps, byte arrays, big integers and plain objects, in any depth; functions and classes are bugs */
export const writeTagged = (value: unknown): Uint8Array<ArrayBuffer> => utf8(JSON.stringify(toPlain(value)));

/** Null where the bytes are no such JSON. */
export function readTagged(bytes: Uint8Array): unknown {
	const text = fromUtf8(bytes);
	if (text === null) return null;
	try {
		return fromPlain(JSON.parse(text));
	} catch (error) {
		if (error instanceof SyntaxError) return null;
		throw error;
	}
}

function toPlain(value: unknown): unknown {
	if (typeof value === 'bigint') return { [TAG]: 'big', v: String(value) };
	if (typeof value === 'number' && !Number.isFinite(value)) return { [TAG]: 'number', v: String(value) };
	if (value instanceof Uint8Array) return { [TAG]: 'bytes', v: toBase64(value) };
	if (value instanceof Map) return { [TAG]: 'map', v: [...value].map(([key, item]) => [toPlain(key), toPlain(item)]) };
	if (Array.isArray(value)) return value.map(toPlain);
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toPlain(item)]));
}

function fromPlain(value: unknown): unknown {
	if (Array.isArray(value)) return value.map(fromPlain);
	if (typeof value !== 'object' || value === null) return value;
	const record = value as Readonly<Record<string, unknown>>;
	switch (record[TAG]) {
		case 'big':
			return BigInt(String(record['v']));
		case 'number':
			return Number(record['v']);
		case 'bytes':
			return fromBase64(String(record['v']));
		case 'map':
			return new Map((record['v'] as [unknown, unknown][]).map(([key, item]) => [fromPlain(key), fromPlain(item)]));
		default:
			return Object.fromEntries(Object.entries(record).map(([key, item]) => [key, fromPlain(item)]));
	}
}
