/** A drop comes in, is verified, and every audit test is run on it. */
import { eventually, fill, goTo, push, STEP_MS, tabTo, textOf } from '../keys.ts';
import type { JourneyWindow } from './journey.ts';

/** Chooses a drop, gives the log's key from outside it, and begins the import. */
export async function beginImport({ page, answerDialog }: JourneyWindow, drop: string, vkey: string): Promise<void> {
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

/** V: the stored bytes are read and verified again. */
export async function beginVerification(window: JourneyWindow): Promise<void> {
	await lookAtIntegrity(window);
	await window.page.keyboard.press('v');
}

/** R in the catalogue: the run of all tests begins. */
export async function beginRun({ page }: JourneyWindow): Promise<void> {
	await goTo(page, 'p', 'Procedures');
	await tabTo(page.locator('main tr[data-row][tabindex="0"]'));
	await page.keyboard.press('r');
}

/** @returns what is said at the end */
export async function runAllTests(window: JourneyWindow): Promise<string> {
	await beginRun(window);
	const said = window.page.locator('.mantine-Notification-root', { hasText: /tests? run:/ }).first();
	await said.waitFor({ timeout: 2 * STEP_MS });
	return await textOf(said);
}
