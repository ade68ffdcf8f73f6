import { describe, expect, it } from 'vitest';
import { webLocks } from '../../../renderer/vault/engagementLocks.ts';
import { finishBroken } from '../../../renderer/vault/finishBroken.ts';
import { openHeaders } from '../../../renderer/vault/header.ts';
import { createOpen, locksOf, memoryIdb, openTestVault, PASSPHRASE } from './testVault.ts';

describe('an engagement in two windows', () => {
	it('opens in the first only; the second is told where it is open, and is let in once the first has locked', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		await vault.session.lock();
		// The other window is whoever else holds the lock of this store.
		const release = await locksOf(idb).take(engagementId);
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({
			ok: false,
			error: { code: 'open_elsewhere', message: expect.stringContaining('another window') },
		});
		expect(await vault.session.state()).toMatchObject({ value: { isOpen: false } });
		release?.();
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ ok: true });
	});

	it('is held for as long as it is open, and let go of by a lock', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		expect(await locksOf(idb).take(engagementId)).toBeNull();
		await vault.session.lock();
		expect(await locksOf(idb).take(engagementId)).not.toBeNull();
	});

	it('is let go of by an opening that fails', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		await vault.session.lock();
		const headers = await openHeaders(idb);
		await headers.change(engagementId, (now) => ({ ...now, restored: { digest: '0'.repeat(64), mac: '0'.repeat(64) } }));
		headers.close();
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ error: { code: 'engagement_damaged' } });
		expect(await locksOf(idb).take(engagementId)).not.toBeNull();
	});

	it('is not cleared away by the second window while the first is making it', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		await vault.session.lock();
		const headers = await openHeaders(idb);
		await headers.change(engagementId, (now) => ({ ...now, state: 'creating' }));
		const release = await locksOf(idb).take(engagementId);
		await finishBroken(headers, { idb, locks: locksOf(idb) });
		expect(await headers.get(engagementId)).not.toBeNull();
		release?.();
		await finishBroken(headers, { idb, locks: locksOf(idb) });
		expect(await headers.get(engagementId)).toBeNull();
		headers.close();
	});
});

describe.skipIf(!('locks' in globalThis.navigator))('the browser’s locks', () => {
	it('give one engagement to one taker, wait for a page that is just ending, and refuse after that', async () => {
		const locks = webLocks(navigator.locks, 50);
		const release = await locks.take('one');
		expect(release).not.toBeNull();
		expect(await locks.take('one')).toBeNull();
		expect(await locks.take('another')).not.toBeNull();
		const waiting = webLocks(navigator.locks, 60_000).take('one');
		release?.();
		const second = await waiting;
		expect(second).not.toBeNull();
		second?.();
	});
});
