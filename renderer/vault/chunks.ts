/**
 * Named byte strings of any size in a shelf: cut in chunks of a mebibyte, deflated where that pays, the index written last. A set is
 * replaced as a whole: until its index stands, the set before is the one that is read.
 */
import { fromUtf8, invariant, type Json } from '#kernel';
import { localPacking, type Packing } from './packing.ts';
import { type Bytes, randomBytes } from './sealing.ts';
import type { Shelf, StoredRecord } from './shelf.ts';

export interface NamedBytes {
	readonly name: string;
	readonly bytes: Uint8Array;
}

const CHUNK = 1_048_576;
/** Chunks written in one transaction. */
const WRITTEN_AT_ONCE = 4;
/** Chunks read in one: a set has hundreds of parts, most of them a chunk each, and every transaction waits for the disk. */
const READ_AT_ONCE = 8;
/** Batches on their way: while one is fetched, another is decrypted and another unpacked. */
const BATCHES_AHEAD = 4;

interface StoredChunk {
	readonly raw: number;
	readonly deflated: boolean;
}

interface SetIndex {
	readonly version: 1;
	readonly generation: string;
	readonly parts: readonly { readonly name: string; readonly size: number; readonly chunks: number }[];
}

const indexId = (setId: string): string => `${setId}.index`;
const chunkId = (setId: string, generation: string, at: number): string => `${setId}.${generation}.${String(at).padStart(6, '0')}`;
const newGeneration = (): string => Array.from(randomBytes(4), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Writes a set durably. @returns bytes as stored, before sealing */
export async function saveChunks(
	shelf: Shelf,
	setId: string,
	parts: AsyncIterable<NamedBytes> | Iterable<NamedBytes>,
	packing: Packing = localPacking,
): Promise<number> {
	const generation = newGeneration();
	const index: { name: string; size: number; chunks: number }[] = [];
	const writing = batchWriter(shelf);
	let at = 0;
	for await (const { name, bytes } of parts) {
		let chunks = 0;
		for (let from = 0; from < bytes.length; from += CHUNK) {
			await writing.add(chunkId(setId, generation, at++), packChunk(bytes.slice(from, from + CHUNK), packing));
			chunks++;
		}
		index.push({ name, size: bytes.length, chunks });
	}
	const stored = await writing.finish();
	const body: SetIndex = { version: 1, generation, parts: index };
	await shelf.put({ id: indexId(setId), body: body as unknown as Json, bytes: new Uint8Array(0) });
	await purgeSet(shelf, setId, generation);
	return stored;
}

type PackedChunk = Omit<StoredRecord, 'id'>;

/** Writes batch after batch: while one is on its way to the disk, the next is being deflated, and no more than that is held. */
function batchWriter(shelf: Shelf) {
	let batch: { readonly id: string; readonly packed: Promise<PackedChunk> }[] = [];
	let inserting: Promise<void> = Promise.resolve();
	let stored = 0;
	const insert = async (ready: typeof batch, before: Promise<void>): Promise<void> => {
		const records = await Promise.all(ready.map(async ({ id, packed }) => ({ ...(await packed), id })));
		await before;
		for (const { bytes } of records) stored += bytes.length;
		await shelf.insert(records);
	};
	const send = async (): Promise<void> => {
		const before = inserting;
		inserting = insert(batch, before);
		// It is awaited by the next batch or at the end; until then it must not be an unhandled failure.
		inserting.catch(() => null);
		batch = [];
		await before;
	};
	return {
		add: async (id: string, packed: Promise<PackedChunk>): Promise<void> => {
			packed.catch(() => null);
			batch.push({ id, packed });
			if (batch.length === WRITTEN_AT_ONCE) await send();
		},
		finish: async (): Promise<number> => {
			if (batch.length > 0) await send();
			await inserting;
			return stored;
		},
	};
}

async function packChunk(chunk: Bytes, packing: Packing): Promise<PackedChunk> {
	const raw = chunk.length;
	const { deflated, bytes } = await packing.pack(chunk);
	const body: StoredChunk = { raw, deflated };
	return { body: body as unknown as Json, bytes };
}

/** The set, or null where there is none or it is incomplete: then it is made anew from what it was made of. */
export async function loadChunks(shelf: Shelf, setId: string, packing: Packing = localPacking): Promise<ReadonlyMap<string, Bytes> | null> {
	const [record] = await shelf.get([indexId(setId)]);
	if (record === undefined) return null;
	const index = record.body as unknown as SetIndex;
	if (index.version !== 1) return null;
	const parts = new Map(index.parts.map(({ name, size }) => [name, new Uint8Array(size)] as const));
	const total = index.parts.reduce((sum, { chunks }) => sum + chunks, 0);
	const ids = Array.from({ length: total }, (_, at) => chunkId(setId, index.generation, at));
	const chunks = unpackedInOrder(shelf, ids, packing);
	for (const part of index.parts) {
		const whole = parts.get(part.name) ?? new Uint8Array(0);
		let to = 0;
		for (let chunk = 0; chunk < part.chunks; chunk++) {
			const { value: raw } = await chunks.next();
			if (!raw) return null;
			whole.set(raw, to);
			to += raw.length;
		}
		invariant(to === part.size, `part ${part.name} of a stored set has ${to} bytes, not ${part.size}`);
	}
	return parts;
}

/** Chunks one after the other, the next ones on their way meanwhile. Ends where one is missing. */
async function* unpackedInOrder(shelf: Shelf, ids: readonly string[], packing: Packing): AsyncGenerator<Bytes, null> {
	const read = async (first: number): Promise<readonly Bytes[] | null> => {
		const wanted = ids.slice(first, first + READ_AT_ONCE);
		const records = await shelf.get(wanted);
		return records.length === wanted.length ? Promise.all(records.map((record) => unpackChunk(record, packing))) : null;
	};
	const coming: Promise<readonly Bytes[] | null>[] = [];
	let asked = 0;
	const askOn = (): void => {
		for (; coming.length < BATCHES_AHEAD && asked < ids.length; asked += READ_AT_ONCE) {
			const batch = read(asked);
			// It is awaited in its turn; where nobody comes back for that, it must not be an unhandled failure.
			batch.catch(() => null);
			coming.push(batch);
		}
	};
	for (askOn(); coming.length > 0; askOn()) {
		const batch = await coming.shift();
		if (!batch) return null;
		yield* batch;
	}
	return null;
}

function unpackChunk({ body, bytes }: StoredRecord, packing: Packing): Promise<Bytes> {
	const { raw, deflated } = body as unknown as StoredChunk;
	return packing.unpack({ deflated, bytes }, raw);
}

/** Removes a set, or all generations of it but one. */
async function purgeSet(shelf: Shelf, setId: string, keep: string | null = null): Promise<void> {
	const ids = await shelf.ids();
	const isKept = (id: string): boolean => keep !== null && (id === indexId(setId) || id.startsWith(`${setId}.${keep}.`));
	await shelf.purge(ids.filter((id) => id.startsWith(`${setId}.`) && !isKept(id)));
}

/** A JSON value out of bytes that this program wrote. */
export function jsonOf(bytes: Uint8Array): unknown {
	const text = fromUtf8(bytes);
	invariant(text !== null, 'stored JSON is UTF-8');
	return JSON.parse(text);
}
