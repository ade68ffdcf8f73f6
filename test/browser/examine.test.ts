/** Integrity, reconciliation and disputes in the real window over the sample: by keys, without a complaint of the page, and accessible. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, goTo, STEP_MS, whileMoving } from './keys.ts';
import { isChromiumHere, type OpenApp, openApp } from './openApp.ts';
import { OPENS_MS, openSample } from './tourSteps.ts';

const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const titled = (page: Page, title: string) => page.locator('[data-screen-title]', { hasText: title });

const violations = async (page: Page): Promise<string[]> => {
	const { violations: found } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
	return found.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 200)}`);
};

describe.skipIf(!isChromiumHere())('the sample engagement', { timeout: 5 * STEP_MS }, () => {
	let app: OpenApp;
	let page: Page;
	beforeAll(async () => {
		app = await openApp();
		page = app.page;
		await openSample(app);
	}, OPENS_MS);
	afterAll(() => app?.close());

	it('says what is known of every line, check by check, and no more', async () => {
		await goTo(page, 'i', 'Integrity');
		await page.getByRole('heading', { name: 'Coverage' }).waitFor();
		await eventually(
			'the lines of order_event',
			() => page.getByRole('table', { name: 'order_event' }).getByRole('row').count(),
			(count) => count === 8,
		);
		expect(await page.getByText('Σ agrees').count()).toBe(2);
		expect(await page.getByText('Σ differs').count()).toBe(0);
		await page.getByText('Proves that bytes did not change', { exact: false }).waitFor();
		expect(await violations(page)).toEqual([]);
	});

	it('proves a line that a problem names, by P, and the next one by J', async () => {
		await page.getByRole('row', { name: /Not canonical/ }).click();
		await page.keyboard.press('p');
		await page.getByText(/is one of the .* lines that .* a trusted key, signed/).waitFor();
		const line = () => page.getByRole('region', { name: /^order_event, line/ }).getAttribute('aria-label');
		const before = await line();
		await page.keyboard.press('j');
		await eventually('the next line', line, (now) => now !== null && now !== before);
		expect(await violations(page)).toEqual([]);
	});

	it('runs every attack on a copy, all as expected', async () => {
		await page.keyboard.press('Alt+3');
		await page.getByRole('button', { name: /Run all/ }).click();
		await whileMoving(page.locator('main progress'), page.getByText('all came out as expected', { exact: false }));
		await page.getByText(/0 could not be run/).waitFor();
		expect(await violations(page)).toEqual([]);
	});

	it('ends the matrix of the reconciliation at whole rows, at each height that the keys give it', async () => {
		await goTo(page, 'r', 'Reconciliation');
		const border = page.getByRole('separator', { name: 'Height of where chains stop' });
		const cut = () =>
			border.evaluate((element) => {
				const end = element.getBoundingClientRect().top;
				const lines = [...(element.previousElementSibling?.querySelectorAll('[data-line]') ?? [])].map((line) =>
					line.getBoundingClientRect(),
				);
				return {
					shown: lines.filter(({ bottom }) => bottom <= end + 1).length,
					cut: lines.filter(({ top, bottom }) => top < end - 1 && bottom > end + 1).length,
				};
			});
		const whole = () => eventually('whole rows', cut, (lines) => lines.cut === 0);
		const { shown } = await whole();
		await border.focus();
		for (let i = 0; i < 3; i++) {
			await page.keyboard.press('ArrowUp');
			await whole();
		}
		await eventually('fewer rows', cut, (lines) => lines.shown < shown);
		for (let i = 0; i < 3; i++) await page.keyboard.press('ArrowDown');
		await eventually('as many rows as before', cut, (lines) => lines.shown === shown && lines.cut === 0);
		expect(await violations(page)).toEqual([]);
	});

	it('opens the lines behind a mark of the reconciliation, and lays one over the books', async () => {
		await goTo(page, 'r', 'Reconciliation');
		await page.getByRole('button', { name: /fulfilled, not invoiced 2/ }).click();
		await page.getByRole('status').filter({ hasText: '2 lines' }).waitFor();
		await page
			.getByRole('gridcell', { name: /fulfilled, not invoiced/ })
			.first()
			.click();
		await page.getByRole('region', { name: 'The line over the five books' }).waitFor();
		await page.getByText('units are not invoiced', { exact: false }).waitFor();
		expect(await violations(page)).toEqual([]);
	});

	it('opens the order of the line by O and comes back to the same list', async () => {
		await page.keyboard.press('o');
		await titled(page, 'Orders').waitFor();
		await goTo(page, 'r', 'Reconciliation');
		await page.getByRole('status').filter({ hasText: '2 lines' }).waitFor();
	});

	it('shows the dossier of a dispute that was released by one person', async () => {
		await goTo(page, 'q', 'Disputes & holds');
		await page.getByRole('button', { name: /Released without evidence/ }).click();
		await page.getByText('Reinstated or released without evidence').waitFor();
		await page.getByRole('region', { name: 'Hold coverage' }).waitFor();
		expect(await violations(page)).toEqual([]);
	});

	it('begins a finding by F with the exceptions as its evidence', async () => {
		await page.getByRole('gridcell').first().click();
		await page.keyboard.press('f');
		await titled(page, 'Findings').waitFor();
		await page
			.getByText(/Dispute DSP-/)
			.first()
			.waitFor();
	});

	it('keeps statistics of the column one stands on beside the orders, from Shift+F to Shift+F', async () => {
		await goTo(page, 'o', 'Orders');
		await page.locator('main .ag-row[row-index="0"] .ag-cell[col-id=total]').click();
		await page.keyboard.press('Shift+F');
		await page.getByRole('complementary', { name: 'Column: Amount' }).getByRole('region', { name: 'EUR' }).waitFor();
		expect(await violations(page)).toEqual([]);
		await page.keyboard.press('ArrowLeft');
		const panel = page.getByRole('complementary', { name: 'Column: State' });
		await panel.getByRole('button', { name: /^closed/ }).click();
		await page.getByRole('status').filter({ hasText: / of / }).first().waitFor();
		await panel.getByRole('button', { name: /^closed/, pressed: true }).waitFor();
		await panel.getByRole('button', { name: /^closed/ }).click();
		await page.locator('main .ag-row[row-index="0"] .ag-cell[col-id=state]').click();
		await page.keyboard.press('Shift+F');
		await panel.waitFor({ state: 'detached' });
	});

	it('shows how a G that has begun goes on, clear of the status bar, also at 200 %', async () => {
		for (let i = 0; i < 5; i++) await page.keyboard.press('Control+=');
		await page.keyboard.press('g');
		const hint = page.getByRole('status').filter({ hasText: 'cancels' });
		await hint.getByText('Reconciliation').waitFor();
		const [shown, bar] = [await hint.boundingBox(), await page.locator('footer').boundingBox()];
		expect((shown?.y ?? 0) + (shown?.height ?? 0)).toBeLessThan(bar?.y ?? 0);
		expect(shown?.y).toBeGreaterThan(0);
		await page.keyboard.press('Escape');
		await hint.waitFor({ state: 'detached' });
		for (let i = 0; i < 5; i++) await page.keyboard.press('Control+-');
	});

	it('makes the page complain of nothing', () => {
		expect(app.complaints.filter((words) => !words.includes('RxDB'))).toEqual([]);
	});
});
