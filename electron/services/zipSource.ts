/** A drop as a ZIP, read entry by entry without unpacking it anywhere. */
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createInflateRaw } from 'node:zlib';
import { type DropSource, failDrop, isDropPath, showName } from '#intake';
import { equalBytes } from '#kernel';
import { crc32 } from './crc32.ts';
import { readAt, readChunks } from './fileBytes.ts';
import { readZipDirectory } from './zipDirectory.ts';
import { damaged, viewOf, ZIP_BOUNDS, type ZipBounds, type ZipEntry } from './zipEntry.ts';

const LOCAL_SIGNATURE = 0x04034b50;
const LOCAL_BYTES = 30;
/** Bit 3: sizes and checksum follow the data, so the local header may leave them empty. */
const FLAG_DATA_DESCRIPTOR = 0x0008;
const FULL_32 = 0xffffffff;
const OUTPUT_CHUNK_BYTES = 1 << 18;

/** Opens a ZIP. Throws `DropFailure`, or the file system's error. */
export async function openZip(path: string, bounds: ZipBounds = ZIP_BOUNDS): Promise<DropSource> {
	const file = await open(path, 'r');
	try {
		const entries = withoutCommonFolder(await readZipDirectory(file, (await file.stat()).size, path, bounds));
		const find = (name: string): ZipEntry =>
			entries.get(name) ?? failDrop('not_found', name, `${showName(name)} is not in the ZIP. Ask for the ZIP again.`);
		return {
			kind: 'zip',
			paths: new Set(entries.keys()),
			size: (name) => Promise.resolve(find(name).bytes),
			open: (name) => streamEntry(file, find(name), path),
			readRange: null,
			close: () => file.close(),
		};
	} catch (error) {
		await file.close();
		throw error;
	}
}

/** Who packs a folder often packs the folder itself: `drop/manifest.json` counts as `manifest.json` where nothing contradicts. */
function withoutCommonFolder(entries: readonly ZipEntry[]): ReadonlyMap<string, ZipEntry> {
	const manifests = entries.filter(({ name }) => name === 'manifest.json' || /^[^/]+\/manifest\.json$/.test(name));
	const [only] = manifests;
	const prefix = manifests.length === 1 && only ? only.name.slice(0, -'manifest.json'.length) : '';
	const inside = entries.filter(({ name }) => name.startsWith(prefix)).map((entry) => [entry.name.slice(prefix.length), entry] as const);
	return new Map(inside.filter(([name]) => isDropPath(name)));
}

async function* streamEntry(file: FileHandle, entry: ZipEntry, zip: string): AsyncGenerator<Uint8Array> {
	const from = await findData(file, entry, zip);
	let bytes = 0;
	let checksum = 0;
	for await (const chunk of entry.method === 0 ? readChunks(file, from, from + entry.bytes) : inflate(file, from, entry)) {
		bytes += chunk.length;
		if (bytes > entry.bytes)
			failDrop(
				'zip_bomb',
				entry.name,
				`${showName(entry.name)} unpacks to more than the ${entry.bytes} bytes the ZIP declares. Ask for the ZIP again.`,
			);
		checksum = crc32(chunk, checksum);
		yield chunk;
	}
	if (bytes !== entry.bytes || checksum !== entry.crc32)
		failDrop(
			'zip_crc',
			entry.name,
			`${showName(entry.name)} does not have the size and checksum the ZIP declares: it was damaged or changed. Ask for the ZIP again.`,
		);
}

/** Where an entry's data begins, after its local header was found to say what the directory says. */
async function findData(file: FileHandle, entry: ZipEntry, zip: string): Promise<number> {
	const header = await readAt(file, entry.headerOffset, LOCAL_BYTES + entry.nameBytes.length);
	const view = viewOf(header);
	if (header.length < LOCAL_BYTES + entry.nameBytes.length || view.getUint32(0, true) !== LOCAL_SIGNATURE)
		return damaged(zip, `${showName(entry.name)} does not begin where the directory says`);
	const isDeferred = (entry.flags & FLAG_DATA_DESCRIPTOR) !== 0;
	const same = (found: number, declared: number, wide: boolean): boolean =>
		found === declared || (isDeferred && found === 0) || (wide && found === FULL_32);
	const agrees =
		view.getUint16(6, true) === entry.flags &&
		view.getUint16(8, true) === entry.method &&
		same(view.getUint32(14, true), entry.crc32, false) &&
		same(view.getUint32(18, true), entry.compressedBytes, true) &&
		same(view.getUint32(22, true), entry.bytes, true) &&
		view.getUint16(26, true) === entry.nameBytes.length &&
		equalBytes(header.subarray(LOCAL_BYTES), entry.nameBytes);
	if (!agrees)
		failDrop(
			'zip_mismatch',
			entry.name,
			`${showName(entry.name)} is described in two ways inside the ZIP, so readers would see different files. Ask for the ZIP again.`,
		);
	const from = entry.headerOffset + header.length + view.getUint16(28, true);
	if (from + entry.compressedBytes > entry.limit)
		failDrop('zip_overlap', entry.name, `${showName(entry.name)} shares bytes with another entry of the ZIP. Ask for the ZIP again.`);
	return from;
}

async function* inflate(file: FileHandle, from: number, entry: ZipEntry): AsyncGenerator<Uint8Array> {
	if (entry.compressedBytes === 0) return;
	const packed = Readable.from(readChunks(file, from, from + entry.compressedBytes));
	const unpacked = createInflateRaw({ chunkSize: OUTPUT_CHUNK_BYTES });
	// A failure of either stream destroys both, and the loop below throws it.
	pipeline(packed, unpacked, () => undefined);
	try {
		for await (const chunk of unpacked) yield chunk as Uint8Array;
	} catch (error) {
		const isZlib = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
		if (!isZlib) throw error;
		failDrop(
			'zip_damaged',
			entry.name,
			`${showName(entry.name)} can't be unpacked (${error.message}). Ask for the ZIP again, or unpack it yourself and give the folder.`,
		);
	} finally {
		packed.destroy();
		unpacked.destroy();
	}
}
