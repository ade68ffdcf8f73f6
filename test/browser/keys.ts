/** What a person does with the keyboard alone, and how it is seen that it worked. Nothing here clicks. */
import type { Locator, Page } from 'playwright-core';

/** A step may take this long on a busy machine; a verdict never hangs on how fast it was. */
export const STEP_MS = 120_000;
const MAX_TABS = 250;

/** Presses Tab until the element has the focus: what can't be reached so can't be used by keys. */
export async function tabTo(target: Locator): Promise<void> {
	const page = target.page();
	await target.first().waitFor({ timeout: STEP_MS });
	for (let i = 0; i < MAX_TABS; i++) {
		if (await target.first().evaluate((element) => element === document.activeElement, undefined, { timeout: STEP_MS })) return;
		await page.keyboard.press('Tab');
	}
	throw new Error(`Tab does not lead to ${String(target)}`);
}

/** Tabs to a button and presses Enter, once it can be pressed. */
export async function push(page: Page, name: string | RegExp): Promise<void> {
	const button = page.getByRole('button', { name, ...(typeof name === 'string' ? { exact: true } : {}) }).first();
	await button.and(page.locator(':enabled')).waitFor({ timeout: STEP_MS });
	await tabTo(button);
	await page.keyboard.press('Enter');
}

/** Tabs to a field by its label and types, over what stands there. */
export async function fill(page: Page, label: string, text: string): Promise<void> {
	await tabTo(field(page, label));
	await typeOver(page, text);
}

/** A field by its whole label; required ones have a star behind it. */
export const field = (page: Page, label: string): Locator =>
	page.getByLabel(new RegExp(`^${label}( \\*)?$`)).and(page.locator('input, textarea'));

export async function typeOver(page: Page, text: string): Promise<void> {
	await page.keyboard.press('ControlOrMeta+a');
	await page.keyboard.insertText(text);
}

/** G and the screen's letter, as quick as a person is who knows them; then its title stands there. */
export async function goTo(page: Page, letter: string, title: string): Promise<void> {
	await page.getByRole('dialog').first().waitFor({ state: 'detached', timeout: STEP_MS });
	await leaveField(page);
	await pressOn(page, 'g', letter);
	await page.locator('main [data-screen-title]').getByText(title, { exact: true }).waitFor({ timeout: STEP_MS });
	await painted(page);
}

/** Presses keys one after the other without waiting until the window has heard of them, as a person does. */
export async function pressOn(page: Page, ...keys: readonly string[]): Promise<void> {
	await Promise.all(keys.map((key) => page.keyboard.press(key)));
}

/** The focus follows what is shown by a frame. */
export async function painted(page: Page): Promise<void> {
	await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

/** Single keys are letters inside a text field: F6 leaves it for the next region. */
export async function leaveField(page: Page): Promise<void> {
	const isTyping = () =>
		page.evaluate(() => document.activeElement?.matches('input:not([type=checkbox], [type=radio]), textarea, select') ?? false);
	for (let i = 0; i < 12; i++) {
		if (!(await isTyping())) return;
		await page.keyboard.press('F6');
	}
	throw new Error('F6 does not lead out of the text field');
}

/** Runs a command by its words in the palette. */
export async function command(page: Page, words: string): Promise<void> {
	await page.keyboard.press('ControlOrMeta+k');
	await page.getByRole('textbox', { name: 'Command or order number' }).and(page.locator(':focus')).waitFor({ timeout: STEP_MS });
	await page.keyboard.insertText(words);
	const action = page.locator('.mantine-Spotlight-action[data-selected]', { hasText: words, hasNotText: 'Not now:' });
	await action.waitFor({ timeout: STEP_MS });
	await page.keyboard.press('Enter');
}

/** Chooses from a list that opens below its field. */
export async function choose(list: Locator, words: string): Promise<void> {
	const page = list.page();
	const marked = page.locator('[role=option][data-combobox-selected]');
	await tabTo(list);
	await page.keyboard.press('Enter');
	await page.getByRole('option', { name: words }).waitFor({ timeout: STEP_MS });
	for (let before = await textOf(marked); !before.includes(words); ) {
		await page.keyboard.press('ArrowDown');
		const last = before;
		before = await eventually(
			`another choice than ${last}`,
			() => textOf(marked),
			(now) => now !== '' && now !== last,
		);
	}
	await page.keyboard.press('Enter');
	await eventually(
		`${words} in the field`,
		() => list.inputValue(),
		(value) => value === words,
	);
}

/** Waits for a quiet message. */
export const told = (page: Page, words: string | RegExp): Promise<void> =>
	page.locator('.mantine-Notification-root').getByText(words).first().waitFor({ timeout: STEP_MS });

/** Waits until what `look` sees is so. */
export async function eventually<T>(what: string, look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
	const limit = Date.now() + STEP_MS;
	for (;;) {
		const seen = await look();
		if (isSo(seen)) return seen;
		if (Date.now() > limit) throw new Error(`waited in vain for ${what}; last seen: ${JSON.stringify(seen)}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

/** Waits for the end of long work, as long as its bar moves: how long that takes in all is the machine's affair. */
export async function whileMoving(bar: Locator, end: Locator): Promise<void> {
	let seen = { value: '', at: Date.now() };
	while ((await end.count()) === 0) {
		const value = await bar.evaluateAll((bars) => bars.map((one) => (one as HTMLProgressElement).value).join(' '));
		if (value !== seen.value) seen = { value, at: Date.now() };
		else if (Date.now() - seen.at > STEP_MS) throw new Error(`nothing moves any more; the bar stands at ${value}`);
		await new Promise((resolve) => setTimeout(resolve, 100));
	}
}

/** What is to be read there, as it is laid out. */
export const textOf = async (target: Locator): Promise<string> => (await target.allInnerTexts()).join('\n');
