/** The last events of the orders that were written to lately, so that most groups need not ask the database. */
import type { Queryable } from '../database/databasePort.ts';
import type { ChainHead, PlacedEvent } from './chains.ts';
import type { NewEvent } from './logPort.ts';
import { type LogName, readHeads } from './sealedRows.ts';

const MAX_KEPT = 50_000;

export class ChainHeads {
	readonly #database: Queryable;
	readonly #name: LogName;
	/** In the order of their last use. */
	readonly #heads = new Map<string, ChainHead | null>();

	constructor(database: Queryable, name: LogName) {
		this.#database = database;
		this.#name = name;
	}

	/** Null for a chain without events, and for one that `learn` was not asked for. */
	get(chain: string): ChainHead | null {
		return this.#heads.get(chain) ?? null;
	}

	/** Looks up the chains of these events that are not known. */
	async learn(events: Iterable<NewEvent>): Promise<void> {
		const unknown = new Set<string>();
		for (const { record } of events) {
			const chain = record[this.#name.table === 'hub_record' ? 'kind' : 'order_id'];
			if (typeof chain === 'string' && !chain.includes('\0') && this.#heads.get(chain) === undefined) unknown.add(chain);
		}
		if (unknown.size === 0) return;
		const found = await readHeads(this.#database, this.#name, [...unknown]);
		for (const chain of unknown) this.#set(chain, found.get(chain) ?? null);
	}

	/** These were written, in this order. Lets go of what was not used for longest. */
	note(events: readonly PlacedEvent[]): void {
		for (const { chain, n, index, leaf } of events) this.#set(chain, { n, index, leaf });
		for (const chain of this.#heads.keys()) {
			if (this.#heads.size <= MAX_KEPT) return;
			this.#heads.delete(chain);
		}
	}

	clear(): void {
		this.#heads.clear();
	}

	#set(chain: string, head: ChainHead | null): void {
		this.#heads.delete(chain);
		this.#heads.set(chain, head);
	}
}
