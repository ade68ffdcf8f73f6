import { describe, expect, it } from 'vitest';
import { testById } from '#audit';
import { auditOf, type Row, type Tables } from './populate.ts';
import { contract, creditLine, creditMemo, entity, event, invoice, invoiceLine, line, order, sale, saleWithout, shipment } from './sale.ts';

const run = (id: string, tables: Tables) => auditOf(testById(id), tables);
const subjects = (id: string, tables: Tables) => run(id, tables).exceptions.map(({ keys }) => keys);

const I2 = { invoice_id: 'I2' };
const again = (over: Row = {}) => invoice({ invoice_id: 'I2', invoice_no: 'INV-0002', issued_at: '2026-03-06T10:00:00.000Z', ...over });
const againLine = (over: Row = {}) => invoiceLine({ invoice_id: 'I2', ...over });
const twice = (second: Row = {}, secondLine: Row = {}, over: Tables = {}) =>
	sale({ invoice: [invoice(), again(second)], invoice_line: [invoiceLine(), againLine(secondLine)], ...over });

describe.each(['T12', 'T13'])('%s', (id) => {
	it('passes on a clean sale', () => expect(run(id, sale()).verdict).toBe('pass'));
	it('is not testable without invoice lines', () => expect(run(id, saleWithout('invoice_line')).verdict).toBe('not_testable'));
});

