/** What was reconciled before: over imports, rules and restarts. */
import { describe, expect, it } from 'vitest';
import type { ReconcileDigest } from '#explore';
import { reconcileMemory } from '../../../renderer/vault/reconcileMemory.ts';
import { memoryShelf } from './memoryShelf.ts';

const NONE = { matched: 0, within_tolerance: 0, open: 0, not_compared: 0, unmatched: 0, conflicting: 0 };
const digest = (importId: string, ...keys: readonly string[]): ReconcileDigest => ({
	importId,
	items: 10,
	classes: { ...NONE, matched: 10 - keys.length, unmatched: keys.length },
	breaks: new Map(keys.map((key) => [key, 'billing/shipped_not_invoiced'])),
});

describe('the memory of reconciliations', () => {
	it('knows nothing before the first import', async () => {
		expect(await reconcileMemory(memoryShelf()).remember({ digest: digest('one', 'a'), rule: 'exact' })).toBeNull();
	});

	it('tells what the import before came to, after a restart as well', async () => {
		const shelf = memoryShelf();
		await reconcileMemory(shelf).remember({ digest: digest('one', 'a', 'b'), rule: 'exact' });
		const before = await reconcileMemory(shelf).remember({ digest: digest('two', 'b'), rule: 'exact' });
		expect(before).toEqual({ digest: digest('one', 'a', 'b'), rule: 'exact' });
		expect(await reconcileMemory(shelf).remember({ digest: digest('two', 'b'), rule: 'exact' })).toEqual(before);
	});

	it('keeps comparing with the import before when the same import is reconciled by another rule', async () => {
		const shelf = memoryShelf();
		const memory = reconcileMemory(shelf);
		await memory.remember({ digest: digest('one', 'a'), rule: 'exact' });
		await memory.remember({ digest: digest('two', 'a', 'b'), rule: 'exact' });
		expect((await memory.remember({ digest: digest('two', 'a'), rule: 'tolerant' }))?.digest.importId).toBe('one');
		expect(await memory.remember({ digest: digest('three'), rule: 'exact' })).toEqual({ digest: digest('two', 'a'), rule: 'tolerant' });
	});

	it('begins anew where the record does not read', async () => {
		const shelf = memoryShelf();
		await reconcileMemory(shelf).remember({ digest: digest('one', 'a'), rule: 'exact' });
		const [part] = (await shelf.ids()).filter((id) => !id.endsWith('.index'));
		const bytes = new TextEncoder().encode('{"version":2}');
		await shelf.put({ id: part ?? '', body: { raw: bytes.length, deflated: false }, bytes });
		await shelf.put({
			id: 'reconciled.index',
			body: { version: 1, generation: part?.split('.')[1] ?? '', parts: [{ name: 'digests.json', size: bytes.length, chunks: 1 }] },
			bytes: new Uint8Array(0),
		});
		expect(await reconcileMemory(shelf).remember({ digest: digest('two'), rule: 'exact' })).toBeNull();
	});
});
