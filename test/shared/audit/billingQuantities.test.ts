import { describe, expect, it } from 'vitest';
import { testById } from '#audit';
import { auditOf, type Tables } from './populate.ts';
import {
	contract,
	creditLine,
	creditMemo,
	dispute,
	event,
	invoice,
	invoiceLine,
	line,
	obligation,
	order,
	sale,
	saleWithout,
	shipment,
} from './sale.ts';

const run = (id: string, tables: Tables, options: Parameters<typeof auditOf>[2] = {}) => auditOf(testById(id), tables, options);
const subjects = (id: string, tables: Tables, options: Parameters<typeof auditOf>[2] = {}) =>
	run(id, tables, options).exceptions.map(({ keys }) => keys);

const LINE = { order_id: 'SO-1', line_id: 'L1' };
const INVOICE_LINE = { invoice_id: 'I1', line_no: '1' };
const unbilled = { invoice: [], invoice_line: [] };

const returned = (quantity: string | null, over: Record<string, string | null> = {}) =>
	event({ event_id: 'EV-R', order_seq: 2, type: 'line.returned', line_id: 'L1', quantity, to_state: 'partially_returned', ...over });

describe.each(['T01', 'T02', 'T05', 'T09'])('%s on a clean sale', (id) => {
	it('passes while the order is open and when it is closed', () => {
		expect(run(id, sale()).verdict).toBe('pass');
		expect(run(id, sale({ sales_order: [order({ state: 'closed' })] })).verdict).toBe('pass');
	});

	it.each([
		['advance', 'no shipment yet', { shipment: [] }],
		['milestone', 'a first instalment only', { shipment: [], invoice_line: [invoiceLine({ quantity: '4', shipment_id: null })] }],
	] as const)('%s billing with %s is in order', (billing_term, _, over) => {
		expect(subjects(id, sale({ contract: [contract({ billing_term })], ...over }))).toEqual([]);
	});

	it('a partial return that is credited is in order', () => {
		const tables = sale({
			sales_order: [order({ state: 'closed' })],
			order_event: [event(), returned('3')],
			invoice: [invoice(), creditMemo()],
			invoice_line: [invoiceLine(), creditLine(3)],
		});
		expect(subjects(id, tables)).toEqual([]);
	});

	it('a credit memo written with negative amounts says the same', () => {
		const tables = sale({
			sales_order: [order({ state: 'closed' })],
			order_event: [event(), returned('3')],
			invoice: [invoice(), creditMemo()],
			invoice_line: [invoiceLine(), creditLine(-3)],
		});
		expect(subjects(id, tables)).toEqual([]);
	});

	it('goods returned and shipped anew are in order', () => {
		const tables = sale({
			sales_order: [order({ state: 'closed' })],
			order_event: [event(), returned('3')],
			shipment: [
				shipment(),
				shipment({ shipment_id: 'SH-2', quantity: '3', shipped_at: '2026-03-10T10:00:00.000Z', delivered_at: '2026-03-12T10:00:00.000Z' }),
			],
		});
		expect(subjects(id, tables)).toEqual([]);
	});

	it('an invoice credited and written again is in order', () => {
		const tables = sale({
			sales_order: [order({ state: 'closed' })],
			invoice: [
				invoice(),
				creditMemo({ corrects_invoice_id: 'I1' }),
				invoice({ invoice_id: 'I2', invoice_no: 'INV-0002', issued_at: '2026-03-20T10:00:00.000Z' }),
			],
			invoice_line: [invoiceLine(), creditLine(10), invoiceLine({ invoice_id: 'I2' })],
		});
		expect(subjects(id, tables)).toEqual([]);
	});

	it('a credit after a dispute resolved for the customer is in order', () => {
		const tables = sale({
			sales_order: [order({ state: 'closed' })],
			dispute: [dispute()],
			invoice: [invoice(), creditMemo()],
			invoice_line: [invoiceLine(), creditLine(3)],
		});
		expect(subjects(id, tables)).toEqual([]);
	});

	it('a credit that only lowers the price leaves the goods billed', () => {
		const tables = sale({
			sales_order: [order({ state: 'closed' })],
			invoice: [invoice(), creditMemo()],
			invoice_line: [invoiceLine(), creditLine(10, { unit_price_minor: 50, amount_minor: 500 })],
		});
		expect(subjects(id, tables)).toEqual([]);
	});

	it('rows with broken references neither crash nor count as cleared', () => {
		const tables = sale({
			contract: [],
			sales_order_line: [line(), line({ order_id: 'SO-X' })],
			shipment: [shipment({ order_id: 'SO-Y' }), shipment({ shipment_id: 'SH-2', line_id: 'L9' })],
			invoice_line: [invoiceLine({ order_id: null, line_id: null }), invoiceLine({ invoice_id: 'I9', line_no: 2 })],
		});
		expect(subjects(id, tables)).toEqual([]);
	});

	it('is not testable without invoice lines', () => {
		expect(run(id, saleWithout('invoice_line'))).toMatchObject({ verdict: 'not_testable', why: 'not supplied: table invoice_line' });
	});
});

