/** Files of the plain tables at a cut. A table unchanged since the last publication keeps its file. */
import { isTableName, type TableName } from '#model';
import type { Queryable } from '../database/databasePort.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { Cut } from './cut.ts';
import type { DeclaredTable } from './manifest.ts';
import type { Publication } from './publicationStore.ts';
import { isTableFile, tableFilePath, writeTableFile } from './tableFile.ts';
import { type Declared, TableTally } from './tableTally.ts';

interface Ports {
	readonly keys: HubKeys;
	/** Of all tenants. */
	readonly folder: string;
}

/** @param tx sees all tables as of one instant */
export async function writeTables(
	ports: Ports,
	tx: Queryable,
	tenant: string,
	{ revisions }: Cut,
	last: Publication | null,
): Promise<DeclaredTable[]> {
	const declared = last ? (JSON.parse(last.manifest) as { tables: DeclaredTable[] }).tables : [];
	const kept = new Map(declared.map((each) => [each.table, each]));
	const tables: DeclaredTable[] = [];
	for (const [table, revision] of Object.entries(revisions)) {
		if (!isTableName(table)) continue;
		const before = last?.revisions[table] === revision ? kept.get(table) : undefined;
		if (before && (await isTableFile(tableFilePath(ports.folder, tenant, table, revision)))) {
			const { rows, bytes, sha256, control_totals, query } = before;
			tables.push({ table, rows, bytes, sha256, control_totals, query });
		} else {
			const written = await writeTable(ports, tx, tenant, { table, revision, sha256: null });
			if (written) tables.push({ table, query: `revision ${revision}`, ...written });
		}
	}
	return tables;
}

const PAGE = 2000;

interface Wanted {
	readonly table: TableName;
	readonly revision: number;
	/** That of a file that was published already; null for a new one. */
	readonly sha256: string | null;
}

/** Writes a table's file as `tx` sees its rows. Null, and nothing written, where they do not come to the hash that was published. */
export async function writeTable(
	ports: Ports,
	tx: Queryable,
	tenant: string,
	{ table, revision, sha256 }: Wanted,
): Promise<Declared | null> {
	const tally = new TableTally(table);
	const file = await writeTableFile(tableFilePath(ports.folder, tenant, table, revision), tenant, ports.keys);
	try {
		for (let after = -1n; ; ) {
			const rows = await tx.query<{ position: bigint; line: string; secret: Uint8Array | null }>(
				`SELECT position, line, secret FROM table_row WHERE tenant = $1 AND table_name = $2 AND position > $3 AND NOT deleted
				 ORDER BY position LIMIT ${PAGE}`,
				[tenant, table, after],
			);
			const lines = rows.map(({ line, secret }) => Buffer.from(`${ports.keys.reveal(tenant, table, { line, secret })}\n`, 'utf8'));
			for (const line of lines) tally.add(line.subarray(0, -1));
			await file.write(Buffer.concat(lines));
			if (rows.length < PAGE) break;
			after = rows.at(-1)?.position ?? after;
		}
		const declared = tally.declared();
		if (sha256 !== null && declared.sha256 !== sha256) {
			await file.abandon();
			return null;
		}
		await file.finish();
		return declared;
	} catch (error) {
		await file.abandon();
		throw error;
	}
}
