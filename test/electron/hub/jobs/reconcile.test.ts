import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { takeDrop } from '../../../../electron/hub/intake/drops/takeDrop.ts';
import { readReconciliation, reconcileDay } from '../../../../electron/hub/jobs/reconcile.ts';
import { writeSample } from '../../../../electron/services/writeSample.ts';
import { orderEvent, orderRow, revenueEvent } from '../intake/records.ts';
import { batchOf, NOON, openTestHub, type TestHub } from '../intake/support.ts';

let hub: TestHub;
let tenant: string;
beforeAll(async () => {
	hub = await openTestHub();
});
beforeEach(async () => {
	tenant = await hub.tenant();
});
afterAll(() => hub.close());

const DAY = '2026-03-31';
const take = async (...lines: object[]) => {
	const answer = await hub.intake.submit(batchOf(tenant, lines));
	expect(answer).toMatchObject({ ok: true, value: { dead: [] } });
};
const reconcile = (day = DAY) => reconcileDay({ database: hub.database, log: hub.store, now: () => NOON }, tenant, day);
const contract = (fields: object = {}) => ({
	table: 'contract',
	record: {
		contract_id: 'K1',
		entity_id: 'E1',
		customer_id: 'C1',
		currency: 'EUR',
		price_minor: 120_000,
		transfer_term: 'shipment',
		billing_term: 'on_shipment',
		pod_required: false,
		bill_and_hold: false,
		bill_and_hold_criteria: '',
		...fields,
	},
});
const line = (orderId: string, quantity: string, price: number, fields: object = {}) => ({
	table: 'sales_order_line',
	record: { order_id: orderId, line_id: '1', sku: 'S', quantity, unit_price_minor: price, amount_minor: 1_000, ...fields },
});
const shipped = (orderId: string, seq: number, quantity: string | null, fields: object = {}) =>
	orderEvent(orderId, seq, { type: 'line.shipped', line_id: '1', quantity, ...fields });
const invoice = (id: string, orderId: string, amount: number, fields: object = {}) => [
	{
		table: 'invoice',
		record: {
			invoice_id: id,
			invoice_no: id,
			series: 'A',
			entity_id: 'E1',
			customer_id: 'C1',
			kind: 'invoice',
			issued_at: '2026-03-06T09:00:00.000Z',
			currency: 'EUR',
			total_minor: amount,
			entered_by: 'u1',
			...fields,
		},
	},
	{
		table: 'invoice_line',
		record: {
			invoice_id: id,
			line_no: 1,
			order_id: orderId,
			line_id: '1',
			sku: 'S',
			quantity: '1',
			unit_price_minor: amount,
			amount_minor: amount,
			tax_minor: 0,
		},
	},
];

