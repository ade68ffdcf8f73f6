/** One connection to the broker: a channel a lane with its share of unacknowledged messages, and one that publishes with confirms. */
import type { Channel, ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import { backoffMs } from '../backoff.ts';
import type { Lane } from '../intakePort.ts';
import { LANE_WEIGHTS, LANES } from '../lanes.ts';
import { ATTEMPTS_HEADER, type Delivery } from './readMessage.ts';
import { type DeadCopy, type MessageSink, type TakingPorts, takeMessages } from './takeMessages.ts';
import { declareTopology, type Topology } from './topology.ts';

export interface Session {
	/** Resolves when the connection or one of its channels is gone, for whatever reason. */
	readonly ended: Promise<void>;
	/** Takes no further message, finishes those under way, and closes the connection. */
	close(): Promise<void>;
}

export interface SessionOptions {
	readonly ports: TakingPorts;
	readonly topology: Topology;
	/** In [0, 1). */
	readonly random: () => number;
}

/**
 * Unacknowledged messages a weight: the revenue lane holds ten times what telemetry does. What is here while a group is being sealed is the
 * next group, so fewer would mean a commit and a signature for a handful.
 */
const PREFETCH_PER_WEIGHT = 200;
/** How often a message was given back: the queue it waits in next follows from it. */
const WAITS_HEADER = 'x-tieout-waits';

/** A delivery with what the broker needs to hear about it. */
type BrokerMessage = Delivery & { readonly raw: ConsumeMessage };

export async function openSession(connection: ChannelModel, options: SessionOptions): Promise<Session> {
	let end: () => void = () => undefined;
	const ended = new Promise<void>((resolve) => {
		end = resolve;
	});
	// Every error event is followed by a close event; without a listener it would end the process.
	connection.on('error', () => undefined);
	const gone = new Promise<void>((resolve) => connection.on('close', () => resolve()));
	void gone.then(() => end());
	try {
		const publisher = await connection.createConfirmChannel();
		watch(publisher, end);
		await declareTopology(publisher, options.topology);
		const lanes: LaneListener[] = [];
		for (const lane of LANES) {
			const channel = await connection.createChannel();
			watch(channel, end);
			lanes.push(await LaneListener.open(channel, publisher, lane, options));
		}
		let isClosing = false;
		// One lane without its channel is no session.
		void ended.then(() => (isClosing ? undefined : connection.close().catch(() => undefined)));
		return {
			ended,
			async close() {
				isClosing = true;
				// A channel that answered its close has taken all acknowledgements; a connection that closes might leave some behind.
				await Promise.race([Promise.all(lanes.map((lane) => lane.close())), gone]);
				await connection.close().catch(() => undefined);
			},
		};
	} catch (error) {
		await connection.close().catch(() => undefined);
		throw error;
	}
}

function watch(channel: Channel, end: () => void): void {
	channel.on('error', () => undefined);
	channel.on('close', end);
}

/** Names a consumer within its channel's connection. */
const consumerTag = (lane: Lane): string => `tieout-${lane}`;

class LaneListener implements MessageSink<BrokerMessage> {
	readonly #channel: Channel;
	readonly #publisher: ConfirmChannel;
	readonly #lane: Lane;
	readonly #options: SessionOptions;
	#waiting: BrokerMessage[] = [];
	#work: Promise<void> | null = null;
	#isStopped = false;

	private constructor(channel: Channel, publisher: ConfirmChannel, lane: Lane, options: SessionOptions) {
		this.#channel = channel;
		this.#publisher = publisher;
		this.#lane = lane;
		this.#options = options;
	}

	static async open(channel: Channel, publisher: ConfirmChannel, lane: Lane, options: SessionOptions): Promise<LaneListener> {
		const listener = new LaneListener(channel, publisher, lane, options);
		await channel.prefetch(LANE_WEIGHTS[lane] * PREFETCH_PER_WEIGHT);
		const { queueOf } = options.topology;
		await channel.consume(queueOf(lane), (message) => listener.#receive(message), { noAck: false, consumerTag: consumerTag(lane) });
		return listener;
	}

	#receive(raw: ConsumeMessage | null): void {
		// Null: the queue was deleted. The channel is of no use any more, and a new session declares the queue anew.
		if (raw === null) {
			this.#abandon();
			return;
		}
		const { messageId, contentType, contentEncoding, headers } = raw.properties;
		this.#waiting.push({ raw, content: raw.content, messageId, contentType, contentEncoding, headers: headers ?? {} });
		this.#work ??= this.#workOff();
	}

	/** What arrives while a group is being sealed makes up the next one. */
	async #workOff(): Promise<void> {
		try {
			// One turn of the loop, so that what the broker sent at once is taken at once.
			await new Promise((resolve) => setImmediate(resolve));
			while (this.#waiting.length > 0 && !this.#isStopped) {
				const group = this.#waiting;
				this.#waiting = [];
				await takeMessages(this.#options.ports, this.#lane, group, this);
			}
		} catch {
			// The broker is gone: it still has every message that was not acknowledged.
			this.#abandon();
		} finally {
			this.#work = null;
		}
	}

	/** Lets the channel go, and with it the session. */
	#abandon(): void {
		this.#channel.close().catch(() => undefined);
	}

	/** Takes no further message, finishes those under way, and lets the broker hear of it. */
	async close(): Promise<void> {
		this.#isStopped = true;
		await this.#channel.cancel(consumerTag(this.#lane)).catch(() => undefined);
		await this.#work;
		await this.#channel.close().catch(() => undefined);
	}

	done({ raw }: BrokerMessage): void {
		this.#channel.ack(raw);
	}

	async later({ raw }: BrokerMessage, attempts: number): Promise<void> {
		const { topology, random } = this.#options;
		const { headers = {} } = raw.properties;
		const waits = typeof headers[WAITS_HEADER] === 'number' ? headers[WAITS_HEADER] : 0;
		const level = Math.min(waits, topology.retryLevelsMs.length - 1);
		const longest = topology.retryLevelsMs[level] ?? 0;
		// Deliveries that nobody answered are counted anew by the next queue.
		const { 'x-delivery-count': _, 'x-death': _death, ...kept } = headers;
		const copy = {
			...raw.properties,
			headers: { ...kept, [ATTEMPTS_HEADER]: attempts, [WAITS_HEADER]: waits + 1 },
			persistent: true,
			expiration: String(backoffMs(1, random(), { firstMs: longest, maxMs: longest })),
		};
		await confirmed((callback) => this.#publisher.sendToQueue(topology.retryQueueOf(this.#lane, level), raw.content, copy, callback));
		this.#channel.ack(raw);
	}

	async copyDead({ id, code, message, payload }: DeadCopy): Promise<void> {
		const { topology, ports } = this.#options;
		const properties = {
			persistent: true,
			messageId: id,
			contentType: 'application/octet-stream',
			headers: { 'x-tieout-code': code, 'x-tieout-cause': message, 'x-tieout-tenant': ports.tenant },
		};
		await confirmed((callback) => this.#publisher.publish(topology.deadExchange, '', Buffer.from(payload), properties, callback));
	}
}

/** Resolves when the broker has the message on disk, rejects when it has not or the channel is gone. */
function confirmed(publish: (callback: (error: unknown) => void) => boolean): Promise<void> {
	return new Promise((resolve, reject) => {
		publish((error) => {
			if (error === null || error === undefined) resolve();
			else reject(error instanceof Error ? error : new Error('the broker did not confirm a message'));
		});
	});
}
