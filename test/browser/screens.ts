/** `npm run screens`: a picture of every screen, light and dark, for people to look at. Written to test/browser/screens/. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../../build/electronRuntime.ts';
import { textOf } from './keys.ts';
import { isChromiumHere, type OpenApp, openApp } from './openApp.ts';
import { inScheme, openSample, realComplaints, screensOf, settled, visit } from './tourSteps.ts';

const FOLDER = join(ROOT, 'test/browser/screens');
const say = (line: string): boolean => process.stdout.write(`${line}\n`);

/** What is done on a screen before its further pictures, by the screen's id. */
const FURTHER: Readonly<Record<string, readonly (readonly [name: string, act: (page: Page) => Promise<unknown>])[]>> = {
	orders: [['order', openOrder]],
	sync: [['connection', (page) => page.keyboard.press('Alt+4')]],
	integrity: [
		['proof', (page) => page.getByRole('tab', { name: 'Proof of an event' }).click()],
		['lab', (page) => page.getByRole('tab', { name: 'Tamper lab' }).click()],
	],
};

/** What brings a screen back to its first face, so that the other scheme shows it from the start as well. */
const BACK: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
	orders: (page) => page.getByRole('button', { name: 'Close the panel' }).click(),
	sync: (page) => page.keyboard.press('Alt+1'),
	integrity: (page) => page.getByRole('tab', { name: 'Facts' }).click(),
};

/** The order that the most exceptions name, opened from the list by its keys. */
async function openOrder(page: Page): Promise<void> {
	const cell = page.locator('main .ag-row[row-index="0"] .ag-cell').nth(1);
	await cell.click();
	await page.keyboard.press('Enter');
}

async function picture(page: Page, name: string): Promise<void> {
	// Nothing shall look pointed at.
	await page.mouse.move(0, 0);
	await settled(page);
	await page.screenshot({ path: join(FOLDER, `${name}.png`) });
	say(`${name}.png`);
}

async function pictures(app: OpenApp): Promise<void> {
	for (const scheme of ['light', 'dark'] as const) {
		await inScheme(app.page, scheme);
		for (const [at, screen] of screensOf().entries()) {
			const name = `${String(at + 1).padStart(2, '0')}-${screen.id}`;
			await visit(app.page, screen);
			await picture(app.page, `${scheme}-${name}`);
			for (const [part, act] of FURTHER[screen.id] ?? []) {
				await act(app.page);
				await picture(app.page, `${scheme}-${name}-${part}`);
			}
			await BACK[screen.id]?.(app.page);
		}
	}
}

if (!isChromiumHere()) {
	say('No Chromium here, so no pictures (Debian: apt-get install chromium).');
	process.exit(1);
}
rmSync(FOLDER, { recursive: true, force: true });
mkdirSync(FOLDER, { recursive: true });
const app = await openApp();
await app.page.locator('html[data-ready]').waitFor();
for (const scheme of ['dark', 'light'] as const) {
	await inScheme(app.page, scheme);
	await app.page.screenshot({ path: join(FOLDER, `${scheme}-00-unlock.png`) });
}
await openSample(app);
await pictures(app);
const complaints = realComplaints(app.complaints);
for (const words of complaints) say(words);
const alerts = await textOf(app.page.locator('[role=alert]'));
if (alerts !== '') say(alerts);
await app.close();
process.exit(complaints.length === 0 ? 0 : 1);
