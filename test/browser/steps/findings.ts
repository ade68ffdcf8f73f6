/** A finding from an exception in hand to its second signature. */
import type { Locator, Page } from 'playwright-core';
import { eventually, fill, goTo, leaveField, STEP_MS, tabTo, textOf, typeOver } from '../keys.ts';
import { FINDING_TEXT, type JourneyWindow, type Person } from './journey.ts';
import { openTriage } from './triage.ts';

/** F in the triage: a finding from the exception in hand, with its text and a second piece of evidence. */
export async function writeFinding(window: JourneyWindow): Promise<void> {
	const { page } = window;
	await openTriage(window);
	await page.keyboard.press('f');
	await page.getByRole('dialog').getByRole('textbox', { name: 'Title' }).and(page.locator(':focus')).waitFor({ timeout: STEP_MS });
	await typeOver(page, 'Shipped without approval');
	await page.keyboard.press('Enter');
	await page.locator('[data-section=condition]').waitFor({ timeout: STEP_MS });
	for (const [at, name] of (['condition', 'criteria', 'cause', 'effect'] as const).entries()) {
		await page.keyboard.press(`Alt+${at + 1}`);
		await page.locator(`[data-section=${name}]:focus`).waitFor({ timeout: STEP_MS });
		await typeOver(page, FINDING_TEXT[name]);
		await page.keyboard.press('ControlOrMeta+Enter');
	}
	await allSaved(window);
	await leaveField(page);
	await page.keyboard.press('a');
	const dialog = page.getByRole('dialog');
	const candidate = dialog.getByRole('checkbox', { disabled: false, checked: false });
	await tabTo(candidate);
	await page.keyboard.press('Space');
	await page.keyboard.press('Enter');
	await dialog.waitFor({ state: 'detached', timeout: STEP_MS });
	await page.getByText(/^Evidence 2$/).waitFor({ timeout: STEP_MS });
}

/** Opens the dialog of signing and chooses the role. @returns why it is blocked, one sentence a reason */
async function openSigning(page: Page, role: 'prepared' | 'reviewed'): Promise<readonly string[]> {
	await page.keyboard.press('ControlOrMeta+Shift+s');
	const dialog = page.getByRole('dialog');
	const radio = dialog.getByRole('radio', { name: new RegExp(`^${role}`, 'i') });
	await tabTo(dialog.getByRole('radio', { checked: true }));
	if (!(await radio.isChecked({ timeout: STEP_MS }))) await page.keyboard.press(role === 'reviewed' ? 'ArrowDown' : 'ArrowUp');
	await radio.and(page.getByRole('radio', { checked: true })).waitFor({ timeout: STEP_MS });
	return await dialog.getByRole('listitem').allInnerTexts();
}

/** Begins to sign the finding in hand, which nothing must block. */
export async function beginSignature({ page }: JourneyWindow, { passphrase }: Person, role: 'prepared' | 'reviewed'): Promise<void> {
	const blockers = await openSigning(page, role);
	if (blockers.length > 0) throw new Error(`it can't be signed: ${blockers.join(' ')}`);
	await fill(page, 'Your passphrase', passphrase);
	await page.keyboard.press('Enter');
}

/** Signs the finding in hand. @returns null, or why it is blocked */
export async function sign({ page }: JourneyWindow, { passphrase }: Person, role: 'prepared' | 'reviewed'): Promise<string | null> {
	const blockers = await openSigning(page, role);
	const dialog = page.getByRole('dialog');
	if (blockers.length > 0) {
		await page.keyboard.press('Escape');
		await dialog.waitFor({ state: 'detached', timeout: STEP_MS });
		return blockers.join(' ');
	}
	await fill(page, 'Your passphrase', passphrase);
	await page.keyboard.press('Enter');
	await dialog.waitFor({ state: 'detached', timeout: STEP_MS });
	await findingState(page, role);
	return null;
}

const currentState = (page: Page): Locator => page.locator('ol[aria-label=State] [aria-current=step]');

/** Waits for the finding in hand to be in a state, such as "reviewed". */
export const findingState = (page: Page, state: string): Promise<void> =>
	currentState(page)
		.getByText(new RegExp(`^${state}$`, 'i'))
		.waitFor({ timeout: STEP_MS });

/** @returns the state of the finding in hand, in lower case */
export const stateNow = async ({ page }: JourneyWindow): Promise<string> => (await textOf(currentState(page))).toLowerCase();

export async function openFindings({ page }: JourneyWindow): Promise<void> {
	await goTo(page, 'f', 'Findings');
	await condition(page).waitFor({ timeout: STEP_MS });
}

const condition = (page: Page): Locator => page.locator('[data-section=condition]');

/** Types over the condition of the finding in hand and has it saved; does not wait for that. */
export async function editCondition({ page }: JourneyWindow, text: string): Promise<void> {
	await leaveField(page);
	await page.keyboard.press('Alt+1');
	await condition(page).and(page.locator(':focus')).waitFor({ timeout: STEP_MS });
	await typeOver(page, text);
	await page.keyboard.press('ControlOrMeta+Enter');
}

export const conditionOf = ({ page }: JourneyWindow): Promise<string> => condition(page).inputValue();

/** Waits until nothing that was typed is still open. */
export async function allSaved({ page }: JourneyWindow): Promise<void> {
	await eventually(
		'all text saved',
		() => page.getByText('saving …').count(),
		(open) => open === 0,
	);
}
