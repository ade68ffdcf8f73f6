import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testById } from '#audit';
import { auditOf, type Row, type Tables } from './populate.ts';
import { creditLine, creditMemo, event, invoice, invoiceLine, line, order, sale, saleWithout } from './sale.ts';

const run = (id: string, tables: Tables, parameters: Record<string, number | string> = {}) => auditOf(testById(id), tables, { parameters });

describe.each(['T08', 'T11', 'T38'])('%s', (id) => {
	it('passes on a clean sale', () => expect(run(id, sale()).verdict).toBe('pass'));

	it('is not testable without invoices', () => expect(run(id, saleWithout('invoice')).verdict).toBe('not_testable'));

	it('survives lines whose invoice is unknown', () => {
		expect(run(id, sale({ invoice_line: [invoiceLine({ invoice_id: 'I9' })] })).exceptions).toEqual([]);
	});
});

describe('T08 price mismatch', () => {
	const priced = (agreed: number, billed: number, over: Tables = {}) =>
		sale({ sales_order_line: [line({ unit_price_minor: agreed })], invoice_line: [invoiceLine({ unit_price_minor: billed })], ...over });
	const found = (tables: Tables, parameters = {}) => run('T08', tables, parameters).exceptions.length;

	it.each([
		['the price', 1000, 1000, 0],
		['one minor unit more at 10.00: both limits are 1', 1000, 1001, 0],
		['one less', 1000, 999, 0],
		['two more: beyond abs_minor', 1000, 1002, 1],
		['one more at 9.99: beyond 0.1 %', 999, 1000, 1],
		['two more at 100.00: the smaller limit is abs_minor', 10_000, 10_002, 1],
		['one on a free line', 0, 1, 1],
	])('%s', (_, agreed, billed, count) => expect(found(priced(agreed, billed))).toBe(count));

	it('both limits can be moved, and the smaller binds', () => {
		expect(found(priced(100_000, 100_100), { abs_minor: 100 })).toBe(0);
		expect(found(priced(100_000, 100_101), { abs_minor: 1000 })).toBe(1);
		expect(found(priced(100_000, 100_250), { abs_minor: 1000, pct: '0.25' })).toBe(0);
		expect(found(priced(100_000, 100_251), { abs_minor: 1000, pct: '0.25' })).toBe(1);
	});

	it('names the invoice line and what is at risk', () => {
		expect(run('T08', priced(1000, 1100)).exceptions).toMatchObject([
			{ orderId: 'SO-1', keys: { invoice_id: 'I1', line_no: '1' }, amountMinor: 1000n, currency: 'USD' },
		]);
	});

	it('credit memos and other currencies are not judged', () => {
		expect(found(sale({ invoice: [invoice(), creditMemo()], invoice_line: [invoiceLine(), creditLine(1, { unit_price_minor: 5 })] }))).toBe(
			0,
		);
		expect(found(priced(1000, 900, { invoice: [invoice({ currency: 'EUR' })] }))).toBe(0);
	});

	const amendment = (over: Row = {}): Row => ({
		amendment_id: 'AM1',
		contract_id: 'CT1',
		order_id: 'SO-1',
		effective_at: '2026-03-02T12:00:00.000Z',
		adds_distinct: false,
		at_ssp: false,
		remaining_distinct: true,
		delta_price_minor: 1000,
		treatment: 'prospective',
		...over,
	});

	it.each([
		['the shipment before an amendment', { contract_amendment: [amendment()] }, 'incomplete'],
		['the same under an amendment of the contract', { contract_amendment: [amendment({ order_id: null })] }, 'incomplete'],
		[
			'the same under an amendment told by an event',
			{ order_event: [event({ type: 'order.amended', occurred_at: '2026-03-03T00:00:00.000Z' })] },
			'incomplete',
		],
		['an order not marked as revised', { contract_amendment: [amendment({ effective_at: '2026-03-01T12:00:00.000Z' })] }, 'incomplete'],
		[
			'the shipment after the amendment of a revised order',
			{ contract_amendment: [amendment({ effective_at: '2026-03-01T12:00:00.000Z' })], sales_order: [order({ revision: 2 })] },
			'exception',
		],
		['an amendment that leaves the price', { contract_amendment: [amendment({ delta_price_minor: 0 })] }, 'exception'],
		['an amendment of another order', { contract_amendment: [amendment({ order_id: 'SO-2' })] }, 'exception'],
	] as const)('another price with %s', (_, over, verdict) => expect(run('T08', priced(1000, 1100, over)).verdict).toBe(verdict));
});

