/** The work papers in the window, by keys: triage, judging all that match, undo over a restart, a finding that is signed and changed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventually, goTo, STEP_MS } from '../../browser/keys.ts';
import { isChromiumHere, type OpenApp, openApp } from '../../browser/openApp.ts';
import { OPENS_MS, openSample, settled } from '../../browser/tourSteps.ts';

const SAMPLE_PASSPHRASE = 'sample';

/** The number on a tab, as soon as it is counted. */
const countOf = async (page: Page, name: RegExp): Promise<number> => {
	const tab = await eventually(
		`the count of ${name}`,
		() => page.getByRole('tab', { name }).textContent(),
		(words) => /\d/.test(words ?? ''),
	);
	return Number(tab?.replace(/\D/g, ''));
};
const progress = async (page: Page): Promise<string> => (await page.locator('main [role=status]').allInnerTexts()).join(' ');
const inHand = (page: Page): Promise<string | null> => page.locator('aside h2').first().textContent();
const press = async (page: Page, ...keys: readonly string[]): Promise<void> => {
	for (const key of keys) await page.keyboard.press(key);
};

const draftNotice = (within: Page | Locator): Locator => within.getByText(/^Draft of .* restored$/);

const holds = (field: Locator, text: string): Promise<string> =>
	eventually(
		`“${text}” in the field`,
		() => field.inputValue(),
		(value) => value === text,
	);

/** Goes to a section of the finding in hand by its key, and types. */
async function typeInto(page: Page, at: number, section: string, text: string): Promise<void> {
	await press(page, `Alt+${at}`);
	await page.locator(`[data-section=${section}]:focus`).waitFor({ timeout: STEP_MS });
	await press(page, 'Control+End');
	await page.keyboard.insertText(text);
}

async function toTriage(page: Page): Promise<void> {
	await goTo(page, 'e', 'Exceptions');
	await page.locator('[data-triage-list]:focus').waitFor({ timeout: STEP_MS });
	await page.locator('aside [role=radiogroup]').waitFor({ timeout: STEP_MS });
}

