/** What a run of a pack writer measured. */
export interface BenchRun {
	readonly pages: number;
	readonly bytes: number;
	/** From the first call to the file's last byte. */
	readonly seconds: number;
	/** User and system time of the whole process, start-up included. */
	readonly cpuSeconds: number;
	readonly peakMegabytes: number;
}

export const BENCH_CHILD_PREFIX = 'bench-run ';
