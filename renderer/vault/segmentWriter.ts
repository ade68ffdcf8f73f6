/** Writes a drop's files as segments, in the order in which they come: one batch is on its way to the disk while the next is filled. */
import { concatBytes, fromHex, type Json, toHex } from '#kernel';
import { deflate } from './deflate.ts';
import { type Bytes, digest } from './sealing.ts';
import { chainStart, type Deflate, type Extent, type SegmentBody, type SegmentTotals, segmentId, type WrittenSoFar } from './segments.ts';
import type { Shelf, StoredRecord } from './shelf.ts';

/** One record and one durable transaction each: of a sample drop some 150 KiB are stored of it. */
const SEGMENT_BYTES = 1_048_576;

/** Segments in one durable transaction. */
const BATCH = 1;

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
