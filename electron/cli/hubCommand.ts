/** `tieout hub …`: starts the companion hub, a program of its own with its own options, as a child of this one. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { EXIT } from './exit.ts';

const HUB = fileURLToPath(new URL('../hub/main.ts', import.meta.url));
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends with the hub, and with its status; the hub ends with us. */
export function hubCommand(args: readonly string[]): Promise<number> {
	return new Promise((resolve, reject) => {
		const hub = spawn(process.execPath, [...process.execArgv, HUB, ...args], { stdio: 'inherit' });
		for (const signal of PASSED_ON) process.on(signal, () => hub.kill(signal));
		hub.on('error', reject);
		hub.on('exit', (status, signal) => resolve(status ?? (signal ? 128 + constants.signals[signal] : EXIT.fault)));
	});
}
