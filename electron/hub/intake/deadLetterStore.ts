/** Dead letters: what could not be taken, with payload, cause, attempts, history and the revenue amount concerned. Never deleted. */
import { createHash } from 'node:crypto';
import { formatInstant } from '#kernel';
import type { TableName } from '#model';
import type { Queryable } from '../database/databasePort.ts';
import type { AmountConcerned } from './amounts.ts';
import { type Cause, describeCause } from './causes.ts';
import type { FieldVault } from './fieldVault.ts';
import type { Channel } from './intakePort.ts';

export type DeadLetterState = 'open' | 'replayed' | 'discarded';

export interface NewDeadLetter {
	readonly batchId: string;
	/** 1-based line of its batch; 0 where the whole batch is meant. */
	readonly line: number;
	readonly channel: Channel;
	readonly sourceSystem: string | null;
	readonly table: TableName | null;
	readonly cause: Cause;
	readonly payload: Uint8Array;
	readonly amount: AmountConcerned | null;
	/** Milliseconds since 1970. */
	readonly at: number;
	/** How often it was tried before it was set aside; 1 where it came once. */
	readonly attempts?: number;
}

/** What was done about a dead letter, oldest first. */
export interface DeadLetterAct {
	readonly at: string;
	readonly act: 'set_aside' | 'replay_failed' | 'replayed' | 'discarded';
	readonly by: string | null;
	readonly batch_id: string | null;
	/** SHA-256 of what was sent in its place; null where nothing was. */
	readonly sha256: string | null;
}

/** A dead letter as it is listed. */
export interface DeadLetterView {
	readonly id: string;
	readonly state: DeadLetterState;
	/** The table it was meant for; `batch` where that can't be told. */
	readonly feed: string;
	readonly channel: string;
	readonly source_system: string | null;
	readonly batch_id: string;
	readonly line: number;
	readonly code: string;
	readonly message: string;
	readonly attempts: number;
	/** Minor units as decimal text; empty where the amount is not known. */
	readonly revenue: readonly { readonly currency: string; readonly minor: string }[];
	readonly first_at: string;
	readonly last_at: string;
	readonly history: readonly DeadLetterAct[];
}