describe('T01 fulfilled, not invoiced', () => {
	it('goods delivered and never invoiced are an exception with their price', () => {
		const result = run('T01', sale(unbilled));
		expect(result.exceptions).toMatchObject([{ orderId: 'SO-1', keys: LINE, amountMinor: 10_000n, currency: 'USD' }]);
		expect(result.exceptions[0]?.reason).toContain('10 units were delivered from 2026-03-04 10:00 UTC on');
	});

	it('only the part that is missing counts', () => {
		expect(run('T01', sale({ invoice_line: [invoiceLine({ quantity: '7.5' })] })).exceptions[0]?.amountMinor).toBe(2500n);
	});

	it.each([
		['a second before its grace of 5 business days is over', '2026-03-11T09:59:59.000Z', 'incomplete'],
		['the instant it is over', '2026-03-11T10:00:00.000Z', 'incomplete'],
		['a millisecond later', '2026-03-11T10:00:00.001Z', 'exception'],
	])('goods delivered on Wednesday are judged %s', (_, asOf, verdict) => {
		expect(run('T01', sale(unbilled), { asOf }).verdict).toBe(verdict);
	});

	it('grace_days moves the boundary', () => {
		expect(run('T01', sale(unbilled), { asOf: '2026-03-10T00:00:00.000Z', parameters: { grace_days: 2 } }).verdict).toBe('exception');
		expect(run('T01', sale(unbilled), { asOf: '2026-03-10T00:00:00.000Z', parameters: { grace_days: 9 } }).verdict).toBe('incomplete');
	});

	it('what is not yet due of a partial delivery does not count', () => {
		const tables = sale({
			...unbilled,
			shipment: [shipment({ quantity: '4' }), shipment({ shipment_id: 'SH-2', quantity: '6', delivered_at: '2027-01-14T10:00:00.000Z' })],
		});
		expect(run('T01', tables).exceptions).toMatchObject([{ amountMinor: 4000n }]);
	});

	it('counts from shipment where the contract bills on shipment, from delivery where it bills on delivery', () => {
		const tables = sale({ ...unbilled, shipment: [shipment({ delivered_at: null })] });
		expect(subjects('T01', tables)).toEqual([]);
		expect(subjects('T01', { ...tables, contract: [contract({ billing_term: 'on_shipment' })] })).toEqual([LINE]);
	});

	it('goods returned before they were billed need no invoice, the rest does', () => {
		expect(run('T01', sale({ ...unbilled, order_event: [event(), returned('8')] })).exceptions).toMatchObject([{ amountMinor: 2000n }]);
		expect(subjects('T01', sale({ ...unbilled, order_event: [event(), returned(null)] }))).toEqual([]);
		expect(subjects('T01', sale({ ...unbilled, sales_order: [order({ state: 'returned' })] }))).toEqual([]);
	});

	it('a corrected return counts once, as corrected', () => {
		const events = [event(), returned('8'), returned('2', { event_id: 'EV-S', corrects_event_id: 'EV-R' })];
		expect(run('T01', sale({ ...unbilled, order_event: events })).exceptions).toMatchObject([{ amountMinor: 8000n }]);
	});

	it('a credit memo without a return or dispute leaves the goods unbilled', () => {
		const tables = sale({ invoice: [invoice(), creditMemo()], invoice_line: [invoiceLine(), creditLine(3)] });
		expect(run('T01', tables).exceptions).toMatchObject([{ keys: LINE, amountMinor: 3000n }]);
	});

	it('free goods need no invoice', () => {
		expect(subjects('T01', sale({ ...unbilled, sales_order_line: [line({ unit_price_minor: 0, amount_minor: 0 })] }))).toEqual([]);
	});

	it('an entity whose calendar can not be read leaves its lines open', () => {
		const entities = [{ ...(sale().entity?.[0] ?? {}), timezone: 'Mars/Olympus' }];
		expect(run('T01', sale({ ...unbilled, entity: entities }))).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});

	it('a return that names neither line nor all goods of a larger order leaves its lines open', () => {
		const tables = sale({
			...unbilled,
			sales_order_line: [line(), line({ line_id: 'L2' })],
			order_event: [event(), returned('3', { line_id: null })],
		});
		expect(run('T01', tables)).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});
});

