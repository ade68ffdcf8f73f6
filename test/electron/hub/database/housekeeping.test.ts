import { describe, expect, it } from 'vitest';
import { dueFor, keepHouse } from '../../../../electron/hub/database/housekeeping.ts';
import { openDatabase } from '../../../../electron/hub/database/openDatabase.ts';
import { ENGINES } from './engines.ts';

const QUIET = { is_ordinary: true, rows: 10_000, dead: 0, changed: 0, inserted: 0 };

describe('what is due of a table', () => {
	it('is nothing while little changed of what it had', () => {
		expect(dueFor(QUIET)).toBeNull();
		expect(dueFor({ ...QUIET, changed: 6_000, dead: 2_050, inserted: 15_000 })).toBeNull();
	});

	it('is an analysis once half as much again changed, and at once for one that was never looked at', () => {
		expect(dueFor({ ...QUIET, changed: 6_001 })).toBe('ANALYZE');
		expect(dueFor({ ...QUIET, rows: -1, changed: 1_001 })).toBe('ANALYZE');
	});

	it('is a vacuum once a fifth of it is dead, or half of it is new', () => {
		expect(dueFor({ ...QUIET, dead: 2_051 })).toBe('VACUUM');
		expect(dueFor({ ...QUIET, inserted: 15_001 })).toBe('VACUUM');
		expect(dueFor({ ...QUIET, dead: 2_051, changed: 6_001 })).toBe('VACUUM (ANALYZE)');
	});

	it('is never an analysis of long values, which have no statistics', () => {
		expect(dueFor({ ...QUIET, is_ordinary: false, changed: 1_000_000 })).toBeNull();
		expect(dueFor({ ...QUIET, is_ordinary: false, rows: 0, dead: 51, changed: 1_000_000 })).toBe('VACUUM');
	});
});

describe.each(ENGINES.filter(({ isThere }) => isThere))('a database without autovacuum, on $engine', ({ create }) => {
	it('knows how many rows a table has after its housekeeping, and gives the room of long values back', async () => {
		const own = await create();
		const database = await openDatabase(own.name);
		try {
			await database.query('CREATE TABLE "odd ""name" (id int PRIMARY KEY, long text)');
			await database.query(`ALTER TABLE "odd ""name" ALTER COLUMN long SET STORAGE EXTERNAL`);
			await database.query(`INSERT INTO "odd ""name" SELECT i, repeat('x', 20000) FROM generate_series(1, 2000) i`);
			const rows = async () =>
				(await database.query<{ n: number }>(`SELECT reltuples::float8 AS n FROM pg_class WHERE oid = '"odd ""name"'::regclass`))[0]?.n;
			const bytes = async () =>
				(await database.query<{ n: number }>(`SELECT pg_total_relation_size('"odd ""name"')::float8 AS n`))[0]?.n ?? 0;
			// The engine counts changes with a delay of a second, and by itself may be quicker than we are.
			const until = async (isDone: () => Promise<boolean>) => {
				for (; !(await isDone()); await new Promise((resolve) => setTimeout(resolve, 100))) await keepHouse(database);
			};
			await until(async () => (await rows()) === 2_000);
			const full = await bytes();
			await database.query(`UPDATE "odd ""name" SET long = ''`);
			await until(async () => (await bytes()) < full / 10);
		} finally {
			await database.close();
			await own.remove();
		}
	});
});
