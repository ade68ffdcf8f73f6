/**
 * Embedded files as objects: /EmbeddedFiles sorted by name, /AF in the catalog, with checksum, size and date.
 * Written directly; the library's own `attach` leaves out checksum and relationship and copies the bytes twice.
 * @see ISO 32000-1 §7.11.4, ISO 32000-2 §7.11.3
 */

import { type PDFContext, type PDFDict, PDFHexString, PDFName, type PDFObject, PDFRawStream, type PDFRef, PDFString } from 'pdf-lib';
import { md5, toHex, utf8 } from '#kernel';
import type { Relationship } from './planInput.ts';
import { nameTree } from './renderNames.ts';
import { pdfDate, pdfTextToken } from './signatureForm.ts';

export interface EmbeddedFile {
	readonly name: string;
	readonly bytes: Uint8Array;
	readonly mime: string;
	readonly relationship: Relationship;
	readonly description: string;
}

export interface WrittenFiles {
	/** Name tree for /Names /EmbeddedFiles. */
	readonly tree: PDFRef;
	readonly specifications: readonly PDFRef[];
}

/** Smaller files are compressed in a moment. */
const BYTES_A_BREATH = 1 << 16;

export async function writeAttachments(
	context: PDFContext,
	files: readonly EmbeddedFile[],
	created: number,
	deflate: (bytes: Uint8Array) => Uint8Array,
	breathe?: () => Promise<void>,
): Promise<WrittenFiles> {
	const specifications: PDFRef[] = [];
	for (const file of files) {
		specifications.push(writeFile(context, file, created, deflate));
		if (file.bytes.length > BYTES_A_BREATH) await breathe?.();
	}
	const entries = files.map(({ name }, i) => [toHex(utf8(name)), specifications[i] as PDFObject] as const);
	return { tree: nameTree(context, entries), specifications };
}

function writeFile(
	context: PDFContext,
	{ name, bytes, mime, relationship, description }: EmbeddedFile,
	created: number,
	deflate: (bytes: Uint8Array) => Uint8Array,
): PDFRef {
	const packed = isCompressed(mime) ? bytes : deflate(bytes);
	const date = PDFString.of(pdfDate(created));
	const stream = PDFRawStream.of(
		context.obj({
			Type: 'EmbeddedFile',
			Subtype: PDFName.of(mime),
			Length: packed.length,
			...(packed === bytes ? {} : { Filter: 'FlateDecode' }),
			Params: { Size: bytes.length, CreationDate: date, ModDate: date, CheckSum: PDFHexString.of(toHex(md5(bytes))) },
		}),
		packed,
	);
	const streamRef = context.register(stream);
	return context.register(
		context.obj({
			Type: 'Filespec',
			F: PDFString.of(name),
			UF: PDFString.of(name),
			EF: { F: streamRef, UF: streamRef },
			Desc: textString(description),
			AFRelationship: relationship,
		}),
	);
}

const isCompressed = (mime: string): boolean => /^(application\/(pdf|zip|gzip)|image\/|audio\/|video\/)/.test(mime);

/** A PDF text string: ASCII as it is, anything else in UTF-16. */
export const textString = (text: string): PDFHexString | PDFString =>
	pdfTextToken(text).startsWith('<') ? PDFHexString.fromText(text.toWellFormed()) : PDFString.of(text.replace(/[\\()]/g, '\\$&'));

/** Where a link to an embedded PDF leads: readers that can open it do, the others leave it. */
export function openEmbedded(context: PDFContext, annotation: PDFDict, name: string): void {
	annotation.set(
		PDFName.of('A'),
		context.obj({ Type: 'Action', S: 'GoToE', NewWindow: true, D: [0, 'Fit'], T: { R: 'C', N: PDFString.of(name) } }),
	);
}
