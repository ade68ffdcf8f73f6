/**
 * What the desktop is told: that a job has ended, while the window is not looked at. One fixed sentence, because a desktop keeps what it shows and
 * shows it on locked screens: nothing of a client may stand in it.
 */
import { Notification } from 'electron';
import { ok } from '#kernel';
import type { Handlers, MainContext } from './context.ts';

/** A notice on the desktop. */
interface Notice {
	show(): void;
	close(): void;
	on(event: 'click', listener: () => void): unknown;
}

const JOB_ENDED = { title: 'Tieout', body: 'A job has ended.' } as const;

/** Null where the desktop takes none. */
const desktopNotice = (): Notice | null => (Notification.isSupported() ? new Notification(JOB_ENDED) : null);

export function noticeHandlers(
	context: Pick<MainContext, 'window'>,
	make: () => Notice | null = desktopNotice,
): Handlers<'window.jobEnded'> {
	// Held, or its click would be lost with it; and one at a time says all that several would.
	let shown: Notice | null = null;
	return {
		'window.jobEnded': () => {
			const window = context.window();
			if (!window || window.isFocused()) return ok({});
			shown?.close();
			shown = make();
			shown?.on('click', () => {
				if (window.isDestroyed()) return;
				if (window.isMinimized()) window.restore();
				window.focus();
			});
			shown?.show();
			return ok({});
		},
	};
}
