/** So many requests at once, so many a second on average. */
export interface BucketRate {
	readonly burst: number;
	readonly perSecond: number;
}

export class TokenBucket {
	readonly #rate: BucketRate;
	#tokens: number;
	/** Milliseconds since 1970. */
	#at: number;
	#closedUntil = 0;

	constructor(rate: BucketRate, now: number) {
		this.#rate = rate;
		this.#tokens = rate.burst;
		this.#at = now;
	}

	/** Takes a token. @returns 0 if there was one, else the milliseconds until there will be */
	take(now: number): number {
		const elapsed = Math.max(0, now - this.#at);
		this.#tokens = Math.min(this.#rate.burst, this.#tokens + (elapsed * this.#rate.perSecond) / 1000);
		this.#at = Math.max(this.#at, now);
		if (now < this.#closedUntil) return this.#closedUntil - now;
		if (this.#tokens >= 1) {
			this.#tokens--;
			return 0;
		}
		return Math.max(1, Math.ceil(((1 - this.#tokens) * 1000) / this.#rate.perSecond));
	}

	/** Gives nothing before `until`: the other side has asked for it. */
	closeUntil(until: number): void {
		this.#closedUntil = Math.max(this.#closedUntil, until);
		this.#tokens = 0;
	}
}

/**
 * When a `Retry-After` header lets the next request through, in milliseconds since 1970; null where there is none to be read.
 * @see RFC 9110 §10.2.3: seconds, or an HTTP date
 */
export function retryAfter(header: string | null, now: number): number | null {
	if (header === null) return null;
	const text = header.trim();
	if (/^\d{1,9}$/.test(text)) return now + Number(text) * 1000;
	const at = /^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT$/.test(text) ? Date.parse(text) : Number.NaN;
	return Number.isNaN(at) ? null : Math.max(now, at);
}
