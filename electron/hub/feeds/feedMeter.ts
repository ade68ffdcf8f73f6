/** How each feed is doing: what came last and over which channel, how long it took, and whether that is worse than usual. */
import type { Result } from '#kernel';
import { isTableName } from '#model';
import type { Database } from '../database/databasePort.ts';
import type { Channel, IntakeAnswer, IntakeBatch } from '../intake/intakePort.ts';
import type { HubProblem } from '../problem.ts';

interface Latency {
	/** Milliseconds from receipt to seal. */
	readonly p50: number;
	readonly p95: number;
	readonly p99: number;
	readonly samples: number;
}

export interface FeedMeter {
	/** Runs `submit` and notes what it did to its feeds. */
	measure(batch: IntakeBatch, submit: () => Promise<Result<IntakeAnswer, HubProblem>>): Promise<Result<IntakeAnswer, HubProblem>>;
	latency(tenant: string, feed: string): Latency | null;
	isDegraded(tenant: string, feed: string): boolean;
}

export interface FeedMeterPorts {
	readonly database: Database;
	onBatch(tenant: string, channel: Channel, accepted: number, dead: number): void;
}

interface Samples {
	/** The newest ones, oldest first. */
	readonly recent: number[];
	/** Median of the long run, moved a little by each sample. */
	usual: number;
	/** Of the newest ones, how many failed. */
	failures: boolean[];
}

const KEPT = 500;
/** So many samples are needed before anything is called worse than usual. */
const LEARNT = 20;
const WORSE = 3;
const NOTABLE_MS = 250;

export function feedMeter(ports: FeedMeterPorts): FeedMeter {
	const samples = new Map<string, Samples>();
	const of = (tenant: string, feed: string): Samples => {
		const id = `${tenant}/${feed}`;
		const known = samples.get(id) ?? { recent: [], usual: 0, failures: [] };
		samples.set(id, known);
		return known;
	};
	return {
		async measure(batch, submit) {
			const feeds = feedsOf(batch.bytes);
			const began = performance.now();
			let answer: Result<IntakeAnswer, HubProblem> | null = null;
			try {
				answer = await submit();
				return answer;
			} finally {
				const ms = performance.now() - began;
				const isFailed = answer === null || (!answer.ok && answer.error.code === 'unavailable');
				for (const feed of feeds.keys()) note(of(batch.tenant, feed), ms, isFailed);
				if (answer?.ok && !answer.value.replayed) {
					ports.onBatch(batch.tenant, batch.channel, answer.value.accepted, answer.value.dead.length);
					// The batch is sealed and answered for: what is noted of it here may be missing once.
					await keep(ports.database, batch, feeds).catch(() => undefined);
				}
			}
		},
		latency(tenant, feed) {
			const { recent } = of(tenant, feed);
			if (recent.length === 0) return null;
			const sorted = [...recent].sort((a, b) => a - b);
			const at = (share: number): number =>
				Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number) * 10) / 10;
			return { p50: at(0.5), p95: at(0.95), p99: at(0.99), samples: sorted.length };
		},
		isDegraded(tenant, feed) {
			const { recent, usual, failures } = of(tenant, feed);
			const newest = recent.slice(-LEARNT);
			if (failures.slice(-LEARNT).filter(Boolean).length >= LEARNT / 4) return true;
			if (recent.length < 2 * LEARNT) return false;
			const median = [...newest].sort((a, b) => a - b)[newest.length >> 1] as number;
			return median > NOTABLE_MS && median > WORSE * usual;
		},
	};
}

function note(samples: Samples, ms: number, isFailed: boolean): void {
	samples.recent.push(ms);
	if (samples.recent.length > KEPT) samples.recent.shift();
	samples.failures = [...samples.failures, isFailed].slice(-KEPT);
	samples.usual = samples.usual === 0 ? ms : samples.usual + Math.sign(ms - samples.usual) * Math.max(0.5, samples.usual * 0.02);
}

interface FeedNews {
	lines: number;
	/** As the source says, the latest of the batch. */
	lastEventAt: string | null;
}

const TABLE = /"table":"([a-z_]{1,64})"/g;
const EVENT_AT = /"(?:occurred_at|recognised_at|at|issued_at|received_at|shipped_at|logged_at)":"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)"/;

/** Which tables a batch speaks of. A look at the text: what is wrong with its lines is for the intake to say. */
function feedsOf(bytes: Uint8Array): Map<string, FeedNews> {
	const feeds = new Map<string, FeedNews>();
	for (const line of Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1').split('\n')) {
		TABLE.lastIndex = 0;
		const table = TABLE.exec(line)?.[1];
		if (table === undefined || !isTableName(table)) continue;
		const news = feeds.get(table) ?? { lines: 0, lastEventAt: null };
		news.lines++;
		const at = EVENT_AT.exec(line)?.[1];
		if (at !== undefined && !Number.isNaN(Date.parse(at)) && (news.lastEventAt === null || at > news.lastEventAt)) news.lastEventAt = at;
		feeds.set(table, news);
	}
	return feeds;
}

async function keep(database: Database, batch: IntakeBatch, feeds: ReadonlyMap<string, FeedNews>): Promise<void> {
	if (feeds.size === 0) return;
	const isBatch = batch.channel === 'drop' || Buffer.from(batch.bytes.subarray(0, 9)).toString('latin1') === '{"batch":';
	const entries = [...feeds];
	await database.query(
		`INSERT INTO feed_state AS f (tenant, feed, channels, is_batch, last_received_at, last_event_at)
		 SELECT $1, u.feed, jsonb_build_array($2::text), $3::boolean, $4::bigint, u.at
		 FROM unnest($5::text[], $6::text[]) AS u (feed, at)
		 ON CONFLICT (tenant, feed) DO UPDATE SET is_batch = excluded.is_batch, last_received_at = excluded.last_received_at,
			last_event_at = greatest(f.last_event_at, excluded.last_event_at),
			channels = CASE WHEN f.channels ? $2::text THEN f.channels ELSE f.channels || excluded.channels END`,
		[
			batch.tenant,
			batch.channel,
			isBatch,
			batch.receivedAt,
			entries.map(([feed]) => feed),
			entries.map(([, { lastEventAt }]) => lastEventAt),
		],
	);
}
