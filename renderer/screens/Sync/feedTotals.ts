/** Sums over all feeds: what needs looking at, and revenue at risk per currency, never mixed. */
import type { FeedsAnswer } from '#sync';

type Feed = FeedsAnswer['feeds'][number];
type Revenue = Feed['dead_letters']['revenue'];

export interface FeedTotals {
	readonly feeds: number;
	readonly stale: number;
	readonly degraded: number;
	readonly waiting: number;
	readonly deadLetters: number;
	readonly atRisk: readonly { readonly currency: string; readonly minor: bigint }[];
}

export function feedTotals(feeds: readonly Feed[]): FeedTotals {
	return {
		feeds: feeds.length,
		stale: feeds.filter(({ freshness }) => freshness === 'stale').length,
		degraded: feeds.filter(({ degraded }) => degraded).length,
		waiting: feeds.reduce((sum, { waiting }) => sum + waiting, 0),
		deadLetters: feeds.reduce((sum, { dead_letters }) => sum + dead_letters.count, 0),
		atRisk: sumsOf(feeds.flatMap(({ dead_letters }) => dead_letters.revenue)),
	};
}

/** By currency, in the order of their codes. */
export function sumsOf(amounts: Revenue): FeedTotals['atRisk'] {
	const sums = new Map<string, bigint>();
	for (const { currency, minor } of amounts) sums.set(currency, (sums.get(currency) ?? 0n) + BigInt(minor));
	return [...sums].map(([currency, minor]) => ({ currency, minor })).sort((a, b) => (a.currency < b.currency ? -1 : 1));
}
