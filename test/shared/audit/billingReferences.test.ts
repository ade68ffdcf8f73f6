import { describe, expect, it } from 'vitest';
import { testById } from '#audit';
import { auditOf, type Tables } from './populate.ts';
import { creditLine, creditMemo, event, invoice, invoiceLine, line, order, revenue, sale, saleWithout, shipment } from './sale.ts';

const run = (id: string, tables: Tables) => auditOf(testById(id), tables);
const subjects = (id: string, tables: Tables) => run(id, tables).exceptions.map(({ keys }) => keys);

describe.each(['T06', 'T07', 'T10', 'T33'])('%s', (id) => {
	it('passes on a clean sale', () => expect(run(id, sale()).verdict).toBe('pass'));

	it('is not testable without orders', () => {
		expect(run(id, saleWithout('sales_order'))).toMatchObject({ verdict: 'not_testable' });
	});
});

describe('T06 invoice without order', () => {
	it('a line that names no order, and one that names an unknown order, are exceptions of their amount', () => {
		const tables = sale({
			invoice_line: [
				invoiceLine({ order_id: null, line_id: null }),
				invoiceLine({ line_no: 2, order_id: 'SO-9' }),
				invoiceLine({ line_no: 3 }),
			],
		});
		expect(run('T06', tables).exceptions).toMatchObject([
			{ orderId: null, keys: { invoice_id: 'I1', line_no: '1' }, amountMinor: 10_000n, currency: 'USD' },
			{ orderId: 'SO-9', keys: { invoice_id: 'I1', line_no: '2' }, amountMinor: 10_000n },
		]);
	});

	it('a line whose invoice is unknown as well is still reported', () => {
		expect(run('T06', sale({ invoice_line: [invoiceLine({ invoice_id: 'I9', order_id: null })] })).exceptions).toMatchObject([
			{ currency: null },
		]);
	});
});

describe('T07 shipment without order, or after cancellation', () => {
	const cancelled = (occurred_at: string, over = {}) =>
		event({ event_id: 'EV-C', order_seq: 2, type: 'order.cancelled', to_state: 'cancelled', occurred_at, ...over });
	const withEvents = (...events: object[]) =>
		sale({ order_event: [event(), ...(events as never[])], sales_order: [order({ state: 'cancelled' })] });

	it('a shipment for an unknown order is an exception', () => {
		const [exception] = run('T07', sale({ shipment: [shipment({ order_id: 'SO-9' })] })).exceptions;
		expect(exception).toMatchObject({ orderId: 'SO-9', keys: { shipment_id: 'SH-1' }, amountMinor: null, currency: null });
	});

	it.each([
		['a millisecond after the cancellation', '2026-03-02T09:59:59.999Z', 1],
		['at the very instant', '2026-03-02T10:00:00.000Z', 0],
		['before it', '2026-03-02T10:00:00.001Z', 0],
	])('a shipment %s', (_, cancelledAt, count) => {
		const { exceptions } = run('T07', withEvents(cancelled(cancelledAt)));
		expect(exceptions).toHaveLength(count);
		for (const exception of exceptions) expect(exception).toMatchObject({ orderId: 'SO-1', amountMinor: 10_000n, currency: 'USD' });
	});

	it('a cancellation that names a line concerns that line only', () => {
		const tables = (line_id: string) => ({
			...withEvents(cancelled('2026-03-01T12:00:00.000Z', { line_id })),
			sales_order_line: [line(), line({ line_id: 'L2' })],
		});
		expect(subjects('T07', tables('L2'))).toEqual([]);
		expect(subjects('T07', tables('L1'))).toEqual([{ shipment_id: 'SH-1' }]);
	});

	it('an order taken up again may ship', () => {
		const reopened = event({
			event_id: 'EV-O',
			order_seq: 3,
			type: 'order.corrected',
			from_state: 'cancelled',
			to_state: 'released',
			occurred_at: '2026-03-02T08:00:00.000Z',
		});
		expect(subjects('T07', withEvents(cancelled('2026-03-01T12:00:00.000Z'), reopened))).toEqual([]);
	});

	it('a cancelled order that does not say when leaves its shipments open', () => {
		expect(run('T07', withEvents())).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});
});

