/** The logs as all the hub's rooms see them: who writes them, who reads them, what keeps them alive. */
import type { Result } from '#kernel';
import type { CheckpointSigner } from '#sync';

/** Tables with an own Merkle log: the two sealed ones of the data model, and the hub's own records (batches, keys, heads, jobs). */
export const LOG_TABLES = ['order_event', 'revenue_event', 'hub_record'] as const;
export type LogTable = (typeof LOG_TABLES)[number];

/** An event before it is sealed: the hub gives it its place, its `prev`, and `order_seq` where the source gave none. */
export interface NewEvent {
	readonly record: Readonly<Record<string, unknown>>;
	/** Region of the order, '' where there is none. */
	readonly region: string;
	readonly batchId: string;
	/** Milliseconds since 1970, by the hub's clock. */
	readonly receivedAt: number;
	/** Disclosures of committed fields (RFC 9901 construction), kept apart from the line. */
	readonly disclosures: readonly string[];
}

export interface SealedEvent {
	/** Zero-based place in the log. */
	readonly index: number;
	/** 32 bytes. */
	readonly leaf: Uint8Array;
	/** Canonical JSON, without a line feed. */
	readonly line: string;
}

export interface SignedHead {
	readonly size: number;
	/** 32 bytes. */
	readonly root: Uint8Array;
	/** The checkpoint as it is served: a C2SP signed note. */
	readonly note: string;
}

/** Writes logs. An answer means: durable, and under a signed checkpoint. */
export interface LogWriter {
	/**
	 * Seals the events of one call together and in their order; calls are sealed in the order in which they were made. `hub_record` lines are
	 * chained by their `kind`, and a `record_id` in them is theirs alone as an `event_id` is.
	 * Rejects with `AppendRefused` where nothing of the call was sealed, or where it can't be told (`unavailable`): then the caller looks into
	 * `event_key` before it tries again.
	 */
	append(tenant: string, table: LogTable, events: readonly NewEvent[]): Promise<readonly SealedEvent[]>;
}

/** Reads logs, from files: readers never touch the database. */
export interface LogReader {
	head(tenant: string, table: LogTable): SignedHead;
	checkpointAt(tenant: string, table: LogTable, size: number): Promise<string | null>;
	/** Lines `from` to `to` (exclusive), each with its line feed, exactly as hashed. */
	lines(tenant: string, table: LogTable, from: number, to: number): AsyncIterable<Uint8Array>;
	/** RFC 6962 §2.1.2. */
	consistency(tenant: string, table: LogTable, from: number, to: number): Promise<readonly Uint8Array[]>;
	/** RFC 6962 §2.1.1. */
	inclusion(tenant: string, table: LogTable, index: number, size: number): Promise<readonly Uint8Array[]>;
	/** The file of a path of the tlog-tiles layout, null where there is none; `path` may be hostile. */
	tileFile(tenant: string, table: LogTable, path: string): string | null;
	/** @returns stops listening */
	onHead(listener: (tenant: string, table: LogTable, size: number) => void): () => void;
}

/** A log key and the sizes between which it signs; both are inclusive, and the checkpoint at a turn carries both signatures. */
interface LogKey {
	readonly vkey: string;
	readonly from: Readonly<Record<LogTable, number>>;
	/** Null while it is in use. */
	readonly to: Readonly<Record<LogTable, number>> | null;
}

/** `unknown_witness`: none that the tenant lists · `no_checkpoint`: none of that size was signed · `malformed`, `bad_signature`: the line itself. */
export type CosignatureRefusal = 'malformed' | 'unknown_witness' | 'bad_signature' | 'no_checkpoint';

/** Shows that an order has no more events than `line` says, as of a heads record. */
export interface HeadProof {
	/** The sealed `hub_record` line whose `root` it leads to, and its place there. */
	readonly record: SealedEvent;
	/** Canonical JSON `[order_id, n, leaf hash of the order's last event]`; the leaves of the tree are in the order of order ids. */
	readonly line: string;
	readonly index: number;
	/** Orders in the tree. */
	readonly size: number;
	readonly hashes: readonly Uint8Array[];
}

/** What keeps logs alive, beside writing and reading them. */
export interface LogKeeper {
	/** Gives a tenant of the database its first key and its logs; one that has them is only opened. */
	addTenant(tenant: string): Promise<void>;
	/** Oldest first. */
	keys(tenant: string): readonly LogKey[];
	/** A new key from here on, told in a `hub_record` line that both keys sign. */
	rotateKey(tenant: string): Promise<void>;
	/** Takes a witness' signature line for the checkpoint of this size, and serves it below the log's own from then on. */
	cosign(tenant: string, table: LogTable, size: number, line: string): Promise<Result<void, CosignatureRefusal>>;
	/** Seals the day's heads record of a table, and answers proofs from it. Once a day and table. @param day YYYY-MM-DD */
	sealHeads(tenant: string, table: 'order_event' | 'revenue_event', day: string): Promise<SealedEvent>;
	/** From the last heads record; null where there is none, or none with this order. */
	headProof(tenant: string, table: 'order_event' | 'revenue_event', orderId: string): Promise<HeadProof | null>;
	/** Ends a log: a last record says so, and nothing is appended any more. */
	freeze(tenant: string, table: LogTable): Promise<void>;
	/** A signed note of checkpoint form with the origin `<log>/publication`. @param digest 32 bytes */
	publicationNote(tenant: string, number: number, digest: Uint8Array): string;
	/** Name of the tenant's log, without a table. */
	nameOf(tenant: string): string;
	/** Signs the order of work papers. @param vkey the key they were given to, retired or not. Null where it is none of the log's */
	noteSigner(tenant: string, vkey: string): CheckpointSigner | null;
}

export type LogStore = LogWriter & LogReader & LogKeeper & { close(): Promise<void> };
