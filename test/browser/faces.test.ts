/** What the tour does not see: every tab of every screen, what opens over the window, and the locked window. No barrier, no complaint. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriersOf } from './barriers.ts';
import { STEP_MS } from './keys.ts';
import { isChromiumHere, type OpenApp, openApp } from './openApp.ts';
import { inScheme, OPENS_MS, openSample, realComplaints, screensOf, settled, visit } from './tourSteps.ts';

const OVER: readonly (readonly [what: string, keys: string])[] = [
	['palette', 'Control+k'],
	['key sheet', 'Shift+?'],
	['help', 'F1'],
	['undo list', 'Alt+z'],
];

/**
 * The faces that a screen has at first sight but for the one it opens with, which the tour sees, by list of tabs; those of the last list first,
 * since another face of the first takes them away.
 */
async function facesOf({ page }: OpenApp): Promise<{ readonly list: number; readonly tab: number; readonly name: string }[]> {
	const lists = await page.locator('main [role=tablist]').all();
	const faces = await Promise.all(
		lists.map(async (tabs, list) => {
			const names = await tabs.locator('[role=tab]').allInnerTexts();
			return names.map((name, tab) => ({ list, tab, name })).filter(({ tab }) => list > 0 || tab > 0);
		}),
	);
	return faces.toReversed().flat();
}

describe.skipIf(!isChromiumHere()).each(['light', 'dark'] as const)('in %s', (scheme) => {
	let app: OpenApp;
	beforeAll(async () => {
		app = await openApp({ colorScheme: scheme });
	}, OPENS_MS);
	afterAll(() => app.close());

	test('the locked window, and what it offers to begin with', async () => {
		const { page } = app;
		await page.locator('html[data-ready]').waitFor({ timeout: OPENS_MS });
		expect(await barriersOf(page)).toEqual([]);
		await page.getByRole('button', { name: 'New engagement' }).click();
		await page.locator('input[type=password]').first().waitFor({ timeout: STEP_MS });
		expect(await barriersOf(page)).toEqual([]);
		await page.keyboard.press('Escape');
		await page.reload();
		await openSample(app);
		await inScheme(page, scheme);
	});

	test.each(screensOf())('every tab of $title', async (screen) => {
		const { page } = app;
		const before = app.complaints.length;
		await visit(page, screen);
		if (screen.id === 'orders') {
			await page.locator('.ag-row[row-index="0"] .ag-cell').nth(1).dblclick();
			await page.locator('[data-order-panel] [role=tab]').first().waitFor({ timeout: STEP_MS });
		}
		for (const { list, tab, name } of await facesOf(app)) {
			await page.locator('main [role=tablist]').nth(list).locator('[role=tab]').nth(tab).click();
			await settled(page);
			expect(await barriersOf(page), name).toEqual([]);
		}
		expect(realComplaints(app.complaints.slice(before))).toEqual([]);
	});

	test.each(OVER)('the %s', async (_, keys) => {
		const { page } = app;
		await page.locator('main h1').first().click();
		await page.keyboard.press(keys);
		await page.locator('[role=dialog]').first().waitFor({ timeout: STEP_MS });
		expect(await barriersOf(page)).toEqual([]);
		await page.keyboard.press('Escape');
		await page.locator('[role=dialog]').first().waitFor({ state: 'detached', timeout: STEP_MS });
	});
});
