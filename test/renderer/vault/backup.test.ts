import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DropSource } from '#intake';
import { ok } from '#kernel';
import type { PieceReader } from '../../../renderer/vault/byteSource.ts';
import { refuse } from '../../../renderer/vault/vaultError.ts';
import { createOpen, importedAct, memoryIdb, openTestVault, PASSPHRASE, type TestVault } from './testVault.ts';

const IMPORT = 'ab'.repeat(16);

const drop: DropSource = {
	kind: 'folder',
	paths: new Set(['data/a.jsonl']),
	size: () => Promise.resolve(700_000),
	async *open() {
		yield await Promise.resolve(new Uint8Array(700_000).map((_, i) => (i * i) >> 3));
	},
	readRange: null,
	close: () => Promise.resolve(),
};

/** The bytes of a backup, as the window takes them one after the other. */
async function backupOf(vault: TestVault): Promise<Uint8Array<ArrayBuffer>> {
	const parts: Uint8Array[] = [];
	const made = await vault.session.backupTo((bytes) => {
		parts.push(bytes.slice());
		return Promise.resolve(ok(undefined));
	});
	if (!made.ok) throw new Error(made.error.message);
	const whole = new Uint8Array(Buffer.concat(parts));
	expect(made.value.bytes).toBe(whole.length);
	return whole;
}

/** Answers at most `most` bytes at once, as the bridge does. */
const piecesOf =
	(bytes: Uint8Array, most = 100_000): PieceReader =>
	(offset, length) =>
		Promise.resolve(ok(bytes.slice(offset, offset + Math.min(length, most))));

const restore = (vault: TestVault, bytes: Uint8Array) => vault.session.restoreFrom(bytes.length, piecesOf(bytes));

let file = new Uint8Array(0);
let recoveryKey = '';

beforeAll(async () => {
	const vault = await openTestVault();
	recoveryKey = (await createOpen(vault)).recoveryKey;
	await vault.inside().act({ type: 'setting.changed', key: 'k', value: 'kept', reason: 'r' });
	await vault.inside().store.storeDrop(drop, IMPORT).commit({});
	await vault.inside().act(importedAct(IMPORT));
	file = await backupOf(vault);
});

describe('a backup', () => {
	it('restores on another computer: acts, evidence, passphrase and recovery key', async () => {
		const vault = await openTestVault(memoryIdb());
		const restored = await restore(vault, file);
		expect(restored).toMatchObject({ ok: true, value: { label: expect.stringMatching(/^Engagement .{4} \(restored 2026-11-29\)$/) } });
		if (!restored.ok) return;
		const { engagementId } = restored.value;
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ ok: true });
		expect(vault.inside().workbook().settings.get('k')?.value).toBe('kept');
		expect(vault.inside().damages()).toEqual([]);
		expect(await vault.inside().store.verifyDrop(IMPORT)).toMatchObject({ ok: true });
		expect(await vault.inside().act({ type: 'setting.changed', key: 'k', value: 'on', reason: 'r' })).toMatchObject({ ok: true });
		await vault.session.lock();
		expect(await vault.session.unlockWithRecovery(engagementId, recoveryKey, 'quite another set of words')).toMatchObject({ ok: true });
	});

	it('never writes over what is there', async () => {
		const vault = await openTestVault();
		const first = await restore(vault, file);
		const second = await restore(vault, file);
		expect(first.ok && second.ok && first.value.engagementId !== second.value.engagementId).toBe(true);
		const list = await vault.session.list();
		expect(list.ok && list.value.length).toBe(2);
	});

	it('holds no word in the clear', () => {
		expect(Buffer.from(file).toString('latin1')).not.toMatch(/Canary|Okafor|kept/);
	});

	it('with any one bit changed is refused, and nothing is written', async () => {
		const vault = await openTestVault();
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: file.length - 1 }), fc.nat({ max: 7 }), async (at, bit) => {
				const altered = file.slice();
				altered[at] = (altered[at] as number) ^ (1 << bit);
				expect(await restore(vault, altered)).toMatchObject({ ok: false, error: { code: 'unreadable_file' } });
			}),
			{ numRuns: 60 },
		);
		expect(await vault.session.list()).toEqual({ ok: true, value: [] });
	});

	it('that is cut short or has something after its end is refused', async () => {
		const vault = await openTestVault();
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: file.length - 1 }), async (length) => {
				expect(await restore(vault, file.slice(0, length))).toMatchObject({ error: { code: 'unreadable_file' } });
			}),
			{ numRuns: 40 },
		);
		const longer = new Uint8Array(file.length + 5);
		longer.set(file);
		expect(await restore(vault, longer)).toMatchObject({ error: { code: 'unreadable_file' } });
	});
});