describe('T11 tax recomputation', () => {
	const taxed = (amount_minor: number, tax_rate: string | null, tax_minor: number) =>
		sale({ invoice_line: [invoiceLine({ amount_minor, tax_rate, tax_minor })] });

	it.each([
		[10_000, '0.19', 1900, 0],
		[10_000, '0.19', 1901, 0],
		[10_000, '0.19', 1899, 0],
		[10_000, '0.19', 1902, 1],
		[10_000, '0.19', 1898, 1],
		[50, '0.19', 10, 0],
		[-10_000, '0.19', -1900, 0],
		[-10_000, '0.19', 1900, 1],
		[10_000, '0', 0, 0],
		[10_000, '0', 2, 1],
		[12_345, '0.0725', 895, 0],
		[12_345, '0.0725', 897, 1],
	])('%d at %s with %d tax: %d exceptions', (amount, rate, tax, count) => {
		expect(run('T11', taxed(amount, rate, tax)).exceptions).toHaveLength(count);
	});

	it('the amount at risk is the difference', () => {
		expect(run('T11', taxed(10_000, '0.19', 2500)).exceptions).toMatchObject([
			{ orderId: 'SO-1', keys: { invoice_id: 'I1', line_no: '1' }, amountMinor: 600n, currency: 'USD' },
		]);
	});

	it('a rate with a percent sign is a percentage; a tax code is no rate, and left open, its invoice line kept', () => {
		expect(run('T11', taxed(10_000, '19%', 1900)).verdict).toBe('pass');
		expect(run('T11', taxed(10_000, '7.25 %', 728)).exceptions).toHaveLength(1);
		expect(run('T11', taxed(10_000, 'A2', 1900))).toMatchObject({
			verdict: 'incomplete',
			why: '1 invoice line whose tax rate is neither a decimal fraction nor a percentage',
		});
		expect(run('T01', taxed(10_000, 'A2', 1900)).verdict).toBe('pass');
	});

	it('lines without a rate have nothing to recompute', () => {
		expect(run('T11', taxed(10_000, null, 500))).toMatchObject({ verdict: 'pass', tested: 0 });
	});

	it('whatever amount and rate, the rounded tax passes and two minor units more do not', () => {
		fc.assert(
			fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 9999 }), (amount, rate) => {
				const text = `0.${String(rate).padStart(4, '0')}`;
				const product = BigInt(amount) * BigInt(rate);
				const magnitude = ((product < 0n ? -product : product) + 5000n) / 10_000n;
				const tax = Number(product < 0n ? -magnitude : magnitude);
				expect(run('T11', taxed(amount, text, tax)).exceptions).toHaveLength(0);
				expect(run('T11', taxed(amount, text, tax + 2)).exceptions).toHaveLength(1);
			}),
			{ numRuns: 40 },
		);
	});
});

describe('T38 unusual terms', () => {
	const due = (due_at: string | null) => sale({ invoice: [invoice({ issued_at: '2026-03-05T10:00:00.000Z', due_at })] });

	it('90 days are usual, a millisecond more is not', () => {
		expect(run('T38', due('2026-06-03T10:00:00.000Z')).exceptions).toEqual([]);
		expect(run('T38', due('2026-06-03T10:00:00.001Z')).exceptions).toMatchObject([
			{ orderId: 'SO-1', keys: { invoice_id: 'I1' }, amountMinor: 11_900n, currency: 'USD' },
		]);
	});

	it('days moves the boundary', () => {
		expect(run('T38', due('2026-04-04T10:00:00.000Z'), { days: 30 }).exceptions).toEqual([]);
		expect(run('T38', due('2026-04-04T10:00:00.000Z'), { days: 29 }).exceptions).toHaveLength(1);
	});

	it('an invoice without a due date states no term', () => expect(run('T38', due(null))).toMatchObject({ verdict: 'pass', tested: 0 }));
});
