/** What the hub does with its keys. Nobody else sees one. */
import { createHmac } from 'node:crypto';
import { canonicalize, fromUtf8, invariant, utf8 } from '#kernel';
import type { TableName } from '#model';
import { deriveKey, type KeyPurpose, seal, unseal } from './sealing.ts';
import { SENSITIVE_COLUMNS } from './sensitiveColumns.ts';

/** A record as it may lie in the database. */
export interface HiddenLine {
	/** The canonical line without its sensitive columns. */
	readonly line: string;
	/** Those columns, encrypted and bound to this very line; null where the record has none. */
	readonly secret: Uint8Array | null;
	/** Keyed hashes of their texts, for equality search: `<table>.<column>:<hex>`. */
	readonly blind: readonly string[];
}

export interface HubKeys {
	/** @param line canonical JSON of the record */
	hide(tenant: string, table: TableName, line: string): HiddenLine;
	/** The exact line that was hidden; throws where it can't be opened: the key is another one, or the row was changed. */
	reveal(tenant: string, table: TableName, hidden: Pick<HiddenLine, 'line' | 'secret'>): string;
	/** What to look for in `blind` to find the rows whose column equals `value`, whatever its case. */
	blind(tenant: string, table: TableName, column: string, value: string): string;
	/** Payloads and disclosures: bytes that are only ever read back whole. */
	encrypt(tenant: string, bytes: Uint8Array): Uint8Array;
	/** Throws where it can't be opened. */
	decrypt(tenant: string, bytes: Uint8Array): Uint8Array;
	/** Null where it can't be opened: for what lies in files, which may have been changed. */
	decryptWhole(tenant: string, bytes: Uint8Array): Uint8Array | null;
	/** @param name of the key, bound to it */
	sealPrivateKey(tenant: string, name: string, privateKey: Uint8Array): Uint8Array;
	/** Null where it can't be opened. */
	openPrivateKey(tenant: string, name: string, sealed: Uint8Array): Uint8Array | null;
}

type JsonRecord = Record<string, unknown>;

/** @param master 32 bytes; not copied */
export function createHubKeys(master: Uint8Array): HubKeys {
	const derived = new Map<string, Uint8Array>();
	const keyOf = (purpose: KeyPurpose, tenant: string): Uint8Array => {
		const id = `${purpose}\0${tenant}`;
		const known = derived.get(id);
		if (known) return known;
		const key = deriveKey(master, purpose, tenant);
		derived.set(id, key);
		return key;
	};
	const blind = (tenant: string, table: TableName, column: string, value: string): string => {
		const message = `${table}.${column}\0${value.normalize('NFC').toLowerCase()}`;
		return `${table}.${column}:${createHmac('sha256', keyOf('blind-index', tenant)).update(message).digest('hex')}`;
	};
	return {
		blind,
		hide(tenant, table, line) {
			const columns = SENSITIVE_COLUMNS[table];
			if (!columns) return { line, secret: null, blind: [] };
			const record = JSON.parse(line) as JsonRecord;
			const held = columns.filter((column) => record[column] !== undefined);
			if (held.length === 0) return { line, secret: null, blind: [] };
			const removed = canonicalize(Object.fromEntries(held.map((column) => [column, record[column]])));
			const rest = canonicalize(Object.fromEntries(Object.entries(record).filter(([column]) => !held.includes(column))));
			return {
				line: rest,
				secret: seal(keyOf('fields', tenant), utf8(removed), `${table}\0${rest}`),
				blind: held.flatMap((column) => {
					const value = record[column];
					return typeof value === 'string' ? [blind(tenant, table, column, value)] : [];
				}),
			};
		},
		reveal(tenant, table, { line, secret }) {
			if (secret === null) return line;
			const plain = unseal(keyOf('fields', tenant), secret, `${table}\0${line}`);
			const text = plain && fromUtf8(plain);
			invariant(text !== null, `a row of ${table} opens under the tenant's field key`);
			return canonicalize({ ...(JSON.parse(line) as JsonRecord), ...(JSON.parse(text) as JsonRecord) });
		},
		encrypt: (tenant, bytes) => seal(keyOf('payloads', tenant), bytes, ''),
		decryptWhole: (tenant, bytes) => unseal(keyOf('payloads', tenant), bytes, ''),
		decrypt(tenant, bytes) {
			const plain = unseal(keyOf('payloads', tenant), bytes, '');
			invariant(plain !== null, "a payload opens under the tenant's key");
			return plain;
		},
		sealPrivateKey: (tenant, name, privateKey) => seal(keyOf('log-key', tenant), privateKey, name),
		openPrivateKey: (tenant, name, sealed) => unseal(keyOf('log-key', tenant), sealed, name),
	};
}
