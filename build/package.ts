/**
 * `npm run package`: the window as a program of its own in out/package/: bundled, in an archive, its fuses set and read back.
 * `--installers` makes this platform's installers as well (AppImage and deb, NSIS, dmg), for which electron-builder fetches its tools.
 * It refuses an Electron below the floor, and one that is out of date or whose age nobody can tell. `--for-tests` packages any Electron,
 * under a name that says so.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFuseFile } from '@electron/fuses';
import { build, Platform } from 'electron-builder';
import { z } from 'zod';
import { SUPPORTED_ELECTRON_MAJOR } from '../electron/main/policy.ts';
import { buildApp } from './buildApp.ts';
import { builderConfig } from './electronBuilder.ts';
import { executableIn, findElectron, installElectron, ROOT } from './electronRuntime.ts';
import { ageOfElectron, isAboveFloor } from './packageGate.ts';

const EXIT_REFUSED = 1;
const EXIT_USAGE = 2;
const EXIT_FAILED = 3;
const EXIT_UNAVAILABLE = 69;
const REGISTRY_TIMEOUT_MS = 60_000;

/** Where a network is asked for and is not there. */
const OFFLINE: ReadonlySet<string> = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ECONNRESET', 'ENETUNREACH', 'ETIMEDOUT']);

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`tieout: ${line}\n`);

const OPTIONS = {
	/** An unpacked Electron; by default the installed one. */
	electron: { type: 'string' },
	/** A window that is built already. */
	app: { type: 'string' },
	out: { type: 'string' },
	installers: { type: 'boolean', default: false },
	'for-tests': { type: 'boolean', default: false },
} as const;

/** What the executable says of itself, because that is what would be shipped. @returns e.g. "45.5.0", or null */
function versionOf(electron: string): string | null {
	const file = pathToFuseFile(executableIn(electron));
	if (!existsSync(file)) return null;
	const bytes = readFileSync(file);
	for (let at = bytes.indexOf('Electron/'); at >= 0; at = bytes.indexOf('Electron/', at + 1)) {
		const found = /^Electron\/(\d+\.\d+\.\d+)/.exec(bytes.toString('latin1', at, at + 32))?.[1];
		if (found) return found;
	}
	return null;
}

const dates = z.record(z.string(), z.string());

/** @returns why this version must not be released, or null */
function refusal(version: string): string | null {
	if (!isAboveFloor(version, SUPPORTED_ELECTRON_MAJOR))
		return `Electron ${version} is below the floor (${SUPPORTED_ELECTRON_MAJOR}) and gets no security fixes; it must not be shipped. With --for-tests it is packaged for tests only.`;
	const asked = spawnSync('npm', ['view', 'electron', 'time', '--json'], {
		encoding: 'utf8',
		timeout: REGISTRY_TIMEOUT_MS,
		shell: process.platform === 'win32',
	});
	const published = asked.status === 0 ? dates.safeParse(JSON.parse(asked.stdout)).data : undefined;
	const age = ageOfElectron(version, published ?? {}, Date.now());
	return age.kind === 'current' ? null : `${age.reason}; without that being in order nothing is released.`;
}

async function main(): Promise<number> {
	const { values } = parseArgs({ options: OPTIONS, strict: true });
	const isForTests = values['for-tests'];
	const electron = values.electron ? resolve(values.electron) : (findElectron(process.env) ?? installElectron())?.folder;
	const version = electron ? versionOf(electron) : null;
	if (!electron || !version) {
		complain('no Electron here to package with. Connect this machine once, or name an unpacked one: --electron FOLDER');
		return EXIT_UNAVAILABLE;
	}
	const reason = isForTests ? null : refusal(version);
	if (reason !== null) {
		complain(reason);
		return EXIT_REFUSED;
	}
	const app = values.app ? resolve(values.app) : await buildApp({ isE2E: false }, say);
	const out = resolve(values.out ?? join(ROOT, 'out', isForTests ? 'package-for-tests' : 'package'));
	rmSync(out, { recursive: true, force: true });
	const targets = Platform.current().createTarget(values.installers ? null : 'dir');
	const config = builderConfig({ app, electron, electronVersion: version, out, isForTests }, say);
	try {
		await build({ projectDir: ROOT, targets, config });
	} catch (error) {
		if (!OFFLINE.has(String((error as { code?: unknown }).code))) throw error;
		complain(`electron-builder could not fetch its tools for the installers (${String(error)}). Connect this machine, then do it again.`);
		return EXIT_UNAVAILABLE;
	}
	say(`Packaged with Electron ${version}${isForTests ? ', only for tests' : ''}: ${out} (${readdirSync(out).join(', ')})`);
	return 0;
}

try {
	process.exitCode = await main();
} catch (error) {
	const isUsage = (error as { code?: unknown }).code?.toString().startsWith('ERR_PARSE_ARGS') === true;
	complain(error instanceof Error ? error.message : String(error));
	process.exitCode = isUsage ? EXIT_USAGE : EXIT_FAILED;
}
