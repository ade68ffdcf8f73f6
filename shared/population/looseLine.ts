/** The slow way into a row, for lines that are JSON but not canonical: read them as an object, write its canonical form, parse that. */
import { canonicalize, fromUtf8, type Json, utf8 } from '#kernel';
import { topLevelKeys } from './jsonScan.ts';
import { type LineFault, lineFault } from './lineFault.ts';

export type LooseLine =
	| { readonly ok: true; readonly record: Readonly<Record<string, Json>>; readonly canonical: Uint8Array }
	| { readonly ok: false; readonly fault: LineFault };

const refuse = (fault: LineFault): LooseLine => ({ ok: false, fault });

/** Reads a line by the JSON grammar alone. Ambiguous (a key named twice) or inexact (a number no integer can hold) is refused. */
export function readLooseLine(bytes: Uint8Array): LooseLine {
	const text = fromUtf8(bytes);
	if (text === null) return refuse(lineFault('not_utf8', null, null, `byte ${firstBadByte(bytes)} of the line`));
	if (text.trim() === '') return refuse(lineFault('blank_line'));
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (error) {
		return refuse(lineFault('not_json', null, null, error instanceof Error ? error.message : null));
	}
	if (typeof value !== 'object' || value === null || Array.isArray(value))
		return refuse(lineFault('not_an_object', null, 'a JSON object', text));
	const keys = topLevelKeys(bytes, 0, bytes.length) ?? [];
	const repeated = keys.find((key, index) => keys.indexOf(key) !== index);
	if (repeated !== undefined || keys.length !== Object.keys(value).length) return refuse(lineFault('duplicate_key', repeated ?? null));
	const inexact = Object.entries(value).find(([, member]) => typeof member === 'number' && !Number.isSafeInteger(member));
	if (inexact) return refuse(lineFault('number_out_of_range', inexact[0], 'a whole number within ±(2^53−1)', numberText(text, inexact[0])));
	try {
		return { ok: true, record: value as Readonly<Record<string, Json>>, canonical: utf8(canonicalize(value)) };
	} catch (error) {
		return refuse(lineFault('not_json', null, null, error instanceof Error ? error.message : null));
	}
}

/** The number as it is written, because the parsed one has lost what is wrong with it. */
function numberText(text: string, key: string): string {
	const at = text.indexOf(`${JSON.stringify(key)}`);
	return /:\s*([-+.\deE]+)/.exec(text.slice(at))?.[1] ?? key;
}

function firstBadByte(bytes: Uint8Array): number {
	let low = 0;
	let high = bytes.length;
	// A prefix that ends inside a character is invalid as well, so the search only narrows to a character's length: good enough to point at.
	while (low < high) {
		const middle = (low + high) >> 1;
		if (
			fromUtf8(bytes.subarray(0, middle)) === null &&
			fromUtf8(bytes.subarray(0, middle - 1)) === null &&
			fromUtf8(bytes.subarray(0, middle - 2)) === null &&
			fromUtf8(bytes.subarray(0, middle - 3)) === null
		)
			high = middle;
		else low = middle + 1;
	}
	return low;
}