describe('T02 invoiced, not shipped', () => {
	it('an invoice a millisecond before the shipment is an exception, of the same instant it is none', () => {
		expect(subjects('T02', sale({ invoice: [invoice({ issued_at: '2026-03-02T09:59:59.999Z' })] }))).toEqual([INVOICE_LINE]);
		expect(subjects('T02', sale({ invoice: [invoice({ issued_at: '2026-03-02T10:00:00.000Z' })] }))).toEqual([]);
	});

	it('names the invoice line by which more is billed than left, and by how much', () => {
		const tables = sale({
			shipment: [shipment({ quantity: '4' }), shipment({ shipment_id: 'SH-2', quantity: '6', shipped_at: '2026-03-20T10:00:00.000Z' })],
			invoice: [invoice(), invoice({ invoice_id: 'I2', issued_at: '2026-03-10T10:00:00.000Z' })],
			invoice_line: [invoiceLine({ quantity: '4' }), invoiceLine({ invoice_id: 'I2', quantity: '6', shipment_id: 'SH-2' })],
		});
		const { exceptions } = run('T02', tables);
		expect(exceptions).toMatchObject([{ orderId: 'SO-1', keys: { invoice_id: 'I2', line_no: '1' }, amountMinor: 6000n, currency: 'USD' }]);
		expect(exceptions[0]?.rows).toContainEqual({ table: 'shipment', row: 1 });
	});

	it('partial shipments billed one by one, or together later, are in order', () => {
		const shipments = [shipment({ quantity: '4' }), shipment({ shipment_id: 'SH-2', quantity: '6' })];
		expect(subjects('T02', sale({ shipment: shipments }))).toEqual([]);
		expect(subjects('T02', sale({ shipment: shipments, invoice_line: [invoiceLine({ shipment_id: null })] }))).toEqual([]);
	});

	it.each([
		['over-time obligations', { obligation: [obligation({ method: 'over_time' })] }],
		[
			'over-time obligations the line does not name',
			{ obligation: [obligation({ method: 'over_time' })], sales_order_line: [line({ obligation_id: null })] },
		],
		['bill-and-hold contracts', { contract: [contract({ bill_and_hold: true })] }],
	] as const)('%s may be invoiced before shipment', (_, over) => {
		expect(subjects('T02', sale({ shipment: [], ...over }))).toEqual([]);
	});

	it('goods never shipped are an exception', () => {
		expect(subjects('T02', sale({ shipment: [] }))).toEqual([INVOICE_LINE]);
	});
});

