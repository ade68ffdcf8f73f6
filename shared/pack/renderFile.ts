/** The file's bytes: header, objects, one classic cross-reference table, trailer, and a line feed behind %%EOF. */
import { type PDFContext, PDFHexString, type PDFRef } from 'pdf-lib';
import type { ObjectArena } from './tagsArena.ts';

const HEADER = '%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n';
const XREF_ENTRY_BYTES = 20;

export interface TrailerFacts {
	readonly root: PDFRef;
	readonly info: PDFRef;
	/** 32 hex digits. */
	readonly identifier: string;
}

/**
 * Serialises every object of the context and of the arena, in that order. Written here and not by the library's `save`,
 * which waits a tick every 50 objects, ends without a line feed, and would need every row's tag as an object of its own.
 */
export function writeFile(context: PDFContext, arena: ObjectArena, { root, info, identifier }: TrailerFacts): Uint8Array<ArrayBuffer> {
	const objects = context.enumerateIndirectObjects();
	const count = context.largestObjectNumber + 1;
	const offsets = new Float64Array(count);
	const head = latin1(HEADER);
	let at = head.length;
	const places = objects.map(([ref, object]) => {
		const start = at;
		offsets[ref.objectNumber] = start;
		const opening = `${ref.objectNumber} 0 obj\n`;
		at += opening.length + object.sizeInBytes() + ENDOBJ.length;
		return { start, opening, object };
	});
	const arenaStart = at;
	arena.forEachPlace((object, offset) => {
		offsets[object] = arenaStart + offset;
	});
	const xrefStart = arenaStart + arena.size;
	const trailer = trailerText(context, count, root, info, identifier, xrefStart);
	const xrefHead = `xref\n0 ${count}\n`;
	const file = new Uint8Array(xrefStart + xrefHead.length + XREF_ENTRY_BYTES * count + trailer.length);
	file.set(head);
	for (const { start, opening, object } of places) {
		copyText(opening, file, start);
		const end = start + opening.length + object.copyBytesInto(file, start + opening.length);
		copyText(ENDOBJ, file, end);
	}
	arena.copyInto(file, arenaStart);
	copyText(xrefHead, file, xrefStart);
	writeXref(offsets, file, xrefStart + xrefHead.length);
	copyText(trailer, file, file.length - trailer.length);
	return file;
}

const ENDOBJ = '\nendobj\n';

function trailerText(context: PDFContext, size: number, root: PDFRef, info: PDFRef, identifier: string, xrefStart: number): string {
	const id = PDFHexString.of(identifier);
	const dictionary = context.obj({ Size: size, Root: root, Info: info, ID: [id, id] });
	return `trailer\n${dictionary.toString()}\nstartxref\n${xrefStart}\n%%EOF\n`;
}

/** Numbers that no object took are listed as free, chained from entry 0 (ISO 32000-1 §7.5.4). */
function writeXref(offsets: Float64Array, file: Uint8Array, start: number): void {
	let nextFree = 0;
	for (let object = offsets.length - 1; object >= 0; object--) {
		const offset = offsets[object] as number;
		const isFree = offset === 0;
		const first = isFree ? nextFree : offset;
		const generation = object === 0 ? 65_535 : isFree ? 1 : 0;
		copyText(
			`${String(first).padStart(10, '0')} ${String(generation).padStart(5, '0')} ${isFree ? 'f' : 'n'} \n`,
			file,
			start + XREF_ENTRY_BYTES * object,
		);
		if (isFree) nextFree = object;
	}
}

function copyText(text: string, target: Uint8Array, at: number): void {
	for (let i = 0; i < text.length; i++) target[at + i] = text.charCodeAt(i);
}

const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
