/** Exceptions are judged one after the other, without a hand off the keys. */
import type { Page } from 'playwright-core';
import { eventually, goTo, painted, STEP_MS, textOf, typeOver } from '../keys.ts';
import type { JourneyWindow } from './journey.ts';

/** The triage's own progress line, such as "9 judged of 209". */
const progress = (page: Page): Promise<string> =>
	textOf(
		page
			.getByText(/ judged/)
			.and(page.locator('[role=status]'))
			.first(),
	);

/** As soon as it is counted. */
const judged = (page: Page): Promise<number> =>
	eventually(
		'how many are judged',
		async () => Number(/([\d.,]+) of/.exec(await progress(page))?.[1]?.replace(/\D/g, '') ?? Number.NaN),
		(count) => !Number.isNaN(count),
	);

/** Goes to the exceptions; the list has the focus, and the judgement of the one in hand stands beside it. */
export async function openTriage({ page }: JourneyWindow): Promise<void> {
	await goTo(page, 'e', 'Exceptions');
	await page.locator('[data-triage-list][aria-activedescendant]:focus').waitFor({ timeout: STEP_MS });
	await page.getByRole('region', { name: 'Judgement' }).waitFor({ timeout: STEP_MS });
	await painted(page);
}

/** How many of all exceptions of the last run are judged, by whomever and whenever. The queue of new ones is open again afterwards. */
export async function judgedOfAll(window: JourneyWindow): Promise<number> {
	const { page } = window;
	await openTriage(window);
	await page.keyboard.press('Alt+5');
	const tab = page.getByRole('tab', { name: /^All / });
	await eventually(
		'the queue of all',
		async () => [await textOf(tab), await progress(page)],
		([all, words]) => {
			const count = /[\d.,]+/.exec(all ?? '')?.[0];
			return count !== undefined && (words ?? '').includes(`of ${count}`);
		},
	);
	const found = await judged(page);
	await page.keyboard.press('Alt+1');
	await page.getByRole('tab', { name: /^New /, selected: true }).waitFor({ timeout: STEP_MS });
	return found;
}

const VERDICTS = ['1', '2', '4', 'h'] as const;

/**
 * Judges exceptions one after another by 1, 2, 4 and H until `count` more are judged: two about the same subject share a judgement. What
 * needs a note gets one; every third is skipped over and come back to.
 */
export async function triage(window: JourneyWindow, count: number): Promise<void> {
	const { page } = window;
	await openTriage(window);
	const goal = (await judged(page)) + count;
	for (let i = 0; (await judged(page)) < goal; i++) {
		if (i % 3 === 2) {
			await page.keyboard.press('j');
			await page.keyboard.press('k');
		}
		const inHand = await rowInHand(page);
		await judge(page, VERDICTS[i % VERDICTS.length] ?? '1', `Agreed to the delivery note, item ${i + 1}`);
		await eventually(
			`${inHand} judged and left behind`,
			async () => [await rowInHand(page), await textOf(page.locator(`#${inHand}`))] as const,
			([now, words]) => now !== inHand && !/\bNew\b/.test(words),
		);
		await page.locator('[data-triage-list]:focus').waitFor({ timeout: STEP_MS });
	}
}

/** Judges without a pause and without waiting for anything, until some of it is acknowledged. @returns how many were, at the last look */
export async function judgeOnAndOn(window: JourneyWindow): Promise<number> {
	const { page } = window;
	await openTriage(window);
	const before = await judged(page);
	for (;;) {
		await page.keyboard.press('1');
		await page.keyboard.press('Enter');
		const seen = (await judged(page)) - before;
		if (seen > 0) return seen;
	}
}

/** The id of the row that the list's keys act on. */
const rowInHand = async (page: Page): Promise<string> =>
	(await page.locator('[data-triage-list]').getAttribute('aria-activedescendant')) ?? '';

async function judge(page: Page, key: (typeof VERDICTS)[number], note: string): Promise<void> {
	await page.keyboard.press(key);
	if (key === '2' || key === '4') {
		await page.keyboard.press('n');
		await page.locator('[data-triage-note]:focus').waitFor({ timeout: STEP_MS });
		await typeOver(page, note);
		await page.keyboard.press('ControlOrMeta+Enter');
	} else await page.keyboard.press('Enter');
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