describe('T12 duplicate invoice, exact', () => {
	it('the same sale under another number is an exception: the later one, with the earlier cited', () => {
		const [exception, ...more] = run('T12', twice()).exceptions;
		expect(more).toEqual([]);
		expect(exception).toMatchObject({ orderId: 'SO-1', keys: I2, amountMinor: 11_900n, currency: 'USD' });
		expect(exception?.rows).toContainEqual({ table: 'invoice', row: 0 });
		expect(exception?.reason).toContain('Invoice INV-0002 (2026-03-06 10:00 UTC) repeats INV-0001 (2026-03-05 10:00 UTC)');
	});

	it('is found whichever way the duplicate was made', () => {
		expect(subjects('T12', twice({}, { shipment_id: null }))).toEqual([I2]);
		expect(subjects('T12', twice({}, { order_id: null, line_id: null, shipment_id: null }))).toEqual([I2]);
		expect(subjects('T12', { ...twice(), invoice_line: [invoiceLine()] })).toEqual([I2]);
	});

	it.each([
		['kind', { kind: 'credit_memo' }],
		['customer', { customer_id: 'C2' }],
		['total', { total_minor: 11_901 }],
		['currency', { currency: 'EUR' }],
		['purchase order', { purchase_order: 'PO-2' }],
		['purchase order on one side', { purchase_order: null }],
	] as const)('another %s makes another sale', (_, over) => expect(subjects('T12', twice(over))).toEqual([]));

	it('the same number is not another number', () => expect(subjects('T12', twice({ invoice_no: 'INV-0001' }))).toEqual([]));

	it('without purchase orders the issue day decides, and it is the local one', () => {
		const days = (first: string, second: string, over: Tables = {}) => ({
			...twice(),
			...over,
			invoice: [invoice({ purchase_order: null, issued_at: first }), again({ purchase_order: null, issued_at: second })],
		});
		expect(subjects('T12', days('2026-03-05T00:00:00.000Z', '2026-03-05T23:59:59.999Z'))).toEqual([I2]);
		expect(subjects('T12', days('2026-03-05T23:59:59.999Z', '2026-03-06T00:00:00.000Z'))).toEqual([]);
		const tokyo = { entity: [entity({ timezone: 'Asia/Tokyo' })] };
		expect(subjects('T12', days('2026-03-05T16:00:00.000Z', '2026-03-06T14:00:00.000Z', tokyo))).toEqual([I2]);
		expect(subjects('T12', days('2026-03-05T14:00:00.000Z', '2026-03-05T16:00:00.000Z', tokyo))).toEqual([]);
	});

	it('invoices over different shipments are no duplicates', () => {
		const tables = twice(
			{},
			{ shipment_id: 'SH-2' },
			{ shipment: [shipment({ quantity: '5' }), shipment({ shipment_id: 'SH-2', quantity: '5' })] },
		);
		expect(subjects('T12', tables)).toEqual([]);
	});

	it('equal instalments are no duplicates while the order is not billed beyond its quantity', () => {
		const instalments = (quantity: string) => ({
			...twice({}, { quantity, shipment_id: null }),
			contract: [contract({ billing_term: 'milestone' })],
			invoice_line: [invoiceLine({ quantity, shipment_id: null }), againLine({ quantity, shipment_id: null })],
		});
		expect(subjects('T12', instalments('5'))).toEqual([]);
		expect(subjects('T12', instalments('6'))).toEqual([I2]);
	});

	it('where goods must be shipped first, billing beyond the shipped quantity tells a duplicate as well', () => {
		const halves = [invoiceLine({ quantity: '5' }), againLine({ quantity: '5', shipment_id: null })];
		expect(subjects('T12', { ...twice(), invoice_line: halves, shipment: [shipment({ quantity: '5' })] })).toEqual([I2]);
		expect(subjects('T12', { ...twice(), invoice_line: halves })).toEqual([]);
	});

	it('an invoice wholly credited and written again is no duplicate', () => {
		const tables = twice();
		const memo = (total_minor: number) => ({
			...tables,
			invoice: [...(tables.invoice ?? []), creditMemo({ corrects_invoice_id: 'I1', total_minor })],
			invoice_line: [...(tables.invoice_line ?? []), creditLine(10)],
		});
		expect(subjects('T12', memo(11_900))).toEqual([]);
		expect(subjects('T12', memo(11_899))).toEqual([I2]);
	});

	it('two equal credit memos are duplicates only beyond what came back', () => {
		const memos = (returned: string) =>
			sale({
				order_event: [event(), event({ event_id: 'EV-R', order_seq: 2, type: 'line.returned', line_id: 'L1', quantity: returned })],
				invoice: [invoice(), creditMemo(), creditMemo({ invoice_id: 'CM2', invoice_no: 'CM-0002', issued_at: '2026-03-25T10:00:00.000Z' })],
				invoice_line: [invoiceLine(), creditLine(3), creditLine(3, { invoice_id: 'CM2' })],
			});
		expect(subjects('T12', memos('6'))).toEqual([]);
		expect(subjects('T12', memos('3'))).toEqual([{ invoice_id: 'CM2' }]);
	});

	it('of three alike, the second and the third are exceptions', () => {
		const tables = twice();
		const third = again({ invoice_id: 'I3', invoice_no: 'INV-0003', issued_at: '2026-03-07T10:00:00.000Z' });
		const all = {
			...tables,
			invoice: [third, ...(tables.invoice ?? [])],
			invoice_line: [...(tables.invoice_line ?? []), againLine({ invoice_id: 'I3' })],
		};
		expect(subjects('T12', all)).toEqual([I2, { invoice_id: 'I3' }]);
	});
});

