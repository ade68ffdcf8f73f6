/** After how many minutes without a key or mouse the window locks: this person's choice on this machine. */

const KEY = 'tieout-idle-minutes';
const DEFAULT_MINUTES = 10;

export const IDLE_MINUTES = [1, 5, 10, 15, 30] as const;

export function idleMinutes(): number {
	const chosen = Number(localStorage.getItem(KEY));
	return (IDLE_MINUTES as readonly number[]).includes(chosen) ? chosen : DEFAULT_MINUTES;
}

export const keepIdleMinutes = (minutes: number): void => localStorage.setItem(KEY, String(minutes));
