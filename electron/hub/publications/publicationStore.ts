/** Publications in the database. */
import type { Queryable } from '../database/databasePort.ts';

export interface Publication {
	readonly number: number;
	/** Text of a `tieout-drop/1` manifest. */
	readonly manifest: string;
	/** Signed note in the form of a checkpoint: origin `<log>/publication`, size = number, root = SHA-256 of the manifest. */
	readonly note: string;
	/** Milliseconds since 1970. */
	readonly createdAt: number;
	readonly revisions: Readonly<Record<string, number>>;
	readonly sizes: Readonly<Record<string, number>>;
}

type Row = Omit<Publication, 'number' | 'createdAt'> & { readonly number: bigint; readonly created_at: bigint };

const publicationOf = ({ number, created_at, ...row }: Row): Publication => ({
	...row,
	number: Number(number),
	createdAt: Number(created_at),
});

const COLUMNS = 'number, manifest, note, created_at, sizes, revisions';

export async function newestPublication(db: Queryable, tenant: string): Promise<Publication | null> {
	const [row] = await db.query<Row>(`SELECT ${COLUMNS} FROM publication WHERE tenant = $1 ORDER BY number DESC LIMIT 1`, [tenant]);
	return row ? publicationOf(row) : null;
}

export async function readPublication(db: Queryable, tenant: string, number: number): Promise<Publication | null> {
	const [row] = await db.query<Row>(`SELECT ${COLUMNS} FROM publication WHERE tenant = $1 AND number = $2`, [tenant, number]);
	return row ? publicationOf(row) : null;
}

export async function addPublication(db: Queryable, tenant: string, publication: Publication): Promise<void> {
	const { number, manifest, note, createdAt, sizes, revisions } = publication;
	await db.query(
		'INSERT INTO publication (tenant, number, manifest, note, created_at, sizes, revisions) VALUES ($1, $2, $3, $4, $5, $6, $7)',
		[tenant, number, manifest, note, createdAt, JSON.stringify(sizes), JSON.stringify(revisions)],
	);
}

/** What the publications after `number` stand on. */
export async function stoodOn(db: Queryable, tenant: string, number: number): Promise<readonly Publication['revisions'][]> {
	const rows = await db.query<{ revisions: Publication['revisions'] }>(
		'SELECT revisions FROM publication WHERE tenant = $1 AND number > $2',
		[tenant, number],
	);
	return rows.map(({ revisions }) => revisions);
}
