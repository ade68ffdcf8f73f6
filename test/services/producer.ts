/** A company's systems that send orders through RabbitMQ, and an account of what a hub must have sealed when all of it has arrived. */
import { utf8 } from '#kernel';
import { type AmqpPublisher, openPublisher } from '../../electron/hub/intake/amqp/openPublisher.ts';
import { type Topology, topologyOf } from '../../electron/hub/intake/amqp/topology.ts';
import type { Lane } from '../../electron/hub/intake/intakePort.ts';
import { BROKER } from '../electron/hub/intake/broker.ts';
import { orderEvent, orderRow, revenueEvent } from '../electron/hub/intake/records.ts';

export interface Producer {
	readonly topology: Topology;
	/** Sends one message. Resolves once the broker has confirmed it. */
	send(messageId: string, lane: Lane, lines: readonly object[]): Promise<void>;
	/** Sends bytes as they are. */
	sendRaw(messageId: string, lane: Lane, bytes: Uint8Array): Promise<void>;
	close(): Promise<void>;
}

export async function openProducer(tenant: string, prefix: string): Promise<Producer> {
	const topology = topologyOf(tenant, prefix);
	const publisher: AmqpPublisher = await openPublisher(BROKER, topology);
	const sendRaw = (messageId: string, lane: Lane, bytes: Uint8Array) => publisher.publish({ lane, messageId, bytes });
	return {
		topology,
		sendRaw,
		send: (messageId, lane, lines) => sendRaw(messageId, lane, utf8(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))),
		close: () => publisher.close(),
	};
}

/** Which events a run sends, by order; each order also has its row and one revenue event. */
export interface Trade {
	readonly orders: readonly string[];
	readonly eventsEach: number;
}

/** The orders' rows, before anything is said about them. */
export const sendOrders = (producer: Producer, { orders }: Trade): Promise<unknown> =>
	Promise.all(orders.map((order) => producer.send(`row-${order}`, 'order', [orderRow(order, { entity_id: 'NW-US', currency: 'USD' })])));

/**
 * Event by event, a message each, in all orders at once; every tenth message twice, as after a confirm that was lost.
 * @param from number of the first event of each order that is sent, from 1 @param to number of the last
 */
export async function sendEvents(producer: Producer, { orders, eventsEach }: Trade, from: number, to: number): Promise<void> {
	for (let seq = from; seq <= to; seq++) {
		const sent = orders.map(async (order, at) => {
			const event = orderEvent(order, seq, { source_seq: seq, source_system: `erp-${order}` });
			await producer.send(`${order}-${seq}`, 'order', [event]);
			if ((at + seq) % 10 === 0) await producer.send(`${order}-${seq}`, 'order', [event]);
			if (seq === eventsEach) await producer.send(`rev-${order}`, 'revenue', [revenueEvent(`REV-${order}`, order)]);
		});
		await Promise.all(sent);
	}
}
