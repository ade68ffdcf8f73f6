import { describe, expect, it } from 'vitest';
import { createOpen, FORM, openTestVault, PASSPHRASE } from './testVault.ts';

describe('an engagement', () => {
	it('is created, locked and unlocked with its passphrase', async () => {
		const vault = await openTestVault();
		const { engagementId } = await createOpen(vault);
		const seq = vault.inside().workbook().seq;
		expect(seq).toBe(2);
		await vault.session.lock();
		expect(vault.context.open()).toMatchObject({ ok: false, error: { code: 'locked' } });
		expect(await vault.session.unlock(engagementId, PASSPHRASE)).toEqual({ ok: true, value: undefined });
		expect(vault.inside().workbook().engagement.client).toBe(FORM.client);
		expect(vault.inside().member().role).toBe('partner');
	});
});
