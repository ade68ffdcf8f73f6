/** A shelf of the store: one collection, as records. */
import type { RxCollection, RxDocumentData } from 'rxdb/plugins/core';
import { compareText, type Json } from '#kernel';
import { SEALED_FIELD } from './documentCodec.ts';
import type { Bytes } from './sealing.ts';
import { isStorageFull, VaultFailure } from './vaultError.ts';

/** A record: a random or counted id in the clear, and what is sealed. */
export interface StoredRecord {
	readonly id: string;
	readonly body: Json;
	readonly bytes: Bytes;
}

export interface Shelf {
	/** All or none, durably. Throws `VaultFailure` `conflict` where an id is taken. */
	insert(records: readonly StoredRecord[]): Promise<void>;
	/** Writes over what is there. */
	put(record: StoredRecord): Promise<void>;
	/** The records that are there, in the order of `ids`. Throws `VaultFailure` `engagement_damaged` where one was changed. */
	get(ids: readonly string[]): Promise<readonly StoredRecord[]>;
	/** All ids, in order, without reading the records. */
	ids(): Promise<readonly string[]>;
	/** Really removes: no tombstone stays. */
	purge(ids: readonly string[]): Promise<void>;
	/** Records as they lie on the disk, sealed: what a backup copies. */
	rawGet(ids: readonly string[]): Promise<readonly RawRecord[]>;
	rawPut(records: readonly RawRecord[]): Promise<void>;
}

/** A stored document in its sealed form. Bound to its vault, so that it opens in a restored copy of it and nowhere else. */
export interface RawRecord {
	readonly id: string;
	readonly rev: string;
	/** Last write, milliseconds. */
	readonly lwt: number;
	/** Latin-1. */
	readonly sealed: string;
}

export interface Envelope {
	id: string;
	body: Json;
	bytes?: Bytes;
}

/** The one table that Dexie keeps of a collection: for listing keys and for removing without a tombstone, which RxDB has no call for. */
interface DexieInternals {
	readonly dexieTable: {
		bulkDelete(ids: readonly string[]): Promise<void>;
		bulkGet(ids: readonly string[]): Promise<readonly (RawDocument | undefined)[]>;
		bulkPut(documents: readonly RawDocument[]): Promise<unknown>;
		toCollection(): { primaryKeys(): Promise<string[]> };
	};
}

/** A document as RxDB's Dexie storage writes it. */
interface RawDocument {
	readonly id: string;
	readonly _rev: string;
	readonly _deleted: '0' | '1';
	readonly _meta: { readonly lwt: number };
	readonly _attachments: Readonly<Record<string, never>>;
	readonly [SEALED_FIELD]: string;
}

export function shelfOf(collection: RxCollection<Envelope>): Shelf {
	const { storageInstance } = collection;
	const internals = async (): Promise<DexieInternals> => (await storageInstance.internals) as unknown as DexieInternals;
	const find = async (ids: readonly string[]): Promise<Map<string, RxDocumentData<Envelope>>> => {
		const found = await storageInstance.findDocumentsById([...ids], false);
		return new Map(found.map((document) => [document.id, document]));
	};
	const write = async (records: readonly StoredRecord[], before: ReadonlyMap<string, RxDocumentData<Envelope>>): Promise<void> => {
		const rows = records.map(({ id, body, bytes }) => {
			const document = { id, body, bytes, _deleted: false, _attachments: {}, _meta: { lwt: 1 }, _rev: '' };
			const previous = before.get(id);
			return previous === undefined ? { document } : { previous, document };
		});
		const { error } = await storageInstance.bulkWrite(rows, 'vault');
		const [first] = error;
		if (first === undefined) return;
		if (isStorageFull(first)) throw new VaultFailure('storage_full', 'The disk is full. Free some space and repeat the last step.', first);
		throw new VaultFailure(
			'conflict',
			`Record ${first.documentId} of “${collection.name}” is there already. Lock the engagement and open it again.`,
			first,
		);
	};
	return {
		insert: (records) => write(records, new Map()),
		put: async (record) => write([record], await find([record.id])),
		get: async (ids) => {
			const found = await find(ids);
			return ids.flatMap((id) => {
				const document = found.get(id);
				return document === undefined ? [] : [{ id, body: document.body, bytes: document.bytes ?? new Uint8Array(0) }];
			});
		},
		ids: async () => (await (await internals()).dexieTable.toCollection().primaryKeys()).toSorted(compareText),
		purge: async (ids) => (await internals()).dexieTable.bulkDelete(ids),
		rawGet: async (ids) => {
			const documents = await (await internals()).dexieTable.bulkGet(ids);
			return documents.flatMap((document) =>
				document === undefined || document._deleted === '1'
					? []
					: [{ id: document.id, rev: document._rev, lwt: document._meta.lwt, sealed: document[SEALED_FIELD] }],
			);
		},
		rawPut: async (records) => {
			await (await internals()).dexieTable.bulkPut(
				records.map(({ id, rev, lwt, sealed }) => ({
					id,
					_rev: rev,
					_deleted: '0',
					_meta: { lwt },
					_attachments: {},
					[SEALED_FIELD]: sealed,
				})),
			);
		},
	};
}
