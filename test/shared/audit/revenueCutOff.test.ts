import { describe, expect, it } from 'vitest';
import { auditOf } from './populate.ts';
import { amendment, company, contract, event, found, line, obligation, order, revenue, run, shipment, test } from './revenueFixture.ts';

const delivered = { shipment: [shipment('S1', '4', '2026-03-10 12:00'), shipment('S2', '6', '2026-03-20 12:00')] };

describe('T16 revenue before transfer', () => {
	it('passes revenue recognised with or after each delivery', () => {
		const result = run('T16', {
			...delivered,
			revenue_event: [revenue('R1', 40000, '2026-03-10 12:00'), revenue('R2', 60000, '2026-03-21 09:00')],
		});
		expect(result.verdict).toBe('pass');
		expect(result.tested).toBe(2);
	});

	it('finds revenue one minute before its delivery, with the amount that was not justified', () => {
		const result = run('T16', {
			...delivered,
			revenue_event: [revenue('R1', 40000, '2026-03-10 12:00'), revenue('R2', 60000, '2026-03-20 11:59')],
		});
		expect(found(result)).toEqual([{ keys: { revenue_id: 'R2' }, amount: 60000n }]);
		expect(result.exceptions[0]?.orderId).toBe('SO-1');
		expect(result.exceptions[0]?.severity).toBe('high');
		expect(result.exceptions[0]?.reason).toContain('the delivery it stands for is of 2026-03-20 12:00 UTC');
	});

	it('tolerates one minor unit a revenue event, and not two', () => {
		const with40 = (amount: number) => run('T16', { ...delivered, revenue_event: [revenue('R1', amount, '2026-03-10 12:00')] });
		expect(with40(40001).verdict).toBe('pass');
		expect(found(with40(40002))).toEqual([{ keys: { revenue_id: 'R1' }, amount: 2n }]);
	});

	it('is critical where the booked period precedes that of the transfer in UTC and in the zone of the entity', () => {
		const lateMarch = (deliveredAt: string) =>
			run('T16', { shipment: [shipment('S1', '10', deliveredAt)], revenue_event: [revenue('R1', 100000, '2026-03-31 10:00')] })
				.exceptions[0]?.severity;
		expect(lateMarch('2026-04-02 10:00')).toBe('critical');
		// 22:30 UTC on 31 March is April in Berlin, but still March in UTC.
		expect(lateMarch('2026-03-31 22:30')).toBe('high');
	});

	it('finds revenue of goods never delivered by as-of', () => {
		const result = run('T16', { shipment: [shipment('S1', '10', null)], revenue_event: [revenue('R1', 100000, '2026-03-31')] });
		expect(result.exceptions[0]?.reason).toContain('no delivery of the rest is recorded up to as-of');
		expect(result.exceptions[0]?.severity).toBe('critical');
	});

	it('follows the term of the contract: shipment, acceptance', () => {
		const recognised = { ...delivered, revenue_event: [revenue('R1', 40000, '2026-03-08 12:00')] };
		expect(run('T16', { ...recognised, contract: [contract({ transfer_term: 'shipment' })] }).verdict).toBe('pass');
		const accepted = { ...recognised, contract: [contract({ transfer_term: 'acceptance' })] };
		expect(found(run('T16', { ...accepted, order_event: [event('line.accepted', '2026-03-22', { line_id: 'L1' })] }))).toHaveLength(1);
		expect(run('T16', { ...accepted, order_event: [event('line.accepted', '2026-03-08 12:00', { line_id: 'L1' })] }).verdict).toBe('pass');
	});

	it('judges net revenue: reversed and reinstated revenue is not early a second time', () => {
		const events = [
			revenue('R1', 40000, '2026-03-10 12:00'),
			revenue('R2', 40000, '2026-03-12', { kind: 'reverse' }),
			revenue('R3', 40000, '2026-03-14', { kind: 'reinstate' }),
		];
		expect(run('T16', { ...delivered, revenue_event: events }).verdict).toBe('pass');
	});

	it('leaves out over-time obligations and bill-and-hold with all four criteria, and only those', () => {
		const early = { ...delivered, revenue_event: [revenue('R1', 40000, '2026-03-01')] };
		expect(run('T16', { ...early, obligation: [obligation({ method: 'over_time' })] }).tested).toBe(0);
		const held = (criteria: string) =>
			run('T16', { ...early, contract: [contract({ bill_and_hold: true, bill_and_hold_criteria: criteria })] });
		expect(held('reason, identified,ready,no_redirect').verdict).toBe('pass');
		expect(found(held('reason,identified,ready'))).toHaveLength(1);
	});

	it('leaves room for a price that an amendment has lowered since', () => {
		const tables = { ...delivered, revenue_event: [revenue('R1', 44000, '2026-03-10 12:00')] };
		expect(found(run('T16', tables))).toHaveLength(1);
		expect(run('T16', { ...tables, contract_amendment: [amendment('2026-04-01', { delta_price_minor: -10000 })] }).verdict).toBe('pass');
	});

	it('resolves revenue that names its line only, its obligation only, or neither in an order of one', () => {
		for (const names of [{ obligation_id: null }, { line_id: null }, { obligation_id: null, line_id: null }])
			expect(found(run('T16', { ...delivered, revenue_event: [revenue('R1', 40000, '2026-03-01', names)] }))).toHaveLength(1);
	});

	it('says what it could not judge: shared obligations, lines without quantity, revenue of no line', () => {
		const early = { ...delivered, revenue_event: [revenue('R1', 40000, '2026-03-01')] };
		expect(run('T16', { ...early, sales_order_line: [line(), line({ line_id: 'L2' })] }).why).toBe(
			'1 revenue event of obligations shared by several order lines',
		);
		expect(run('T16', { ...early, sales_order_line: [line({ quantity: '0' })] }).why).toBe(
			'1 revenue event of obligations of a line without quantity',
		);
		const unplaced = run('T16', {
			...delivered,
			obligation: [obligation(), obligation({ obligation_id: 'OB-2', line_id: 'L2' })],
			sales_order_line: [line(), line({ line_id: 'L2', obligation_id: 'OB-2' })],
			revenue_event: [revenue('R1', 40000, '2026-03-01', { obligation_id: null, line_id: null })],
		});
		expect(unplaced.verdict).toBe('incomplete');
		expect(unplaced.why).toBe('1 revenue event that names neither a line nor an obligation');
	});

	it('leaves broken references to the test that reports them', () => {
		const result = run('T16', {
			...delivered,
			sales_order: [order({ contract_id: 'CT-9' })],
			obligation: [obligation({ contract_id: 'CT-9' })],
			revenue_event: [revenue('R1', 40000, '2026-03-01')],
		});
		expect(result.verdict).toBe('pass');
		expect(result.tested).toBe(0);
	});

	it('is not testable without shipments', () => {
		const { shipment: _, ...without } = company();
		const result = auditOf(test('T16'), without);
		expect(result.verdict).toBe('not_testable');
		expect(result.why).toContain('table shipment');
	});
});

describe('T28 bill-and-hold unsupported', () => {
	const held = (criteria: string, recognisedAt = '2026-03-01') =>
		run('T28', {
			...delivered,
			contract: [contract({ bill_and_hold: true, bill_and_hold_criteria: criteria, transfer_term: 'delivery' })],
			revenue_event: [revenue('R1', 40000, recognisedAt)],
		});

	it('finds revenue before shipment with a criterion missing, and names it', () => {
		const result = held('reason,identified,ready');
		expect(found(result)).toEqual([{ keys: { revenue_id: 'R1' }, amount: 40000n }]);
		expect(result.exceptions[0]?.reason).toContain('does not meet 1 of the four criteria: no_redirect');
	});

	it('passes with all four, or once the goods have been shipped', () => {
		expect(held('no_redirect,ready,identified,reason').verdict).toBe('pass');
		expect(held('', '2026-03-08 12:00').verdict).toBe('pass');
		expect(found(held('', '2026-03-08 11:59'))).toHaveLength(1);
	});

	it('concerns bill-and-hold contracts only', () => {
		expect(run('T28', { ...delivered, revenue_event: [revenue('R1', 40000, '2026-03-01')] }).tested).toBe(0);
	});
});
