import { describe, expect, test } from 'vitest';
import { testById } from '#audit';
import { event, GRANTS, grant, history, invoice, invoiceLine, order } from './orderRecords.ts';
import { auditOf, type Row, type Tables } from './populate.ts';

const change = (overrides: Row = {}): Row => ({
	change_id: 'M1',
	table_name: 'customer',
	record_id: 'C1',
	field: 'credit_limit_minor',
	old_value: '1',
	new_value: '2',
	changed_at: '2026-02-01T09:00:00.000Z',
	changed_by: 'U-IT',
	system: 'crm',
	...overrides,
});

const CREDITED: readonly (readonly [string])[] = [['booked'], ['credit_hold'], ['released'], ['picking'], ['shipped']];

const duties = (more: Tables = {}) =>
	auditOf(testById('T61'), {
		order_event: history('O1', CREDITED),
		sales_order: [order('O1')],
		invoice: [invoice('I1')],
		invoice_line: [invoiceLine('I1', 'O1')],
		master_change: [change()],
		user_role: GRANTS,
		...more,
	});

/** The usual history, with somebody else doing the steps named by their position. */
const by = (person: string, ...steps: number[]): Row[] =>
	history('O1', CREDITED).map((row, at) => (steps.includes(at) ? { ...row, actor_id: person } : row));

const found = (more: Tables) => duties(more).exceptions.map(({ orderId, keys }) => [orderId, keys]);
const CONFLICT = [['O1', { order_id: 'O1', user_id: 'U1' }]];

describe('T61, segregation of duties executed', () => {
	test('different people give none', () => {
		expect(duties()).toMatchObject({ verdict: 'pass', tested: 1 });
	});

	test('booking and releasing from credit hold by one person is one', () => {
		expect(found({ order_event: by('U1', 0, 2) })).toEqual(CONFLICT);
		expect(duties({ order_event: by('U1', 0, 2) }).exceptions[0]).toMatchObject({ amountMinor: 120_000n, currency: 'USD' });
	});

	test('booking and releasing in the role credit is one without a hold, in another role it is none', () => {
		const direct = (role: string) =>
			history('O1', [
				['booked', { actor_id: 'U1' }],
				['released', { actor_id: 'U1', actor_role: role }],
			]);
		expect(found({ order_event: direct('credit') })).toEqual(CONFLICT);
		expect(found({ order_event: direct('sales') })).toEqual([]);
	});

	test('cancelling from credit hold is no release', () => {
		const cancelled = history('O1', [
			['booked', { actor_id: 'U1' }],
			['credit_hold'],
			['cancelled', { actor_id: 'U1', type: 'order.cancelled' }],
		]);
		expect(found({ order_event: cancelled })).toEqual([]);
	});

	test('shipping and invoicing by one person is one, however many shipments and lines', () => {
		const events = [...by('U1', 4), event('O1', { type: 'line.shipped', actor_id: 'U1', order_seq: 6 })];
		const lines = [invoiceLine('I1', 'O1'), invoiceLine('I1', 'O1', { line_no: 2 })];
		expect(found({ order_event: events, invoice: [invoice('I1', { entered_by: 'U1' })], invoice_line: lines })).toEqual(CONFLICT);
	});

	test('shipping one order and invoicing another is none', () => {
		const other = { invoice: [invoice('I1', { entered_by: 'U1' })], invoice_line: [invoiceLine('I1', 'O2')] };
		expect(found({ order_event: by('U1', 4), ...other })).toEqual([]);
	});

	describe('an invoice and its credit memo', () => {
		const memo = (overrides: Row = {}) => ({
			invoice: [
				invoice('I1', { entered_by: 'U1' }),
				invoice('I2', { entered_by: 'U2' }),
				invoice('C1', { kind: 'credit_memo', entered_by: 'U1', corrects_invoice_id: 'I1', ...overrides }),
			],
			invoice_line: ['I1', 'I2', 'C1'].map((id) => invoiceLine(id, 'O1')),
		});

		test('by one person are one', () => {
			expect(found(memo())).toEqual(CONFLICT);
		});

		test('are none where the memo corrects the invoice of another', () => {
			expect(found(memo({ corrects_invoice_id: 'I2' }))).toEqual([]);
		});

		test('are one where the memo names no invoice but the person invoiced the order', () => {
			expect(found(memo({ corrects_invoice_id: null }))).toEqual(CONFLICT);
			expect(found(memo({ corrects_invoice_id: null, entered_by: 'U3' }))).toEqual([]);
		});
	});

	test('changing the customer and booking is one, whenever the change was made', () => {
		const events = by('U1', 0);
		expect(found({ order_event: events, master_change: [change({ changed_by: 'U1', changed_at: '2026-12-01T00:00:00.000Z' })] })).toEqual(
			CONFLICT,
		);
		expect(found({ order_event: events, master_change: [change({ changed_by: 'U1', record_id: 'C2' })] })).toEqual([]);
		expect(found({ order_event: events, master_change: [change({ changed_by: 'U1', table_name: 'product' })] })).toEqual([]);
	});

	test('services are no people', () => {
		expect(found({ order_event: by('U1', 0, 2), user_role: [...GRANTS, grant('U1', 'system')] })).toEqual([]);
	});

	test('two conflicts of one person on one order are two exceptions', () => {
		const run = duties({ order_event: by('U1', 0, 2, 4), invoice: [invoice('I1', { entered_by: 'U1' })] });
		expect(run.exceptions).toHaveLength(2);
	});

	test('what was not supplied is said', () => {
		const run = auditOf(testById('T61'), { order_event: by('U1', 0, 2) });
		expect(run.exceptions).toHaveLength(1);
		expect(run.why).toBe('not supplied: invoice, invoice_line, sales_order, master_change');
	});
});
