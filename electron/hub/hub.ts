/** The hub put together: database, keys, logs, intake, publications and the HTTP server over them. */
import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { VERSION } from '../services/version.ts';
import { openDatabase } from './database/openDatabase.ts';
import { createTenant, type NewTenant } from './database/tenants.ts';
import { type FeedMeter, feedMeter } from './feeds/feedMeter.ts';
import { takeDrop } from './intake/drops/takeDrop.ts';
import { type HubIntake, openIntake } from './intake/openIntake.ts';
import { hubJobs } from './jobs/hubJobs.ts';
import { createHubKeys, type HubKeys } from './keys/hubKeys.ts';
import { loadMasterKey } from './keys/masterKey.ts';
import { openLogStore } from './log/logStore.ts';
import { openPapers, type Papers } from './papers/papers.ts';
import { papersRoutes } from './papers/papersRoutes.ts';
import { type Publications, publications } from './publications/publications.ts';
import { authenticator } from './serving/authenticate.ts';
import { documentFiles } from './serving/documentFiles.ts';
import { evidenceRoutes } from './serving/evidenceRoutes.ts';
import { intakeRoutes } from './serving/intakeRoutes.ts';
import { hubMetrics } from './serving/metrics.ts';
import { hubNews } from './serving/news.ts';
import { type OidcConfig, oidcIssuer } from './serving/oidc.ts';
import { openApi } from './serving/openApi.ts';
import { operationRoutes } from './serving/operationRoutes.ts';
import { type RateLimit, rateLimiter } from './serving/rateLimit.ts';
import { json, type Route } from './serving/route.ts';
import { hubServer, type TlsOptions } from './serving/server.ts';
import { issueToken, type NewToken } from './serving/tokens.ts';
import type { Database, LogStore } from './types.ts';

export interface HubOptions {
	/** Everything that is not in the database: logs, documents, files of publications, and the embedded database. */
	readonly folder: string;
	/** As `openDatabase` takes it; null: embedded, in the folder. */
	readonly database: string | null;
	/** Null: `master.key` in the folder, made on the first start. */
	readonly masterKeyFile: string | null;
	/** Null: nothing listens; for jobs and tests over the parts. */
	readonly listen: { readonly host: string; readonly port: number } | null;
	readonly tls: TlsOptions | null;
	readonly oidc: readonly OidcConfig[];
	readonly rateLimit: RateLimit;
	/** Milliseconds since 1970. */
	now(): number;
	readonly isLogging: boolean;
}

export interface Hub {
	/** Null where nothing listens. */
	readonly url: string | null;
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: LogStore;
	readonly intake: HubIntake;
	readonly meter: FeedMeter;
	readonly publications: Publications;
	readonly papers: Papers;
	addTenant(tenant: NewTenant): Promise<void>;
	issueToken(token: NewToken): Promise<string>;
	/** Keeps the bytes of a document under their hash. */
	keepDocument(tenant: string, sha256: string, bytes: Uint8Array): Promise<void>;
	/** Ends taking in, then writing, then the rest; what was answered stays. */
	close(): Promise<void>;
}

export const RATE_LIMIT: RateLimit = { burst: 400, perSecond: 200 };

export async function openHub(options: HubOptions): Promise<Hub> {
	const { folder, now } = options;
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const database = await openDatabase(options.database ?? `pglite:${join(folder, 'db')}`);
	try {
		const [sealed] = await database.query<{ some: boolean }>('SELECT EXISTS (SELECT FROM log_key) AS some');
		const keys = createHubKeys(await loadMasterKey(options.masterKeyFile ?? join(folder, 'master.key'), !sealed?.some));
		const log = await openLogStore({ database, keys, folder: join(folder, 'logs'), now });
		return await assemble(options, database, keys, log);
	} catch (error) {
		await database.close();
		throw error;
	}
}

