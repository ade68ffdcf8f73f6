/** Listens at a RabbitMQ broker for one tenant, for as long as it is told to: a broken connection is opened anew. */
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { backoffMs } from '../backoff.ts';
import { openSession, type Session } from './session.ts';
import type { TakingPorts } from './takeMessages.ts';
import { type Topology, topologyOf } from './topology.ts';

export interface ConsumerOptions extends Omit<TakingPorts, 'maxAttempts'> {
	/** `amqp://…` or `amqps://…`; may hold a password, and is never shown. */
	readonly url: string;
	readonly maxAttempts?: number;
	/** In [0, 1): spreads waits. */
	readonly random: () => number;
	/** First part of every name at the broker. */
	readonly prefix?: string;
	readonly retryLevelsMs?: readonly number[];
	/** Waits before the connection is opened anew. */
	readonly reconnect?: { readonly firstMs: number; readonly maxMs: number };
}

interface ConsumerStatus {
	readonly connected: boolean;
	/** Connections that were lost or refused since the start. */
	readonly failures: number;
	/** Code of the last failure, such as ECONNREFUSED; null before the first. */
	readonly lastFailure: string | null;
}

export interface AmqpConsumer {
	readonly topology: Topology;
	status(): ConsumerStatus;
	/** Resolves once messages are listened for. */
	ready(): Promise<void>;
	/** Takes no further message, finishes those under way, and closes. */
	close(): Promise<void>;
}

const DEFAULT_MAX_ATTEMPTS = 8;
const RECONNECT = { firstMs: 500, maxMs: 30_000 };

export function openConsumer(options: ConsumerOptions): AmqpConsumer {
	return new Consumer(options);
}

class Consumer implements AmqpConsumer {
	readonly topology: Topology;
	readonly #options: ConsumerOptions;
	readonly #stop = new AbortController();
	readonly #loop: Promise<void>;
	#session: Session | null = null;
	#failures = 0;
	#lastFailure: string | null = null;
	readonly #waiting: (() => void)[] = [];

	constructor(options: ConsumerOptions) {
		this.#options = options;
		this.topology = topologyOf(options.tenant, options.prefix, options.retryLevelsMs);
		this.#loop = this.#run();
	}

	status(): ConsumerStatus {
		return { connected: this.#session !== null, failures: this.#failures, lastFailure: this.#lastFailure };
	}

	ready(): Promise<void> {
		return this.#session ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
	}

	async #run(): Promise<void> {
		for (let attempt = 1; !this.#stop.signal.aborted; attempt++) {
			try {
				const session = await this.#open();
				if (this.#stop.signal.aborted) return await session.close();
				this.#session = session;
				attempt = 0;
				for (const resolve of this.#waiting.splice(0)) resolve();
				await session.ended;
				this.#noteFailure('closed');
			} catch (error) {
				this.#noteFailure(error instanceof Error && 'code' in error ? String(error.code) : 'refused');
			}
			this.#session = null;
			const wait = backoffMs(Math.max(1, attempt), this.#options.random(), this.#options.reconnect ?? RECONNECT);
			await sleep(wait, undefined, { signal: this.#stop.signal }).catch(() => undefined);
		}
	}

	async #open(): Promise<Session> {
		const { url, maxAttempts = DEFAULT_MAX_ATTEMPTS, random, ...ports } = this.#options;
		const connection = await connect(url);
		return await openSession(connection, { ports: { ...ports, maxAttempts }, topology: this.topology, random });
	}

	#noteFailure(code: string): void {
		if (this.#stop.signal.aborted) return;
		this.#failures++;
		this.#lastFailure = code;
	}

	async close(): Promise<void> {
		this.#stop.abort();
		await this.#session?.close();
		await this.#loop;
	}
}
