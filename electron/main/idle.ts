/** When to lock: nobody at the machine for some minutes, the machine going to sleep, its own screen locked. */
import { powerMonitor } from 'electron';
import type { EventOf } from '#ipc';

const POLL_MS = 5000;
const DEFAULT_MINUTES = 10;

export interface IdleWatch {
	setMinutes(minutes: number): void;
	stop(): void;
}

export function watchIdle(lock: (reason: EventOf<'lock'>['reason']) => void): IdleWatch {
	let seconds = DEFAULT_MINUTES * 60;
	let wasAway = false;
	// The desktop's "locked" event exists on macOS and Windows only; asking works everywhere.
	const look = (): void => {
		const state = powerMonitor.getSystemIdleState(seconds);
		const isAway = state === 'idle' || state === 'locked';
		if (isAway && !wasAway) lock(state === 'locked' ? 'screen_locked' : 'idle');
		wasAway = isAway;
	};
	const timer = setInterval(look, POLL_MS);
	const onSuspend = (): void => lock('suspend');
	const onScreen = (): void => lock('screen_locked');
	powerMonitor.on('suspend', onSuspend);
	powerMonitor.on('lock-screen', onScreen);
	return {
		setMinutes(minutes) {
			seconds = minutes * 60;
			wasAway = false;
		},
		stop() {
			clearInterval(timer);
			powerMonitor.removeListener('suspend', onSuspend);
			powerMonitor.removeListener('lock-screen', onScreen);
		},
	};
}
