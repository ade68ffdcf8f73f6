/** The whole catalogue over an imported population, and its join-type tests against the same joins in DuckDB. */
import { CATALOGUE, runTest, type TestRun } from '#audit';
import { racePeers } from './cataloguePeers.ts';
import { coldCopy, type Loaded, loadDrop } from './coldPopulation.ts';
import {
	collectGarbage,
	inCount,
	inMegabytes,
	inMs,
	inSeconds,
	type Measure,
	medianTimes,
	type Print,
	printTable,
	sizeFrom,
	type Times,
	timed,
} from './measure.ts';
import { sampleDrop } from './sampleDrop.ts';

const ROUNDS = 3;

const times = ({ wall, cpu }: Times): string[] => [inMs(wall), inMs(cpu)];

/** Every test once over one cold population: the first that needs an index builds it. */
async function benchWhole(print: Print, { population, evidence }: Loaded, orders: number): Promise<readonly Measure[]> {
	const rounds = sizeFrom('TIEOUT_BENCH_ROUNDS', ROUNDS);
	const runs = new Map<string, TestRun>();
	const taken = new Map<string, Times[]>(CATALOGUE.map(({ id }) => [id, []]));
	const wholes: Times[] = [];
	for (let round = 0; round < rounds; round++) {
		const cold = coldCopy(population);
		collectGarbage();
		const whole = { wall: 0, cpu: 0 };
		for (const test of CATALOGUE) {
			const { value, ...time } = await timed(() => runTest(test, cold, evidence));
			runs.set(test.id, value);
			taken.get(test.id)?.push(time);
			whole.wall += time.wall;
			whole.cpu += time.cpu;
		}
		wholes.push(whole);
	}
	const whole = medianTimes(wholes);
	const live = [...runs.values()].filter(({ verdict }) => verdict !== 'not_testable');
	const skipped = [...runs.values()].filter(({ verdict }) => verdict === 'not_testable').map(({ test }) => test.id);
	print(
		`whole catalogue over ${inCount(orders)} orders, one after another, indexes built by whoever needs them first; median of ${rounds}:`,
	);
	printTable(print, [
		['test', 'wall', 'CPU', 'tested', 'exceptions'],
		...[...runs.values()]
			.filter(({ test }) => (medianTimes(taken.get(test.id) ?? []).wall ?? 0) > whole.wall / 100)
			.map(({ test, tested, exceptions }) => [
				`${test.id} ${test.title}`,
				...times(medianTimes(taken.get(test.id) ?? [])),
				inCount(tested),
				inCount(exceptions.length),
			]),
		[`all ${live.length} tests`, ...times(whole), '', ''],
	]);
	print(`  (tests below a hundredth of the whole are not listed) not run here, as not testable: ${skipped.join(', ') || 'none'}`);
	const held = process.memoryUsage();
	print(`  memory with all indexes and derivations: ${inMegabytes(held.heapUsed + held.arrayBuffers)}`);
	return [
		{
			what: `whole catalogue (${live.length} tests) over ${inCount(orders)} orders`,
			measured: `${inSeconds(whole.wall)} wall, ${inSeconds(whole.cpu)} CPU`,
			ratio: null,
			goal: '',
			isMet: null,
		},
	];
}

export async function benchCatalogue(print: Print): Promise<readonly Measure[]> {
	const { dir, orders } = await sampleDrop(print);
	const loaded = await loadDrop(dir);
	return [...(await benchWhole(print, loaded, orders)), ...(await racePeers(print, dir, loaded))];
}
