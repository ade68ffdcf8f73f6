/**
 * Bytes of a plain table as it was published. Where its file is gone or damaged, and the table is still as it was then, the file is written
 * anew from the rows: they must come to the hash that was signed.
 */
import { err, type Result } from '#kernel';
import type { TableName } from '#model';
import type { Database } from '../database/databasePort.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { DeclaredTable } from './manifest.ts';
import type { Publication } from './publicationStore.ts';
import { readTableFile, tableFilePath } from './tableFile.ts';
import { writeTable } from './writeTables.ts';

interface Ports {
	readonly database: Database;
	readonly keys: HubKeys;
	/** Of all tenants. */
	readonly folder: string;
}

export interface PublishedTables {
	/** Bytes from `offset` on, fewer than `length` only at the table's end. */
	read(
		tenant: string,
		publication: Publication,
		table: TableName,
		offset: number,
		length: number,
	): Promise<Result<Uint8Array, 'absent' | 'damaged'>>;
}

export function publishedTables(ports: Ports): PublishedTables {
	/** By path: who asks meanwhile waits for the one under way. */
	const mending = new Map<string, Promise<boolean>>();
	return {
		async read(tenant, publication, table, offset, length) {
			const revision = publication.revisions[table];
			const declared = declaredOf(publication, table);
			if (revision === undefined || !declared) return err('absent');
			const path = tableFilePath(ports.folder, tenant, table, revision);
			const from = Math.min(offset, declared.bytes);
			const bytes = () => readTableFile(path, tenant, ports.keys, from, Math.min(declared.bytes, from + length));
			const found = await bytes();
			if (found.ok) return found;
			const mended = mending.get(path) ?? mend(ports, tenant, table, revision, declared.sha256).finally(() => mending.delete(path));
			mending.set(path, mended);
			return (await mended) ? await bytes() : found;
		},
	};
}

const declaredOf = ({ manifest }: Publication, table: string): DeclaredTable | undefined =>
	(JSON.parse(manifest) as { readonly tables: readonly DeclaredTable[] }).tables.find((each) => each.table === table);

/** @returns whether the file stands again */
function mend(ports: Ports, tenant: string, table: TableName, revision: number, sha256: string): Promise<boolean> {
	return ports.database.transaction(async (tx) => {
		await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
		const [state] = await tx.query<{ revision: bigint }>('SELECT revision FROM table_state WHERE tenant = $1 AND table_name = $2', [
			tenant,
			table,
		]);
		if (Number(state?.revision ?? -1) !== revision) return false;
		return (await writeTable(ports, tx, tenant, { table, revision, sha256 })) !== null;
	});
}
