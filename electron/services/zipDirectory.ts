/** The central directory of a ZIP (APPNOTE 6.3.10), read with bounds: what is in it, before a byte is unpacked. */
import type { FileHandle } from 'node:fs/promises';
import { failDrop, showName } from '#intake';
import { readAt } from './fileBytes.ts';
import { damaged, FULL_16, FULL_32, readEntry, UNPACK_AGAIN, viewOf, ZIP_BOUNDS, type ZipBounds, type ZipEntry } from './zipEntry.ts';

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const ZIP64_LOCATOR_SIGNATURE = 0x07064b50;
const ZIP64_LOCATOR_BYTES = 20;
const ZIP64_END_SIGNATURE = 0x06064b50;
const ZIP64_END_BYTES = 56;
const MAX_COMMENT_BYTES = 0xffff;

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