describe('the reconciliation of a day', () => {
	it('adds up what moved, what was invoiced and what was recognised, exactly, and seals it', async () => {
		// 2.5 of 4 at 333: 832.5, rounded away from zero; of the line's 1,000 the share is 625.
		await take(
			contract(),
			orderRow('O1'),
			line('O1', '4', 333),
			shipped('O1', 1, '2.5'),
			...invoice('I1', 'O1', 833),
			revenueEvent('R1', 'O1', { amount_minor: 625 }),
		);
		const record = await reconcile();
		expect(record).toMatchObject({
			kind: 'reconciliation',
			day: DAY,
			currencies: [
				{
					currency: 'EUR',
					orders: 1,
					orders_with_breaks: 0,
					shipped_minor: '833',
					delivered_minor: '0',
					invoiced_minor: '833',
					recognised_minor: '625',
					billing: { matched: 1, short: 0, over: 0, not_testable: 0 },
					revenue: { matched: 1, short: 0, over: 0, not_testable: 0 },
				},
			],
			sizes: { order_event: 1, revenue_event: 1 },
		});
		const lines = await hub.database.query<{ line: string }>(
			"SELECT line FROM sealed_line WHERE tenant = $1 AND order_id = 'reconciliation'",
			[tenant],
		);
		expect(lines.map(({ line: text }) => JSON.parse(text) as unknown)).toMatchObject([{ ...record, prev: null }]);
	});

	it('of a day that has its record stays as it was, however often it is run and whatever came later', async () => {
		await take(contract(), orderRow('O1'), line('O1', '4', 333), shipped('O1', 1, '1'));
		const [first, meanwhile] = await Promise.all([reconcile(), reconcile()]);
		await take(shipped('O1', 2, '1'));
		expect(await reconcile()).toEqual(first);
		expect(meanwhile).toEqual(first);
		expect(await readReconciliation(hub.database, tenant, DAY)).toEqual(first);
		expect(hub.store.head(tenant, 'hub_record').size).toBe(3);
	});

	it('counts breaks with their amounts, in both directions and by currency', async () => {
		await take(
			contract(),
			orderRow('short'),
			line('short', '2', 500),
			shipped('short', 1, '2'),
			orderRow('over', { currency: 'USD' }),
			line('over', '2', 500),
			...invoice('I1', 'over', 70, { currency: 'USD' }),
			revenueEvent('R1', 'over', { amount_minor: 30, currency: 'USD' }),
		);
		expect((await reconcile()).currencies).toMatchObject([
			{ currency: 'EUR', orders_with_breaks: 1, billing: { short: 1, short_minor: '1000' }, revenue: { short: 1, short_minor: '1000' } },
			{ currency: 'USD', orders_with_breaks: 1, billing: { over: 1, over_minor: '70' }, revenue: { over: 1, over_minor: '30' } },
		]);
	});

	it('counts only what was there by the end of the day', async () => {
		await take(
			contract(),
			orderRow('O1'),
			line('O1', '2', 500),
			shipped('O1', 1, '1'),
			shipped('O1', 2, '1', { recorded_at: '2026-04-01T00:00:00.000Z' }),
		);
		expect((await reconcile()).currencies).toMatchObject([{ shipped_minor: '500' }]);
		expect((await reconcile('2026-04-01')).currencies).toMatchObject([{ shipped_minor: '1000' }]);
		expect((await reconcile('2026-01-01')).currencies).toEqual([]);
	});

	it('takes an event without a quantity for the whole line, and returns and credits off again', async () => {
		await take(
			contract(),
			orderRow('O1'),
			line('O1', '2', 500),
			shipped('O1', 1, null),
			orderEvent('O1', 2, { type: 'line.returned', line_id: '1', quantity: '1' }),
			...invoice('I1', 'O1', 1000),
			...invoice('I2', 'O1', 500, { kind: 'credit_memo' }),
			revenueEvent('R1', 'O1', { amount_minor: 1000 }),
			revenueEvent('R2', 'O1', { amount_minor: 500, kind: 'reverse' }),
		);
		expect((await reconcile()).currencies).toMatchObject([{ orders_with_breaks: 0, billing: { matched: 1 }, revenue: { matched: 1 } }]);
	});

	it('says not testable, never matched, where contract, lines or billing term leave it open', async () => {
		await take(
			contract({ billing_term: 'advance' }),
			orderRow('advance'),
			line('advance', '2', 500),
			orderRow('stranger', { contract_id: 'nobody' }),
			line('stranger', '2', 500),
			orderRow('no lines'),
			orderRow('amended'),
			line('amended', '2', 500),
			orderEvent('amended', 1, { type: 'order.amended' }),
		);
		expect((await reconcile()).currencies).toMatchObject([
			{ billing: { matched: 0, not_testable: 4 }, revenue: { matched: 1, not_testable: 3 } },
		]);
	});

	it('names what was invoiced or recognised for no order it knows', async () => {
		await take(...invoice('I1', 'nobody', 70), revenueEvent('R1', 'nobody', { amount_minor: 30 }));
		expect((await reconcile()).currencies).toMatchObject([
			{ currency: 'EUR', orders: 0, unassigned: { invoiced_minor: '70', recognised_minor: '30' } },
		]);
	});

	it('is exact beyond what a float or 64 bits hold', async () => {
		const price = Number.MAX_SAFE_INTEGER;
		await take(contract(), orderRow('O1'), line('O1', '999999999999.999999', price), shipped('O1', 1, '999999999999.999999'));
		const exact = (999_999_999_999_999_999n * BigInt(price) + 500_000n) / 1_000_000n;
		expect((await reconcile()).currencies[0]?.shipped_minor).toBe(exact.toString());
	});

	it('counts rows it can not look into instead of failing on them', async () => {
		await take(contract(), orderRow('O1', { state: 'a\0b' }), orderEvent('O1', 1, { reason_code: 'a\0b' }));
		expect(await reconcile()).toMatchObject({ currencies: [], unreadable_rows: 2 });
	});

	it('of a whole clean company finds its orders, and no break but what an open hold explains', async () => {
		const folder = mkdtempSync(join(tmpdir(), 'tieout-reconcile-'));
		try {
			await writeSample(folder, { orders: 150, seed: 3, anomalies: 'none' }, () => undefined);
			const ports = { intake: hub.intake, documents: { write: () => Promise.resolve() }, keepDocument: () => Promise.resolve() };
			expect(await takeDrop(ports, { tenant, principal: 'erp', path: folder, receivedAt: NOON })).toMatchObject({
				ok: true,
				value: { dead_count: 0 },
			});
			const { currencies } = await reconcile('2027-06-30');
			expect(currencies.reduce((sum, { orders }) => sum + orders, 0)).toBe(150);
			const tested = currencies.reduce((sum, { billing, revenue }) => sum + billing.matched + revenue.matched, 0);
			expect(tested).toBeGreaterThan(150);
			const open = readFileSync(join(folder, 'data', 'hold.ndjson'), 'utf8')
				.trimEnd()
				.split('\n')
				.filter((text) => text.includes('"closed_at":null'));
			expect(currencies.reduce((sum, { orders_with_breaks: breaks }) => sum + breaks, 0)).toBeLessThanOrEqual(open.length);
		} finally {
			rmSync(folder, { recursive: true, force: true });
		}
	});
});
