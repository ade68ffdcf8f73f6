/**
 * The journeys through the real window: `npm test` runs them, and says how many ran and what was left out. They run as an unprivileged
 * user with the sandbox on, on a virtual display, against builds of their own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildApp } from './buildApp.ts';
import { type FoundElectron, findElectron, ROOT } from './electronRuntime.ts';
import { fetchTestRuntime } from './fetchTestRuntime.ts';
import { readableFolder, type WindowHost, windowHost } from './windowHost.ts';

export interface JourneyCount {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

interface Report {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numFailedTestSuites: number;
}

const TIMEOUT_MS = 1_200_000;
const NEEDED = [
	'package.json',
	'build',
	'electron',
	'renderer',
	'resources',
	'shared',
	'test',
	'out',
	'node_modules',
	'.cache/electron-test-runtime',
];

/** Builds, runs, counts. Where no window can be opened, everything is skipped aloud. @param only names of journey files */
export async function runJourneys(say: (line: string) => void, only: readonly string[] = []): Promise<JourneyCount> {
	const skipAll = (why: string): JourneyCount => {
		say(`Electron journeys: 0 ran, all skipped (${why})`);
		return { passed: 0, failed: 0, skipped: 1 };
	};
	const { DISPLAY: _, WAYLAND_DISPLAY: __, ...env } = process.env;
	const host = windowHost(env);
	if (typeof host === 'string') return skipAll(host);
	try {
		const electron = findElectron(process.env) ?? fetchTestRuntime(say);
		if (typeof electron === 'string') return skipAll(electron);
		await buildApp({ isE2E: true }, say);
		await buildApp({ isE2E: false }, say);
		for (const isE2E of [true, false]) {
			const out = join(ROOT, 'out', isE2E ? 'walls-e2e' : 'walls');
			await buildApp({ isE2E, page: { folder: join(ROOT, 'test', 'e2e', 'page'), out } }, say);
		}
		return count(run(host, electron, only), say);
	} catch (error) {
		say(`Electron journeys: could not be built (${error instanceof Error ? error.message : String(error)})`);
		return { passed: 0, failed: 1, skipped: 0 };
	} finally {
		host.remove();
	}
}

/** @returns the report, or the runner's exit status where there is none */
function run(host: WindowHost, electron: FoundElectron, only: readonly string[]): Report | number {
	const checkout = readableFolder(host, ROOT, 'package.json', NEEDED);
	const folder =
		electron.kind === 'test_runtime' ? electron.folder.replace(ROOT, checkout) : readableFolder(host, electron.folder, 'electron');
	const report = join(host.env['TMPDIR'] ?? join(ROOT, 'out'), 'journeys.json');
	rmSync(report, { force: true });
	const [program = '', ...rest] = [
		...host.prefix,
		process.execPath.replace(ROOT, checkout),
		'--disable-warning=ExperimentalWarning',
		join(checkout, 'node_modules', 'vitest', 'vitest.mjs'),
		'run',
		'--configLoader=native',
		'--config',
		join(checkout, 'build', 'vitest.e2e.config.ts'),
		'--reporter=default',
		'--reporter=json',
		`--outputFile.json=${report}`,
		...only,
	];
	const { status } = spawnSync(program, rest, {
		cwd: checkout,
		env: { ...host.env, NO_COLOR: '1', TIEOUT_E2E_ELECTRON: join(folder, electron.executable.slice(electron.folder.length)) },
		stdio: 'inherit',
		timeout: TIMEOUT_MS,
		killSignal: 'SIGKILL',
	});
	if (!existsSync(report)) return status ?? 1;
	const read = readFileSync(report, 'utf8');
	mkdirSync(join(ROOT, 'out'), { recursive: true });
	return JSON.parse(read) as Report;
}

function count(report: Report | number, say: (line: string) => void): JourneyCount {
	if (typeof report === 'number') {
		say(`Electron journeys: the runner ended with status ${report} and no report`);
		return { passed: 0, failed: 1, skipped: 0 };
	}
	const { numPassedTests: passed, numPendingTests: skipped, numFailedTests } = report;
	// A file that does not load has no failed test of its own.
	const failed = numFailedTests === 0 && report.numFailedTestSuites > 0 ? report.numFailedTestSuites : numFailedTests;
	say(`Electron journeys: ${passed + failed} ran, ${skipped} skipped${skipped === 0 ? '' : ' (each says why)'}`);
	return { passed, failed, skipped };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const { failed } = await runJourneys((line) => process.stdout.write(`${line}\n`), process.argv.slice(2));
	process.exitCode = failed === 0 ? 0 : 1;
}
