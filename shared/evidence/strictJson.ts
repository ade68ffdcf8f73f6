/** JSON as evidence may hold it: one value a key, whole numbers only, bounded depth. White space and key order are free. */
import { err, fromUtf8, type Json, ok, type Result } from '#kernel';

export type StrictJsonFault = 'not_utf8' | 'not_json' | 'duplicate_key' | 'unsafe_number' | 'too_deep';

export interface StrictJsonError {
	readonly code: StrictJsonFault;
	/** Where: a key, a number, the parser's own words; empty where there is nothing to show. */
	readonly what: string;
	/** 1-based line of the text. */
	readonly line: number;
}

const MAX_DEPTH = 32;
/** A string, a bracket, or a run of anything else: enough to walk a text that is known to be JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[^\s{}[\]:,"]+/gs;

/**
 * Reads JSON text, refusing what `JSON.parse` hides: a key named twice (it keeps the last) and numbers that lose digits.
 * Linear in the length of the text.
 * @param wideUnder a key whose record may hold whole numbers of any length, such as sums; those beyond ±(2^53−1) come as their digits
 */
export function readStrictJson(bytes: Uint8Array, wideUnder: string | null = null): Result<Json, StrictJsonError> {
	const text = fromUtf8(bytes);
	if (text === null) return err({ code: 'not_utf8', what: '', line: 1 });
	const depth = deepestNesting(text);
	if (depth > MAX_DEPTH) return err({ code: 'too_deep', what: `${depth} levels`, line: 1 });
	let value: Json;
	try {
		value = JSON.parse(text) as Json;
	} catch (error) {
		return err({ code: 'not_json', what: error instanceof Error ? error.message : '', line: 1 });
	}
	const wide: WideNumber[] = [];
	const hidden = whatParsingHides(text, wideUnder, wide);
	if (hidden) return err(hidden);
	return ok(wide.length === 0 ? value : (JSON.parse(withDigitsQuoted(text, wide)) as Json));
}

/** Where a whole number stands that a double can't hold. */
interface WideNumber {
	readonly from: number;
	readonly to: number;
}

function withDigitsQuoted(text: string, wide: readonly WideNumber[]): string {
	let quoted = '';
	let at = 0;
	for (const { from, to } of wide) {
		quoted += `${text.slice(at, from)}"${text.slice(from, to)}"`;
		at = to;
	}
	return quoted + text.slice(at);
}

/** Before parsing, so that a megabyte of brackets reaches no recursion. Brackets in strings do not count. */
function deepestNesting(text: string): number {
	let depth = 0;
	let deepest = 0;
	let inString = false;
	for (let i = 0; i < text.length; i++) {
		const char = text.charCodeAt(i);
		if (char === 92 && inString) i++;
		else if (char === 34) inString = !inString;
		else if (inString) continue;
		else if (char === 123 || char === 91) deepest = Math.max(deepest, ++depth);
		else if (char === 125 || char === 93) depth--;
	}
	return deepest;
}

/** @param wide takes the long numbers that stand directly under the key `wideUnder` */
function whatParsingHides(text: string, wideUnder: string | null, wide: WideNumber[]): StrictJsonError | null {
	const open: (Set<string> | null)[] = [];
	let previous = '';
	let lastKey = '';
	/** How deep the record lies whose numbers may be long; 0 outside of one. */
	let wideDepth = 0;
	for (const match of text.matchAll(TOKEN)) {
		const [token] = match;
		const keys = open.at(-1);
		if (token === '{') {
			open.push(new Set());
			if (previous === ':' && lastKey === wideUnder && wideDepth === 0) wideDepth = open.length;
		} else if (token === '[') open.push(null);
		else if (token === '}' || token === ']') {
			if (open.length === wideDepth) wideDepth = 0;
			open.pop();
		} else if (token.startsWith('"')) {
			if (keys && (previous === '{' || previous === ',')) {
				const key = JSON.parse(token) as string;
				if (keys.has(key)) return { code: 'duplicate_key', what: key, line: lineAt(text, match.index) };
				keys.add(key);
				lastKey = key;
			}
		} else if (/^[-\d]/.test(token) && !(Number.isSafeInteger(Number(token)) && /^-?\d+$/.test(token))) {
			if (wideDepth > 0 && open.length === wideDepth && /^-?\d+$/.test(token)) {
				wide.push({ from: match.index, to: match.index + token.length });
				continue;
			}
			return { code: 'unsafe_number', what: token, line: lineAt(text, match.index) };
		}
		previous = token;
	}
	return null;
}

function lineAt(text: string, index: number): number {
	let line = 1;
	for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++;
	return line;
}
