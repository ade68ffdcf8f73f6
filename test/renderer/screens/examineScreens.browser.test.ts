/** What the examining screens keep and give away: sign-off on integrity, verifier bundles, ageing bands, saved views of the triage. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasProgram } from '../../../build/outsideTools.ts';
import { eventually, goTo, textOf } from '../../browser/keys.ts';
import { isChromiumHere, type OpenApp, openApp } from '../../browser/openApp.ts';
import { OPENS_MS, openSample } from '../../browser/tourSteps.ts';

const SAMPLE_PASSPHRASE = 'sample';

describe.skipIf(!isChromiumHere())('the examining screens', () => {
	const dir = mkdtempSync(join(tmpdir(), 'tieout-examine-'));
	let app: OpenApp;
	beforeAll(async () => {
		app = await openApp();
		await openSample(app);
	}, OPENS_MS);
	afterAll(async () => {
		await app.close();
		rmSync(dir, { recursive: true, force: true });
	});

	test('X writes the order of a proof as a ZIP that its own script finds whole', async () => {
		const { page } = app;
		await goTo(page, 'i', 'Integrity');
		await page.keyboard.press('Alt+2');
		await page.getByRole('region', { name: /^order_event, line/ }).waitFor({ timeout: OPENS_MS });
		const target = join(dir, 'proof.zip');
		await app.answerDialog('save', target);
		await page.keyboard.press('x');
		const told = page.getByText(/(\d+) of \1 lines lead to a signed head/);
		await told.waitFor({ timeout: OPENS_MS });
		const files = unzipSync(readFileSync(target));
		expect(Object.keys(files)).toContain('README.txt');
		if (!hasProgram('bash') || !hasProgram('openssl')) return;
		for (const [path, bytes] of Object.entries(files)) {
			mkdirSync(dirname(join(dir, 'proof', path)), { recursive: true });
			writeFileSync(join(dir, 'proof', path), bytes);
		}
		expect(execFileSync('bash', [join(dir, 'proof', 'verify.sh')], { encoding: 'utf8' })).toContain('Everything holds.');
	});

	test('integrity is signed over manifest and keys, and shows Δ once a key is gone', async () => {
		const { page } = app;
		const strip = page.getByRole('region', { name: 'Sign-off' });
		await page.keyboard.press('Control+Shift+S');
		const dialog = page.getByRole('dialog', { name: /^Sign integrity of / });
		await dialog.getByLabel('Your passphrase').fill(SAMPLE_PASSPHRASE);
		await page.keyboard.press('Enter');
		await strip.getByText('Signed').first().waitFor();
		await page.keyboard.press('Alt+1');
		await page.getByRole('button', { name: 'Keys under Data & IPE' }).click();
		await page.getByRole('button', { name: 'Remove' }).click();
		await page.getByRole('dialog', { name: 'Remove a trusted key' }).getByLabel('Reason').fill('It was never confirmed');
		await page.keyboard.press('Enter');
		await page.getByText('A verifier key').or(page.getByText('Without a key from outside the drop')).first().waitFor();
		await goTo(page, 'i', 'Integrity');
		await strip.getByText('Changed since').waitFor();
		await strip.getByRole('button', { name: /Trusted keys/ }).waitFor();
	});

	test('an ageing band shows as many disputes as it counts, and lets go when it is pressed again', async () => {
		const { page } = app;
		await goTo(page, 'q', 'Disputes & holds');
		const band = page.getByRole('region', { name: 'Age of open disputes' }).getByRole('button').and(page.locator(':enabled')).first();
		const count = (await band.locator('strong').textContent()) ?? '';
		const status = page.locator('main [role=status]').filter({ hasText: ' of ' });
		await band.click();
		await eventually(
			'the list of the band',
			() => status.first().textContent(),
			(words) => words?.startsWith(`${count} of `) ?? false,
		);
		await page.getByRole('button', { name: /^Remove: open for / }).waitFor();
		await band.click();
		await page.getByRole('button', { name: /^Remove: open for / }).waitFor({ state: 'detached' });
	});

	test('the row that the panel is about is marked, before anybody stood on one and after', async () => {
		const { page } = app;
		await goTo(page, 'r', 'Reconciliation');
		const marked = (): Promise<string[]> =>
			Promise.all([textOf(page.locator('main .ag-row[aria-selected=true]')), textOf(page.locator('main aside h2').first())]);
		const isMarked = ([row = '', line = '']: string[]): boolean => line !== '' && row.includes(line);
		const [, first] = await eventually('the first line marked', marked, isMarked);
		await page.locator('main .ag-row[row-index="3"] .ag-cell').first().click();
		await eventually('the fourth line marked', marked, (seen) => isMarked(seen) && seen[1] !== first);
	});

	test('a view of the triage is saved by name, marked when it is changed, and shown again', async () => {
		const { page } = app;
		await goTo(page, 'e', 'Exceptions');
		await page
			.getByRole('navigation', { name: 'Narrow the list' })
			.getByRole('button', { name: /^Critical/ })
			.click();
		await page.getByText('● modified').waitFor();
		await page.getByRole('button', { name: 'Save as' }).click();
		const dialog = page.getByRole('dialog', { name: 'Save this view' });
		await dialog.getByLabel('Name').fill('Critical first');
		await dialog.getByRole('button', { name: 'Save view' }).click();
		const menu = page.getByRole('button', { name: /^View: / });
		await page.getByRole('button', { name: 'View: Critical first' }).waitFor();
		await page.getByText('● modified').waitFor({ state: 'detached' });
		await menu.click();
		await page.getByRole('menuitem', { name: 'New exceptions' }).click();
		await page.getByRole('button', { name: 'Remove: Critical' }).waitFor({ state: 'detached' });
		await menu.click();
		await page.getByRole('menuitem', { name: 'Critical first' }).click();
		await page.getByRole('button', { name: /^Remove: .*Critical/ }).waitFor();
	});
});
