/** How fast a job goes and how long it still takes: told only when it can be told. */

/** Where the measurement of a job began. */
export interface PaceStart {
	/** Milliseconds. */
	readonly at: number;
	readonly done: number;
}

export interface Pace {
	/** Units a second. */
	readonly rate: number;
	/** Milliseconds; null where the total is not known. */
	readonly left: number | null;
}

const MEASURED_MS = 800;

/** @returns null until it has gone on long enough to say anything */
export function paceOf(start: PaceStart, now: number, done: number, total: number): Pace | null {
	const elapsed = now - start.at;
	const progress = done - start.done;
	if (elapsed < MEASURED_MS || progress <= 0) return null;
	const rate = (progress * 1000) / elapsed;
	return { rate, left: total > done ? Math.round(((total - done) * 1000) / rate) : total > 0 ? 0 : null };
}
