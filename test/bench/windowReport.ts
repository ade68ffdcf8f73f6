/** What a run of the window has to say: its phases as a table, its goals as measures. */
import type { ImportReport } from './importChild.ts';
import { inCount, inMegabytes, inMs, inSeconds, inTimes, type Measure, type Print, printTable } from './measure.ts';
import { clockGoal } from './windowMachine.ts';
import type { Frames } from './windowProbe.ts';
import type { Unlocked } from './windowUnlock.ts';

const GOAL_ROWS = 60_000;
const GOAL_BYTES = 80;
const GOAL_UNLOCK_MS = 3_000;
const GOAL_GAP_MS = 100;
const MILLION = 1_000_000;

export interface Ran {
	readonly idle: Frames;
	readonly imported: Frames;
	readonly tested: Frames;
	readonly unlocks: readonly Unlocked[];
	readonly diskAfterImport: number;
	readonly diskAfterTests: number;
	readonly peakAtImport: number;
	readonly peak: number;
	readonly held: number;
}

export function printPhases(print: Print, { idle, imported, tested, ...ran }: Ran): void {
	print('  the page meanwhile:');
	printTable(print, [
		['', 'took', 'frames/s', 'longest gaps between frames', 'longest task', 'cores of others'],
		...(
			[
				['nothing', idle],
				['import', imported],
				['all tests', tested],
			] as const
		).map(([name, { wall, frames, gaps, longestTask, others }]) => [
			name,
			inSeconds(wall),
			inCount((frames / wall) * 1000),
			gaps.slice(0, 4).map(inMs).join(', '),
			longestTask === 0 ? 'below 50 ms' : inMs(longestTask),
			others?.toFixed(1) ?? '?',
		]),
	]);
	print(
		`  memory of the page's process: peak ${inMegabytes(ran.peakAtImport)} at the import, ${inMegabytes(ran.peak)} with the tests; ${inMegabytes(ran.held)} held after them`,
	);
	print(`  store on the disk: ${inMegabytes(ran.diskAfterImport)} after the import, ${inMegabytes(ran.diskAfterTests)} after the tests`);
	print(`  unlock: ${ran.unlocks.map(({ whole, open }) => `open after ${inMs(open)}, rows after ${inMs(whole)}`).join('; ')}`);
}

/** @param peer the same drop imported by the command line */
export function measuresOf(ran: Ran, peer: ImportReport, orders: number, events: number): Measure[] {
	const { rows } = peer;
	const rate = (rows / ran.imported.wall) * 1000;
	const perRow = ran.diskAfterImport / rows;
	const slowest = ran.unlocks.reduce((worst, one) => (one.whole > worst.whole ? one : worst));
	const gap = (name: string, { gaps: [longest = Number.NaN], others }: Frames): Measure => ({
		what: `  longest gap between frames, ${name}`,
		measured: inMs(longest),
		ratio: null,
		...clockGoal(others, `≤ ${GOAL_GAP_MS} ms`, longest <= GOAL_GAP_MS),
	});
	return [
		{
			what: `window: import of ${inCount(orders)} orders (${(rows / orders).toFixed(0)} rows each), sealed and stored`,
			measured: `${inCount(rate)} rows/s`,
			ratio: null,
			...clockGoal(ran.imported.others, `≥ ${inCount(GOAL_ROWS)} rows/s`, rate >= GOAL_ROWS),
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
			measured: `${inSeconds(ran.imported.cpu)} : ${inSeconds(peer.times.cpu)}`,
			ratio: ran.imported.cpu / peer.times.cpu,
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
			measured: inMs(slowest.whole),
			ratio: null,
			...(events >= MILLION
				? clockGoal(slowest.others, `≤ ${inMs(GOAL_UNLOCK_MS)}`, slowest.whole <= GOAL_UNLOCK_MS)
				: { goal: `≤ ${inMs(GOAL_UNLOCK_MS)} for a million`, isMet: null }),
		},
		{ what: "  memory of the page's process, peak", measured: inMegabytes(ran.peak), ratio: null, goal: '', isMet: null },
	];
}
