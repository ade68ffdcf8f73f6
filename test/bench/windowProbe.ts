/** How a window keeps up while its vault works: gaps between frames, long tasks of the page's own thread, and what else the machine did. */
import type { Page } from 'playwright-core';
import { othersSince, readClock } from './windowMachine.ts';

export interface Frames {
	readonly frames: number;
	/** Milliseconds between two frames, the longest first; at most ten. */
	readonly gaps: readonly number[];
	/** Milliseconds of the longest task of the page's thread; 0 where none took 50. */
	readonly longestTask: number;
	/** Milliseconds by what the job on the screen said it does; the names of tables left out. */
	readonly phases: Readonly<Record<string, number>>;
	/** Milliseconds from beginning to end. */
	readonly wall: number;
	/** Processor time of the browser, milliseconds over all its threads. */
	readonly cpu: number;
	/** Cores that other programs took meanwhile; null where that is not known. */
	readonly others: number | null;
}

interface Probe {
	frames: number;
	gaps: number[];
	longestTask: number;
	phases: Record<string, number>;
}

/** Runs in every page, from its first line on: a frame asks for the next one. */
function probeInPage(): void {
	const probe: Probe = { frames: 0, gaps: [], longestTask: 0, phases: {} };
	Object.assign(window, { benchProbe: probe });
	let last = performance.now();
	const onFrame = (): void => {
		const now = performance.now();
		probe.frames++;
		probe.gaps.push(now - last);
		if (probe.gaps.length > 400) probe.gaps = probe.gaps.toSorted((a, b) => b - a).slice(0, 10);
		const words = document.querySelector('main progress')?.getAttribute('aria-label') ?? '';
		const phase = words.slice(words.indexOf(': ') + 2).replace(/^Reading \w+$/, 'Reading');
		if (phase !== '') probe.phases[phase] = (probe.phases[phase] ?? 0) + now - last;
		last = now;
		requestAnimationFrame(onFrame);
	};
	requestAnimationFrame(onFrame);
	new PerformanceObserver((list) => {
		for (const { duration } of list.getEntries()) probe.longestTask = Math.max(probe.longestTask, duration);
	}).observe({ entryTypes: ['longtask'] });
}

/** Puts the probe into the page; a page that is loaded anew has it anew. */
export async function installProbe(page: Page): Promise<void> {
	await page.addInitScript(probeInPage);
	await page.evaluate(probeInPage);
}

const probeOf = (): Probe => (window as unknown as { benchProbe: Probe }).benchProbe;

/** What the frames were while `work` went on. The page must not be loaded anew meanwhile. */
export async function whileProbed<T>(page: Page, work: () => Promise<T>): Promise<Frames & { readonly value: T }> {
	await page.evaluate(`Object.assign((${probeOf})(), { frames: 0, gaps: [], longestTask: 0, phases: {} })`);
	const before = readClock();
	const value = await work();
	const wall = performance.now() - before.at;
	const cpu = readClock().browser - before.browser;
	const { frames, gaps, longestTask, phases } = (await page.evaluate(`(${probeOf})()`)) as Probe;
	return {
		value,
		wall,
		cpu,
		others: othersSince(before),
		frames,
		gaps: gaps.toSorted((a, b) => b - a).slice(0, 10),
		longestTask,
		phases,
	};
}
