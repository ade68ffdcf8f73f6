/**
 * ASN.1 Distinguished Encoding Rules (ITU-T X.690 §10): a strict, bounded reader and a writer.
 * One value has one encoding; whatever has several (indefinite lengths, padded lengths, high tag numbers) is refused.
 */
import { compareBytes, concatBytes, err, ok, type Result } from '#kernel';

export interface DerNode {
	/** The identifier octet: class, constructed bit and tag number (0 to 30). */
	readonly tag: number;
	/** The whole encoding, identifier and length included. */
	readonly raw: Uint8Array;
	/** The contents octets. */
	readonly content: Uint8Array;
	/** Empty for primitive values. */
	readonly children: readonly DerNode[];
}

export const TAG = {
	boolean: 0x01,
	integer: 0x02,
	bitString: 0x03,
	octetString: 0x04,
	null: 0x05,
	oid: 0x06,
	utf8String: 0x0c,
	printableString: 0x13,
	ia5String: 0x16,
	utcTime: 0x17,
	generalizedTime: 0x18,
	bmpString: 0x1e,
	sequence: 0x30,
	set: 0x31,
} as const;

export type DerFault = 'not_der' | 'trailing_bytes';

const MAX_DEPTH = 40;
const MAX_NODES = 200_000;

/** The identifier octet of `[number]`, constructed unless told otherwise. */
export const contextTag = (number: number, constructed = true): number => 0x80 | (constructed ? 0x20 : 0) | number;

/** Reads one value that fills `bytes` exactly. */
export function readDer(bytes: Uint8Array): Result<DerNode, DerFault> {
	const node = readDerPrefix(bytes);
	if (!node.ok) return node;
	return node.value.raw.length === bytes.length ? node : err('trailing_bytes');
}

/** Reads the one value at the start of `bytes`; what follows it is the caller's to judge. */
export function readDerPrefix(bytes: Uint8Array): Result<DerNode, DerFault> {
	const budget = { nodes: MAX_NODES };
	const node = readNode(bytes, 0, bytes.length, 0, budget);
	return node === null ? err('not_der') : ok(node);
}

function readNode(bytes: Uint8Array, at: number, end: number, depth: number, budget: { nodes: number }): DerNode | null {
	if (depth > MAX_DEPTH || --budget.nodes < 0) return null;
	const tag = bytes[at];
	if (tag === undefined || at + 2 > end || (tag & 0x1f) === 0x1f) return null;
	const length = readLength(bytes, at + 1, end);
	if (length === null || length.contentAt + length.value > end) return null;
	const stop = length.contentAt + length.value;
	const children: DerNode[] = [];
	if ((tag & 0x20) !== 0) {
		for (let next = length.contentAt; next < stop; ) {
			const child = readNode(bytes, next, stop, depth + 1, budget);
			if (child === null) return null;
			children.push(child);
			next += child.raw.length;
		}
	} else if (!isCanonicalPrimitive(tag, bytes.subarray(length.contentAt, stop))) return null;
	return { tag, raw: bytes.subarray(at, stop), content: bytes.subarray(length.contentAt, stop), children };
}

function readLength(bytes: Uint8Array, at: number, end: number): { readonly value: number; readonly contentAt: number } | null {
	const first = bytes[at];
	if (first === undefined || at >= end) return null;
	if (first < 0x80) return { value: first, contentAt: at + 1 };
	const count = first & 0x7f;
	if (count === 0 || count > 4 || at + 1 + count > end) return null;
	let value = 0;
	for (let i = 1; i <= count; i++) value = value * 256 + (bytes[at + i] as number);
	const minimal = value >= 0x80 && (bytes[at + 1] as number) !== 0;
	return minimal ? { value, contentAt: at + 1 + count } : null;
}

