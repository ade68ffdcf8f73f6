/** Ways into an engagement and out of it: created, locked, unlocked, opened to a second member. */
import type { Page } from 'playwright-core';
import { choose, field, fill, goTo, push, STEP_MS, tabTo, textOf, told, typeOver } from '../keys.ts';
import { ENGAGEMENT, type JourneyWindow, PARTNER, type Person } from './journey.ts';

const isOpen = (page: Page): Promise<void> => page.locator('html[data-ready=open]').waitFor({ timeout: STEP_MS });
const isLocked = (page: Page): Promise<void> => page.locator('html[data-ready=locked]').waitFor({ timeout: STEP_MS });

/** Creates the engagement and opens it. @returns the recovery key as it is shown, once */
export async function createEngagement({ page }: JourneyWindow, { name, passphrase }: Person = PARTNER): Promise<string> {
	await isLocked(page);
	await push(page, 'New engagement');
	await fill(page, 'Name', ENGAGEMENT.name);
	await fill(page, 'Client', ENGAGEMENT.client);
	await fill(page, 'Your organisation', ENGAGEMENT.organisation);
	await fill(page, 'Your name', name);
	await fill(page, 'Label on the locked window', ENGAGEMENT.label);
	await fill(page, 'Passphrase', passphrase);
	await fill(page, 'Passphrase again', passphrase);
	await page.keyboard.press('Enter');
	const shown = page.getByTestId('recovery-key');
	await shown.waitFor({ timeout: STEP_MS });
	const recoveryKey = await textOf(shown);
	await tabTo(page.getByRole('checkbox', { name: 'I have kept it in a safe place' }));
	await page.keyboard.press('Space');
	await push(page, 'Open the engagement');
	await isOpen(page);
	return recoveryKey;
}

/** A member with the role of reviewer, with a passphrase of their own. */
export async function addReviewer({ page }: JourneyWindow, { name, passphrase }: Person): Promise<void> {
	await goTo(page, 's', 'Settings');
	await fill(page, 'Member’s name', name);
	const role = page.getByRole('combobox', { name: 'Role', exact: true }).or(page.getByRole('textbox', { name: 'Role', exact: true }));
	await choose(role, 'Reviewer');
	await fill(page, 'Their passphrase', passphrase);
	await page.keyboard.press('Enter');
	await told(page, `${name} can unlock this engagement now`);
}

/** Ctrl+L. What stands then is the locked window. In Electron the page's process ends with it. */
export const lock = ({ page }: JourneyWindow): Promise<void> => page.keyboard.press('ControlOrMeta+l');

/** Types a passphrase for the engagement. @returns null when it opens, or what is said */
export async function unlock({ page }: JourneyWindow, passphrase: string): Promise<string | null> {
	await isLocked(page);
	const typed = field(page, 'Passphrase');
	if ((await typed.count()) === 0) await push(page, new RegExp(`^${ENGAGEMENT.label}`));
	await tabTo(typed);
	await typeOver(page, passphrase);
	await page.keyboard.press('Enter');
	const refused = page.locator('form:not(:has([data-loading])) .mantine-PasswordInput-error');
	await page.locator('html[data-ready=open]').or(refused).first().waitFor({ timeout: STEP_MS });
	return (await refused.count()) > 0 ? await textOf(refused) : null;
}
