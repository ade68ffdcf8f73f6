/** Channels of the window itself: what it runs on, what it shows, the clipboard, locking. */
import { app } from 'electron';
import type { AnswerOf } from '#ipc';
import { ok } from '#kernel';
import { announce } from './announce.ts';
import { readClipboard, writeClipboard } from './compat.ts';
import type { Handlers } from './context.ts';
import { IS_E2E } from './flags.ts';
import type { IdleWatch } from './idle.ts';
import type { Locker } from './lock.ts';
import { runtimeKindOf } from './policy.ts';

export interface WindowState {
	/** What the program put on the clipboard last. */
	copied: string | null;
}

interface Parts {
	readonly state: WindowState;
	readonly locker: Locker;
	readonly idle: IdleWatch;
	/** See `app.info`. */
	readonly damagedStore: string | null;
}

/** Options of the program's own, given by `npm start`. */
const hasOption = (name: string): boolean => process.argv.includes(`--${name}`);

/** Whether this runtime may hold a client's data, and reach a client's hub. */
export const mayOpenReal = (): boolean => runtimeKindOf(process.versions.electron) === 'supported' || IS_E2E;

function appInfo(damagedStore: string | null): AnswerOf<'app.info'> {
	const { electron = '', chrome = '', node } = process.versions;
	const runtimeKind = runtimeKindOf(electron);
	return {
		version: app.getVersion(),
		versions: { electron, chrome, node },
		runtimeKind,
		mayOpenReal: mayOpenReal(),
		openSample: hasOption('sample'),
		isE2E: IS_E2E,
		locale: app.getLocale() || 'en-US',
		timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
		platform: process.platform,
		damagedStore,
	};
}

export function windowHandlers({
	state,
	locker,
	idle,
	damagedStore,
}: Parts): Handlers<'app.info' | 'app.shown' | 'clipboard.writeText' | 'window.lockNow' | 'window.lockSoon' | 'settings.idleMinutes'> {
	return {
		'app.info': () => ok(appInfo(damagedStore)),
		'app.shown': (shown) => {
			announce({ shown });
			// Asked for by whoever only wants to know that the window opens.
			if (hasOption('exit-after-ready') && (shown.orders !== null || !hasOption('sample'))) setImmediate(() => app.quit());
			return ok({});
		},
		'clipboard.writeText': async ({ text }) => {
			await writeClipboard(text);
			state.copied = text;
			return ok({});
		},
		'window.lockNow': () => {
			setImmediate(() => void locker.now());
			return ok({});
		},
		'window.lockSoon': () => {
			locker.soon();
			return ok({});
		},
		'settings.idleMinutes': ({ minutes }) => {
			idle.setMinutes(minutes);
			return ok({});
		},
	};
}

/** Clears the clipboard, where it still holds what the program put there. */
export async function forgetCopied(state: WindowState): Promise<void> {
	const { copied } = state;
	state.copied = null;
	if (copied !== null && (await readClipboard()) === copied) await writeClipboard('');
}
