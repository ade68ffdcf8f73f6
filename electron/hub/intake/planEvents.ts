/**
 * Decides for the sealed events of one batch what becomes of each: sealed, there already, waiting, or set aside. Pure: what is known
 * comes in, what is to be done comes out, so that any split and any order of arrival can be tried out.
 */
import { leafHash } from '#evidence';
import { canonicalize, toHex, utf8 } from '#kernel';
import { TABLES } from '#model';
import type { LogTable } from '../log/logPort.ts';
import { MAX_LINE_BYTES, MAX_WAITING } from './bounds.ts';
import { type Cause, cause } from './causes.ts';
import type { RecordJson } from './checkRecord.ts';
import type { Channel } from './intakePort.ts';
import { type ChainEnd, placeEvent } from './placeEvent.ts';

export type SealedTable = Exclude<LogTable, 'hub_record'>;

/** An event as it was sent. */
export interface OfferedEvent {
	readonly table: SealedTable;
	readonly record: RecordJson;
	readonly disclosures: readonly string[];
	/** 1-based line of its batch. */
	readonly line: number;
	readonly batchId: string;
	readonly channel: Channel;
	/** Milliseconds since 1970. */
	readonly receivedAt: number;
	readonly trace: string | null;
}

/** An event with its names. */
export interface PlannedEvent extends OfferedEvent {
	readonly eventId: string;
	readonly orderId: string;
}

/** An event with its place in its order's chain, from 1. */
export interface PlacedEvent extends PlannedEvent {
	readonly n: number;
}

/** What is known when a batch is planned; the plan carries its own changes on top. */
export interface KnownEvents {
	/** The record of this id, as it is sealed. */
	sealed(table: SealedTable, eventId: string): RecordJson | null;
	chainEnd(table: SealedTable, orderId: string): ChainEnd;
	/** Events that wait, of the orders and ids of the batch. */
	readonly waiting: readonly PlannedEvent[];
	/** How many wait in all. */
	readonly waitingCount: number;
}

export interface EventPlan {
	/** In the order in which they are to be sealed; each with `order_seq` where its table has one. */
	readonly seal: readonly PlacedEvent[];
	readonly wait: readonly PlannedEvent[];
	/** Event ids that waited before and do no more. */
	readonly released: readonly string[];
	readonly duplicates: number;
	readonly dead: readonly { readonly event: PlannedEvent; readonly cause: Cause }[];
}

export function planEvents(offered: readonly OfferedEvent[], known: KnownEvents): EventPlan {
	const planner = new EventPlanner(offered, known);
	for (const event of offered) planner.place(identify(event));
	return planner.plan();
}

export function identify(event: OfferedEvent): PlannedEvent {
	const [key = ''] = TABLES[event.table].primaryKey;
	return { ...event, eventId: String(event.record[key]), orderId: String(event.record['order_id']) };
}

const chainName = ({ table, orderId }: PlannedEvent): string => `${table}/${orderId}`;
const idName = ({ table, eventId }: PlannedEvent): string => `${table}/${eventId}`;

/** The place an event names. Revenue events have none: they follow in the order of their arrival. */
const seqOf = ({ table, record }: PlannedEvent): number | null =>
	table === 'order_event' && typeof record['order_seq'] === 'number' ? record['order_seq'] : null;

class EventPlanner {
	readonly #known: KnownEvents;
	/** Orders of which an event names its predecessor: only there hashes are needed. */
	readonly #hashed: ReadonlySet<string>;
	readonly #ends = new Map<string, ChainEnd>();
	readonly #sealed = new Map<string, RecordJson>();
	/** By chain, then by place. */
	readonly #waiting = new Map<string, Map<number, PlannedEvent>>();
	readonly #waitingIds = new Map<string, PlannedEvent>();
	readonly #before = new Set<string>();
	readonly #seal: PlacedEvent[] = [];
	readonly #released: string[] = [];
	readonly #dead: { event: PlannedEvent; cause: Cause }[] = [];
	#duplicates = 0;
	#waitingCount: number;

	constructor(offered: readonly OfferedEvent[], known: KnownEvents) {
		this.#known = known;
		this.#waitingCount = known.waitingCount;
		for (const event of known.waiting) {
			this.#before.add(event.eventId);
			this.#park(event);
		}
		const named = [...offered.map(identify), ...known.waiting].filter(({ record }) => record['prev'] !== undefined);
		this.#hashed = new Set(named.map(chainName));
	}

