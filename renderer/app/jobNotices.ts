/** Tells the main process when a long job has ended: it tells the desktop where the window is not looked at. No word of the job leaves the page. */
import { useChanges } from '../state/changes.ts';
import type { JobState } from '../vault/contract.ts';

/** Whoever waits less than this is still there. */
const LONG_MS = 10_000;

/** Whether a long job has ended between two states of the list. One that its person stopped needs no telling. */
export function hasLongEnded(before: readonly JobState[], now: readonly JobState[]): boolean {
	const running = new Set(before.filter(({ outcome }) => outcome === 'running').map(({ jobId }) => jobId));
	return now.some(
		({ jobId, outcome, startedAt, endedAt }) =>
			running.has(jobId) && (outcome === 'done' || outcome === 'failed') && endedAt !== null && endedAt - startedAt >= LONG_MS,
	);
}

/** @returns ends the watching */
export const watchJobs = (): (() => void) =>
	useChanges.subscribe(({ jobs: now }, { jobs: before }) => {
		if (now !== before && hasLongEnded(before, now)) void window.tieout.invoke('window.jobEnded', {});
	});
