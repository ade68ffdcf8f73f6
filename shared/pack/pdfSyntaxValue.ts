/** PDF objects as read from a file (ISO 32000-1 §7.3), each with the bytes it came from. */
import { equalBytes } from '#kernel';

interface Span {
	/** Offset of the value's first byte in the file. */
	readonly start: number;
	/** Offset behind its last byte. */
	readonly end: number;
}

export type PdfNull = Span & { readonly kind: 'null' };
export type PdfBoolean = Span & { readonly kind: 'boolean'; readonly value: boolean };
export type PdfNumber = Span & { readonly kind: 'number'; readonly value: number; readonly integer: boolean };
export type PdfName = Span & { readonly kind: 'name'; readonly value: string };
export type PdfString = Span & { readonly kind: 'string'; readonly bytes: Uint8Array; readonly hex: boolean };
export type PdfArray = Span & { readonly kind: 'array'; readonly items: readonly PdfValue[] };
export type PdfDict = Span & { readonly kind: 'dict'; readonly entries: ReadonlyMap<string, PdfEntry> };
export type PdfReference = Span & { readonly kind: 'reference'; readonly number: number; readonly generation: number };
export type PdfStream = Span & { readonly kind: 'stream'; readonly dict: PdfDict; readonly dataStart: number; readonly dataEnd: number };
export type PdfValue = PdfNull | PdfBoolean | PdfNumber | PdfName | PdfString | PdfArray | PdfDict | PdfReference | PdfStream;

export interface PdfEntry {
	/** Offset of the key's slash. */
	readonly keyStart: number;
	readonly value: PdfValue;
}

/** `number generation obj … endobj`. */
export interface PdfObject extends Span {
	readonly number: number;
	readonly generation: number;
	readonly value: PdfValue;
}

export const dictOf = (value: PdfValue | undefined): PdfDict | null =>
	value?.kind === 'dict' ? value : value?.kind === 'stream' ? value.dict : null;

export const entryOf = (dict: PdfDict, key: string): PdfValue | undefined => dict.entries.get(key)?.value;

export function nameOf(dict: PdfDict, key: string): string | null {
	const value = entryOf(dict, key);
	return value?.kind === 'name' ? value.value : null;
}

export function integerOf(dict: PdfDict, key: string): number | null {
	const value = entryOf(dict, key);
	return value?.kind === 'number' && value.integer ? value.value : null;
}

/** Object number of the reference under `key`, or null. */
export function referenceOf(dict: PdfDict, key: string): number | null {
	const value = entryOf(dict, key);
	return value?.kind === 'reference' ? value.number : null;
}

/** A text string (ISO 32000-1 §7.9.2.2): UTF-16BE or UTF-8 by its mark, else read as Latin-1. */
export function pdfText(value: PdfValue | undefined): string | null {
	if (value?.kind !== 'string') return null;
	const { bytes } = value;
	if (bytes[0] === 0xfe && bytes[1] === 0xff) {
		let text = '';
		for (let i = 2; i + 1 < bytes.length; i += 2) text += String.fromCharCode(((bytes[i] as number) << 8) | (bytes[i + 1] as number));
		return text.toWellFormed();
	}
	let text = '';
	for (const byte of bytes) text += String.fromCharCode(byte);
	return text;
}

/** Whether two values say the same, wherever they stand and however they are spelt. Streams compare by their dictionaries only. */
export function equalValues(a: PdfValue | undefined, b: PdfValue | undefined, ignoredKeys: readonly string[] = []): boolean {
	if (a === undefined || b === undefined) return a === b;
	if (a.kind === 'array' && b.kind === 'array') {
		return a.items.length === b.items.length && a.items.every((item, i) => equalValues(item, b.items[i]));
	}
	if (a.kind === 'dict' && b.kind === 'dict') return equalEntries(a, b, ignoredKeys);
	if (a.kind === 'string' && b.kind === 'string') return equalBytes(a.bytes, b.bytes);
	if (a.kind === 'reference' && b.kind === 'reference') return a.number === b.number && a.generation === b.generation;
	if (a.kind === 'stream' && b.kind === 'stream') return equalValues(a.dict, b.dict);
	if (a.kind === 'null' && b.kind === 'null') return true;
	if (a.kind === 'number' && b.kind === 'number') return a.value === b.value;
	if (a.kind === 'name' && b.kind === 'name') return a.value === b.value;
	return a.kind === 'boolean' && b.kind === 'boolean' && a.value === b.value;
}

function equalEntries(a: PdfDict, b: PdfDict, ignoredKeys: readonly string[]): boolean {
	const keys = new Set([...a.entries.keys(), ...b.entries.keys()]);
	for (const key of keys) {
		if (!ignoredKeys.includes(key) && !equalValues(entryOf(a, key), entryOf(b, key))) return false;
	}
	return true;
}
