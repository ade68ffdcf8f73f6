/** The hub's server over made-up routes, without a database: for claims about the server alone. */
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { AccessSpool } from '../../../../electron/hub/serving/accessSpool.ts';
import type { Authenticator } from '../../../../electron/hub/serving/authenticate.ts';
import { SERVER_LIMITS, type ServerLimits } from '../../../../electron/hub/serving/limits.ts';
import { type HubMetrics, hubMetrics } from '../../../../electron/hub/serving/metrics.ts';
import { type RateLimit, rateLimiter } from '../../../../electron/hub/serving/rateLimit.ts';
import type { Route } from '../../../../electron/hub/serving/route.ts';
import { hubServer, type TlsOptions } from '../../../../electron/hub/serving/server.ts';
import { type Answer, type Call, callHub } from './servedHub.ts';

export interface BareServer {
	readonly url: URL;
	readonly clock: { elapsed: number };
	readonly metrics: HubMetrics;
	call(call: Call): Promise<Answer>;
	/** Sends by hand. @returns what came back until the other side closed */
	byHand(send: (socket: Socket) => void): Promise<string>;
	close(): Promise<void>;
}

const SPOOL: AccessSpool = { note: () => Promise.resolve(), drain: () => Promise.resolve(), close: () => Promise.resolve() };
/** Everybody is who they say. */
const TRUSTING: Authenticator = {
	principal: (authorization) => Promise.resolve({ tenant: 'acme', id: authorization?.slice('Bearer '.length) ?? '', role: 'auditor' }),
	forget: () => undefined,
};

export async function serveBare(
	routes: readonly Route[],
	limits: Partial<ServerLimits> = {},
	rateLimit: RateLimit = { burst: 1000, perSecond: 1000 },
	tls: TlsOptions | null = null,
): Promise<BareServer> {
	const clock = { elapsed: 0 };
	const metrics = hubMetrics();
	const server = hubServer({
		routes,
		authenticator: TRUSTING,
		limiter: rateLimiter(rateLimit, () => clock.elapsed),
		readings: SPOOL,
		metrics,
		limits: { ...SERVER_LIMITS, ...limits },
		now: () => 0,
		tls,
		logTo: null,
	});
	await server.listen({ host: '127.0.0.1', port: 0 });
	const { port } = server.server.address() as AddressInfo;
	const url = new URL(`http://127.0.0.1:${port}`);
	return {
		...{ url, clock, metrics },
		call: ({ token, ...call }) => callHub(url, { ...call, bearer: token ?? 'erp' }),
		byHand: (send) => byHand(url, send),
		close: () => server.close(),
	};
}

export async function byHand(url: URL, send: (socket: Socket) => void): Promise<string> {
	const socket = connect(Number(url.port), url.hostname);
	const parts: Buffer[] = [];
	socket.on('data', (part) => parts.push(part));
	socket.on('error', () => undefined);
	await once(socket, 'connect');
	send(socket);
	await new Promise((resolve) => socket.once('close', resolve));
	return Buffer.concat(parts).toString();
}