describe('T05 closed but incomplete', () => {
	const closed = (over: Tables) => sale({ sales_order: [order({ state: 'closed' })], ...over });

	it.each([
		['too little billed', { invoice_line: [invoiceLine({ quantity: '9.999999' })] }, 0n],
		['two units not billed', { invoice_line: [invoiceLine({ quantity: '8' })] }, 2000n],
		['too much billed', { invoice_line: [invoiceLine({ quantity: '12' })] }, 2000n],
		['a return not credited', { order_event: [event(), returned('3')] }, 3000n],
		['a credit without return', { invoice: [invoice(), creditMemo()], invoice_line: [invoiceLine(), creditLine(3)] }, 3000n],
	] as const)('%s is an exception', (_, over, amountMinor) => {
		expect(run('T05', closed(over)).exceptions).toMatchObject([{ orderId: 'SO-1', keys: LINE, amountMinor, currency: 'USD' }]);
	});

	it('an order that is not closed is not judged', () => {
		expect(run('T05', sale(unbilled))).toMatchObject({ verdict: 'pass', tested: 0 });
	});

	it('a line cancelled by its own event needs no bill', () => {
		const cancelled = event({ event_id: 'EV-C', order_seq: 2, type: 'order.cancelled', line_id: 'L1', quantity: '4' });
		expect(subjects('T05', closed({ order_event: [event(), cancelled], invoice_line: [invoiceLine({ quantity: '6' })] }))).toEqual([]);
	});

	it('free goods need no bill', () => {
		expect(subjects('T05', closed({ ...unbilled, sales_order_line: [line({ unit_price_minor: 0, amount_minor: 0 })] }))).toEqual([]);
	});

	it('is not testable without the events that tell of returns', () => {
		expect(run('T05', saleWithout('order_event'))).toMatchObject({ verdict: 'not_testable', why: 'not supplied: table order_event' });
	});
});

