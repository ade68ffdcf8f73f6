/** One entry of the central directory of a ZIP (APPNOTE 6.3.10 §4.3.12): its sizes, its name, its kind, or a refusal. */
import { failDrop, showName } from '#intake';
import { fromUtf8 } from '#kernel';

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

const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const ZIP64_EXTRA = 0x0001;
export const FULL_16 = 0xffff;
export const FULL_32 = 0xffffffff;
export const UNPACK_AGAIN = 'Ask for the ZIP again, or unpack it yourself and give the folder.';

export function damaged(zip: string, what: string): never {
	return failDrop('zip_damaged', zip, `${showName(zip)} is a damaged ZIP: ${what}. ${UNPACK_AGAIN}`);
}

export function readEntry(bytes: Uint8Array, at: number, zip: string): { readonly entry: Omit<ZipEntry, 'limit'>; readonly next: number } {
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

export const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
