/**
 * Writes a drop's files as segments, in the order in which they come. What gets ready while a transaction is on its way goes into the next
 * one together: the slower the disk answers, the fewer transactions it is asked for.
 */
import { concatBytes, fromHex, type Json, toHex } from '#kernel';
import { localPacking, type Packed, type Packing } from './packing.ts';
import { type Bytes, digest } from './sealing.ts';
import { chainStart, type Extent, type SegmentBody, type SegmentTotals, segmentId, type WrittenSoFar } from './segments.ts';
import type { Shelf, StoredRecord } from './shelf.ts';

/** One record and one durable transaction each: of a sample drop some 150 KiB are stored of it. */
const SEGMENT_BYTES = 1_048_576;

/** Segments in one durable transaction, at most. */
const BATCH_MAX = 4;
/** Segments that are being deflated or are on their way to the disk: what fills the next one waits when there are more. */
const HELD_MAX = 10;

interface SegmentWriter {
	/** Takes a copy. Waits while too much is on its way to the disk; throws what an earlier write failed with. */
	write(path: string, bytes: Uint8Array): Promise<void>;
	/** Writes the last segment and waits for all. */
	finish(): Promise<SegmentTotals>;
	/** Begins no transaction any more, and waits for the one that is on its way, whether it succeeds or not. */
	settle(): Promise<void>;
	extentsOf(path: string): readonly Extent[];
	durable(): WrittenSoFar;
}

interface WriterOptions {
	readonly packing?: Packing;
	/** Where an earlier writer of the same import has got to. */
	readonly resumed?: WrittenSoFar | null;
	/** Called after each durable transaction, before the next one begins. */
	readonly onDurable?: () => Promise<void>;
}

export function segmentWriter(
	shelf: Shelf,
	importId: string,
	{ packing = localPacking, resumed = null, onDurable = () => Promise.resolve() }: WriterOptions = {},
): SegmentWriter {
	const extents = new Map([...(resumed?.extents ?? [])].map(([path, list]): [string, Extent[]] => [path, [...list]]));
	let buffer = new Uint8Array(SEGMENT_BYTES);
	let fill = 0;
	let segment = resumed?.segments ?? 0;
	let raw = resumed?.raw ?? 0;
	let chain: Bytes | null = resumed ? fromHex(resumed.chain) : null;
	let durable: SegmentTotals = { segments: segment, chain: resumed?.chain ?? '', raw, stored: resumed?.stored ?? 0 };
	/** Behind `durable`, in order: the first of them are those of the transaction that is on its way. */
	const held: Promise<PackedSegment>[] = [];
	let inserting: Promise<void> = Promise.resolve();
	let isInserting = false;
	let failure: { readonly error: unknown } | null = null;
	const waiting: (() => void)[] = [];
	const wake = (): void => {
		for (const go of waiting.splice(0)) go();
	};

	const insert = async (ready: readonly Promise<PackedSegment>[], first: number): Promise<void> => {
		const records: StoredRecord[] = [];
		const packed = await Promise.all(ready);
		for (const [i, each] of packed.entries()) {
			chain = await digest(concatBytes(chain ?? (await chainStart(importId)), each.bytes));
			const body: SegmentBody = { version: 1, raw: each.raw, deflated: each.deflated, chain: toHex(chain) };
			records.push({ id: segmentId(importId, first + i), body: body as unknown as Json, bytes: each.bytes });
		}
		await shelf.insert(records);
		const sum = (of: (record: PackedSegment) => number): number => packed.reduce((total, each) => total + of(each), 0);
		durable = {
			segments: first + records.length,
			chain: chain ? toHex(chain) : '',
			raw: durable.raw + sum((each) => each.raw),
			stored: durable.stored + sum(({ bytes }) => bytes.length),
		};
		await onDurable();
	};
	/** Transaction after transaction, until nothing is held any more or one fails. */
	const insertOn = async (): Promise<void> => {
		isInserting = true;
		try {
			while (held.length > 0 && failure === null) {
				const batch = held.slice(0, BATCH_MAX);
				await insert(batch, durable.segments);
				held.splice(0, batch.length);
				wake();
			}
		} catch (error) {
			failure ??= { error };
		} finally {
			isInserting = false;
			wake();
		}
	};
	const cut = async (): Promise<void> => {
		const packed = packSegment(buffer.subarray(0, fill), packing);
		packed.catch(() => null);
		buffer = new Uint8Array(SEGMENT_BYTES);
		fill = 0;
		segment++;
		held.push(packed);
		if (!isInserting && failure === null) inserting = insertOn();
		while (held.length >= HELD_MAX && failure === null) await new Promise<void>((resolve) => void waiting.push(resolve));
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
			await inserting;
			check();
			return { segments: segment, chain: toHex(chain ?? (await chainStart(importId))), raw, stored: durable.stored };
		},
		settle: async () => {
			failure ??= { error: new Error('the writer was ended') };
			await Promise.allSettled(held);
			await inserting;
		},
		extentsOf: (path) => extents.get(path) ?? [],
		durable: () => ({
			...durable,
			extents: new Map([...extents].map(([path, list]) => [path, list.filter((extent) => extent.segment < durable.segments)])),
		}),
	};
}

interface PackedSegment extends Packed {
	/** Bytes that were packed. */
	readonly raw: number;
}

async function packSegment(segment: Bytes, packing: Packing): Promise<PackedSegment> {
	const raw = segment.length;
	return { raw, ...(await packing.pack(segment)) };
}

/** Runs that follow each other in one segment are one. */
function addExtent(list: Extent[], extent: Extent): void {
	const last = list.at(-1);
	if (last?.segment === extent.segment && last.offset + last.length === extent.offset)
		list[list.length - 1] = { ...last, length: last.length + extent.length };
	else list.push(extent);
}
