/** The state of every feed of a tenant, as an auditor sees it: position, lag, freshness, what waits and what was set aside. */
import { formatInstant } from '#kernel';
import { TABLES, type TableName } from '#model';
import type { FeedsAnswer } from '#sync';
import type { Database } from '../database/databasePort.ts';
import type { LogReader } from '../log/logPort.ts';
import type { FeedMeter } from './feedMeter.ts';

const HOUR_MS = 3_600_000;
/** Older than this a feed is stale, older than that silent. */
const STALE_MS = 26 * HOUR_MS;
const SILENT_MS = 7 * 24 * HOUR_MS;

interface FeedRow {
	readonly feed: string;
	readonly channels: readonly string[];
	readonly is_batch: boolean;
	readonly last_received_at: bigint;
	readonly last_event_at: string | null;
}

export async function feedReport(database: Database, log: LogReader, meter: FeedMeter, tenant: string, now: number): Promise<FeedsAnswer> {
	const states = await database.query<FeedRow>(
		'SELECT feed, channels, is_batch, last_received_at, last_event_at FROM feed_state WHERE tenant = $1 ORDER BY feed',
		[tenant],
	);
	const tables = await database.query<{ table_name: string; revision: bigint; rows: bigint }>(
		'SELECT table_name, revision, rows FROM table_state WHERE tenant = $1',
		[tenant],
	);
	const plain = new Map(tables.map((each) => [each.table_name, each]));
	const dead = await deadByFeed(database, tenant);
	const waiting = new Map(
		(
			await database.query<{ log_table: string; count: bigint }>(
				'SELECT log_table, count(*) AS count FROM waiting_event WHERE tenant = $1 GROUP BY log_table',
				[tenant],
			)
		).map(({ log_table, count }) => [log_table, Number(count)]),
	);
	const feeds = states.map(({ feed, channels, is_batch, last_received_at, last_event_at }) => {
		const isSealed = TABLES[feed as TableName].sealed;
		const size = isSealed ? log.head(tenant, feed as 'order_event').size : 0;
		const received = Number(last_received_at);
		const lag = last_event_at === null ? null : received - Date.parse(last_event_at);
		const age = now - received;
		return {
			feed,
			kind: isSealed ? ('sealed' as const) : ('table' as const),
			mode: is_batch ? ('batch' as const) : ('stream' as const),
			channels: [...channels],
			position: isSealed ? size : Number(plain.get(feed)?.revision ?? 0),
			rows: isSealed ? size : Number(plain.get(feed)?.rows ?? 0),
			last_event_at,
			last_received_at: formatInstant(received),
			lag_ms: lag === null ? null : Math.trunc(lag),
			freshness: age > SILENT_MS ? ('silent' as const) : age > STALE_MS ? ('stale' as const) : ('fresh' as const),
			waiting: waiting.get(feed) ?? 0,
			dead_letters: dead.get(feed) ?? { count: 0, revenue: [] },
			latency: meter.latency(tenant, feed),
			degraded: meter.isDegraded(tenant, feed),
		};
	});
	return { as_of: formatInstant(now), feeds };
}

type Dead = FeedsAnswer['feeds'][number]['dead_letters'];

async function deadByFeed(database: Database, tenant: string): Promise<ReadonlyMap<string, Dead>> {
	const rows = await database.query<{ feed: string; currency: string | null; count: bigint; minor: string | null }>(
		`SELECT coalesce(table_name, 'batch') AS feed, currency, count(*) AS count, sum(revenue_minor)::text AS minor
		 FROM dead_letter WHERE tenant = $1 AND state = 'open' GROUP BY 1, 2 ORDER BY 1, 2`,
		[tenant],
	);
	const byFeed = new Map<string, Dead>();
	for (const { feed, currency, count, minor } of rows) {
		const dead = byFeed.get(feed) ?? { count: 0, revenue: [] };
		byFeed.set(feed, {
			count: dead.count + Number(count),
			revenue: currency === null || minor === null ? dead.revenue : [...dead.revenue, { currency, minor }],
		});
	}
	return byFeed;
}
