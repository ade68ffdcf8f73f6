/**
 * What the hub declares at the broker, for one tenant: an exchange, a durable quorum queue a lane, queues in which messages wait for their next
 * try, and a queue of dead letters' copies. Queues belong to a tenant, so no message says whose it is.
 */
import type { Channel } from 'amqplib';
import type { Lane } from '../intakePort.ts';
import { LANES } from '../lanes.ts';

/** Waits between two tries of a message, in milliseconds: a queue each, because a queue gives messages back in their order only. */
const RETRY_LEVELS_MS: readonly number[] = [1_000, 5_000, 30_000, 120_000];

export interface Topology {
	/** Direct; the routing key is the lane. */
	readonly exchange: string;
	readonly queueOf: (lane: Lane) => string;
	/** @param level index into the waits */
	readonly retryQueueOf: (lane: Lane, level: number) => string;
	/** Fanout: a copy of every dead letter. */
	readonly deadExchange: string;
	readonly deadQueue: string;
	readonly retryLevelsMs: readonly number[];
}

export function topologyOf(tenant: string, prefix = 'tieout', retryLevelsMs = RETRY_LEVELS_MS): Topology {
	const base = `${prefix}.${tenant}`;
	return {
		exchange: `${base}.intake`,
		queueOf: (lane) => `${base}.intake.${lane}`,
		retryQueueOf: (lane, level) => `${base}.retry.${lane}.${level}`,
		deadExchange: `${base}.dead`,
		deadQueue: `${base}.dead`,
		retryLevelsMs,
	};
}

/** After so many deliveries without an answer the broker itself gives a message to the dead letters; the hub does so long before. */
const DELIVERY_LIMIT = 1_000;

/** Declares all of it; what is there already is left as it is. Rejects where it is there in another form. */
export async function declareTopology(channel: Channel, topology: Topology): Promise<void> {
	const { exchange, deadExchange, deadQueue, retryLevelsMs } = topology;
	await channel.assertExchange(exchange, 'direct', { durable: true });
	await channel.assertExchange(deadExchange, 'fanout', { durable: true });
	await channel.assertQueue(deadQueue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
	await channel.bindQueue(deadQueue, deadExchange, '');
	for (const lane of LANES) {
		await channel.assertQueue(topology.queueOf(lane), {
			durable: true,
			arguments: {
				'x-queue-type': 'quorum',
				'x-delivery-limit': DELIVERY_LIMIT,
				'x-dead-letter-exchange': deadExchange,
				...NOTHING_LOST,
			},
		});
		await channel.bindQueue(topology.queueOf(lane), exchange, lane);
		for (const [level, ttl] of retryLevelsMs.entries()) {
			await channel.assertQueue(topology.retryQueueOf(lane, level), {
				durable: true,
				arguments: {
					'x-queue-type': 'quorum',
					'x-message-ttl': ttl,
					'x-dead-letter-exchange': exchange,
					'x-dead-letter-routing-key': lane,
					...NOTHING_LOST,
				},
			});
		}
	}
}

/** The broker keeps a message until its next queue has confirmed it. */
const NOTHING_LOST = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' };
