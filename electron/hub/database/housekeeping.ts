/**
 * What PostgreSQL's autovacuum does, for the embedded engine, which has no such process, and for a server where it is switched off: without
 * statistics the planner reads a whole table for a thousand keys, and what was deleted is never given back. The rules are PostgreSQL's (Routine
 * Vacuuming, "The Autovacuum Daemon"), with a longer way to a new analysis, because here everybody waits for it.
 */
import type { Queryable } from './databasePort.ts';

/** How much a table must have changed: so many rows, and that part of what it had. */
const ANALYZE = { rows: 1_000, part: 0.5 };
const VACUUM = { rows: 50, part: 0.2 };
/** Rows that were only added: their pages are marked as seen by all, so that later work passes over them. */
const VACUUM_INSERTS = { rows: 10_000, part: 0.5 };

interface Change {
	readonly schema: string;
	readonly name: string;
	readonly is_ordinary: boolean;
	/** Rows when the table was last looked at. */
	readonly rows: number;
	readonly dead: number;
	readonly changed: number;
	readonly inserted: number;
}

const isDue = (count: number, { rows, part }: { readonly rows: number; readonly part: number }, of: number): boolean =>
	count > rows + part * Math.max(0, of);

/** What is due of a table; null: nothing. The overflow tables of long values (TOAST) have no statistics of their own. */
export function dueFor({
	is_ordinary,
	rows,
	dead,
	changed,
	inserted,
}: Omit<Change, 'schema' | 'name'>): 'VACUUM' | 'ANALYZE' | 'VACUUM (ANALYZE)' | null {
	const needsVacuum = isDue(dead, VACUUM, rows) || isDue(inserted, VACUUM_INSERTS, rows);
	const needsAnalyze = is_ordinary && isDue(changed, ANALYZE, rows);
	if (needsVacuum) return needsAnalyze ? 'VACUUM (ANALYZE)' : 'VACUUM';
	return needsAnalyze ? 'ANALYZE' : null;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Looks after the tables that need it, one statement each, so that others come in between. @returns how many */
export async function keepHouse(database: Queryable): Promise<number> {
	const changes = await database.query<Change>(
		`SELECT s.schemaname AS schema, s.relname AS name, c.relkind = 'r' AS is_ordinary, c.reltuples::float8 AS rows,
		        s.n_dead_tup::float8 AS dead, s.n_mod_since_analyze::float8 AS changed, s.n_ins_since_vacuum::float8 AS inserted
		 FROM pg_stat_all_tables s JOIN pg_class c ON c.oid = s.relid
		 WHERE pg_get_userbyid(c.relowner) = current_user AND (s.n_dead_tup > 0 OR s.n_mod_since_analyze > 0 OR s.n_ins_since_vacuum > 0)`,
	);
	let tended = 0;
	for (const change of changes) {
		const due = dueFor(change);
		if (due === null) continue;
		await database.query(`${due} ${quoted(change.schema)}.${quoted(change.name)}`);
		tended++;
	}
	return tended;
}

const EVERY_MS = 5_000;

/** Does so every few seconds, between other statements. */
export function startHousekeeping(database: Queryable): { stop(): Promise<void> } {
	let working: Promise<unknown> = Promise.resolve();
	let isWorking = false;
	const timer = setInterval(() => {
		if (isWorking) return;
		isWorking = true;
		// What could not be done is due again the next time.
		working = keepHouse(database)
			.catch(() => undefined)
			.finally(() => {
				isWorking = false;
			});
	}, EVERY_MS);
	timer.unref();
	return {
		stop: async () => {
			clearInterval(timer);
			await working;
		},
	};
}
