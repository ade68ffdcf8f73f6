import { describe, expect, it } from 'vitest';
import { verifyEd25519 } from '#evidence';
import { fromBase64, ok } from '#kernel';
import { disposalMessage } from '../../../renderer/vault/dispose.ts';
import { exportsApi } from '../../../renderer/vault/exportsApi.ts';
import { openHeaders } from '../../../renderer/vault/header.ts';
import { createOpen, everythingStored, FORM, memoryIdb, openTestVault, PASSPHRASE } from './testVault.ts';

const OTHER = 'wholly different words here';

const kept = (): Promise<boolean> => Promise.resolve(true);

describe('an engagement', () => {
	it('is created, locked and unlocked with its passphrase', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		expect(vault.inside().workbook().seq).toBe(2);
		await vault.session.lock();
		expect(vault.context.open()).toMatchObject({ ok: false, error: { code: 'locked' } });
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toEqual({ ok: true, value: undefined });
		expect(vault.inside().workbook().engagement.client).toBe(FORM.client);
		expect(vault.inside().member().role).toBe('partner');
	});

	it('is not shown as open before the window has gone in', async () => {
		const vault = await openTestVault();
		const made = await vault.session.create(FORM);
		expect(await vault.session.state()).toMatchObject({ value: { isOpen: false } });
		if (made.ok) await vault.session.enter(made.value.engagementId);
		expect(await vault.session.state()).toMatchObject({ value: { isOpen: true, damages: [] } });
	});

	it('has a label that says nothing, unless one is chosen; a label is given once', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		const list = await vault.session.list();
		expect(list.ok && list.value[0]?.label).toMatch(/^Engagement [0-9A-F]{4}$/);
		expect(await vault.session.create({ ...FORM, label: 'Mine' })).toMatchObject({ ok: true });
		expect(await vault.session.create({ ...FORM, label: 'Mine' })).toMatchObject({ error: { code: 'engagement_exists' } });
		expect(await vault.session.create({ ...FORM, label: ' ' })).toMatchObject({ error: { code: 'invalid' } });
	});

	it('leaves no word of the client, of members or of notes in what is stored', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		const { store, drafts, memberId } = vault.inside();
		drafts.keep(memberId, 'finding:canary', { note: 'Zyx Canary draft' });
		await drafts.flush();
		await store.saveSnapshot('ab'.repeat(16), [{ name: 'canaryPart', bytes: new TextEncoder().encode('Zyx Canary column') }]);
		const stored = JSON.stringify(await everythingStored(vault.idb));
		expect(stored.length).toBeGreaterThan(1_000);
		expect(stored).not.toMatch(/Canary|canary|Okafor|Meridian|Audit FY/);
	});

	it('that is not there is refused', async () => {
		const vault = await openTestVault();
		expect(await vault.session.unlock('nothing', PASSPHRASE)).toMatchObject({ error: { code: 'no_such_engagement' } });
		expect(await vault.session.dispose(kept)).toMatchObject({ error: { code: 'locked' } });
		expect(await vault.session.enter('nothing')).toMatchObject({ error: { code: 'locked' } });
	});

	it('of a client does not open on a runtime that may hold the sample only', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		vault.session.restrictToSample();
		expect(await vault.session.create(FORM)).toMatchObject({ error: { code: 'runtime_refused' } });
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ error: { code: 'runtime_refused' } });
		expect(await vault.session.openSample()).toMatchObject({ ok: true });
	});
});

