/**
 * A drop's files as one run of bytes, cut into segments of 1 MiB wherever the cut falls: deflated, sealed, one record each. A table of
 * extents says where each file lies. Each segment names the chain of digests up to it; the marker of the import, written last, names the
 * last: without a marker the segments are those of a half import.
 */
import type { DropSource } from '#intake';
import { concatBytes, type Json, toHex } from '#kernel';
import { type Bytes, digest } from './sealing.ts';
import type { Shelf } from './shelf.ts';

/** Where a run of a file's bytes lies. */
export interface Extent {
	readonly segment: number;
	readonly offset: number;
	readonly length: number;
}

export interface SegmentBody {
	readonly version: 1;
	readonly raw: number;
	readonly deflated: boolean;
	/** Hex SHA-256 over the chain before and this segment's stored bytes. */
	readonly chain: string;
}

/** What is on the disk of a drop that is being stored. */
export interface WrittenSoFar extends SegmentTotals {
	/** By path, all but what lies in segments that are still on their way. */
	readonly extents: ReadonlyMap<string, readonly Extent[]>;
}

/** An import that stands. */
export interface StoredImport extends SegmentTotals {
	readonly importId: string;
	readonly kind: DropSource['kind'];
	readonly meta: Json;
}

/** `[path, bytes, extents as segment, offset, length, segment, …]` of a file. */
export type FileRow = readonly [path: string, size: number, extents: readonly number[]];

export const fileRow = (path: string, extents: readonly Extent[]): FileRow => [
	path,
	extents.reduce((size, { length }) => size + length, 0),
	extents.flatMap(({ segment, offset, length }) => [segment, offset, length]),
];

export function extentsOf(flat: readonly number[]): Extent[] {
	const extents: Extent[] = [];
	for (let at = 0; at < flat.length; at += 3)
		extents.push({ segment: flat[at] as number, offset: flat[at + 1] as number, length: flat[at + 2] as number });
	return extents;
}

export interface SegmentTotals {
	readonly segments: number;
	readonly chain: string;
	/** Bytes taken, and bytes stored before sealing. */
	readonly raw: number;
	readonly stored: number;
}

export const segmentId = (importId: string, segment: number): string => `${importId}.${String(segment).padStart(8, '0')}`;

/** What the chain starts from: the import it belongs to. */
export const chainStart = (importId: string): Promise<Bytes> =>
	digest(concatBytes(new TextEncoder().encode(`tieout/segments/1/${importId}`)));

/** Recomputes the chain over all segments. @returns the number of the first segment that does not fit, or null */
export async function verifySegments(
	shelf: Shelf,
	importId: string,
	totals: Pick<SegmentTotals, 'segments' | 'chain'>,
): Promise<number | null> {
	let chain = await chainStart(importId);
	for (let at = 0; at < totals.segments; at++) {
		const [record] = await shelf.get([segmentId(importId, at)]);
		if (record === undefined) return at;
		chain = await digest(concatBytes(chain, record.bytes));
		if (toHex(chain) !== (record.body as unknown as SegmentBody).chain) return at;
	}
	return toHex(chain) === totals.chain ? null : totals.segments;
}
