/** Who read which evidence: added to the database once, and listed from there. Nothing changes or removes an entry. */
import { formatInstant } from '#kernel';
import type { Queryable } from '../database/databasePort.ts';
import type { LogTable } from '../log/logPort.ts';
import type { Principal } from '../principal.ts';
import type { EvidenceRead } from './route.ts';

export interface Reading extends EvidenceRead {
	readonly principal: Principal;
	/** Method and path pattern, such as `GET /v1/logs/:table/lines`. */
	readonly route: string;
	readonly traceId: string;
	/** Milliseconds since 1970. */
	readonly at: number;
}

/** As it is kept until it stands in the database, and there. */
export interface KeptReading {
	/** Names it, so that it is added once. */
	readonly id: string;
	readonly tenant: string;
	readonly at: number;
	readonly principal: string;
	readonly role: string;
	readonly route: string;
	readonly subject: string;
	readonly rows: number;
	readonly traceId: string;
	readonly table: LogTable | null;
	readonly from: number | null;
	readonly to: number | null;
}

/** Subjects hold what the asker wrote: cut and printable. */
const SUBJECT_CHARS = 200;
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, SUBJECT_CHARS);

export const keptReading = (id: string, { principal, route, subject, rows, traceId, at, range }: Reading): KeptReading => ({
	...{ id, tenant: principal.tenant, at, principal: principal.id, role: principal.role, route, subject: printable(subject), rows, traceId },
	...{ table: range?.table ?? null, from: range?.from ?? null, to: range?.to ?? null },
});

/** Adds readings of one tenant, in their order; those that are there already are left. */
export async function addReadings(db: Queryable, tenant: string, readings: readonly KeptReading[]): Promise<void> {
	const column = (of: (reading: KeptReading) => string | number | null) => readings.map(of);
	await db.query(
		`INSERT INTO access_log (tenant, position, entry_id, at, principal, role, route, subject, rows, trace_id, log_table, from_idx, to_idx)
		 SELECT $1, (SELECT coalesce(max(position), 0) FROM access_log WHERE tenant = $1) + row_number() OVER (ORDER BY place),
			id, at, principal, role, route, subject, rows, trace_id, log_table, from_idx, to_idx
		 FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], $9::text[], $10::text[], $11::bigint[],
			$12::bigint[]) WITH ORDINALITY AS fresh (id, at, principal, role, route, subject, rows, trace_id, log_table, from_idx, to_idx, place)
		 WHERE NOT EXISTS (SELECT FROM access_log WHERE tenant = $1 AND entry_id = fresh.id)`,
		[
			tenant,
			column(({ id }) => id),
			column(({ at }) => at),
			column(({ principal }) => principal),
			column(({ role }) => role),
			column(({ route }) => route),
			column(({ subject }) => subject),
			column(({ rows }) => rows),
			column(({ traceId }) => traceId),
			column(({ table }) => table),
			column(({ from }) => from),
			column(({ to }) => to),
		],
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
export async function readAccessLog(db: Queryable, tenant: string, after: number, limit: number): Promise<readonly AccessEntry[]> {
	const rows = await db.query<Omit<AccessEntry, 'position' | 'at' | 'rows'> & { position: bigint; at: bigint; rows: bigint }>(
		'SELECT position, at, principal, role, route, subject, rows, trace_id FROM access_log WHERE tenant = $1 AND position > $2 ORDER BY position LIMIT $3',
		[tenant, after, limit],
	);
	return rows.map((row) => ({ ...row, position: Number(row.position), at: formatInstant(Number(row.at)), rows: Number(row.rows) }));
}
