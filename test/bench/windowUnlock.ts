/** The window locked and unlocked again, timed inside the page. */
import type { OpenApp } from '../browser/openApp.ts';
import { PARTNER } from '../browser/steps/journey.ts';
import { lock, unlock } from '../browser/steps/unlock.ts';
import { othersSince, readClock } from './windowMachine.ts';

/** For what takes long; a goal never hangs on it. */
export const LIMIT_MS = 900_000;

/** Milliseconds from the passphrase's Enter on. */
interface Steps {
	/** Until the engagement is open, its evidence in memory. */
	readonly open: number;
	/** Until the order list shows its first rows. */
	readonly whole: number;
}

export interface Unlocked extends Steps {
	/** Cores that other programs took meanwhile. */
	readonly others: number | null;
}

/** From the passphrase's Enter to the first rows of the order list, painted; the list is gone to as soon as the window is open. */
export async function unlockOnce(app: OpenApp): Promise<Unlocked> {
	const { page } = app;
	await lock(app);
	await page.locator('html[data-ready=locked]').waitFor({ timeout: 60_000 });
	await page.evaluate(timeUnlockInPage);
	const before = readClock();
	const refused = await unlock(app, PARTNER.passphrase);
	if (refused !== null) throw new Error(refused);
	const found = await page.waitForFunction(() => (window as unknown as { benchUnlocked?: Steps }).benchUnlocked, undefined, {
		timeout: LIMIT_MS,
	});
	return { ...((await found.jsonValue()) as Steps), others: othersSince(before) };
}

/** Runs in the page: no question of the bench to the browser stands between the steps. */
function timeUnlockInPage(): void {
	let since = 0;
	let open = 0;
	const look = (): void => {
		if (open === 0 && document.documentElement.dataset['ready'] === 'open') {
			const button = [...document.querySelectorAll<HTMLElement>('nav[aria-label=Screens] button')].find(({ textContent }) =>
				textContent.includes('Orders'),
			);
			if (button) {
				open = performance.now() - since;
				button.click();
			}
		}
		if (/\w{3}/.test(document.querySelector('.ag-row[row-index="0"] .ag-cell[col-id=order_id]')?.textContent ?? ''))
			requestAnimationFrame(() => Object.assign(window, { benchUnlocked: { open, whole: performance.now() - since } }));
		else requestAnimationFrame(look);
	};
	document.addEventListener(
		'keydown',
		({ key }) => {
			if (key !== 'Enter' || !document.querySelector('input[type=password]:focus, input:focus')) return;
			since = performance.now();
			requestAnimationFrame(look);
		},
		true,
	);
}
