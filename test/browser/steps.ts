/** The steps of an engagement, from its creation to the signed pack, by keys alone: the same in the browser and in Electron. */
import type { Page } from 'playwright-core';
import { command, eventually, field, fill, goTo, leaveField, painted, push, STEP_MS, tabTo, textOf, told, typeOver } from './keys.ts';

export interface JourneyWindow {
	readonly page: Page;
	/** What the next dialog of the main process answers. */
	answerDialog(dialog: 'open' | 'save', path: string): Promise<void>;
}

export interface Person {
	readonly name: string;
	readonly passphrase: string;
}

export const PARTNER: Person = { name: 'Rosalind Achterberg', passphrase: 'seven quiet herons over the weir' };
export const REVIEWER: Person = { name: 'Tobias Lindqvist', passphrase: 'nine copper lanterns in the fog' };

export const ENGAGEMENT = {
	name: 'Journey audit FY 2026',
	client: 'Zephyrine Trading',
	organisation: 'Quillfeather Assurance',
	label: 'Journey',
};

export const FINDING_TEXT = {
	condition: 'Goods left the warehouse without the approval that the order needed: unapprovedcanary.',
	criteria: 'Every order above the limit is approved before it ships (policy 4.2, COSO principle 10).',
	cause: 'The release button was open to everybody in the warehouse.',
	effect: 'Revenue was recorded for orders that nobody had approved.',
} as const;

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

/** Chooses a drop, gives the log's key from outside it, and begins the import. */
async function beginImport({ page, answerDialog }: JourneyWindow, drop: string, vkey: string): Promise<void> {
	await goTo(page, 'd', 'Data & IPE');
	await answerDialog('open', drop);
	await push(page, 'Choose a folder');
	await fill(page, 'Verifier key', vkey);
	await fill(page, 'Where it came from', 'Letter of the CFO');
	await page.keyboard.press('Enter');
}

export async function importDrop(window: JourneyWindow, drop: string, vkey: string): Promise<void> {
	await beginImport(window, drop, vkey);
	await window.page.getByRole('tab', { name: /^Tables/ }).waitFor({ timeout: 2 * STEP_MS });
}

/** Verification as Integrity shows it, one fact a heading. */
export async function lookAtIntegrity({ page }: JourneyWindow): Promise<string> {
	await goTo(page, 'i', 'Integrity');
	return await eventually(
		'the facts of integrity',
		() => textOf(page.locator('main')),
		(words) => /verified[\s\S]*Link to the previous event/.test(words),
	);
}

/** R in the catalogue. @returns what is said at the end */
export async function runAllTests({ page }: JourneyWindow): Promise<string> {
	await beginRun(page);
	const said = page.locator('.mantine-Notification-root', { hasText: /tests? run:/ }).first();
	await said.waitFor({ timeout: 2 * STEP_MS });
	return await textOf(said);
}

async function beginRun(page: Page): Promise<void> {
	await goTo(page, 'p', 'Procedures');
	await tabTo(page.locator('main tr[data-row][tabindex="0"]'));
	await page.keyboard.press('r');
}

/** "209 judged" of the triage's own progress line. */
async function judged(page: Page): Promise<number> {
	const words = await textOf(
		page
			.getByText(/ judged/)
			.and(page.locator('[role=status]'))
			.first(),
	);
	return Number(/([\d.,]+) of/.exec(words)?.[1]?.replace(/\D/g, '') ?? Number.NaN);
}

async function openTriage({ page }: JourneyWindow): Promise<void> {
	await goTo(page, 'e', 'Exceptions');
	await page.locator('[data-triage-list][aria-activedescendant]:focus').waitFor({ timeout: STEP_MS });
	await page.getByRole('region', { name: 'Judgement' }).waitFor({ timeout: STEP_MS });
	await painted(page);
}

const VERDICTS = ['1', '2', '4', 'h'] as const;

/** Judges one exception after another by 1, 2, 4 and H; what needs a note gets one; every third is skipped over and come back to. */
export async function triage(window: JourneyWindow, count: number): Promise<void> {
	const { page } = window;
	await openTriage(window);
	const before = await judged(page);
	for (let i = 0; i < count; i++) {
		if (i % 3 === 2) {
			await page.keyboard.press('j');
			await page.keyboard.press('k');
		}
		const key = VERDICTS[i % VERDICTS.length] ?? '1';
		await page.keyboard.press(key);
		if (key === '2' || key === '4') {
			await page.keyboard.press('n');
			await page.locator('[data-triage-note]:focus').waitFor({ timeout: STEP_MS });
			await typeOver(page, `Agreed to the delivery note, item ${i + 1}`);
			await page.keyboard.press('ControlOrMeta+Enter');
		} else await page.keyboard.press('Enter');
		await eventually(
			`exception ${i + 1} judged`,
			() => judged(page),
			(now) => now === before + i + 1,
		);
		await page.locator('[data-triage-list]:focus').waitFor({ timeout: STEP_MS });
	}
}

