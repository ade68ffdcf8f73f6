/** A port of this machine that nothing listens on. */
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Free now: for a server that is started at once, or that is to be at the same address when it is started anew. */
export async function freePort(): Promise<string> {
	const server = createServer().listen(0, '127.0.0.1');
	await once(server, 'listening');
	const address = server.address();
	server.close();
	await once(server, 'close');
	if (typeof address !== 'object' || !address) throw new Error('a port has a number');
	return String(address.port);
}
