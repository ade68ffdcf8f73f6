/** Import of a drop to columns: bytes on disk to a verified population, against JSON.parse of the same lines. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { ImportReport, ParseReport } from './importChild.ts';
import { inCount, inMegabytes, inSeconds, type Measure, median, medianTimes, type Print, printTable, sizeFrom } from './measure.ts';
import { sampleDrop } from './sampleDrop.ts';

const ROUNDS = 3;
const MILLION_ORDERS = 1_000_000;
const FIVE_MILLION_EVENTS = 5_000_000;
const GOAL_BYTES = 1e9;

const child = fileURLToPath(new URL('importChild.ts', import.meta.url));

async function inChild<R>(what: 'import' | 'parse', dir: string): Promise<R> {
	const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=8192', child, what, dir], { maxBuffer: 1 << 24 });
	return JSON.parse(stdout) as R;
}

export async function benchImport(print: Print): Promise<readonly Measure[]> {
	const { dir, orders } = await sampleDrop(print);
	const rounds = sizeFrom('TIEOUT_BENCH_ROUNDS', ROUNDS);
	const imports: ImportReport[] = [];
	const parses: ParseReport[] = [];
	for (let round = 0; round < rounds; round++) {
		parses.push(await inChild<ParseReport>('parse', dir));
		imports.push(await inChild<ImportReport>('import', dir));
	}
	const [first] = imports;
	if (!first) throw new Error('at least one round was run');
	const ours = medianTimes(imports.map(({ times }) => times));
	const bare = medianTimes(parses.map(({ times }) => times));
	const peak = median(imports.map(({ peakBytes }) => peakBytes));
	const perRow = (first.columnBytes + first.dictionaryBytes) / first.rows;
	const perOrder = (first.columnBytes + first.dictionaryBytes) / orders;
	const coreBytes = first.bytesPerOrder * MILLION_ORDERS + first.bytesPerEvent * FIVE_MILLION_EVENTS;
	const rate = (first.rows / ours.wall) * 1000;
	print(
		`import of ${inCount(first.rows)} rows, ${inMegabytes(first.bytes)}, ${(first.rows / orders).toFixed(0)} rows an order; ${first.quarantined} lines set aside; median of ${rounds}:`,
	);
	printTable(print, [
		['', 'wall', 'CPU', 'rows/s', 'MB/s'],
		...[
			['import: hashed, to columns, logs verified', ours, first] as const,
			['bare JSON.parse of every line', bare, parses[0] ?? first] as const,
		].map(([name, { wall, cpu }, { rows, bytes }]) => [
			name,
			inSeconds(wall),
			inSeconds(cpu),
			inCount((rows / wall) * 1000),
			inCount(bytes / 1e3 / wall),
		]),
	]);
	print(
		`  clock by phase: ${Object.entries(first.phases)
			.map(([phase, ms]) => `${phase} ${inSeconds(ms)}`)
			.join(', ')}`,
	);
	print(
		`  memory: columns ${inMegabytes(first.columnBytes)} + dictionaries ${inMegabytes(first.dictionaryBytes)} = ${perRow.toFixed(1)} bytes a row, ${inCount(perOrder)} an order; held after import ${inMegabytes(first.heldBytes)}; peak ${inMegabytes(peak)}`,
	);
	printTable(print, [
		['table', 'rows', 'column bytes a row'],
		...first.tables
			.filter(({ rows }) => rows > first.rows / 200)
			.map(({ name, rows, bytes }) => [name, inCount(rows), (bytes / rows).toFixed(1)]),
	]);
	print(
		`  a million such orders, ${inCount((first.rows / orders) * MILLION_ORDERS)} rows in all, would take ${inMegabytes(perOrder * MILLION_ORDERS)} of columns and dictionaries by this measure`,
	);
	return [
		{
			what: `import of ${inCount(orders)} orders`,
			measured: `${inCount(rate)} rows/s, ${perRow.toFixed(1)} bytes/row, peak ${inMegabytes(peak)}`,
			ratio: null,
			goal: '',
			isMet: null,
		},
		{
			what: '  its CPU time against bare JSON.parse of every line',
			measured: `${inSeconds(ours.cpu)} : ${inSeconds(bare.cpu)}`,
			ratio: ours.cpu / bare.cpu,
			goal: '',
			isMet: null,
		},
		{
			what: '  columns of a million orders with lines and five million events',
			measured: inMegabytes(coreBytes),
			ratio: null,
			goal: `≤ ${inMegabytes(GOAL_BYTES)}`,
			isMet: coreBytes <= GOAL_BYTES,
		},
		{
			what: `  with all else the sample holds, ${inCount((first.rows / orders) * MILLION_ORDERS)} rows`,
			measured: inMegabytes(perOrder * MILLION_ORDERS),
			ratio: null,
			goal: '',
			isMet: null,
		},
	];
}
