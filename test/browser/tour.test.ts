/** Every screen on the sample, light and dark: it shows, it says nothing on the console, it breaks no policy, and axe finds nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { barriersOf } from './barriers.ts';
import { isChromiumHere, type OpenApp, openApp } from './openApp.ts';
import { inScheme, OPENS_MS, openSample, realComplaints, screensOf, visit } from './tourSteps.ts';

const SCREENS = screensOf();
const screenOf = (wanted: string) => SCREENS.find(({ id }) => id === wanted) ?? { id: wanted, title: '', goKey: '' };

/** Whoever comes by key goes on by key: the title has the focus, or the list that is walked by keys. */
const focused = ({ page }: OpenApp): Promise<string | null | undefined> =>
	page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);

describe.skipIf(!isChromiumHere())('every screen of the sample', () => {
	let app: OpenApp;
	beforeAll(async () => {
		app = await openApp();
		await openSample(app);
		// The screen that the window opens with is in nobody's way; every later one takes the focus.
		await visit(app.page, screenOf('settings'));
	}, OPENS_MS);
	afterAll(() => app.close());

	test('stands in the rail, in the order of the work', async () => {
		const rail = await app.page.locator('nav[aria-label=Screens] button').allInnerTexts();
		const titles = SCREENS.map(({ title }) => title);
		expect(titles.length).toBeGreaterThan(5);
		expect(rail.map((words) => titles.find((title) => words.includes(title)))).toEqual(titles);
	});

	describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
		beforeAll(() => inScheme(app.page, scheme));

		test.each(SCREENS)('$title: shown, title in focus, nothing complained of, no barrier', async (screen) => {
			const before = app.complaints.length;
			await visit(app.page, screen);
			expect(await focused(app)).toBe(screen.id === 'exceptions' ? 'Exceptions to judge' : screen.title);
			expect(await app.page.locator('[role=alert]').allInnerTexts()).toEqual([]);
			expect(await barriersOf(app.page)).toEqual([]);
			expect(realComplaints(app.complaints.slice(before))).toEqual([]);
		});
	});

	test('opening it said nothing either', () => {
		expect(realComplaints(app.complaints)).toEqual([]);
	});
});
