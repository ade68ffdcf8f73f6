/**
 * An engagement is open in one window at a time: two that append to one log would each lose what the other wrote. The browser keeps the
 * lock and lets go of it when the page ends, however it ends.
 */
import type { Answer } from './contract.ts';
import { refuse } from './vaultError.ts';

export interface EngagementLocks {
	/** @returns what lets go of it; null where another window has it */
	take(engagementId: string): Promise<(() => void) | null>;
}

/** A page that was just ended may hold its lock for a moment still. */
const WAIT_MS = 1_000;

export function webLocks(manager: LockManager, waitMs = WAIT_MS): EngagementLocks {
	return {
		take: (engagementId) =>
			new Promise((resolve, reject) => {
				const stop = new AbortController();
				const timer = setTimeout(() => stop.abort(), waitMs);
				manager
					.request(`tieout-engagement-${engagementId}`, { signal: stop.signal }, () => {
						clearTimeout(timer);
						return new Promise<void>((release) => resolve(release));
					})
					.catch((error: unknown) => {
						if (stop.signal.aborted) resolve(null);
						else reject(error instanceof Error ? error : new Error(String(error)));
					});
			}),
	};
}

export const openElsewhere = (): Answer<never> =>
	refuse('open_elsewhere', 'This engagement is open in another window. Lock it there, or close that window, and unlock it here again.');
