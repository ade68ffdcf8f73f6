/** The join-type tests of the catalogue, each on a population without indexes, against the same joins in DuckDB. */
import type { DuckDBConnection } from '@duckdb/node-api';
import { type AuditTest, runTest, type TestRun, testById } from '#audit';
import { compareText } from '#kernel';
import { PEER_QUERIES, PEER_TABLES, type PeerQuery } from './catalogueSql.ts';
import { coldCopy, type Loaded } from './coldPopulation.ts';
import { addCalendarTables, loadDuckTables } from './duckTables.ts';
import { inMs, inSeconds, inTimes, type Measure, type Print, printTable, race, sizeFrom, type Times, timed } from './measure.ts';

const ROUNDS = 5;
const GOAL = 1.5;

interface Raced {
	readonly own: Times;
	/** With DuckDB's standard number of threads. */
	readonly peer: Times;
	/** With one thread, as our own code has. */
	readonly single: Times;
}

interface RacedTest extends Raced {
	readonly id: string;
	readonly mine: readonly string[];
	readonly theirs: readonly string[];
}

export async function racePeers(print: Print, dir: string, loaded: Loaded): Promise<readonly Measure[]> {
	const { value: connection, wall: loading } = await timed(() => loadDuckTables(dir, PEER_TABLES));
	print(`join-type tests against DuckDB, ${PEER_TABLES.length} tables loaded by it in ${inSeconds(loading)} (not counted)`);
	await addCalendarTables(connection, loaded.population, daysOf('T01', 'grace_days'), daysOf('T03', 'days'));
	const threads = await threadsOf(connection);
	const rounds = sizeFrom('TIEOUT_BENCH_ROUNDS', ROUNDS);
	const raced: RacedTest[] = [];
	for (const query of PEER_QUERIES) {
		const test = testById(query.test);
		if (test) raced.push(await raceOne(test, query, loaded, connection, threads, rounds));
		else print(`  SKIPPED: ${query.test} is not in the catalogue`);
	}
	print(
		`  each test on a cold population, all its indexes to be built; DuckDB with ${threads} threads and with one; median of ${rounds} interleaved rounds:`,
	);
	printRaces(print, raced);
	const differing = raced.filter(({ mine, theirs }) => mine.join('\n') !== theirs.join('\n'));
	if (differing.length > 0) {
		const found = differing.map(({ id, mine, theirs }) => `${id}: ${mine.join(' ')} here, ${theirs.join(' ')} there`);
		throw new Error(`the two sides name other subjects, so the comparison is void: ${found.join('; ')}`);
	}
	return measuresOf(raced, threads);
}

const daysOf = (id: string, name: string): number => Number(testById(id)?.parameters.find((parameter) => parameter.name === name)?.default);

async function threadsOf(connection: DuckDBConnection): Promise<number> {
	const [row] = (await connection.runAndReadAll("SELECT current_setting('threads') AS threads")).getRowObjects();
	return Number(row?.['threads']);
}

async function raceOne(
	test: AuditTest,
	{ keys, sql }: PeerQuery,
	{ population, evidence }: Loaded,
	connection: DuckDBConnection,
	threads: number,
	rounds: number,
): Promise<RacedTest> {
	let cold = coldCopy(population);
	let run: TestRun = runTest(test, cold, evidence);
	let rows: readonly Readonly<Record<string, unknown>>[] = [];
	const query = async (): Promise<void> => {
		rows = (await connection.runAndReadAll(sql)).getRowObjects();
	};
	const [own, peer, single] = await race(
		[
			{
				prepare: () => {
					cold = coldCopy(population);
				},
				work: () => {
					run = runTest(test, cold, evidence);
				},
			},
			{ prepare: () => connection.run(`SET threads = ${threads}`), work: query },
			{ prepare: () => connection.run('SET threads = 1'), work: query },
		],
		rounds,
	);
	const mine = keyTexts(
		run.exceptions.map((exception) => exception.keys),
		keys,
	);
	return { id: test.id, own: own as Times, peer: peer as Times, single: single as Times, mine, theirs: keyTexts(rows, keys) };
}

const keyTexts = (rows: readonly Readonly<Record<string, unknown>>[], keys: readonly string[]): string[] =>
	[...new Set(rows.map((row) => keys.map((key) => String(row[key])).join('/')))].sort(compareText);

function printRaces(print: Print, raced: readonly RacedTest[]): void {
	printTable(print, [
		['test', 'wall', 'CPU', 'DuckDB', 'CPU', 'DuckDB/1', 'CPU', 'ratio', 'ratio/1', 'CPU ratio', 'same subjects'],
		...raced.map(({ id, mine, theirs, ...times }) => [
			id,
			...cells(times),
			mine.join('\n') === theirs.join('\n') ? `yes, ${mine.length}` : 'NO',
		]),
		['all', ...cells(sum(raced)), ''],
	]);
}

const cells = ({ own, peer, single }: Raced): string[] => [
	...[own, peer, single].flatMap(({ wall, cpu }) => [inMs(wall), inMs(cpu)]),
	inTimes(own.wall / peer.wall),
	inTimes(own.wall / single.wall),
	inTimes(own.cpu / peer.cpu),
];

function sum(raced: readonly Raced[]): Raced {
	const total = (times: readonly Times[]): Times => ({
		wall: times.reduce((all, { wall }) => all + wall, 0),
		cpu: times.reduce((all, { cpu }) => all + cpu, 0),
	});
	return {
		own: total(raced.map(({ own }) => own)),
		peer: total(raced.map(({ peer }) => peer)),
		single: total(raced.map(({ single }) => single)),
	};
}

/** One line a test, judged on the processor's time: a peer of two threads must not win by the second core, nor lose to a busy machine. */
function measuresOf(raced: readonly RacedTest[], threads: number): Measure[] {
	const all = sum(raced);
	return [
		...raced.map(({ id, own, peer }) => ({
			what: `${id} cold, CPU against DuckDB`,
			measured: `${inMs(own.cpu)} : ${inMs(peer.cpu)}`,
			ratio: own.cpu / peer.cpu,
			goal: `≤ ${GOAL} ×`,
			isMet: own.cpu / peer.cpu <= GOAL,
		})),
		{
			what: `all of them, wall against DuckDB on ${threads} threads`,
			measured: `${inMs(all.own.wall)} : ${inMs(all.peer.wall)}`,
			ratio: all.own.wall / all.peer.wall,
			goal: `≤ ${GOAL} ×`,
			isMet: all.own.wall / all.peer.wall <= GOAL,
		},
		{
			what: 'all of them, wall against DuckDB on one thread',
			measured: `${inMs(all.own.wall)} : ${inMs(all.single.wall)}`,
			ratio: all.own.wall / all.single.wall,
			goal: `≤ ${GOAL} ×`,
			isMet: all.own.wall / all.single.wall <= GOAL,
		},
	];
}
