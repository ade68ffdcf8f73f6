/** A PostgreSQL server, or anything that speaks its wire protocol. */
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { StartRefusal } from '../startRefusal.ts';
import { copyChunks, copyInto } from './copyText.ts';
import type { Database, Queryable } from './databasePort.ts';
import { startHousekeeping } from './housekeeping.ts';
import { tryAgain } from './tryAgain.ts';

const CONNECT_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 8;

/** Values as the port promises them, whatever the driver's defaults are. */
const bytesOf = (text: string): Uint8Array => new Uint8Array(Buffer.from(text.slice(2), 'hex'));
const PARSERS = new Map<number, (text: string) => unknown>([
	[pg.types.builtins.INT8, BigInt],
	[pg.types.builtins.BYTEA, bytesOf],
]);
const types: pg.CustomTypesConfig = {
	getTypeParser: (oid, format) => PARSERS.get(oid) ?? pg.types.getTypeParser(oid, format),
};

const queryable = (client: pg.ClientBase): Queryable => ({
	async query<R extends object>(sql: string, params: readonly unknown[] = []) {
		return (await client.query<R & pg.QueryResultRow>(sql, [...params])).rows;
	},
	async copyIn(table, columns, rows) {
		const copy = client.query(copyFrom(`${copyInto(table, columns)} FROM STDIN`));
		await pipeline(copyChunks(rows), copy);
		return copy.rowCount;
	},
});

/** Throws `StartRefusal` `database_unreachable` where no server answers; the message never holds the URL, which may hold a password. */
export async function openPostgres(url: string): Promise<Database> {
	// An answer means durable, so no session may trade that away, whatever the server's default is.
	const pool = new pg.Pool({ connectionString: url, max: MAX_CONNECTIONS, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, types });
	pool.on('connect', (client) => {
		client.query('SET synchronous_commit = on').catch(() => client.end());
	});
	// An idle connection that breaks is replaced by the pool; the next statement says what is wrong if it stays so.
	pool.on('error', () => undefined);
	const onClient = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
		const client = await pool.connect();
		let broken: Error | undefined;
		try {
			return await work(client);
		} catch (error) {
			// A connection that can't even roll back must not go back to the pool.
			if (!(error instanceof pg.DatabaseError)) broken = error instanceof Error ? error : new Error(String(error));
			throw error;
		} finally {
			client.release(broken);
		}
	};
	try {
		await onClient((client) => client.query('SELECT 1'));
	} catch (error) {
		await pool.end();
		const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
		throw new StartRefusal(`The PostgreSQL server does not answer${code}: check address, account and that it runs.`, {
			code: 'database_unreachable',
			cause: error,
		});
	}
	const query: Queryable['query'] = (sql, params) => onClient((client) => queryable(client).query(sql, params));
	const copyIn: Queryable['copyIn'] = (table, columns, rows) => onClient((client) => queryable(client).copyIn(table, columns, rows));
	const [autovacuum] = await query<{ setting: string }>("SELECT current_setting('autovacuum') AS setting");
	const house = autovacuum?.setting === 'off' ? startHousekeeping({ query, copyIn }) : null;
	return {
		engine: 'postgres',
		query,
		copyIn,
		transaction: (work) => tryAgain(() => onClient((client) => inTransaction(client, work))),
		async close() {
			await house?.stop();
			await pool.end();
		},
	};
}

async function inTransaction<T>(client: pg.PoolClient, work: (tx: Queryable) => Promise<T>): Promise<T> {
	await client.query('BEGIN');
	try {
		const result = await work(queryable(client));
		await client.query('COMMIT');
		return result;
	} catch (error) {
		await client.query('ROLLBACK');
		throw error;
	}
}
