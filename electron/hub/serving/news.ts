/** What has changed, for those who wait for it: numbered from the start of the process, the newest ones kept. */

export type News =
	| { readonly cursor: number; readonly kind: 'head'; readonly table: string; readonly size: number }
	| { readonly cursor: number; readonly kind: 'acts'; readonly engagement: string; readonly position: number };

type Fresh = News extends infer N ? (N extends News ? Omit<N, 'cursor'> : never) : never;

export interface Found {
	/** To go on behind. Numbers grow over restarts as well, so that an old cursor is never ahead. */
	readonly cursor: number;
	readonly news: readonly News[];
}

export interface HubNews {
	tell(tenant: string, fresh: Fresh): void;
	/** What is behind `after`, at once or after at most `waitMs`; a cursor that is no longer covered gets all that is kept. */
	after(tenant: string, after: number, waitMs: number, signal: AbortSignal): Promise<Found>;
}

const KEPT = 200;

/** @param now milliseconds since 1970: cursors begin there */
export function hubNews(now: number): HubNews {
	const kept = new Map<string, News[]>();
	const waiting = new Map<string, Set<() => void>>();
	let cursor = now;
	const found = (tenant: string, after: number): Found => {
		const news = (kept.get(tenant) ?? []).filter((each) => each.cursor > after);
		return { cursor: news.at(-1)?.cursor ?? Math.max(after, 0), news };
	};
	return {
		tell(tenant, fresh) {
			const list = (kept.get(tenant) ?? []).filter((each) => !isReplaced(each, fresh));
			list.push({ ...fresh, cursor: ++cursor } as News);
			kept.set(tenant, list.slice(-KEPT));
			for (const wake of waiting.get(tenant) ?? []) wake();
		},
		async after(tenant, after, waitMs, signal) {
			const now = found(tenant, after);
			if (now.news.length > 0 || waitMs === 0 || signal.aborted) return now;
			const wakes = waiting.get(tenant) ?? new Set();
			waiting.set(tenant, wakes);
			await new Promise<void>((resolve) => {
				const wake = (): void => {
					clearTimeout(timer);
					wakes.delete(wake);
					signal.removeEventListener('abort', wake);
					resolve();
				};
				const timer = setTimeout(wake, waitMs);
				timer.unref();
				wakes.add(wake);
				signal.addEventListener('abort', wake, { once: true });
			});
			return found(tenant, after);
		},
	};
}

/** A newer head of a log, or newer acts of an engagement, take the place of the earlier news. */
const isReplaced = (each: News, fresh: Fresh): boolean =>
	(each.kind === 'head' && fresh.kind === 'head' && each.table === fresh.table) ||
	(each.kind === 'acts' && fresh.kind === 'acts' && each.engagement === fresh.engagement);