describe('T10 currency mismatch', () => {
	it('an invoice in another currency is one exception an order', () => {
		const tables = sale({
			invoice: [invoice({ currency: 'EUR' })],
			invoice_line: [invoiceLine(), invoiceLine({ line_no: 2, amount_minor: 5 })],
		});
		expect(run('T10', tables).exceptions).toMatchObject([
			{ orderId: 'SO-1', keys: { invoice_id: 'I1' }, amountMinor: 10_005n, currency: 'EUR' },
		]);
	});

	it('lines without a known order or invoice are not judged here', () => {
		expect(
			run('T10', sale({ invoice_line: [invoiceLine({ order_id: null }), invoiceLine({ invoice_id: 'I9', line_no: 2 })] })),
		).toMatchObject({ tested: 0, exceptions: [] });
	});
});

describe('T33 reversals exceed the original', () => {
	const KEYS = { order_id: 'SO-1', line_id: 'L1' };
	const credited = (...lines: ReturnType<typeof creditLine>[]) =>
		sale({ invoice: [invoice(), creditMemo()], invoice_line: [invoiceLine(), ...lines] });
	const booked = (...events: ReturnType<typeof revenue>[]) => sale({ revenue_event: [revenue(), ...events] });

	it('credits up to the invoice are in order, beyond it they are an exception', () => {
		expect(subjects('T33', credited(creditLine(6), creditLine(4, { line_no: 2 })))).toEqual([]);
		expect(run('T33', credited(creditLine(6), creditLine(5, { line_no: 2 }))).exceptions).toMatchObject([
			{ orderId: 'SO-1', keys: KEYS, amountMinor: 1000n, currency: 'USD' },
		]);
		expect(subjects('T33', credited(creditLine(-11)))).toEqual([KEYS]);
	});

	it('one minor unit a row is rounding, more is not', () => {
		expect(subjects('T33', credited(creditLine(10, { amount_minor: 10_002 })))).toEqual([]);
		expect(run('T33', credited(creditLine(10, { amount_minor: 10_003 }))).exceptions).toMatchObject([{ amountMinor: 3n }]);
	});

	it('more goods credited than invoiced is an exception even where the amounts fit', () => {
		expect(subjects('T33', credited(creditLine(11, { amount_minor: 10_000 })))).toEqual([KEYS]);
	});

	it('revenue reversed beyond what was recognised and reinstated is an exception', () => {
		const reverse = (amount_minor: number, over = {}) => revenue({ revenue_id: 'R2', kind: 'reverse', amount_minor, ...over });
		expect(subjects('T33', booked(reverse(10_002)))).toEqual([]);
		expect(run('T33', booked(reverse(10_003))).exceptions).toMatchObject([
			{ orderId: 'SO-1', keys: KEYS, amountMinor: 3n, currency: 'USD' },
		]);
		expect(
			subjects('T33', booked(reverse(10_000), revenue({ revenue_id: 'R3', kind: 'reinstate' }), reverse(10_000, { revenue_id: 'R4' }))),
		).toEqual([]);
	});

	it('revenue that names its obligation only is laid to the line; revenue that names neither is judged by order', () => {
		const reverse = revenue({ revenue_id: 'R2', kind: 'reverse', amount_minor: 12_000, line_id: null });
		expect(subjects('T33', booked(reverse))).toEqual([KEYS]);
		expect(subjects('T33', booked({ ...reverse, obligation_id: null }))).toEqual([{ order_id: 'SO-1' }]);
		expect(subjects('T33', booked({ ...reverse, obligation_id: null, amount_minor: 10_000 }))).toEqual([]);
	});

	it('credits in another currency are not added up', () => {
		expect(
			subjects('T33', sale({ invoice: [invoice(), creditMemo({ currency: 'EUR' })], invoice_line: [invoiceLine(), creditLine(9)] })),
		).toEqual([]);
	});
});
