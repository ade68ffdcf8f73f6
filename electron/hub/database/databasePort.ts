/** The hub's database as all its rooms see it: PGlite or a PostgreSQL server. */

export interface Queryable {
	/**
	 * One statement; `bigint` columns come back as bigint, `bytea` as bytes, `jsonb` parsed. A `jsonb` parameter is given as its JSON text.
	 * Throws on anything the engine refuses, with the engine's five-character `code`.
	 */
	query<R extends object>(sql: string, params?: readonly unknown[]): Promise<readonly R[]>;
	/** Many rows at once, all or none, by COPY; an existing key is an error. Names are this program's own. @returns rows written */
	copyIn(table: string, columns: readonly string[], rows: Iterable<readonly CopyValue[]>): Promise<number>;
}

export type CopyValue = null | string | number | bigint | boolean | Uint8Array;

/** PostgreSQL, embedded or a server. One dialect, one list of migrations. */
export interface Database extends Queryable {
	readonly engine: 'pglite' | 'postgres';
	/** All or none; a serialisation failure is tried again. */
	transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>;
	close(): Promise<void>;
}
