/** A stored drop as a `DropSource`: files out of sealed segments, the last few decrypted ones kept in memory. */
import { type DropSource, failDrop } from '#intake';
import { invariant } from '#kernel';
import { jsonOf } from './chunks.ts';
import type { EngagementDatabase } from './database.ts';
import { localPacking, type Packing } from './packing.ts';
import type { Bytes } from './sealing.ts';
import { extentsOf, type FileRow, type SegmentBody, type StoredImport, segmentId } from './segments.ts';
import type { Shelf, StoredRecord } from './shelf.ts';
import { VaultFailure, vaultErrorOf } from './vaultError.ts';

export interface StoredDrop {
	readonly stored: StoredImport;
	readonly source: DropSource;
}

/** 16 segments: 16 MiB of clear bytes. */
const KEPT = 16;
/** Segments fetched at once while a file is read in order. */
const AHEAD = 2;

/** What an import's marker says, or null where there is none. */
export async function readImport(database: EngagementDatabase, importId: string): Promise<StoredImport | null> {
	const [record] = await database.shelf('import').get([importId]);
	return record === undefined ? null : markerOf(record);
}

function markerOf({ id, body }: StoredRecord): StoredImport {
	const { version, ...rest } = body as unknown as Omit<StoredImport, 'importId'> & { version: number };
	invariant(version === 1, `marker of version ${version}`);
	return { importId: id, ...rest };
}

export async function storedDrop(database: EngagementDatabase, importId: string, packing: Packing): Promise<StoredDrop | null> {
	const [record] = await database.shelf('import').get([importId]);
	if (record === undefined) return null;
	const files = segmentFiles(database.shelf('segment'), importId, await fileRowsOf(record.bytes), packing);
	return { stored: markerOf(record), source: { kind: markerOf(record).kind, ...files, close: () => Promise.resolve() } };
}

/** Files that lie in an import's segments, whether it stands or was broken off. */
export function segmentFiles(
	segments: Shelf,
	importId: string,
	rows: readonly FileRow[],
	packing: Packing = localPacking,
): Omit<SegmentSource, 'kind' | 'close'> {
	// A drop has a hundred thousand files, of which few are read: where they lie is unfolded when they are.
	const files = new Map(rows.map((row) => [row[0], row]));
	const cache = segmentCache(segments, importId, packing);
	const rowOf = (path: string): FileRow =>
		files.get(path) ?? failDrop('not_found', path, `${path} is not in the stored drop. Import the drop anew.`);
	const fileOf = (path: string) => {
		const [, size, extents] = rowOf(path);
		return { size, extents: extentsOf(extents) };
	};
	const readSegment = async (path: string, numbers: readonly number[]): Promise<readonly Bytes[]> => {
		try {
			return await cache(numbers);
		} catch (error) {
			failDrop('not_readable', path, vaultErrorOf(error).message);
		}
	};
	async function* open(path: string): AsyncGenerator<Uint8Array> {
		const { extents } = fileOf(path);
		for (let at = 0; at < extents.length; at += AHEAD) {
			const batch = extents.slice(at, at + AHEAD);
			const clear = await readSegment(
				path,
				batch.map(({ segment }) => segment),
			);
			for (const [i, { offset, length }] of batch.entries()) yield (clear[i] as Bytes).subarray(offset, offset + length);
		}
	}
	const readRange = async (path: string, offset: number, length: number): Promise<Uint8Array> => {
		const { extents, size } = fileOf(path);
		const end = Math.min(size, offset + length);
		const whole = new Uint8Array(Math.max(0, end - offset));
		let start = 0;
		for (const extent of extents) {
			const from = Math.max(offset, start);
			const to = Math.min(end, start + extent.length);
			if (from < to) {
				const [clear] = await readSegment(path, [extent.segment]);
				const shift = extent.offset - start;
				whole.set((clear as Bytes).subarray(from + shift, to + shift), from - offset);
			}
			start += extent.length;
			if (start >= end) break;
		}
		return whole;
	};
	return {
		paths: new Set(files.keys()),
		size: (path) => Promise.resolve().then(() => rowOf(path)[1]),
		open,
		readRange,
	};
}

/** A stored drop can be read at any offset. */
type SegmentSource = DropSource & { readonly readRange: NonNullable<DropSource['readRange']> };

/** The table of files, as `deflatedRows` wrote it. */
export const fileRowsOf = async (bytes: Bytes): Promise<readonly FileRow[]> => jsonOf(await inflateAny(bytes)) as readonly FileRow[];

/** The file table is deflated; its length is not kept beside it. */
async function inflateAny(bytes: Bytes): Promise<Bytes> {
	const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

/** Clear segments by number, the least lately used going first. */
function segmentCache(shelf: Shelf, importId: string, packing: Packing): (segments: readonly number[]) => Promise<readonly Bytes[]> {
	const kept = new Map<number, Promise<Bytes>>();
	const fetch = (missing: readonly number[]): void => {
		const reading = shelf.get(missing.map((segment) => segmentId(importId, segment)));
		for (const segment of missing) {
			const clear = reading.then((records) => openSegment(records, importId, segment, packing));
			clear.catch(() => kept.delete(segment));
			kept.set(segment, clear);
		}
	};
	return (segments) => {
		const missing = [...new Set(segments)].filter((segment) => !kept.has(segment));
		if (missing.length > 0) fetch(missing);
		const found = segments.map((segment) => {
			const clear = kept.get(segment);
			invariant(clear, 'a segment asked for is being read');
			kept.delete(segment);
			kept.set(segment, clear);
			return clear;
		});
		for (const oldest of kept.keys()) {
			if (kept.size <= KEPT) break;
			kept.delete(oldest);
		}
		return Promise.all(found);
	};
}

function openSegment(records: readonly StoredRecord[], importId: string, segment: number, packing: Packing): Promise<Bytes> {
	const record = records.find(({ id }) => id === segmentId(importId, segment));
	if (record === undefined)
		throw new VaultFailure(
			'engagement_damaged',
			`Segment ${segment} of the stored evidence is missing. Restore the engagement from a backup.`,
		);
	const { raw, deflated } = record.body as unknown as SegmentBody;
	return packing.unpack({ deflated, bytes: record.bytes }, raw);
}
