/** Processor time, memory and disk of the browser that a bench has started, and how busy other programs kept the machine. From /proc (proc(5)). */
import { globSync, readFileSync, statSync } from 'node:fs';
import type { Measure } from './measure.ts';

interface Process {
	readonly pid: number;
	readonly parent: number;
	readonly words: string;
	/** Milliseconds. */
	readonly cpu: number;
}

/** What the kernel counts processor time in: USER_HZ, a hundredth of a second on every Linux that browsers run on. */
const TICK_MS = 10;

const textOf = (path: string): string => {
	try {
		return readFileSync(path, 'utf8');
	} catch {
		// The process has ended meanwhile, or this is no Linux.
		return '';
	}
};

function processOf(pid: number): Process | null {
	const stat = textOf(`/proc/${pid}/stat`);
	if (stat === '') return null;
	// Behind the name, which may hold anything, in brackets: state, parent, …, and the user and system time as 12th and 13th.
	const fields = stat
		.slice(stat.lastIndexOf(')') + 2)
		.split(' ')
		.map(Number);
	const cpu = ((fields[11] ?? 0) + (fields[12] ?? 0)) * TICK_MS;
	return { pid, parent: fields[1] ?? 0, words: textOf(`/proc/${pid}/cmdline`), cpu };
}

/** Everything that this process has started, and what that has started. */
function startedHere(): readonly Process[] {
	const all = globSync('/proc/[0-9]*').flatMap((path) => processOf(Number(path.slice('/proc/'.length))) ?? []);
	const own = new Set([process.pid]);
	for (let before = 0; before < own.size; ) {
		before = own.size;
		for (const { pid, parent } of all) if (own.has(parent)) own.add(pid);
	}
	return all.filter(({ pid }) => own.has(pid) && pid !== process.pid);
}

/** Times so far, milliseconds. */
export interface Clock {
	readonly at: number;
	/** Of the processes started here. */
	readonly browser: number;
	readonly self: number;
	/** Of all programs on all cores; 0 where that is not known. */
	readonly machine: number;
}

export function readClock(): Clock {
	const [, user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = (/^cpu .*/.exec(textOf('/proc/stat'))?.[0] ?? '')
		.split(/\s+/)
		.map(Number);
	const own = process.cpuUsage();
	return {
		at: performance.now(),
		browser: startedHere().reduce((sum, { cpu }) => sum + cpu, 0),
		self: (own.user + own.system) / 1000,
		machine: (user + nice + system + irq + softirq) * TICK_MS,
	};
}

/** Cores that programs of others took since then, on average; null where that is not known. */
export function othersSince(before: Clock): number | null {
	const now = readClock();
	if (now.machine === 0) return null;
	const own = now.browser - before.browser + now.self - before.self;
	return Math.max(0, (now.machine - before.machine - own) / (now.at - before.at));
}

/** From this on a machine is shared, and what a clock on the wall says is no property of the program. */
const SHARED_CORES = 0.25;

/** A goal in time of the clock, judged only where the machine was this program's own meanwhile. */
export const clockGoal = (others: number | null, goal: string, isMet: boolean): Pick<Measure, 'goal' | 'isMet'> =>
	others === null || others <= SHARED_CORES ? { goal, isMet } : { goal: `${goal}, but ${others.toFixed(1)} cores taken`, isMet: null };

export interface RendererMemory {
	readonly now: number;
	readonly peak: number;
}

/** Of the page's process, its workers included: the largest renderer that was started here. Zero where there is no /proc. */
export function rendererMemory(): RendererMemory {
	const sizes = startedHere()
		.filter(({ words }) => words.includes('--type=renderer'))
		.map(({ pid }) => {
			const status = textOf(`/proc/${pid}/status`);
			const bytesOf = (field: string): number => Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024;
			return { now: bytesOf('VmRSS'), peak: bytesOf('VmHWM') };
		});
	return sizes.toSorted((a, b) => b.peak - a.peak)[0] ?? { now: 0, peak: 0 };
}

/** Bytes of the files in which a profile keeps its IndexedDB. */
export const storeBytes = (profile: string): number =>
	globSync(`${profile}/*/IndexedDB/**/*`).reduce((sum, path) => {
		const stat = statSync(path, { throwIfNoEntry: false });
		return stat?.isFile() ? sum + stat.size : sum;
	}, 0);
