/** Pages a second of the pack renderer against pdfkit on the same rows, each in a process of its own. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Measure, type Print, sizeFrom } from './measure.ts';
import { BENCH_CHILD_PREFIX, type BenchRun } from './packRun.ts';

const PAGES = sizeFrom('TIEOUT_BENCH_PAGES', 10_000);
/** pdfkit needs minutes and gigabytes for 10,000 pages; it is timed on fewer, which flatters it: it slows down with length. */
const PDFKIT_PAGES = Math.min(1_000, PAGES);

const GOAL_RATIO = 8;
const GOAL_MEGABYTES = 600;

const CHILD = fileURLToPath(new URL('./packChild.ts', import.meta.url));

async function run(writer: 'tieout' | 'pdfkit', pages: number): Promise<BenchRun> {
	const { stdout } = await promisify(execFile)(process.execPath, [CHILD, writer, String(pages)], { maxBuffer: 1 << 20 });
	const line = stdout.split('\n').find((text) => text.startsWith(BENCH_CHILD_PREFIX));
	if (line === undefined) throw new Error(`The ${writer} run printed no result`);
	return JSON.parse(line.slice(BENCH_CHILD_PREFIX.length)) as BenchRun;
}

const figures = (name: string, { pages, bytes, seconds, cpuSeconds, peakMegabytes }: BenchRun): string =>
	`  ${name.padEnd(8)} ${String(pages).padStart(6)} pages  ${(pages / seconds).toFixed(0).padStart(5)} pages/s  ${seconds.toFixed(1).padStart(6)} s wall  ` +
	`${cpuSeconds.toFixed(1).padStart(6)} s CPU  ${peakMegabytes.toFixed(0).padStart(5)} MB peak  ${(bytes / 1e6).toFixed(1).padStart(6)} MB file`;

/** Prints both runs and their ratio. Takes about half a minute. */
export async function benchPack(print: Print): Promise<readonly Measure[]> {
	print(`Audit pack: bulk table pages, tagged by row, against pdfkit text() (${PDFKIT_PAGES} pages, scaled to pages/s)`);
	const peer = await run('pdfkit', PDFKIT_PAGES);
	print(figures('pdfkit', peer));
	const own = await run('tieout', PAGES);
	print(figures('tieout', own));
	const wallRatio = own.pages / own.seconds / (peer.pages / peer.seconds);
	// Judged by processor time: both writers use one thread, and other programs on the machine must not decide.
	const ratio = own.pages / own.cpuSeconds / (peer.pages / peer.cpuSeconds);
	print(
		`  ratio ${ratio.toFixed(1)}× pages/s of CPU, ${wallRatio.toFixed(1)}× by the wall clock (goal ${GOAL_RATIO}×, below ${GOAL_MEGABYTES} MB)`,
	);
	return [
		{
			what: `pack of ${PAGES.toLocaleString('en')} pages, pages a second of CPU against pdfkit`,
			measured: `${(own.pages / own.cpuSeconds).toFixed(0)} : ${(peer.pages / peer.cpuSeconds).toFixed(0)}`,
			ratio,
			goal: `≥ ${GOAL_RATIO} ×`,
			isMet: ratio >= GOAL_RATIO,
		},
		{
			what: '  its peak of memory',
			measured: `${own.peakMegabytes.toFixed(0)} MB`,
			ratio: null,
			goal: `< ${GOAL_MEGABYTES} MB`,
			isMet: own.peakMegabytes < GOAL_MEGABYTES,
		},
	];
}
