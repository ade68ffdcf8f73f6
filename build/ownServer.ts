/** A server of the tests' own: in a folder that goes away with it, as an unprivileged user, and never longer alive than this process. */
import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export interface OwnServer {
	readonly url: string;
	/** As it names itself. */
	readonly version: string;
	stop(): Promise<void>;
}

export const START_MS = 120_000;
export const isRoot = (): boolean => process.platform === 'linux' && process.getuid?.() === 0;

export interface Started {
	readonly url: string;
	readonly child: ChildProcess;
	readonly signal: NodeJS.Signals;
	/** Null while it does not answer. */
	version(): Promise<string | null>;
	tidy(): void;
}

/**
 * @param account who the server runs as where we are root, who it must not be
 * @returns one clear sentence where it does not come to answer
 */
export async function startOwn(
	account: string,
	start: (home: string, options: SpawnOptions) => Promise<Started>,
): Promise<OwnServer | string> {
	const home = mkdtempSync(join(tmpdir(), `tieout-${account}-`));
	const options = accountOf(account);
	if (options.uid !== undefined) chownSync(home, options.uid, options.gid ?? options.uid);
	const remove = (): void => rmSync(home, { recursive: true, force: true, maxRetries: 5 });
	try {
		const { url, child, signal, version, tidy } = await start(home, options);
		const ended = once(child, 'exit');
		const end = (): void => {
			if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) process.kill(-child.pid, signal);
		};
		// However this process ends, the server ends with it.
		process.once('exit', end);
		const stop = async (): Promise<void> => {
			process.removeListener('exit', end);
			end();
			await ended;
			tidy();
			remove();
		};
		for (const deadline = Date.now() + START_MS; Date.now() < deadline && child.exitCode === null; await sleep(250)) {
			const found = await version();
			if (found !== null) return { url, version: found, stop };
		}
		await stop();
		return 'it is installed, but could not be started';
	} catch (error) {
		remove();
		return `it could not be started (${error instanceof Error ? error.message : String(error)})`;
	}
}

/** A group of its own, so that a shell and what it started end together. */
export function launch(program: string, args: readonly string[], home: string, options: SpawnOptions): ChildProcess {
	const log = openSync(join(home, 'output'), 'a');
	return spawn(program, args, { ...options, cwd: home, detached: true, stdio: ['ignore', log, log] });
}

function accountOf(account: string): SpawnOptions {
	if (!isRoot()) return {};
	const [, , uid, gid] =
		readFileSync('/etc/passwd', 'utf8')
			.split('\n')
			.find((line) => line.startsWith(`${account}:`))
			?.split(':') ?? [];
	return uid === undefined || gid === undefined ? {} : { uid: Number(uid), gid: Number(gid) };
}
