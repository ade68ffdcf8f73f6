import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Act } from '#findings';
import type { IndexedDbPort } from '../../../renderer/vault/header.ts';
import { openHeaders } from '../../../renderer/vault/header.ts';
import { createOpen, memoryIdb, openTestVault, PASSPHRASE } from './testVault.ts';

const anyAct: fc.Arbitrary<Act> = fc.oneof(
	fc.record({
		type: fc.constant('setting.changed' as const),
		key: fc.constantFrom('a', 'b', 'c'),
		value: fc.string({ maxLength: 20 }).filter((text) => text.isWellFormed()),
		reason: fc.constant('because'),
	}),
	fc.record({
		type: fc.constant('finding.created' as const),
		findingId: fc.uuid(),
		title: fc.constantFrom('One', 'Two'),
		severity: fc.constantFrom('high' as const, 'low' as const),
	}),
	fc.record({
		type: fc.constant('engagement.edited' as const),
		field: fc.constantFrom('name' as const, 'client' as const),
		value: fc.constantFrom('N1', 'N2', ''),
	}),
	fc.record({ type: fc.constant('act.undone' as const), undoes: fc.integer({ min: 1, max: 12 }) }),
);

/** Changes one stored value of an object store in place. */
async function changeStored(
	idb: IndexedDbPort,
	database: string,
	key: string | null,
	edit: (value: Record<string, unknown>) => Record<string, unknown> | null,
): Promise<void> {
	const name = (await idb.indexedDB.databases()).find((each) => each.name?.endsWith(database))?.name;
	const db = await new Promise<IDBDatabase>((resolve) => {
		const request = idb.indexedDB.open(name ?? '');
		request.onsuccess = () => resolve(request.result);
	});
	const store = db.transaction('docs', 'readwrite').objectStore('docs');
	await new Promise<void>((resolve) => {
		const cursor = store.openCursor(key);
		cursor.onsuccess = () => {
			const at = cursor.result;
			if (!at) return resolve();
			const changed = edit(at.value);
			const done = changed === null ? at.delete() : at.update(changed);
			done.onsuccess = () => resolve();
		};
	});
	db.close();
}

const actId = (replica: string, seq: number): string => `${replica}.${String(seq).padStart(10, '0')}`;

describe('the log of acts', () => {
	it('survives closing, whatever the acts: the workbook is the same after a reopening', async () => {
		await fc.assert(
			fc.asyncProperty(fc.array(anyAct, { maxLength: 12 }), async (acts) => {
				const idb = memoryIdb();
				const vault = await openTestVault(idb);
				const { engagementId } = await createOpen(vault);
				let accepted = 2;
				for (const act of acts) if ((await vault.inside().act(act)).ok) accepted++;
				const before = vault.inside().workbook();
				expect(before.seq).toBe(accepted);
				await vault.close();
				const again = await openTestVault(idb, vault.clock);
				await again.session.unlock(engagementId, PASSPHRASE);
				expect(again.inside().workbook()).toEqual(before);
				expect(again.inside().damages()).toEqual([]);
				await again.close();
			}),
			{ numRuns: 12 },
		);
	});

	it('takes several acts all or none', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		const good: Act = { type: 'setting.changed', key: 'materiality', value: '100', reason: 'plan' };
		const bad: Act = { type: 'finding.edited', findingId: 'none', field: 'title', value: 'x' };
		expect(await vault.inside().act(good, bad)).toMatchObject({ error: { code: 'not_found' } });
		expect(vault.inside().workbook().seq).toBe(2);
		expect(await vault.inside().act({ ...good, key: 'x'.repeat(1_000) })).toMatchObject({ error: { code: 'invalid' } });
		expect(await vault.inside().act(good, { ...good, value: '200' })).toMatchObject({ ok: true });
	});

	it('keeps the order of acts that were begun at once', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		const answers = await Promise.all(
			Array.from({ length: 20 }, (_, i) => vault.inside().act({ type: 'setting.changed', key: 'n', value: String(i), reason: 'r' })),
		);
		expect(answers.every(({ ok }) => ok)).toBe(true);
		expect(vault.inside().workbook().settings.get('n')?.value).toBe('19');
		expect(
			vault
				.inside()
				.log()
				.map(({ seq }) => seq),
		).toEqual(Array.from({ length: 22 }, (_, i) => i + 1));
	});

	it('with any one bit of a record changed opens for reading only, and says where', async () => {
		await fc.assert(
			fc.asyncProperty(fc.nat({ max: 3 }), fc.double({ min: 0, max: 0.999, noNaN: true }), fc.nat({ max: 7 }), async (act, where, bit) => {
				const idb = memoryIdb();
				const vault = await openTestVault(idb);
				const { engagementId } = await createOpen(vault);
				for (const value of ['1', '2']) await vault.inside().act({ type: 'setting.changed', key: 'k', value, reason: 'r' });
				const { replica } = vault.inside();
				await vault.close();
				await changeStored(idb, '--act', actId(replica, act + 1), (value) => {
					const text = String(value['_c']);
					const at = Math.floor(where * text.length);
					return { ...value, _c: text.slice(0, at) + String.fromCharCode(text.charCodeAt(at) ^ (1 << bit)) + text.slice(at + 1) };
				});
				const again = await openTestVault(idb, vault.clock);
				const unlocked = await again.session.unlock(engagementId, PASSPHRASE);
				if (unlocked.ok) {
					expect(again.inside().damages()[0]?.message).toMatch(new RegExp(`Act ${act + 1} `));
					expect(await again.inside().act({ type: 'setting.changed', key: 'k', value: '3', reason: 'r' })).toMatchObject({
						error: { code: 'engagement_damaged' },
					});
				} else expect(unlocked.error.code).toBe('engagement_damaged');
				await again.close();
			}),
			{ numRuns: 12 },
		);
	});

	it('that lost its last act is known to have had it', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		await vault.inside().act({ type: 'setting.changed', key: 'k', value: '1', reason: 'r' });
		const { replica } = vault.inside();
		await vault.close();
		await changeStored(idb, '--act', actId(replica, 3), () => null);
		const again = await openTestVault(idb, vault.clock);
		await again.session.unlock(engagementId, PASSPHRASE);
		expect(again.inside().damages()).toMatchObject([{ message: expect.stringContaining('known to have reached act 3') }]);
		expect(await again.session.state()).toMatchObject({ value: { damages: [{ seq: 2 }] } });
	});

	it('does not believe a head in the list of engagements that the vault did not write', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		await vault.close();
		const headers = await openHeaders(idb);
		await headers.change(engagementId, (header) => ({ ...header, head: header.head && { ...header.head, confirmed: 1 } }));
		headers.close();
		const again = await openTestVault(idb, vault.clock);
		await again.session.unlock(engagementId, PASSPHRASE);
		expect(again.inside().damages()).toHaveLength(1);
	});
});
