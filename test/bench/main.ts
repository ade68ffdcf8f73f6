/**
 * `npm run bench`: everything measured in one run, as ratios to a peer on the same data. `npm run bench -- verify import` chooses.
 * Sizes can be made smaller for a quick look: TIEOUT_BENCH_LINES, _ORDERS, _PAGES, and _ROUNDS; goals are set for the full ones. `npm run bench -- hub --events 1000000`
 * sets the events of the hub's bench.
 */
import { parseArgs } from 'node:util';
import { benchCatalogue } from './catalogue.ts';
import { benchHub } from './hub.ts';
import { benchImport } from './import.ts';
import { inTimes, type Measure, machineFacts, type Print, printTable } from './measure.ts';
import { benchOrderList } from './orderList.ts';
import { benchPack } from './pack.ts';
import { benchVerify } from './verify.ts';
import { benchWindow } from './window.ts';
import { benchWindowList } from './windowList.ts';

const BENCHES: Readonly<Record<string, (print: Print) => Promise<readonly Measure[]>>> = {
	verify: benchVerify,
	import: benchImport,
	catalogue: benchCatalogue,
	pack: benchPack,
	orders: benchOrderList,
	window: benchWindow,
	'window-list': benchWindowList,
	hub: benchHub,
};

/** Goals are for the full sizes. */
const isJudged = !['LINES', 'ORDERS', 'PAGES'].some((size) => process.env[`TIEOUT_BENCH_${size}`] !== undefined);

const print: Print = (line) => void process.stdout.write(`${line}\n`);

/** Ends with 1 where a goal was missed. */
async function main(chosen: readonly string[]): Promise<number> {
	const unknown = chosen.find((name) => !(name in BENCHES));
	if (unknown !== undefined) {
		process.stderr.write(`bench: ${unknown} is none of ${Object.keys(BENCHES).join(', ')}\n`);
		return 2;
	}
	print(`machine: ${machineFacts()}`);
	const measures: Measure[] = [];
	for (const [name, bench] of Object.entries(BENCHES)) {
		if (chosen.length > 0 && !chosen.includes(name)) continue;
		print(`\n=== ${name}`);
		measures.push(...(await bench(print)));
	}
	print(`\n=== result on ${machineFacts()}`);
	printTable(print, [
		['', 'measured', 'ratio', 'goal', ''],
		...measures.map(({ what, measured, ratio, goal, isMet }) => [
			what,
			measured,
			ratio === null ? '' : inTimes(ratio),
			goal,
			isMet === null ? '' : !isJudged ? 'not judged' : isMet ? 'met' : 'MISSED',
		]),
	]);
	return isJudged && measures.some(({ isMet }) => isMet === false) ? 1 : 0;
}

const { values, positionals } = parseArgs({ options: { events: { type: 'string' } }, allowPositionals: true });
if (values.events !== undefined) process.env['TIEOUT_BENCH_EVENTS'] = values.events;
process.exitCode = await main(positionals);
