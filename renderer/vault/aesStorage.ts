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
import { invariant } from '#kernel';
import { type Doc, type DocumentCodec, documentCodec, INTERNAL, RXDB_FIELDS, SEALED_FIELD, type SealingKeys } from './documentCodec.ts';

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
