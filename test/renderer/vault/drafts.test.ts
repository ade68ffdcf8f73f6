import { describe, expect, it } from 'vitest';
import { draftsApi } from '../../../renderer/vault/draftsApi.ts';
import { createOpen, everythingStored, memoryIdb, openTestVault, PASSPHRASE, type TestVault } from './testVault.ts';

const PLACE = 'finding:f1:cause';
const draftsOf = (vault: TestVault) => draftsApi(vault.context as Parameters<typeof draftsApi>[0]);

/** Records of the shelf of drafts, as they lie in IndexedDB. */
const storedDrafts = async (vault: TestVault) =>
	(await everythingStored(vault.idb)).filter(({ database, store }) => database.includes('--draft') && store === 'docs');

describe('a draft', () => {
	it('typed right before a lock is there after the next unlock, with its time', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		const typedAt = vault.clock.at;
		await draftsOf(vault).keep(PLACE, { text: 'Billing lag' });
		await vault.session.lock();
		await vault.session.unlock(engagementId, PASSPHRASE);
		const found = await draftsOf(vault).find(PLACE);
		expect(found).toMatchObject({ ok: true, value: { fields: { text: 'Billing lag' } } });
		expect(found.ok && Date.parse(found.value?.at ?? '')).toBe(typedAt);
	});

	it('is written without a lock too, once typing pauses: a crash keeps it', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		const api = draftsOf(vault);
		await api.keep(PLACE, { text: 'B' });
		await api.keep(PLACE, { text: 'Bi' });
		while ((await storedDrafts(vault)).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
		const again = await openTestVault(idb, vault.clock);
		await again.session.unlock(engagementId, PASSPHRASE);
		expect(await draftsOf(again).find(PLACE)).toMatchObject({ value: { fields: { text: 'Bi' } } });
	});

	it('that is dropped is gone, even while it waits to be written', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		const api = draftsOf(vault);
		await api.keep(PLACE, { text: 'written' });
		await vault.inside().drafts.flush();
		await api.keep(PLACE, { text: 'waiting' });
		await api.drop(PLACE);
		await vault.session.lock();
		await vault.session.unlock(engagementId, PASSPHRASE);
		expect(await draftsOf(vault).find(PLACE)).toEqual({ ok: true, value: null });
		expect(await storedDrafts(vault)).toEqual([]);
	});

	it('typed while the one before is being dropped stays', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		const api = draftsOf(vault);
		await api.keep(PLACE, { text: 'first' });
		const dropped = api.drop(PLACE);
		await api.keep(PLACE, { text: 'second' });
		await dropped;
		expect(await api.find(PLACE)).toMatchObject({ value: { fields: { text: 'second' } } });
	});

	it('belongs to the member who typed it', async () => {
		const vault = await openTestVault();
		const opened = await vault.session.openSample();
		if (opened.ok) await vault.session.enter(opened.value.engagementId);
		const members = await vault.members.list();
		const mine = vault.inside().memberId;
		const other = members.ok && members.value.find(({ memberId }) => memberId !== mine)?.memberId;
		const api = draftsOf(vault);
		await api.keep(PLACE, { text: 'mine' });
		await vault.session.switchSampleMember(other || '');
		expect(vault.inside().memberId).toBe(other);
		expect(await api.find(PLACE)).toEqual({ ok: true, value: null });
		await vault.session.switchSampleMember(mine);
		expect(await api.find(PLACE)).toMatchObject({ value: { fields: { text: 'mine' } } });
	});

	it('is refused where none is open, and where it is longer than any field', async () => {
		const vault = await openTestVault();
		expect(await draftsOf(vault).keep(PLACE, { text: 'x' })).toMatchObject({ error: { code: 'locked' } });
		await createOpen(vault);
		expect(await draftsOf(vault).keep(PLACE, { text: 'x'.repeat(20_001) })).toMatchObject({ error: { code: 'invalid' } });
	});

	it('bears a name in the store that says neither place nor member', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		await draftsOf(vault).keep(PLACE, { text: 'x' });
		await vault.inside().drafts.flush();
		const stored = JSON.stringify(await storedDrafts(vault));
		expect(stored).toMatch(/"id":"[0-9a-f]{32}"/);
		expect(stored).not.toContain('finding');
		expect(stored).not.toContain(vault.inside().memberId);
	});
});
