/**
 * The journeys through the real window: `npm test` runs them, and says how many ran and what was left out. They run as an unprivileged
 * user with the sandbox on, on a virtual display, against builds of their own.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
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

/** The part of vitest's JSON report that is read here. */
interface Report {
	readonly testResults: readonly {
		readonly name: string;
		readonly startTime: number;
		readonly endTime: number;
		readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
	}[];
}

const TIMEOUT_MS = 2_400_000;
const JOURNEYS = join('test', 'e2e');
const SUFFIX = '.journey.ts';
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
	const expected = journeysNamed(only);
	const skipAll = (why: string): JourneyCount => {
		say(`Electron journeys: none ran, all ${expected.length} skipped (${why}): ${expected.join(', ')}`);
		return { passed: 0, failed: 0, skipped: expected.length };
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
		return count(run(host, electron, only), expected, say);
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
		'--reporter=verbose',
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
	return JSON.parse(readFileSync(report, 'utf8')) as Report;
}

/** Names of the journeys that are to run, without their ending. */
const journeysNamed = (only: readonly string[]): string[] => {
	const filters = only.filter((word) => !word.startsWith('-'));
	return readdirSync(join(ROOT, JOURNEYS))
		.filter((file) => file.endsWith(SUFFIX) && (filters.length === 0 || filters.some((word) => join(JOURNEYS, file).includes(word))))
		.map((file) => file.slice(0, -SUFFIX.length))
		.toSorted();
};

/** Counts claims, says what each journey came to, and takes a journey that is not in the report for a failed one. */
function count(report: Report | number, expected: readonly string[], say: (line: string) => void): JourneyCount {
	if (typeof report === 'number') {
		say(`Electron journeys: the runner ended with status ${report} and no report`);
		return { passed: 0, failed: Math.max(1, expected.length), skipped: 0 };
	}
	const total = { passed: 0, failed: 0, skipped: 0 };
	for (const name of expected) {
		const journey = report.testResults.find((one) => basename(one.name) === `${name}${SUFFIX}`);
		const claims = journey?.assertionResults ?? [];
		const passed = claims.filter(({ status }) => status === 'passed').length;
		const skipped = claims.filter(({ status }) => status !== 'passed' && status !== 'failed');
		// A journey that did not load, or ended before its first claim, has no failed claim of its own.
		const failed = claims.filter(({ status }) => status === 'failed').length || (passed === 0 ? 1 : 0);
		const seconds = journey ? Math.round((journey.endTime - journey.startTime) / 1000) : 0;
		say(`${name}: ${passed} passed, ${failed} failed, ${skipped.length} skipped${journey ? `, ${seconds} s` : ': it did not run'}`);
		for (const { fullName } of skipped) say(`\tskipped: ${fullName}`);
		total.passed += passed;
		total.failed += failed;
		total.skipped += skipped.length;
	}
	say(`Electron journeys: ${expected.length} files, ${total.passed + total.failed} claims ran, ${total.skipped} skipped`);
	return total;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const { failed } = await runJourneys((line) => process.stdout.write(`${line}\n`), process.argv.slice(2));
	process.exitCode = failed === 0 ? 0 : 1;
}
