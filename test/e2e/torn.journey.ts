/** A store whose writer was killed in the middle of a record, or that a disk damaged: it opens, and the window says what a person must know. */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { KEPT_FOLDER } from '../../electron/services/mendStores.ts';
import { STEP_MS } from '../browser/keys.ts';
import { PARTNER } from '../browser/steps/journey.ts';
import { createEngagement, unlock } from '../browser/steps/unlock.ts';
import { damageLog, isTornLog, newestLog, tearLog } from '../renderer/vault/tornLog.ts';
import { launchElectron } from './harness.ts';

describe('a window over a store that was not written to its end', { timeout: 5 * STEP_MS }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'torn-'));
	const profile = join(folder, 'profile');
	const log = (): string => newestLog(join(profile, 'Partitions', 'tieout', 'IndexedDB'));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test('cuts the torn end off before the store is opened, so that the engagement is there at this start and at the next', async () => {
		const first = await launchElectron({ profile });
		await createEngagement(first);
		await first.kill();
		tearLog(log());
		expect(isTornLog(log())).toBe(true);
		for (let start = 0; start < 2; start++) {
			const window = await launchElectron({ profile });
			expect(await unlock(window, PARTNER.passphrase)).toBeNull();
			expect(isTornLog(log())).toBe(false);
			await window.kill();
		}
		expect(existsSync(join(profile, KEPT_FOLDER))).toBe(false);
	});

	test('says on the locked screen that the store was damaged, and keeps the damaged log', async () => {
		damageLog(log());
		const window = await launchElectron({ profile });
		const alert = window.page.getByRole('alert').filter({ hasText: 'The store on this disk was damaged.' });
		await alert.waitFor({ timeout: STEP_MS });
		expect(await alert.textContent()).toContain(join(profile, KEPT_FOLDER));
		expect(readdirSync(join(profile, KEPT_FOLDER))).toHaveLength(1);
		await window.kill();
		const next = await launchElectron({ profile });
		await next.page.getByRole('button', { name: 'New engagement' }).waitFor({ timeout: STEP_MS });
		expect(await next.page.getByText('The store on this disk was damaged.').count()).toBe(0);
		await next.close();
	});

	test('says that an engagement is gone whose store was taken away, until that was read', async () => {
		const lost = join(folder, 'lost');
		const made = await launchElectron({ profile: lost });
		await createEngagement(made);
		await made.close();
		const listed = await launchElectron({ profile: lost });
		await listed.page.getByRole('list', { name: 'Engagements' }).getByRole('button').waitFor({ timeout: STEP_MS });
		await listed.close();
		rmSync(join(lost, 'Partitions', 'tieout', 'IndexedDB'), { recursive: true });
		const window = await launchElectron({ profile: lost });
		const alert = window.page.getByRole('alert').filter({ hasText: 'An engagement that this machine held can no longer be found' });
		await alert.waitFor({ timeout: STEP_MS });
		await alert.getByRole('button', { name: 'Do not say this again' }).click();
		await alert.waitFor({ state: 'detached', timeout: STEP_MS });
		await window.close();
	});
});
