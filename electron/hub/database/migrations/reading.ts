/**
 * Who read what, kept aside of the database first: an entry has a name of its own, so that it is added once however often it is brought here,
 * and its place counts within its tenant, so that nobody sees from the gaps how much others read. Ranges of lines tell when an event was pulled.
 */
import type { Migration } from './migration.ts';

export const READING: Migration = {
	no: 4,
	name: 'reading',
	statements: [
		'ALTER TABLE access_log ALTER COLUMN position DROP IDENTITY',
		`ALTER TABLE access_log
			ADD COLUMN entry_id text COLLATE "C",
			ADD COLUMN log_table text COLLATE "C",
			ADD COLUMN from_idx bigint,
			ADD COLUMN to_idx bigint`,
		'CREATE UNIQUE INDEX access_log_entry ON access_log (tenant, entry_id)',
		'CREATE INDEX access_log_range ON access_log (tenant, log_table, to_idx) WHERE log_table IS NOT NULL',
	],
};
