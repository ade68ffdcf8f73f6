/**
 * Disclosures of committed fields (the construction of RFC 9901): `sd` of a sealed line maps a field to
 * base64url(SHA-256(disclosure)), disclosure = base64url(JCS [salt, name, value]). A withheld one is lawful; a wrong one is a problem.
 */
import {
	canonicalize,
	concatBytes,
	err,
	fromBase64Url,
	fromUtf8,
	type Json,
	ok,
	type Result,
	sha256,
	toBase64Url,
	toHex,
	utf8,
} from '#kernel';
import { ByteStrings } from './byteStrings.ts';
import { printable } from './printable.ts';
import { readStrictJson } from './strictJson.ts';

export type DisclosureProblemCode =
	/** A line of the file is no `{"line":n,"disclosure":"…"}`. */
	| 'malformed'
	/** Its digest is none of the line's commitments: the value was changed, or it belongs elsewhere. */
	| 'digest_mismatch'
	/** It names one field, but its digest is the commitment of another. */
	| 'moved_field'
	/** One salt in two disclosures: their values could be compared or guessed. */
	| 'salt_reuse'
	/** The line does not exist or commits to nothing. */
	| 'no_commitment'
	/** The field of this line was disclosed before. */
	| 'repeated';

export interface DisclosureProblem {
	readonly code: DisclosureProblemCode;
	/** 1-based line of the disclosures file. */
	readonly fileLine: number;
	/** 1-based line of the sealed table, where one is named. */
	readonly line: number | null;
	readonly field: string | null;
	/** One sentence for an auditor. */
	readonly detail: string;
}

export interface DisclosureReport {
	/** Values that were disclosed and whose digests match. */
	readonly disclosed: number;
	readonly problems: readonly DisclosureProblem[];
}

/** A line of a disclosures file longer than this is no disclosure. */
export const MAX_DISCLOSURE_BYTES = 1 << 16;
const LINE_FEED = 10;
const MAX_PROBLEMS = 10_000;

interface Opened {
	readonly salt: string;
	readonly name: string;
	readonly value: Json;
}

/** Takes a disclosures file as it streams, then answers what is disclosed of a line while its table streams. */
export class DisclosureSet {
	readonly #texts = new ByteStrings();
	readonly #lines: number[] = [];
	readonly #fileLines: number[] = [];
	#order: Uint32Array | null = null;
	#asked: Uint8Array = new Uint8Array(0);
	readonly #salts = new Map<string, number>();
	readonly #problems: DisclosureProblem[] = [];
	#disclosed = 0;
	#carry = new Uint8Array(0);
	#fileLine = 0;

