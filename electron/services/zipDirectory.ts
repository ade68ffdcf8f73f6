/** The central directory of a ZIP (APPNOTE 6.3.10), read with bounds: what is in it, before a byte is unpacked. */
import type { FileHandle } from 'node:fs/promises';
import { failDrop, showName } from '#intake';
import { fromUtf8 } from '#kernel';
import { readAt } from './fileBytes.ts';

export interface ZipEntry {
	readonly name: string;
	/** The name as it is spelled in the directory, to be compared with the local header. */
	readonly nameBytes: Uint8Array;
	readonly flags: number;
	/** 0 stored, 8 deflated. */
	readonly method: number;
	readonly crc32: number;
	readonly compressedBytes: number;
	readonly bytes: number;
	readonly headerOffset: number;
	/** First byte that belongs to the next entry or to the directory. */
	readonly limit: number;
}

export const ZIP_BOUNDS = {
	entries: 100_000,
	directoryBytes: 64 << 20,
	/** Of one entry, unpacked. */
	entryBytes: 16 * 2 ** 30,
	/** Of all entries, unpacked. */
	totalBytes: 32 * 2 ** 30,
	/** Unpacked for packed bytes, where an entry is larger than `ratioFromBytes`. Records compress to a tenth, rarely to a fiftieth. */
	ratio: 200,
	ratioFromBytes: 1 << 20,
} as const;

export type ZipBounds = { readonly [bound in keyof typeof ZIP_BOUNDS]: number };

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const MAX_COMMENT_BYTES = 0xffff;
const ZIP64_EXTRA = 0x0001;
const FULL_16 = 0xffff;
const FULL_32 = 0xffffffff;

const UNPACK_AGAIN = 'Ask for the ZIP again, or unpack it yourself and give the folder.';

export function damaged(zip: string, what: string): never {
	return failDrop('zip_damaged', zip, `${showName(zip)} is a damaged ZIP: ${what}. ${UNPACK_AGAIN}`);
}

interface DirectoryPlace {
	readonly offset: number;
	readonly bytes: number;
	readonly entries: number;
}

/** Lists the entries of a ZIP, folders left out. Throws `DropFailure`. */
export async function readZipDirectory(file: FileHandle, size: number, zip: string, bounds: ZipBounds = ZIP_BOUNDS): Promise<ZipEntry[]> {
	const place = await findDirectory(file, size, zip);
	if (place.entries > bounds.entries)
		failDrop(
			'too_many_files',
			zip,
			`${showName(zip)} holds ${place.entries} entries, at most ${bounds.entries} are read. Give the unpacked folder.`,
		);
	if (place.bytes > bounds.directoryBytes) damaged(zip, `its directory has ${place.bytes} bytes`);
	const bytes = await readAt(file, place.offset, place.bytes);
	if (bytes.length < place.bytes) damaged(zip, 'it ends inside its directory');
	const entries: Omit<ZipEntry, 'limit'>[] = [];
	let at = 0;
	for (let i = 0; i < place.entries; i++) {
		const read = readEntry(bytes, at, zip);
		at = read.next;
		entries.push(read.entry);
	}
	if (at !== bytes.length) damaged(zip, 'its directory is longer than its entries');
	checkSizes(entries, zip, bounds);
	return withLimits(entries, place.offset, zip).filter(({ name }) => !name.endsWith('/'));
}

async function findDirectory(file: FileHandle, size: number, zip: string): Promise<DirectoryPlace> {
	const tailBytes = Math.min(size, END_BYTES + MAX_COMMENT_BYTES + ZIP64_LOCATOR_BYTES);
	const tail = await readAt(file, size - tailBytes, tailBytes);
	const view = viewOf(tail);
	let end = tail.length - END_BYTES;
	// The comment runs exactly to the end of the file: anything else could hide a second directory.
	while (end >= 0 && !(view.getUint32(end, true) === END_SIGNATURE && view.getUint16(end + 20, true) === tail.length - end - END_BYTES))
		end--;
	if (end < 0)
		return failDrop(
			'not_a_drop',
			zip,
			`${showName(zip)} is not a ZIP (no end-of-directory record). Give the folder or the ZIP of an evidence drop.`,
		);
	const endOffset = size - tailBytes + end;
	if (view.getUint16(end + 4, true) !== 0 && view.getUint16(end + 4, true) !== FULL_16) damaged(zip, 'it is one part of several');
	const place = { entries: view.getUint16(end + 10, true), bytes: view.getUint32(end + 12, true), offset: view.getUint32(end + 16, true) };
	const hasLocator = end >= ZIP64_LOCATOR_BYTES && view.getUint32(end - ZIP64_LOCATOR_BYTES, true) === ZIP64_LOCATOR_SIGNATURE;
	if (!hasLocator) {
		if (place.entries === FULL_16 || place.bytes === FULL_32 || place.offset === FULL_32) damaged(zip, 'its ZIP64 directory is missing');
		if (place.offset + place.bytes !== endOffset) damaged(zip, 'its directory does not lie where its end record says');
		return place;
	}
	const zip64Offset = Number(view.getBigUint64(end - ZIP64_LOCATOR_BYTES + 8, true));
	if (zip64Offset + ZIP64_END_BYTES > endOffset - ZIP64_LOCATOR_BYTES) damaged(zip, 'its ZIP64 end record lies outside the file');
	return readZip64End(await readAt(file, zip64Offset, ZIP64_END_BYTES), zip64Offset, place, zip);
}

