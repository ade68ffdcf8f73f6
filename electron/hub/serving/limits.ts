/** How much of the hub one asker may hold, and for how long. */

export interface ServerLimits {
	/** Milliseconds for a whole head, and for a whole request with its body: nobody holds a place by being slow. */
	readonly headersMs: number;
	readonly requestMs: number;
	/** How often these two are looked at. */
	readonly checkMs: number;
	/** Without a byte either way for so long, a connection is closed; longer than the longest poll and than a batch takes. */
	readonly idleMs: number;
	/** For so long what is still sent after a refusal is thrown away, so that the refusal is read. */
	readonly lingerMs: number;
	/** Bytes of bodies held at once, of all askers. */
	readonly bodyBytes: number;
	/** Questions of one principal under way at once, streams and polls among them. */
	readonly underWay: number;
	readonly connections: number;
	/** When the hub stops, what is under way may take so long to end. */
	readonly closeMs: number;
}

export const SERVER_LIMITS: ServerLimits = {
	headersMs: 15_000,
	requestMs: 120_000,
	checkMs: 5000,
	idleMs: 180_000,
	lingerMs: 2000,
	bodyBytes: 256 << 20,
	underWay: 64,
	connections: 4096,
	closeMs: 10_000,
};

/** Bytes of a head, lines of a head, characters of an address. */
export const HEAD_BYTES_MAX = 16_384;
export const HEADERS_MAX = 64;
export const URL_CHARS_MAX = 4096;

/** Counts what is held by all, and refuses what would be too much. */
export class Budget {
	readonly #max: number;
	#held = 0;

	constructor(max: number) {
		this.#max = max;
	}

	/** @returns whether there was room */
	take(amount: number): boolean {
		if (this.#held + amount > this.#max) return false;
		this.#held += amount;
		return true;
	}

	give(amount: number): void {
		this.#held -= amount;
	}

	get held(): number {
		return this.#held;
	}
}

/** Counts what each holds; names that hold nothing are forgotten. */
export class Shares {
	readonly #max: number;
	readonly #held = new Map<string, number>();

	constructor(max: number) {
		this.#max = max;
	}

	take(name: string): boolean {
		const held = this.#held.get(name) ?? 0;
		if (held >= this.#max) return false;
		this.#held.set(name, held + 1);
		return true;
	}

	give(name: string): void {
		const held = (this.#held.get(name) ?? 1) - 1;
		if (held === 0) this.#held.delete(name);
		else this.#held.set(name, held);
	}
}
