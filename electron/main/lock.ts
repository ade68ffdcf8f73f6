/** Locking: the page's process is ended and begun anew, so that no key and no line of evidence stays in its memory. */
import type { BrowserWindow } from 'electron';
import { note } from './log.ts';
import { ENTRY_URL } from './policy.ts';

const GRACE_MS = 5000;
/** A page that ends by itself is begun anew, but not for ever. */
const MAX_CRASHES = 3;
const CRASH_WINDOW_MS = 60_000;

export interface Locker {
	/** Ends the page's process now. Resolves when the new page has begun to load. */
	now(): Promise<void>;
	/** Ends it after a while, unless the page has asked for it before. */
	soon(): void;
}

/** @param forget called when the page's process is gone: tokens, blobs and the clipboard go with it */
export function makeLocker(window: BrowserWindow, forget: () => void): Locker {
	const { webContents } = window;
	let timer: NodeJS.Timeout | null = null;
	let locking: Promise<void> | null = null;
	let crashes: number[] = [];
	const disarm = (): void => {
		if (timer) clearTimeout(timer);
		timer = null;
	};
	const reload = async (): Promise<void> => {
		forget();
		if (!window.isDestroyed())
			await webContents.loadURL(ENTRY_URL).catch((error: unknown) => note('the page did not load:', String(error)));
	};
	webContents.on('render-process-gone', (_event, { reason }) => {
		if (locking !== null) return;
		// The page that the deadline was for is gone; the next one is not to be ended for it.
		disarm();
		crashes = [...crashes.filter((at) => at > Date.now() - CRASH_WINDOW_MS), Date.now()];
		note('the page ended by itself:', reason);
		if (crashes.length <= MAX_CRASHES) void reload();
	});
	const now = (): Promise<void> => {
		disarm();
		locking ??= endAndBegin().finally(() => {
			locking = null;
		});
		return locking;
	};
	const endAndBegin = async (): Promise<void> => {
		const gone = new Promise<void>((resolve) => webContents.once('render-process-gone', () => resolve()));
		webContents.forcefullyCrashRenderer();
		await gone;
		await reload();
	};
	return {
		now,
		soon() {
			timer ??= setTimeout(() => void now(), GRACE_MS);
		},
	};
}