function readZip64End(record: Uint8Array, offset: number, plain: DirectoryPlace, zip: string): DirectoryPlace {
	const view = viewOf(record);
	if (record.length < ZIP64_END_BYTES || view.getUint32(0, true) !== ZIP64_END_SIGNATURE)
		return damaged(zip, 'its ZIP64 end record is missing');
	const place = {
		entries: Number(view.getBigUint64(32, true)),
		bytes: Number(view.getBigUint64(40, true)),
		offset: Number(view.getBigUint64(48, true)),
	};
	// Both records speak of one directory: where the plain one gives a number, it must be the same.
	const agrees =
		(plain.entries === FULL_16 || plain.entries === place.entries) &&
		(plain.bytes === FULL_32 || plain.bytes === place.bytes) &&
		(plain.offset === FULL_32 || plain.offset === place.offset);
	if (!agrees) damaged(zip, 'its two end records contradict each other');
	if (place.offset + place.bytes !== offset) damaged(zip, 'its directory does not lie where its end record says');
	return place;
}

function readEntry(bytes: Uint8Array, at: number, zip: string): { readonly entry: Omit<ZipEntry, 'limit'>; readonly next: number } {
	const view = viewOf(bytes);
	if (at + ENTRY_BYTES > bytes.length || view.getUint32(at, true) !== ENTRY_SIGNATURE)
		return damaged(zip, 'an entry of its directory can not be read');
	const nameBytes = view.getUint16(at + 28, true);
	const extraBytes = view.getUint16(at + 30, true);
	const next = at + ENTRY_BYTES + nameBytes + extraBytes + view.getUint16(at + 32, true);
	if (next > bytes.length) return damaged(zip, 'an entry of its directory is cut off');
	const nameSlice = bytes.slice(at + ENTRY_BYTES, at + ENTRY_BYTES + nameBytes);
	const name = entryName(nameSlice, zip);
	const sizes = readSizes(view, at, at + ENTRY_BYTES + nameBytes, extraBytes, zip);
	const flags = view.getUint16(at + 8, true);
	const method = view.getUint16(at + 10, true);
	checkKind(name, flags, method, view.getUint32(at + 38, true) >>> 16);
	return { entry: { name, nameBytes: nameSlice, flags, method, crc32: view.getUint32(at + 16, true), ...sizes }, next };
}

/** Sizes and offset of an entry, from its ZIP64 field where the plain ones are full. */
function readSizes(view: DataView, at: number, extraAt: number, extraBytes: number, zip: string) {
	let bytes = view.getUint32(at + 24, true);
	let compressedBytes = view.getUint32(at + 20, true);
	let headerOffset = view.getUint32(at + 42, true);
	if (bytes !== FULL_32 && compressedBytes !== FULL_32 && headerOffset !== FULL_32) return { bytes, compressedBytes, headerOffset };
	const field = extraField(view, extraAt, extraBytes, ZIP64_EXTRA);
	if (!field) return damaged(zip, 'the ZIP64 sizes of an entry are missing');
	let from = field.at;
	const take = (): number => {
		if (from + 8 > field.at + field.bytes) return damaged(zip, 'the ZIP64 sizes of an entry are cut off');
		const value = Number(view.getBigUint64(from, true));
		from += 8;
		return Number.isSafeInteger(value) ? value : damaged(zip, 'a size is out of range');
	};
	if (bytes === FULL_32) bytes = take();
	if (compressedBytes === FULL_32) compressedBytes = take();
	if (headerOffset === FULL_32) headerOffset = take();
	return { bytes, compressedBytes, headerOffset };
}