async function assemble(options: HubOptions, database: Database, keys: HubKeys, log: LogStore): Promise<Hub> {
	const { folder, now } = options;
	const metrics = hubMetrics();
	const news = hubNews(now());
	const meter = feedMeter({
		database,
		onBatch: (tenant, channel, accepted, dead) => {
			metrics.accepted(tenant, channel, accepted);
			metrics.dead(tenant, channel, dead);
		},
	});
	const inner = await openIntake({ database, log, now, vault: keys });
	const intake: HubIntake = {
		submit: (batch, more) => meter.measure(batch, () => inner.submit(batch, more)),
		expire: (tenant) => inner.expire(tenant),
		recover: (tenant) => inner.recover(tenant),
		usedKeys: (tenant, principal, used) => inner.usedKeys(tenant, principal, used),
		keepDeadLetters: (tenant, letters) => inner.keepDeadLetters(tenant, letters),
		settle: (tenant) => inner.settle(tenant),
		close: () => inner.close(),
	};
	log.onHead((tenant, table, size) => {
		metrics.sealed(tenant, table, size);
		news.tell(tenant, { kind: 'head', table, size });
	});
	const cuts = publications({
		database,
		keys,
		log,
		folder: join(folder, 'publications'),
		version: VERSION,
		now,
		settle: (tenant) => inner.settle(tenant),
	});
	const papers = await openPapers({
		database,
		keys,
		log,
		now,
		onActs: (tenant, engagement, position) => news.tell(tenant, { kind: 'acts', engagement, position }),
	});
	const documents = documentFiles(join(folder, 'documents'), keys);
	const keepDocument = async (tenant: string, sha256: string, bytes: number, at: number): Promise<void> => {
		await database.query(
			'INSERT INTO document (tenant, sha256, bytes, received_at) VALUES ($1, $2, $3, $4) ON CONFLICT (tenant, sha256) DO NOTHING',
			[tenant, sha256, bytes, at],
		);
	};
	const routes: Route[] = [
		...operationRoutes({ database, log, meter, metrics, news, version: VERSION, now }),
		...evidenceRoutes({ database, keys, log, publications: cuts, documents }),
		...intakeRoutes({
			intake,
			deadLetters: { database, vault: keys, intake, now },
			disputes: { database, vault: keys, intake },
			documents,
			keepDocument,
			takeDrop: (tenant, principal, path, receivedAt) =>
				takeDrop({ intake, documents, keepDocument }, { tenant, principal, path, receivedAt }),
			now,
		}),
		...papersRoutes(papers),
	];
	const described = openApi(routes, VERSION);
	routes.push({
		method: 'GET',
		path: '/openapi.json',
		summary: 'This description',
		roles: null,
		handle: () => Promise.resolve(json(described)),
	});
	const jobs = hubJobs({ database, log, intake, publications: cuts, now });
	const server = options.listen
		? hubServer({
				database,
				routes,
				authenticator: authenticator(database, options.oidc.map(oidcIssuer), now),
				limiter: rateLimiter(options.rateLimit, () => performance.now()),
				metrics,
				now,
				tls: options.tls,
				isLogging: options.isLogging,
			})
		: null;
	const url = server && options.listen ? await listen(server, options.listen, options.tls !== null) : null;
	return {
		...{ url, database, keys, log, intake, meter, papers },
		publications: cuts,
		async addTenant(tenant) {
			await createTenant(database, tenant);
			await log.addTenant(tenant.tenant);
		},
		issueToken: (token) => issueToken(database, token),
		async keepDocument(tenant, sha256, bytes) {
			await documents.write(tenant, sha256, bytes);
			await keepDocument(tenant, sha256, bytes.length, now());
		},
		async close() {
			jobs.stop();
			await server?.close();
			await intake.close();
			await log.close();
			await database.close();
		},
	};
}

async function listen(
	server: FastifyInstance,
	{ host, port }: { readonly host: string; readonly port: number },
	isTls: boolean,
): Promise<string> {
	await server.listen({ host, port });
	const address = server.server.address() as AddressInfo;
	const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host.includes(':') ? `[${host}]` : host;
	return `${isTls ? 'https' : 'http'}://${name}:${address.port}`;
}