	/** Takes the next bytes of the file; an endless line is refused rather than held. */
	push(chunk: Uint8Array): Result<void, { readonly line: number }> {
		const bytes = this.#carry.length > 0 ? concatBytes(this.#carry, chunk) : chunk;
		let from = 0;
		for (let end = bytes.indexOf(LINE_FEED, from); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
			this.#take(bytes.subarray(from, end));
			from = end + 1;
		}
		if (bytes.length - from > MAX_DISCLOSURE_BYTES) return err({ line: this.#fileLine + 1 });
		this.#carry = bytes.slice(from);
		return ok(undefined);
	}

	/** Ends the file; only then may lines be asked for. */
	finish(): void {
		if (this.#carry.length > 0) this.#take(this.#carry);
		this.#carry = new Uint8Array(0);
		this.#order = Uint32Array.from(this.#lines.keys()).sort((a, b) => (this.#lines[a] as number) - (this.#lines[b] as number) || a - b);
		this.#asked = new Uint8Array(this.#lines.length);
	}

	/** The disclosed values of a line's commitments that match them; null if there are none. */
	valuesOf(line: number, commitments: Json): ReadonlyMap<string, Json> | null {
		const order = this.#order ?? new Uint32Array();
		let position = this.#firstOf(line, order);
		if (this.#lines[order[position] ?? -1] !== line) return null;
		const digests = typeof commitments === 'object' && commitments !== null ? (commitments as Readonly<Record<string, Json>>) : {};
		const values = new Map<string, Json>();
		for (; position < order.length; position++) {
			const index = order[position] as number;
			if (this.#lines[index] !== line) break;
			if (this.#asked[index] === 1) continue;
			this.#asked[index] = 1;
			const opened = this.#verify(index, digests);
			if (!opened) continue;
			if (values.has(opened.name)) this.#report('repeated', index, opened.name, `discloses ${opened.name} of that line a second time`);
			values.set(opened.name, opened.value);
			this.#disclosed++;
		}
		return values;
	}

	/** To be asked for when the table has been read to its end. */
	report(): DisclosureReport {
		for (let index = 0; index < this.#lines.length; index++)
			if (this.#asked[index] === 0) {
				this.#asked[index] = 1;
				this.#report('no_commitment', index, null, 'discloses a value of that line, which commits to none');
			}
		return { disclosed: this.#disclosed, problems: [...this.#problems].sort((a, b) => a.fileLine - b.fileLine) };
	}

	#take(bytes: Uint8Array): void {
		this.#fileLine++;
		const json = bytes.length > MAX_DISCLOSURE_BYTES ? null : readStrictJson(bytes);
		const record = json?.ok && typeof json.value === 'object' && json.value !== null ? (json.value as Readonly<Record<string, Json>>) : {};
		const { line, disclosure } = record;
		if (typeof line !== 'number' || line < 1 || typeof disclosure !== 'string' || !/^[A-Za-z0-9_-]+$/.test(disclosure)) {
			this.#add(
				'malformed',
				this.#fileLine,
				null,
				null,
				`Line ${this.#fileLine} of the disclosures is not of the form {"line":n,"disclosure":"…"}.`,
			);
			return;
		}
		this.#lines.push(line);
		this.#fileLines.push(this.#fileLine);
		this.#texts.push(utf8(disclosure));
	}

	#verify(index: number, digests: Readonly<Record<string, Json>>): Opened | null {
		const text = this.#texts.at(index);
		const opened = openDisclosure(text);
		if (!opened) {
			this.#report('malformed', index, null, 'is not base64url of the canonical form of [salt, name, value]');
			return null;
		}
		const digest = toBase64Url(sha256(text));
		const field = Object.keys(digests).find((name) => digests[name] === digest);
		if (field === undefined) {
			const expected = Object.hasOwn(digests, opened.name)
				? `expected ${String(digests[opened.name])}, found ${digest}`
				: 'that field has no commitment';
			this.#report(
				'digest_mismatch',
				index,
				opened.name,
				`does not match the commitment to ${opened.name} (${expected}): the disclosed value is not the sealed one`,
			);
			return null;
		}
		if (field !== opened.name) {
			this.#report('moved_field', index, opened.name, `names the field ${opened.name}, but its digest is the commitment to ${field}`);
			return null;
		}
		this.#checkSalt(index, opened);
		return opened;
	}

	#checkSalt(index: number, { salt, name }: Opened): void {
		const key = toHex(sha256(utf8(salt)).subarray(0, 12));
		const earlier = this.#salts.get(key);
		if (earlier === undefined) this.#salts.set(key, index);
		else this.#report('salt_reuse', index, name, `reuses the salt of line ${this.#fileLines[earlier]} of the disclosures`);
	}

	#report(code: DisclosureProblemCode, index: number, field: string | null, words: string): void {
		const fileLine = this.#fileLines[index] as number;
		const line = this.#lines[index] as number;
		this.#add(code, fileLine, line, field, `Line ${fileLine} of the disclosures, for line ${line} of the table, ${words}.`);
	}

	#add(code: DisclosureProblemCode, fileLine: number, line: number | null, field: string | null, detail: string): void {
		if (this.#problems.length < MAX_PROBLEMS) this.#problems.push({ code, fileLine, line, field, detail: printable(detail) });
	}

	/** Position in `order` of the first disclosure of `line` or a later one. */
	#firstOf(line: number, order: Uint32Array): number {
		let low = 0;
		let high = order.length;
		while (low < high) {
			const middle = Math.floor((low + high) / 2);
			if ((this.#lines[order[middle] as number] as number) < line) low = middle + 1;
			else high = middle;
		}
		return low;
	}
}

/** Opens base64url(JCS [salt, name, value]); null if it is anything else. */
function openDisclosure(text: Uint8Array): Opened | null {
	const bytes = fromBase64Url(fromUtf8(text) ?? '=');
	if (!bytes) return null;
	const json = readStrictJson(bytes);
	if (!json.ok || !Array.isArray(json.value) || json.value.length !== 3) return null;
	const [salt, name, value] = json.value as readonly Json[];
	if (typeof salt !== 'string' || salt === '' || typeof name !== 'string' || value === undefined) return null;
	try {
		return canonicalize(json.value) === fromUtf8(bytes) ? { salt, name, value } : null;
	} catch {
		return null;
	}
}
