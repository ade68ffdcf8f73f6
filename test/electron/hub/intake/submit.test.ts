import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listDeadLetters } from '../../../../electron/hub/intake/deadLetterStore.ts';
import { customerRow, orderEvent, orderRow, revenueEvent } from './records.ts';
import { batchOf, openTestHub, TENANT, type TestHub } from './support.ts';

let hub: TestHub;
beforeEach(async () => {
	hub = await openTestHub();
});
afterEach(() => hub.close());

const ordersOf = (lines: readonly string[]) => lines.map((line) => JSON.parse(line) as Record<string, unknown>);

describe('a batch', () => {
	it('is sealed, its rows are kept, and its record stands in the log of the hub', async () => {
		const answer = await hub.intake.submit(
			batchOf([orderRow('O1'), orderEvent('O1', 1), orderEvent('O1', 2), revenueEvent('R1', 'O1'), customerRow('C1')]),
		);
		expect(answer).toMatchObject({
			ok: true,
			value: {
				accepted: 5,
				duplicates: 0,
				waiting: 0,
				dead: [],
				positions: { order_event: { from: 0, to: 2 }, revenue_event: { from: 0, to: 1 } },
				sealed: { order_event: 2, revenue_event: 1, hub_record: 1 },
				replayed: false,
			},
		});
		expect(ordersOf(hub.log.lines(TENANT, 'order_event')).map(({ order_seq }) => order_seq)).toEqual([1, 2]);
		expect(ordersOf(hub.log.lines(TENANT, 'hub_record'))).toMatchObject([{ kind: 'batch', rows: 5, accepted: 5 }]);
		const rows = await hub.database.query('SELECT table_name, pk, region, line FROM table_row ORDER BY table_name');
		expect(rows).toMatchObject([
			{ table_name: 'customer', pk: 'C1', region: '' },
			{ table_name: 'sales_order', pk: 'O1', region: 'EMEA' },
		]);
		expect(JSON.stringify(rows)).not.toContain('Grete');
	});

	it('that is sent again with its key gets the answer it had', async () => {
		const batch = batchOf([orderEvent('O1', 1)]);
		const first = await hub.intake.submit(batch);
		const again = await hub.intake.submit(batch);
		expect(first.ok && again.ok && again.value).toEqual(first.ok && { ...first.value, replayed: true });
		expect(hub.log.lines(TENANT, 'order_event')).toHaveLength(1);
		expect(hub.log.lines(TENANT, 'hub_record')).toHaveLength(1);
	});

	it('with the key of another body is a conflict, and nothing of it is taken', async () => {
		await hub.intake.submit(batchOf([orderEvent('O1', 1)], { idempotencyKey: 'same' }));
		const other = await hub.intake.submit(batchOf([orderEvent('O2', 1)], { idempotencyKey: 'same' }));
		expect(other).toMatchObject({ ok: false, error: { code: 'idempotency_conflict' } });
		expect(hub.log.lines(TENANT, 'order_event')).toHaveLength(1);
	});

	it('with one bad line of ten thousand keeps that line and takes the others', async () => {
		const lines: (object | string)[] = Array.from({ length: 10_000 }, (_, at) => orderEvent(`O${at}`, 1));
		lines[4711] = '{"table":"order_event","record":{"event_id":';
		const answer = await hub.intake.submit(batchOf(lines));
		expect(answer).toMatchObject({ ok: true, value: { accepted: 9_999, dead: [{ line: 4712, code: 'not_json' }] } });
		expect(hub.log.lines(TENANT, 'order_event')).toHaveLength(9_999);
		expect(await listDeadLetters(hub.database, TENANT, 'open')).toMatchObject([{ code: 'not_json', line: 4712, attempts: 1, revenue: [] }]);
	});
});
