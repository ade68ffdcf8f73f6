/** Tables that are not sealed: a row is replaced by its key, keeps its position, and gets the table's next revision when it changed. */
import type { Json } from '#kernel';
import type { TableName } from '#model';
import type { Queryable } from '../database/databasePort.ts';
import type { HiddenLine } from '../keys/hubKeys.ts';
import type { FieldVault } from './fieldVault.ts';

export interface OfferedRow {
	readonly table: TableName;
	readonly pk: string;
	readonly region: string;
	/** Canonical JSON of the record. */
	readonly text: string;
}

export interface UpsertCount {
	/** Rows that are new or changed. */
	readonly accepted: number;
	/** Rows that were there already, byte for byte. */
	readonly duplicates: number;
}

interface Row {
	/** As stored: a row stays in the region it came with. */
	readonly region: string;
	readonly position: bigint;
	readonly isNew: boolean;
	text: string;
	revision: bigint | null;
}

interface State {
	revision: bigint;
	rows: bigint;
	bytes: bigint;
	next_position: bigint;
}

const nameOf = ({ table, pk }: Pick<OfferedRow, 'table' | 'pk'>): string => `${table}/${pk}`;
const bytesOf = (text: string): bigint => BigInt(Buffer.byteLength(text) + 1);

/** Writes the rows in their order, inside the caller's transaction. */
export async function upsertRows(tx: Queryable, vault: FieldVault, tenant: string, offered: readonly OfferedRow[]): Promise<UpsertCount> {
	if (offered.length === 0) return { accepted: 0, duplicates: 0 };
	const states = await lockStates(tx, tenant, [...new Set(offered.map(({ table }) => table))]);
	const rows = await loadRows(tx, vault, tenant, offered);
	const touched = new Map<string, OfferedRow>();
	let duplicates = 0;
	for (const one of offered) {
		const state = states.get(one.table) as State;
		const row = rows.get(nameOf(one));
		if (row?.text === one.text) {
			duplicates++;
			continue;
		}
		state.revision++;
		touched.set(nameOf(one), one);
		if (row) {
			state.bytes += bytesOf(one.text) - bytesOf(row.text);
			row.text = one.text;
			row.revision = state.revision;
			continue;
		}
		state.bytes += bytesOf(one.text);
		state.rows++;
		rows.set(nameOf(one), {
			region: one.region,
			position: state.next_position++,
			isNew: true,
			text: one.text,
			revision: state.revision,
		});
	}
	const written = [...touched].map(([name, { table, pk }]) => {
		const row = rows.get(name) as Row;
		return { table, pk, row, hidden: vault.hide(tenant, table, row.text) };
	});
	await insertRows(
		tx,
		tenant,
		written.filter(({ row }) => row.isNew),
	);
	await updateRows(
		tx,
		tenant,
		written.filter(({ row }) => !row.isNew),
	);
	await writeStates(tx, tenant, states);
	return { accepted: offered.length - duplicates, duplicates };
}

async function lockStates(tx: Queryable, tenant: string, tables: readonly TableName[]): Promise<Map<TableName, State>> {
	const found = await tx.query<State & { table_name: TableName }>(
		`SELECT table_name, revision, rows, bytes, next_position FROM table_state
		 WHERE tenant = $1 AND table_name = ANY($2::text[]) ORDER BY table_name FOR UPDATE`,
		[tenant, tables],
	);
	const states = new Map<TableName, State>(tables.map((table) => [table, { revision: 0n, rows: 0n, bytes: 0n, next_position: 0n }]));
	for (const { table_name: table, ...state } of found) states.set(table, state);
	return states;
}

async function loadRows(tx: Queryable, vault: FieldVault, tenant: string, offered: readonly OfferedRow[]): Promise<Map<string, Row>> {
	const wanted = new Map(offered.map((one) => [nameOf(one), one]));
	const keys = [...wanted.values()];
	const found = await tx.query<{ table: TableName; pk: string; region: string; position: bigint; line: string; secret: Uint8Array | null }>(
		`SELECT r.table_name AS "table", r.pk, r.region, r.position, r.line, r.secret
		 FROM unnest($2::text[], $3::text[]) AS k (table_name, pk)
		 JOIN table_row r ON r.tenant = $1 AND r.table_name = k.table_name AND r.pk = k.pk`,
		[tenant, keys.map(({ table }) => table), keys.map(({ pk }) => pk)],
	);
	return new Map(
		found.map(({ table, pk, region, position, line, secret }): [string, Row] => [
			nameOf({ table, pk }),
			{ region, position, isNew: false, text: vault.reveal(tenant, table, { line, secret }), revision: null },
		]),
	);
}

