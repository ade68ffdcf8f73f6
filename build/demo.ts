/** `npm run demo`: the whole road on the sample company: drop, verification, audit, signed pack, and a check of it as a stranger would. */
import { spawn } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AuditResult } from '#audit';
import type { CheckReport } from '#pack';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDER = join(ROOT, 'out', 'demo');
const DROP = join(FOLDER, 'drop');
const RESULT = join(FOLDER, 'result.json');
const PACK = join(FOLDER, 'audit-pack.pdf');

interface Step {
	readonly status: number;
	readonly out: string;
	readonly seconds: number;
}

/** Runs one command of the product, its progress shown as it comes. */
async function tieout(args: readonly string[], lawful: readonly number[]): Promise<Step> {
	process.stdout.write(`\n$ tieout ${args.map((arg) => (arg.startsWith(ROOT) ? relative(ROOT, arg) : arg)).join(' ')}\n`);
	const startedAt = performance.now();
	const step = await new Promise<Step>((resolve, reject) => {
		const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', join(ROOT, 'electron/cli/main.ts'), ...args], {
			stdio: ['ignore', 'pipe', 'inherit'],
		});
		let out = '';
		child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
		child.on('error', reject);
		child.on('close', (status) => resolve({ status: status ?? 3, out, seconds: (performance.now() - startedAt) / 1000 }));
	});
	if (!lawful.includes(step.status)) throw new Error(`tieout ${args[0]} ended with status ${step.status}\n${step.out}`);
	return step;
}

async function demo(): Promise<void> {
	await rm(FOLDER, { recursive: true, force: true });
	const sample = await tieout(['sample', DROP, '--orders', '2000', '--seed', '7', '--anomalies', 'all'], [0]);
	const key = /^log key .*: (\S+)$/m.exec(sample.out)?.[1] ?? '';
	process.stdout.write(sample.out);
	const verify = await tieout(['verify', DROP, '--key', key], [0, 1]);
	process.stdout.write(firstLines(verify.out, 14));
	const audit = await tieout(['audit', DROP, '--key', key, '--json', '--out', RESULT], [0, 1]);
	const pack = await tieout(['pack', DROP, '--key', key, '--preparer', 'Sample Auditor', '--out', PACK], [0, 1]);
	process.stdout.write(pack.out);
	const check = await tieout(['check', PACK, '--key', key, '--replay', '--json'], [0, 1]);
	const report = JSON.parse(check.out) as Omit<CheckReport, 'replay'> & { replay: { tests: number; matching: number } | null };
	const result = JSON.parse(await readFile(RESULT, 'utf8')) as AuditResult;
	process.stdout.write(summary(result, report, { sample, verify, audit, pack, check }));
	if (report.verdict !== 'VALID')
		throw new Error(`the pack came out ${report.verdict}: ${report.codes.map(({ code }) => code).join(', ')}`);
}

function summary(
	result: AuditResult,
	report: Omit<CheckReport, 'replay'> & { replay: { tests: number; matching: number } | null },
	steps: Readonly<Record<string, Step>>,
): string {
	const of = (verdict: string): number => result.tests.filter((test) => test.verdict === verdict).length;
	const exceptions = result.tests.reduce((sum, test) => sum + test.exceptions.length, 0);
	const rows: [string, string][] = [
		['Data as of', result.drop.as_of],
		...Object.entries(result.integrity).map(([table, { rows: lines, verdict, problems }]): [string, string] => [
			table,
			`${lines.toLocaleString('en-US')} lines, ${verdict.replace('_', ' ')}, ${problems.length} problems`,
		]),
		['Tables as declared', `${result.ipe.filter(({ verdict }) => verdict === 'as_declared').length} of ${result.ipe.length}`],
		[
			'Tests',
			`${of('exception')} with exceptions, ${of('pass')} passed, ${of('incomplete')} incomplete, ${of('not_testable')} not testable`,
		],
		['Exceptions', exceptions.toLocaleString('en-US')],
		['Pack', `${report.verdict}; ${report.files.matching} of ${report.files.declared} files, ${report.proofs.checked} proofs`],
		['Replay', report.replay ? `${report.replay.matching} of ${report.replay.tests} results to the same hash` : 'not possible'],
		...Object.entries(steps).map(([name, { seconds }]): [string, string] => [`Time of ${name}`, `${seconds.toFixed(1)} s`]),
	];
	const width = Math.max(...rows.map(([label]) => label.length));
	return `\n${rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`).join('\n')}\n\nThe signed audit pack: ${relative(process.cwd(), PACK)}\n`;
}

const firstLines = (text: string, count: number): string => {
	const lines = text.trimEnd().split('\n');
	return `${lines.slice(0, count).join('\n')}\n${lines.length > count ? `… and ${lines.length - count} more lines\n` : ''}`;
};

try {
	await demo();
} catch (error) {
	process.stderr.write(`demo: ${error instanceof Error ? error.message : String(error)}\n`);
	process.exitCode = 1;
}
