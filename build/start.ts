/**
 * `npm start`: builds the window where that is needed, finds an Electron, and opens it. Where only a test runtime can be had, the window
 * says so and opens the sample engagement. `--exit-after-ready` closes the window once it shows something, and prints what.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buildApp } from './buildApp.ts';
import { type FoundElectron, findElectron, installElectron } from './electronRuntime.ts';
import { fetchTestRuntime } from './fetchTestRuntime.ts';
import { readableFolder, type WindowHost, windowHost } from './windowHost.ts';

const EXIT_UNAVAILABLE = 69;
const EXIT_FAILED = 3;
/** Until the window has painted; until it shows the sample. */
const PAINT_TIMEOUT_MS = 60_000;
const SHOWN_TIMEOUT_MS = 180_000;
const ANNOUNCEMENT = 'tieout-window ';

interface Announcement {
	readonly electron: string;
	readonly painted?: true;
	readonly shown?: { readonly screen: string; readonly title: string; readonly orders: number | null };
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`tieout: ${line}\n`);

/** @returns an Electron, or why there is none */
function electronFor(env: NodeJS.ProcessEnv): FoundElectron | string {
	const found = findElectron(env);
	if (found) return found;
	say('Electron is not installed yet; its own installer fetches it (a minute at most) …');
	const installed = installElectron();
	if (installed) return installed;
	say('It could not be fetched from here.');
	return fetchTestRuntime(say);
}

async function start(args: readonly string[]): Promise<number> {
	const host = windowHost(process.env);
	if (typeof host === 'string') {
		complain(host);
		return EXIT_UNAVAILABLE;
	}
	try {
		const app = await buildApp({ isE2E: false }, say);
		const electron = electronFor(process.env);
		if (typeof electron === 'string') {
			complain(
				`no Electron to open the window with: ${electron}. Connect this machine once and start again, or set ELECTRON_OVERRIDE_DIST_PATH to an unpacked Electron.`,
			);
			return EXIT_UNAVAILABLE;
		}
		for (const line of host.notes) say(line);
		return await openWindow(host, electron, app, args);
	} finally {
		host.remove();
	}
}

async function openWindow(host: WindowHost, electron: FoundElectron, app: string, args: readonly string[]): Promise<number> {
	const isTestRuntime = electron.kind === 'test_runtime';
	const options = new Set([...args, ...(isTestRuntime ? ['--sample'] : [])]);
	const folder = readableFolder(host, electron.folder, 'electron');
	const [program = '', ...rest] = [
		...host.prefix,
		join(folder, electron.executable.slice(electron.folder.length)),
		readableFolder(host, app, 'main.cjs'),
		...(host.isVirtual ? ['--disable-gpu'] : []),
		...options,
	];
	const child = spawn(program, rest, { env: host.env, stdio: ['ignore', 'pipe', 'pipe'] });
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
	const watch = watchWindow(child, { isTestRuntime, exitsAfterReady: options.has('--exit-after-ready') });
	createInterface({ input: child.stdout }).on('line', watch.line);
	createInterface({ input: child.stderr }).on('line', (line) => {
		if (!isNoise(line)) process.stderr.write(`${line}\n`);
	});
	const status = await new Promise<number>((resolve) => {
		child.on('error', (error) => {
			complain(`${program} could not be started: ${error.message}.`);
			resolve(EXIT_FAILED);
		});
		child.on('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : EXIT_FAILED)));
	});
	return watch.end(status);
}

/** Listens to what the window announces, says it in words, and ends a window that never says anything. */
function watchWindow(child: ChildProcess, { isTestRuntime, exitsAfterReady }: { isTestRuntime: boolean; exitsAfterReady: boolean }) {
	let isOpen = false;
	let isShown = false;
	let failure: string | null = null;
	const after = (ms: number, reason: string): NodeJS.Timeout =>
		setTimeout(() => {
			failure = reason;
			child.kill('SIGKILL');
		}, ms);
	let timer = after(PAINT_TIMEOUT_MS, 'the window did not paint within a minute');
	return {
		line(this: void, line: string): void {
			if (!line.startsWith(ANNOUNCEMENT)) return;
			const { electron, shown } = JSON.parse(line.slice(ANNOUNCEMENT.length)) as Announcement;
			clearTimeout(timer);
			if (!isOpen) say(`Tieout window open (${isTestRuntime ? `test runtime ${electron}, sample only` : `Electron ${electron}`})`);
			isOpen = true;
			if (!exitsAfterReady) return;
			timer = after(SHOWN_TIMEOUT_MS, 'the window did not say what it shows');
			if (!shown) return;
			isShown = true;
			say(describe(shown));
		},
		/** @returns the exit status of the whole */
		end(status: number): number {
			clearTimeout(timer);
			if (failure !== null) complain(`${failure}; it was closed.`);
			else if (!isOpen) complain(`the window did not open (exit ${status}).`);
			const isGood = failure === null && isOpen && (isShown || !exitsAfterReady);
			return isGood ? status : status || EXIT_FAILED;
		},
	};
}

const describe = ({ screen, title, orders }: NonNullable<Announcement['shown']>): string =>
	`On screen: ${title} (${screen})${orders === null ? '' : `, ${orders.toLocaleString('en-US')} orders`}`;

/** What Chromium says of a machine without a desktop. It means nothing here. */
const isNoise = (line: string): boolean =>
	line.trim() === '' ||
	/ERROR:(bus|object_proxy|viz_main_impl|gpu_memory_buffer|gl_|command_buffer|cert_|ssl_)|dbus|libva|Vulkan|WARNING:/i.test(line);

try {
	process.exitCode = await start(process.argv.slice(2));
} catch (error) {
	complain(`the window could not be built or opened: ${error instanceof Error ? error.message : String(error)}`);
	process.exitCode = EXIT_FAILED;
}
