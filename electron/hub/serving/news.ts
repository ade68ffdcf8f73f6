/**
 * What has changed, for those who wait for it: numbered a tenant, the newest ones kept. Numbers begin at the clock, so that they grow over
 * restarts; a number that is not known gets all that is kept, because a head twice is better than one missed.
 */
import type { Database } from '../database/databasePort.ts';
import { LOG_TABLES, type LogReader, type LogTable } from '../log/logPort.ts';

type Fresh =
	| { readonly kind: 'head'; readonly table: string; readonly size: number }
	| { readonly kind: 'publication'; readonly number: number }
	| { readonly kind: 'acts'; readonly engagement: string; readonly position: number };
type News = Fresh & { readonly cursor: number };

interface Found {
	/** To go on behind. */
	readonly cursor: number;
	readonly news: readonly News[];
}

export interface HubNews {
	tell(tenant: string, fresh: Fresh): void;
	/** What is behind `after`, at once or after at most `waitMs`; a cursor that is no longer covered gets all that is kept. */
	after(tenant: string, after: number, waitMs: number, signal: AbortSignal): Promise<Found>;
}

const KEPT = 200;

interface TenantNews {
	news: News[];
	cursor: number;
	readonly waiting: Set<() => void>;
}

/** @param now milliseconds since 1970 */
export function hubNews(now: () => number): HubNews {
	const tenants = new Map<string, TenantNews>();
	const of = (tenant: string): TenantNews => {
		const known = tenants.get(tenant) ?? { news: [], cursor: now(), waiting: new Set() };
		tenants.set(tenant, known);
		return known;
	};
	const found = ({ news, cursor }: TenantNews, after: number): Found => {
		const behind = after > cursor ? news : news.filter((each) => each.cursor > after);
		return { cursor, news: behind };
	};
	return {
		tell(tenant, fresh) {
			const own = of(tenant);
			own.cursor++;
			own.news = [...own.news.filter((each) => !isReplaced(each, fresh)), { ...fresh, cursor: own.cursor }].slice(-KEPT);
			for (const wake of own.waiting) wake();
		},
		async after(tenant, after, waitMs, signal) {
			const own = of(tenant);
			const before = found(own, after);
			if (before.news.length > 0 || waitMs === 0 || signal.aborted) return before;
			await woken(own.waiting, waitMs, signal);
			return found(own, after);
		},
	};
}

function woken(waiting: Set<() => void>, waitMs: number, signal: AbortSignal): Promise<void> {
	return new Promise((resolve) => {
		const wake = (): void => {
			clearTimeout(timer);
			waiting.delete(wake);
			signal.removeEventListener('abort', wake);
			resolve();
		};
		const timer = setTimeout(wake, waitMs);
		timer.unref();
		waiting.add(wake);
		signal.addEventListener('abort', wake, { once: true });
	});
}

/** A newer head of a log, a newer cut, or newer acts of an engagement take the place of the earlier news. */
const isReplaced = (each: Fresh, fresh: Fresh): boolean =>
	(each.kind === 'head' && fresh.kind === 'head' && each.table === fresh.table) ||
	(each.kind === 'publication' && fresh.kind === 'publication') ||
	(each.kind === 'acts' && fresh.kind === 'acts' && each.engagement === fresh.engagement);

/**
 * At the start: what changed while nobody listened, or while the hub was down, is told as it stands.
 * @param onHead told of each log that is not empty
 */
export async function tellWhatStands(
	news: HubNews,
	database: Database,
	log: LogReader,
	onHead: (tenant: string, table: LogTable, size: number) => void,
): Promise<void> {
	for (const { tenant } of await database.query<{ tenant: string }>('SELECT tenant FROM tenant')) {
		for (const table of LOG_TABLES) {
			const { size } = log.head(tenant, table);
			if (size === 0) continue;
			news.tell(tenant, { kind: 'head', table, size });
			onHead(tenant, table, size);
		}
	}
	const published = await database.query<{ tenant: string; number: bigint }>(
		'SELECT tenant, max(number) AS number FROM publication GROUP BY tenant',
	);
	for (const { tenant, number } of published) news.tell(tenant, { kind: 'publication', number: Number(number) });
	const papers = await database.query<{ tenant: string; engagement_id: string; position: bigint }>(
		'SELECT tenant, engagement_id, max(position) AS position FROM paper_order GROUP BY tenant, engagement_id',
	);
	for (const { tenant, engagement_id, position } of papers)
		news.tell(tenant, { kind: 'acts', engagement: engagement_id, position: Number(position) });
}