function isCanonicalPrimitive(tag: number, content: Uint8Array): boolean {
	const [first, second] = content;
	switch (tag) {
		case TAG.boolean:
			return content.length === 1 && (first === 0 || first === 0xff);
		case TAG.integer:
			if (first === undefined) return false;
			return second === undefined || !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
		case TAG.null:
			return content.length === 0;
		case TAG.oid:
			return first !== undefined && ((content.at(-1) as number) & 0x80) === 0;
		case TAG.bitString:
			return first !== undefined && first < 8 && (content.length > 1 || first === 0);
		case TAG.sequence & 0x1f:
		case TAG.set & 0x1f:
			return false;
		default:
			return true;
	}
}

/** Whether the children of a SET OF stand in DER order (X.690 §11.6), none twice. */
export const isSortedSet = (set: DerNode): boolean =>
	set.children.every((child, i) => i === 0 || compareBytes((set.children[i - 1] as DerNode).raw, child.raw) < 0);

/** Dotted text of an OBJECT IDENTIFIER, or null when the node is none. */
export function oidText(node: DerNode | undefined): string | null {
	if (node?.tag !== TAG.oid) return null;
	const arcs: number[] = [];
	let arc = 0;
	for (const octet of node.content) {
		if (arc > 2 ** 40) return null;
		arc = arc * 128 + (octet & 0x7f);
		if ((octet & 0x80) === 0) {
			arcs.push(arc);
			arc = 0;
		}
	}
	const [head = 0, ...rest] = arcs;
	const root = Math.min(2, Math.floor(head / 40));
	return [root, head - 40 * root, ...rest].join('.');
}

/** A small non-negative INTEGER, or null. */
export function smallInteger(node: DerNode | undefined): number | null {
	if (node?.tag !== TAG.integer || node.content.length > 5 || ((node.content[0] as number) & 0x80) !== 0) return null;
	return node.content.reduce((value, octet) => value * 256 + octet, 0);
}

/** Writes one value from its identifier octet and contents. */
export function der(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
	const content = concatBytes(...contents);
	const length: number[] = [];
	for (let rest = content.length; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256);
	const head = content.length < 0x80 ? [content.length] : [0x80 | length.length, ...length];
	return concatBytes(Uint8Array.of(tag, ...head), content);
}

export const derSequence = (...items: readonly Uint8Array[]): Uint8Array => der(TAG.sequence, ...items);

/** A SET OF, its members sorted as DER demands (X.690 §11.6). */
export const derSetOf = (...items: readonly Uint8Array[]): Uint8Array => der(TAG.set, ...[...items].sort(compareBytes));

export const derOctets = (bytes: Uint8Array): Uint8Array => der(TAG.octetString, bytes);
export const derNull = (): Uint8Array => der(TAG.null);
export const derBoolean = (value: boolean): Uint8Array => der(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
/** A BIT STRING of whole octets, or with `unused` low bits left out of the last. */
export const derBits = (bytes: Uint8Array, unused = 0): Uint8Array => der(TAG.bitString, Uint8Array.of(unused), bytes);

/** A non-negative INTEGER, from a number or from its big-endian octets. */
export function derInteger(value: number | Uint8Array): Uint8Array {
	const octets = typeof value === 'number' ? bigEndian(value) : [...value];
	while (octets.length > 1 && octets[0] === 0) octets.shift();
	if (octets.length === 0 || (octets[0] as number) >= 0x80) octets.unshift(0);
	return der(TAG.integer, Uint8Array.from(octets));
}

function bigEndian(value: number): number[] {
	const octets: number[] = [];
	for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
	return octets;
}

export function derOid(text: string): Uint8Array {
	const [root = 0, second = 0, ...rest] = text.split('.').map(Number);
	const octets = [40 * root + second, ...rest].flatMap((arc) => {
		const digits = [arc % 128];
		for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) digits.unshift((left % 128) | 0x80);
		return digits;
	});
	return der(TAG.oid, Uint8Array.from(octets));
}

/** `[number]` around whole values (EXPLICIT tagging). */
export const derContext = (number: number, ...items: readonly Uint8Array[]): Uint8Array => der(contextTag(number), ...items);

/** The same value under another identifier octet (IMPLICIT tagging). */
export const derRetag = (tag: number, value: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(tag), value.subarray(1));
