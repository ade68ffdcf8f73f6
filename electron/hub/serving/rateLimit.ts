/** Token buckets: so many questions at once, so many a second after that. */

export interface RateLimit {
	/** Questions at once. */
	readonly burst: number;
	/** Questions a second in the long run. */
	readonly perSecond: number;
}

export interface RateLimiter {
	/** @returns 0 where the question may pass, else the whole seconds until one may */
	take(who: string): number;
}

/** Buckets of those who have been quiet for so long are full and need not be kept. */
const KEPT = 10_000;

/** @param now milliseconds, never going back */
export function rateLimiter({ burst, perSecond }: RateLimit, now: () => number): RateLimiter {
	const buckets = new Map<string, { level: number; at: number }>();
	return {
		take(who) {
			const at = now();
			const bucket = buckets.get(who) ?? { level: burst, at };
			bucket.level = Math.min(burst, bucket.level + ((at - bucket.at) / 1000) * perSecond);
			bucket.at = at;
			// The least lately used go first.
			buckets.delete(who);
			buckets.set(who, bucket);
			const [oldest] = buckets.keys();
			if (buckets.size > KEPT && oldest !== undefined) buckets.delete(oldest);
			if (bucket.level < 1) return Math.max(1, Math.ceil((1 - bucket.level) / perSecond));
			bucket.level -= 1;
			return 0;
		},
	};
}
