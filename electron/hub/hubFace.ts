/** What the hub shows to the network: all its routes behind one server. */
import { statfs } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { VERSION } from '../services/version.ts';
import type { Database } from './database/databasePort.ts';
import type { FeedMeter } from './feeds/feedMeter.ts';
import type { HubOptions } from './hubOptions.ts';
import { takeDrop } from './intake/drops/takeDrop.ts';
import type { HubIntake } from './intake/hubIntake.ts';
import type { HubKeys } from './keys/hubKeys.ts';
import type { LogStore } from './log/logPort.ts';
import { EXCHANGE_COST, nodeExchangeCrypto } from './papers/exchangeCrypto.ts';
import { exchangeRoutes } from './papers/exchangeRoutes.ts';
import type { Papers } from './papers/papers.ts';
import { papersRoutes } from './papers/papersRoutes.ts';
import type { Publications } from './publications/publications.ts';
import type { AccessSpool } from './serving/accessSpool.ts';
import { type Authenticator, authenticator } from './serving/authenticate.ts';
import { deadLetterRoutes } from './serving/deadLetterRoutes.ts';
import type { DocumentFiles } from './serving/documentFiles.ts';
import { evidenceRoutes } from './serving/evidenceRoutes.ts';
import { intakeRoutes } from './serving/intakeRoutes.ts';
import { SERVER_LIMITS } from './serving/limits.ts';
import type { HubMetrics } from './serving/metrics.ts';
import type { HubNews } from './serving/news.ts';
import { newsRoutes } from './serving/newsRoutes.ts';
import { oidcIssuer } from './serving/oidc.ts';
import { openApi } from './serving/openApi.ts';
import { operationRoutes } from './serving/operationRoutes.ts';
import { type RateLimit, rateLimiter } from './serving/rateLimit.ts';
import { json, type Route } from './serving/route.ts';
import { hubServer } from './serving/server.ts';
import { StartRefusal } from './startRefusal.ts';

/** What a hub is made of. */
export interface HubParts {
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: LogStore;
	readonly intake: HubIntake;
	readonly meter: FeedMeter;
	readonly publications: Publications;
	readonly papers: Papers;
}

interface FaceParts extends HubParts {
	readonly metrics: HubMetrics;
	readonly news: HubNews;
	readonly readings: AccessSpool;
	readonly documents: DocumentFiles;
	keepDocument(tenant: string, sha256: string, bytes: number): Promise<void>;
}

export interface HubFace {
	/** Null where nothing listens. */
	readonly url: string | null;
	readonly authenticator: Authenticator;
}

/** Unknown tokens from one network. */
const GUESSES: RateLimit = { burst: 30, perSecond: 1 };

/** Throws `StartRefusal`. @param opened gets what ends the server */
export async function openFace(options: HubOptions, parts: FaceParts, opened: (() => Promise<void>)[]): Promise<HubFace> {
	const { now } = options;
	const elapsed = () => performance.now();
	const identity = authenticator({
		database: parts.database,
		issuers: options.oidc.map(oidcIssuer),
		guesses: rateLimiter(GUESSES, elapsed),
		now,
		elapsed,
	});
	if (!options.listen) return { url: null, authenticator: identity };
	const server = hubServer({
		routes: describedRoutes(routesOf(options, parts)),
		authenticator: identity,
		limiter: rateLimiter(options.rateLimit, elapsed),
		readings: parts.readings,
		metrics: parts.metrics,
		limits: { ...SERVER_LIMITS, ...options.limits },
		now,
		tls: options.tls,
		logTo: options.logTo ?? (options.isLogging ? process.stdout : null),
	});
	opened.unshift(() => server.close());
	return { url: await listen(server, options.listen, options.tls !== null), authenticator: identity };
}

/** Less than this is no room: what is sealed is some kilobytes in several files. */
const ROOM_BYTES = 1 << 20;

async function hasRoom(folder: string): Promise<boolean> {
	const { bavail, bsize } = await statfs(folder);
	return bavail * bsize >= ROOM_BYTES;
}

function routesOf({ folder, now }: HubOptions, parts: FaceParts): Route[] {
	const { database, keys, intake, papers, log } = parts;
	return [
		...operationRoutes({ ...parts, version: VERSION, hasRoom: () => hasRoom(folder), now }),
		...newsRoutes(parts.news),
		...evidenceRoutes(parts),
		...intakeRoutes({
			...parts,
			disputes: { database, vault: keys, intake },
			takeDrop: (tenant, principal, path, receivedAt) => takeDrop(parts, { tenant, principal, path, receivedAt }),
			dropFolder: join(folder, 'drops'),
			now,
		}),
		...deadLetterRoutes({ database, vault: keys, intake, now }),
		...papersRoutes(papers),
		...exchangeRoutes({ papers, log, crypto: nodeExchangeCrypto(EXCHANGE_COST), now }),
	];
}

/** With the description of all of them, itself included; made once. */
function describedRoutes(routes: readonly Route[]): readonly Route[] {
	const all: Route[] = [
		...routes,
		{
			method: 'GET',
			path: '/openapi.json',
			summary: 'This description',
			roles: null,
			answer: z.looseObject({ openapi: z.string() }),
			handle: () => Promise.resolve(description),
		},
	];
	const description = json(openApi(all, VERSION));
	return all;
}

async function listen(
	server: FastifyInstance,
	{ host, port }: { readonly host: string; readonly port: number },
	isTls: boolean,
): Promise<string> {
	await server.listen({ host, port }).catch((error: unknown) => {
		throw new StartRefusal(
			`The hub can't listen on ${host} port ${port}: it is taken, or not this machine's. Give another --host or --port.`,
			{
				code: 'listen',
				cause: error,
			},
		);
	});
	const address = server.server.address() as AddressInfo;
	const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
	return `${isTls ? 'https' : 'http'}://${name}:${address.port}`;
}
