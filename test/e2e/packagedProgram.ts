/** The program as it is installed: packaged by `npm run package`, and started as any program is, with no hand of Playwright in it. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { newProfile, type PlainRun } from './harness.ts';
import { processTree } from './processes.ts';

const ROOT = new URL('../..', import.meta.url).pathname;

/** The runtime as it was before any fuse was set: the same attacks succeed on it. */
export const plainElectron = (): string => process.env['TIEOUT_E2E_ELECTRON'] ?? '';

interface CommandRun {
	readonly status: number | null;
	readonly output: string;
}

export function runPackager(...args: readonly string[]): CommandRun {
	const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'build', 'package.ts'), ...args], {
		cwd: ROOT,
		encoding: 'utf8',
	});
	return { status, output: stdout + stderr };
}

export interface Package {
	/** Folder of the installed program. */
	readonly folder: string;
	readonly program: string;
	readonly archive: string;
	remove(): void;
}

/** Packages the built window with the Electron at hand. */
export function makePackage(): Package {
	const out = mkdtempSync(join(tmpdir(), 'package-'));
	const { status, output } = runPackager(
		'--for-tests',
		'--app',
		join(ROOT, 'out', 'app'),
		'--electron',
		dirname(plainElectron()),
		'--out',
		out,
	);
	const folder = join(out, 'linux-unpacked');
	if (status !== 0 || !existsSync(folder)) throw new Error(`npm run package ended with ${status}:\n${output}`);
	return {
		folder,
		program: join(folder, 'tieout'),
		archive: join(folder, 'resources', 'app.asar'),
		remove: () => rmSync(out, { recursive: true, force: true }),
	};
}

export interface StartOptions {
	readonly args?: readonly string[];
	readonly env?: Readonly<Record<string, string>>;
	/** A command that starts the program in its turn. */
	readonly within?: readonly string[];
}

/** Starts a program with a fresh profile. `end()` ends all of its processes; the profile stays. */
export function startProgram(program: string, { args = [], env = {}, within = [] }: StartOptions = {}): PlainRun {
	const profile = newProfile();
	const [first = program, ...rest] = [...within, program, '--disable-gpu', `--user-data-dir=${profile}`, ...args];
	const child = spawn(first, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...env } });
	let said = '';
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => {
			said += chunk.toString('utf8');
		});
	const ended = new Promise<number | null>((done) => child.once('close', done));
	return {
		child,
		profile,
		output: () => said,
		ended,
		async end() {
			for (const pid of processTree(child.pid ?? 0)) endProcess(pid);
			await ended;
		},
	};
}

function endProcess(pid: number): void {
	try {
		process.kill(pid, 'SIGKILL');
	} catch {
		// Gone already.
	}
}
