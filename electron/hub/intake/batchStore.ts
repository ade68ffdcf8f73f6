/** Batches and their idempotency keys: what was decided, what of it is still to be sealed, and the answer that was given. */
import type { Queryable } from '../database/databasePort.ts';
import type { DeclarationVerdict } from './declaration.ts';
import type { FieldVault } from './fieldVault.ts';
import type { IntakeAnswer, IntakeBatch } from './intakePort.ts';
import type { ReadBatch } from './readBatch.ts';
import { type OutboxEvent, readOutbox, writeOutbox } from './storedEvent.ts';

/** What was decided about a batch; places in the logs come when it is sealed. */
export interface BatchSummary {
	readonly batch_id: string;
	readonly accepted: number;
	readonly duplicates: number;
	readonly waiting: number;
	readonly dead: IntakeAnswer['dead'];
	readonly verdict: DeclarationVerdict;
}

export interface KeyedBody {
	readonly key: string;
	/** 32 bytes. */
	readonly bodySha256: Uint8Array;
}

export interface DecidedBatch {
	readonly batchId: string;
	readonly batch: Omit<IntakeBatch, 'bytes'>;
	readonly read: ReadBatch;
	readonly summary: BatchSummary;
	readonly outbox: readonly OutboxEvent[];
	/** SHA-256 of the body as it came, 32 bytes. */
	readonly bodySha256: Uint8Array;
	/** Further keys that this batch answers: of the messages it was put together from. */
	readonly keys: readonly KeyedBody[];
	/** Milliseconds since 1970. */
	readonly validatedAt: number;
	readonly committedAt: number;
}

/** Writes the batch and its key, inside the transaction that writes its rows. */
export async function keepBatch(tx: Queryable, vault: FieldVault, decided: DecidedBatch): Promise<void> {
	const { batch, batchId, read, outbox } = decided;
	const { declaration } = read;
	const sums = Object.fromEntries((declaration?.sums ?? []).map(({ table, column, declared }) => [`${table}.${column}`, declared]));
	// By COPY, because an outbox has megabytes and a parameter of bytes is slow with the embedded engine.
	const row = {
		tenant: batch.tenant,
		batch_id: batchId,
		principal: batch.principal,
		channel: batch.channel,
		lane: batch.lane,
		source_system: declaration?.sourceSystem ?? null,
		batch_no: declaration?.batchNo ?? null,
		rows: read.lines.length,
		sums: JSON.stringify(sums),
		sha256_source: read.sha256Source,
		sha256_payload: read.sha256Payload,
		state: 'pending',
		received_at: batch.receivedAt,
		outbox: vault.encrypt(batch.tenant, writeOutbox(outbox)),
		summary: JSON.stringify(decided.summary),
		traceparent: batch.traceparent,
		sent_at: declaration?.extractedAt ? Date.parse(declaration.extractedAt) : null,
		validated_at: decided.validatedAt,
		committed_at: decided.committedAt,
	};
	await tx.copyIn('etl_batch', Object.keys(row), [Object.values(row)]);
	const keys = [{ key: batch.idempotencyKey, bodySha256: decided.bodySha256 }, ...decided.keys];
	await tx.copyIn(
		'idempotency',
		['tenant', 'principal', 'key', 'body_sha256', 'batch_id', 'created_at'],
		keys.map(({ key, bodySha256 }) => [batch.tenant, batch.principal, key, bodySha256, batchId, batch.receivedAt]),
	);
}

/** What an idempotency key was used for. */
export interface UsedKey {
	readonly bodySha256: Uint8Array;
	/** Null while the batch is being sealed. */
	readonly answer: IntakeAnswer | null;
}

/** What is known of these keys of a sender; a key that was never used is absent. */
export async function readKeys(
	db: Queryable,
	tenant: string,
	principal: string,
	keys: readonly string[],
): Promise<ReadonlyMap<string, UsedKey>> {
	const rows = await db.query<{ key: string; body_sha256: Uint8Array; answer: IntakeAnswer | null }>(
		'SELECT key, body_sha256, answer FROM idempotency WHERE tenant = $1 AND principal = $2 AND key = ANY($3::text[])',
		[tenant, principal, keys],
	);
	return new Map(rows.map(({ key, body_sha256: bodySha256, answer }) => [key, { bodySha256, answer }]));
}

/** A batch as it is kept, with what of it is still to be sealed. */
export interface PendingBatch {
	readonly tenant: string;
	readonly batchId: string;
	readonly channel: string;
	readonly lane: string;
	readonly sourceSystem: string | null;
	readonly batchNo: number | null;
	readonly rows: number;
	readonly sums: Readonly<Record<string, string>>;
	readonly sha256Source: string;
	readonly sha256Payload: string;
	readonly receivedAt: number;
	readonly summary: BatchSummary;
	readonly outbox: readonly OutboxEvent[];
}

export function pendingOf({ batch, batchId, read, summary, outbox }: DecidedBatch): PendingBatch {
	const { declaration } = read;
	return {
		tenant: batch.tenant,
		batchId,
		channel: batch.channel,
		lane: batch.lane,
		sourceSystem: declaration?.sourceSystem ?? null,
		batchNo: declaration?.batchNo ?? null,
		rows: read.lines.length,
		sums: Object.fromEntries((declaration?.sums ?? []).map(({ table, column, declared }) => [`${table}.${column}`, declared])),
		sha256Source: read.sha256Source,
		sha256Payload: read.sha256Payload,
		receivedAt: batch.receivedAt,
		summary,
		outbox,
	};
}

/** Batches that a crash or a failure left between their rows and their log, in the order in which they were decided. */
export async function readPending(db: Queryable, vault: FieldVault, tenant: string): Promise<readonly PendingBatch[]> {
	const rows = await db.query<{
		batch_id: string;
		channel: string;
		lane: string;
		source_system: string | null;
		batch_no: bigint | null;
		rows: bigint;
		sums: Readonly<Record<string, string>>;
		sha256_source: string;
		sha256_payload: string;
		received_at: bigint;
		summary: BatchSummary;
		outbox: Uint8Array;
	}>(
		`SELECT batch_id, channel, lane, source_system, batch_no, rows, sums, sha256_source, sha256_payload, received_at, summary, outbox
		 FROM etl_batch WHERE tenant = $1 AND state = 'pending' ORDER BY serial`,
		[tenant],
	);
	return rows.map((row) => ({
		tenant,
		batchId: row.batch_id,
		channel: row.channel,
		lane: row.lane,
		sourceSystem: row.source_system,
		batchNo: row.batch_no === null ? null : Number(row.batch_no),
		rows: Number(row.rows),
		sums: row.sums,
		sha256Source: row.sha256_source,
		sha256Payload: row.sha256_payload,
		receivedAt: Number(row.received_at),
		summary: row.summary,
		outbox: readOutbox(vault.decrypt(tenant, row.outbox)),
	}));
}

/** Ends a batch: its events are sealed, its answer is kept for whoever sends it again. */
export async function finishBatch(tx: Queryable, tenant: string, answer: IntakeAnswer, sealedAt: number): Promise<void> {
	await tx.query("UPDATE etl_batch SET state = 'sealed', outbox = NULL, sealed_at = $3::bigint WHERE tenant = $1 AND batch_id = $2", [
		tenant,
		answer.batch_id,
		String(sealedAt),
	]);
	await tx.query('UPDATE idempotency SET answer = $3::jsonb WHERE tenant = $1 AND batch_id = $2', [
		tenant,
		answer.batch_id,
		JSON.stringify(answer),
	]);
}
