/** A hub of its own process, fed: batches over HTTP, single events over RabbitMQ. An event counts once it is durable and under a signature. */
import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { utf8 } from '#kernel';
import { freePort } from '../../build/freePort.ts';
import { openPublisher } from '../../electron/hub/intake/amqp/openPublisher.ts';
import { topologyOf } from '../../electron/hub/intake/amqp/topology.ts';
import { BROKER, removeTopology } from '../electron/hub/intake/broker.ts';
import { askText, type HubProcess, startHub } from '../services/hubProcess.ts';
import { inQuarters, residentBytes, watchMemory } from './hubMemory.ts';
import { eventBatches, eventLine, orderBatches } from './hubTrade.ts';

const TENANT = 'bench';
/** Lines of a batch. */
export const BATCH = 1_000;
/** Batches under way at once: while one is being sealed, the next is decided. */
const AT_ONCE = 4;
/** Messages that wait for the broker's confirm at once. */
const UNCONFIRMED = 500;

export interface BenchHub {
	readonly process: HubProcess;
	readonly url: string;
	readonly auditor: string;
	/** Events in its log. */
	size(): Promise<number>;
	stop(): Promise<void>;
}

/** @param database null: the embedded engine, in the folder @param prefix of names at the broker; null: no broker */
export async function openBenchHub(data: string, database: string | null, prefix: string | null): Promise<BenchHub> {
	const hub = await startHub(
		[
			...['--data', data, '--port', await freePort(), '--tenant', TENANT, '--company', 'Bench', '--log', 'bench.example/o2c'],
			...['--token', 'producer:erp', '--token', 'auditor:ada'],
			...(database === null ? [] : ['--database', database]),
			...(prefix === null ? [] : ['--amqp', '--amqp-prefix', prefix]),
		],
		{ TIEOUT_HUB_AMQP_URL: BROKER, ...(process.env['TIEOUT_BENCH_PROFILE'] ? profiled(process.env['TIEOUT_BENCH_PROFILE']) : {}) },
	);
	const url = hub.told('Listening on');
	const auditor = hub.told('Token of ada (auditor):');
	return {
		process: hub,
		url,
		auditor,
		size: async () => Number((await askText(url, auditor, '/v1/logs/order_event/checkpoint')).split('\n')[1] ?? 0),
		stop: () => hub.stop(),
	};
}

const profiled = (folder: string): Record<string, string> => ({ NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` });

export interface Fed {
	readonly events: number;
	/** Milliseconds from the first byte to the last answer. */
	readonly wall: number;
	/** Of the hub, bytes at most in each quarter. */
	readonly memory: string;
}

/** Rows of the orders first, which do not count, then events. @param later events that come another way, whose orders must be there too */
export async function feedOverHttp(hub: BenchHub, events: number, later: number): Promise<Fed> {
	const send = sender(hub.url, hub.process.told('Token of erp (producer):'));
	await sendAll(orderBatches(events + later, BATCH), (body, no) => send(`rows-${no}`, body));
	const batches = [...eventBatches(0, events, BATCH)];
	const memory = watchMemory(() => residentBytes(hub.process.pid));
	const began = performance.now();
	await sendAll(batches, (body, no) => send(`events-${no}`, body));
	const wall = performance.now() - began;
	if ((await hub.size()) !== events) throw new Error(`the hub sealed ${await hub.size()} of ${events} events`);
	return { events, wall, memory: inQuarters(memory.end()) };
}

async function sendAll(batches: Iterable<Uint8Array>, send: (body: Uint8Array, no: number) => Promise<void>): Promise<void> {
	const left = batches[Symbol.iterator]();
	let no = 0;
	const worker = async (): Promise<void> => {
		for (let next = left.next(); !next.done; next = left.next()) await send(next.value, no++);
	};
	await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

function sender(url: string, token: string): (key: string, body: Uint8Array) => Promise<void> {
	const agent = new Agent({ keepAlive: true });
	const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' };
	return (key, body) =>
		new Promise((resolve, reject) => {
			const options = { agent, method: 'POST', headers: { ...headers, 'idempotency-key': key, 'content-length': body.length } };
			const call = request(new URL('/v1/ingest', url), options, (answer) => {
				const parts: Buffer[] = [];
				answer.on('data', (part: Buffer) => parts.push(part));
				answer.on('end', () => {
					const text = Buffer.concat(parts).toString('utf8');
					const { dead } = JSON.parse(text) as { dead?: readonly unknown[] };
					if (dead?.length === 0) resolve();
					else reject(new Error(`${answer.statusCode}: ${text.slice(0, 400)}`));
				});
			});
			call.on('error', reject);
			call.end(body);
		});
}

/** One event a message, after what is there already. From the first one sent until the last one is sealed. */
export async function feedOverAmqp(hub: BenchHub, prefix: string, events: number): Promise<Fed> {
	const topology = topologyOf(TENANT, prefix);
	const publisher = await openPublisher(BROKER, topology);
	try {
		const from = await hub.size();
		const messages = Array.from({ length: events }, (_, at) => utf8(eventLine(from + at)));
		const memory = watchMemory(() => residentBytes(hub.process.pid));
		const began = performance.now();
		for (let at = 0; at < events; at += UNCONFIRMED)
			await Promise.all(
				messages
					.slice(at, at + UNCONFIRMED)
					.map((bytes, within) => publisher.publish({ lane: 'order', messageId: `event-${from + at + within}`, bytes })),
			);
		while ((await hub.size()) < from + events) await sleep(50);
		return { events, wall: performance.now() - began, memory: inQuarters(memory.end()) };
	} finally {
		await publisher.close();
	}
}

/** Takes the bench's queues away, once no hub listens to them. */
export const forgetQueues = (prefix: string): Promise<void> => removeTopology(topologyOf(TENANT, prefix));
