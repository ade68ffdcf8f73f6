/** Who of the auditors read what: written before the answer leaves, so that nothing is read without a trace. */
import { formatInstant } from '#kernel';
import type { Database, Principal } from '../types.ts';

export interface Reading {
	readonly principal: Principal;
	/** Method and path pattern, such as `GET /v1/logs/:table/lines`. */
	readonly route: string;
	/** What was read, without any of its content: a table and a range. */
	readonly subject: string;
	readonly rows: number;
	readonly traceId: string;
	/** Milliseconds since 1970. */
	readonly at: number;
}

/** Subjects hold what the asker wrote: cut and printable. */
const SUBJECT_CHARS = 200;
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_CHARS);

export async function noteReading(database: Database, { principal, route, subject, rows, traceId, at }: Reading): Promise<void> {
	await database.query(
		'INSERT INTO access_log (tenant, at, principal, role, route, subject, rows, trace_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)',
		[principal.tenant, at, principal.id, principal.role, route, printable(subject), rows, traceId],
	);
}

export interface AccessEntry {
	readonly position: number;
	readonly at: string;
	readonly principal: string;
	readonly role: string;
	readonly route: string;
	readonly subject: string;
	readonly rows: number;
	readonly trace_id: string | null;
}

/** Entries of a tenant behind `after`, oldest first. */
export async function readAccessLog(database: Database, tenant: string, after: number, limit: number): Promise<readonly AccessEntry[]> {
	const rows = await database.query<Omit<AccessEntry, 'position' | 'at' | 'rows'> & { position: bigint; at: bigint; rows: bigint }>(
		'SELECT position, at, principal, role, route, subject, rows, trace_id FROM access_log WHERE tenant = $1 AND position > $2 ORDER BY position LIMIT $3',
		[tenant, after, limit],
	);
	return rows.map((row) => ({ ...row, position: Number(row.position), at: formatInstant(Number(row.at)), rows: Number(row.rows) }));
}
