import fc from 'fast-check';
import { createRxDatabase } from 'rxdb/plugins/core';
import { getRxStorageDexie } from 'rxdb/plugins/storage-dexie';
import { describe, expect, it } from 'vitest';
import { aesStorage } from '../../../renderer/vault/aesStorage.ts';
import { documentCodec, SEALED_FIELD } from '../../../renderer/vault/documentCodec.ts';
import { deriveAesKey, randomBytes } from '../../../renderer/vault/sealing.ts';
import { createOpen, memoryIdb, openTestVault } from './testVault.ts';

const key = await deriveAesKey(randomBytes(32), randomBytes(16), 'test');
const codec = documentCodec({ vaultId: 'v', collection: 'act', version: 0 }, 'id', key);
const document = { id: 'a', _rev: '1-x', _deleted: false, body: { text: 'Zyx Canary' }, bytes: Uint8Array.of(0, 255, 128) };

describe('a sealed document', () => {
	it('shows its key and nothing of its content, and comes back whole', async () => {
		const stored = await codec.toStored(document);
		expect(new Set(Object.keys(stored))).toEqual(new Set([SEALED_FIELD, '_deleted', '_rev', 'id']));
		expect(JSON.stringify(stored)).not.toContain('Canary');
		expect(await codec.fromStored(stored)).toEqual(document);
	});

	it('never opens with a bit of it changed', async () => {
		const stored = await codec.toStored(document);
		const text = String(stored[SEALED_FIELD]);
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: text.length - 1 }), fc.nat({ max: 8 }), async (at, bit) => {
				const changed = text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1);
				await expect(codec.fromStored({ ...stored, [SEALED_FIELD]: changed })).rejects.toThrow(/changed outside this program/);
			}),
		);
	});

	it.each([
		['another record', { id: 'b' }],
		['another revision', { _rev: '2-x' }],
		['a deleted one', { _deleted: true }],
		['no ciphertext', { [SEALED_FIELD]: 7 }],
	])('does not open as %s', async (_, other) => {
		await expect(codec.fromStored({ ...(await codec.toStored(document)), ...other })).rejects.toThrow(/changed outside/);
	});

	it('does not open in another vault or collection', async () => {
		const stored = await codec.toStored(document);
		for (const where of [
			{ vaultId: 'w', collection: 'act', version: 0 },
			{ vaultId: 'v', collection: 'draft', version: 0 },
		])
			await expect(documentCodec(where, 'id', key).fromStored(stored)).rejects.toThrow(/changed outside/);
	});
});

describe('the sealed storage', () => {
	const schema = (encrypted: string[]) =>
		({
			version: 0,
			primaryKey: 'id',
			type: 'object',
			properties: { id: { type: 'string', maxLength: 40 }, body: { type: 'object' } },
			required: ['id'],
			encrypted,
		}) as const;

	const database = () =>
		createRxDatabase({
			name: 'sealed',
			storage: aesStorage(getRxStorageDexie({ ...memoryIdb() }), { vaultId: 'v', keyOf: () => key }),
			multiInstance: false,
		});

	it('refuses a query on what is sealed, which would match nothing', async () => {
		const db = await database();
		const { things } = await db.addCollections({ things: { schema: schema(['body']) as never } });
		await things?.insert({ id: 'a', body: { word: 'x' } });
		await expect(things?.find({ selector: { 'body.word': 'x' } }).exec()).rejects.toThrow(/sealed/);
		expect((await things?.find({ selector: { id: 'a' } }).exec())?.length).toBe(1);
		await db.close();
	});

	it('takes no collection that is not sealed', async () => {
		const db = await database();
		await expect(db.addCollections({ things: { schema: schema([]) as never } })).rejects.toThrow(/must be sealed/);
		await db.close();
	});
});

describe('results', () => {
	it('stand on evidence only', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		expect(await vault.inside().saveResults({} as never)).toMatchObject({ error: { code: 'no_evidence' } });
	});
});
