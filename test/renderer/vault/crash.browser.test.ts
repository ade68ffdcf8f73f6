import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, vi } from 'vitest';
import { bundle, type RunningChromium, scratch, servePage, startChromium } from './chromium.ts';
import type { CrashPage, RemovalWitness, Standing } from './crashPage.ts';

const KILLS = 50;

/** What the vault had acknowledged when it was killed, as far as the console still told. */
interface Acknowledged {
	counter: number;
	readonly imports: Set<string>;
	/** How many imports ever were, in all rounds. */
	taken: number;
}

const openPage = ({ page }: RunningChromium): Promise<Standing> =>
	page
		.waitForFunction(() => 'crashPage' in globalThis)
		.then(() => page.evaluate(() => (globalThis as unknown as { crashPage: CrashPage }).crashPage.open()));

async function listen({ page }: RunningChromium, acknowledged: Acknowledged): Promise<void> {
	page.on('console', (message) => {
		const [, what, value = ''] = /^acknowledged (\w+) (\w+)$/.exec(message.text()) ?? [];
		if (what === 'act') acknowledged.counter = Number(value);
		if (what !== 'import') return;
		acknowledged.imports.add(value);
		acknowledged.taken++;
	});
	await page.exposeFunction(
		'noteRemoving' satisfies keyof RemovalWitness,
		(importId: string) => void acknowledged.imports.delete(importId),
	);
}

function check(standing: Standing, acknowledged: Acknowledged): void {
	expect(standing.damages).toEqual([]);
	expect(standing.orphans).toBe(0);
	expect(standing.counter).toBeGreaterThanOrEqual(acknowledged.counter);
	expect(standing.seq).toBe(standing.counter + standing.imported + 2);
	expect(standing.imports.filter(({ isSound }) => !isSound)).toEqual([]);
	const stands = new Set(standing.imports.map(({ importId }) => importId));
	expect([...acknowledged.imports].filter((importId) => !stands.has(importId))).toEqual([]);
}

// Only where there is a browser to kill.
describe.runIf(existsSync('/usr/bin/chromium'))('the vault in a browser that is killed', () => {
	it(`loses no acknowledged act and no acknowledged import in ${KILLS} kills, and keeps no half import`, { timeout: 600_000 }, async () => {
		const served = await servePage(await bundle(fileURLToPath(new URL('./crashPage.ts', import.meta.url))));
		const profile = scratch('crash');
		const acknowledged: Acknowledged = { counter: 0, imports: new Set(), taken: 0 };
		let grown = 0;
		try {
			for (let round = 0; round <= KILLS; round++) {
				const browser = await startChromium(profile, served.url);
				try {
					await listen(browser, acknowledged);
					const standing = await openPage(browser);
					check(standing, acknowledged);
					grown = standing.counter;
					if (round === KILLS) break;
					const { taken } = acknowledged;
					void browser.page.evaluate(() => (globalThis as unknown as { crashPage: CrashPage }).crashPage.work()).catch(() => null);
					// The moment is spread over the work of a few imports: in one round from its beginning, in the next from when something was
					// acknowledged, so that there is something to lose however slow the machine is.
					const isUnderWay = () =>
						round % 2 === 0 ||
						(acknowledged.counter >= standing.counter + 2 + (round % 3) && (round % 5 !== 4 || acknowledged.taken > taken));
					await vi.waitUntil(isUnderWay, { timeout: 120_000, interval: 5 });
					await new Promise((resolve) => setTimeout(resolve, 20 + ((round * 137) % 700)));
				} finally {
					await browser.kill();
				}
			}
		} finally {
			served.close();
			rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
		}
		expect(grown).toBeGreaterThan(KILLS);
		expect(acknowledged.imports.size).toBeGreaterThan(0);
	});
});