describe('a wrong passphrase', () => {
	it('is refused, more slowly each time after the third, and that is kept over a restart', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		await vault.session.lock();
		for (let i = 0; i < 3; i++)
			expect(await vault.session.unlock(engagementId, OTHER)).toMatchObject({ error: { code: 'wrong_passphrase' } });
		await vault.close();
		const again = await openTestVault(idb, vault.clock);
		expect(await again.session.unlock(engagementId, PASSPHRASE)).toMatchObject({
			error: { message: expect.stringMatching(/Try again in \d s/) },
		});
		again.clock.at += 10_000;
		expect(await again.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ ok: true });
		await again.session.lock();
		expect(await again.session.unlock(engagementId, OTHER)).toMatchObject({
			error: { message: 'The passphrase is wrong. Try again, or use the recovery key.' },
		});
	});

	it('does not lock anybody out for longer than five minutes, even with a clock set back', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		await vault.session.lock();
		for (let i = 0; i < 20; i++) {
			await vault.session.unlock(engagementId, OTHER);
			vault.clock.at += 300_001;
		}
		await vault.session.unlock(engagementId, OTHER);
		vault.clock.at -= 86_400_000;
		const answer = await vault.session.unlock(engagementId, PASSPHRASE);
		expect(answer).toMatchObject({ error: { message: 'Too many wrong passphrases. Try again in 300 s, or use the recovery key.' } });
	});

	it.each([
		['short1', 'at least 12 characters'],
		['aaaaaaaaaaaaaaaa', 'repeats'],
		['one one one one', 'repeats'],
		['Audit FY 2026', 'name'],
		['zyx-canary-client', 'name'],
	])('too weak a one, %s, is not taken', async (passphrase, why) => {
		const vault = await openTestVault();
		const answer = await vault.session.create({ ...FORM, passphrase });
		expect(answer).toMatchObject({ error: { code: 'weak_passphrase', message: expect.stringContaining(why) } });
		expect(await vault.session.list()).toEqual({ ok: true, value: [] });
	});
});

describe('key parameters', () => {
	it('weaker than the floor are refused, wherever they come from', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		await vault.session.lock();
		const headers = await openHeaders(idb);
		await headers.change(engagementId, (header) => ({ ...header, kdf: { ...header.kdf, memoryKiB: 8 } }));
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ error: { code: 'engagement_damaged' } });
		headers.close();
	});
});

describe('the recovery key', () => {
	it('opens the engagement and sets another passphrase', async () => {
		const vault = await openTestVault();
		const { engagementId, recoveryKey } = await createOpen(vault);
		expect(recoveryKey).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/);
		await vault.session.lock();
		const typed = recoveryKey.toLowerCase().replaceAll('-', ' ').replaceAll('1', 'l');
		expect(await vault.session.unlockWithRecovery(engagementId, typed, OTHER)).toMatchObject({ ok: true });
		await vault.session.lock();
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ error: { code: 'wrong_passphrase' } });
		expect(await vault.session.unlock(engagementId, OTHER)).toMatchObject({ ok: true });
	});

	it('mistyped, or of another engagement, is told apart', async () => {
		const vault = await openTestVault();
		const first = await createOpen(vault);
		const second = await createOpen(vault);
		await vault.session.lock();
		const mistyped = first.recoveryKey.replace(/^./, (char) => (char === '7' ? '8' : '7'));
		expect(await vault.session.unlockWithRecovery(first.engagementId, mistyped, OTHER)).toMatchObject({
			error: { message: expect.stringContaining('no recovery key') },
		});
		expect(await vault.session.unlockWithRecovery(first.engagementId, second.recoveryKey, OTHER)).toMatchObject({
			error: { message: expect.stringContaining('another engagement') },
		});
		expect(await vault.session.unlockWithRecovery(first.engagementId, first.recoveryKey, 'short')).toMatchObject({
			error: { code: 'weak_passphrase' },
		});
	});
});

