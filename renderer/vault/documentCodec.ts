/** A document sealed and opened: what RxDB sees of it stays in clear, the rest is one field. */
import { fromUtf8, invariant, utf8 } from '#kernel';
import { fromLatin1, toLatin1 } from './latin1.ts';
import { type Bytes, seal, unseal } from './sealing.ts';
import { VaultFailure } from './vaultError.ts';

export type Doc = Record<string, unknown>;

/** The field of a stored document that holds the ciphertext. */
export const SEALED_FIELD = '_c';

export const INTERNAL = '_rxdb_internal';
export const RXDB_FIELDS = ['_deleted', '_rev', '_meta', '_attachments'];

/** How the documents of one collection are sealed and opened again. */
export interface DocumentCodec {
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
export interface SealingKeys {
	readonly vaultId: string;
	keyOf(collection: string): CryptoKey;
}
