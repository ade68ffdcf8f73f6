/** What a command gets from the outside: its options, the terminal, and where results go. */
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { CommandLine } from './commandLine.ts';
import { refuse } from './exit.ts';
import { type Progress, progressOn } from './progress.ts';

export interface CommandContext extends CommandLine {
	readonly progress: Progress;
	/** Cancelled by Ctrl+C, so that nothing is left half-written. */
	readonly signal: AbortSignal;
	/** A word to the person on stderr. */
	say(line: string): void;
	/** The result: to stdout, or to `path` as a whole or not at all. */
	write(text: string, path: string | null): Promise<void>;
}

export function nodeContext(line: CommandLine): CommandContext {
	const cancel = new AbortController();
	process.once('SIGINT', () => cancel.abort());
	const progress = progressOn({
		isTerminal: process.stderr.isTTY === true,
		write: (text) => process.stderr.write(text),
		now: () => performance.now(),
	});
	return {
		...line,
		progress,
		signal: cancel.signal,
		say(text) {
			progress.end();
			process.stderr.write(`${text}\n`);
		},
		async write(text, path) {
			progress.end();
			await stopIfCancelled(cancel.signal);
			if (path !== null) return writeFileWhole(path, text);
			await writeToStdout(text);
		},
	};
}

/** A reader that went away (`| head`) is no fault of ours; without the listener Node would end with a stack trace. */
async function writeToStdout(text: string): Promise<void> {
	process.stdout.on('error', () => undefined);
	const failed = await new Promise<NodeJS.ErrnoException | null | undefined>((resolve) => process.stdout.write(text, resolve));
	if (failed) refuse(`the result can't be written to standard output (${failed.code ?? failed.message}). Give --out FILE to keep it.`);
}

/** Lets the program hear Ctrl+C, and refuses to go on after it. */
export async function stopIfCancelled(signal: AbortSignal): Promise<void> {
	await setImmediate();
	if (signal.aborted) refuse('cancelled; nothing was written.');
}

/** Writes beside the target and renames: a reader never sees half a file, and a failure leaves the old one. */
export async function writeFileWhole(path: string, content: string | Uint8Array): Promise<void> {
	const partial = `${path}.partial-${process.pid}`;
	try {
		await writeFile(partial, content, { flush: true, flag: 'wx' });
		await rename(partial, path);
	} catch (error) {
		await rm(partial, { force: true });
		refuse(
			`${path} can't be written (${error instanceof Error && 'code' in error ? String(error.code) : String(error)}). Check the folder and its permissions.`,
		);
	}
}

/** Refuses early an --out whose folder is not there, rather than after minutes of work. A device would be replaced by a file. */
export async function checkTarget(path: string | null): Promise<void> {
	if (path === null) return;
	if (path === '') refuse('--out is empty; give the name of a file.');
	const folder = await stat(dirname(path) || '.').catch(() => null);
	if (!folder?.isDirectory()) refuse(`--out ${path}: the folder ${dirname(path)} does not exist. Make it first.`);
	const target = await stat(path).catch(() => null);
	if (target?.isDirectory()) refuse(`--out ${path} is a folder; give the name of a file.`);
	if (target && !target.isFile()) refuse(`--out ${path} is a device; give the name of a file, or leave --out out for standard output.`);
}