	plan(): EventPlan {
		const wait = [...this.#waitingIds.values()].filter(({ eventId }) => !this.#before.has(eventId));
		return { seal: this.#seal, wait, released: this.#released, duplicates: this.#duplicates, dead: this.#dead };
	}

	place(event: PlannedEvent): void {
		const waits = this.#waitingIds.get(idName(event)) ?? null;
		const known = this.#sealed.get(idName(event)) ?? this.#known.sealed(event.table, event.eventId) ?? waits?.record ?? null;
		const seq = seqOf(event);
		const isAwaited = seq !== null && this.#waiting.get(chainName(event))?.has(seq) === true;
		const placement = placeEvent(event.record, seq, known, this.#end(event), isAwaited);
		switch (placement) {
			case 'duplicate':
				this.#duplicates++;
				break;
			case 'altered':
				this.#refuse(event, cause('event_altered', event.eventId));
				break;
			case 'taken':
				this.#refuse(event, cause('sequence_taken', `order_seq ${seq} of order ${event.orderId}`));
				break;
			case 'other_chain':
				this.#refuse(event, this.#otherChain(event));
				break;
			case 'ahead':
				this.#await(event);
				break;
			case 'next':
				if (this.#append(event)) this.#release(event);
		}
	}

	#await(event: PlannedEvent): void {
		if (this.#waitingCount >= MAX_WAITING) {
			this.#refuse(event, cause('waiting_full', `${MAX_WAITING} events wait`));
			return;
		}
		this.#waitingCount++;
		this.#park(event);
	}

	#otherChain(event: PlannedEvent): Cause {
		return cause('chain_differs', `prev ${String(event.record['prev'])}, the log's is ${this.#end(event).leaf ?? 'null'}`);
	}

	#refuse(event: PlannedEvent, why: Cause): void {
		this.#dead.push({ event, cause: why });
	}

	#park(event: PlannedEvent): void {
		const chain = this.#waiting.get(chainName(event)) ?? new Map<number, PlannedEvent>();
		chain.set(seqOf(event) ?? 0, event);
		this.#waiting.set(chainName(event), chain);
		this.#waitingIds.set(idName(event), event);
	}

	#end(event: PlannedEvent): ChainEnd {
		return this.#ends.get(chainName(event)) ?? this.#known.chainEnd(event.table, event.orderId);
	}

	/** @returns whether it was appended: a line that its place makes too long is set aside */
	#append(event: PlannedEvent): boolean {
		const end = this.#end(event);
		const record = event.table === 'order_event' ? { ...event.record, order_seq: end.n + 1 } : event.record;
		// 80 bytes hold the longest `prev` and its key.
		const line = canonicalize({ ...record, prev: end.leaf });
		if (line.length * 3 + 80 > MAX_LINE_BYTES && Buffer.byteLength(line) + 80 > MAX_LINE_BYTES) {
			this.#refuse(event, cause('line_too_long', 'with its place in the order'));
			return false;
		}
		const leaf = this.#hashed.has(chainName(event)) ? toHex(leafHash(utf8(line))) : null;
		this.#ends.set(chainName(event), { n: end.n + 1, leaf });
		this.#sealed.set(idName(event), record);
		this.#seal.push({ ...event, record, n: end.n + 1 });
		return true;
	}

	/** Those that waited for this one, one behind the other. */
	#release(event: PlannedEvent): void {
		const chain = this.#waiting.get(chainName(event));
		for (;;) {
			const seq = this.#end(event).n + 1;
			const waiting = chain?.get(seq);
			if (!chain || !waiting) return;
			chain.delete(seq);
			this.#waitingIds.delete(idName(waiting));
			this.#waitingCount--;
			if (this.#before.has(waiting.eventId)) this.#released.push(waiting.eventId);
			const { prev } = waiting.record;
			const isOther = prev !== undefined && prev !== this.#end(waiting).leaf;
			if (isOther) this.#refuse(waiting, this.#otherChain(waiting));
			if (isOther || !this.#append(waiting)) return;
		}
	}
}
