/**
 * The store of one engagement: one RxDB database with an opaque name, a handful of collections with one frozen envelope schema, each record
 * sealed. RxDB's caches are passed by: records go to and from the storage instance itself, because whole reads through `find` keep every
 * document in memory. One write call is one durable IndexedDB transaction.
 */
import { createRxDatabase, type RxCollection, type RxDatabase, type RxDocumentData, type RxJsonSchema } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { compareText, invariant, type Json } from '#kernel';
import { aesStorage } from './aesStorage.ts';
import { SEALED_FIELD } from './documentCodec.ts';
import type { IndexedDbPort } from './header.ts';
import type { Purpose, VaultKeys } from './keys.ts';
import type { Bytes } from './sealing.ts';
import { isStorageFull, VaultFailure } from './vaultError.ts';

/** Collections and the purpose of the key they are sealed under. */
const SHELVES = {
	act: 'log',
	segment: 'segment',
	import: 'document',
	snapshot: 'snapshot',
	result: 'document',
	/** What changes and hangs on no import: drafts of what is being typed, and the heads of logs that were seen. */
	draft: 'document',
} as const satisfies Record<string, Purpose>;

export type ShelfName = keyof typeof SHELVES;

export const SHELF_NAMES = Object.keys(SHELVES) as readonly ShelfName[];

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

export interface EngagementDatabase {
	shelf(name: ShelfName): Shelf;
	close(): Promise<void>;
}

interface Envelope {
	id: string;
	body: Json;
	bytes?: Bytes;
}

/** Frozen: a change would mean migrating every record. What changes is versioned inside the sealed body. */
const ENVELOPE: RxJsonSchema<Envelope> = {
	version: 0,
	primaryKey: 'id',
	type: 'object',
	properties: { id: { type: 'string', maxLength: 80 }, body: { type: 'object' }, bytes: { type: 'string' } },
	required: ['id', 'body'],
	encrypted: ['body', 'bytes'],
} as unknown as RxJsonSchema<Envelope>;

/** Name of the database of an engagement; IndexedDB shows it in the clear. */
const databaseName = (engagementId: string): string => `e${engagementId}`;

/** RxDB's Dexie storage keeps one IndexedDB database a collection, under this prefix. */
const PREFIX = 'rxdb-dexie-';

/**
 * @param engagementId names the database
 * @param vault whose records lie in it; null to move sealed records only (then reading and writing clear ones throws)
 */
export async function openDatabase(
	port: IndexedDbPort,
	engagementId: string,
	vault: { readonly vaultId: string; readonly keys: VaultKeys } | null,
): Promise<EngagementDatabase> {
	const storage = getRxStorageDexie({ ...port, chromeTransactionDurability: 'strict' });
	// Refused by WebCrypto wherever it is used.
	const noKey = {} as CryptoKey;
	const database: RxDatabase = await createRxDatabase({
		name: databaseName(engagementId),
		storage: aesStorage(storage, {
			vaultId: vault?.vaultId ?? '',
			keyOf: (collection) => vault?.keys.aes[SHELVES[collection as ShelfName]] ?? noKey,
		}),
		multiInstance: false,
		eventReduce: false,
		closeDuplicates: false,
		cleanupPolicy: {},
	});
	try {
		const schemas = Object.fromEntries(SHELF_NAMES.map((name) => [name, { schema: ENVELOPE }]));
		const collections = (await database.addCollections(schemas)) as unknown as Record<ShelfName, RxCollection<Envelope>>;
		const shelves = new Map(SHELF_NAMES.map((name) => [name, shelfOf(collections[name])]));
		return {
			shelf: (name) => {
				const shelf = shelves.get(name);
				invariant(shelf, `no shelf ${name}`);
				return shelf;
			},
			close: async () => {
				await database.close();
			},
		};
	} catch (error) {
		await database.close();
		throw error;
	}
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

function shelfOf(collection: RxCollection<Envelope>): Shelf {
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

/** Deletes every IndexedDB database of an engagement, RxDB's extra ones too. Counts them. */
export async function deleteDatabase(port: IndexedDbPort, engagementId: string): Promise<number> {
	const prefix = `${PREFIX}${databaseName(engagementId)}--`;
	const names = (await port.indexedDB.databases()).flatMap(({ name }) => (name?.startsWith(prefix) ? [name] : []));
	for (const name of names) await deleteOne(port.indexedDB, name);
	return names.length;
}

function deleteOne(factory: IDBFactory, name: string): Promise<void> {
	return new Promise((resolve, reject) => {
		const request = factory.deleteDatabase(name);
		request.onsuccess = () => resolve();
		request.onerror = () => reject(request.error ?? new Error(`${name} can't be deleted`));
		// Another page holds it open: it goes when that one closes; the keys are gone already.
		request.onblocked = () => resolve();
	});
}
