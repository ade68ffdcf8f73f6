/**
 * `npm test`: every check of this repository, in order, with one count at the end.
 * `--static` stops after the checks that run no code of ours. Exit status 1 if anything failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runJourneys } from './e2e.ts';
import { bringOutsideTools } from './outsideTools.ts';
import { bringServers, runServices, SERVICE_TESTS } from './testServices.ts';

interface Count {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

/** The part of vitest's JSON report that is read here. */
interface VitestReport {
	readonly numPassedTests: number;
	readonly numFailedTests: number;
	readonly numPendingTests: number;
	readonly numTodoTests: number;
	readonly testResults: readonly {
		readonly name: string;
		readonly status: string;
		readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
	}[];
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = join(root, 'out', 'vitest.json');

const say = (line: string): void => {
	process.stdout.write(`${line}\n`);
};
const heading = (title: string): void => say(`\n=== ${title} ===`);

/** Runs a package's own program with this Node, so that neither PATH nor the machine's Node matters. */
function runPackageProgram(packageName: string, program: string, args: readonly string[]): number {
	const folder = join(root, 'node_modules', packageName);
	const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: string | Record<string, string> };
	const file = typeof bin === 'string' ? bin : bin[program];
	if (file === undefined) throw new Error(`${packageName} has no program ${program}`);
	return runNode([join(folder, file), ...args]);
}

function runNode(args: readonly string[]): number {
	const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
	const run = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], { cwd: root, env, stdio: 'inherit' });
	if (run.error) say(run.error.message);
	return run.status ?? 1;
}

const STATIC_CHECKS: readonly (readonly [title: string, run: () => number])[] = [
	['Types: tsc -b', () => runPackageProgram('typescript', 'tsc', ['-b'])],
	[
		'Lint, format and room boundaries: biome ci',
		() =>
			runPackageProgram('@biomejs/biome', 'biome', [
				'ci',
				'--error-on-warnings',
				`--colors=${process.stdout.isTTY ? 'force' : 'off'}`,
				'.',
			]),
	],
	[
		'Unused files, exports and packages: knip',
		() => runPackageProgram('knip', 'knip', ['--no-config-hints', '--config', 'build/knip.jsonc']),
	],
	['Lock file holds every platform: completeLock --check', () => runNode([join(root, 'build', 'completeLock.ts'), '--check'])],
	['Generated pages are up to date: docs --check', () => runNode([join(root, 'build', 'docs.ts'), '--check'])],
];

function runStaticChecks(): Count {
	let failed = 0;
	for (const [title, run] of STATIC_CHECKS) {
		heading(title);
		const status = run();
		if (status !== 0) failed++;
		say(status === 0 ? 'ok' : `FAILED (exit ${status})`);
	}
	return { passed: STATIC_CHECKS.length - failed, failed, skipped: 0 };
}

function runTests(): Count {
	heading('Tests: vitest');
	mkdirSync(dirname(report), { recursive: true });
	rmSync(report, { force: true });
	const options = ['--config', 'build/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
	const status = runPackageProgram('vitest', 'vitest', ['run', ...options, '--exclude', `${SERVICE_TESTS}/**`]);
	if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
	const result = JSON.parse(readFileSync(report, 'utf8')) as VitestReport;
	const skipped = result.numPendingTests + result.numTodoTests;
	sayWhatWasSkipped(result);
	// A file that does not load, or an error outside any test, has no failed test of its own but is a failure all the same.
	const brokenFiles = result.testResults.filter(
		({ status: verdict, assertionResults }) => verdict === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
	).length;
	const failed = result.numFailedTests + brokenFiles;
	return { passed: result.numPassedTests, failed: status !== 0 && failed === 0 ? 1 : failed, skipped };
}

function sayWhatWasSkipped(result: VitestReport): void {
	for (const { name, assertionResults } of result.testResults) {
		const skipped = assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed');
		if (skipped.length > 0) say(`skipped: ${skipped.length} in ${relative(root, name)}, first "${skipped[0]?.fullName}"`);
	}
}

/** Says by itself how often each fault happened; a run that failed is repeated by its seed. */
function runFaults(): Count {
	heading('Both ends of a synchronisation under faults: test:faults');
	const status = runNode([join(root, 'test', 'faults', 'main.ts')]);
	say(status === 0 ? 'ok' : `FAILED (exit ${status})`);
	return { passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

async function runWindow(): Promise<Count> {
	heading('The real window: journeys in Electron');
	return await runJourneys(say);
}

/** All that runs code of ours: the tests, the hub as a process between real servers, both ends under faults, the window. */
async function runEverything(): Promise<Count[]> {
	heading('Set-up: PostgreSQL and RabbitMQ');
	const servers = await bringServers(say);
	try {
		const tests = runTests();
		heading('The hub as a service: embedded engine, PostgreSQL, RabbitMQ');
		const services = runServices(say);
		return [tests, services, runFaults(), await runWindow()];
	} finally {
		for (const server of servers) await server.stop();
	}
}

async function main(): Promise<number> {
	const staticOnly = process.argv.includes('--static');
	if (!staticOnly) {
		heading("Set-up: strangers' tools");
		const missing = bringOutsideTools(say);
		say(
			missing.length === 0 ? 'all there' : `not available here: ${missing.join(', ')}; the checks that need them are skipped and counted`,
		);
	}
	const counts = [runStaticChecks(), ...(staticOnly ? [] : await runEverything())];
	const total = (key: keyof Count) => counts.reduce((sum, count) => sum + count[key], 0);
	say(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
	return total('failed') === 0 ? 0 : 1;
}

process.exitCode = await main();