describe('T09 quantity four-way mismatch', () => {
	it('more shipped than ordered is an exception beyond the tolerance', () => {
		const tables = sale({ shipment: [shipment({ quantity: '12' })] });
		expect(run('T09', tables).exceptions).toMatchObject([{ orderId: 'SO-1', keys: LINE, amountMinor: 2000n, currency: 'USD' }]);
		expect(subjects('T09', tables, { parameters: { qty_tolerance: 1 } })).toEqual([LINE]);
		expect(subjects('T09', tables, { parameters: { qty_tolerance: 2 } })).toEqual([]);
	});

	it('more reported delivered than shipped is an exception', () => {
		const delivered = event({ event_id: 'EV-D', order_seq: 2, type: 'line.delivered', line_id: 'L1', quantity: '11' });
		expect(subjects('T09', sale({ order_event: [event(), delivered] }))).toEqual([LINE]);
		expect(subjects('T09', sale({ order_event: [event(), { ...delivered, quantity: '10' }] }))).toEqual([]);
	});

	it('more invoiced than delivered is an exception where the contract bills on delivery', () => {
		const tables = sale({ shipment: [shipment({ delivered_at: null })] });
		expect(subjects('T09', tables)).toEqual([LINE]);
		expect(subjects('T09', { ...tables, contract: [contract({ billing_term: 'on_shipment' })] })).toEqual([]);
	});

	it('a delivery without the required proof is an exception, with it or without the requirement none', () => {
		const contracts = [contract({ pod_required: true })];
		expect(subjects('T09', sale({ contract: contracts }))).toEqual([LINE]);
		expect(subjects('T09', sale({ contract: contracts, shipment: [shipment({ pod_document_id: 'DOC-1' })] }))).toEqual([]);
		expect(subjects('T09', sale({ contract: [contract({ pod_required: true, billing_term: 'on_shipment' })] }))).toEqual([LINE]);
	});

	it('a proof that stands with the event, or with the order alone, is a proof', () => {
		const contracts = [contract({ pod_required: true })];
		const delivered = event({
			event_id: 'EV-D',
			order_seq: 2,
			type: 'line.delivered',
			line_id: 'L1',
			quantity: '10',
			document_id: 'DOC-1',
		});
		expect(subjects('T09', sale({ contract: contracts, order_event: [event(), delivered] }))).toEqual([]);
		const document = {
			document_id: 'DOC-1',
			kind: 'pod',
			sha256: '0'.repeat(64),
			media_type: 'application/pdf',
			file_name: 'pod.pdf',
			bytes: 1,
			order_id: 'SO-1',
			created_at: '2026-03-04T11:00:00.000Z',
		};
		expect(subjects('T09', sale({ contract: contracts, document: [document] }))).toEqual([]);
		expect(subjects('T09', sale({ contract: contracts, document: [{ ...document, kind: 'other' }] }))).toEqual([LINE]);
	});

	it('billed beyond what was shipped is left to T02', () => {
		expect(subjects('T09', sale({ shipment: [shipment({ quantity: '6' })] }))).toEqual([]);
		expect(subjects('T02', sale({ shipment: [shipment({ quantity: '6' })] }))).toEqual([INVOICE_LINE]);
	});

	it('goods billed on shipment are lost when the order is closed, they left 30 days ago and other deliveries are tracked', () => {
		const arrived = [2, 3].map((n) => shipment({ shipment_id: `SH-${n}`, line_id: `L${n}` }));
		const delivered = event({ event_id: 'EV-2', order_seq: 2, type: 'line.delivered', line_id: 'L2', to_state: 'delivered' });
		const tables = (lost: object) =>
			sale({
				order_event: [event(), delivered],
				contract: [contract({ billing_term: 'on_shipment' })],
				sales_order: [order({ state: 'closed' })],
				sales_order_line: [line(), line({ line_id: 'L2' }), line({ line_id: 'L3' })],
				shipment: [shipment({ delivered_at: null, ...lost }), ...arrived],
			});
		expect(subjects('T09', tables({}))).toEqual([LINE]);
		expect(subjects('T09', tables({ shipped_at: '2026-12-20T10:00:00.000Z' }))).toEqual([]);
		expect(subjects('T09', { ...tables({}), sales_order: [order({ state: 'shipped' })] })).toEqual([]);
		expect(subjects('T09', { ...tables({}), shipment: [shipment({ delivered_at: null })] })).toEqual([]);
		expect(subjects('T09', { ...tables({}), order_event: [event()] }), 'sold ex works, nobody speaks of a delivery').toEqual([]);
	});

	it('a service is delivered without being shipped, goods are not', () => {
		const served = event({ event_id: 'EV-2', order_seq: 2, type: 'line.delivered', line_id: 'L1', quantity: '10' });
		const tables = { ...sale({ order_event: [event(), served], shipment: [] }), invoice: [], invoice_line: [] };
		expect(subjects('T09', { ...tables, obligation: [obligation({ method: 'over_time' })] })).toEqual([]);
		expect(subjects('T09', { ...tables, obligation: [obligation({ method: 'point_in_time' })] })).toEqual([LINE]);
	});
});

describe('hostile quantities', () => {
	it('sums that leave 64 bits stay exact', () => {
		const shipments = Array.from({ length: 12 }, (_, n) => shipment({ shipment_id: `SH-${n}`, quantity: '999999999999.999999' }));
		const { exceptions } = run('T09', sale({ shipment: shipments }));
		expect(exceptions[0]?.reason).toContain('11999999999999.999988 units shipped');
	});

	it('an order of 5,000 lines, one of them billed 5,000 times, is judged, and no exception cites more than 50 rows', () => {
		const many = Array.from({ length: 5_000 }, (_, n) => n);
		const tables = sale({
			contract: [contract({ pod_required: true })],
			sales_order: [order({ state: 'closed' })],
			sales_order_line: many.map((n) => line({ line_id: `L${n}` })),
			shipment: many.map((n) => shipment({ shipment_id: `SH-${n}`, line_id: `L${n}` })),
			invoice_line: many.map((n) => invoiceLine({ line_no: n })),
		});
		const found = ['T01', 'T02', 'T05', 'T09', 'T13'].map((id) => run(id, tables).exceptions);
		expect(found.map(({ length }) => length)).toEqual([4_999, 4_999, 5_000, 0, 4_999]);
		expect(Math.max(...found.flat().map(({ rows }) => rows.length))).toBeLessThanOrEqual(50);
	});
});
