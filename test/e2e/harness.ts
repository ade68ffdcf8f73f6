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
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, chromium, type ElectronApplication, type Page } from 'playwright-core';
import { STEP_MS } from '../browser/keys.ts';
import { endTree } from './processes.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const HOLD_READY = join(ROOT, 'test', 'e2e', 'holdReady.cjs');
/** A window that was asked to close has this long; then its processes are ended. */
const CLOSE_MS = 10_000;

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

export interface PlainOptions extends LaunchOptions {
	/** A script that is required before the program. */
	readonly before?: string;
}

export interface Launched {
	/** Runs functions inside the main process: `app.evaluate(({ app }) => …)`. */
	readonly app: ElectronApplication;
	/** The page that stands now: another one after a lock. */
	readonly page: Page;
	readonly profile: string;
	/** What the next dialog of the main process answers. */
	answerDialog(dialog: 'open' | 'save', path: string): Promise<void>;
	/** Does what locks the window, and waits until the locked one stands, in a new process. */
	locked(act: () => Promise<void>): Promise<void>;
	/** Warnings, errors and violations of the policy that its pages put on the console so far. */
	readonly complaints: readonly string[];
	/** What the main process said on its standard error so far. */
	log(): string;
	/** Closes the window and takes a fresh profile away. One that does not close in time is killed, and that is said. */
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
		args: ['-r', HOLD_READY, '--disable-gpu', `--user-data-dir=${folder}`, folderOf(build, true), ...args],
		env: { ...(process.env as Record<string, string>), ...env },
	});
	let said = '';
	app.process().stderr?.on('data', (chunk: Buffer) => {
		said += chunk.toString('utf8');
	});
	const complaints: string[] = [];
	let page = await app.firstWindow();
	attend(page, complaints);
	// Nobody touches the virtual display, so that its idle clock would lock long journeys.
	await app.evaluate(({ powerMonitor }) => {
		powerMonitor.getSystemIdleState = () => 'active';
	});
	const kill = (): Promise<void> => endTree(app.process());
	return {
		app,
		get page() {
			return page;
		},
		profile: folder,
		complaints,
		log: () => said,
		async answerDialog(dialog, path) {
			await page.evaluate(`tieout.invoke('e2e.setDialogAnswer', ${JSON.stringify({ dialog, path })})`);
		},
		async locked(act) {
			const ended = page.waitForEvent('crash', { timeout: STEP_MS });
			// The key that locks may end the page before it is answered.
			await Promise.all([ended, act().catch(() => undefined)]);
			page = await pageAnew(app, folder);
			attend(page, complaints);
		},
		async close() {
			const { promise: late, clear } = timer(CLOSE_MS);
			const isLate = await Promise.race([app.close().then(() => false), late]);
			clear();
			if (isLate) {
				process.stderr.write(`a window did not close within ${CLOSE_MS / 1000} s and was killed\n`);
				await kill();
			}
			if (profile === undefined) rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
		},
		kill,
	};
}

/** Gives each step its time, and hears what the page complains of. */
function attend(page: Page, complaints: string[]): void {
	page.setDefaultTimeout(STEP_MS);
	page.on('console', (message) => {
		if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
	});
	page.on('pageerror', ({ message }) => complaints.push(`thrown: ${message}`));
}

/**
 * The page after its process ended and began anew. To Playwright's own connection a page that crashed once stays crashed, so the new
 * one is reached by a second connection to the same window.
 */
async function pageAnew(app: ElectronApplication, profile: string): Promise<Page> {
	await until('the page that begins anew', () =>
		app
			.evaluate(
				({ BrowserWindow }) =>
					BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("document.documentElement.dataset.ready === 'locked'") as
						| Promise<boolean>
						| undefined,
			)
			.catch(() => false),
	);
	const [port, path] = readFileSync(join(profile, 'DevToolsActivePort'), 'utf8').split('\n');
	// Electron knows no browser contexts, so nothing of theirs may be set.
	const browser = await chromium.connectOverCDP(`ws://127.0.0.1:${port}${path}`, { noDefaults: true });
	const [found] = browser.contexts().flatMap((context) => context.pages());
	if (!found) throw new Error('the window has no page after the lock');
	return found;
}

function timer(ms: number): { readonly promise: Promise<true>; clear(): void } {
	let handle: NodeJS.Timeout | undefined;
	const promise = new Promise<true>((resolve) => {
		handle = setTimeout(() => resolve(true), ms);
	});
	return { promise, clear: () => clearTimeout(handle) };
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
export function startPlain({ build = 'walls', args = [], profile = newProfile(), before }: PlainOptions = {}): PlainRun {
	const required = before === undefined ? [] : ['-r', before];
	const child = spawn(electronPath(), [...required, folderOf(build, false), '--disable-gpu', `--user-data-dir=${profile}`, ...args], {
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
		end: () => endTree(child),
	};
}

/** Waits until `look` gives something; says what it waited for where that never comes. */
export async function until<T>(what: string, look: () => T | Promise<T>, timeoutMs = STEP_MS): Promise<NonNullable<T>> {
	const limit = Date.now() + timeoutMs;
	for (;;) {
		const found = await look();
		if (found) return found;
		if (Date.now() > limit) throw new Error(`waited in vain for: ${what}`);
		await new Promise((resolve) => setTimeout(resolve, 50));
	}
}
