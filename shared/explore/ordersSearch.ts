/** Which values of a column contain a text: all values stand joined once, so that the engine's own search goes over them. */
import type { Texts } from './ordersColumns.ts';

interface Haystack {
	readonly chunks: readonly { readonly text: string; readonly first: number; readonly starts: Int32Array }[];
	readonly size: number;
}

const CHUNK_VALUES = 65_536;
const CHUNK_CHARS = 1 << 24;
const SEPARATOR = '\n';

const known = new WeakMap<Texts, Haystack>();

const folded = (text: string): string => text.toLowerCase();

function haystackOf(texts: Texts): Haystack {
	const held = known.get(texts);
	if (held && held.size === texts.size) return held;
	const chunks: { text: string; first: number; starts: Int32Array }[] = [];
	for (let code = 0; code < texts.size; ) {
		const first = code;
		const parts: string[] = [];
		const starts: number[] = [];
		let at = 0;
		for (; code < texts.size && parts.length < CHUNK_VALUES && at < CHUNK_CHARS; code++) {
			const label = folded(texts.label(code));
			// A key that the label does not show, such as a customer's number, is found as well.
			const key = folded(texts.key(code));
			const part = label.includes(key) ? label : `${label}${SEPARATOR}${key}`;
			starts.push(at);
			parts.push(part);
			at += part.length + 1;
		}
		chunks.push({ text: parts.join(SEPARATOR), first, starts: Int32Array.from(starts) });
	}
	const haystack = { chunks, size: texts.size };
	known.set(texts, haystack);
	return haystack;
}

/** 1 by code of a value that contains the text, whatever the case of either. */
export function codesContaining(texts: Texts, text: string): Uint8Array {
	const found = new Uint8Array(texts.size);
	const needle = folded(text.trim().replaceAll(SEPARATOR, ' '));
	if (needle === '') return found.fill(1);
	for (const { text: hay, first, starts } of haystackOf(texts).chunks) {
		let value = 0;
		for (let at = hay.indexOf(needle); at >= 0; ) {
			value = valueAt(starts, at, value);
			found[first + value] = 1;
			const next = starts[value + 1];
			if (next === undefined) break;
			at = hay.indexOf(needle, next);
		}
	}
	return found;
}

/** The value whose text holds a position, looked for from `from` on. */
function valueAt(starts: Int32Array, position: number, from: number): number {
	let low = from;
	let high = starts.length - 1;
	while (low < high) {
		const middle = (low + high + 1) >> 1;
		if ((starts[middle] as number) <= position) low = middle;
		else high = middle - 1;
	}
	return low;
}
