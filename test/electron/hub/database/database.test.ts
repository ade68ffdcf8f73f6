/** The database port: what both engines promise alike. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../../electron/hub/database/databasePort.ts';
import { migrate } from '../../../../electron/hub/database/migrate.ts';
import { MIGRATIONS } from '../../../../electron/hub/database/migrations/migrations.ts';
import { openDatabase } from '../../../../electron/hub/database/openDatabase.ts';
import { createTenant, ensureRegions } from '../../../../electron/hub/database/tenants.ts';
import { ENGINES, type TestDatabase } from './engines.ts';

const ACME = { tenant: 'acme', company: 'Acme', log: 'acme.example/o2c', entityIds: ['E1'], createdAt: 1 };
const LINE_COLUMNS = ['tenant', 'region', 'log_table', 'idx', 'order_id', 'n', 'leaf', 'line', 'batch_id', 'received_at'];
const sealedLine = (tenant: string, region: string, idx: number) =>
	[tenant, region, 'order_event', idx, `SO-${idx}`, 1, new Uint8Array(32).fill(idx), '{}', 'b', 1] as const;

for (const { engine, isThere, create } of ENGINES) {
	describe.skipIf(!isThere)(`the database on ${engine}`, () => {
		let place: TestDatabase;
		let database: Database;

		beforeAll(async () => {
			place = await create();
			database = await openDatabase(place.name);
		});
		afterAll(async () => {
			await database.close();
			await place.remove();
		});

		it('says which engine it is', () => {
			expect(database.engine).toBe(engine);
		});

		it('gives bigint, bytes, parsed JSON and texts back as they are', async () => {
			const [row] = await database.query(
				`SELECT 9007199254740993::bigint AS big, '\\x00ff'::bytea AS bytes, '{"a":[1]}'::jsonb AS json, ARRAY['x','ü'] AS texts, count(*) AS count, NULL AS nothing`,
			);
			expect(row).toEqual({
				big: 9007199254740993n,
				bytes: Uint8Array.of(0, 255),
				json: { a: [1] },
				texts: ['x', 'ü'],
				count: 1n,
				nothing: null,
			});
		});

		it('takes the same values as parameters, alone and in arrays', async () => {
			const [row] = await database.query(
				'SELECT $1::bigint AS big, $2::bytea AS bytes, $3::jsonb AS json, ($4::bigint[])[2] AS second, ($5::bytea[])[1] AS first, $6::text[] AS texts',
				[2n ** 62n, Uint8Array.of(7), JSON.stringify([{ k: 'v' }]), [1, 2n ** 60n], [Uint8Array.of(1, 2)], ['a,"b\\', '']],
			);
			expect(row).toEqual({
				big: 2n ** 62n,
				bytes: Uint8Array.of(7),
				json: [{ k: 'v' }],
				second: 2n ** 60n,
				first: Uint8Array.of(1, 2),
				texts: ['a,"b\\', ''],
			});
		});

		it('copies rows in with every character that could end a field, and all or none of them', async () => {
			await database.query('CREATE TABLE copied (no bigint PRIMARY KEY, words text, bytes bytea, yes boolean)');
			const hard = 'tab\t line\n return\r back\\slash \\N \\. \'quote\' "double" ü 😂';
			const rows = [
				[1, hard, Uint8Array.of(0, 9, 10, 92), true],
				[2n, null, null, false],
				[3, '', new Uint8Array(), null],
			] as const;
			expect(await database.copyIn('copied', ['no', 'words', 'bytes', 'yes'], rows)).toBe(3);
			expect(await database.query('SELECT * FROM copied ORDER BY no')).toEqual([
				{ no: 1n, words: hard, bytes: Uint8Array.of(0, 9, 10, 92), yes: true },
				{ no: 2n, words: null, bytes: null, yes: false },
				{ no: 3n, words: '', bytes: new Uint8Array(), yes: null },
			]);
			await expect(database.copyIn('copied', ['no'], [[4], [5], [1]])).rejects.toMatchObject({ code: '23505' });
			expect(await database.query('SELECT count(*) AS count FROM copied')).toEqual([{ count: 3n }]);
		});

		it('a transaction is all or nothing, copied rows too', async () => {
			await database.query('CREATE TABLE ledger (no bigint PRIMARY KEY)');
			const failing = database.transaction(async (tx) => {
				await tx.query('INSERT INTO ledger VALUES (1)');
				await tx.copyIn('ledger', ['no'], [[2], [3]]);
				throw new Error('stopped on purpose');
			});
			await expect(failing).rejects.toThrow('stopped on purpose');
			expect(await database.query('SELECT no FROM ledger')).toEqual([]);
			expect(await database.transaction((tx) => tx.copyIn('ledger', ['no'], [[2], [3]]))).toBe(2);
			expect(await database.query('SELECT no FROM ledger ORDER BY no')).toEqual([{ no: 2n }, { no: 3n }]);
		});

		it('a transaction that the engine could not serialise is tried again', async () => {
			let attempts = 0;
			const tried = database.transaction(async (tx) => {
				attempts++;
				if (attempts < 3) await tx.query(`DO $$ BEGIN RAISE EXCEPTION 'as under load' USING ERRCODE = '40001'; END $$`);
				return attempts;
			});
			expect(await tried).toBe(3);
		});

		it('what stands in a parameter is never a statement', async () => {
			const hostile = `'); DROP TABLE tenant; --`;
			expect(await database.query('SELECT $1::text AS text', [hostile])).toEqual([{ text: hostile }]);
			await createTenant(database, { ...ACME, tenant: 'hostile', company: hostile });
			await ensureRegions(database, 'hostile', [hostile, `\\'; DROP TABLE tenant`, '%s%I']);
			expect(await database.query(`SELECT company FROM tenant WHERE tenant = 'hostile'`)).toEqual([{ company: hostile }]);
		});

		it('migrates once, however many start together', async () => {
			const again = [migrate(database), migrate(database), migrate(database)];
			await Promise.all(again);
			const applied = await database.query<{ no: number }>('SELECT no FROM hub_migration ORDER BY no');
			expect(applied.map(({ no }) => no)).toEqual(MIGRATIONS.map(({ no }) => no));
		});

		// The embedded engine's folder is for one process, so only a server can meet this.
		if (engine === 'postgres') {
			it('two that open a new database at once both find it whole', async () => {
				const fresh = await create();
				const both = await Promise.all([openDatabase(fresh.name), openDatabase(fresh.name)]);
				for (const one of both) {
					expect(await one.query('SELECT count(*) AS count FROM hub_migration')).toEqual([{ count: BigInt(MIGRATIONS.length) }]);
					await one.close();
				}
				await fresh.remove();
			});
		}

		it('a failed migration leaves nothing behind', async () => {
			const next = MIGRATIONS.length + 1;
			const broken = { no: next, name: 'broken', statements: ['CREATE TABLE half (no bigint)', 'CREATE TABLE half (no bigint)'] };
			await expect(migrate(database, [...MIGRATIONS, broken])).rejects.toMatchObject({ code: '42P07' });
			expect(await database.query(`SELECT to_regclass('half')::text AS half`)).toEqual([{ half: null }]);
			expect(await database.query('SELECT count(*) AS count FROM hub_migration')).toEqual([{ count: BigInt(MIGRATIONS.length) }]);
		});

		it('refuses a database that a newer version, or another one, has migrated', async () => {
			await expect(migrate(database, MIGRATIONS.slice(0, -1))).rejects.toMatchObject({ code: 'database_newer' });
			const altered = MIGRATIONS.map((migration) => ({ ...migration, statements: [...migration.statements, 'SELECT 1'] }));
			await expect(migrate(database, altered)).rejects.toMatchObject({ code: 'database_differs' });
		});

		it('a tenant is made once, and its name must be one that can name a folder', async () => {
			expect(await createTenant(database, ACME)).toBe(true);
			expect(await createTenant(database, { ...ACME, company: 'Other' })).toBe(false);
			expect(await database.query(`SELECT company, entity_ids FROM tenant WHERE tenant = 'acme'`)).toEqual([
				{ company: 'Acme', entity_ids: ['E1'] },
			]);
			for (const tenant of ['', 'A', '../x', 'a b', '-a']) {
				await expect(createTenant(database, { ...ACME, tenant })).rejects.toMatchObject({ code: '23514' });
			}
		});

		describe('partitions', () => {
			const planOf = async (where: string) => {
				const plan = await database.query<{ 'QUERY PLAN': string }>(
					`EXPLAIN (VERBOSE, COSTS OFF) SELECT line FROM sealed_line WHERE ${where}`,
				);
				const text = plan.map((row) => row['QUERY PLAN']).join('\n');
				return [...new Set(text.match(/sealed_line_[0-9a-z_]+(?= )/g) ?? [])].filter((name) => !/_pkey|_idx/.test(name)).length;
			};
			const partitionOf = async (region: string) => {
				const [row] = await database.query<{ name: string }>(
					`SELECT tableoid::regclass::text AS name FROM sealed_line WHERE tenant = 'acme' AND region = $1`,
					[region],
				);
				return row?.name;
			};

			beforeAll(async () => {
				await createTenant(database, ACME);
				await createTenant(database, { ...ACME, tenant: 'beta' });
				await ensureRegions(database, 'acme', ['EU', 'US', 'EU']);
				await ensureRegions(database, 'beta', ['EU']);
				const rows = [sealedLine('acme', 'EU', 1), sealedLine('acme', 'US', 2), sealedLine('acme', '', 3), sealedLine('beta', 'EU', 1)];
				await database.copyIn('sealed_line', LINE_COLUMNS, [...rows, sealedLine('acme', 'EUX', 4)]);
			});

			it('a row lies in the partition of its tenant and region, and in the default one where that has none', async () => {
				const names = [await partitionOf('EU'), await partitionOf('US'), await partitionOf('')];
				expect(new Set(names).size).toBe(3);
				expect(names).not.toContain('sealed_line_rest');
				expect(await partitionOf('EUX')).toBe('sealed_line_rest');
			});

			it('the plan reads one partition for a tenant and region, and none of another tenant for a tenant', async () => {
				const all = await planOf('true');
				expect(all).toBeGreaterThanOrEqual(7);
				expect(await planOf(`tenant = 'acme' AND region = 'EU'`)).toBe(1);
				// Three regions, and the default partition, which may hold any region that has no own one.
				expect(await planOf(`tenant = 'acme'`)).toBe(4);
				expect(await planOf(`tenant = 'beta'`)).toBe(3);
			});

			it('a region whose rows came first keeps them where they are', async () => {
				await ensureRegions(database, 'acme', ['EUX']);
				expect(await partitionOf('EUX')).toBe('sealed_line_rest');
			});

			it('regions beyond the limit share the default partition', async () => {
				await ensureRegions(
					database,
					'acme',
					Array.from({ length: 100 }, (_, no) => `R${no}`),
				);
				const [row] = await database.query<{ count: bigint }>(
					`SELECT count(*) AS count FROM pg_inherits WHERE inhparent = 'sealed_line'::regclass`,
				);
				expect(Number(row?.count)).toBeLessThan(80);
			});
		});
	});
}

describe('a folder of the embedded engine', () => {
	const [pglite] = ENGINES;
	if (!pglite) throw new Error('the embedded engine is always there');

	it('is for one process, and keeps what was committed', async () => {
		const place = await pglite.create();
		const first = await openDatabase(place.name);
		await createTenant(first, ACME);
		await expect(openDatabase(place.name)).rejects.toMatchObject({ code: 'folder_in_use' });
		await first.close();
		const second = await openDatabase(place.name);
		expect(await second.query('SELECT tenant FROM tenant')).toEqual([{ tenant: 'acme' }]);
		await second.close();
		await place.remove();
	});
});

describe('an engine that does not answer', () => {
	it('is a refusal to start that does not repeat the password', async () => {
		const refused = openDatabase('postgres://someone:secret-word@127.0.0.1:1/none');
		await expect(refused).rejects.toMatchObject({ code: 'database_unreachable' });
		await expect(refused).rejects.not.toThrow('secret-word');
	});
});
