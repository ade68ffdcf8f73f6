/**
 * `npm run test:faults`: many runs over a bad network, with hub and workstations that end at any moment. `-- --runs N`, `-- --seed S`;
 * `-- --only S` repeats the run of one seed, with `--killed` against a hub in a process of its own.
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WEATHER_KINDS } from './weather.ts';
import type { Told } from './worker.ts';

const RUNS = 300;
/** Of these against a hub that is ended by SIGKILL. */
const KILLED = 28;

/** Processes at work beside the killed ones: each of them waits half of its time. */
const INSIDE = 3;

/** In fewer runs it may be that something did not come up. */
const ENOUGH = 100;

/** What must have happened in so many runs, or they prove nothing. */
const MUST_HAPPEN = [
	...WEATHER_KINDS,
	'hub crashed at a write',
	'hub killed',
	'workstation killed',
	'clock step of the hub',
	'clock step of the workstation',
	'pulls',
	'exchanges',
];

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function work(kind: 'inside' | 'outside', from: number, to: number): Promise<Told> {
	return new Promise((resolve) => {
		const child = fork(fileURLToPath(new URL('./worker.ts', import.meta.url)), [kind, String(from), String(to)], {
			execArgv: ['--disable-warning=ExperimentalWarning'],
			stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
		});
		let told: Told | null = null;
		child.on('message', (message: Told) => {
			told = message;
		});
		child.once('exit', (code, signal) => {
			const message = `the runs up to seed ${to - 1} ended early (${code ?? signal})`;
			resolve(told ?? { counts: {}, failures: [{ seed: from, message }] });
		});
	});
}

async function main(): Promise<number> {
	const { values } = parseArgs({
		options: { runs: { type: 'string' }, seed: { type: 'string' }, only: { type: 'string' }, killed: { type: 'boolean' } },
	});
	const began = performance.now();
	const only = values.only === undefined ? null : Number(values.only);
	const runs = only === null ? Number(values.runs ?? RUNS) : 1;
	const first = only ?? Number(values.seed ?? 1);
	const killed = only === null ? Math.min(KILLED, Math.ceil(runs / 10)) : values.killed ? 1 : 0;
	say(`${runs} runs, seeds ${first} to ${first + runs - 1}; the first ${killed} against a hub that is killed`);
	const rest = runs - killed;
	const parts = Array.from({ length: INSIDE + 1 }, (_, part) => first + killed + Math.floor((rest * part) / INSIDE));
	const groups = [
		['outside', first, first + killed] as const,
		...parts.slice(1).map((to, part) => ['inside', parts[part] ?? to, to] as const),
	];
	const told = await Promise.all(groups.flatMap(([kind, from, to]) => (from < to ? [work(kind, from, to)] : [])));
	const counts = new Map<string, number>();
	for (const { counts: some } of told) for (const [what, n] of Object.entries(some)) counts.set(what, (counts.get(what) ?? 0) + n);
	for (const [what, n] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) say(`${String(n).padStart(7)}  ${what}`);
	const failures = told.flatMap((each) => each.failures);
	for (const { seed, message } of failures) say(`FAILED: seed ${seed}: ${message}`);
	const absent = runs >= ENOUGH ? MUST_HAPPEN.filter((what) => !counts.has(what)) : [];
	if (absent.length > 0) say(`FAILED: never happened: ${absent.join(', ')}`);
	const passed = counts.get('runs') ?? 0;
	say(`${passed} of ${runs} runs came to the same on both ends, ${Math.round((performance.now() - began) / 1000)} s`);
	return failures.length === 0 && absent.length === 0 && passed === runs ? 0 : 1;
}

process.exitCode = await main();