describe('writing a backup', () => {
	it('holds no more than a frame at a time', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		await vault.inside().store.storeDrop(drop, IMPORT).commit({});
		const sizes: number[] = [];
		await vault.session.backupTo((bytes) => {
			sizes.push(bytes.length);
			return Promise.resolve(ok(undefined));
		});
		expect(sizes.length).toBeGreaterThan(2);
		expect(Math.max(...sizes)).toBeLessThan(2 * 1_048_576);
	});

	it('ends with what the disk says, where it takes no more', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		const answer = await vault.session.backupTo(() => Promise.resolve(refuse('storage_failed', 'The disk is full.')));
		expect(answer).toEqual({ ok: false, error: { code: 'storage_failed', message: 'The disk is full.' } });
	});

	it('is a job that says how far it is, and stops where it is told to', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		let running: unknown;
		const answer = await vault.session.backupTo(async () => {
			const jobs = await vault.jobs.list();
			const job = jobs.ok ? jobs.value[0] : undefined;
			running = job;
			await vault.jobs.cancel(job?.jobId ?? '');
			return ok(undefined);
		});
		expect(running).toMatchObject({ label: 'Backup', outcome: 'running' });
		expect(answer).toMatchObject({ error: { code: 'cancelled' } });
	});
});

describe('restoring a backup', () => {
	it('whose medium fails while it is written leaves nothing behind', async () => {
		const writer = await openTestVault();
		await createOpen(writer);
		// More than is held of a file at once, so that the second reading asks for it again.
		const noise = randomBytes(5_000_000);
		const large: DropSource = {
			...drop,
			size: () => Promise.resolve(noise.length),
			async *open() {
				yield await Promise.resolve(noise);
			},
		};
		await writer.inside().store.storeDrop(large, IMPORT).commit({});
		await writer.inside().act(importedAct(IMPORT));
		const bytes = await backupOf(writer);
		const vault = await openTestVault();
		let given = 0;
		const answer = await vault.session.restoreFrom(bytes.length, async (offset, length) => {
			given += Math.min(length, 100_000);
			return given > bytes.length * 1.9 ? refuse('unreadable_file', 'The medium is gone.') : await piecesOf(bytes)(offset, length);
		});
		expect(answer).toMatchObject({ error: { code: 'unreadable_file', message: 'The medium is gone.' } });
		expect(await vault.session.list()).toEqual({ ok: true, value: [] });
		expect((await vault.idb.indexedDB.databases()).filter(({ name }) => name?.startsWith('rxdb-dexie-e'))).toEqual([]);
	});

	it('that is cancelled writes nothing', async () => {
		const vault = await openTestVault();
		const answer = await vault.session.restoreFrom(file.length, async (offset, length) => {
			const jobs = await vault.jobs.list();
			await vault.jobs.cancel((jobs.ok && jobs.value[0]?.jobId) || '');
			return await piecesOf(file)(offset, length);
		});
		expect(answer).toMatchObject({ error: { code: 'cancelled' } });
		expect(await vault.session.list()).toEqual({ ok: true, value: [] });
	});
});
