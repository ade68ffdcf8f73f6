import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '#kernel';
import { type DisputeRequest, submitDispute } from '../../../../electron/hub/intake/disputes.ts';
import { readRows } from '../../../../electron/hub/intake/tableRows.ts';
import { orderEvent, orderRow } from './records.ts';
import { batchOf, NOON, openTestHub, type TestHub } from './support.ts';

let hub: TestHub;
let tenant: string;
beforeAll(async () => {
	hub = await openTestHub();
});
beforeEach(async () => {
	tenant = await hub.tenant();
});
afterAll(() => hub.close());

let keys = 0;
const dispute = (body: object | string, fields: Partial<DisputeRequest> = {}) =>
	submitDispute(
		{ database: hub.database, vault: hub.vault, intake: hub.intake },
		{
			tenant,
			principal: 'portal-1',
			idempotencyKey: `dispute-${++keys}`,
			bytes: utf8(typeof body === 'string' ? body : JSON.stringify(body)),
			traceparent: null,
			receivedAt: NOON,
			...fields,
		},
	);
const rows = async (table: 'dispute' | 'hold', id: string) => (await readRows(hub.database, hub.vault, tenant, table, [id])).get(id);
const events = () => hub.log.lines(tenant, 'order_event').map((line) => JSON.parse(line) as Record<string, unknown>);
const body = {
	order_id: 'O1',
	reason_code: 'damaged',
	statement: 'Grete says: two were broken',
	disputed_quantity: '2',
	amount_minor: 900,
};

describe('a dispute', () => {
	it('puts the hold and the event of its order in place before it is answered', async () => {
		await hub.intake.submit(batchOf(tenant, [orderRow('O1'), orderEvent('O1', 1)]));
		const answer = await dispute(body);
		if (!answer.ok) throw new Error(answer.error.message);
		expect(await rows('dispute', answer.value.dispute_id)).toMatchObject({
			status: 'open',
			statement: body.statement,
			disputed_quantity: '2',
		});
		expect(await rows('hold', answer.value.hold_id)).toMatchObject({
			kind: 'dispute',
			dispute_id: answer.value.dispute_id,
			opened_at: '2026-03-31T12:00:00.000Z',
			amount_minor: 900,
		});
		expect(events()[1]).toMatchObject({
			type: 'order.disputed',
			from_state: 'released',
			to_state: 'disputed',
			order_seq: 2,
			source_seq: 1,
		});
		expect(answer.value.sealed).toMatchObject({ order_event: 2 });
	});

	it('keeps the customer’s words encrypted', async () => {
		await hub.intake.submit(batchOf(tenant, [orderRow('O1')]));
		await dispute(body);
		expect(JSON.stringify(await hub.database.query('SELECT r::text FROM table_row r WHERE tenant = $1', [tenant]))).not.toContain('Grete');
	});

	it('sent again with its key is the same dispute', async () => {
		await hub.intake.submit(batchOf(tenant, [orderRow('O1')]));
		const first = await dispute(body, { idempotencyKey: 'once' });
		const again = await dispute(body, { idempotencyKey: 'once' });
		expect(again.ok && first.ok && again.value).toEqual(first.ok && { ...first.value, replayed: true });
		expect(await dispute({ ...body, amount_minor: 1 }, { idempotencyKey: 'once' })).toMatchObject({
			ok: false,
			error: { code: 'idempotency_conflict' },
		});
		expect(events()).toHaveLength(1);
	});

	it('is numbered without gaps, and moves no state where there is none to move', async () => {
		await hub.intake.submit(batchOf(tenant, [orderRow('O1'), orderRow('O2', { state: 'closed' })]));
		await dispute({ order_id: 'nobody', reason_code: 'late' });
		await Promise.all([dispute(body), dispute({ ...body, line_id: '1' }), dispute({ ...body, order_id: 'O2' })]);
		expect(events().map(({ source_seq }) => source_seq)).toEqual([1, 2, 3]);
		const states = events().map(({ order_id, from_state, to_state }) => [order_id, from_state, to_state]);
		expect(states).toEqual([
			['O1', 'booked', 'disputed'],
			['O1', null, null],
			['O2', null, null],
		]);
	});

	it('is sealed with its hold after a crash between the two', async () => {
		await hub.intake.submit(batchOf(tenant, [orderRow('O1')]));
		hub.log.faults.push('before');
		expect(await dispute(body, { idempotencyKey: 'crash' })).toMatchObject({ ok: false, error: { code: 'unavailable' } });
		const again = await dispute(body, { idempotencyKey: 'crash' });
		expect(again).toMatchObject({ ok: true, value: { accepted: 3, replayed: true } });
		expect(events()).toHaveLength(1);
	});

	it.each([
		['not JSON', '{'],
		['no order', { reason_code: 'x' }],
		['an unknown key', { ...body, colour: 1 }],
		['a float', { ...body, amount_minor: 1.5 }],
		['a huge number', { ...body, amount_minor: 2 ** 53 }],
		['a negative amount', { ...body, amount_minor: -1 }],
		['a bad quantity', { ...body, disputed_quantity: '1.1234567' }],
		['a long id', { ...body, order_id: 'x'.repeat(257) }],
		['half a surrogate', JSON.stringify({ ...body, statement: '\ud800' })],
		['a list', '[]'],
	])('with %s is refused, and nothing is written', async (_, bad) => {
		await hub.intake.submit(batchOf(tenant, [orderRow('O1')]));
		expect(await dispute(bad)).toMatchObject({ ok: false, error: { code: 'malformed' } });
		expect(events()).toEqual([]);
		expect(await hub.database.query("SELECT 1 FROM table_row WHERE tenant = $1 AND table_name <> 'sales_order'", [tenant])).toEqual([]);
	});

	it('of an order the hub does not know is not found', async () => {
		expect(await dispute(body)).toMatchObject({ ok: false, error: { code: 'not_found', where: 'order_id' } });
	});
});
