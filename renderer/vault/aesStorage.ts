/**
 * RxDB storage that seals whole documents: AES-256-GCM over everything but the primary key and RxDB's own fields, the ciphertext as one
 * latin-1 string. What is sealed is bound to its vault, collection, schema version, key, revision and deletion mark, so that a record can be
 * neither moved nor brought back. Everything but RxDB's internal store (which holds schemas only) must be sealed.
 *
 * A field named `bytes` is taken and given as a `Uint8Array`: it never reaches IndexedDB as such, and no Base64 stands between.
 */
import {
	type BulkWriteRow,
	type EventBulk,
	getPrimaryFieldOfPrimaryKey,
	type RxDocumentData,
	type RxJsonSchema,
	type RxStorage,
	type RxStorageChangeEvent,
	type RxStorageInstance,
	type RxStorageInstanceCreationParams,
	type RxStorageWriteError,
} from 'rxdb/plugins/core';
import { map } from 'rxjs';
import { fromUtf8, invariant, utf8 } from '#kernel';
import { fromLatin1, toLatin1 } from './latin1.ts';
import { type Bytes, seal, unseal } from './sealing.ts';
import { VaultFailure } from './vaultError.ts';

type Doc = Record<string, unknown>;

/** The field of a stored document that holds the ciphertext. */
export const SEALED_FIELD = '_c';

const INTERNAL = '_rxdb_internal';
const RXDB_FIELDS = ['_deleted', '_rev', '_meta', '_attachments'];

/** How the documents of one collection are sealed and opened again. */
interface DocumentCodec {
	toStored(document: Doc): Promise<Doc>;
	/** Throws `VaultFailure` `engagement_damaged`, naming the record, where a byte is not what was written. */
	fromStored(stored: Doc): Promise<Doc>;
}

export function documentCodec(
	where: { vaultId: string; collection: string; version: number },
	primary: string,
	key: CryptoKey,
): DocumentCodec {
	const plain = new Set([primary, ...RXDB_FIELDS]);
	const aad = (doc: Doc): string =>
		[where.vaultId, where.collection, where.version, doc[primary], doc['_rev'], doc['_deleted'] === true ? 1 : 0].join('|');
	return {
		toStored: async (document) => {
			const open: Doc = {};
			const rest: Doc = {};
			for (const [field, value] of Object.entries(document)) {
				if (field === 'bytes') continue;
				if (plain.has(field)) open[field] = value;
				else rest[field] = value;
			}
			const sealed = await seal(key, frame(rest, document['bytes']), aad(document));
			return { ...open, [SEALED_FIELD]: toLatin1(sealed) };
		},
		fromStored: async (stored) => {
			const text = stored[SEALED_FIELD];
			const sealed = typeof text === 'string' ? fromLatin1(text) : null;
			const content = sealed === null ? null : await unseal(key, sealed, aad(stored));
			if (content === null)
				throw new VaultFailure(
					'engagement_damaged',
					`Record ${String(stored[primary])} of “${where.collection}” was changed outside this program. Restore the engagement from a backup.`,
				);
			const open: Doc = {};
			for (const [field, value] of Object.entries(stored)) if (plain.has(field)) open[field] = value;
			return { ...open, ...unframe(content) };
		},
	};
}

/** 4 bytes of length, the JSON of the fields, then the raw bytes. */
function frame(fields: Doc, bytes: unknown): Bytes {
	const json = utf8(JSON.stringify(fields));
	const tail = bytes instanceof Uint8Array ? bytes : new Uint8Array(0);
	const whole = new Uint8Array(4 + json.length + tail.length);
	new DataView(whole.buffer).setUint32(0, json.length);
	whole.set(json, 4);
	whole.set(tail, 4 + json.length);
	return whole;
}

function unframe(whole: Bytes): Doc {
	const length = new DataView(whole.buffer, whole.byteOffset).getUint32(0);
	const text = fromUtf8(whole.subarray(4, 4 + length));
	invariant(text !== null && 4 + length <= whole.length, 'what was authenticated was framed here');
	const fields = JSON.parse(text) as Doc;
	return { ...fields, bytes: whole.subarray(4 + length) };
}

/** Where the keys of a vault's collections come from. */
interface SealingKeys {
	readonly vaultId: string;
	keyOf(collection: string): CryptoKey;
}

/**
 * Wraps `storage` so that each collection is sealed under the key of its name.
 * @returns a storage whose queries throw where they look at a sealed field: such a query would match nothing, silently
 */
export function aesStorage<I, O>(storage: RxStorage<I, O>, keys: SealingKeys): RxStorage<I, O> {
	return {
		name: `aesgcm-${storage.name}`,
		rxdbVersion: storage.rxdbVersion,
		createStorageInstance: async <T>(params: RxStorageInstanceCreationParams<T, O>) => {
			if (params.collectionName === INTERNAL) return storage.createStorageInstance<T>(params);
			invariant((params.schema.encrypted?.length ?? 0) > 0, `collection ${params.collectionName} must be sealed`);
			const primary = String(getPrimaryFieldOfPrimaryKey(params.schema.primaryKey));
			const where = { vaultId: keys.vaultId, collection: params.collectionName, version: params.schema.version };
			const codec = documentCodec(where, primary, keys.keyOf(params.collectionName));
			const inner = await storage.createStorageInstance<T>({ ...params, schema: sealedSchema(params.schema, primary) });
			return sealedInstance(inner, params.schema, primary, codec);
		},
	};
}

