/**
 * The window at work: a drop imported into the encrypted store, the whole catalogue run, the engagement locked and unlocked again, in
 * Debian's Chromium over the real handlers of the main process. Its peer is the same drop imported by the command line in the same run:
 * the same reading and verifying, without a window, a seal or a store.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SAMPLE } from '#company';
import { sampleSigner } from '../../electron/services/sampleLog.ts';
import { isChromiumHere, type OpenApp, openApp } from '../browser/openApp.ts';
import { beginImport, beginRun } from '../browser/steps/evidence.ts';
import { createEngagement } from '../browser/steps/unlock.ts';
import type { ImportReport } from './importChild.ts';
import { inCount, inMegabytes, inSeconds, type Measure, type Print, sizeFrom } from './measure.ts';
import { SAMPLE_SEED, sampleDrop } from './sampleDrop.ts';
import { rendererMemory, storeBytes } from './windowMachine.ts';
import { installProbe, whileProbed } from './windowProbe.ts';
import { measuresOf, printPhases, type Ran } from './windowReport.ts';
import { LIMIT_MS, type Unlocked, unlockOnce } from './windowUnlock.ts';

/** About five million rows, a million order events among them. */
const ORDERS = 100_000;
const ROUNDS = 3;

export async function benchWindow(print: Print): Promise<readonly Measure[]> {
	if (!isChromiumHere()) {
		print('  SKIPPED: there is no /usr/bin/chromium here');
		return [];
	}
	const { dir, orders } = await sampleDrop(print, ORDERS);
	const peer = await importByCommandLine(dir);
	const events = peer.tables.find(({ name }) => name === 'order_event')?.rows ?? 0;
	print(
		`${inCount(orders)} orders with ${inCount(peer.rows)} rows in all, ${inCount(events)} order events among them, ${inMegabytes(peer.bytes)}; the command line imports them in ${inSeconds(peer.times.wall)}`,
	);
	const profile = mkdtempSync(join(tmpdir(), 'tieout-bench-'));
	try {
		const ran = await runWindow(print, dir, profile);
		printPhases(print, ran);
		return measuresOf(ran, peer, orders, events);
	} finally {
		rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
	}
}

async function importByCommandLine(dir: string): Promise<ImportReport> {
	const child = fileURLToPath(new URL('importChild.ts', import.meta.url));
	const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=8192', child, 'import', dir], {
		maxBuffer: 1 << 24,
	});
	return JSON.parse(stdout) as ImportReport;
}

async function runWindow(print: Print, dir: string, profile: string): Promise<Ran> {
	print('opening the window …');
	const app = await openApp({ profile, isMeasured: true });
	try {
		const { page } = app;
		await installProbe(page);
		await createEngagement(app);
		const idle = await whileProbed(page, () => page.waitForTimeout(3_000));
		await beginImport(app, dir, sampleSigner(SAMPLE.log, String(SAMPLE_SEED)).vkey);
		const imported = await whileProbed(page, () => untilSaid(app, '[role=tab]', 'Tables'));
		const diskAfterImport = storeBytes(profile);
		const peakAtImport = rendererMemory().peak;
		const phases = Object.entries(imported.phases).map(([phase, ms]) => `${phase} ${inSeconds(ms)}`);
		print(`  imported in ${inSeconds(imported.wall)}: ${phases.join(', ')}`);
		await beginRun(app);
		const tested = await whileProbed(page, () => untilSaid(app, '.mantine-Notification-root', ' run: '));
		print(`  tests run in ${inSeconds(tested.wall)}`);
		const { now: held, peak } = rendererMemory();
		const diskAfterTests = storeBytes(profile);
		const unlocks: Unlocked[] = [];
		for (let round = 0; round < sizeFrom('TIEOUT_BENCH_ROUNDS', ROUNDS); round++) unlocks.push(await unlockOnce(app));
		return { idle, imported, tested, unlocks, diskAfterImport, diskAfterTests, peakAtImport, peak, held };
	} finally {
		await app.close();
	}
}

/** Waits for words in an element, with as little looking as can be: what looks takes frames from the page. */
async function untilSaid({ page }: OpenApp, selector: string, words: string): Promise<void> {
	await page.waitForFunction(
		([where, what]) => [...document.querySelectorAll(where ?? '')].some(({ textContent }) => textContent.includes(what ?? '')),
		[selector, words] as const,
		{ polling: 100, timeout: LIMIT_MS },
	);
}
