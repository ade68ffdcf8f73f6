import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DropSource } from '#intake';
import type { IndexedDbPort } from '../../../renderer/vault/header.ts';
import { createOpen, importedAct, memoryIdb, openTestVault, PASSPHRASE, type TestVault } from './testVault.ts';

const IMPORT = 'ab'.repeat(16);

/** A drop in memory, given out in chunks of `step` bytes. */
function memoryDrop(files: Readonly<Record<string, Uint8Array>>, step = 10_000): DropSource & { readonly opened: string[] } {
	const opened: string[] = [];
	return {
		opened,
		kind: 'folder',
		paths: new Set(Object.keys(files)),
		size: (path) => Promise.resolve(files[path]?.length ?? 0),
		async *open(path) {
			opened.push(path);
			const bytes = files[path] ?? new Uint8Array(0);
			for (let at = 0; at < bytes.length; at += step) yield await Promise.resolve(bytes.slice(at, at + step));
		},
		readRange: null,
		close: () => Promise.resolve(),
	};
}

async function whole(source: DropSource, path: string): Promise<Uint8Array> {
	const parts: Uint8Array[] = [];
	for await (const chunk of source.open(path)) parts.push(chunk);
	return Buffer.concat(parts);
}

function noise(length: number, seed: number): Uint8Array {
	const bytes = new Uint8Array(length);
	let state = seed | 1;
	for (let i = 0; i < length; i++) {
		state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
		bytes[i] = state >>> 24;
	}
	return bytes;
}

async function opened(idb: IndexedDbPort = memoryIdb()): Promise<{ vault: TestVault; engagementId: string }> {
	const vault = await openTestVault(idb);
	const { engagementId } = await createOpen(vault);
	return { vault, engagementId };
}

const rows = (n: number): Uint8Array =>
	new TextEncoder().encode(Array.from({ length: n }, (_, i) => `{"id":"O-${i}","amount":${i * 7}}\n`).join(''));

