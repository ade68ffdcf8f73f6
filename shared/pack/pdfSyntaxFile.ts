/**
 * The strict reading of a whole file, front to back: header, then revisions, each of objects, a classic xref section that
 * lists exactly those objects, a trailer, `startxref` and `%%EOF`. Every byte is accounted for, so nothing can hide
 * between objects, and two readers can't see two documents.
 */
import { err, ok, type Result } from '#kernel';
import { PdfFault, PdfLexer } from './pdfSyntaxLexer.ts';
import { entryOf, integerOf, nameOf, type PdfDict, type PdfObject, type PdfValue } from './pdfSyntaxValue.ts';

export type FileFaultCode =
	| 'not_a_pdf'
	| 'leading_bytes'
	| 'trailing_bytes'
	| 'truncated'
	| 'xref_mismatch'
	| 'xref_not_classic'
	| 'syntax_error';

export interface FileFault {
	readonly code: FileFaultCode;
	readonly at: number;
	readonly detail: string;
}

export interface PdfRevision {
	readonly start: number;
	readonly xrefAt: number;
	/** Offset behind the revision's `%%EOF` and its line feed. */
	readonly end: number;
	/** Offsets of the objects this revision wrote, by object number. */
	readonly offsets: ReadonlyMap<number, number>;
	readonly trailer: PdfDict;
}

export interface PdfFile {
	readonly bytes: Uint8Array;
	readonly revisions: readonly PdfRevision[];
	/** The value of object `number` as revision `revision` sees it; undefined if there is none. */
	get(number: number, revision?: number): PdfValue | undefined;
	/** Follows `value` if it is a reference. */
	resolve(value: PdfValue | undefined, revision?: number): PdfValue | undefined;
}

export type ObjectVisitor = (object: PdfObject, revision: number) => void;

const MAX_REVISIONS = 64;

/** Reads `bytes` strictly; `visit` sees each object once, in file order. */
export function readPdfFile(bytes: Uint8Array, visit?: ObjectVisitor): Result<PdfFile, FileFault> {
	const headerAt = findHeader(bytes);
	if (headerAt !== 0) {
		return headerAt < 0
			? err({ code: 'not_a_pdf', at: 0, detail: 'no %PDF- header in the first 1,024 bytes' })
			: err({ code: 'leading_bytes', at: 0, detail: `${headerAt} bytes stand before the %PDF- header` });
	}
	const lexer = new PdfLexer(bytes, true);
	const revisions: PdfRevision[] = [];
	try {
		readHeader(lexer);
		while (lexer.at < bytes.length) {
			if (revisions.length === MAX_REVISIONS) lexer.fail(`more than ${MAX_REVISIONS} revisions`);
			revisions.push(readRevision(lexer, revisions, visit));
		}
		if (revisions.length === 0) lexer.fail('the file has no objects');
	} catch (error) {
		if (!(error instanceof PdfFault)) throw error;
		return err(explain(error, lexer, revisions));
	}
	return ok(openFile(bytes, revisions));
}

function findHeader(bytes: Uint8Array): number {
	const limit = Math.min(1024, bytes.length - 5);
	for (let at = 0; at <= limit; at++) {
		if (bytes[at] === 0x25 && bytes[at + 1] === 0x50 && bytes[at + 2] === 0x44 && bytes[at + 3] === 0x46 && bytes[at + 4] === 0x2d)
			return at;
	}
	return -1;
}

/** `%PDF-1.n` or `%PDF-2.0`, then at most one comment line of at most eight bytes that says "binary". */
function readHeader(lexer: PdfLexer): void {
	const { bytes } = lexer;
	const version = String.fromCharCode(...bytes.subarray(5, 8));
	if (!/^(1\.[4-7]|2\.0)$/.test(version) || bytes[8] !== 10) lexer.fail('the header is not a PDF version on a line of its own', 0);
	lexer.at = 9;
	if (bytes[9] !== 0x25) return;
	const lineEnd = bytes.indexOf(10, 9);
	if (lineEnd < 0 || lineEnd > 18) lexer.fail('the second header line is too long');
	lexer.at = lineEnd + 1;
}

function readRevision(lexer: PdfLexer, earlier: readonly PdfRevision[], visit: ObjectVisitor | undefined): PdfRevision {
	const start = lexer.at;
	const offsets = new Map<number, number>();
	for (lexer.skipSpace(); !lexer.sees('xref'); lexer.skipSpace()) {
		const object = lexer.readObject();
		if (object.generation !== 0) lexer.fail('a generation other than 0', object.start);
		if (offsets.has(object.number))
			throw new FileError('xref_mismatch', `object ${object.number} stands twice in one revision`, object.start);
		refuseCompressed(object);
		offsets.set(object.number, object.start);
		visit?.(object, earlier.length);
	}
	const xrefAt = lexer.at;
	readXref(lexer, offsets, earlier.length);
	lexer.skipSpace();
	lexer.take('trailer');
	lexer.skipSpace();
	const trailer = lexer.readDict(0);
	checkTrailer(lexer, trailer, earlier.at(-1));
	lexer.skipSpace();
	lexer.take('startxref');
	lexer.skipSpace();
	if (lexer.takeInteger() !== xrefAt) throw new FileError('xref_mismatch', 'startxref does not point at its own xref section', xrefAt);
	for (const byte of [10, 0x25, 0x25, 0x45, 0x4f, 0x46, 10]) {
		if (lexer.bytes[lexer.at] !== byte) lexer.fail('the revision does not end in %%EOF and a line feed');
		lexer.at++;
	}
	return { start, xrefAt, end: lexer.at, offsets, trailer };
}

