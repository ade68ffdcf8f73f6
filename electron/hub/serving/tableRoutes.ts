/** Plain tables by revision: what changed of them since a publication. */
import { z } from 'zod';
import { isTableName, TABLES, type TableName } from '#model';
import type { Database } from '../database/databasePort.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { EvidenceParts } from './evidenceParts.ts';
import { fillPage, READERS } from './page.ts';
import { refuse } from './problems.ts';
import { type Asked, NDJSON, numberIn, principalOf, type Reply, type Route, textIn, whole } from './route.ts';

type Parts = Pick<EvidenceParts, 'database' | 'keys'>;

export function tableRoutes(parts: Parts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/tables/:table/changes',
			summary: 'Rows of a plain table changed after revision `since`, as of revision `until`; Next-Cursor where there are more',
			roles: READERS,
			query: z.strictObject({
				since: whole,
				until: whole,
				cursor: z
					.string()
					.regex(/^\d{1,15}$/, 'not one that this gave out')
					.optional(),
			}),
			gives: NDJSON,
			refuses: ['conflict'],
			says: { 'Next-Cursor': 'The `cursor` of the next page; absent where there is none' },
			isEvidence: true,
			handle: (asked) => changes(parts, asked),
		},
	];
}

const CHUNK = 500;
const PAGE_ROWS = 20_000;

async function changes({ database, keys }: Parts, asked: Asked): Promise<Reply> {
	const { tenant } = principalOf(asked);
	const table = asked.params['table'] ?? '';
	if (!isTableName(table) || TABLES[table].sealed) return refuse('not_found', 'There is no such plain table.', { where: 'table' });
	const [since, until] = [numberIn(asked, 'since'), numberIn(asked, 'until')];
	const cursor = textIn(asked, 'cursor');
	const rows = changedRows(database, keys, { tenant, table, since, until, after: cursor === '' ? -1 : Number(cursor) });
	const { items, isCut } = await fillPage(rows, ({ text }) => Buffer.byteLength(text), PAGE_ROWS);
	// Looked for behind the reading: a row that changed meanwhile would be missing from the page.
	const [later] = await database.query<{ some: boolean }>(
		'SELECT EXISTS (SELECT FROM table_row WHERE tenant = $1 AND table_name = $2 AND revision > $3) AS some',
		[tenant, table, until],
	);
	if (later?.some)
		refuse('conflict', 'The table has changed since that revision. Ask for the newest publication, or fetch the file whole.');
	return {
		type: NDJSON,
		body: items.map(({ text }) => text).join(''),
		headers: isCut ? { 'next-cursor': String(items.at(-1)?.position) } : {},
		evidence: { subject: `${table} revisions ${since} to ${until}`, rows: items.length },
	};
}

interface Wanted {
	readonly tenant: string;
	readonly table: TableName;
	readonly since: number;
	readonly until: number;
	/** Position behind which to go on. */
	readonly after: number;
}

async function* changedRows(
	database: Database,
	keys: HubKeys,
	{ tenant, table, since, until, after }: Wanted,
): AsyncGenerator<{ readonly position: number; readonly text: string }> {
	for (let position = after; ; ) {
		const rows = await database.query<{ position: bigint; pk: string; line: string; secret: Uint8Array | null; deleted: boolean }>(
			`SELECT position, pk, line, secret, deleted FROM table_row
			 WHERE tenant = $1 AND table_name = $2 AND revision > $3 AND revision <= $4 AND position > $5 ORDER BY position LIMIT ${CHUNK}`,
			[tenant, table, since, until, position],
		);
		for (const { pk, line, secret, deleted, ...row } of rows) {
			position = Number(row.position);
			const place = { p: position, k: pk };
			const change = deleted ? { ...place, gone: true } : { ...place, l: keys.reveal(tenant, table, { line, secret }) };
			yield { position, text: `${JSON.stringify(change)}\n` };
		}
		if (rows.length < CHUNK) return;
	}
}