interface WrittenRow {
	readonly table: TableName;
	readonly pk: string;
	readonly row: Row;
	readonly hidden: HiddenLine;
}

const ROW_COLUMNS = ['tenant', 'region', 'table_name', 'pk', 'position', 'revision', 'line', 'secret', 'blind'];

async function insertRows(tx: Queryable, tenant: string, rows: readonly WrittenRow[]): Promise<void> {
	if (rows.length === 0) return;
	const values = rows.map(({ table, pk, row, hidden }) => [
		tenant,
		row.region,
		table,
		pk,
		row.position,
		row.revision,
		hidden.line,
		hidden.secret,
		arrayLiteral(hidden.blind),
	]);
	await tx.copyIn('table_row', ROW_COLUMNS, values);
}

async function updateRows(tx: Queryable, tenant: string, rows: readonly WrittenRow[]): Promise<void> {
	if (rows.length === 0) return;
	await tx.query(
		`UPDATE table_row r SET revision = u.revision, line = u.line, secret = decode(u.secret, 'hex'), blind = u.blind::text[], deleted = false
		 FROM unnest($2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[])
		 AS u (region, table_name, pk, revision, line, secret, blind)
		 WHERE r.tenant = $1 AND r.region = u.region AND r.table_name = u.table_name AND r.pk = u.pk`,
		[
			tenant,
			rows.map(({ row }) => row.region),
			rows.map(({ table }) => table),
			rows.map(({ pk }) => pk),
			rows.map(({ row }) => String(row.revision)),
			rows.map(({ hidden }) => hidden.line),
			rows.map(({ hidden }) => (hidden.secret ? Buffer.from(hidden.secret).toString('hex') : null)),
			rows.map(({ hidden }) => arrayLiteral(hidden.blind)),
		],
	);
}

async function writeStates(tx: Queryable, tenant: string, states: ReadonlyMap<TableName, State>): Promise<void> {
	const entries = [...states];
	await tx.query(
		`INSERT INTO table_state (tenant, table_name, revision, rows, bytes, next_position)
		 SELECT $1, s.table_name, s.revision, s.rows, s.bytes, s.next_position
		 FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[]) AS s (table_name, revision, rows, bytes, next_position)
		 ON CONFLICT (tenant, table_name) DO UPDATE SET revision = excluded.revision, rows = excluded.rows, bytes = excluded.bytes,
		 next_position = excluded.next_position`,
		[
			tenant,
			entries.map(([table]) => table),
			entries.map(([, { revision }]) => String(revision)),
			entries.map(([, { rows }]) => String(rows)),
			entries.map(([, { bytes }]) => String(bytes)),
			entries.map(([, { next_position: next }]) => String(next)),
		],
	);
}

/** PostgreSQL's text form of a list of texts. */
const arrayLiteral = (texts: readonly string[]): string => `{${texts.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

/** The stored records of one table, by primary key. */
export async function readRows(
	db: Queryable,
	vault: FieldVault,
	tenant: string,
	table: TableName,
	pks: readonly string[],
): Promise<ReadonlyMap<string, Readonly<Record<string, Json>>>> {
	if (pks.length === 0) return new Map();
	const rows = await db.query<{ pk: string; line: string; secret: Uint8Array | null }>(
		'SELECT pk, line, secret FROM table_row WHERE tenant = $1 AND table_name = $2 AND pk = ANY($3::text[]) AND NOT deleted',
		[tenant, table, pks],
	);
	return new Map(
		rows.map(({ pk, line, secret }) => [pk, JSON.parse(vault.reveal(tenant, table, { line, secret })) as Readonly<Record<string, Json>>]),
	);
}
