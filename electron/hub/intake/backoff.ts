/** How long to wait before the next try: longer each time, and never for all at the same moment. */

export interface Backoff {
	/** Milliseconds before the second try. */
	readonly firstMs: number;
	readonly maxMs: number;
}

/**
 * "Full jitter" over the upper half: between half and the whole of the doubled wait, so that waits grow for certain and still spread.
 * @param attempt tries so far, from 1
 * @param random in [0, 1)
 * @returns whole milliseconds
 */
export function backoffMs(attempt: number, random: number, { firstMs, maxMs }: Backoff): number {
	const ceiling = Math.min(maxMs, firstMs * 2 ** Math.min(attempt - 1, 30));
	return Math.round(ceiling / 2 + (random * ceiling) / 2);
}
