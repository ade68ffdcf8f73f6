/** The hub put together: database, keys, logs, intake, publications and the HTTP server over them. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '../services/version.ts';
import type { Database } from './database/databasePort.ts';
import { openDatabase } from './database/openDatabase.ts';
import { createTenant, type NewTenant } from './database/tenants.ts';
import { type FeedMeter, feedMeter } from './feeds/feedMeter.ts';
import { type HubParts, openFace } from './hubFace.ts';
import type { HubOptions } from './hubOptions.ts';
import type { HubIntake } from './intake/hubIntake.ts';
import { openIntake } from './intake/openIntake.ts';
import { hubJobs } from './jobs/hubJobs.ts';
import { createHubKeys, type HubKeys } from './keys/hubKeys.ts';
import { loadMasterKey } from './keys/masterKey.ts';
import { realDisk } from './log/disk.ts';
import type { LogStore } from './log/logPort.ts';
import { openLogStore } from './log/logStore.ts';
import { openPapers } from './papers/papers.ts';
import { documentKeeper } from './publications/documentKeeper.ts';
import { publications } from './publications/publications.ts';
import { sweepFiles } from './publications/tableFile.ts';
import { openAccessSpool } from './serving/accessSpool.ts';
import { documentFiles } from './serving/documentFiles.ts';
import { hubMetrics } from './serving/metrics.ts';
import { hubNews, tellWhatStands } from './serving/news.ts';
import { issueToken, type NewToken, withdrawToken } from './serving/tokens.ts';

export interface Hub extends HubParts {
	/** Null where nothing listens. */
	readonly url: string | null;
	addTenant(tenant: NewTenant): Promise<void>;
	issueToken(token: NewToken): Promise<string>;
	/** At once in this process; where another one serves the same database, within a minute there. */
	withdrawToken(tenant: string, id: string): Promise<void>;
	/** Keeps the bytes of a document under their hash. */
	keepDocument(tenant: string, sha256: string, bytes: Uint8Array): Promise<void>;
	/** Ends taking in, then writing, then the rest; what was answered stays. */
	close(): Promise<void>;
}

const PUBLICATION_MIN_AGE_MS = 10_000;

/** Throws `StartRefusal`. */
export async function openHub(options: HubOptions): Promise<Hub> {
	const { folder, now } = options;
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	const opened: (() => Promise<void>)[] = [];
	try {
		const database = options.beneath?.database ?? (await openDatabase(options.database ?? `pglite:${join(folder, 'db')}`));
		if (!options.beneath) opened.unshift(() => database.close());
		const [sealed] = await database.query<{ some: boolean }>('SELECT EXISTS (SELECT FROM log_key) AS some');
		const keys = createHubKeys(await loadMasterKey(options.masterKeyFile ?? join(folder, 'master.key'), !sealed?.some));
		const log = await openLogStore({ database, keys, folder: join(folder, 'logs'), now, disk: options.beneath?.disk ?? realDisk });
		opened.unshift(() => log.close());
		// Halves of files that were being written when the last process ended.
		for (const room of ['documents', 'publications', 'drops'])
			await sweepFiles(join(folder, room), (path) => room === 'drops' || path.endsWith('.half'));
		return await assemble(options, database, keys, log, opened);
	} catch (error) {
		for (const close of opened) await close();
		throw error;
	}
}

/** @param opened ends what is open, the newest first */
async function assemble(
	options: HubOptions,
	database: Database,
	keys: HubKeys,
	log: LogStore,
	opened: (() => Promise<void>)[],
): Promise<Hub> {
	const { folder, now } = options;
	const metrics = hubMetrics();
	const news = hubNews(now);
	const meter = feedMeter({
		database,
		onBatch: (tenant, channel, accepted, dead) => {
			metrics.accepted(tenant, channel, accepted);
			metrics.dead(tenant, channel, dead);
		},
	});
	const inner = await openIntake({ database, log, now, vault: keys });
	opened.unshift(() => inner.close());
	const intake = measured(inner, meter);
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
		minAgeMs: options.publicationMinAgeMs ?? PUBLICATION_MIN_AGE_MS,
		now,
		atRest: (tenant, work) => inner.atRest(tenant, work),
		onPublication: (tenant, number) => news.tell(tenant, { kind: 'publication', number }),
	});
	opened.unshift(() => cuts.close());
	const papers = openPapers({
		database,
		keys,
		log,
		now,
		onActs: (tenant, engagement, position) => news.tell(tenant, { kind: 'acts', engagement, position }),
	});
	opened.unshift(() => papers.close());
	const readings = await openAccessSpool({ database, folder: join(folder, 'readings') });
	opened.unshift(() => readings.close());
	await tellWhatStands(news, database, log, metrics.sealed);
	const documents = documentFiles(join(folder, 'documents'), keys);
	const keepDocument = documentKeeper(database, intake, cuts, now);
	const jobs = hubJobs({ database, log, intake, publications: cuts, now, onFailure: (tenant) => metrics.jobFailed(tenant) });
	opened.unshift(() => jobs.stop());
	const face = await openFace(
		options,
		{ database, keys, log, intake, meter, metrics, news, readings, publications: cuts, papers, documents, keepDocument },
		opened,
	);
	return {
		...{ url: face.url, database, keys, log, intake, meter, papers },
		publications: cuts,
		async addTenant(tenant) {
			await createTenant(database, tenant);
			await log.addTenant(tenant.tenant);
		},
		async issueToken(token) {
			const issued = await issueToken(database, token);
			face.authenticator.forget(token.tenant, token.id);
			return issued;
		},
		async withdrawToken(tenant, id) {
			await withdrawToken(database, tenant, id);
			face.authenticator.forget(tenant, id);
		},
		async keepDocument(tenant, sha256, bytes) {
			await documents.write(tenant, sha256, bytes);
			await keepDocument(tenant, sha256, bytes.length);
		},
		async close() {
			for (const close of opened.splice(0)) await close();
		},
	};
}

/** The intake whose every batch is counted by its feed. */
const measured = (intake: HubIntake, meter: FeedMeter): HubIntake => ({
	submit: (batch, more) => meter.measure(batch, () => intake.submit(batch, more)),
	expire: (tenant) => intake.expire(tenant),
	recover: (tenant) => intake.recover(tenant),
	usedKeys: (tenant, principal, used) => intake.usedKeys(tenant, principal, used),
	keepDeadLetters: (tenant, letters) => intake.keepDeadLetters(tenant, letters),
	settle: (tenant) => intake.settle(tenant),
	atRest: (tenant, work) => intake.atRest(tenant, work),
	close: () => intake.close(),
});
