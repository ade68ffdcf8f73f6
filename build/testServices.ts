/**
 * `npm run test:services`: the hub as a process of its own, on the embedded engine and on real servers, and the contract tests that need
 * these. Exit status 1 if anything failed, 2 if nothing failed and something could not run.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bringPostgres, bringRabbit, type TestServer } from './testServers.ts';

export interface ServiceCount {
	readonly passed: number;
	readonly failed: number;
	readonly skipped: number;
}

/** The part of vitest's JSON report that is read here. */
interface Report {
	readonly testResults: readonly {
		readonly name: string;
		readonly status: string;
		readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
	}[];
}

type Say = (line: string) => void;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Tests of the hub as a service; `npm test` runs them apart from the others. */
export const SERVICE_TESTS = 'test/services';
/** What else is worth nothing without the servers; part of `npm test` anyway. */
const CONTRACT_TESTS: readonly string[] = ['test/electron/hub/database', 'test/electron/hub/intake/amqp.test.ts'];

/** Finds or starts the servers, and tells the tests of this process where they are. */
export async function bringServers(say: Say): Promise<readonly TestServer[]> {
	const servers = [await bringPostgres(say), await bringRabbit(say)];
	for (const { name, url, how } of servers) {
		say(`${name}: ${how}`);
		if (url !== null) process.env[name === 'PostgreSQL' ? 'TIEOUT_TEST_POSTGRES' : 'TIEOUT_TEST_AMQP'] = url;
	}
	return servers;
}

/** Runs these tests and says in one line how many ran. */
export function runServices(say: Say, tests: readonly string[] = [SERVICE_TESTS]): ServiceCount {
	const file = join(root, 'out', 'services.json');
	mkdirSync(dirname(file), { recursive: true });
	rmSync(file, { force: true });
	const program = join(root, 'node_modules', 'vitest', 'vitest.mjs');
	const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
	const args = ['--disable-warning=ExperimentalWarning', program, 'run', '--config', 'build/vitest.config.ts', ...reporters, ...tests];
	const env = process.stdout.isTTY ? process.env : { ...process.env, NO_COLOR: '1' };
	const { status } = spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' });
	const count = existsSync(file) ? countOf(JSON.parse(readFileSync(file, 'utf8')) as Report, say) : { passed: 0, failed: 1, skipped: 0 };
	const failed = status !== 0 && count.failed === 0 ? 1 : count.failed;
	say(`services: ${count.passed} passed, ${failed} failed, ${count.skipped} not run`);
	return { ...count, failed };
}

function countOf({ testResults }: Report, say: Say): ServiceCount {
	const count = { passed: 0, failed: 0, skipped: 0 };
	for (const { name, status, assertionResults } of testResults) {
		const not = assertionResults.filter((test) => test.status !== 'passed' && test.status !== 'failed');
		const failed = assertionResults.filter((test) => test.status === 'failed').length;
		if (not.length > 0) say(`not run: ${not.length} in ${relative(root, name)}, first "${not[0]?.fullName}"`);
		count.skipped += not.length;
		count.passed += assertionResults.length - not.length - failed;
		// A file that does not load has no failed test of its own.
		count.failed += status === 'failed' ? Math.max(1, failed) : failed;
	}
	return count;
}

async function main(): Promise<number> {
	const say: Say = (line) => void process.stdout.write(`${line}\n`);
	const servers = await bringServers(say);
	try {
		const { failed, skipped } = runServices(say, [SERVICE_TESTS, ...CONTRACT_TESTS]);
		return failed > 0 ? 1 : skipped > 0 ? 2 : 0;
	} finally {
		for (const server of servers) await server.stop();
	}
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exitCode = await main();
