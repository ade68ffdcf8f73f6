import { describe, expect, it } from 'vitest';
import type { Row, Tables } from './populate.ts';
import { amendment, contract, found, line, obligation, order, revenue, run, shipment, ts } from './revenueFixture.ts';

/** The golden case: 36,000.00 over 36 units, 12 done, raised to 42,000.00: a catch-up of 2,000.00. */
const golden = (more: Row = {}, tables: Tables = {}): Tables => ({
	contract: [contract({ price_minor: 3600000 })],
	sales_order: [order({ total_minor: 3600000 })],
	sales_order_line: [line({ quantity: '36', amount_minor: 3600000 })],
	obligation: [obligation({ allocated_minor: 3600000, ssp_minor: 3600000 })],
	shipment: [shipment('S1', '12', '2026-03-10')],
	revenue_event: [revenue('R1', 1200000, '2026-03-10')],
	contract_amendment: [amendment('2026-04-01', { delta_price_minor: 600000, catch_up_minor: 200000, ...more })],
	...tables,
});
const keys = { amendment_id: 'AM-1' };

describe('T31 modification treated wrongly', () => {
	const t31 = (more: Row = {}, tables: Tables = {}) => run('T31', golden(more, tables));

	it('passes the golden catch-up, whether the prices in the data are those before or after it', () => {
		expect(t31().verdict).toBe('pass');
		const after = {
			contract: [contract({ price_minor: 4200000 })],
			sales_order: [order({ total_minor: 4200000 })],
			obligation: [obligation({ allocated_minor: 4200000 })],
		};
		expect(t31({}, after).verdict).toBe('pass');
	});

	it('finds a catch-up that is off by more than a minor unit a row, missing, or booked as nothing', () => {
		expect(t31({ catch_up_minor: 200003 }).verdict).toBe('pass');
		const off = t31({ catch_up_minor: 200004 });
		expect(found(off)).toEqual([{ keys, amount: 4n }]);
		expect(off.exceptions[0]?.reason).toContain(
			'the revised price 42,000.00 EUR × progress 12 ÷ 36 units − recognised 12,000.00 EUR is 2,000.00 EUR',
		);
		expect(t31({ catch_up_minor: null }).exceptions[0]?.reason).toContain('has no catch-up booked');
		expect(t31({ catch_up_minor: 0 }).verdict).toBe('exception');
		expect(t31({ catch_up_minor: -200000 }).verdict).toBe('exception');
	});

	it('counts progress and revenue up to the effective date only', () => {
		const later = {
			shipment: [shipment('S1', '12', '2026-03-10'), shipment('S2', '6', '2026-04-10')],
			revenue_event: [revenue('R1', 1200000, '2026-03-10'), revenue('R2', 900000, '2026-04-10')],
		};
		expect(t31({}, later).verdict).toBe('pass');
	});

	it('expects none where nothing had been transferred', () => {
		const nothing = { shipment: [], revenue_event: [] };
		expect(t31({ catch_up_minor: null }, nothing).verdict).toBe('pass');
		expect(t31({ catch_up_minor: 200000 }, nothing).verdict).toBe('exception');
	});

	it.each([
		[true, true, true, 'separate'],
		[true, false, true, 'prospective'],
		[false, false, true, 'prospective'],
		[false, false, false, 'catch_up'],
	])('asks the decision table: distinct %s, at stand-alone price %s, remaining distinct %s is %s', (adds, atSsp, remaining, right) => {
		for (const treatment of ['separate', 'prospective', 'catch_up']) {
			const result = t31({ adds_distinct: adds, at_ssp: atSsp, remaining_distinct: remaining, treatment });
			expect(result.verdict).toBe(treatment === right ? 'pass' : 'exception');
		}
	});

	it('says what it should have been', () => {
		const result = t31({ adds_distinct: true, at_ssp: true, treatment: 'prospective' });
		expect(found(result)).toEqual([{ keys, amount: 600000n }]);
		expect(result.exceptions[0]?.orderId).toBe('SO-1');
		expect(result.exceptions[0]?.reason).toContain(
			'is booked as prospective, but by adds_distinct yes, at_ssp yes, remaining_distinct no it is a separate contract',
		);
	});

	it('concerns the only order of its contract where the amendment names none', () => {
		expect(t31({ order_id: null }).verdict).toBe('pass');
		expect(t31({ order_id: null, catch_up_minor: 1 }).exceptions[0]?.orderId).toBe('SO-1');
	});

	it('leaves open what it has no obligations to measure', () => {
		expect(t31({}, { obligation: [] }).why).toBe('1 amendment whose progress or price is not in the data');
	});
});

describe('T32 modification unapproved or backdated', () => {
	const t32 = (more: Row, tables: Tables = {}) =>
		run('T32', golden({ signed_at: ts('2026-04-01'), approved_at: ts('2026-04-01'), ...more }, tables));

	it('finds an amendment effective before it was signed or approved, and passes the same instant', () => {
		expect(t32({}).verdict).toBe('pass');
		expect(found(t32({ signed_at: ts('2026-04-01 00:01') }))).toEqual([{ keys, amount: 600000n }]);
		expect(t32({ approved_at: ts('2026-04-02') }).exceptions[0]?.reason).toContain('was approved only at 2026-04-02 00:00 UTC');
	});

	it('finds one that was never signed or approved only where revenue followed', () => {
		const followed = { revenue_event: [revenue('R1', 1200000, '2026-03-10'), revenue('R2', 100, '2026-04-01')] };
		expect(t32({ signed_at: null }).verdict).toBe('pass');
		expect(t32({ signed_at: null }, followed).exceptions[0]?.reason).toContain('was never signed, while revenue R2 followed');
		expect(t32({ approved_at: null }, followed).verdict).toBe('exception');
		expect(t32({ approved_at: null, order_id: null }, followed).verdict).toBe('exception');
		expect(t32({ approved_at: null }, { revenue_event: [revenue('X1', 100, '2026-04-02', { kind: 'reverse' })] }).verdict).toBe('pass');
	});
});
