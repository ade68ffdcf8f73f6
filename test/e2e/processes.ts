/** The processes of a program under test, as Linux lists them in /proc. */
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Kills a program with all its processes, at once, and waits until it is gone. */
export async function endTree(child: ChildProcess): Promise<void> {
	const isGone = child.exitCode !== null || child.signalCode !== null;
	const gone = isGone ? Promise.resolve() : new Promise<void>((resolve) => child.once('close', () => resolve()));
	if (!isGone) for (const pid of processTree(child.pid ?? 0)) kill(pid);
	await gone;
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
