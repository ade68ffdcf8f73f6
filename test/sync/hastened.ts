/** Time for the impatient: pauses of this process end sooner, so that a test does not sit through what a person would. */

/** Longer timers are no pauses but limits of an answer: made shorter, they would cut a slow machine off. */
const LONGEST_PAUSE_MS = 30_000;

/** @param factor by how much sooner */
export async function hastened<T>(factor: number, work: () => Promise<T>): Promise<T> {
	const { setTimeout: slow } = globalThis;
	globalThis.setTimeout = Object.assign(
		(run: (...given: unknown[]) => void, ms = 0, ...given: unknown[]) => slow(run, ms > LONGEST_PAUSE_MS ? ms : ms / factor, ...given),
		slow,
	) as typeof slow;
	try {
		return await work();
	} finally {
		globalThis.setTimeout = slow;
	}
}
