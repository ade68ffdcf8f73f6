/**
 * A lenient walk over any bytes that may be a PDF: every object that can be read, in file order, also behind damage and in
 * object streams. It proves nothing; it finds the signature facts of files that the strict reading refuses.
 */
import { PdfFault, PdfLexer } from './pdfSyntaxLexer.ts';
import { dictOf, integerOf, nameOf, type PdfObject } from './pdfSyntaxValue.ts';

/** Inflates zlib data; null when it is none or would exceed `maxLength`. */
export type Inflate = (data: Uint8Array, maxLength: number) => Uint8Array | null;

export interface Survey {
	/** Offsets behind each `%%EOF`, without and with its line end. */
	readonly revisionEnds: readonly number[];
	/** Whether a `%PDF-` header was met at byte 0. */
	readonly header: boolean;
}

const MAX_OBJECT_STREAM = 16 * 1024 * 1024;
const MAX_INFLATED = 128 * 1024 * 1024;
/** More unreadable objects than any accident leaves behind: the walk then ends, and with it the patience. */
const MAX_UNREADABLE = 50_000;

/** Calls `visit` for every readable object of `bytes`. Never throws; time is linear in the bytes. */
export function surveyPdf(bytes: Uint8Array, inflate: Inflate, visit: (object: PdfObject, compressed: boolean) => void): Survey {
	const lexer = new PdfLexer(bytes, false);
	const revisionEnds: number[] = [];
	let inflated = 0;
	const rescan: Rescan = { bytesLeft: 2 * bytes.length, unreadableLeft: MAX_UNREADABLE };
	while (lexer.at < bytes.length && rescan.unreadableLeft > 0) {
		const byte = bytes[lexer.at] as number;
		if (byte === 0x25) readComment(lexer, revisionEnds);
		else if (byte >= 0x30 && byte <= 0x39) {
			const object = tryObject(lexer, rescan);
			if (object === null) continue;
			visit(object, false);
			if (nameOf(dictOf(object.value) ?? EMPTY, 'Type') !== 'ObjStm' || inflated > MAX_INFLATED) continue;
			inflated += readObjectStream(bytes, object, inflate, (inner) => visit(inner, true));
		} else lexer.at++;
	}
	const header = String.fromCharCode(...bytes.subarray(0, 5)) === '%PDF-';
	return { revisionEnds, header };
}

const EMPTY = { kind: 'dict', entries: new Map(), start: 0, end: 0 } as const;

function readComment(lexer: PdfLexer, revisionEnds: number[]): void {
	const { bytes } = lexer;
	const start = lexer.at;
	while (lexer.at < bytes.length && bytes[lexer.at] !== 10 && bytes[lexer.at] !== 13) lexer.at++;
	if (String.fromCharCode(...bytes.subarray(start, start + 5)) !== '%%EOF') return;
	// Writers end a revision with or without a line end of one or two bytes.
	revisionEnds.push(start + 5);
	if (lexer.at > start + 5) revisionEnds.push(lexer.at);
	if (bytes[lexer.at] === 13) revisionEnds.push(++lexer.at);
	if (bytes[lexer.at] === 10) revisionEnds.push(++lexer.at);
}

/**
 * The object at the lexer, or null. After a failure the walk goes on behind the first number, as long as there is rescan
 * budget; then from where reading failed, so that the whole stays linear.
 */
function tryObject(lexer: PdfLexer, rescan: Rescan): PdfObject | null {
	const start = lexer.at;
	if (!seesObject(lexer)) {
		while (isDigit(lexer.bytes[lexer.at])) lexer.at++;
		return null;
	}
	try {
		return lexer.readObject();
	} catch (error) {
		if (!(error instanceof PdfFault)) throw error;
		const { bytes } = lexer;
		rescan.bytesLeft -= lexer.at - start;
		rescan.unreadableLeft--;
		let next = start + 1;
		while (isDigit(bytes[next])) next++;
		lexer.at = rescan.bytesLeft > 0 ? next : Math.max(lexer.at, next);
		return null;
	}
}

interface Rescan {
	bytesLeft: number;
	unreadableLeft: number;
}

/** Whether `number generation obj` stands here. Cheap, and moves nothing: most numbers in a damaged file start no object. */
function seesObject({ bytes, at }: PdfLexer): boolean {
	let next = at;
	for (const digitsMax of [10, 5]) {
		const from = next;
		while (isDigit(bytes[next]) && next - from <= digitsMax) next++;
		const space = next;
		while (isSpace(bytes[next]) && next - space < 64) next++;
		if (space === from || next === space) return false;
	}
	return bytes[next] === 0x6f && bytes[next + 1] === 0x62 && bytes[next + 2] === 0x6a;
}

const isSpace = (byte: number | undefined): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0;
const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** Objects of an object stream (ISO 32000-1 §7.5.7); returns how many bytes it inflated to. */
function readObjectStream(bytes: Uint8Array, object: PdfObject, inflate: Inflate, visit: (object: PdfObject) => void): number {
	if (object.value.kind !== 'stream') return 0;
	const { dict, dataStart, dataEnd } = object.value;
	const data = nameOf(dict, 'Filter') === 'FlateDecode' ? inflate(bytes.subarray(dataStart, dataEnd), MAX_OBJECT_STREAM) : null;
	const first = integerOf(dict, 'First');
	const count = integerOf(dict, 'N');
	if (data === null || first === null || count === null) return 0;
	const head = new PdfLexer(data, false);
	let readLeft = 4 * data.length;
	try {
		for (let i = 0; i < Math.min(count, 100_000); i++) {
			head.skipSpace();
			const number = head.takeInteger();
			head.skipSpace();
			const at = first + head.takeInteger();
			const value = new PdfLexer(data, false, at).readValue(0);
			readLeft -= value.end - value.start;
			if (readLeft < 0) break;
			visit({ number, generation: 0, value, start: object.start, end: object.end });
		}
	} catch (error) {
		if (!(error instanceof PdfFault)) throw error;
	}
	return data.length;
}
