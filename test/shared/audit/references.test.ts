import { describe, expect, test } from 'vitest';
import { runTest, testById } from '#audit';
import { ENTITY, event, invoice, invoiceLine, order, START, user } from './orderRecords.ts';
import { auditOf, facts, populate, type Row, type Tables } from './populate.ts';

const line = (orderId: string, lineId: string, overrides: Row = {}): Row => ({
	order_id: orderId,
	line_id: lineId,
	sku: 'S1',
	quantity: '2',
	unit_price_minor: 500,
	amount_minor: 1000,
	obligation_id: 'B1',
	...overrides,
});

const obligation = (overrides: Row = {}): Row => ({
	obligation_id: 'B1',
	contract_id: 'K1',
	order_id: 'O1',
	line_id: 'L1',
	description: '',
	ssp_minor: 1000,
	allocated_minor: 1000,
	method: 'point_in_time',
	...overrides,
});

const CONTRACT: Row = {
	contract_id: 'K1',
	entity_id: 'E1',
	customer_id: 'C1',
	signed_at: START,
	approved_by: 'U1',
	approved_at: START,
	currency: 'USD',
	price_minor: 1000,
	transfer_term: 'delivery',
	billing_term: 'on_delivery',
	pod_required: false,
	bill_and_hold: false,
	bill_and_hold_criteria: '',
};

const CUSTOMER: Row = {
	customer_id: 'C1',
	name: 'Customer',
	tin: null,
	country: 'US',
	currency: 'USD',
	credit_limit_minor: null,
	owner_system: 'crm',
	active_from: '2020-01-01',
	active_to: null,
};

const PRODUCT: Row = { sku: 'S1', description: '', list_price_minor: 500, currency: 'USD', owner_system: 'pim' };

const shipment = (overrides: Row = {}): Row => ({
	shipment_id: 'H1',
	order_id: 'O1',
	line_id: 'L1',
	quantity: '1',
	carrier: 'UPS',
	tracking_no: 'T1',
	shipped_at: START,
	delivered_at: null,
	pod_document_id: null,
	...overrides,
});

const SOUND: Tables = {
	entity: [ENTITY],
	user_account: [user('U1')],
	customer: [CUSTOMER],
	product: [PRODUCT],
	contract: [CONTRACT],
	obligation: [obligation()],
	sales_order: [order('O1')],
	sales_order_line: [line('O1', 'L1')],
	shipment: [shipment()],
	invoice: [invoice('I1', { entered_by: 'U-GHOST' })],
	invoice_line: [invoiceLine('I1', 'O1')],
	order_event: [event('O1', { actor_id: 'U-GHOST', line_id: 'L1' })],
};

describe('T76, broken reference', () => {
	const broken = (more: Tables = {}) => auditOf(testById('T76'), { ...SOUND, ...more });
	const found = (more: Tables) => broken(more).exceptions.map(({ orderId, keys }) => [orderId, keys]);

	test('rows that lead where they say give none; who did events and invoices is judged elsewhere', () => {
		expect(broken().verdict).toBe('pass');
	});

	test('an order of an unknown customer is one, with its total at risk', () => {
		const run = broken({ sales_order: [order('O1', { customer_id: 'C404' })] });
		expect(run.exceptions).toMatchObject([{ orderId: 'O1', keys: { order_id: 'O1' }, amountMinor: 120_000n, currency: 'USD' }]);
		expect(run.exceptions[0]?.reason).toBe('Sales orders: row O1 names customer_id C404, but customer has no such row.');
	});

	test.each([
		['an order', { sales_order: [order('O1', { contract_id: 'K404' })] }, { order_id: 'O1' }],
		['an order', { sales_order: [order('O1', { entity_id: 'E404' })] }, { order_id: 'O1' }],
		['a line', { sales_order_line: [line('O1', 'L1', { sku: 'S404' })] }, { order_id: 'O1', line_id: 'L1' }],
		['a line', { sales_order_line: [line('O1', 'L1', { obligation_id: 'B404' })] }, { order_id: 'O1', line_id: 'L1' }],
		['a shipment', { shipment: [shipment({ line_id: 'L404' })] }, { shipment_id: 'H1' }],
		['an invoice line', { invoice_line: [invoiceLine('I1', 'O1', { line_id: 'L404' })] }, { invoice_id: 'I1', line_no: '1' }],
		['an event', { order_event: [event('O1', { event_id: 'V', corrects_event_id: 'V404' })] }, { event_id: 'V' }],
	] as const)('%s that leads nowhere is one, by its own key', (_, tables, keys) => {
		expect(found(tables as unknown as Tables)).toEqual([['O1', keys]]);
	});

	test('a contract approved by an unknown person is one', () => {
		expect(found({ contract: [{ ...CONTRACT, approved_by: 'U404' }] })).toEqual([[null, { contract_id: 'K1' }]]);
	});

	test('a row of an unknown order is told once, not for its line as well', () => {
		expect(found({ shipment: [shipment({ order_id: 'O404' })] })).toEqual([['O404', { shipment_id: 'H1' }]]);
	});

	test('a reference that is null is none', () => {
		expect(found({ invoice_line: [invoiceLine('I1', null)], sales_order_line: [line('O1', 'L1', { obligation_id: null })] })).toEqual([]);
	});

	test('a table that was not supplied leaves open what leads to it', () => {
		const { product: _, ...rest } = SOUND;
		const run = auditOf(testById('T76'), rest);
		expect(run).toMatchObject({ verdict: 'incomplete', exceptions: [], why: 'not supplied: table product' });
	});

	test('a target that may be a line set aside leaves the reference open; a second one does not', () => {
		const t76 = testById('T76');
		const customer = [{ ...CUSTOMER, active_from: 'ever' }];
		const with1 = t76 && runTest(t76, populate({ tables: { ...SOUND, customer } }), facts());
		expect(with1?.exceptions).toEqual([]);
		expect(with1?.why).toContain('3 references that may lead to lines set aside');
		const sales_order = [order('O1'), order('O2', { customer_id: 'C2' })];
		const with2 = t76 && runTest(t76, populate({ tables: { ...SOUND, customer, sales_order } }), facts());
		expect(with2?.exceptions.map(({ keys }) => keys)).toEqual([{ order_id: 'O1' }, { order_id: 'O2' }]);
	});
});

describe('T79, line without obligation', () => {
	const without = (lines: readonly Row[]) =>
		auditOf(testById('T79'), { sales_order_line: lines, obligation: [obligation()], sales_order: [order('O1')] });

	test('a line whose obligation is known gives none', () => {
		expect(without([line('O1', 'L1')])).toMatchObject({ verdict: 'pass', tested: 1 });
	});

	test('no obligation and an unknown one are both exceptions, with the line amount at risk', () => {
		const run = without([line('O1', 'L1', { obligation_id: null }), line('O1', 'L2', { obligation_id: 'B404' }), line('O1', 'L3')]);
		expect(run.exceptions).toMatchObject([
			{ orderId: 'O1', keys: { order_id: 'O1', line_id: 'L1' }, amountMinor: 1000n, currency: 'USD' },
			{ orderId: 'O1', keys: { order_id: 'O1', line_id: 'L2' } },
		]);
		expect(run.exceptions[1]?.reason).toContain('names obligation B404, which does not exist');
	});

	test('an obligation that may be a line set aside is left open', () => {
		const t79 = testById('T79');
		const tables = { sales_order_line: [line('O1', 'L1')], obligation: [obligation({ method: 'guess' })] };
		expect(t79 && runTest(t79, populate({ tables }), facts())).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});
});
