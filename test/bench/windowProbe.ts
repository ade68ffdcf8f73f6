/** How a window keeps up while its vault works: gaps between frames, long tasks of the page's own thread, memory, bytes on the disk. */
import { globSync, readFileSync, statSync } from 'node:fs';
import type { Page } from 'playwright-core';

export interface Frames {
	readonly frames: number;
	/** Milliseconds between two frames, the longest first; at most ten. */
	readonly gaps: readonly number[];
	/** Milliseconds of the longest task of the page's thread; 0 where none took 50. */
	readonly longestTask: number;
	/** Milliseconds by what the job on the screen said it does; the names of tables left out. */
	readonly phases: Readonly<Record<string, number>>;
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
export async function whileProbed<T>(page: Page, work: () => Promise<T>): Promise<Frames & { readonly value: T; readonly wall: number }> {
	await page.evaluate(`Object.assign((${probeOf})(), { frames: 0, gaps: [], longestTask: 0, phases: {} })`);
	const since = performance.now();
	const value = await work();
	const wall = performance.now() - since;
	const { frames, gaps, longestTask, phases } = (await page.evaluate(`(${probeOf})()`)) as Probe;
	return { value, wall, frames, gaps: gaps.toSorted((a, b) => b - a).slice(0, 10), longestTask, phases };
}

interface Process {
	readonly pid: number;
	readonly parent: number;
	readonly words: string;
	/** Milliseconds. */
	readonly cpu: number;
}

/** What the kernel counts processor time in: USER_HZ, a hundredth of a second on every Linux that browsers run on. */
const TICK_MS = 10;

const processOf = (pid: number): Process | null => {
	try {
		// Behind the name, which may hold anything, in brackets: state, parent, … and from the twelfth field on the times (proc(5)).
		const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
		const fields = stat
			.slice(stat.lastIndexOf(')') + 2)
			.split(' ')
			.map(Number);
		const ticks = fields.slice(11, 13).reduce((sum, ticksOf) => sum + ticksOf, 0);
		return { pid, parent: fields[1] ?? 0, words: readFileSync(`/proc/${pid}/cmdline`, 'utf8'), cpu: ticks * TICK_MS };
	} catch {
		return null;
	}
};

const statusOf = (pid: number, field: 'VmRSS' | 'VmHWM'): number => {
	try {
		return Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
	} catch {
		return 0;
	}
};

/** Processes of the browser that has this profile, with everything they started. */
function browserOf(profile: string): readonly Process[] {
	const all = globSync('/proc/[0-9]*').flatMap((path) => processOf(Number(path.slice('/proc/'.length))) ?? []);
	const own = new Set(all.filter(({ words }) => words.includes(`--user-data-dir=${profile}`)).map(({ pid }) => pid));
	for (let before = 0; before < own.size; ) {
		before = own.size;
		for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
	}
	return all.filter(({ pid }) => own.has(pid));
}

/** Milliseconds of processor time that the browser's processes have taken so far, in all: what else the machine does is not in it. */
export const browserCpu = (profile: string): number => browserOf(profile).reduce((sum, { cpu }) => sum + cpu, 0);

export interface RendererMemory {
	readonly now: number;
	readonly peak: number;
}

/** Of the page's process, its worker included: the largest renderer of the browser that has this profile. Zero where there is no /proc. */
export function rendererMemory(profile: string): RendererMemory {
	const renderers = browserOf(profile).filter(({ words }) => words.includes('--type=renderer'));
	const peaks = renderers.map(({ pid }) => ({ now: statusOf(pid, 'VmRSS'), peak: statusOf(pid, 'VmHWM') }));
	return peaks.toSorted((a, b) => b.peak - a.peak)[0] ?? { now: 0, peak: 0 };
}

/** Bytes of the files in which a profile keeps its IndexedDB. */
export const storeBytes = (profile: string): number =>
	globSync(`${profile}/*/IndexedDB/**/*`).reduce((sum, path) => {
		const stat = statSync(path, { throwIfNoEntry: false });
		return stat?.isFile() ? sum + stat.size : sum;
	}, 0);