describe('T13 duplicate invoice, fuzzy', () => {
	/** Two invoices of unlike sales, so that only their numbers can give them away. */
	const numbered = (first: string, second: string, over: Row = {}) =>
		sale({
			sales_order: [order(), order({ order_id: 'SO-2' })],
			sales_order_line: [line(), line({ order_id: 'SO-2' })],
			shipment: [shipment(), shipment({ shipment_id: 'SH-2', order_id: 'SO-2' })],
			invoice: [invoice({ invoice_no: first }), again({ invoice_no: second, customer_id: 'C2', total_minor: 5, ...over })],
			invoice_line: [invoiceLine(), againLine({ order_id: 'SO-2', shipment_id: 'SH-2' })],
		});

	it.each([
		['INV-0001', 'INV-0001'],
		['INV-0001', 'INV0001'],
		['INV-0001', 'INV 00/01'],
		['INV-0001', 'inv-0001'],
		['INV-0001', 'INV-1'],
		['INV-0001', 'INV-000001'],
		['INV-0101', 'INV-O101'],
		['INV-0101', 'INV-0I0I'],
		['INV-2026-0012', 'INV20260012'],
		['2026-0012', 'INV2026-0012'.slice(3)],
		['0042', '42'],
		['№ 42', '42'],
		['４２', '42'],
	])('%s and %s read alike', (first, second) => expect(subjects('T13', numbered(first, second))).toEqual([I2]));

	it.each([
		['INV-0001', 'INV-0002'],
		['INV-0001', 'CM-0001'],
		['INV-0001', 'INV-0010'],
		['INV-2026-1-12', 'INV-2026-11-2'],
		['2026-0012', '2027-0012'],
		['---', '...'],
	])('%s and %s do not', (first, second) => expect(subjects('T13', numbered(first, second))).toEqual([]));

	it('numbers that read alike only through a dropped symbol are duplicates of one sale', () => {
		expect(subjects('T13', numbered('2026-1-12', '2026-11-2', { customer_id: 'C1', total_minor: 11_900 }))).toEqual([I2]);
	});

	it('names the later one and cites both', () => {
		const [exception] = run('T13', numbered('INV-1', 'INV-01')).exceptions;
		expect(exception).toMatchObject({
			orderId: 'SO-2',
			keys: I2,
			amountMinor: 5n,
			currency: 'USD',
			rows: [
				{ table: 'invoice', row: 0 },
				{ table: 'invoice', row: 1 },
			],
		});
	});

	it('entities and kinds have numbers of their own', () => {
		expect(subjects('T13', numbered('INV-0001', 'INV-0001', { entity_id: 'E2' }))).toEqual([]);
		expect(subjects('T13', numbered('INV-0001', 'INV-0001', { kind: 'credit_memo' }))).toEqual([]);
	});

	it('another series may have the same number, but not one that is made to look like it', () => {
		const series = { series: 'X' };
		expect(subjects('T13', numbered('0001', '0001', series))).toEqual([]);
		expect(subjects('T13', numbered('0001', '000001', series))).toEqual([]);
		expect(subjects('T13', numbered('INV-10001', 'INV-1OOO1', series))).toEqual([I2]);
		expect(subjects('T13', numbered('INV-10001', 'INV10001', series))).toEqual([I2]);
		expect(subjects('T13', numbered('0001', '0001', { ...series, customer_id: 'C1', total_minor: 11_900 }))).toEqual([I2]);
	});

	it('two series spelled alike all along are no duplicates of each other', () => {
		const both = Array.from({ length: 8 }, (_, n) => [
			invoice({ invoice_id: `A${n}`, invoice_no: `2026/000${n}`, series: 'A', total_minor: n }),
			invoice({ invoice_id: `B${n}`, invoice_no: `2026-000${n}`, series: 'B', total_minor: 100 + n }),
		]).flat();
		expect(subjects('T13', sale({ invoice: both }))).toEqual([]);
	});

	it('a shipment billed twice beyond its quantity is an exception, in parts it is none', () => {
		const shipped = (first: string, second: string) => ({
			...twice({ total_minor: 1 }),
			invoice_line: [invoiceLine({ quantity: first }), againLine({ quantity: second })],
		});
		expect(subjects('T13', shipped('4', '6'))).toEqual([]);
		expect(run('T13', shipped('4', '7')).exceptions).toMatchObject([
			{ orderId: 'SO-1', keys: { invoice_id: 'I2', line_no: '1', shipment_id: 'SH-1' }, amountMinor: 1000n, currency: 'USD' },
		]);
	});

	it('billed once beyond its quantity it is no duplicate', () => {
		expect(subjects('T13', sale({ invoice_line: [invoiceLine({ quantity: '12' })] }))).toEqual([]);
	});

	it.each([
		['names the shipment', { shipment_id: 'SH-1' }],
		['names none', { shipment_id: null }],
	])('credited and billed again is in order where the credit memo %s', (_, over) => {
		const tables = twice({ total_minor: 1 });
		expect(
			subjects('T13', {
				...tables,
				invoice: [...(tables.invoice ?? []), creditMemo()],
				invoice_line: [...(tables.invoice_line ?? []), creditLine(10, over)],
			}),
		).toEqual([]);
	});
});
