/** Brings a database to this version: each migration once, all in one transaction, whoever else starts at the same time. */
import { createHash } from 'node:crypto';
import { StartRefusal } from '../startRefusal.ts';
import type { Database, Queryable } from './databasePort.ts';
import type { Migration } from './migrations/migration.ts';
import { MIGRATIONS } from './migrations/migrations.ts';

/** Any fixed number that nothing else on the server locks; every process of the hub takes it before it changes the layout. */
export const LAYOUT_LOCK = '8317204915563010';

const statementsHash = ({ statements }: Migration): string => createHash('sha256').update(statements.join(';\n')).digest('hex');

/**
 * Applies what is missing of `migrations`. A process that comes second waits, then finds everything done.
 * Throws `StartRefusal` where the database is newer than this version, or was migrated with other statements.
 */
export async function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
	await database.transaction(async (tx) => {
		await tx.query(`SELECT pg_advisory_xact_lock(${LAYOUT_LOCK})`);
		await tx.query(`CREATE TABLE IF NOT EXISTS hub_migration (
			no integer PRIMARY KEY, name text NOT NULL, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now()
		)`);
		const applied = await tx.query<{ no: number; sha256: string }>('SELECT no, sha256 FROM hub_migration ORDER BY no');
		refuseStrangers(applied, migrations);
		for (const migration of migrations.slice(applied.length)) await apply(tx, migration);
	});
}

function refuseStrangers(applied: readonly { readonly no: number; readonly sha256: string }[], migrations: readonly Migration[]): void {
	if (applied.length > migrations.length) {
		throw new StartRefusal(
			`The database has ${applied.length} migrations and this version knows ${migrations.length}: start the version of the hub that last used it, or a newer one.`,
			{ code: 'database_newer' },
		);
	}
	applied.forEach(({ no, sha256 }, at) => {
		const known = migrations[at];
		if (known?.no === no && statementsHash(known) === sha256) return;
		throw new StartRefusal(
			`Migration ${no} of the database was made by another version of the hub: its tables may not be what this version expects.`,
			{ code: 'database_differs' },
		);
	});
}

async function apply(tx: Queryable, migration: Migration): Promise<void> {
	for (const statement of migration.statements) await tx.query(statement);
	const values = [migration.no, migration.name, statementsHash(migration)];
	await tx.query('INSERT INTO hub_migration (no, name, sha256) VALUES ($1, $2, $3)', values);
}