describe.skipIf(!isChromiumHere())('the work papers, by keys', () => {
	const profile = mkdtempSync(join(tmpdir(), 'tieout-work-papers-'));
	let app: OpenApp;
	beforeAll(async () => {
		app = await openApp({ profile });
		await openSample(app);
	}, OPENS_MS);
	afterAll(async () => {
		await app.close();
		rmSync(profile, { recursive: true, force: true });
	});

	test('1 and Enter confirm and go on; the row keeps its place, the queue counts down', async () => {
		const { page } = app;
		await toTriage(page);
		const before = await countOf(page, /^New/);
		const first = await inHand(page);
		for (let done = 1; done <= 5; done++) {
			await press(page, '1', 'Enter');
			await eventually(
				'the count',
				() => progress(page),
				(words) => words.includes(`${done} of ${before} judged`),
			);
		}
		await eventually(
			'five less in the queue',
			() => countOf(page, /^New/),
			(count) => count === before - 5,
		);
		await press(page, 'k', 'k', 'k', 'k', 'k');
		await eventually(
			'the first row',
			() => inHand(page),
			(words) => words === first,
		);
		await page.locator('aside').getByText('Confirmed by M. Ito').waitFor();
	});

	test('2 asks for its note before it is saved; Ctrl+Enter saves from the note', async () => {
		const { page } = app;
		await press(page, 'j', 'j', 'j', 'j', 'j', '2', 'Enter');
		await page.locator('[data-triage-note]:focus').waitFor({ timeout: STEP_MS });
		await page.getByText('“Explained” needs a note that says why.').waitFor();
		await page.keyboard.insertText('Timing: invoiced in January');
		await press(page, 'Control+Enter');
		await eventually(
			'the sixth',
			() => progress(page),
			(words) => words.includes('6 of') && words.includes('→ Explained'),
		);
		await page.locator('[data-triage-list]:focus').waitFor({ timeout: STEP_MS });
	});

	test('Ctrl+D copies the last judgement, with its note', async () => {
		const { page } = app;
		await press(page, 'Control+d');
		await eventually(
			'the note',
			() => page.locator('[data-triage-note]').inputValue(),
			(note) => note === 'Timing: invoiced in January',
		);
		await press(page, 'Enter');
		await eventually(
			'the seventh',
			() => progress(page),
			(words) => words.includes('7 of'),
		);
	});

	test('judging all that match says before what it will do, and one Ctrl+Z takes it back', async () => {
		const { page } = app;
		const fresh = await countOf(page, /^New/);
		await page.getByRole('navigation', { name: 'Narrow the list' }).getByRole('button', { name: /^Low/ }).click();
		const low = await eventually(
			'the low ones',
			() => countOf(page, /^New/),
			(count) => count > 0 && count < fresh,
		);
		await press(page, 'b');
		const dialog = page.getByRole('dialog', { name: 'Judge all that match' });
		await dialog.getByText('queue new, severity low').waitFor({ timeout: STEP_MS });
		await dialog.getByLabel('Note (needed)').fill('Under the trivial amount of 5,000');
		await dialog.getByRole('button', { name: /^Judge \d+ exceptions?$/ }).click();
		await dialog.waitFor({ state: 'detached' });
		await eventually(
			'no low one left',
			() => countOf(page, /^New/),
			(count) => count === 0,
		);
		await press(page, 'Control+z');
		await eventually(
			'the low ones back',
			() => countOf(page, /^New/),
			(count) => count === low,
		);
		await page.getByRole('button', { name: 'Clear', exact: true }).click();
	});

	test(
		'undo reaches over a restart',
		async () => {
			await app.close();
			app = await openApp({ profile });
			const { page } = app;
			await page.getByRole('button', { name: 'Open sample' }).click({ timeout: STEP_MS });
			await page.locator('html[data-ready=open]').waitFor({ timeout: STEP_MS });
			await toTriage(page);
			const before = await countOf(page, /^New/);
			await press(page, 'Control+z');
			await eventually(
				'one more',
				() => countOf(page, /^New/),
				(count) => count === before + 1,
			);
			await press(page, 'Control+Shift+z');
			await eventually(
				'as before',
				() => countOf(page, /^New/),
				(count) => count === before,
			);
		},
		OPENS_MS,
	);

	test('F begins a finding; text saves itself; signed and changed it shows Δ, and Ctrl+Z takes the change back', async () => {
		const { page } = app;
		await press(page, 'f');
		await page.getByRole('dialog', { name: 'New finding' }).getByLabel('Title').and(page.locator(':focus')).waitFor({ timeout: STEP_MS });
		await press(page, 'Enter');
		const section = (name: string) => page.locator(`[data-section=${name}]`);
		await section('condition').waitFor({ timeout: STEP_MS });
		await typeInto(page, 2, 'criteria', 'ASC 606-10-25-30');
		await typeInto(page, 4, 'effect', 'Known: 88,000.00 EUR');
		// At once: what was just typed is part of what is signed.
		await press(page, 'Control+Shift+S');
		const dialog = page.getByRole('dialog', { name: /^Sign F-/ });
		await dialog.getByLabel('Your passphrase').fill(SAMPLE_PASSPHRASE);
		await press(page, 'Enter');
		await dialog.waitFor({ state: 'detached', timeout: STEP_MS });
		const strip = page.getByRole('region', { name: 'Sign-off' });
		await strip.getByText('Signed').first().waitFor({ timeout: STEP_MS });
		await typeInto(page, 4, 'effect', ', projected 214,300.00');
		await strip.getByText('Changed since').waitFor({ timeout: STEP_MS });
		await strip.getByRole('button', { name: /^Δ 1: Effect/ }).waitFor();
		await page.locator('[data-section=effect][data-undo=log]').waitFor({ timeout: STEP_MS });
		await section('effect').focus();
		await press(page, 'Control+z');
		await eventually(
			'the text as signed',
			() => section('effect').inputValue(),
			(text) => text === 'Known: 88,000.00 EUR',
		);
		await strip.getByText('Changed since').waitFor({ state: 'detached', timeout: STEP_MS });
	});

	test(
		'what is being typed when the window locks stands in its field again, to be kept or discarded',
		async () => {
			const { page } = app;
			const reopen = async (): Promise<void> => {
				await press(page, 'Control+l');
				await page.getByRole('button', { name: 'Open sample' }).click({ timeout: STEP_MS });
				await page.locator('html[data-ready=open]').waitFor({ timeout: STEP_MS });
			};
			const cause = page.locator('[data-section=cause]');
			const note = page.locator('[data-triage-note]');
			await typeInto(page, 3, 'cause', 'Billing lag');
			await reopen();
			await goTo(page, 'f', 'Findings');
			await draftNotice(page).waitFor({ timeout: STEP_MS });
			await holds(cause, 'Billing lag');
			await page.getByRole('button', { name: 'Keep', exact: true }).click();
			await draftNotice(page).waitFor({ state: 'detached', timeout: STEP_MS });
			await reopen();
			await goTo(page, 'f', 'Findings');
			await holds(cause, 'Billing lag');
			await settled(page);
			expect(await draftNotice(page).count()).toBe(0);
			await toTriage(page);
			await press(page, 'n');
			await note.and(page.locator(':focus')).waitFor({ timeout: STEP_MS });
			await page.keyboard.insertText('Seen with the client');
			await reopen();
			await toTriage(page);
			await draftNotice(page).waitFor({ timeout: STEP_MS });
			await holds(note, 'Seen with the client');
			await page.getByRole('button', { name: 'Discard', exact: true }).click();
			await holds(note, '');
			await draftNotice(page).waitFor({ state: 'detached', timeout: STEP_MS });
			const form = page.getByRole('dialog', { name: 'New finding' });
			const begin = async (): Promise<void> => {
				await goTo(page, 'f', 'Findings');
				await press(page, 'n');
				await form.getByLabel('Title').and(page.locator(':focus')).waitFor({ timeout: STEP_MS });
			};
			await begin();
			await page.keyboard.insertText('Prices without approval');
			await reopen();
			await begin();
			await draftNotice(form).waitFor({ timeout: STEP_MS });
			await holds(form.getByLabel('Title'), 'Prices without approval');
			await form.getByRole('button', { name: 'Discard', exact: true }).click();
			await draftNotice(form).waitFor({ state: 'detached', timeout: STEP_MS });
			await holds(form.getByLabel('Title'), '');
			await press(page, 'Escape');
			await form.waitFor({ state: 'detached', timeout: STEP_MS });
		},
		OPENS_MS,
	);

	test('the log of all that is verified by V', async () => {
		const { page } = app;
		await goTo(page, 'a', 'Activity');
		await press(page, 'v');
		await page
			.locator('main header')
			.getByText(/\d+ acts verified/)
			.waitFor({ timeout: STEP_MS });
	});
});
