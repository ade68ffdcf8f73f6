/** A signed pack is made and checked; then all that the journey made is looked at once more. */
import { command, eventually, fill, goTo, push, STEP_MS, tabTo, textOf } from '../keys.ts';
import { conditionOf, findingState, openFindings } from './findings.ts';
import { FINDING_TEXT, type JourneyWindow, type Person } from './journey.ts';

/** Begins a pack of all findings: its pages are looked at, then it is signed with a key made for it, to be written to `path`. */
export async function beginPack(window: JourneyWindow, { passphrase }: Person, path: string): Promise<void> {
	const { page, answerDialog } = window;
	await showPages(window);
	await answerDialog('save', path);
	await tabTo(page.getByRole('radio', { name: /^A key file/ }));
	await page.keyboard.press('ArrowDown');
	await fill(page, 'Your passphrase, once more', passphrase);
	await page.keyboard.press('Enter');
}

/** @returns what the verifier says of the written pack */
export async function makePack(window: JourneyWindow, person: Person, path: string): Promise<string> {
	const { page } = window;
	await beginPack(window, person, path);
	await page.getByRole('heading', { name: 'Signed and written' }).waitFor({ timeout: 4 * STEP_MS });
	return await textOf(page.locator('main'));
}

/** Has the pages of a new pack made. */
export async function beginPages({ page }: JourneyWindow): Promise<void> {
	await goTo(page, 'k', 'Packs');
	await command(page, 'Show the pages of the pack');
}

/** Has the pages of a new pack made and shown. @returns how much of the first one is drawn, as a share of its points that are not blank */
export async function showPages(window: JourneyWindow): Promise<number> {
	const { page } = window;
	await beginPages(window);
	const canvas = page.getByRole('region', { name: /^Pack / }).locator('canvas');
	await canvas.first().waitFor({ timeout: 2 * STEP_MS });
	return await eventually(
		'a page that is drawn',
		() =>
			canvas.first().evaluate((element) => {
				const drawing = element as HTMLCanvasElement;
				const { width, height } = drawing;
				// Read from a copy: the browser complains of a canvas that is read again and again.
				const copy = Object.assign(document.createElement('canvas'), { width, height }).getContext('2d', { willReadFrequently: true });
				copy?.drawImage(drawing, 0, 0);
				const points = copy?.getImageData(0, 0, width, height).data ?? [];
				let drawn = 0;
				for (let at = 0; at < points.length; at += 4) if ((points[at + 3] ?? 0) > 0 && (points[at] ?? 255) < 250) drawn++;
				return drawn / (width * height);
			}),
		(share) => share > 0,
	);
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
export async function seeEverything(window: JourneyWindow, dropId: string, condition: string = FINDING_TEXT.condition): Promise<void> {
	const { page } = window;
	await openFindings(window);
	await findingState(page, 'reviewed');
	const text = await conditionOf(window);
	if (text !== condition) throw new Error(`the finding's condition reads: ${text}`);
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
