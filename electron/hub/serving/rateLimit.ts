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
	/** As `take`, without counting it. */
	look(who: string): number;
}

/** Buckets of those who have been quiet for so long are full and need not be kept. */
const KEPT = 10_000;

/** @param now milliseconds, never going back */
export function rateLimiter({ burst, perSecond }: RateLimit, now: () => number): RateLimiter {
	const buckets = new Map<string, { level: number; at: number }>();
	const levelOf = (who: string): number => {
		const bucket = buckets.get(who);
		return bucket ? Math.min(burst, bucket.level + ((now() - bucket.at) / 1000) * perSecond) : burst;
	};
	const wait = (level: number): number => (level >= 1 ? 0 : Math.max(1, Math.ceil((1 - level) / perSecond)));
	return {
		look: (who) => wait(levelOf(who)),
		take(who) {
			const level = levelOf(who);
			// The least lately used go first.
			buckets.delete(who);
			buckets.set(who, { level: level >= 1 ? level - 1 : level, at: now() });
			const [oldest] = buckets.keys();
			if (buckets.size > KEPT && oldest !== undefined) buckets.delete(oldest);
			return wait(level);
		},
	};
}

/** Whom an address stands for: in IPv6 whoever has one of a network's addresses has them all. */
export function networkOf(address: string): string {
	if (!address.includes(':') || address.startsWith('::ffff:')) return address;
	const [head = '', tail = ''] = address.split('::');
	const groups = head === '' ? [] : head.split(':');
	const behind = tail === '' ? [] : tail.split(':');
	const whole = address.includes('::')
		? [...groups, ...Array(Math.max(0, 8 - groups.length - behind.length)).fill('0'), ...behind]
		: groups;
	return `${whole.slice(0, 4).join(':')}::/64`;
}
