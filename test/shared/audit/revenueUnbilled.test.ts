import { describe, expect, it } from 'vitest';
import type { Row, Tables } from './populate.ts';
import { found, line, obligation, revenue, run, shipment, ts } from './revenueFixture.ts';

const invoice = (id: string, kind = 'invoice'): Row => ({
	invoice_id: id,
	invoice_no: id,
	series: 'A',
	entity_id: 'E1',
	customer_id: 'C1',
	kind,
	issued_at: ts('2026-03-12'),
	currency: 'EUR',
	total_minor: 0,
	entered_by: 'U1',
});
const billed = (invoiceId: string, quantity: string, amount: number, more: Row = {}): Row => ({
	invoice_id: invoiceId,
	line_no: 1,
	order_id: 'SO-1',
	line_id: 'L1',
	sku: 'S1',
	quantity,
	unit_price_minor: 10000,
	amount_minor: amount,
	tax_minor: 0,
	...more,
});
/** As-of is 2027-01-15: sixty days before it is 2026-11-16. */
const earned = [revenue('R1', 100000, '2026-03-10')];
const t04 = (lines: readonly Row[], tables: Tables = {}, parameters = {}) =>
	run(
		'T04',
		{ revenue_event: earned, invoice: [invoice('I1'), invoice('I2', 'credit_memo')], invoice_line: lines, ...tables },
		{ parameters },
	);
const keys = { order_id: 'SO-1', line_id: 'L1' };

describe('T04 recognised, not invoiced > limit', () => {
	it('passes what is invoiced, and finds what is not', () => {
		expect(t04([billed('I1', '10', 100000)]).verdict).toBe('pass');
		expect(found(t04([billed('I1', '6', 60000)]))).toEqual([{ keys, amount: 40000n }]);
		expect(found(t04([]))).toEqual([{ keys, amount: 100000n }]);
	});

	it('tolerates a minor unit for each row involved', () => {
		expect(t04([billed('I1', '6', 99998)]).verdict).toBe('pass');
		expect(t04([billed('I1', '6', 99997)]).verdict).toBe('exception');
	});

	it('counts from sixty days before as-of', () => {
		const at = (day: string) => t04([], { revenue_event: [revenue('R1', 100000, day)] }).verdict;
		expect(at('2026-11-16')).toBe('pass');
		expect(at('2026-11-15 23:59')).toBe('exception');
		expect(t04([], { revenue_event: [revenue('R1', 100000, '2026-11-16')] }, { days: 59 }).verdict).toBe('exception');
	});

	it('takes credit memos off, whichever sign they are written with, and reversals too', () => {
		for (const sign of [1, -1])
			expect(found(t04([billed('I1', '10', 100000), billed('I2', String(3 * sign), 30000 * sign)]))).toEqual([{ keys, amount: 30000n }]);
		const returned = { revenue_event: [...earned, revenue('X1', 30000, '2026-12-20', { kind: 'reverse' })] };
		expect(t04([billed('I1', '10', 100000), billed('I2', '3', 30000)], returned).verdict).toBe('pass');
	});

	it('does not take price moved between lines by allocation for unbilled', () => {
		const more = { obligation: [obligation({ allocated_minor: 110000 })], revenue_event: [revenue('R1', 110000, '2026-03-10')] };
		expect(t04([billed('I1', '10', 100000)], more).verdict).toBe('pass');
		expect(found(t04([billed('I1', '5', 50000)], more))).toEqual([{ keys, amount: 55000n }]);
	});

	it('finds what was billed below the price in the order: no allocation explains that', () => {
		expect(found(t04([billed('I1', '10', 99000)]))).toEqual([{ keys, amount: 1000n }]);
		expect(found(t04([billed('I1', '10', 100000), billed('I2', '0', 20000)]))).toEqual([{ keys, amount: 20000n }]);
		const moved = { obligation: [obligation({ allocated_minor: 110000 })], revenue_event: [revenue('R1', 110000, '2026-03-10')] };
		expect(found(t04([billed('I1', '10', 99000)], moved))).toEqual([{ keys, amount: 1000n }]);
		expect(t04([billed('I1', '5', 49999), billed('I1', '5', 49999, { line_no: 2 })], moved).verdict).toBe('pass');
	});

	it('counts an invoice line that names the shipment only, and one that names the order only for its lines in turn', () => {
		expect(
			t04([billed('I1', '10', 100000, { line_id: null, shipment_id: 'S1' })], { shipment: [shipment('S1', '10', '2026-03-10')] }).verdict,
		).toBe('pass');
		const two = {
			sales_order_line: [line(), line({ line_id: 'L2', obligation_id: 'OB-2' })],
			obligation: [obligation(), obligation({ obligation_id: 'OB-2', line_id: 'L2' })],
			revenue_event: [...earned, revenue('R2', 100000, '2026-03-10', { line_id: 'L2', obligation_id: 'OB-2' })],
		};
		expect(t04([billed('I1', '1', 200000, { line_id: null })], two).verdict).toBe('pass');
		expect(found(t04([billed('I1', '1', 150000, { line_id: null })], two))).toEqual([{ keys: { ...keys, line_id: 'L2' }, amount: 50000n }]);
	});

	it('leaves out lines that were reversed, or earned nothing', () => {
		expect(t04([], { revenue_event: [...earned, revenue('X1', 100000, '2026-12-20', { kind: 'reverse' })] }).verdict).toBe('pass');
		expect(t04([], { revenue_event: [] }).tested).toBe(0);
	});
});
