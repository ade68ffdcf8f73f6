/** Imports a drop in a process of its own, so that its peak of memory is the import's alone, and prints what it took as JSON. */
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { Population } from '#population';
import { importDrop } from '../../electron/services/nodeIntake.ts';
import { openDrop } from '../../electron/services/openDrop.ts';
import { codedColumns } from './coldPopulation.ts';
import { collectGarbage, type Times, timed } from './measure.ts';

export interface ImportReport {
	readonly times: Times;
	/** Milliseconds of the clock by what was being read. */
	readonly phases: Readonly<Record<string, number>>;
	readonly rows: number;
	readonly bytes: number;
	readonly quarantined: number;
	/** Columns, dictionaries and their sum, of `tables`. */
	readonly columnBytes: number;
	readonly dictionaryBytes: number;
	/** Columns and dictionaries of orders with their lines, and of events, each a row of theirs. */
	readonly bytesPerOrder: number;
	readonly bytesPerEvent: number;
	readonly tables: readonly { readonly name: string; readonly rows: number; readonly bytes: number }[];
	/** Array buffers and heap after a collection, with everything the import keeps. */
	readonly heldBytes: number;
	readonly peakBytes: number;
}

export interface ParseReport {
	readonly times: Times;
	readonly rows: number;
	readonly bytes: number;
}

async function importOnce(dir: string): Promise<ImportReport> {
	const phases: Record<string, number> = {};
	let phase = 'listing';
	let since = performance.now();
	const enter = (name: string): void => {
		const now = performance.now();
		phases[phase] = (phases[phase] ?? 0) + now - since;
		phase = name;
		since = now;
	};
	const { value, ...times } = await timed(() => openAndImport(dir, enter));
	enter('end');
	const { tables, bytes, byteLength, kept } = value;
	collectGarbage();
	const { heapUsed, arrayBuffers } = process.memoryUsage();
	const report = {
		times,
		phases,
		rows: tables.reduce((sum, table) => sum + table.rows, 0),
		bytes,
		quarantined: tables.reduce((sum, table) => sum + table.quarantined, 0),
		columnBytes: tables.reduce((sum, table) => sum + table.bytes, 0),
		dictionaryBytes: byteLength - tables.reduce((sum, table) => sum + table.bytes, 0),
		tables,
		...coreBytes(kept.population),
		heldBytes: heapUsed + arrayBuffers,
		peakBytes: process.resourceUsage().maxRSS * 1024,
	};
	// The drop is held up to here, or the collection above would have swept it.
	if (kept.manifest.tables.length === 0) throw new Error('the drop has tables');
	return report;
}

async function openAndImport(dir: string, enter: (phase: string) => void) {
	const source = await openDrop(dir);
	if (!source.ok) throw new Error(source.error.message);
	let bytes = 0;
	const imported = await importDrop(source.value, {
		onProgress: ({ phase, table, bytesTotal }) => {
			bytes = bytesTotal;
			enter(table === null ? phase : 'tables');
		},
	});
	await source.value.close();
	if (!imported.ok) throw new Error(imported.error.message);
	const { population } = imported.value;
	const tables = [...population.tables()].map((table) => ({
		name: table.schema.name,
		rows: table.rows,
		bytes: table.byteLength,
		quarantined: table.quarantine.length,
	}));
	return { kept: imported.value, tables, bytes, byteLength: population.byteLength };
}

/** What a million orders and their events take, whatever else a company hands over. */
function coreBytes(population: Population): { readonly bytesPerOrder: number; readonly bytesPerEvent: number } {
	const [orders, lines, events] = [population.table('sales_order'), population.table('sales_order_line'), population.table('order_event')];
	const dictionaries = new Map(
		[orders, lines].flatMap((table) => codedColumns(table.schema).map(({ name, domain }) => [domain, table.dictionary(name).byteLength])),
	);
	const ofOrders = [...dictionaries.values()].reduce((sum, bytes) => sum + bytes, orders.byteLength + lines.byteLength);
	return {
		bytesPerOrder: ofOrders / orders.rows,
		bytesPerEvent: (events.byteLength + events.dictionary('event_id').byteLength) / events.rows,
	};
}

/** The plainest reader there is: every line through JSON.parse, and nothing kept of it. */
async function parseOnce(dir: string): Promise<ParseReport> {
	let rows = 0;
	let bytes = 0;
	const { wall, cpu } = await timed(async () => {
		for (const name of await readdir(`${dir}/data`)) {
			let rest = '';
			for await (const chunk of createReadStream(`${dir}/data/${name}`, { encoding: 'utf8', highWaterMark: 1 << 18 })) {
				const lines = (rest + chunk).split('\n');
				rest = lines.pop() ?? '';
				for (const line of lines) {
					const record = JSON.parse(line) as object;
					if (record) rows++;
					bytes += line.length + 1;
				}
			}
		}
	});
	return { times: { wall, cpu }, rows, bytes };
}

const [what = '', dir = ''] = process.argv.slice(2);
process.stdout.write(JSON.stringify(what === 'import' ? await importOnce(dir) : await parseOnce(dir)));