/** The schema of what lies on the disk: the primary key, RxDB's fields and the ciphertext. */
function sealedSchema<T>(schema: RxJsonSchema<RxDocumentData<T>>, primary: string): RxJsonSchema<RxDocumentData<T>> {
	const keep = new Set([primary, ...RXDB_FIELDS]);
	const { encrypted: _, ...rest } = structuredClone(schema);
	const properties = Object.fromEntries(Object.entries(rest.properties).filter(([name]) => keep.has(name)));
	return {
		...rest,
		properties: { ...properties, [SEALED_FIELD]: { type: 'string' } },
		required: [...[...(rest.required ?? [])].map(String).filter((name) => keep.has(name)), SEALED_FIELD],
	} as unknown as RxJsonSchema<RxDocumentData<T>>;
}

function sealedInstance<T, I, O>(
	inner: RxStorageInstance<T, I, O>,
	schema: RxJsonSchema<RxDocumentData<T>>,
	primary: string,
	codec: DocumentCodec,
): RxStorageInstance<T, I, O> {
	const open = async (doc: RxDocumentData<T>) => (await codec.fromStored(doc as unknown as Doc)) as unknown as RxDocumentData<T>;
	/** What is being written, so that events carry it without being decrypted again. */
	const writing = new Map<string, RxDocumentData<T>>();
	const nameOf = (doc: unknown): string => `${String((doc as Doc)[primary])}|${String((doc as Doc)['_rev'])}`;
	const clear = (doc: RxDocumentData<T>): RxDocumentData<T> => writing.get(nameOf(doc)) ?? doc;
	return {
		databaseName: inner.databaseName,
		collectionName: inner.collectionName,
		schema,
		options: inner.options,
		internals: inner.internals,
		bulkWrite: async (rows, context) => {
			const sealedRows = await Promise.all(
				rows.map(async ({ previous, document }): Promise<BulkWriteRow<T>> => {
					const sealed = (await codec.toStored(document as unknown as Doc)) as unknown as BulkWriteRow<T>['document'];
					return previous === undefined ? { document: sealed } : { previous, document: sealed };
				}),
			);
			for (const { document } of rows) writing.set(nameOf(document), document as RxDocumentData<T>);
			try {
				const { error } = await inner.bulkWrite(sealedRows, context);
				return { error: await Promise.all(error.map((each) => openError(each, clear, open))) };
			} finally {
				for (const { document } of rows) writing.delete(nameOf(document));
			}
		},
		findDocumentsById: async (ids, deleted) => Promise.all((await inner.findDocumentsById(ids, deleted)).map(open)),
		query: async (prepared) => {
			refuseSealedFields(prepared.query, primary);
			const { documents } = await inner.query(prepared);
			return { documents: await Promise.all(documents.map(open)) };
		},
		count: (prepared) => {
			refuseSealedFields(prepared.query, primary);
			return inner.count(prepared);
		},
		getAttachmentData: () => Promise.reject(new Error('attachments are not used: their digests would stand in the clear')),
		changeStream: () => inner.changeStream().pipe(map((bulk) => clearBulk(bulk, clear))),
		cleanup: (minimumDeletedTime) => inner.cleanup(minimumDeletedTime),
		close: () => inner.close(),
		remove: () => inner.remove(),
	};
}

async function openError<T>(
	error: RxStorageWriteError<T>,
	clear: (doc: RxDocumentData<T>) => RxDocumentData<T>,
	open: (doc: RxDocumentData<T>) => Promise<RxDocumentData<T>>,
): Promise<RxStorageWriteError<T>> {
	const writeRow = { ...error.writeRow, document: clear(error.writeRow.document as RxDocumentData<T>) };
	if (error.status !== 409) return { ...error, writeRow };
	return { ...error, writeRow, documentInDb: await open(error.documentInDb) };
}

type Bulk<T> = EventBulk<RxStorageChangeEvent<RxDocumentData<T>>, unknown>;

/** Types of RxDB differ in whether an event has a document before; at run time the field is there or not. */
function clearBulk<T, B>(bulk: B, clear: (doc: RxDocumentData<T>) => RxDocumentData<T>): B {
	const { events } = bulk as unknown as Bulk<T>;
	const cleared = events.map((event) => ({ ...event, documentData: clear(event.documentData as unknown as RxDocumentData<T>) }));
	return { ...bulk, events: cleared };
}

function refuseSealedFields(query: { readonly selector: unknown; readonly sort?: unknown }, primary: string): void {
	const allowed = new Set([primary, '_deleted', '_rev', '_meta', '_meta.lwt']);
	const walk = (value: unknown): void => {
		if (Array.isArray(value)) {
			for (const each of value) walk(each);
			return;
		}
		if (typeof value !== 'object' || value === null) return;
		for (const [field, condition] of Object.entries(value)) {
			if (field.startsWith('$')) walk(condition);
			else if (!allowed.has(field)) throw new Error(`“${field}” is sealed: a query on it would match nothing. Query the memory instead.`);
		}
	};
	walk(query.selector);
	walk(query.sort ?? []);
}