/** Takes the last judgement back, and does it again. */
export async function undoAndRedo({ page }: JourneyWindow): Promise<void> {
	const before = await judged(page);
	await page.keyboard.press('ControlOrMeta+z');
	await eventually(
		'one judgement less',
		() => judged(page),
		(now) => now === before - 1,
	);
	await page.keyboard.press('ControlOrMeta+Shift+z');
	await eventually(
		'it stands again',
		() => judged(page),
		(now) => now === before,
	);
}

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
	await eventually(
		'all text saved',
		() => page.getByText('saving …').count(),
		(open) => open === 0,
	);
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

/** Signs the finding in hand. @returns null, or why it is blocked */
export async function sign({ page }: JourneyWindow, { passphrase }: Person, role: 'prepared' | 'reviewed'): Promise<string | null> {
	await page.keyboard.press('ControlOrMeta+Shift+s');
	const dialog = page.getByRole('dialog');
	const radio = dialog.getByRole('radio', { name: new RegExp(`^${role}`, 'i') });
	await tabTo(dialog.getByRole('radio', { checked: true }));
	if (!(await radio.isChecked())) await page.keyboard.press(role === 'reviewed' ? 'ArrowDown' : 'ArrowUp');
	const blockers = await dialog.getByRole('listitem').allInnerTexts();
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

const findingState = (page: Page, state: string): Promise<void> =>
	page
		.locator('ol[aria-label=State] [aria-current=step]')
		.getByText(new RegExp(`^${state}$`, 'i'))
		.waitFor({ timeout: STEP_MS });

export async function openFindings({ page }: JourneyWindow): Promise<void> {
	await goTo(page, 'f', 'Findings');
	await page.locator('[data-section=condition]').waitFor({ timeout: STEP_MS });
}

/** A member with the role of reviewer, with a passphrase of their own. */
export async function addReviewer({ page }: JourneyWindow, { name, passphrase }: Person): Promise<void> {
	await goTo(page, 's', 'Settings');
	await fill(page, 'Member’s name', name);
	await page.keyboard.press('Tab');
	const role = page.getByRole('combobox', { name: 'Role', exact: true }).or(page.getByRole('textbox', { name: 'Role', exact: true }));
	await tabTo(role);
	await page.keyboard.press('Enter');
	await page.getByRole('option', { name: 'Reviewer' }).waitFor({ timeout: STEP_MS });
	for (let i = 0; i < 6; i++) {
		if (await page.locator('[role=option][data-combobox-selected]', { hasText: 'Reviewer' }).count()) break;
		await page.keyboard.press('ArrowDown');
	}
	await page.keyboard.press('Enter');
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

/** A pack of all findings, signed with a key made for it, written to `path`. @returns what the verifier says */
export async function makePack({ page, answerDialog }: JourneyWindow, { passphrase }: Person, path: string): Promise<string> {
	await goTo(page, 'k', 'Packs');
	await answerDialog('save', path);
	await tabTo(page.getByRole('radio', { name: /^A key file/ }));
	await page.keyboard.press('ArrowDown');
	await fill(page, 'Your passphrase, once more', passphrase);
	await page.keyboard.press('Enter');
	await page.getByRole('heading', { name: 'Signed and written' }).waitFor({ timeout: 4 * STEP_MS });
	return await textOf(page.locator('main'));
}

/** Checks a pack from a file. @returns the report */
export async function checkPack({ page, answerDialog }: JourneyWindow, path: string): Promise<string> {
	await goTo(page, 'k', 'Packs');
	await command(page, 'Check a pack');
	await answerDialog('open', path);
	await push(page, 'Choose a pack');
	await page.getByRole('button', { name: 'Check it again' }).waitFor({ timeout: 2 * STEP_MS });
	return await textOf(page.locator('main'));
}

/** All that the journey made: the finding with its text, evidence and signatures, the pack on record, the evidence, the results. */
export async function seeEverything(window: JourneyWindow, dropId: string): Promise<void> {
	const { page } = window;
	await openFindings(window);
	await findingState(page, 'reviewed');
	const text = await page.locator('[data-section=condition]').inputValue();
	if (text !== FINDING_TEXT.condition) throw new Error(`the finding's condition reads: ${text}`);
	await page.getByText('Evidence 2').waitFor({ timeout: STEP_MS });
	await goTo(page, 'k', 'Packs');
	await page.getByRole('tab', { name: 'Made here 1' }).waitFor({ timeout: STEP_MS });
	await goTo(page, 'd', 'Data & IPE');
	await page.locator('main').getByText(dropId).first().waitFor({ timeout: STEP_MS });
	await goTo(page, 'p', 'Procedures');
	await page
		.getByText(/with exceptions/)
		.first()
		.waitFor({ timeout: STEP_MS });
}
