/**
 * The store of one engagement: one RxDB database with an opaque name, a handful of collections with one frozen envelope schema, each record
 * sealed. RxDB's caches are passed by: records go to and from the storage instance itself, because whole reads through `find` keep every
 * document in memory. One write call is one durable IndexedDB transaction.
 */
import { createRxDatabase, type RxCollection, type RxDatabase, type RxJsonSchema } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { invariant } from '#kernel';
import { aesStorage } from './aesStorage.ts';
import type { IndexedDbPort } from './header.ts';
import type { Purpose, VaultKeys } from './keys.ts';
import { type Envelope, type Shelf, shelfOf } from './shelf.ts';

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

export interface EngagementDatabase {
	shelf(name: ShelfName): Shelf;
	close(): Promise<void>;
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
