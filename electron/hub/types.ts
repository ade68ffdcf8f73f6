/** What the hub's rooms share: the database port, the log they read, the intake they feed, and the refusals that may leave the hub. */
import type { Result } from '#kernel';
import type { CheckpointSigner } from '#sync';

export interface Queryable {
	/**
	 * One statement; `bigint` columns come back as bigint, `bytea` as bytes, `jsonb` parsed. A `jsonb` parameter is given as its JSON text.
	 * Throws on anything the engine refuses, with the engine's five-character `code`.
	 */
	query<R extends object>(sql: string, params?: readonly unknown[]): Promise<readonly R[]>;
	/** Many rows at once, all or none, by COPY; an existing key is an error. Names are this program's own. @returns rows written */
	copyIn(table: string, columns: readonly string[], rows: Iterable<readonly CopyValue[]>): Promise<number>;
}

export type CopyValue = null | string | number | bigint | boolean | Uint8Array;

/** PostgreSQL, embedded or a server. One dialect, one list of migrations. */
export interface Database extends Queryable {
	readonly engine: 'pglite' | 'postgres';
	/** All or none; a serialisation failure is tried again. */
	transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}

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

/** Revenue before orders before telemetry, in every queue. */
export type Lane = 'revenue' | 'order' | 'telemetry';
export type Channel = 'http' | 'amqp' | 'drop' | 'carrier' | 'portal';

export interface IntakeBatch {
	readonly tenant: string;
	/** Who sent it. */
	readonly principal: string;
	/** 1 to 200 printable ASCII characters; names the batch for its sender. */
	readonly idempotencyKey: string;
	readonly channel: Channel;
	readonly lane: Lane;
	/** NDJSON as it came. */
	readonly bytes: Uint8Array;
	/** W3C trace context, as it came. */
	readonly traceparent: string | null;
	/** Milliseconds since 1970, by the hub's clock. */
	readonly receivedAt: number;
}

export interface DeadLine {
	/** 1-based line of the batch. */
	readonly line: number;
	readonly code: string;
	readonly message: string;
	readonly dead_letter_id: string;
}

/** What became of a batch, as it is sent on the wire. */
export interface IntakeAnswer {
	readonly batch_id: string;
	readonly accepted: number;
	/** Lines that were there already, byte for byte. */
	readonly duplicates: number;
	/** Lines that wait for their predecessor. */
	readonly waiting: number;
	readonly dead: readonly DeadLine[];
	/** Per sealed table the places taken, `to` exclusive. */
	readonly positions: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
	/** Per sealed table the size of the signed checkpoint that covers them. */
	readonly sealed: Readonly<Record<string, number>>;
	/** Whether this is the kept answer to an earlier sending. */
	readonly replayed: boolean;
}

/** Refusals that may leave the hub. Closed; each has one HTTP status. */
export const PROBLEM_STATUS = {
	malformed: 400,
	unauthenticated: 401,
	forbidden: 403,
	not_found: 404,
	method_not_allowed: 405,
	timed_out: 408,
	idempotency_conflict: 409,
	conflict: 409,
	/** What is asked for was handed over, and its stored bytes are no longer those: of this one thing, and nothing that passes by itself. */
	damaged: 410,
	too_large: 413,
	address_too_long: 414,
	unsupported: 415,
	batch_differs: 422,
	rate_limited: 429,
	headers_too_large: 431,
	failed: 500,
	unavailable: 503,
} as const;
export type ProblemCode = keyof typeof PROBLEM_STATUS;

/** What, where, how to mend it. Never holds data of another tenant, a token or a body. */
export interface HubProblem {
	readonly code: ProblemCode;
	readonly message: string;
	readonly where?: string;
	/** Seconds until it may be tried again. */
	readonly retryAfter?: number;
}

export interface Intake {
	submit(batch: IntakeBatch): Promise<Result<IntakeAnswer, HubProblem>>;
}

export type HubRole = 'producer' | 'portal' | 'auditor' | 'compliance' | 'operator' | 'witness';

export interface Principal {
	readonly tenant: string;
	readonly id: string;
	readonly role: HubRole;
}
