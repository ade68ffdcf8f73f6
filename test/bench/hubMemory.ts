/** Resident memory of a process while something goes on: the most it had in each quarter of the way. */
import { readFileSync } from 'node:fs';
import { inMegabytes } from './measure.ts';

const EVERY_MS = 250;

export interface MemoryWatch {
	/** @returns bytes: the most in each quarter of the time, zeros where there is no /proc */
	end(): readonly number[];
}

/** Of a process by its number; zero once it is gone, or where there is no /proc. */
export function residentBytes(pid: number): number {
	try {
		return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
	} catch {
		return 0;
	}
}

export function watchMemory(read: () => number): MemoryWatch {
	const samples = [read()];
	const timer = setInterval(() => samples.push(read()), EVERY_MS);
	return {
		end() {
			clearInterval(timer);
			samples.push(read());
			return [0, 1, 2, 3].map((quarter) =>
				Math.max(...samples.slice(Math.floor((samples.length * quarter) / 4), Math.ceil((samples.length * (quarter + 1)) / 4))),
			);
		},
	};
}

export const inQuarters = (quarters: readonly number[]): string =>
	quarters.map((bytes, at) => `${inMegabytes(bytes)} at ${(at + 1) * 25} %`).join(', ');
