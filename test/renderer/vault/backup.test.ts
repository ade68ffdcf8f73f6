import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DropSource } from '#intake';
import { createOpen, importedAct, memoryIdb, openTestVault, PASSPHRASE } from './testVault.ts';

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

let file = new Uint8Array(0);
let recoveryKey = '';

beforeAll(async () => {
	const vault = await openTestVault();
	recoveryKey = (await createOpen(vault)).recoveryKey;
	await vault.inside().act({ type: 'setting.changed', key: 'k', value: 'kept', reason: 'r' });
	await vault.inside().store.storeDrop(drop, IMPORT).commit({});
	await vault.inside().act(importedAct(IMPORT));
	const made = await vault.session.backup();
	if (!made.ok) throw new Error(made.error.message);
	file = new Uint8Array(made.value);
});

describe('a backup', () => {
	it('restores on another computer: acts, evidence, passphrase and recovery key', async () => {
		const vault = await openTestVault(memoryIdb());
		const restored = await vault.session.restore(file);
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
		const first = await vault.session.restore(file);
		const second = await vault.session.restore(file);
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
				expect(await vault.session.restore(altered)).toMatchObject({ ok: false, error: { code: 'unreadable_file' } });
			}),
			{ numRuns: 60 },
		);
		expect(await vault.session.list()).toEqual({ ok: true, value: [] });
	});

	it('that is cut short or has something after its end is refused', async () => {
		const vault = await openTestVault();
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: file.length - 1 }), async (length) => {
				expect(await vault.session.restore(file.slice(0, length))).toMatchObject({ error: { code: 'unreadable_file' } });
			}),
			{ numRuns: 40 },
		);
		const longer = new Uint8Array(file.length + 5);
		longer.set(file);
		expect(await vault.session.restore(longer)).toMatchObject({ error: { code: 'unreadable_file' } });
	});
});
