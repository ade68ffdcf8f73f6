/** The last events of the orders that were written to lately, so that most groups need not ask the database. */
import type { ChainHead } from './chains.ts';

const MAX_KEPT = 50_000;

export class ChainHeads {
	/** In the order of their last use. */
	readonly #heads = new Map<string, ChainHead | null>();

	/** Undefined where it is not known; null for a chain without events. */
	get(chain: string): ChainHead | null | undefined {
		return this.#heads.get(chain);
	}

	set(chain: string, head: ChainHead | null): void {
		this.#heads.delete(chain);
		this.#heads.set(chain, head);
	}

	/** Lets go of what was not used for longest. */
	trim(): void {
		for (const chain of this.#heads.keys()) {
			if (this.#heads.size <= MAX_KEPT) return;
			this.#heads.delete(chain);
		}
	}

	clear(): void {
		this.#heads.clear();
	}
}
