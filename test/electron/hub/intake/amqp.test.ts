import { gzipSync } from 'node:zlib';
import { connect, type GetMessage } from 'amqplib';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '#kernel';
import { type AmqpConsumer, type ConsumerOptions, openConsumer } from '../../../../electron/hub/intake/amqp/openConsumer.ts';
import { type AmqpPublisher, openPublisher } from '../../../../electron/hub/intake/amqp/openPublisher.ts';
import { type Topology, topologyOf } from '../../../../electron/hub/intake/amqp/topology.ts';
import { listDeadLetters, readDeadLetter } from '../../../../electron/hub/intake/deadLetterStore.ts';
import type { HubIntake } from '../../../../electron/hub/intake/hubIntake.ts';
import type { Lane } from '../../../../electron/hub/intake/intakePort.ts';
import { BROKER, isBrokerThere, type Line, openLine, ownPrefix, removeTopology, until } from './broker.ts';
import { orderEvent, revenueEvent } from './records.ts';
import { batchOf, NOON, openTestHub, type TestHub } from './support.ts';

const RETRIES = [20, 40];

describe.skipIf(!(await isBrokerThere()))('messages of RabbitMQ', () => {
	let hub: TestHub;
	let tenant: string;
	let topology: Topology;
	let prefix: string;
	let publisher: AmqpPublisher;
	let line: Line;
	let consumer: AmqpConsumer | null;

	beforeAll(async () => {
		hub = await openTestHub();
		line = await openLine();
	});
	afterAll(async () => {
		await line.close();
		await hub.close();
	});
	beforeEach(async () => {
		tenant = await hub.tenant();
		prefix = ownPrefix();
		topology = topologyOf(tenant, prefix, RETRIES);
		publisher = await openPublisher(BROKER, topology);
		consumer = null;
	});
	afterEach(async () => {
		await consumer?.close();
		await publisher.close();
		await removeTopology(topology);
	});

	const listen = async (options: Partial<ConsumerOptions> = {}): Promise<AmqpConsumer> => {
		consumer = openConsumer({
			url: line.url,
			tenant,
			principal: 'erp',
			intake: hub.intake,
			now: () => hub.clock.now,
			random: () => 0.5,
			prefix,
			retryLevelsMs: RETRIES,
			reconnect: { firstMs: 10, maxMs: 50 },
			...options,
		});
		await consumer.ready();
		return consumer;
	};
	let ids = 0;
	const send = (lines: readonly (object | string)[], lane: Lane = 'order', messageId = `m-${++ids}`) =>
		publisher.publish({ lane, messageId, bytes: batchOf(tenant, lines).bytes });
	const sealed = (table: 'order_event' | 'revenue_event' | 'hub_record' = 'order_event') =>
		hub.log.lines(tenant, table).map((text) => JSON.parse(text) as Record<string, unknown>);
	const letters = () => listDeadLetters(hub.database, tenant, null);
	/** Messages that are ready in a queue; those under way are not counted. */
	const waiting = async (queue: string): Promise<number> => {
		const connection = await connect(BROKER);
		const channel = await connection.createChannel();
		const { messageCount } = await channel.checkQueue(queue);
		await connection.close();
		return messageCount;
	};
	const deadCopies = async (): Promise<GetMessage[]> => {
		const connection = await connect(BROKER);
		const channel = await connection.createChannel();
		const copies: GetMessage[] = [];
		for (
			let copy = await channel.get(topology.deadQueue, { noAck: true });
			copy;
			copy = await channel.get(topology.deadQueue, { noAck: true })
		)
			copies.push(copy);
		await connection.close();
		return copies;
	};
	/** The hub's intake with something in front of it. */
	const inFront = (submit: HubIntake['submit']): HubIntake =>
		new Proxy(hub.intake, {
			get(target, name) {
				if (name === 'submit') return submit;
				const member: unknown = Reflect.get(target, name, target);
				return typeof member === 'function' ? member.bind(target) : member;
			},
		});

	it('are sealed once, and the broker is rid of them only then', async () => {
		await send([orderEvent('O1', 1), orderEvent('O1', 2)]);
		await send([revenueEvent('R1', 'O1')], 'revenue');
		const opened = await listen();
		await until(() => sealed().length === 2 && sealed('revenue_event').length === 1);
		await opened.close();
		expect([await waiting(topology.queueOf('order')), await waiting(topology.queueOf('revenue'))]).toEqual([0, 0]);
		expect(sealed('hub_record')).toMatchObject([{ channel: 'amqp' }, { channel: 'amqp' }]);
	});

	it('of a moment are taken as one batch, each with its own key', async () => {
		for (let seq = 1; seq <= 20; seq++) await send([orderEvent('O1', seq)], 'order', `seq-${seq}`);
		await send([orderEvent('O1', 7)], 'order', 'seq-7');
		await listen();
		await until(() => sealed().length === 20);
		await until(async () => (await hub.intake.usedKeys(tenant, 'erp', ['amqp:seq-20'])).get('amqp:seq-20')?.answer !== undefined);
		expect(sealed('hub_record').length).toBeLessThan(20);
		const used = await hub.intake.usedKeys(tenant, 'erp', ['amqp:seq-1', 'amqp:seq-20']);
		expect(used.size).toBe(2);
		expect(await letters()).toEqual([]);
	});

	it('packed as gzip are unpacked, with bounds', async () => {
		const bytes = gzipSync(batchOf(tenant, [orderEvent('O1', 1)]).bytes);
		await publisher.publish({ lane: 'order', messageId: 'packed', bytes, encoding: 'gzip' });
		await publisher.publish({ lane: 'order', messageId: 'bomb', bytes: gzipSync(new Uint8Array(40 << 20)), encoding: 'gzip' });
		await publisher.publish({ lane: 'order', messageId: 'no gzip', bytes: utf8('plain'), encoding: 'gzip' });
		await listen();
		await until(async () => sealed().length === 1 && (await letters()).length === 2);
		expect((await letters()).map(({ code }) => code)).toEqual(['unreadable_batch', 'unreadable_batch']);
	});

	it('with a bad line leave a dead letter, with a copy at the broker, and the other lines are taken', async () => {
		await send([orderEvent('O1', 1)]);
		await send([orderEvent('O1', 2), 'garbage', orderEvent('O1', 3)]);
		await listen();
		await until(() => sealed().length === 3);
		const [letter] = await letters();
		expect(letter).toMatchObject({ code: 'not_json', channel: 'amqp' });
		const copies: GetMessage[] = [];
		await until(async () => copies.push(...(await deadCopies())) > 0);
		expect(copies[0]?.content.toString()).toBe('garbage');
		expect(copies[0]?.properties).toMatchObject({ messageId: letter?.id, headers: { 'x-tieout-code': 'not_json' } });
	});

	it('without an id, or with the id of another, are set aside with their payload', async () => {
		await publisher.publish({ lane: 'order', messageId: '', bytes: batchOf(tenant, [orderEvent('O1', 1)]).bytes });
		await send([orderEvent('O2', 1)], 'order', 'same');
		await listen();
		await until(() => sealed().length === 1);
		await send([orderEvent('O3', 1)], 'order', 'same');
		await until(async () => (await letters()).length === 2);
		expect((await letters()).map(({ code }) => code).sort()).toEqual(['id_reused', 'not_identified']);
		for (const { id } of await letters())
			expect(Buffer.from((await readDeadLetter(hub.database, hub.vault, tenant, id))?.payload ?? []).toString()).toContain('order_event');
	});

	it('that declare what they do not hold are set aside whole', async () => {
		await send([orderEvent('O1', 1)]);
		await send(['{"batch":{"source_system":"erp","batch_no":1,"rows":2}}', orderEvent('O1', 2)]);
		await send(['{"batch":{"source_system":"erp","batch_no":2,"rows":1}}', orderEvent('O1', 2)]);
		await send(['{"batch":17}']);
		await listen();
		await until(async () => sealed().length === 2 && (await letters()).length === 2);
		expect((await letters()).map(({ code }) => code).sort()).toEqual(['batch_differs', 'unreadable_batch']);
	});

	it('wait and are tried again while the log can not be written', async () => {
		hub.log.faults.push('before', 'before', 'before', 'before');
		await send([orderEvent('O1', 1)]);
		await listen();
		await until(() => sealed().length === 1);
		expect(await letters()).toEqual([]);
	});

	it('that always fail are poison: set aside after their attempts, and the others are taken', async () => {
		const intake = inFront((batch, options) =>
			Buffer.from(batch.bytes).includes('poison') ? Promise.reject(new Error('a fault')) : hub.intake.submit(batch, options),
		);
		await send([orderEvent('O1', 1)]);
		await send([orderEvent('O2', 1, { reason_code: 'poison' })]);
		await send([orderEvent('O3', 1)]);
		await listen({ intake, maxAttempts: 3 });
		await until(async () => sealed().length === 2 && (await letters()).length === 1);
		const [letter] = await letters();
		expect(letter).toMatchObject({ code: 'poison_message', attempts: 3 });
		expect(Buffer.from((await readDeadLetter(hub.database, hub.vault, tenant, letter?.id ?? ''))?.payload ?? []).toString()).toContain(
			'poison',
		);
	});

	it('of the revenue lane are taken before a backlog of telemetry', async () => {
		const position = { table: 'fx_rate', record: { currency: 'EUR', quote: 'USD', rate: '1.1', source: 'ECB' } };
		for (let day = 0; day < 300; day++) {
			const on = new Date(NOON + day * 86_400_000).toISOString().slice(0, 10);
			await send([{ ...position, record: { ...position.record, on } }], 'telemetry');
		}
		await send([revenueEvent('R1', 'O1')], 'revenue');
		await listen();
		await until(async () => sealed('hub_record').reduce((rows, { rows: count }) => rows + Number(count), 0) === 301);
		const lanes = sealed('hub_record').map(({ lane }) => lane);
		expect(lanes.indexOf('revenue')).toBeLessThan(lanes.lastIndexOf('telemetry'));
	});

	it('survive a line that is cut again and again: every event once, every chain in order', async () => {
		const opened = await listen();
		const sending = (async () => {
			for (let seq = 1; seq <= 40; seq++) for (const order of ['O1', 'O2', 'O3']) await send([orderEvent(order, seq)]);
		})();
		for (const size of [5, 30, 60, 90, 110]) {
			await until(() => sealed().length >= size);
			line.cut(size === 60);
			if (size === 60) {
				await until(() => opened.status().failures >= 4);
				line.cut();
			}
			await until(() => opened.status().connected);
		}
		await sending;
		await until(() => sealed().length === 120);
		for (const order of ['O1', 'O2', 'O3'])
			expect(
				sealed()
					.filter(({ order_id }) => order_id === order)
					.map(({ order_seq }) => order_seq),
			).toEqual(Array.from({ length: 40 }, (_, at) => at + 1));
		expect(await letters()).toEqual([]);
		expect(opened.status().lastFailure).not.toBeNull();
	});

	it('that were sealed but not acknowledged when the line broke are not taken twice', async () => {
		let cuts = 0;
		const intake = inFront(async (batch, options) => {
			const answer = await hub.intake.submit(batch, options);
			if (cuts++ === 0) line.cut();
			return answer;
		});
		await send([
			{ table: 'fx_rate', record: { currency: 'EUR', quote: 'USD', on: '2026-01-01', rate: '1.1', source: 'ECB' } },
			orderEvent('O1', 1),
		]);
		const opened = await listen({ intake });
		await until(() => opened.status().failures > 0);
		await opened.ready();
		await send([orderEvent('O1', 2)]);
		await until(() => sealed().length === 2);
		expect(sealed('hub_record')).toHaveLength(2);
		expect(await hub.database.query('SELECT revision FROM table_row WHERE tenant = $1', [tenant])).toEqual([{ revision: 1n }]);
	});

	it('that were under way when the hub closed are finished first', async () => {
		let release: () => void = () => undefined;
		const gate = new Promise<void>((resolve) => {
			release = resolve;
		});
		let isUnderWay = false;
		const intake = inFront(async (batch, options) => {
			isUnderWay = true;
			await gate;
			return hub.intake.submit(batch, options);
		});
		await send([orderEvent('O1', 1)]);
		const opened = await listen({ intake });
		await until(() => isUnderWay);
		const closing = opened.close();
		release();
		await closing;
		expect(sealed()).toHaveLength(1);
		expect(await waiting(topology.queueOf('order'))).toBe(0);
	});

	it('are no reason to start where no broker answers: the hub goes on trying and says why', async () => {
		const refused = openConsumer({
			url: 'amqp://guest:secret@127.0.0.1:1',
			tenant,
			principal: 'erp',
			intake: hub.intake,
			now: () => NOON,
			random: () => 0,
			reconnect: { firstMs: 1, maxMs: 2 },
		});
		await until(() => refused.status().failures > 2);
		expect(refused.status()).toMatchObject({ connected: false, lastFailure: 'ECONNREFUSED' });
		await refused.close();
	});
});
