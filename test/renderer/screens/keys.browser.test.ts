/** Keys pressed before the window is ready for them, by people who are quicker than it, and by those who hesitate. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, goTo, leaveField, pressOn, STEP_MS, tabTo } from '../../browser/keys.ts';
import { isChromiumHere, type OpenApp, openApp } from '../../browser/openApp.ts';
import { OPENS_MS, openSample } from '../../browser/tourSteps.ts';

/** The page's own thread does an eighth of what it could. */
async function slowly(app: OpenApp, act: () => Promise<void>): Promise<void> {
	const devtools = await app.context.newCDPSession(app.page);
	await devtools.send('Emulation.setCPUThrottlingRate', { rate: 8 });
	try {
		await act();
	} finally {
		await devtools.send('Emulation.setCPUThrottlingRate', { rate: 1 });
		await devtools.detach();
	}
}

const title = (page: Page, words: string) => page.locator('main [data-screen-title]').getByText(words, { exact: true });
const hint = (page: Page) => page.getByRole('status').filter({ hasText: 'cancels' });
const verdict = (page: Page) => page.locator('aside [role=radio][aria-checked=true]');
const list = (page: Page) => page.locator('[data-triage-list]');

async function toTriage(page: Page): Promise<void> {
	await goTo(page, 'e', 'Exceptions');
	await list(page).and(page.locator(':focus')).waitFor();
	await page.locator('aside [role=radiogroup]').waitFor();
}

describe.skipIf(!isChromiumHere())('keys, whichever is quicker', { timeout: OPENS_MS }, () => {
	let app: OpenApp;
	let page: Page;
	beforeAll(async () => {
		app = await openApp();
		page = app.page;
		await openSample(app);
	}, OPENS_MS);
	afterAll(() => app.close());

	test('G and a letter go to their screen as soon as the engagement is open, however slow the window is', async () => {
		await page.keyboard.press('Control+l');
		const sample = page.getByRole('button', { name: 'Open sample' });
		await sample.waitFor();
		await slowly(app, async () => {
			await sample.click();
			await page.locator('html[data-ready=open]').waitFor();
			await pressOn(page, 'g', 'f');
			await title(page, 'Findings').waitFor();
		});
	});

	test('a screen has its keys as soon as it stands there: N after G F begins a finding', async () => {
		await goTo(page, 'h', 'Home');
		const form = page.getByRole('dialog', { name: 'New finding' });
		await slowly(app, async () => {
			await pressOn(page, 'g', 'f');
			await title(page, 'Findings').waitFor();
			await page.keyboard.press('n');
			await form.waitFor();
		});
		await page.keyboard.press('Escape');
		await form.waitFor({ state: 'detached' });
	});

	test('from the moment it locks, nothing on screen is seen any more, not even what stands over it', async () => {
		await goTo(page, 'h', 'Home');
		await page.keyboard.press('Control+j');
		await page.getByRole('dialog', { name: 'Jobs' }).waitFor();
		const seen = await page.evaluate(() => {
			[...document.querySelectorAll<HTMLElement>('button')].find((button) => button.textContent === 'Lock')?.click();
			// In the same breath: before the vault was asked, and before anything is drawn anew.
			const all = [...document.querySelectorAll<HTMLElement>('main *, [role=dialog], [role=dialog] *')];
			return { all: all.length, seen: all.filter((element) => getComputedStyle(element).visibility !== 'hidden').length };
		});
		expect(seen.all).toBeGreaterThan(10);
		expect(seen.seen).toBe(0);
		await page.locator('html[data-ready=locked]').waitFor();
		await page.getByRole('button', { name: 'Open sample' }).click();
		await page.locator('html[data-ready=open]').waitFor();
	});

	test('from the moment it locks, no locked window is shown before the one that stays', async () => {
		await page.evaluate(() => {
			const root = document.documentElement;
			const note = () => sessionStorage.setItem('ready', `${sessionStorage.getItem('ready') ?? ''} ${root.dataset['ready']}`);
			new MutationObserver(note).observe(root, { attributes: true, attributeFilter: ['data-ready'] });
		});
		await slowly(app, async () => {
			await page.keyboard.press('Control+l');
			await page.locator('html[data-ready=locked]').waitFor();
		});
		expect(await page.evaluate(() => sessionStorage.getItem('ready') ?? '')).not.toContain('locked');
		await page.getByRole('button', { name: 'Open sample' }).click();
		await page.locator('html[data-ready=open]').waitFor();
	});

	test('whoever hesitates after G is shown where it leads; a slip means nothing, and the key means itself again', async () => {
		await toTriage(page);
		await page.keyboard.press('g');
		await hint(page).getByRole('listitem').filter({ hasText: 'Findings' }).waitFor();
		await page.keyboard.press('1');
		await hint(page).waitFor({ state: 'detached' });
		expect(await verdict(page).count()).toBe(0);
		await page.keyboard.press('1');
		await verdict(page).waitFor();
	});

	test('what is pressed while a dialog stands judges nothing behind it, wherever the focus is', async () => {
		await toTriage(page);
		const before = await verdict(page).textContent();
		await page.keyboard.press('f');
		const form = page.getByRole('dialog', { name: 'New finding' });
		await form.getByLabel('Title').and(page.locator(':focus')).waitFor();
		await list(page).focus();
		await pressOn(page, 'h', '4');
		expect(await verdict(page).textContent()).toBe(before);
		await form.getByLabel('Title').focus();
		await page.keyboard.press('Escape');
		await form.waitFor({ state: 'detached' });
		await list(page).focus();
		await page.keyboard.press('h');
		await eventually(
			'another verdict',
			() => verdict(page).textContent(),
			(words) => words !== before,
		);
	});

	test('a letter that is typed into a field is the field’s, whatever was pressed before', async () => {
		await toTriage(page);
		await page.keyboard.press('g');
		const note = page.locator('[data-triage-note]');
		await note.focus();
		await page.keyboard.press('x');
		expect(await note.inputValue()).toBe('x');
		await page.keyboard.press('Backspace');
		await leaveField(page);
	});

	test('G K leads on from a list that walks by K, and the list has not moved', async () => {
		await goTo(page, 'p', 'Procedures');
		const rows = page.locator('main tr[data-row]');
		await tabTo(page.locator('main tr[data-row][tabindex="0"]'));
		await page.keyboard.press('ArrowDown');
		await rows.nth(1).and(page.locator(':focus')).waitFor();
		await page.evaluate(() => {
			const note = ({ target }: Event) => {
				if (target instanceof Element && target.matches('tr[data-row]')) sessionStorage.setItem('walked', 'yes');
			};
			document.addEventListener('focusin', note);
		});
		await pressOn(page, 'g', 'k');
		await title(page, 'Packs').waitFor();
		expect(await page.evaluate(() => sessionStorage.getItem('walked'))).toBeNull();
	});

	test('the list of exceptions takes the focus by whichever road one comes', async () => {
		await goTo(page, 'h', 'Home');
		await slowly(app, async () => {
			await tabTo(page.locator('nav[aria-label=Screens] button').filter({ hasText: 'Exceptions' }));
			await page.keyboard.press('Enter');
			await list(page).and(page.locator(':focus')).waitFor({ timeout: STEP_MS });
		});
	});
});
