/** Runs the command line as a person would: a process of its own, with its output and exit status. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const MAIN = fileURLToPath(new URL('../../../electron/cli/main.ts', import.meta.url));

export interface Ran {
	readonly status: number | null;
	readonly out: string;
	readonly err: string;
}

export function runTieout(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
			env: { ...process.env, ...env },
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		let out = '';
		let err = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
		child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
		child.on('error', reject);
		child.on('close', (status) => resolve({ status, out, err }));
	});
}
