/**
 * Named byte strings of any size in a shelf: cut in chunks of a mebibyte, deflated where that pays, the index written last. A set is
 * replaced as a whole: until its index stands, the set before is the one that is read.
 */
import { fromUtf8, invariant, type Json } from '#kernel';
import { deflate, inflate } from './deflate.ts';
import { type Bytes, randomBytes } from './sealing.ts';
import type { Deflate } from './segments.ts';
import type { Shelf, StoredRecord } from './shelf.ts';

export interface NamedBytes {
	readonly name: string;
	readonly bytes: Uint8Array;
}

const CHUNK = 1_048_576;
/** Chunks written in one transaction. */
const WRITTEN_AT_ONCE = 4;
/** Chunks read in one: a set has hundreds of parts, most of them a chunk each, and every transaction waits for the disk. */
const READ_AT_ONCE = 16;
/** Deflating is kept where it saves an eighth. */
const PAYS = 7 / 8;

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
	compress: Deflate = deflate,
): Promise<number> {
	const generation = newGeneration();
	const index: { name: string; size: number; chunks: number }[] = [];
	const writing = batchWriter(shelf);
	let at = 0;
	for await (const { name, bytes } of parts) {
		let chunks = 0;
		for (let from = 0; from < bytes.length; from += CHUNK) {
			await writing.add(chunkId(setId, generation, at++), pack(bytes.slice(from, from + CHUNK), compress));
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

type Packed = Omit<StoredRecord, 'id'>;

/** Writes batch after batch: while one is on its way to the disk, the next is being deflated, and no more than that is held. */
function batchWriter(shelf: Shelf) {
	let batch: { readonly id: string; readonly packed: Promise<Packed> }[] = [];
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
		add: async (id: string, packed: Promise<Packed>): Promise<void> => {
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

async function pack(raw: Bytes, compress: Deflate): Promise<Packed> {
	const small = await compress(raw);
	const deflated = small.length < raw.length * PAYS;
	const body: StoredChunk = { raw: raw.length, deflated };
	return { body: body as unknown as Json, bytes: deflated ? small : raw };
}

/** The set, or null where there is none or it is incomplete: then it is made anew from what it was made of. */
export async function loadChunks(shelf: Shelf, setId: string): Promise<ReadonlyMap<string, Bytes> | null> {
	const [record] = await shelf.get([indexId(setId)]);
	if (record === undefined) return null;
	const index = record.body as unknown as SetIndex;
	if (index.version !== 1) return null;
	const parts = new Map(index.parts.map(({ name, size }) => [name, new Uint8Array(size)] as const));
	const total = index.parts.reduce((sum, { chunks }) => sum + chunks, 0);
	const ids = Array.from({ length: total }, (_, at) => chunkId(setId, index.generation, at));
	const chunks = unpackedInOrder(shelf, ids);
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

/** Chunks one after the other; while a batch is being used, the next one is on its way. Ends where one is missing. */
async function* unpackedInOrder(shelf: Shelf, ids: readonly string[]): AsyncGenerator<Bytes, null> {
	const read = async (first: number): Promise<readonly Bytes[] | null> => {
		const wanted = ids.slice(first, first + READ_AT_ONCE);
		const records = wanted.length === 0 ? [] : await shelf.get(wanted);
		return records.length === wanted.length ? Promise.all(records.map(unpack)) : null;
	};
	let ahead = read(0);
	for (let at = 0; at < ids.length; at += READ_AT_ONCE) {
		const batch = await ahead;
		if (batch === null) return null;
		ahead = read(at + READ_AT_ONCE);
		// It is awaited in the next turn; where nobody comes back for that, it must not be an unhandled failure.
		ahead.catch(() => null);
		yield* batch;
	}
	return null;
}

function unpack({ body, bytes }: StoredRecord): Promise<Bytes> {
	const { raw, deflated } = body as unknown as StoredChunk;
	return deflated ? inflate(bytes, raw) : Promise.resolve(bytes);
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
