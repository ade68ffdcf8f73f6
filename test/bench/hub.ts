/**
 * The hub at work: events taken in over HTTP and RabbitMQ, sealed and durable, on both engines, against the same rows put bare into the
 * same engine; and the first synchronisation of all of them into the window's encrypted store, against a plain download. Ratios
 * are of rates: ours divided by the peer's.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isChromiumHere } from '../browser/openApp.ts';
import { ENGINES, type TestDatabase } from '../electron/hub/database/engines.ts';
import { isBrokerThere, ownPrefix } from '../electron/hub/intake/broker.ts';
import { endAllHubs } from '../services/hubProcess.ts';
import { BATCH, type BenchHub, type Fed, feedOverAmqp, feedOverHttp, forgetQueues, openBenchHub } from './hubIntake.ts';
import { type BareRates, bareRates } from './hubPeer.ts';
import { firstSync, type Synced } from './hubSync.ts';
import { inCount, inMegabytes, inSeconds, type Measure, type Print, sizeFrom } from './measure.ts';

const EVENTS = 200_000;
/** Events over RabbitMQ, and rows of the bare peers: a part of all is enough for a rate. */
const PART = 5;

export async function benchHub(print: Print): Promise<readonly Measure[]> {
	const events = sizeFrom('TIEOUT_BENCH_EVENTS', EVENTS);
	const prefix = (await isBrokerThere()) ? ownPrefix() : null;
	if (prefix === null) print('  RabbitMQ SKIPPED: none answers at its usual port');
	const measures: Measure[] = [];
	for (const engine of ENGINES) {
		if (!engine.isThere) {
			print(`  ${engine.engine} SKIPPED: none answers at its usual port`);
			continue;
		}
		const [own, bare] = [await engine.create(), await engine.create()];
		try {
			measures.push(...(await benchEngine(print, engine.engine, own, bare, prefix, events)));
		} finally {
			await endAllHubs();
			await own.remove();
			await bare.remove();
		}
	}
	return measures;
}

async function benchEngine(
	print: Print,
	engine: 'pglite' | 'postgres',
	own: TestDatabase,
	bare: TestDatabase,
	prefix: string | null,
	events: number,
): Promise<readonly Measure[]> {
	const folder = mkdtempSync(join(tmpdir(), 'tieout-bench-hub-'));
	const part = Math.ceil(events / PART);
	print(`${engine}: ${inCount(events)} events in batches of ${inCount(BATCH)} …`);
	const peer = await bareRates(bare.name, part, BATCH);
	print(`  bare: COPY ${inCount(peer.copy)} rows/s, INSERT row by row ${inCount(peer.insert)} rows/s, a durable commit a batch`);
	try {
		const hub = await openBenchHub(folder, own.name, prefix);
		const http = await feedOverHttp(hub, events, part);
		printFed(print, 'HTTP', http);
		const amqp = prefix === null ? null : await feedOverAmqp(hub, prefix, part);
		if (amqp) printFed(print, 'RabbitMQ, an event a message', amqp);
		const synced = await syncedWith(print, hub, engine);
		await hub.stop();
		if (prefix !== null) await forgetQueues(prefix);
		return [...intakeMeasures(engine, http, amqp, peer), ...(synced ? syncMeasures(synced) : [])];
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** With the embedded engine only: readers never touch the database. */
async function syncedWith(print: Print, hub: BenchHub, engine: 'pglite' | 'postgres'): Promise<Synced | null> {
	if (engine !== 'pglite') return null;
	if (!isChromiumHere()) {
		print('  first synchronisation SKIPPED: there is no /usr/bin/chromium here');
		return null;
	}
	const synced = await firstSync(hub);
	print(`  synchronised ${inCount(synced.rows)} rows, ${inMegabytes(synced.bytes)}, into Chromium's window in ${inSeconds(synced.wall)}`);
	print(`    memory of the hub: ${synced.hubMemory}`);
	print(`    memory of the page's process: ${synced.windowMemory}; ${inMegabytes(synced.disk)} stored`);
	const { before, after } = synced.live;
	const each = Math.round((after - before) / synced.rows);
	print(`    alive in it: ${inMegabytes(before)} before, ${inMegabytes(after)} after, ${each} bytes a row: its columns and trees`);
	return synced;
}

const rateOf = ({ events, wall }: Fed): number => (events / wall) * 1000;

function printFed(print: Print, way: string, fed: Fed): void {
	print(`  ${way}: ${inCount(fed.events)} events sealed in ${inSeconds(fed.wall)}; memory of the hub: ${fed.memory}`);
}

function intakeMeasures(engine: string, http: Fed, amqp: Fed | null, peer: BareRates): Measure[] {
	const against = (what: string, ours: number, theirs: number): Measure => ({
		what,
		measured: `${inCount(ours)} : ${inCount(theirs)} rows/s`,
		ratio: ours / theirs,
		goal: '',
		isMet: null,
	});
	const ways = [['HTTP batches', http] as const, ...(amqp ? [['RabbitMQ, an event a message', amqp] as const] : [])];
	return ways.flatMap(([way, fed]) => [
		against(`hub: ${way} on ${engine}, sealed and durable, against bare COPY`, rateOf(fed), peer.copy),
		against('  against INSERT row by row', rateOf(fed), peer.insert),
	]);
}

function syncMeasures({ rows, wall, pages, plain }: Synced): Measure[] {
	const rate = (ms: number): number => (rows / ms) * 1000;
	const against = (what: string, peer: number): Measure => ({
		what,
		measured: `${inCount(rate(wall))} : ${inCount(rate(peer))} rows/s`,
		ratio: peer / wall,
		goal: '',
		isMet: null,
	});
	return [
		against(`hub: first synchronisation of ${inCount(rows)} rows, verified and stored, against a plain download`, plain),
		against('  against the same pages of the hub, thrown away', pages),
	];
}
