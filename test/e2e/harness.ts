/**
 * The real window under test. A journey calls `launchElectron()` and gets Playwright's handles:
 *
 *     const { page, close } = await launchElectron();
 *     await page.getByRole('heading', { name: 'Orders' }).waitFor();
 *     await close();
 *
 * Every launch has a fresh profile unless one is given; give the same one twice to see what is kept.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';

const ROOT = new URL('../..', import.meta.url).pathname;

/** `app`: the built window · `walls`: the smallest page, with the same main process and preload script. */
type Build = 'app' | 'walls';

export interface LaunchOptions {
	/** Folder of the profile (`newProfile()`); without one it is fresh and goes away. */
	readonly profile?: string;
	readonly env?: Readonly<Record<string, string>>;
	readonly build?: Build;
	/** Further arguments, e.g. `--sample`. */
	readonly args?: readonly string[];
}

export interface Launched {
	/** Runs functions inside the main process: `app.evaluate(({ app }) => …)`. */
	readonly app: ElectronApplication;
	readonly page: Page;
	readonly profile: string;
	/** What the main process said on its standard error so far. */
	log(): string;
	/** Closes the window as a person does, waits for the end, and takes a fresh profile away. */
	close(): Promise<void>;
	/** Ends all its processes at once, as a power cut does. The profile stays. */
	kill(): Promise<void>;
}

const electronPath = (): string => {
	const path = process.env['TIEOUT_E2E_ELECTRON'];
	if (!path) throw new Error('run the journeys by build/e2e.ts');
	return path;
};

export const newProfile = (): string => mkdtempSync(join(tmpdir(), 'profile-'));

const folderOf = (build: Build, isE2E: boolean): string =>
	join(ROOT, 'out', build === 'app' ? (isE2E ? 'app-e2e' : 'app') : isE2E ? 'walls-e2e' : 'walls');

export async function launchElectron({ profile, env = {}, build = 'app', args = [] }: LaunchOptions = {}): Promise<Launched> {
	const folder = profile ?? newProfile();
	const app = await _electron.launch({
		executablePath: electronPath(),
		chromiumSandbox: true,
		args: ['--disable-gpu', `--user-data-dir=${folder}`, folderOf(build, true), ...args],
		env: { ...(process.env as Record<string, string>), ...env },
	});
	let said = '';
	app.process().stderr?.on('data', (chunk: Buffer) => {
		said += chunk.toString('utf8');
	});
	const page = await app.firstWindow();
	const removeProfile = (): void => {
		if (profile === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	};
	return {
		app,
		page,
		profile: folder,
		log: () => said,
		async close() {
			await app.close();
			removeProfile();
		},
		async kill() {
			const gone = new Promise((resolve) => app.process().once('close', resolve));
			for (const pid of processTree(app.process().pid ?? 0)) kill(pid);
			await gone;
		},
	};
}

export interface PlainRun {
	readonly child: ChildProcess;
	readonly profile: string;
	output(): string;
	/** Resolves with the exit status. */
	readonly ended: Promise<number | null>;
	end(): Promise<void>;
}

/** The program as it is shipped, without Playwright: no debugging port, every switch check on. */
export function startPlain({ build = 'walls', args = [], profile = newProfile() }: LaunchOptions = {}): PlainRun {
	const child = spawn(electronPath(), [folderOf(build, false), '--disable-gpu', `--user-data-dir=${profile}`, ...args], {
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	let said = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => {
			said += chunk.toString('utf8');
		});
	const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
	return {
		child,
		profile,
		output: () => said,
		ended,
		async end() {
			for (const pid of processTree(child.pid ?? 0)) kill(pid);
			await ended;
		},
	};
}

function kill(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// Gone already.
	}
}

const procText = (pid: number, file: string): string => {
	try {
		return readFileSync(`/proc/${pid}/${file}`, 'utf8');
	} catch {
		return '';
	}
};

/** The process and all below it. */
export function processTree(root: number): number[] {
	const parents = new Map<number, number>();
	for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
		const parent = /^PPid:\s+(\d+)$/m.exec(procText(Number(name), 'status'))?.[1];
		if (parent) parents.set(Number(name), Number(parent));
	}
	const tree = [root];
	for (let at = 0; at < tree.length; at++) for (const [pid, parent] of parents) if (parent === tree[at]) tree.push(pid);
	return tree;
}

/** The command line's `--type=`, e.g. "renderer"; "" for the main process. */
export const processType = (pid: number): string => /--type=([\w-]+)/.exec(procText(pid, 'cmdline'))?.[1] ?? '';

/** A field of /proc/<pid>/status, e.g. "Seccomp". */
export const statusField = (pid: number, field: string): string =>
	new RegExp(`^${field}:\\s+(.*)$`, 'm').exec(procText(pid, 'status'))?.[1]?.trim() ?? '';

/** Waits until `look` gives something; says what it waited for where that never comes. */
export async function until<T>(what: string, look: () => T | Promise<T>, timeoutMs = 30_000): Promise<NonNullable<T>> {
	const limit = Date.now() + timeoutMs;
	for (;;) {
		const found = await look();
		if (found) return found;
		if (Date.now() > limit) throw new Error(`waited in vain for: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
