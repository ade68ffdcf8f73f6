/** The same hub on a real PostgreSQL, fed by a real RabbitMQ: killed, cut off, sent nonsense, and pulled from by an auditor afterwards. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { utf8 } from '#kernel';
import { freePort } from '../../build/freePort.ts';
import { ENGINES, type TestDatabase } from '../electron/hub/database/engines.ts';
import { isBrokerThere, type Line, openLine, ownPrefix, removeTopology, until } from '../electron/hub/intake/broker.ts';
import { must } from '../sync/station.ts';
import { connectByPaper, listedFindings, pullEvidence, workOffline } from './auditorsDay.ts';
import { ask, askText, endAllHubs, type HubProcess, publicationWith, startHub } from './hubProcess.ts';
import { openProducer, type Producer, sendEvents, sendOrders, type Trade } from './producer.ts';

const ORDERS = 500;
const TENANT = 'northwind';
const TITLE = 'Revenue before acceptance';
const TRADE: Trade = { orders: Array.from({ length: 12 }, (_, at) => `SO-MQ-${at}`), eventsEach: 25 };
const EVENTS = TRADE.orders.length * TRADE.eventsEach;
const LIMIT_MS = 900_000;

const postgres = ENGINES.find(({ engine }) => engine === 'postgres');
const areThere = postgres?.isThere === true && (await isBrokerThere());

describe.skipIf(!areThere)('the hub with the made-up company, on PostgreSQL and RabbitMQ', () => {
	const data = mkdtempSync(join(tmpdir(), 'tieout-service-'));
	const prefix = ownPrefix();
	let database: TestDatabase;
	let line: Line;
	let producer: Producer;
	let demo: HubProcess;
	let hub: HubProcess;
	let port: string;
	/** Events of the sample. */
	let before = 0;

	const start = (more: readonly string[]): Promise<HubProcess> =>
		startHub(['--data', data, '--port', port, '--database', database.name, '--amqp', '--amqp-prefix', prefix, ...more], {
			TIEOUT_HUB_AMQP_URL: line.url,
		});
	const restart = () => start(['--tenant', TENANT, '--token', 'compliance:cleo']);
	const asAuditor = (path: string): Promise<string> => askText(demo.told('URL'), demo.told('Token'), path);
	const sizeOf = async (table: string): Promise<number> => Number((await asAuditor(`/v1/logs/${table}/checkpoint`)).split('\n')[1]);
	const linesOf = async (table: string, from: number): Promise<readonly Readonly<Record<string, unknown>>[]> => {
		const lines: Readonly<Record<string, unknown>>[] = [];
		const to = await sizeOf(table);
		while (from + lines.length < to) {
			const page = await asAuditor(`/v1/logs/${table}/lines?from=${from + lines.length}&to=${to}`);
			for (const text of page.split('\n')) if (text !== '') lines.push(JSON.parse(text));
		}
		return lines;
	};
	const waitingIn = async (queue: string): Promise<number> => {
		const connection = await connect(line.url);
		const channel = await connection.createChannel();
		const { messageCount } = await channel.checkQueue(queue);
		await connection.close();
		return messageCount;
	};

	beforeAll(async () => {
		if (!postgres) throw new Error('the contract tests know PostgreSQL');
		[database, line, port] = await Promise.all([postgres.create(), openLine(), freePort()]);
		demo = await start(['--demo', '--orders', String(ORDERS)]);
		hub = demo;
		before = await sizeOf('order_event');
		producer = await openProducer(TENANT, prefix);
	}, LIMIT_MS);
	afterAll(async () => {
		await endAllHubs();
		if (producer) await removeTopology(producer.topology);
		await producer?.close();
		await line?.close();
		await database?.remove();
		rmSync(data, { recursive: true, force: true });
	}, LIMIT_MS);

	it('killed twice in the middle and cut off once, seals every confirmed event once and in its place', { timeout: LIMIT_MS }, async () => {
		await sendOrders(producer, TRADE);
		const sending: Promise<void>[] = [];
		for (const [from, to] of [
			[1, 10],
			[11, 20],
		] as const) {
			// The second ten are sent while the hub comes back. More are still to come at either kill, so it never ends at rest.
			const sealed = before + from * TRADE.orders.length;
			sending.push(sendEvents(producer, TRADE, from, to));
			await until(async () => (await sizeOf('order_event')) > sealed);
			await hub.kill();
			hub = await restart();
		}
		sending.push(sendEvents(producer, TRADE, 21, TRADE.eventsEach));
		line.cut();
		await Promise.all(sending);
		await until(
			async () => (await sizeOf('order_event')) >= before + EVENTS && (await waitingIn(producer.topology.queueOf('order'))) === 0,
		);
		const sealed = await linesOf('order_event', before);
		expect(sealed.length).toBe(EVENTS);
		for (const order of TRADE.orders) {
			const own = sealed.filter(({ order_id }) => order_id === order);
			expect(own.map(({ order_seq, event_id }) => [order_seq, event_id])).toEqual(
				Array.from({ length: TRADE.eventsEach }, (_, at) => [at + 1, `${order}-ev${at + 1}`]),
			);
		}
		const revenue = (await linesOf('revenue_event', 0)).filter(({ revenue_id }) => String(revenue_id).startsWith('REV-SO-MQ-'));
		expect(revenue.length).toBe(TRADE.orders.length);
		expect(await ask(hub.told('Listening on'), hub.told('Token of cleo (compliance):'), '/v1/dead-letters?state=open')).toMatchObject({
			dead_letters: [],
		});
	});

	it('sets a message that is no record aside, with its payload, and goes on with the next', { timeout: LIMIT_MS }, async () => {
		const size = await sizeOf('order_event');
		const [order = ''] = TRADE.orders;
		await producer.sendRaw('poison', 'order', utf8('{"table":"order_event","record":{"order_id":'));
		await producer.send('after-poison', 'order', [
			{ table: 'order_event', record: { ...(await linesOf('order_event', size - 1))[0], ...NEXT, order_id: order, prev: undefined } },
		]);
		await until(async () => (await sizeOf('order_event')) === size + 1);
		expect(await ask(hub.told('Listening on'), hub.told('Token of cleo (compliance):'), '/v1/dead-letters?state=open')).toMatchObject({
			dead_letters: [{ code: 'not_json', channel: 'amqp' }],
		});
		await until(async () => (await waitingIn(producer.topology.deadQueue)) === 1);
	});

	it('gives an auditor all of it, verified, and lists the finding that was written while it was away', { timeout: LIMIT_MS }, async () => {
		await publicationWith(demo.told('URL'), demo.told('Token'), before + EVENTS + 1);
		const day = await connectByPaper(demo);
		const evidence = await pullEvidence(day);
		expect(evidence.lines['sales_order']).toBeGreaterThanOrEqual(ORDERS + TRADE.orders.length);
		expect(evidence.lines['order_event']).toBe(before + EVENTS + 1);
		expect(evidence).toMatchObject({
			verdicts: { sealed: { order_event: 'verified', revenue_event: 'verified' }, plain: ['as_declared'] },
			differing: 0,
		});
		await hub.stop();
		const worked = await workOffline(day, TITLE);
		expect(worked.exceptions).toBeGreaterThan(0);
		hub = await restart();
		must(await day.station.papers.exchange());
		expect(await listedFindings(day)).toMatchObject({ findings: [{ finding_id: worked.findingId, fields: { title: TITLE } }] });
		await hub.stop();
		day.station.close();
	});
});

/** One more event of the first order. */
const NEXT = { event_id: 'EV-AFTER-POISON', order_seq: TRADE.eventsEach + 1, source_seq: TRADE.eventsEach + 1 } as const;