function extraField(view: DataView, from: number, length: number, id: number): { readonly at: number; readonly bytes: number } | null {
	for (let at = from; at + 4 <= from + length; at += 4 + view.getUint16(at + 2, true)) {
		const bytes = view.getUint16(at + 2, true);
		if (at + 4 + bytes > from + length) return null;
		if (view.getUint16(at, true) === id) return { at: at + 4, bytes };
	}
	return null;
}

/** A name that means one file of the drop on every system, or a refusal. */
function entryName(bytes: Uint8Array, zip: string): string {
	const name = fromUtf8(bytes);
	const refuse = (why: string): never =>
		failDrop('unsafe_name', zip, `${showName(zip)} holds an entry "${showName(name ?? 'not UTF-8')}" ${why}. ${UNPACK_AGAIN}`);
	if (name === null) return refuse('whose name is not UTF-8');
	if (name === '' || [...name].some((char) => char < ' ' || char === '\u007f'))
		return refuse('whose name is empty or holds control characters');
	if (name.includes('\\') || name.startsWith('/') || /^[A-Za-z]:/.test(name))
		return refuse('whose name is not a plain path inside the drop');
	const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
	if (parts.some((part) => part === '' || part === '.' || part === '..')) return refuse('whose name leaves the drop or is no plain path');
	return name;
}

const ENCRYPTED_FLAGS = 0x0001 | 0x0040 | 0x2000;
const FILE_TYPE_MASK = 0xf000;
const TYPE_LINK = 0xa000;
const TYPE_FOLDER = 0x4000;
const TYPE_FILE = 0x8000;

function checkKind(name: string, flags: number, method: number, unixMode: number): void {
	const shown = showName(name);
	if ((flags & ENCRYPTED_FLAGS) !== 0)
		failDrop('zip_encrypted', name, `${shown} is encrypted inside the ZIP. Unpack it with its password and give the folder.`);
	if (method !== 0 && method !== 8)
		failDrop(
			'zip_unsupported',
			name,
			`${shown} is packed with method ${method}; only stored and deflated entries are read. Pack the drop again, or give the folder.`,
		);
	const type = unixMode & FILE_TYPE_MASK;
	if (type === TYPE_LINK)
		failDrop('link', name, `${shown} is a link; a drop must hold the files themselves. Ask for a copy without links.`);
	if (type !== 0 && type !== TYPE_FILE && type !== TYPE_FOLDER)
		failDrop('not_a_regular_file', name, `${shown} is not a regular file. Remove it from the drop, or ask for the drop again.`);
}

function checkSizes(entries: readonly Omit<ZipEntry, 'limit'>[], zip: string, bounds: ZipBounds): void {
	const seen = new Map<string, string>();
	let total = 0;
	for (const { name, bytes, compressedBytes, method } of entries) {
		const folded = name.normalize('NFC').toLowerCase();
		const twin = seen.get(folded);
		if (twin !== undefined)
			failDrop(
				'duplicate_name',
				zip,
				`${showName(zip)} holds "${showName(twin)}" and "${showName(name)}", which are one file on some systems. ${UNPACK_AGAIN}`,
			);
		seen.set(folded, name);
		if (name.endsWith('/') && bytes !== 0) damaged(zip, 'a folder entry has content');
		if (method === 0 && bytes !== compressedBytes)
			failDrop('zip_mismatch', name, `${showName(name)} is stored, yet has two sizes. ${UNPACK_AGAIN}`);
		total += bytes;
		const isBomb =
			bytes > bounds.entryBytes || total > bounds.totalBytes || (bytes > bounds.ratioFromBytes && bytes > compressedBytes * bounds.ratio);
		if (isBomb)
			failDrop(
				'zip_bomb',
				name,
				`${showName(name)} would unpack from ${compressedBytes} to ${bytes} bytes, more than is read. If that is right, give the unpacked folder.`,
			);
	}
}

/** Entries may not share bytes: sharing is how small ZIPs unpack to petabytes. */
function withLimits(entries: readonly Omit<ZipEntry, 'limit'>[], directoryOffset: number, zip: string): ZipEntry[] {
	const sorted = [...entries].sort((a, b) => a.headerOffset - b.headerOffset);
	return sorted.map((entry, i) => {
		const limit = sorted[i + 1]?.headerOffset ?? directoryOffset;
		if (entry.headerOffset + 30 + entry.nameBytes.length + entry.compressedBytes > limit)
			failDrop('zip_overlap', zip, `${showName(zip)} holds entries that share bytes ("${showName(entry.name)}"). ${UNPACK_AGAIN}`);
		return { ...entry, limit };
	});
}

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
