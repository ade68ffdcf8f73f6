/** Both engines for the contract tests: each test gets a database of its own, which is gone afterwards. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

const SERVER = process.env['TIEOUT_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432';

async function onServer(statement: string): Promise<boolean> {
	const client = new pg.Client({ connectionString: `${SERVER}/postgres`, connectionTimeoutMillis: 3_000 });
	try {
		await client.connect();
		await client.query(statement);
		return true;
	} catch (error) {
		if (statement !== 'SELECT 1') throw error;
		return false;
	} finally {
		await client.end().catch(() => undefined);
	}
}

export interface TestDatabase {
	/** What `openDatabase` takes. */
	readonly name: string;
	remove(): Promise<void>;
}

export interface TestEngine {
	readonly engine: 'pglite' | 'postgres';
	/** False where no server answers: its tests are skipped, and the runner counts them. */
	readonly isThere: boolean;
	create(): Promise<TestDatabase>;
}

const PGLITE: TestEngine = {
	engine: 'pglite',
	isThere: true,
	create: () => {
		const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-db-'));
		return Promise.resolve({
			name: `pglite:${folder}`,
			remove: () => Promise.resolve(rmSync(folder, { recursive: true, force: true })),
		});
	},
};

const POSTGRES: TestEngine = {
	engine: 'postgres',
	isThere: await onServer('SELECT 1'),
	async create() {
		const name = `tieout_test_${randomBytes(6).toString('hex')}`;
		await onServer(`CREATE DATABASE ${name}`);
		return {
			name: `${SERVER}/${name}`,
			remove: async () => {
				await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
			},
		};
	},
};

export const ENGINES: readonly TestEngine[] = [PGLITE, POSTGRES];
