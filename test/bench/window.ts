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
import { PARTNER } from '../browser/steps/journey.ts';
import { createEngagement, lock, unlock } from '../browser/steps/unlock.ts';
import type { ImportReport } from './importChild.ts';
import { inCount, inMegabytes, inMs, inSeconds, inTimes, type Measure, type Print, printTable, sizeFrom } from './measure.ts';
import { SAMPLE_SEED, sampleDrop } from './sampleDrop.ts';
import { browserCpu, type Frames, installProbe, rendererMemory, storeBytes, whileProbed } from './windowProbe.ts';

/** About five million rows, a million order events among them. */
const ORDERS = 100_000;
const ROUNDS = 3;
/** For what takes long; a goal never hangs on it. */
const LIMIT_MS = 900_000;

const GOAL_ROWS = 60_000;
const GOAL_BYTES = 80;
const GOAL_UNLOCK_MS = 3_000;
const GOAL_GAP_MS = 100;
const MILLION = 1_000_000;

type Phase = Frames & { readonly wall: number };

interface Ran {
	readonly idle: Phase;
	readonly imported: Phase;
	/** Processor time of all the browser's processes, milliseconds. */
	readonly importCpu: number;
	readonly tested: Phase;
	/** Unlock to painted rows, milliseconds, one a round: the whole, and how much of it until the engagement is open. */
	readonly unlocks: readonly Unlocked[];
	readonly diskAfterImport: number;
	readonly diskAfterTests: number;
	readonly peakAtImport: number;
	readonly peak: number;
	readonly held: number;
}

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
		const cpuBefore = browserCpu(profile);
		const imported = await whileProbed(page, () => untilSaid(app, '[role=tab]', 'Tables'));
		const importCpu = browserCpu(profile) - cpuBefore;
		const diskAfterImport = storeBytes(profile);
		const peakAtImport = rendererMemory(profile).peak;
		const phases = Object.entries(imported.phases).map(([phase, ms]) => `${phase} ${inSeconds(ms)}`);
		print(`  imported in ${inSeconds(imported.wall)}: ${phases.join(', ')}`);
		await beginRun(app);
		const tested = await whileProbed(page, () => untilSaid(app, '.mantine-Notification-root', ' run: '));
		print(`  tests run in ${inSeconds(tested.wall)}`);
		const { now: held, peak } = rendererMemory(profile);
		const diskAfterTests = storeBytes(profile);
		const unlocks: Unlocked[] = [];
		for (let round = 0; round < sizeFrom('TIEOUT_BENCH_ROUNDS', ROUNDS); round++) unlocks.push(await unlockOnce(app));
		return { idle, imported, importCpu, tested, unlocks, diskAfterImport, diskAfterTests, peakAtImport, peak, held };
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

interface Unlocked {
	readonly open: number;
	readonly whole: number;
}

/** From the passphrase's Enter to the first rows of the order list, painted; the list is gone to as soon as the window is open. */
async function unlockOnce(app: OpenApp): Promise<Unlocked> {
	const { page } = app;
	await lock(app);
	await page.locator('html[data-ready=locked]').waitFor({ timeout: 60_000 });
	await page.evaluate(timeUnlockInPage);
	const refused = await unlock(app, PARTNER.passphrase);
	if (refused !== null) throw new Error(refused);
	const found = await page.waitForFunction(() => (window as unknown as { benchUnlocked?: Unlocked }).benchUnlocked, undefined, {
		timeout: LIMIT_MS,
	});
	return (await found.jsonValue()) as Unlocked;
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

function printPhases(print: Print, { idle, imported, tested, ...ran }: Ran): void {
	print('  the page meanwhile:');
	printTable(print, [
		['', 'took', 'frames/s', 'longest gaps between frames', 'longest task'],
		...(
			[
				['nothing', idle],
				['import', imported],
				['all tests', tested],
			] as const
		).map(([name, { wall, frames, gaps, longestTask }]) => [
			name,
			inSeconds(wall),
			inCount((frames / wall) * 1000),
			gaps.slice(0, 4).map(inMs).join(', '),
			longestTask === 0 ? 'below 50 ms' : inMs(longestTask),
		]),
	]);
	print(
		`  memory of the page's process: peak ${inMegabytes(ran.peakAtImport)} at the import, ${inMegabytes(ran.peak)} with the tests; ${inMegabytes(ran.held)} held after them`,
	);
	print(`  store on the disk: ${inMegabytes(ran.diskAfterImport)} after the import, ${inMegabytes(ran.diskAfterTests)} after the tests`);
	print(`  unlock: ${ran.unlocks.map(({ whole, open }) => `open after ${inMs(open)}, rows after ${inMs(whole)}`).join('; ')}`);
}

function measuresOf(ran: Ran, peer: ImportReport, orders: number, events: number): Measure[] {
	const { rows } = peer;
	const rate = (rows / ran.imported.wall) * 1000;
	const perRow = ran.diskAfterImport / rows;
	const unlocked = Math.max(...ran.unlocks.map(({ whole }) => whole));
	const gap = (name: string, { gaps }: Phase): Measure => ({
		what: `  longest gap between frames, ${name}`,
		measured: inMs(gaps[0] ?? Number.NaN),
		ratio: null,
		goal: `≤ ${GOAL_GAP_MS} ms`,
		isMet: (gaps[0] ?? Number.NaN) <= GOAL_GAP_MS,
	});
	return [
		{
			what: `window: import of ${inCount(orders)} orders (${(rows / orders).toFixed(0)} rows each), sealed and stored`,
			measured: `${inCount(rate)} rows/s`,
			ratio: null,
			goal: `≥ ${inCount(GOAL_ROWS)} rows/s`,
			isMet: rate >= GOAL_ROWS,
		},
		{
			what: "  against the command line's import without store",
			measured: `${inSeconds(ran.imported.wall)} : ${inSeconds(peer.times.wall)}`,
			ratio: ran.imported.wall / peer.times.wall,
			goal: '',
			isMet: null,
		},
		{
			what: "  its processor time, all of the browser's processes, against the command line's",
			measured: `${inSeconds(ran.importCpu)} : ${inSeconds(peer.times.cpu)}`,
			ratio: ran.importCpu / peer.times.cpu,
			goal: '',
			isMet: null,
		},
		{
			what: `  on the disk, ${inTimes(ran.diskAfterImport / peer.bytes)} of the drop`,
			measured: `${perRow.toFixed(1)} bytes/row`,
			ratio: ran.diskAfterImport / peer.bytes,
			goal: `≤ ${GOAL_BYTES} bytes/row`,
			isMet: perRow <= GOAL_BYTES,
		},
		gap('import', ran.imported),
		gap('all tests', ran.tested),
		{
			what: `  unlock to painted order list, ${inCount(events)} order events, slowest of ${ran.unlocks.length}`,
			measured: inMs(unlocked),
			ratio: null,
			goal: `≤ ${inMs(GOAL_UNLOCK_MS)} for 1 M`,
			isMet: events >= MILLION * 0.9 ? unlocked <= GOAL_UNLOCK_MS : null,
		},
		{ what: "  memory of the page's process, peak", measured: inMegabytes(ran.peak), ratio: null, goal: '', isMet: null },
	];
}