describe('a drop that is stored while it is read', () => {
	it('comes back byte for byte, whatever was read of it before', async () => {
		await fc.assert(
			fc.asyncProperty(
				fc.array(fc.nat({ max: 400_000 }), { minLength: 1, maxLength: 4 }),
				fc.nat({ max: 3 }),
				fc.integer({ min: 1, max: 200_000 }),
				async (sizes, broken, step) => {
					const { vault } = await opened();
					const files = Object.fromEntries([
						['manifest.json', rows(3)],
						...sizes.map((size, i) => [`data/t${i}.jsonl`, noise(size, i + 7)] as const),
					]);
					const storing = vault.inside().store.storeDrop(memoryDrop(files, step), IMPORT);
					await whole(storing.source, 'manifest.json');
					// One file is read in part only, as an import does that stops; another twice.
					for await (const _ of storing.source.open(`data/t${broken % sizes.length}.jsonl`)) break;
					await whole(storing.source, 'manifest.json');
					await storing.commit({});
					const stored = await vault.inside().store.storedDrop(IMPORT);
					for (const [path, bytes] of Object.entries(files)) {
						expect(await stored?.source.size(path)).toBe(bytes.length);
						expect(Buffer.compare(await whole(stored?.source as DropSource, path), bytes)).toBe(0);
						const from = Math.floor(bytes.length / 3);
						expect(
							Buffer.compare((await stored?.source.readRange?.(path, from, 5_000)) as Uint8Array, bytes.subarray(from, from + 5_000)),
						).toBe(0);
					}
					expect(await vault.inside().store.verifyDrop(IMPORT)).toMatchObject({ ok: true });
					await vault.close();
				},
			),
			{ numRuns: 8 },
		);
	});

	it('is there after a restart, and what is no part of a drop is not', async () => {
		const idb = memoryIdb();
		const { vault, engagementId } = await opened(idb);
		const storing = vault
			.inside()
			.store.storeDrop(memoryDrop({ 'manifest.json': rows(1), 'data/order.jsonl': rows(9_000), 'private/diary.txt': rows(5) }), IMPORT);
		await storing.commit({ dropId: 'D1' });
		expect(await vault.inside().act(importedAct(IMPORT))).toMatchObject({ ok: true });
		await vault.close();
		const again = await openTestVault(idb, vault.clock);
		await again.session.unlock(engagementId, PASSPHRASE);
		const stored = await again.inside().store.storedDrop(IMPORT);
		expect([...(stored?.source.paths ?? [])]).toEqual(['data/order.jsonl', 'manifest.json']);
		expect(stored?.stored.meta).toEqual({ dropId: 'D1' });
		expect(Buffer.compare(await whole(stored?.source as DropSource, 'data/order.jsonl'), rows(9_000))).toBe(0);
		await expect(whole(stored?.source as DropSource, 'private/diary.txt')).rejects.toThrow(/not in the stored drop/);
	});

	it('without its marker is gone at the next opening', async () => {
		const idb = memoryIdb();
		const { vault, engagementId } = await opened(idb);
		const storing = vault.inside().store.storeDrop(memoryDrop({ 'data/big.jsonl': noise(9_000_000, 3) }), IMPORT);
		await whole(storing.source, 'data/big.jsonl');
		const { database } = vault.inside();
		while ((await database.shelf('segment').ids()).length <= 3) await new Promise((resolve) => setTimeout(resolve, 5));
		await vault.close();
		const again = await openTestVault(idb, vault.clock);
		await again.session.unlock(engagementId, PASSPHRASE);
		expect(await again.inside().database.shelf('segment').ids()).toEqual([]);
		expect(await again.inside().store.storedDrop(IMPORT)).toBeNull();
	});

	it('whose act was never written is gone at the next opening', async () => {
		const idb = memoryIdb();
		const { vault, engagementId } = await opened(idb);
		await vault
			.inside()
			.store.storeDrop(memoryDrop({ 'data/a.jsonl': rows(10) }), IMPORT)
			.commit({});
		await vault.close();
		const again = await openTestVault(idb, vault.clock);
		await again.session.unlock(engagementId, PASSPHRASE);
		expect(await again.inside().store.imports()).toEqual([]);
		expect(await again.inside().database.shelf('segment').ids()).toEqual([]);
	});

	it('is taken back without a trace', async () => {
		const { vault } = await opened();
		const { store, database } = vault.inside();
		const storing = store.storeDrop(memoryDrop({ 'data/big.jsonl': noise(5_000_000, 3) }), IMPORT);
		await whole(storing.source, 'data/big.jsonl');
		await storing.rollback();
		expect(await database.shelf('segment').ids()).toEqual([]);
	});

	it('with a segment missing or exchanged is known to be damaged', async () => {
		const { vault } = await opened();
		const { store, database } = vault.inside();
		await store.storeDrop(memoryDrop({ 'data/big.jsonl': noise(4_000_000, 3) }), IMPORT).commit({});
		const segments = database.shelf('segment');
		const [first = '', second = ''] = await segments.ids();
		const [a, b] = await segments.rawGet([first, second]);
		if (!a || !b) throw new Error('two segments');
		await segments.rawPut([{ ...a, sealed: b.sealed }]);
		expect(await store.verifyDrop(IMPORT)).toMatchObject({ error: { code: 'engagement_damaged' } });
		const stored = await store.storedDrop(IMPORT);
		await expect(whole(stored?.source as DropSource, 'data/big.jsonl')).rejects.toThrow(/changed outside this program/);
		await segments.purge([first]);
		expect(await store.verifyDrop(IMPORT)).toMatchObject({ error: { message: expect.stringContaining('Segment 0') } });
	});

	it('is refused where there is no room for it', async () => {
		const vault = await openTestVault(memoryIdb(), { at: 0 }, 1_000_000);
		await createOpen(vault);
		expect(await vault.inside().store.roomFor(2_000_000)).toMatchObject({ error: { code: 'storage_full' } });
		expect(await vault.inside().store.roomFor(500_000)).toMatchObject({ ok: true });
	});
});

describe('named bytes of an import', () => {
	it('come back as they were, replaced as a whole', async () => {
		const { vault } = await opened();
		const { store } = vault.inside();
		await store.saveSnapshot(IMPORT, [
			{ name: 'a', bytes: noise(2_500_000, 1) },
			{ name: 'empty', bytes: new Uint8Array(0) },
		]);
		await store.saveSnapshot(IMPORT, [{ name: 'b', bytes: new Uint8Array(3_000_000) }]);
		const parts = await store.loadSnapshot(IMPORT);
		expect([...(parts ?? [])].map(([name, bytes]) => [name, bytes.length])).toEqual([['b', 3_000_000]]);
		expect((await vault.inside().database.shelf('snapshot').ids()).length).toBe(4);
		expect(await store.loadSnapshot('cd'.repeat(16))).toBeNull();
	});
});
