/** Sends batches to a hub through RabbitMQ, as a producer does: persistent, routed by lane, answered by the broker's confirm. */
import { connect } from 'amqplib';
import type { Lane } from '../intakePort.ts';
import { declareTopology, type Topology } from './topology.ts';

interface OutgoingMessage {
	readonly lane: Lane;
	/** Names the message for ever: a second one with this id is the same one. */
	readonly messageId: string;
	/** NDJSON. */
	readonly bytes: Uint8Array;
	readonly traceparent?: string;
	readonly encoding?: 'gzip';
}

export interface AmqpPublisher {
	/** Resolves once the broker has the message durably and in a queue. */
	publish(message: OutgoingMessage): Promise<void>;
	close(): Promise<void>;
}

/** @param url may hold a password, and is never shown */
export async function openPublisher(url: string, topology: Topology): Promise<AmqpPublisher> {
	const connection = await connect(url);
	connection.on('error', () => undefined);
	const channel = await connection.createConfirmChannel();
	channel.on('error', () => undefined);
	await declareTopology(channel, topology);
	return {
		publish: ({ lane, messageId, bytes, traceparent, encoding }) =>
			new Promise((resolve, reject) => {
				const properties = {
					persistent: true,
					mandatory: true,
					messageId,
					contentType: 'application/x-ndjson',
					...(encoding ? { contentEncoding: encoding } : {}),
					...(traceparent === undefined ? {} : { headers: { traceparent } }),
				};
				channel.publish(topology.exchange, lane, Buffer.from(bytes), properties, (error: unknown) =>
					error === null || error === undefined ? resolve() : reject(new Error('the broker did not confirm a message', { cause: error })),
				);
			}),
		async close() {
			await connection.close();
		},
	};
}
