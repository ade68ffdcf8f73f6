/** Opens the hub's database by its name, at this version's layout. */
import type { Database } from './databasePort.ts';
import { migrate } from './migrate.ts';
import { openPglite } from './pgliteDatabase.ts';
import { openPostgres } from './postgresDatabase.ts';

/**
 * @param name `pglite:DIR` for the embedded engine in a folder, `memory:` for one that ends with the process, or a `postgres://` URL
 * Throws `StartRefusal` where it can't be used.
 */
export async function openDatabase(name: string): Promise<Database> {
	const database = await openEngine(name);
	try {
		await migrate(database);
		return database;
	} catch (error) {
		await database.close();
		throw error;
	}
}

function openEngine(name: string): Promise<Database> {
	if (name === 'memory:') return openPglite(null);
	if (name.startsWith('pglite:')) return openPglite(name.slice('pglite:'.length));
	return openPostgres(name);
}
