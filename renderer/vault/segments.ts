/**
 * A drop's files as one run of bytes, cut into segments of 1 MiB wherever the cut falls: deflated, sealed, one record each. A table of
 * extents says where each file lies. Each segment names the chain of digests up to it; the marker of the import, written last, names the
 * last: without a marker the segments are those of a half import.
 */
import type { DropSource } from '#intake';
import { concatBytes, fromHex, type Json, toHex } from '#kernel';
import { deflate } from './deflate.ts';
import { type Bytes, digest } from './sealing.ts';
import type { Shelf, StoredRecord } from './shelf.ts';

/** One record and one durable transaction each: of a sample drop some 150 KiB are stored of it. */
const SEGMENT_BYTES = 1_048_576;

/** Segments in one durable transaction. */
const BATCH = 1;

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

interface SegmentWriter {
	/** Takes a copy. Waits while too much is on its way to the disk; throws what an earlier write failed with. */
	write(path: string, bytes: Uint8Array): Promise<void>;
	/** Writes the last segment and waits for all. */
	finish(): Promise<SegmentTotals>;
	/** Waits until nothing is on its way any more, whether it succeeded or not. */
	settle(): Promise<void>;
	extentsOf(path: string): readonly Extent[];
	durable(): WrittenSoFar;
}

interface WriterOptions {
	readonly compress?: Deflate;
	/** Where an earlier writer of the same import has got to. */
	readonly resumed?: WrittenSoFar | null;
	/** Called after each durable transaction, before the next one begins. */
	readonly onDurable?: () => Promise<void>;
}

export interface SegmentTotals {
	readonly segments: number;
	readonly chain: string;
	/** Bytes taken, and bytes stored before sealing. */
	readonly raw: number;
	readonly stored: number;
}

/** Deflates one segment; another worker may do it. */
export type Deflate = (raw: Bytes) => Promise<Bytes>;

export const segmentId = (importId: string, segment: number): string => `${importId}.${String(segment).padStart(8, '0')}`;

/** What the chain starts from: the import it belongs to. */
const chainStart = (importId: string): Promise<Bytes> => digest(concatBytes(new TextEncoder().encode(`tieout/segments/1/${importId}`)));

export function segmentWriter(
	shelf: Shelf,
	importId: string,
	{ compress = deflate, resumed = null, onDurable = () => Promise.resolve() }: WriterOptions = {},
): SegmentWriter {
	const extents = new Map([...(resumed?.extents ?? [])].map(([path, list]): [string, Extent[]] => [path, [...list]]));
	let buffer = new Uint8Array(SEGMENT_BYTES);
	let fill = 0;
	let segment = resumed?.segments ?? 0;
	let raw = resumed?.raw ?? 0;
	let chain: Bytes | null = resumed ? fromHex(resumed.chain) : null;
	let durable: SegmentTotals = { segments: segment, chain: resumed?.chain ?? '', raw, stored: resumed?.stored ?? 0 };
	let batch: Promise<Deflated>[] = [];
	let inserting: Promise<void> = Promise.resolve();
	let failure: { readonly error: unknown } | null = null;

	const insert = async (ready: readonly Promise<Deflated>[], first: number): Promise<void> => {
		if (failure) return;
		const records: StoredRecord[] = [];
		const pressed = await Promise.all(ready);
		for (const [i, each] of pressed.entries()) {
			chain = await digest(concatBytes(chain ?? (await chainStart(importId)), each.bytes));
			const body: SegmentBody = { version: 1, raw: each.raw, deflated: each.deflated, chain: toHex(chain) };
			records.push({ id: segmentId(importId, first + i), body: body as unknown as Json, bytes: each.bytes });
		}
		await shelf.insert(records);
		const sum = (of: (record: Deflated) => number): number => pressed.reduce((total, each) => total + of(each), 0);
		durable = {
			segments: first + records.length,
			chain: chain ? toHex(chain) : '',
			raw: durable.raw + sum((each) => each.raw),
			stored: durable.stored + sum(({ bytes }) => bytes.length),
		};
		await onDurable();
	};
	const send = async (): Promise<void> => {
		if (batch.length === 0) return;
		const ready = batch;
		const first = segment - ready.length;
		batch = [];
		const before = inserting;
		inserting = before
			.then(() => insert(ready, first))
			.catch((error: unknown) => {
				failure ??= { error };
			});
		// One batch is being written while the next is being filled: no more than that is held.
		await before;
	};
	const cut = async (): Promise<void> => {
		const full = buffer.subarray(0, fill);
		buffer = new Uint8Array(SEGMENT_BYTES);
		fill = 0;
		segment++;
		const pressed = press(full, compress);
		pressed.catch(() => null);
		batch.push(pressed);
		if (batch.length === BATCH) await send();
	};
	const check = (): void => {
		if (failure) throw failure.error;
	};
	return {
		write: async (path, bytes) => {
			check();
			const list = extents.get(path) ?? [];
			extents.set(path, list);
			for (let at = 0; at < bytes.length; ) {
				const length = Math.min(bytes.length - at, SEGMENT_BYTES - fill);
				buffer.set(bytes.subarray(at, at + length), fill);
				addExtent(list, { segment, offset: fill, length });
				fill += length;
				at += length;
				raw += length;
				if (fill === SEGMENT_BYTES) await cut();
			}
			check();
		},
		finish: async () => {
			if (fill > 0) await cut();
			await send();
			await inserting;
			check();
			return { segments: segment, chain: toHex(chain ?? (await chainStart(importId))), raw, stored: durable.stored };
		},
		settle: async () => {
			await Promise.allSettled(batch);
			await inserting;
		},
		extentsOf: (path) => extents.get(path) ?? [],
		durable: () => ({
			...durable,
			extents: new Map([...extents].map(([path, list]) => [path, list.filter((extent) => extent.segment < durable.segments)])),
		}),
	};
}

interface Deflated {
	readonly raw: number;
	readonly deflated: boolean;
	readonly bytes: Bytes;
}

async function press(raw: Bytes, compress: Deflate): Promise<Deflated> {
	const small = await compress(raw);
	const deflated = small.length < raw.length;
	return { raw: raw.length, deflated, bytes: deflated ? small : raw };
}

/** Runs that follow each other in one segment are one. */
function addExtent(list: Extent[], extent: Extent): void {
	const last = list.at(-1);
	if (last?.segment === extent.segment && last.offset + last.length === extent.offset)
		list[list.length - 1] = { ...last, length: last.length + extent.length };
	else list.push(extent);
}

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
