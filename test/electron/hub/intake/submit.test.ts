import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { leafHash } from '#evidence';
import { canonicalize, toHex, utf8 } from '#kernel';
import { traceAnswerSchema } from '#sync';
import type { Database } from '../../../../electron/hub/database/databasePort.ts';
import { listDeadLetters, readDeadLetter } from '../../../../electron/hub/intake/deadLetterStore.ts';
import type { IntakeAnswer, IntakeBatch } from '../../../../electron/hub/intake/intakePort.ts';
import { openIntake } from '../../../../electron/hub/intake/openIntake.ts';
import { readRows } from '../../../../electron/hub/intake/tableRows.ts';
import { readTrace } from '../../../../electron/hub/intake/traces.ts';
import { ENGINES, type TestDatabase } from '../database/engines.ts';
import { until } from './broker.ts';
import { customerRow, orderEvent, orderRow, revenueEvent } from './records.ts';
import { batchOf, NOON, openTestHub, type TestHub } from './support.ts';

for (const engine of ENGINES)
	describe.skipIf(!engine.isThere)(`intake on ${engine.engine}`, () => {
		let hub: TestHub;
		let tenant: string;
		let database: TestDatabase;
		beforeAll(async () => {
			database = await engine.create();
			hub = await openTestHub(database.name);
		});
		beforeEach(async () => {
			tenant = await hub.tenant();
			hub.clock.now = NOON;
		});
		afterAll(async () => {
			await hub.close();
			await database.remove();
		});

		const send = (lines: readonly (object | string)[], fields: Partial<IntakeBatch> = {}) =>
			hub.intake.submit(batchOf(tenant, lines, fields));
		const take = async (lines: readonly (object | string)[], fields: Partial<IntakeBatch> = {}): Promise<IntakeAnswer> => {
			const answer = await send(lines, fields);
			if (!answer.ok) throw new Error(answer.error.message);
			return answer.value;
		};
		const sealed = (table: 'order_event' | 'revenue_event' | 'hub_record' = 'order_event') =>
			hub.log.lines(tenant, table).map((line) => JSON.parse(line) as Record<string, unknown>);
		const letters = (state: 'open' | 'replayed' | null = 'open') => listDeadLetters(hub.database, tenant, state);

		describe('a batch', () => {
			it('is sealed, its rows are kept, and its record stands in the log of the hub', async () => {
				const answer = await take([orderRow('O1'), orderEvent('O1', 1), orderEvent('O1', 2), revenueEvent('R1', 'O1'), customerRow('C1')]);
				expect(answer).toMatchObject({
					accepted: 5,
					duplicates: 0,
					waiting: 0,
					dead: [],
					positions: { order_event: { from: 0, to: 2 }, revenue_event: { from: 0, to: 1 } },
					sealed: { order_event: 2, revenue_event: 1, hub_record: 1 },
					replayed: false,
				});
				expect(sealed().map(({ order_seq }) => order_seq)).toEqual([1, 2]);
				expect(sealed('hub_record')).toMatchObject([{ kind: 'batch', rows: 5, accepted: 5, declaration: 'not_declared' }]);
				const rows = await hub.database.query('SELECT table_name, pk, region, line FROM table_row WHERE tenant = $1 ORDER BY table_name', [
					tenant,
				]);
				expect(rows).toMatchObject([
					{ table_name: 'customer', pk: 'C1', region: '' },
					{ table_name: 'sales_order', pk: 'O1', region: 'EMEA' },
				]);
			});

			it('leaves no personal data in clear, and gives the exact line back', async () => {
				const bad = customerRow('C2', { name: 'Hans Geheim', currency: 'nope' });
				await take([customerRow('C1'), bad, orderEvent('O1', 5, { note: 'Hans Geheim' })]);
				for (const table of ['table_row', 'dead_letter', 'waiting_event', 'etl_batch'])
					expect(JSON.stringify(await hub.database.query(`SELECT t::text FROM ${table} t WHERE tenant = $1`, [tenant]))).not.toMatch(
						/Grete|Hans|DE123/,
					);
				const rows = await readRows(hub.database, hub.vault, tenant, 'customer', ['C1']);
				expect(rows.get('C1')).toEqual(customerRow('C1').record);
				const [letter] = await letters();
				const kept = await readDeadLetter(hub.database, hub.vault, tenant, letter?.id ?? '');
				expect(Buffer.from(kept?.payload ?? []).toString()).toBe(JSON.stringify(bad));
			});

			it('that is sent again with its key gets the answer it had', async () => {
				const batch = batchOf(tenant, [orderEvent('O1', 1)]);
				const [first, meanwhile] = await Promise.all([hub.intake.submit(batch), hub.intake.submit(batch)]);
				const again = await hub.intake.submit(batch);
				expect(first.ok && again.ok && again.value).toEqual(first.ok && { ...first.value, replayed: true });
				expect(meanwhile).toEqual(again);
				expect([sealed().length, sealed('hub_record').length]).toEqual([1, 1]);
			});

			it('with the key of another body is a conflict, and nothing of it is taken', async () => {
				await take([orderEvent('O1', 1)], { idempotencyKey: 'same' });
				expect(await send([orderEvent('O2', 1)], { idempotencyKey: 'same' })).toMatchObject({
					ok: false,
					error: { code: 'idempotency_conflict' },
				});
				expect(sealed()).toHaveLength(1);
				// A key belongs to its sender.
				expect(await send([orderEvent('O2', 1)], { idempotencyKey: 'same', principal: 'wms' })).toMatchObject({ ok: true });
			});

			it.each(['', 'x'.repeat(201), 'ä', 'a\nb'])('with the key %j is refused', async (idempotencyKey) => {
				expect(await send([orderEvent('O1', 1)], { idempotencyKey })).toMatchObject({ ok: false, error: { code: 'malformed' } });
			});

			it('with one bad line of ten thousand keeps that line and takes the others', async () => {
				const lines: (object | string)[] = Array.from({ length: 10_000 }, (_, at) => orderEvent(`O${at}`, 1));
				lines[4711] = '{"table":"order_event","record":{"event_id":';
				expect(await take(lines)).toMatchObject({ accepted: 9_999, dead: [{ line: 4712, code: 'not_json' }] });
				expect(sealed()).toHaveLength(9_999);
				expect(await letters()).toMatchObject([{ code: 'not_json', line: 4712, attempts: 1, revenue: [], feed: 'batch' }]);
			});

			it('that differs from its declaration is refused whole and kept as a dead letter', async () => {
				const lines = ['{"batch":{"source_system":"erp","batch_no":1,"rows":3}}', orderEvent('O1', 1)];
				expect(await send(lines)).toMatchObject({ ok: false, error: { code: 'batch_differs' } });
				expect(await send(lines)).toMatchObject({ ok: false, error: { code: 'batch_differs' } });
				expect(sealed()).toEqual([]);
				expect(await letters()).toMatchObject([{ code: 'batch_differs', attempts: 2, line: 0 }]);
			});

			it('that is as declared has its declaration and both digests sealed', async () => {
				await take([
					'{"batch":{"source_system":"erp","batch_no":9,"rows":1,"sums":{"revenue_event.amount_minor":"50000"}}}',
					revenueEvent('R1', 'O1'),
				]);
				expect(sealed('hub_record')).toMatchObject([
					{
						source_system: 'erp',
						batch_no: 9,
						sums: { 'revenue_event.amount_minor': '50000' },
						declaration: 'matched',
						sha256_source: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
						sha256_payload: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
					},
				]);
			});

			it('with SQL in every field is data and nothing else', async () => {
				const sql = `'); DROP TABLE table_row; --"\\ {}$1`;
				const inText = Object.fromEntries(['customer_id', 'name', 'tin', 'country', 'owner_system'].map((name) => [name, sql]));
				const answer = await take(
					[
						customerRow('x', inText),
						orderRow(sql, { region: sql.slice(0, 40), state: sql, contract_id: sql }),
						orderEvent(sql, 1, { event_id: sql, actor_id: sql, type: sql, source_system: sql, trace_id: sql }),
						orderEvent(sql, 3, { event_id: `${sql}3` }),
						{ table: sql, record: { [sql]: sql } },
					],
					{ idempotencyKey: sql, principal: sql },
				);
				expect(answer).toMatchObject({ accepted: 3, waiting: 1, dead: [{ code: 'unknown_table' }] });
				expect((await readRows(hub.database, hub.vault, tenant, 'customer', [sql])).get(sql)).toMatchObject(inText);
				expect(sealed()).toMatchObject([{ order_id: sql }]);
			});
		});

		describe('rows of plain tables', () => {
			const state = async (table: string) =>
				(
					await hub.database.query<object>('SELECT revision, rows, next_position FROM table_state WHERE tenant = $1 AND table_name = $2', [
						tenant,
						table,
					])
				)[0];

			it('get a revision when they change, and none when they do not', async () => {
				expect(await take([orderRow('O1'), orderRow('O2')])).toMatchObject({ accepted: 2, duplicates: 0 });
				expect(await take([orderRow('O1'), orderRow('O2', { state: 'shipped' })])).toMatchObject({ accepted: 1, duplicates: 1 });
				expect(await state('sales_order')).toEqual({ revision: 3n, rows: 2n, next_position: 2n });
				const rows = await hub.database.query('SELECT pk, position, revision FROM table_row WHERE tenant = $1 ORDER BY position', [tenant]);
				expect(rows).toEqual([
					{ pk: 'O1', position: 0n, revision: 1n },
					{ pk: 'O2', position: 1n, revision: 3n },
				]);
			});

			it('may change several times in one batch, the last line counts', async () => {
				await take([customerRow('C1'), customerRow('C1', { name: 'Neu' }), customerRow('C1', { name: 'Neuer' })]);
				expect(await state('customer')).toEqual({ revision: 3n, rows: 1n, next_position: 1n });
				expect((await readRows(hub.database, hub.vault, tenant, 'customer', ['C1'])).get('C1')?.['name']).toBe('Neuer');
				const [row] = await hub.database.query<{ bytes: bigint }>('SELECT bytes FROM table_state WHERE tenant = $1', [tenant]);
				const [line] = [...(await readRows(hub.database, hub.vault, tenant, 'customer', ['C1'])).values()];
				expect(row?.bytes).toBe(BigInt(JSON.stringify(line).length + 1));
			});

			it('stay in the region they came with', async () => {
				await take([orderRow('O1', { region: 'EMEA' })]);
				await take([orderRow('O1', { region: 'APAC' })]);
				expect(await hub.database.query('SELECT region, revision FROM table_row WHERE tenant = $1', [tenant])).toEqual([
					{ region: 'EMEA', revision: 2n },
				]);
			});
		});

		describe('events out of order', () => {
			it('wait for their predecessor, over a restart as well', async () => {
				expect(await take([orderEvent('O1', 3)])).toMatchObject({ accepted: 0, waiting: 1, positions: {} });
				const again = await hub.reopen();
				await again.submit(batchOf(tenant, [orderEvent('O1', 2)]));
				expect(sealed()).toEqual([]);
				expect(await again.submit(batchOf(tenant, [orderEvent('O1', 1)]))).toMatchObject({
					ok: true,
					value: { accepted: 1, positions: { order_event: { from: 0, to: 3 } } },
				});
				expect(sealed().map(({ order_seq }) => order_seq)).toEqual([1, 2, 3]);
				expect(await hub.database.query('SELECT event_id FROM waiting_event WHERE tenant = $1', [tenant])).toEqual([]);
			});

			it('are dead letters once the window is over, with the amount of their order', async () => {
				await take([orderRow('O1'), orderEvent('O1', 2)]);
				expect(await hub.intake.expire(tenant)).toBe(0);
				hub.clock.now += 60_001;
				expect(await hub.intake.expire(tenant)).toBe(1);
				expect(await letters()).toMatchObject([
					{ code: 'predecessor_missing', feed: 'order_event', revenue: [{ currency: 'EUR', minor: '120000' }] },
				]);
				// Its predecessor finds nobody waiting.
				await take([orderEvent('O1', 1)]);
				expect(sealed()).toHaveLength(1);
			});

			it('of concurrent batches keep one chain', async () => {
				const batches = Array.from({ length: 30 }, (_, at) => batchOf(tenant, [orderEvent('O1', 30 - at), orderEvent(`P${at}`, 1)]));
				const answers = await Promise.all(batches.map((batch) => hub.intake.submit(batch)));
				expect(answers.every(({ ok }) => ok)).toBe(true);
				expect(
					sealed()
						.filter(({ order_id }) => order_id === 'O1')
						.map(({ order_seq }) => order_seq),
				).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
				expect(sealed()).toHaveLength(60);
			});

			it('that name their predecessor are judged by the end of the chain, also while it is being sealed', async () => {
				const release = hub.log.hold();
				const before = hub.log.asked();
				const first = send([orderEvent('O1', 1)]);
				await until(() => hub.log.asked() > before);
				const second = send([orderEvent('O1', 2, { prev: 'a'.repeat(64) })]);
				setTimeout(release, 100);
				await first;
				expect(await second).toMatchObject({ ok: true, value: { dead: [{ code: 'chain_differs' }] } });
			});

			it('that waited with the name of their predecessor join the chain also while its end is being sealed', async () => {
				const lineOf = (seq: number, prev: string | null) => canonicalize({ ...orderEvent('O1', seq).record, prev });
				const leafOf = (line: string) => toHex(leafHash(utf8(line)));
				const second = lineOf(2, leafOf(lineOf(1, null)));
				await take([orderEvent('O1', 3, { prev: leafOf(second) })]);
				const release = hub.log.hold();
				const before = hub.log.asked();
				const first = send([orderEvent('O1', 1)]);
				await until(() => hub.log.asked() > before);
				const next = send([orderEvent('O1', 2)]);
				setTimeout(release, 100);
				await first;
				expect(await next).toMatchObject({ ok: true, value: { dead: [] } });
				expect(sealed().map(({ order_seq }) => order_seq)).toEqual([1, 2, 3]);
			});

			it('sent again are duplicates, with other content they are altered', async () => {
				await take([orderEvent('O1', 1), revenueEvent('R1', 'O1')]);
				expect(
					await take([orderEvent('O1', 1), orderEvent('O1', null, { event_id: 'O1-ev1' }), revenueEvent('R1', 'O1', { amount_minor: 7 })]),
				).toMatchObject({
					accepted: 0,
					duplicates: 2,
					dead: [{ line: 3, code: 'event_altered' }],
				});
				expect(await letters()).toMatchObject([{ code: 'event_altered', revenue: [{ currency: 'EUR', minor: '7' }] }]);
			});
		});

		describe('a crash', () => {
			it('before the log, behind it, or between the logs leaves every event exactly once after the next sending', async () => {
				for (const faults of [
					['before'],
					['after'],
					[null, 'before'],
					[null, 'after'],
					[null, null, 'before'],
					[null, null, 'after'],
				] as const) {
					tenant = await hub.tenant();
					const batch = batchOf(tenant, [orderRow('O1'), orderEvent('O1', 1), orderEvent('O1', 2), revenueEvent('R1', 'O1')]);
					hub.log.faults.push(...faults);
					expect(await hub.intake.submit(batch), faults.join()).toMatchObject({ ok: false, error: { code: 'unavailable' } });
					const answer = await hub.intake.submit(batch);
					expect(answer).toMatchObject({
						ok: true,
						value: { accepted: 4, positions: { order_event: { from: 0, to: 2 }, revenue_event: { from: 0, to: 1 } }, replayed: true },
					});
					expect([sealed().length, sealed('revenue_event').length, sealed('hub_record').length]).toEqual([2, 1, 1]);
				}
			});

			it('is made up for at the next start, without anybody sending again', async () => {
				hub.log.faults.push('before', 'before');
				await send([orderEvent('O1', 1)]);
				expect(sealed()).toEqual([]);
				await hub.reopen();
				expect([sealed().length, sealed('hub_record').length]).toEqual([1, 1]);
			});

			it('of the log lets later batches in only behind what was left over', async () => {
				hub.log.faults.push('before', null);
				// Which of the two is decided first, and so meets the fault, is the machine's affair.
				await Promise.all([send([orderEvent('O1', 1)]), send([orderEvent('O1', 2)])]);
				await take([orderEvent('O1', 3)]);
				expect(sealed().map(({ order_seq }) => order_seq)).toEqual([1, 2, 3]);
			});

			it('in the middle of the transaction leaves nothing behind', async () => {
				const { database } = hub;
				const broken: Database = {
					...database,
					transaction: (work) =>
						database.transaction((tx) =>
							work({
								query: (sql, params) => tx.query(sql, params),
								copyIn: (table, columns, rows) =>
									table === 'idempotency' ? Promise.reject(new Error('gone')) : tx.copyIn(table, columns, rows),
							}),
						),
				};
				const intake = await openIntake({ database: broken, log: hub.log, vault: hub.vault, now: () => NOON });
				const batch = batchOf(tenant, [orderRow('O1'), orderEvent('O1', 1), 'garbage']);
				await expect(intake.submit(batch)).rejects.toThrow('gone');
				for (const table of ['table_row', 'table_state', 'dead_letter', 'idempotency', 'etl_batch'])
					expect(await database.query(`SELECT 1 FROM ${table} WHERE tenant = $1`, [tenant]), table).toEqual([]);
				expect(await hub.intake.submit(batch)).toMatchObject({ ok: true, value: { accepted: 2, replayed: false } });
			});
		});

		describe('the trace of an event', () => {
			const parent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;

			it('leads from the sender through every hop of intake', async () => {
				await take([orderEvent('O1', 1)], { traceparent: parent });
				const trace = await readTrace(hub.database, tenant, 'a'.repeat(32));
				expect(trace).toMatchObject({
					order_id: 'O1',
					spans: [{ hop: 'received', parent_id: 'b'.repeat(16) }, { hop: 'validated' }, { hop: 'committed' }, { hop: 'sealed' }],
				});
				expect(traceAnswerSchema.safeParse(trace).success).toBe(true);
			});

			it('may be its own, in the line or in its columns', async () => {
				await take([
					{ ...orderEvent('O1', 1), trace: parent.replace(/a/g, 'c') },
					orderEvent('O2', 1, { trace_id: 'd'.repeat(32), span_id: 'e'.repeat(16) }),
				]);
				expect((await readTrace(hub.database, tenant, 'c'.repeat(32)))?.order_id).toBe('O1');
				expect((await readTrace(hub.database, tenant, 'd'.repeat(32)))?.spans[0]?.parent_id).toBe('e'.repeat(16));
			});

			it('of another tenant, or malformed, is not found', async () => {
				await take([orderEvent('O1', 1, { trace_id: 'not a trace' })], { traceparent: 'nonsense' });
				expect(await readTrace(hub.database, tenant, 'a'.repeat(32))).toBeNull();
				expect(await hub.database.query('SELECT 1 FROM trace_event WHERE tenant = $1', [tenant])).toEqual([]);
			});
		});

		it('keeps tenants apart: same keys, same ids, own logs', async () => {
			const batch = batchOf(tenant, [orderEvent('O1', 1)]);
			const other = await hub.tenant();
			await hub.intake.submit(batch);
			expect(await hub.intake.submit({ ...batch, tenant: other })).toMatchObject({ ok: true, value: { accepted: 1, replayed: false } });
			expect(await listDeadLetters(hub.database, other, null)).toEqual([]);
		});
	});