describe('a new recovery key', () => {
	it('is shown once, opens the engagement, and the one before does no more', async () => {
		const vault = await openTestVault();
		const { engagementId, recoveryKey: old } = await createOpen(vault);
		const issued = await vault.session.issueRecoveryKey(PASSPHRASE);
		const next = issued.ok ? issued.value.recoveryKey : '';
		expect(next).toMatch(/^([0-9A-Z]{4}-){13}[0-9A-Z]{4}$/);
		expect(next).not.toBe(old);
		const headers = await openHeaders(vault.idb);
		expect((await headers.get(engagementId))?.slots.map(({ kind }) => kind)).toEqual(['passphrase', 'recovery']);
		headers.close();
		await vault.session.lock();
		expect(await vault.session.unlockWithRecovery(engagementId, old, OTHER)).toMatchObject({
			error: { message: expect.stringContaining('a newer key has replaced') },
		});
		expect(await vault.session.unlockWithRecovery(engagementId, next, OTHER)).toMatchObject({ ok: true });
	});

	it('stands in the log without the key, signed by who issued it, and is not undone', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		const issued = await vault.session.issueRecoveryKey(PASSPHRASE);
		const last = vault.inside().log().at(-1);
		expect(last).toMatchObject({ memberId: vault.inside().memberId, act: { type: 'recovery_key.issued' } });
		const recoveryKey = issued.ok ? issued.value.recoveryKey : '';
		expect(JSON.stringify(last)).not.toContain(recoveryKey.slice(0, 9));
		expect(await vault.inside().act({ type: 'act.undone', undoes: last?.seq ?? 0 })).toMatchObject({ error: { code: 'conflict' } });
	});

	it('is issued by a partner who gives the passphrase, and not in the sample', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		expect(await vault.session.issueRecoveryKey(OTHER)).toMatchObject({ error: { code: 'wrong_passphrase' } });
		await vault.members.addMember('K. Lee', 'reviewer', OTHER);
		await vault.session.lock();
		await vault.session.unlock(engagementId, OTHER);
		const seq = vault.inside().workbook().seq;
		expect(await vault.session.issueRecoveryKey(OTHER)).toMatchObject({ error: { code: 'not_allowed' } });
		expect(vault.inside().workbook().seq).toBe(seq);
		await vault.session.openSample();
		expect(await vault.session.issueRecoveryKey('sample')).toMatchObject({ error: { code: 'not_allowed' } });
	});
});

describe('a change of passphrase', () => {
	it('needs the one before, and replaces it', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		expect(await vault.session.changePassphrase(OTHER, PASSPHRASE)).toMatchObject({ error: { code: 'wrong_passphrase' } });
		expect(await vault.session.changePassphrase(PASSPHRASE, OTHER)).toMatchObject({ ok: true });
		expect(await vault.session.confirmPassphrase(OTHER)).toMatchObject({
			ok: true,
			value: { confirmation: expect.stringMatching(/^[0-9a-f]{32}$/) },
		});
		await vault.session.lock();
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ error: { code: 'wrong_passphrase' } });
		expect(await vault.session.unlock(engagementId, OTHER)).toMatchObject({ ok: true });
	});
});

describe('a backup', () => {
	it('is not taken by a member who only reads, and stands on record once it is written', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		await vault.members.addMember('K. Lee', 'readonly', OTHER);
		const parts: Uint8Array[] = [];
		const write = (bytes: Uint8Array) => Promise.resolve(ok(void parts.push(bytes)));
		const made = await vault.session.backupTo(write);
		if (!made.ok) throw new Error(made.error.message);
		const exported = () =>
			vault
				.inside()
				.log()
				.filter(({ act }) => act.type === 'evidence.exported');
		expect(exported()).toEqual([]);
		expect(await exportsApi(vault.context).written(made.value.exportId, 'a'.repeat(64))).toMatchObject({ ok: true });
		expect(exported()).toMatchObject([{ act: { what: 'Backup of the engagement', sha256: 'a'.repeat(64) } }]);
		await vault.session.lock();
		await vault.session.unlock(engagementId, OTHER);
		parts.length = 0;
		expect(await vault.session.backupTo(write)).toMatchObject({ error: { code: 'not_allowed' } });
		expect(parts).toEqual([]);
	});
});

