/** What a storing that was ended in the middle leaves: what was recorded, to be gone on from, and nothing else. */
import { describe, expect, it } from 'vitest';
import type { DropSource } from '#intake';
import { purgeBehind, purgeStaged, readStaged, stageOf, usableOf } from '../../../renderer/vault/staging.ts';
import { storeDrop } from '../../../renderer/vault/storeDrop.ts';
import { createOpen, memoryIdb, openTestVault, PASSPHRASE } from './testVault.ts';

const IMPORT = 'cd'.repeat(16);
const MIB = 1 << 20;
const OF = { importId: IMPORT, policy: 'p', publication: 7 };

function noise(length: number): Uint8Array {
	const bytes = new Uint8Array(length);
	for (let i = 0, state = 1; i < length; i++) {
		state = (Math.imul(state, 1_103_515_245) + 12_345) | 0;
		bytes[i] = state >>> 24;
	}
	return bytes;
}

const BYTES = noise(21 * MIB);
const KEYS = new Map([['data/a.ndjson', { name: 'log a', bytes: BYTES.length }]]);

const sourceFrom = (open: () => AsyncIterable<Uint8Array>): DropSource => ({
	kind: 'folder',
	paths: new Set(['data/a.ndjson']),
	size: () => Promise.resolve(BYTES.length),
	open,
	readRange: null,
	close: () => Promise.resolve(),
});

async function* from(start: number, end = BYTES.length): AsyncGenerator<Uint8Array> {
	for (let at = start; at < end; at += 100_000) yield await Promise.resolve(BYTES.subarray(at, Math.min(end, at + 100_000)));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
	while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** A process that ended when so many bytes had come, and how far they reach was recorded. */
async function endedAfter(bytes: number) {
	const idb = memoryIdb();
	const vault = await openTestVault(idb);
	const { engagementId } = await createOpen(vault);
	const storing = storeDrop(
		sourceFrom(() => from(0, bytes)),
		vault.inside().database,
		IMPORT,
		{ staging: { of: OF, keys: KEYS, resumed: null } },
	);
	for await (const _ of storing.source.open('data/a.ndjson'));
	await until(async () => (await readStaged(vault.inside().database)) !== null);
	await vault.close();
	const again = await openTestVault(idb, vault.clock);
	await again.session.unlock(engagementId, PASSPHRASE);
	return again.inside();
}

describe('a storing that ended with its process', () => {
	it('is gone on from what was recorded of it, and comes to the same bytes under the same chain', async () => {
		const { database, store } = await endedAfter(19 * MIB);
		const staged = await readStaged(database);
		const resumed = staged && usableOf(staged, KEYS);
		if (!resumed) throw new Error('something to go on from');
		await purgeBehind(database, resumed);
		const stage = stageOf(database, resumed);
		const recorded = stage.bytesOf('data/a.ndjson');
		expect(recorded).toBeGreaterThanOrEqual(16 * MIB);
		expect((await database.shelf('segment').ids()).length).toBe(recorded / MIB);
		const asked: number[] = [];
		async function* whole(): AsyncGenerator<Uint8Array> {
			yield* stage.open('data/a.ndjson');
			asked.push(stage.bytesOf('data/a.ndjson'));
			yield* from(recorded);
		}
		const storing = storeDrop(sourceFrom(whole), database, IMPORT, { staging: { of: OF, keys: KEYS, resumed } });
		await storing.commit({});
		expect(asked).toEqual([recorded]);
		const stored = await store.storedDrop(IMPORT);
		const parts: Uint8Array[] = [];
		for await (const part of stored?.source.open('data/a.ndjson') ?? []) parts.push(part);
		expect(Buffer.compare(Buffer.concat(parts), BYTES)).toBe(0);
		expect(await store.verifyDrop(IMPORT)).toMatchObject({ ok: true });
		expect(stored?.stored.raw).toBe(BYTES.length);
		expect(await readStaged(database)).toBeNull();
	});

	it('is of no use to a plan that names its file otherwise, or says that it is shorter', async () => {
		const { database } = await endedAfter(19 * MIB);
		const staged = await readStaged(database);
		if (!staged) throw new Error('something to go on from');
		expect(usableOf(staged, new Map([['data/a.ndjson', { name: 'log b', bytes: BYTES.length }]]))).toBeNull();
		expect(usableOf(staged, new Map([['data/a.ndjson', { name: 'log a', bytes: MIB }]]))).toBeNull();
		await purgeStaged(database);
		expect(await database.shelf('segment').ids()).toEqual([]);
		expect(await readStaged(database)).toBeNull();
	});
});