export interface DeadLetter {
	readonly view: DeadLetterView;
	readonly payload: Uint8Array;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** One id for one cause of one payload, so that a second failure counts as an attempt and not as a second letter. */
function deadLetterId(tenant: string, code: string, payloadSha256: string): string {
	return `dl-${sha256(Buffer.from(`${tenant}\n${code}\n${payloadSha256}`)).slice(0, 32)}`;
}

/** Keeps the letters, inside the caller's transaction. @returns their ids, in order */
export async function keepDeadLetters(
	tx: Queryable,
	vault: FieldVault,
	tenant: string,
	letters: readonly NewDeadLetter[],
): Promise<readonly string[]> {
	const byId = new Map<string, { readonly letter: NewDeadLetter; readonly payloadSha256: string; attempts: number }>();
	const ids = letters.map((letter) => {
		const payloadSha256 = sha256(letter.payload);
		const id = deadLetterId(tenant, letter.cause.code, payloadSha256);
		const known = byId.get(id);
		if (known) known.attempts += letter.attempts ?? 1;
		else byId.set(id, { letter, payloadSha256, attempts: letter.attempts ?? 1 });
		return id;
	});
	const kept = [...byId];
	if (kept.length === 0) return ids;
	const column = <T>(of: (entry: (typeof kept)[number][1]) => T): T[] => kept.map(([, entry]) => of(entry));
	await tx.query(
		`INSERT INTO dead_letter AS d (tenant, dead_letter_id, batch_id, line, table_name, code, message, secret, attempts, revenue_minor,
			currency, state, created_at, updated_at, channel, source_system, payload_sha256, history)
		 SELECT $1, u.id, u.batch_id, u.line, u.table_name, u.code, u.message, decode(u.secret, 'hex'), u.attempts, u.revenue_minor,
			u.currency, 'open', u.at, u.at, u.channel, u.source_system, u.payload_sha256, jsonb_build_array(u.act::jsonb)
		 FROM unnest($2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::bigint[],
			$11::text[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[])
		 AS u (id, batch_id, line, table_name, code, message, secret, attempts, revenue_minor, currency, at, channel, source_system,
			payload_sha256, act)
		 ON CONFLICT (tenant, dead_letter_id) DO UPDATE SET attempts = d.attempts + excluded.attempts, state = 'open',
			batch_id = excluded.batch_id, line = excluded.line, updated_at = excluded.updated_at, message = excluded.message,
			history = d.history || excluded.history`,
		[
			tenant,
			kept.map(([id]) => id),
			column(({ letter }) => letter.batchId),
			column(({ letter }) => String(letter.line)),
			column(({ letter }) => letter.table),
			column(({ letter }) => letter.cause.code),
			column(({ letter }) => describeCause(letter.cause)),
			column(({ letter }) => Buffer.from(vault.encrypt(tenant, letter.payload)).toString('hex')),
			column(({ attempts }) => attempts),
			column(({ letter }) => (letter.amount ? letter.amount.minor.toString() : null)),
			column(({ letter }) => letter.amount?.currency ?? null),
			column(({ letter }) => String(letter.at)),
			column(({ letter }) => letter.channel),
			column(({ letter }) => letter.sourceSystem),
			column(({ payloadSha256 }) => payloadSha256),
			column(({ letter }) => JSON.stringify(actOf('set_aside', letter.at, null, letter.batchId, null))),
		],
	);
	return ids;
}

export const actOf = (
	act: DeadLetterAct['act'],
	at: number,
	by: string | null,
	batchId: string | null,
	sent: Uint8Array | null,
): DeadLetterAct => ({ at: formatInstant(at), act, by, batch_id: batchId, sha256: sent === null ? null : sha256(sent) });

interface Row {
	readonly dead_letter_id: string;
	readonly batch_id: string;
	readonly line: bigint;
	readonly table_name: string | null;
	readonly code: string;
	readonly message: string;
	readonly attempts: number;
	readonly revenue_minor: bigint | null;
	readonly currency: string | null;
	readonly state: DeadLetterState;
	readonly created_at: bigint;
	readonly updated_at: bigint;
	readonly channel: string;
	readonly source_system: string | null;
	readonly history: readonly DeadLetterAct[];
}

const COLUMNS = `dead_letter_id, batch_id, line, table_name, code, message, attempts, revenue_minor, currency, state, created_at, updated_at,
	channel, source_system, history`;

const viewOf = (row: Row): DeadLetterView => ({
	id: row.dead_letter_id,
	state: row.state,
	feed: row.table_name ?? 'batch',
	channel: row.channel,
	source_system: row.source_system,
	batch_id: row.batch_id,
	line: Number(row.line),
	code: row.code,
	message: row.message,
	attempts: row.attempts,
	revenue: row.revenue_minor === null || row.currency === null ? [] : [{ currency: row.currency, minor: row.revenue_minor.toString() }],
	first_at: formatInstant(Number(row.created_at)),
	last_at: formatInstant(Number(row.updated_at)),
	history: row.history,
});

/** Dead letters of a tenant by id, at most `limit` behind `after`. @param state null lists all */
export async function listDeadLetters(
	db: Queryable,
	tenant: string,
	state: DeadLetterState | null,
	after = '',
	limit = 1000,
): Promise<readonly DeadLetterView[]> {
	const rows = await db.query<Row>(
		`SELECT ${COLUMNS} FROM dead_letter WHERE tenant = $1 AND ($2::text IS NULL OR state = $2) AND dead_letter_id > $3
		 ORDER BY dead_letter_id LIMIT $4::bigint`,
		[tenant, state, after, String(limit)],
	);
	return rows.map(viewOf);
}

export async function readDeadLetter(db: Queryable, vault: FieldVault, tenant: string, id: string): Promise<DeadLetter | null> {
	const [row] = await db.query<Row & { secret: Uint8Array }>(
		`SELECT ${COLUMNS}, secret FROM dead_letter WHERE tenant = $1 AND dead_letter_id = $2`,
		[tenant, id],
	);
	return row ? { view: viewOf(row), payload: vault.decrypt(tenant, row.secret) } : null;
}

/** Adds what was done to the history. */
export async function markDeadLetter(db: Queryable, tenant: string, id: string, state: DeadLetterState, act: DeadLetterAct): Promise<void> {
	await db.query(
		`UPDATE dead_letter SET state = $3, history = history || jsonb_build_array($4::jsonb), updated_at = $5::bigint
		 WHERE tenant = $1 AND dead_letter_id = $2`,
		[tenant, id, state, JSON.stringify(act), String(Date.parse(act.at))],
	);
}
