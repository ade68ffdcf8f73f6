/** A look through every screen of the sample, for claims about all of them and for pictures. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { ROOT } from '../../build/electronRuntime.ts';
import { goTo, STEP_MS } from './keys.ts';
import type { OpenApp } from './openApp.ts';

/** The window may have to be built, and the sample made; a verdict never hangs on how fast that was. */
export const OPENS_MS = 4 * STEP_MS;

export interface TourScreen {
	readonly id: string;
	readonly title: string;
	/** The letter after G. */
	readonly goKey: string;
}

/** The screens as the window lists them, read from their sources: the window's code does not run outside a browser. */
export function screensOf(): TourScreen[] {
	const list = readFileSync(join(ROOT, 'renderer/app/screens.ts'), 'utf8');
	const folders = [...list.matchAll(/import \{ \w+ \} from '\.\.\/screens\/(\w+)\/index\.ts'/g)].map((match) => match[1] ?? '');
	const order = [...(/SCREENS[^=]*= \[([^\]]*)\]/.exec(list)?.[1] ?? '').matchAll(/(\w+)Screen/g)].map((match) => match[1] ?? '');
	const screens = folders.map((folder) => {
		const source = readFileSync(join(ROOT, 'renderer/screens', folder, 'index.ts'), 'utf8');
		const field = (name: string): string => new RegExp(`\\b${name}: '([^']+)'`).exec(source)?.[1] ?? '';
		return { id: field('id'), title: field('title'), goKey: field('goKey') };
	});
	return order.flatMap((id) => screens.filter((screen) => screen.id === id));
}

/** Opens the sample from the locked window and leaves the tour that it offers. */
export async function openSample({ page }: OpenApp): Promise<void> {
	await page.locator('html[data-ready]').waitFor({ timeout: OPENS_MS });
	await page.getByRole('button', { name: 'Open sample' }).click();
	await page.locator('html[data-ready=open]').waitFor({ timeout: OPENS_MS });
	const leave = page.getByRole('button', { name: 'Leave the tour' });
	await leave.click();
	await leave.waitFor({ state: 'detached' });
}

/** Goes to a screen by its two keys and waits until it shows what it has. */
export async function visit(page: Page, { title, goKey }: TourScreen): Promise<void> {
	await goTo(page, goKey, title);
	await settled(page);
}

/** Nothing loads any more: no skeleton, no row that waits, and nothing that changes from one picture to the next. */
export async function settled(page: Page): Promise<void> {
	await page.waitForFunction(
		() => {
			const main = document.querySelector('main');
			if (
				!main ||
				main.querySelector('[aria-busy=true]') ||
				[...main.querySelectorAll('.ag-cell')].some((cell) => cell.textContent === '…')
			)
				return false;
			const shown = `${main.textContent.length} ${main.querySelectorAll('*').length}`;
			const kept = window as { tourShown?: string; tourSince?: number };
			if (kept.tourShown !== shown) {
				kept.tourShown = shown;
				kept.tourSince = performance.now();
			}
			return performance.now() - (kept.tourSince ?? 0) > 600;
		},
		undefined,
		{ timeout: STEP_MS, polling: 100 },
	);
}

/** Waits until nothing loads in either scheme: the window follows the system's. */
export async function inScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
	await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
	await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
}

/** RxDB says on every start that there is a paid edition. */
export const realComplaints = (complaints: readonly string[]): string[] => complaints.filter((words) => !/RxDB Open Core/.test(words));