class FileError extends PdfFault {
	readonly code: FileFaultCode;
	constructor(code: FileFaultCode, message: string, at: number) {
		super(message, at);
		this.code = code;
	}
}

function refuseCompressed(object: PdfObject): void {
	if (object.value.kind !== 'stream') return;
	const type = nameOf(object.value.dict, 'Type');
	if (type === 'ObjStm' || type === 'XRef')
		throw new FileError('xref_not_classic', `object ${object.number} is a /${type} stream`, object.start);
}

/** Subsections of 20-byte entries that name exactly the revision's objects (ISO 32000-1 §7.5.4). Free entries: revision 0 only. */
function readXref(lexer: PdfLexer, offsets: ReadonlyMap<number, number>, revision: number): void {
	const { bytes } = lexer;
	lexer.take('xref');
	const listed = new Set<number>();
	for (lexer.skipSpace(); !lexer.sees('trailer'); lexer.skipSpace()) {
		const first = lexer.takeInteger();
		lexer.skipSpace();
		const count = lexer.takeInteger();
		if (bytes[lexer.at++] !== 10) lexer.fail('an xref subsection head must end its line');
		for (let number = first; number < first + count; number++, lexer.at += 20) {
			const entry = String.fromCharCode(...bytes.subarray(lexer.at, lexer.at + 20));
			const match = /^(\d{10}) (\d{5}) ([nf])(?: \n|\r\n| \r)$/.exec(entry);
			if (match === null) lexer.fail('not an xref entry of 20 bytes');
			if (listed.has(number)) throw new FileError('xref_mismatch', `object ${number} is listed twice`, lexer.at);
			listed.add(number);
			const free = match[3] === 'f';
			const agrees = free
				? !offsets.has(number) && (revision === 0 || number === 0)
				: offsets.get(number) === Number(match[1]) && match[2] === '00000';
			if (!agrees) throw new FileError('xref_mismatch', `the xref entry of object ${number} does not lead to it`, lexer.at);
		}
	}
	for (const [number, at] of offsets)
		if (!listed.has(number)) throw new FileError('xref_mismatch', `object ${number} is not in its xref section`, at);
}

function checkTrailer(lexer: PdfLexer, trailer: PdfDict, previous: PdfRevision | undefined): void {
	if (trailer.entries.has('XRefStm')) throw new FileError('xref_not_classic', 'a hybrid xref section', trailer.start);
	if (entryOf(trailer, 'Root')?.kind !== 'reference') lexer.fail('the trailer names no /Root', trailer.start);
	const wanted = previous === undefined ? null : previous.xrefAt;
	if (integerOf(trailer, 'Prev') !== wanted || (wanted === null && trailer.entries.has('Prev'))) {
		throw new FileError('xref_mismatch', '/Prev does not lead to the revision before', trailer.start);
	}
}

function explain(error: PdfFault, lexer: PdfLexer, revisions: readonly PdfRevision[]): FileFault {
	const { bytes } = lexer;
	const { at, message: detail } = error;
	if (error instanceof FileError) return { code: error.code, at, detail };
	const lastEnd = revisions.at(-1)?.end;
	// Nothing after the last whole revision could be read at all: no update, only bytes.
	if (lastEnd !== undefined && at <= skipSpaceFrom(bytes, lastEnd))
		return { code: 'trailing_bytes', at: lastEnd, detail: `${bytes.length - lastEnd} bytes follow the last %%EOF` };
	const tail = String.fromCharCode(...bytes.subarray(-6));
	if (tail !== '%%EOF\n')
		return {
			code: 'truncated',
			at: bytes.length,
			detail: `the file does not end in %%EOF and a line feed; reading stopped at byte ${at}: ${detail}`,
		};
	return { code: 'syntax_error', at, detail };
}

function skipSpaceFrom(bytes: Uint8Array, at: number): number {
	const lexer = new PdfLexer(bytes, true, at);
	lexer.skipSpace();
	return lexer.at;
}

const MAX_CACHED = 100_000;

function openFile(bytes: Uint8Array, revisions: readonly PdfRevision[]): PdfFile {
	const cache = new Map<number, PdfValue>();
	const valueAt = (offset: number): PdfValue => {
		const known = cache.get(offset);
		if (known !== undefined) return known;
		const { value } = new PdfLexer(bytes, true, offset).readObject();
		if (cache.size < MAX_CACHED) cache.set(offset, value);
		return value;
	};
	const get = (number: number, revision = revisions.length - 1): PdfValue | undefined => {
		for (let i = revision; i >= 0; i--) {
			const offset = revisions[i]?.offsets.get(number);
			if (offset !== undefined) return valueAt(offset);
		}
		return undefined;
	};
	const resolve = (value: PdfValue | undefined, revision?: number): PdfValue | undefined =>
		value?.kind === 'reference' ? get(value.number, revision) : value;
	return { bytes, revisions, get, resolve };
}
