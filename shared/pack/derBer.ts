/** Basic Encoding Rules to DER: what old key stores and foreign signatures still speak. Our own output never does. */
import { concatBytes } from '#kernel';
import { der, TAG } from './der.ts';

const MAX_DEPTH = 40;
const MAX_VALUES = 200_000;

interface Step {
	readonly der: Uint8Array;
	readonly next: number;
}

/**
 * The DER form of the BER value at the start of `bytes`: indefinite and padded lengths made definite, octet strings in
 * pieces joined. SET members are left in the order they stand. Null when it is no BER value.
 * @returns the encoding, and how many of the input's bytes it took
 */
export function berToDer(bytes: Uint8Array): { readonly der: Uint8Array; readonly length: number } | null {
	const budget = { values: MAX_VALUES };
	const step = normalise(bytes, 0, bytes.length, 0, budget);
	return step === null ? null : { der: step.der, length: step.next };
}

function normalise(bytes: Uint8Array, at: number, end: number, depth: number, budget: { values: number }): Step | null {
	if (depth > MAX_DEPTH || --budget.values < 0 || at + 2 > end) return null;
	const tag = bytes[at] as number;
	if ((tag & 0x1f) === 0x1f) return null;
	const first = bytes[at + 1] as number;
	if (first === 0x80) return (tag & 0x20) === 0 ? null : joined(tag, bytes, at + 2, end, true, depth, budget);
	let contentAt = at + 2;
	let length = first;
	if (first > 0x80) {
		const count = first & 0x7f;
		if (count > 8 || contentAt + count > end) return null;
		length = 0;
		for (let i = 0; i < count; i++) length = length * 256 + (bytes[contentAt + i] as number);
		contentAt += count;
	}
	if (!(length <= end - contentAt)) return null;
	const stop = contentAt + length;
	if ((tag & 0x20) === 0) return { der: der(tag, bytes.subarray(contentAt, stop)), next: stop };
	return joined(tag, bytes, contentAt, stop, false, depth, budget);
}

function joined(
	tag: number,
	bytes: Uint8Array,
	from: number,
	end: number,
	indefinite: boolean,
	depth: number,
	budget: { values: number },
): Step | null {
	const parts: Uint8Array[] = [];
	let at = from;
	for (;;) {
		if (indefinite && bytes[at] === 0 && bytes[at + 1] === 0 && at + 2 <= end) {
			at += 2;
			break;
		}
		if (!indefinite && at === end) break;
		const child = normalise(bytes, at, end, depth + 1, budget);
		if (child === null) return null;
		parts.push(child.der);
		at = child.next;
	}
	// A constructed OCTET STRING is the same string in pieces: each piece is by now a primitive one.
	if (tag === (TAG.octetString | 0x20)) return { der: der(TAG.octetString, ...parts.map(contentOf)), next: at };
	return { der: der(tag, concatBytes(...parts)), next: at };
}

function contentOf(value: Uint8Array): Uint8Array {
	const first = value[1] as number;
	return value.subarray(first < 0x80 ? 2 : 2 + (first & 0x7f));
}
