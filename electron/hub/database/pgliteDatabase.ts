/** The embedded engine: PostgreSQL as WebAssembly, in a folder or in memory. One connection, so statements wait for each other. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PGlite, type Transaction, types } from '@electric-sql/pglite';
import { copyChunks, copyInto } from './copyText.ts';
import type { Database, Queryable } from './databasePort.ts';
import { DurableFolder, durableOptions } from './durableFolder.ts';
import { type FolderLock, lockFolder } from './folderLock.ts';
import { startHousekeeping } from './housekeeping.ts';
import { tryAgain } from './tryAgain.ts';

const parsers = { [types.INT8]: (text: string) => BigInt(text) };

type Connection = Pick<PGlite, 'query'> | Transaction;

const queryable = (connection: Connection): Queryable => ({
	async query<R extends object>(sql: string, params: readonly unknown[] = []) {
		return (await connection.query<R>(sql, [...params])).rows;
	},
	async copyIn(table, columns, rows) {
		const blob = new Blob([...copyChunks(rows)]);
		if (blob.size === 0) return 0;
		return (await connection.query(`${copyInto(table, columns)} FROM '/dev/blob'`, [], { blob })).affectedRows ?? 0;
	},
});

/** @param folder null keeps everything in memory */
export async function openPglite(folder: string | null): Promise<Database> {
	const lock: FolderLock | null = folder === null ? null : lockFolder(folder);
	try {
		const engine = folder === null ? await PGlite.create({ parsers }) : await openFolder(join(folder, 'pg'));
		const house = startHousekeeping(queryable(engine));
		return {
			engine: 'pglite',
			...queryable(engine),
			transaction: (work) => tryAgain(() => engine.transaction((tx) => work(queryable(tx)))),
			async close() {
				try {
					await house.stop();
					await engine.close();
				} finally {
					lock?.release();
				}
			},
		};
	} catch (error) {
		lock?.release();
		throw error;
	}
}

async function openFolder(folder: string): Promise<PGlite> {
	mkdirSync(folder, { recursive: true, mode: 0o700 });
	return await PGlite.create({ fs: new DurableFolder(folder), startParams: durableOptions(), parsers });
}
