import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KEPT_FOLDER, mendStores } from '../../../electron/services/mendStores.ts';
import { bundle, type Served, scratch, servePage, startChromium } from './chromium.ts';
import type { CrashPage, Standing } from './crashPage.ts';
import { damageLog, newestLog, tearLog } from './tornLog.ts';

// Only where there is a browser to kill.
describe.runIf(existsSync('/usr/bin/chromium'))('a store whose writer was killed in the middle of a record', { timeout: 300_000 }, () => {
	const profiles: string[] = [];
	let served: Served;
	beforeAll(async () => {
		served = await servePage(await bundle(fileURLToPath(new URL('./crashPage.ts', import.meta.url))));
	});
	afterAll(() => {
		served.close();
		for (const profile of profiles) rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
	});

	const logOf = (profile: string): string => newestLog(join(profile, 'Default', 'IndexedDB'));

	/** Opens the vault, says what stands, and edits until so many acts were acknowledged; then it is killed. */
	async function workOnce(
		profile: string,
		acts: number,
		isMended = true,
	): Promise<{ readonly standing: Standing; readonly acknowledged: number }> {
		const browser = await startChromium(profile, served.url, isMended);
		try {
			let acknowledged = 0;
			const enough = new Promise<void>((resolve) => {
				browser.page.on('console', (message) => {
					const counter = /^acknowledged act (\d+)$/.exec(message.text())?.[1];
					if (counter !== undefined) acknowledged = Number(counter);
					if (acknowledged >= acts) resolve();
				});
			});
			await browser.page.exposeFunction('noteRemoving', () => undefined);
			await browser.page.waitForFunction(() => 'crashPage' in globalThis);
			const standing = await browser.page.evaluate(() => (globalThis as unknown as { crashPage: CrashPage }).crashPage.open());
			void browser.page.evaluate(() => (globalThis as unknown as { crashPage: CrashPage }).crashPage.work()).catch(() => null);
			await enough;
			return { standing, acknowledged };
		} finally {
			await browser.kill();
		}
	}

	const freshProfile = (): string => {
		const profile = scratch('torn');
		profiles.push(profile);
		return profile;
	};

	it('keeps all that was acknowledged before the kill, and all that is written after it', async () => {
		const profile = freshProfile();
		const { acknowledged: before } = await workOnce(profile, 20);
		// The kill itself may have torn it as well; this way it is certain.
		await mendStores(profile, new Date());
		const removed = tearLog(logOf(profile));
		expect(await mendStores(profile, new Date())).toEqual([{ path: logOf(profile), kind: 'torn', removed, keptAt: null }]);
		tearLog(logOf(profile));
		const second = await workOnce(profile, before + 20);
		expect(second.standing.counter).toBeGreaterThanOrEqual(before);
		const third = await workOnce(profile, second.acknowledged + 1);
		expect(third.standing.counter).toBeGreaterThanOrEqual(second.acknowledged);
		expect(third.standing.damages).toEqual([]);
	});

	it('keeps what was written behind a torn end as well, where the browser opened its store anew by itself', async () => {
		const profile = freshProfile();
		const { acknowledged: before } = await workOnce(profile, 20);
		await mendStores(profile, new Date());
		tearLog(logOf(profile));
		const second = await workOnce(profile, before + 20, false);
		const mended = await mendStores(profile, new Date());
		expect(mended.map(({ path, kind }) => ({ path, kind }))).toEqual([{ path: logOf(profile), kind: 'resumed' }]);
		const third = await workOnce(profile, second.acknowledged + 1);
		expect(third.standing.counter).toBeGreaterThanOrEqual(second.acknowledged);
		expect(third.standing.damages).toEqual([]);
	});

	it('opens with what lies before a damage further in, and keeps the log as it was', async () => {
		const profile = freshProfile();
		await workOnce(profile, 40);
		await mendStores(profile, new Date());
		const log = logOf(profile);
		const { size } = statSync(log);
		damageLog(log);
		const [mended] = await mendStores(profile, new Date('2026-01-02T03:04:05Z'));
		expect(mended).toMatchObject({ path: log, kind: 'damaged' });
		expect(statSync(log).size).toBe(size - (mended?.removed ?? 0));
		const kept = join(profile, KEPT_FOLDER);
		expect(readdirSync(kept).map((name) => join(kept, name))).toEqual([mended?.keptAt]);
		expect(statSync(mended?.keptAt ?? '').size).toBe(size);
		expect(await mendStores(profile, new Date())).toEqual([]);
		expect((await workOnce(profile, 1)).standing.damages).toEqual([]);
	});
});
