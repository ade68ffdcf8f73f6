/** What every bench shares: interleaved rounds, CPU and wall time, and the table printed at the end. */
import { cpus } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export type Print = (line: string) => void;

/** One line of the table at the end. */
export interface Measure {
	readonly what: string;
	readonly measured: string;
	/** Ours divided by the peer's, or the other way round where `goal` says at least; null where there is no peer. */
	readonly ratio: number | null;
	/** As it is printed, such as "≤ 1.6 ×"; empty where the issue sets none. */
	readonly goal: string;
	/** Null where there is no goal. */
	readonly isMet: boolean | null;
}

/** Milliseconds: of the clock, and of the processor over all threads. */
export interface Times {
	readonly wall: number;
	readonly cpu: number;
}

/** Size of a bench by its variable, such as TIEOUT_BENCH_ORDERS=2000. */
export function sizeFrom(variable: string, standard: number): number {
	const given = Number(process.env[variable] ?? standard);
	if (!Number.isSafeInteger(given) || given < 1) throw new Error(`${variable} has to be a whole number above zero`);
	return given;
}

/** Garbage of one contender must not be swept on another's account. */
export function collectGarbage(): void {
	setFlagsFromString('--expose-gc');
	(runInNewContext('gc') as () => void)();
}

export async function timed<T>(work: () => T | Promise<T>): Promise<Times & { readonly value: T }> {
	const cpu = process.cpuUsage();
	const wall = performance.now();
	const value = await work();
	const took = performance.now() - wall;
	const { user, system } = process.cpuUsage(cpu);
	return { wall: took, cpu: (user + system) / 1000, value };
}

export interface Contender {
	/** Puts things in place; not counted. */
	readonly prepare?: () => unknown;
	readonly work: () => unknown;
}

/** Medians of the contenders' times, who take turns: what else the machine does meets them all alike. */
export async function race(contenders: readonly Contender[], rounds: number): Promise<readonly Times[]> {
	const times = contenders.map((): Times[] => []);
	for (let round = 0; round < rounds; round++) {
		for (const [i, { prepare, work }] of contenders.entries()) {
			await prepare?.();
			collectGarbage();
			const { wall, cpu } = await timed(work);
			times[i]?.push({ wall, cpu });
		}
	}
	return times.map(medianTimes);
}

export const medianTimes = (times: readonly Times[]): Times => ({
	wall: median(times.map(({ wall }) => wall)),
	cpu: median(times.map(({ cpu }) => cpu)),
});

export function median(values: readonly number[]): number {
	const sorted = values.toSorted((a, b) => a - b);
	return sorted[sorted.length >> 1] ?? Number.NaN;
}

export const inMs = (ms: number): string => `${ms < 10 ? ms.toFixed(1) : Math.round(ms).toLocaleString('en')} ms`;
export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
export const inMegabytes = (bytes: number): string => `${Math.round(bytes / 1e6).toLocaleString('en')} MB`;
export const inTimes = (ratio: number): string => `${ratio.toFixed(2)} ×`;
export const inCount = (count: number): string => Math.round(count).toLocaleString('en');

/** Rows as aligned columns, the first to the left and the others to the right. */
export function printTable(print: Print, rows: readonly (readonly string[])[]): void {
	const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
	for (const row of rows)
		print(
			`  ${row
				.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
				.join('  ')
				.trimEnd()}`,
		);
}

/** What the numbers were measured on. */
export function machineFacts(): string {
	const [first] = cpus();
	return `${cpus().length} cores (${first?.model.trim() || 'unknown'}), ${process.platform} ${process.arch}, Node ${process.version}`;
}
