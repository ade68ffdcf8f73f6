/** The RabbitMQ broker of the tests, a line to it that can be cut, and names that nobody else uses. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectSocket, createServer, type Socket } from 'node:net';
import { connect } from 'amqplib';
import type { Topology } from '../../../../electron/hub/intake/amqp/topology.ts';
import { LANES } from '../../../../electron/hub/intake/lanes.ts';

export const BROKER = process.env['TIEOUT_TEST_AMQP'] ?? 'amqp://guest:guest@127.0.0.1:5672';

/** False where no broker answers: its tests are skipped, and the runner counts them. */
export async function isBrokerThere(): Promise<boolean> {
	try {
		const connection = await connect(BROKER, { timeout: 3_000 });
		await connection.close();
		return true;
	} catch {
		return false;
	}
}

export const ownPrefix = (): string => `tieout-test-${randomBytes(5).toString('hex')}`;

export async function removeTopology({ queueOf, retryQueueOf, retryLevelsMs, deadQueue, deadExchange, exchange }: Topology): Promise<void> {
	const connection = await connect(BROKER);
	const channel = await connection.createChannel();
	for (const lane of LANES) {
		await channel.deleteQueue(queueOf(lane));
		for (const level of retryLevelsMs.keys()) await channel.deleteQueue(retryQueueOf(lane, level));
	}
	await channel.deleteQueue(deadQueue);
	await channel.deleteExchange(exchange);
	await channel.deleteExchange(deadExchange);
	await connection.close();
}

export interface Line {
	readonly url: string;
	/** Cuts every connection; with `refuse`, new ones too until it is called without. */
	cut(refuse?: boolean): void;
	close(): Promise<void>;
}

/** A line to the broker that can be cut at any moment, as a cable can. */
export async function openLine(): Promise<Line> {
	const { hostname, port, username, password } = new URL(BROKER);
	const sockets = new Set<Socket>();
	let isRefusing = false;
	const server = createServer((near) => {
		if (isRefusing) return near.destroy();
		const far = connectSocket(Number(port || 5672), hostname);
		for (const socket of [near, far]) {
			sockets.add(socket);
			socket.on('error', () => undefined);
			socket.on('close', () => {
				sockets.delete(socket);
				near.destroy();
				far.destroy();
			});
		}
		near.pipe(far);
		far.pipe(near);
		return near;
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	const own = typeof address === 'object' && address ? address.port : 0;
	return {
		url: `amqp://${username}:${password}@127.0.0.1:${own}`,
		cut(refuse = false) {
			isRefusing = refuse;
			for (const socket of sockets) socket.destroy();
		},
		async close() {
			for (const socket of sockets) socket.destroy();
			server.close();
			await once(server, 'close');
		},
	};
}

/** Waits until it is so; the test's own limit is the only one. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
	while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
