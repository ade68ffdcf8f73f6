#!/usr/bin/env node
// Runs one of the project's TypeScript programs on Node >= 24, setting the checkout up first where needed. Without the name
// of one it is the installed `tieout`, and what follows is that program's command.
// The machine's own Node is used when it is new enough; otherwise the pinned one that npm installed beside us.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setUp } from './setup.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NODE_MAJOR_MIN = 24;

function nodeBinary() {
	if (Number.parseInt(process.versions.node, 10) >= NODE_MAJOR_MIN) return process.execPath;
	for (const name of [`node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`]) {
		const bin = join(root, 'node_modules', name, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
		if (existsSync(bin)) return bin;
	}
	throw new Error(
		`this machine has Node ${process.versions.node}; Tieout needs Node ${NODE_MAJOR_MIN} or newer. Install it, then run the command again.`,
	);
}

try {
	setUp();
	const given = process.argv.slice(2);
	const [program, ...args] = given[0]?.endsWith('.ts') ? given : ['electron/cli/main.ts', ...given];
	const child = spawn(nodeBinary(), ['--disable-warning=ExperimentalWarning', '--max-old-space-size=8192', join(root, program), ...args], {
		stdio: 'inherit',
	});
	for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
	child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 3)));
	child.on('error', (error) => {
		process.stderr.write(`tieout: ${error.message}\n`);
		process.exit(3);
	});
} catch (error) {
	process.stderr.write(`tieout: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exit(2);
}
