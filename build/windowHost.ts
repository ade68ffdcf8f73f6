/** What a window needs around it: a display, a user that is not root (the sandbox stays on), a home of its own, no core dumps. */
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { hasProgram } from './outsideTools.ts';

/** nobody */
const PLAIN_UID = 65_534;
const AS_PLAIN = [`--reuid=${PLAIN_UID}`, `--regid=${PLAIN_UID}`, '--clear-groups', '--'];
const SCREEN = '-screen 0 1600x1000x24 -nolisten tcp';

export interface WindowHost {
	/** What stands before the command. */
	readonly prefix: readonly string[];
	readonly env: NodeJS.ProcessEnv;
	/** One line a thing that is worth saying. */
	readonly notes: readonly string[];
	/** True where nobody sees the window. */
	readonly isVirtual: boolean;
	readonly isPlainUser: boolean;
	remove(): void;
}

const isRoot = (): boolean => process.platform === 'linux' && process.getuid?.() === 0;

/** @returns the host, or one clear sentence why no window can be opened here */
export function windowHost(env: NodeJS.ProcessEnv): WindowHost | string {
	const isVirtual = process.platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY'];
	if (isVirtual && !(hasProgram('xvfb-run') && hasProgram('xauth')))
		return 'No display here, and no xvfb-run to make one (Debian: apt-get install xvfb xauth). Start it in a desktop session.';
	if (isRoot() && !hasProgram('setpriv'))
		return 'Started as root, where the sandbox cannot work, and there is no setpriv to become another user.';
	const home = isRoot() ? plainHome() : null;
	const inherited = home
		? Object.fromEntries(Object.entries(env).filter(([name]) => !/^(XDG_|DBUS_|XAUTHORITY|SUDO_|MAIL$|LS_)/.test(name)))
		: env;
	return {
		prefix: [
			...(process.platform === 'win32' ? [] : ['sh', '-c', 'ulimit -c 0; exec "$@"', 'sh']),
			...(home ? ['setpriv', ...AS_PLAIN] : []),
			...(isVirtual ? ['xvfb-run', '-a', '-s', SCREEN] : []),
		],
		env: home
			? {
					...inherited,
					HOME: home,
					USER: 'nobody',
					LOGNAME: 'nobody',
					TMPDIR: join(home, 'tmp'),
					XDG_CONFIG_HOME: join(home, 'config'),
					XDG_RUNTIME_DIR: join(home, 'run'),
				}
			: env,
		notes: [
			...(home ? ['Started as root: the window runs as an unprivileged user with a profile of its own, which goes away with it.'] : []),
			...(isVirtual ? ['No display here: the window opens on a virtual one.'] : []),
		],
		isVirtual,
		isPlainUser: home !== null,
		remove: () => {
			if (home) rmSync(home, { recursive: true, force: true, maxRetries: 5 });
		},
	};
}

function plainHome(): string {
	const home = mkdtempSync(join(tmpdir(), 'tieout-home-'));
	for (const folder of [home, ...['tmp', 'config', 'run'].map((name) => join(home, name))]) {
		mkdirSync(folder, { recursive: true, mode: 0o700 });
		chownSync(folder, PLAIN_UID, PLAIN_UID);
	}
	return home;
}

/** Whether the window's user can read something: every folder above it must let him through. */
const isReadableFor = (host: WindowHost, path: string): boolean =>
	!host.isPlainUser || spawnSync('setpriv', [...AS_PLAIN, 'test', '-r', path], { stdio: 'ignore' }).status === 0;

/**
 * The folder itself where the window's user can read it; else the same files in his home, linked where that makes them readable and
 * copied where not.
 * @param probe a file in the folder that must be readable
 * @param parts names in the folder that are needed; all by default
 */
export function readableFolder(host: WindowHost, folder: string, probe: string, parts: readonly string[] = ['.']): string {
	if (isReadableFor(host, join(folder, probe))) return folder;
	const copy = join(host.env['HOME'] ?? tmpdir(), `copy${folder.replace(/\W+/g, '-')}`);
	if (existsSync(copy)) return copy;
	for (const how of ['-al', '-a']) {
		rmSync(copy, { recursive: true, force: true });
		for (const part of parts.filter((name) => existsSync(join(folder, name)))) {
			mkdirSync(dirname(join(copy, part)), { recursive: true });
			spawnSync('cp', [how, join(folder, part), join(copy, part)], { stdio: 'ignore' });
		}
		if (isReadableFor(host, join(copy, probe))) return copy;
	}
	// Copies may be opened up; links may not, since they are the files themselves.
	spawnSync('chmod', ['-R', 'a+rX', copy], { stdio: 'ignore' });
	return copy;
}