describe('members', () => {
	it('have their own passphrase, key and role, and lose their way in when taken out', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		const added = await vault.members.addMember('K. Lee', 'reviewer', OTHER);
		expect(added).toMatchObject({ ok: true, value: { name: 'K. Lee', role: 'reviewer' } });
		expect(await vault.members.addMember('M. Ito', 'preparer', OTHER)).toMatchObject({ error: { code: 'weak_passphrase' } });
		expect(await vault.members.addMember('M. Ito', 'preparer', 'short')).toMatchObject({ error: { code: 'weak_passphrase' } });
		expect(await vault.session.confirmPassphrase(OTHER)).toMatchObject({ error: { code: 'wrong_passphrase' } });
		await vault.session.lock();
		await vault.session.unlock(engagementId, OTHER);
		expect(vault.inside().member().name).toBe('K. Lee');
		expect(await vault.members.addMember('M. Ito', 'preparer', 'four other words still')).toMatchObject({ error: { code: 'not_allowed' } });
		await vault.session.lock();
		await vault.session.unlock(engagementId, PASSPHRASE);
		if (!added.ok) return;
		expect(await vault.members.changeRole(added.value.memberId, 'preparer')).toMatchObject({ ok: true });
		expect(await vault.members.removeMember(added.value.memberId, 'left')).toMatchObject({ ok: true });
		await vault.session.lock();
		expect(await vault.session.unlock(engagementId, OTHER)).toMatchObject({ error: { code: 'wrong_passphrase' } });
	});

	it('of the sample are acted as without a passphrase, of no other engagement', async () => {
		const vault = await openTestVault();
		const sample = await vault.session.openSample();
		expect(sample).toMatchObject({ ok: true, value: { hasEvidence: false } });
		expect(vault.inside().member().name).toBe('M. Ito');
		const reviewer = [...vault.inside().workbook().members.values()].find(({ role }) => role === 'reviewer');
		expect(await vault.session.switchSampleMember(reviewer?.memberId ?? '')).toMatchObject({ ok: true });
		expect(vault.inside().member().name).toBe('K. Lee');
		const again = await vault.session.openSample();
		expect(sample.ok && again.ok && again.value.engagementId === sample.value.engagementId).toBe(true);
		await createOpen(vault);
		expect(await vault.session.switchSampleMember('x')).toMatchObject({ error: { code: 'not_allowed' } });
	});
});

describe('disposal', () => {
	it('takes away every database and leaves a signed certificate', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		const disposed = await vault.session.dispose(kept);
		expect(disposed).toMatchObject({ ok: true, value: { certificate: { acts: 2, client: FORM.client, slots: 2 } } });
		expect(disposed.ok && disposed.value.text).toContain('CERTIFICATE OF DISPOSAL');
		if (disposed.ok) {
			const { signature, ...unsigned } = disposed.value.certificate;
			const [key, bytes] = [fromBase64(unsigned.publicKey), fromBase64(signature)];
			expect(key && bytes && verifyEd25519(key, disposalMessage(unsigned), bytes)).toBe(true);
		}
		const names = (await vault.idb.indexedDB.databases()).map(({ name }) => name ?? '');
		expect(names.filter((name) => name.includes(engagementId))).toEqual([]);
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toMatchObject({ error: { code: 'no_such_engagement' } });
	});

	it('hands over its certificate, in words and as it was signed, as soon as the keys are gone and before the rest is', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		const seen: unknown[] = [];
		const disposed = await vault.session.dispose(async (text) => {
			const headers = await openHeaders(idb);
			const header = await headers.get(engagementId);
			headers.close();
			seen.push(text, header?.state, header?.slots);
			return true;
		});
		const [text, ...header] = seen as [string, ...unknown[]];
		expect(header).toEqual(['disposing', []]);
		expect(text).toContain('CERTIFICATE OF DISPOSAL');
		expect(disposed).toMatchObject({ ok: true, value: { text, isKept: true } });
		if (disposed.ok) expect(JSON.parse(text.trimEnd().split('\n').at(-1) ?? '')).toEqual(disposed.value.certificate);
	});

	it('goes on where nobody takes its certificate, and says so', async () => {
		const vault = await openTestVault();
		await createOpen(vault);
		expect(await vault.session.dispose(() => Promise.reject(new Error('no')))).toMatchObject({ ok: true, value: { isKept: false } });
		expect(await vault.session.list()).toEqual({ ok: true, value: [] });
	});

	it('that was broken off is finished at the next start', async () => {
		const idb = memoryIdb();
		const vault = await openTestVault(idb);
		const { engagementId } = await createOpen(vault);
		await vault.close();
		const headers = await openHeaders(idb);
		await headers.change(engagementId, (header) => ({ ...header, slots: [], state: 'disposing' }));
		headers.close();
		const again = await openTestVault(idb);
		expect(await again.session.list()).toEqual({ ok: true, value: [] });
		expect((await idb.indexedDB.databases()).map(({ name }) => name)).toEqual(['tieout-engagements']);
	});
});
