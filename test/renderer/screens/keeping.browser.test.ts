/** How an engagement is kept, in the window: a new recovery key, a backup and its restoring, and one window at a time. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { goTo, STEP_MS, told } from '../../browser/keys.ts';
import { isChromiumHere, type OpenApp, openApp } from '../../browser/openApp.ts';
import { ENGAGEMENT, PARTNER } from '../../browser/steps/journey.ts';
import { createEngagement, lock, unlock } from '../../browser/steps/unlock.ts';
import { inScheme, OPENS_MS, settled } from '../../browser/tourSteps.ts';

describe.skipIf(!isChromiumHere())('an engagement is kept', () => {
	const folder = mkdtempSync(join(tmpdir(), 'tieout-keeping-'));
	const backup = join(folder, 'backup.tieout');
	let app: OpenApp;
	let firstKey = '';
	beforeAll(async () => {
		app = await openApp();
		firstKey = await createEngagement(app);
	}, OPENS_MS);
	afterAll(async () => {
		await app.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test('a new recovery key is shown once, in both schemes readable, and stands in the log', async () => {
		const { page } = app;
		await goTo(page, 's', 'Settings');
		const form = page.getByRole('form', { name: 'Issue a new recovery key' });
		await form.getByLabel('Your passphrase').fill(PARTNER.passphrase);
		await form.getByRole('button', { name: 'Issue a new recovery key' }).click();
		const shown = page.getByTestId('recovery-key');
		await shown.waitFor({ timeout: STEP_MS });
		expect(await shown.textContent()).not.toBe(firstKey);
		for (const scheme of ['light', 'dark'] as const) {
			await inScheme(page, scheme);
			await settled(page);
			const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
			expect(violations.map(({ id }) => id)).toEqual([]);
		}
		await page.getByRole('checkbox', { name: 'I have kept it in a safe place' }).check();
		await page.getByRole('button', { name: 'Done', exact: true }).click();
		await shown.waitFor({ state: 'detached' });
		await goTo(page, 'a', 'Activity');
		await page
			.getByText(/^New recovery key [0-9a-f]{8} issued/)
			.first()
			.waitFor({ timeout: STEP_MS });
	});

	test(
		'a backup is written where it is asked for, and restored beside what is there',
		async () => {
			const { page } = app;
			await goTo(page, 's', 'Settings');
			await app.answerDialog('save', backup);
			await page.getByRole('button', { name: 'Write a backup' }).click();
			await told(page, /^Backup written and read back: backup\.tieout/);
			expect(readFileSync(backup).subarray(0, 15).toString()).toBe('TIEOUT-BACKUP/1');
			expect(statSync(backup).size).toBeGreaterThan(1_000);
			await lock(app);
			await page.getByRole('button', { name: 'Restore a backup' }).click({ timeout: STEP_MS });
			await app.answerDialog('open', backup);
			await page.getByRole('button', { name: 'Choose a backup file' }).click();
			await page.getByText(`Restored as “${ENGAGEMENT.label} (restored`).waitFor({ timeout: STEP_MS });
			await page.getByRole('button', { name: 'Close', exact: true }).click();
		},
		OPENS_MS,
	);

	test(
		'a second window is told that it is open in the first, and opens it once that is closed',
		async () => {
			const { page, context } = app;
			const original = page.getByRole('button', { name: new RegExp(`^${ENGAGEMENT.label} created`) });
			const [found] = await page.evaluate(async () => (await navigator.locks.query()).held ?? []);
			expect(found).toBeUndefined();
			await original.click({ timeout: STEP_MS });
			expect(await unlock(app, PARTNER.passphrase)).toBeNull();
			const [held] = await page.evaluate(async () => ((await navigator.locks.query()).held ?? []).map(({ name }) => name));
			expect(held).toMatch(/^tieout-engagement-[0-9a-f]{32}$/);
			await lock(app);
			await original.waitFor({ timeout: STEP_MS });
			// Stands for the other window: whoever has the lock has the engagement.
			const other = await context.newPage();
			await other.goto(page.url());
			await other.evaluate(
				(name) => new Promise<void>((taken) => void navigator.locks.request(name, () => new Promise(() => taken()))),
				held ?? '',
			);
			await original.click();
			expect(await unlock(app, PARTNER.passphrase)).toMatch(/open in another window/);
			await other.close();
			expect(await unlock(app, PARTNER.passphrase)).toBeNull();
			expect(existsSync(backup)).toBe(true);
		},
		OPENS_MS,
	);

	test(
		'what is disposed of leaves its certificate on the locked window, in a page begun anew, until it stands in a file',
		async () => {
			const { page } = app;
			const certificate = join(folder, 'certificate.txt');
			const held = page.getByRole('region', { name: 'Certificate of disposal' });
			await page.evaluate(() => Object.assign(window, { isOldPage: true }));
			await goTo(page, 's', 'Settings');
			await page.getByLabel(`Type “${ENGAGEMENT.name}” to confirm`).fill(ENGAGEMENT.name);
			await page.getByRole('button', { name: 'Dispose', exact: true }).click();
			await page.locator('html[data-ready=locked]').waitFor({ timeout: STEP_MS });
			await held.waitFor({ timeout: STEP_MS });
			expect(await page.evaluate(() => 'isOldPage' in window)).toBe(false);
			for (const scheme of ['light', 'dark'] as const) {
				await inScheme(page, scheme);
				await settled(page);
				const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']).analyze();
				expect(violations.map(({ id }) => id)).toEqual([]);
			}
			await app.answerDialog('save', null);
			await page.getByRole('button', { name: 'Save certificate…' }).click();
			await app.answerDialog('save', join(folder, 'no such folder', 'certificate.txt'));
			await page.getByRole('button', { name: 'Save certificate…' }).click();
			await told(page, /can’t be written/);
			await page.reload();
			await held.waitFor({ timeout: STEP_MS });
			await app.answerDialog('save', certificate);
			await page.getByRole('button', { name: 'Save certificate…' }).click();
			await told(page, /^Certificate written and read back: certificate\.txt/);
			await held.waitFor({ state: 'detached' });
			const written = readFileSync(certificate, 'utf8');
			expect(written).toContain('CERTIFICATE OF DISPOSAL');
			expect(JSON.parse(written.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
				...{ format: 'tieout-disposal/1', engagement: ENGAGEMENT.name, client: ENGAGEMENT.client, memberName: PARTNER.name },
				signature: expect.any(String),
			});
			await page.reload();
			await page.locator('html[data-ready=locked]').waitFor({ timeout: STEP_MS });
			expect(await held.count()).toBe(0);
		},
		OPENS_MS,
	);
});
