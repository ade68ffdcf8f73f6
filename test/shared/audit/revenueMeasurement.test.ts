import { describe, expect, it } from 'vitest';
import { amendment, contract, event, found, line, obligation, order, revenue, run, shipment } from './revenueFixture.ts';

/** A third at a time of 100.00: 33.33, 66.67, 100.00 cumulatively. */
const thirds = {
	sales_order_line: [line({ quantity: '3' })],
	obligation: [obligation({ allocated_minor: 10000 })],
	shipment: [shipment('S1', '1', '2026-03-10'), shipment('S2', '1', '2026-03-11'), shipment('S3', '1', '2026-03-12')],
};
const amounts = (...parts: number[]) => parts.map((amount, index) => revenue(`R${index + 1}`, amount, `2026-03-1${index}`));
const keys = (event: string) => ({ order_id: 'SO-1', line_id: 'L1', revenue_id: event });

describe('T23 partial delivery proration', () => {
	it('passes shares rounded half up whose last takes the rest', () => {
		expect(run('T23', { ...thirds, revenue_event: amounts(3333, 3334, 3333) }).verdict).toBe('pass');
	});

	it('tolerates one minor unit a revenue event: also shares rounded one by one', () => {
		expect(run('T23', { ...thirds, revenue_event: amounts(3333, 3333, 3333) }).verdict).toBe('pass');
		expect(run('T23', { ...thirds, revenue_event: amounts(3334) }).verdict).toBe('pass');
		expect(found(run('T23', { ...thirds, revenue_event: amounts(3335) }))).toEqual([{ keys: keys('R1'), amount: 2n }]);
	});

	it('finds the whole line recognised with its first part', () => {
		const result = run('T23', { ...thirds, revenue_event: amounts(10000) });
		expect(found(result)).toEqual([{ keys: keys('R1'), amount: 6667n }]);
		expect(result.exceptions[0]?.reason).toContain('1 of 3 units had been transferred by delivery');
	});

	it('finds an amount between two shares, once a line', () => {
		expect(found(run('T23', { ...thirds, revenue_event: amounts(3333, 2000, 3333) }))).toEqual([{ keys: keys('R2'), amount: 1334n }]);
	});

	it('takes revenue that lags behind a transfer for no proration error', () => {
		expect(
			run('T23', { ...thirds, revenue_event: [revenue('R1', 3333, '2026-03-11 12:00'), revenue('R2', 6667, '2026-03-12')] }).verdict,
		).toBe('pass');
	});

	it('sets reversals, reinstatements and rebookings aside', () => {
		const [first, second, third] = amounts(3333, 3334, 3333);
		const taken = revenue('X1', 1000, '2026-03-10 12:00', { kind: 'reverse' });
		expect(run('T23', { ...thirds, revenue_event: [first, taken, second, third] as never }).verdict).toBe('pass');
		const rebooked = [
			revenue('X1', 3333, '2026-03-10 12:00', { kind: 'reverse', reverses_revenue_id: 'R1' }),
			revenue('X2', 3333, '2026-03-10 13:00'),
		];
		const returned = revenue('X3', 3000, '2026-03-10 14:00', { kind: 'reverse' });
		expect(run('T23', { ...thirds, revenue_event: [first, ...rebooked, returned, second, third] as never }).verdict).toBe('pass');
	});

	it('leaves out bill-and-hold with all four criteria of ASC 606-10-55-83, by their names', () => {
		const held = (criteria: string) =>
			run('T23', {
				...thirds,
				contract: [contract({ bill_and_hold: true, bill_and_hold_criteria: criteria })],
				revenue_event: amounts(10000),
			}).exceptions.length;
		expect(held('no_redirect, reason,identified,ready')).toBe(0);
		expect([held('reason,identified,ready'), held('reason,identified,ready,other'), held('')]).toEqual([1, 1, 1]);
	});

	it('judges partial transfers only: one delivery of the whole is not its matter', () => {
		expect(run('T23', { shipment: [shipment('S1', '10', '2026-03-10')], revenue_event: [revenue('R1', 70000, '2026-03-10')] }).tested).toBe(
			0,
		);
		expect(run('T23', { shipment: [shipment('S1', '5', '2026-03-10')], revenue_event: [revenue('R1', 70000, '2026-03-10')] }).verdict).toBe(
			'exception',
		);
	});

	it('prorates partial acceptances', () => {
		const tables = {
			contract: [contract({ transfer_term: 'acceptance' })],
			order_event: [event('line.accepted', '2026-03-10', { line_id: 'L1', quantity: '4' })],
		};
		expect(run('T23', { ...tables, revenue_event: [revenue('R1', 40000, '2026-03-10')] }).verdict).toBe('pass');
		expect(run('T23', { ...tables, revenue_event: [revenue('R1', 45000, '2026-03-10')] }).verdict).toBe('exception');
	});

	it('leaves an amended order open where it disagrees, and accuses it of nothing', () => {
		const result = run('T23', { ...thirds, contract_amendment: [amendment('2026-03-11')], revenue_event: amounts(4000, 3000, 3000) });
		expect(result.verdict).toBe('incomplete');
		expect(result.why).toContain('1 obligation of amended orders');
	});
});

describe('T24 over-recognition', () => {
	const net = (amount: number, more = {}) =>
		run('T24', { revenue_event: [revenue('R1', 60000, '2026-03-10'), revenue('R2', amount, '2026-03-11')], ...more });

	it('passes the price and one minor unit a revenue event, and finds one more', () => {
		expect(net(40002).verdict).toBe('pass');
		expect(found(net(40003))).toEqual([{ keys: { obligation_id: 'OB-1' }, amount: 3n }]);
	});

	it('counts reversals off and reinstatements in', () => {
		const events = [
			revenue('R1', 100000, '2026-03-10'),
			revenue('R2', 50000, '2026-03-11', { kind: 'reverse' }),
			revenue('R3', 40000, '2026-03-12', { kind: 'reinstate' }),
		];
		expect(run('T24', { revenue_event: events }).verdict).toBe('pass');
		expect(found(run('T24', { revenue_event: [...events, revenue('R4', 20000, '2026-03-13')] }))).toEqual([
			{ keys: { obligation_id: 'OB-1' }, amount: 10000n },
		]);
	});

	it('leaves room for what amendments of the order changed', () => {
		const more = { contract_amendment: [amendment('2026-03-11', { delta_price_minor: 10000 })] };
		expect(net(50000, more).verdict).toBe('pass');
		expect(net(50003, more).verdict).toBe('exception');
	});
});

describe('T25 SSP allocation', () => {
	/** 90.00 over stand-alone prices of 60 and 40: 54.00 and 36.00. */
	const allocate = (first: number, second: number, more = {}) =>
		run('T25', {
			contract: [contract({ price_minor: 9000 })],
			sales_order: [order({ total_minor: 9000 })],
			sales_order_line: [line({ amount_minor: 5000 }), line({ line_id: 'L2', amount_minor: 4000, obligation_id: 'OB-2' })],
			obligation: [
				obligation({ ssp_minor: 6000, allocated_minor: first }),
				obligation({ obligation_id: 'OB-2', line_id: 'L2', ssp_minor: 4000, allocated_minor: second }),
			],
			...more,
		});
	const ids = (result: ReturnType<typeof allocate>) => result.exceptions.map((exception) => exception.keys['obligation_id']);

	it('passes the relative stand-alone shares, within half a percent', () => {
		expect(allocate(5400, 3600).verdict).toBe('pass');
		expect(allocate(5418, 3582).verdict).toBe('pass');
		expect(ids(allocate(5427, 3573))).toEqual(['OB-2']);
	});

	it('finds a shift between two obligations on both', () => {
		const result = allocate(6000, 3000);
		expect(found(result)).toEqual([
			{ keys: { obligation_id: 'OB-1' }, amount: 600n },
			{ keys: { obligation_id: 'OB-2' }, amount: 600n },
		]);
		expect(result.exceptions[0]?.reason).toContain("makes 54.00 EUR of the contract's price, 90.00 EUR");
	});

	it('finds one obligation raised, though the sum is then wrong, and only that one', () => {
		expect(ids(allocate(6400, 3600))).toEqual(['OB-1']);
	});

	it('reads the price as the total of the order, or of its lines, where the contract covers more or taxes stand in the total', () => {
		const several = {
			sales_order: [order({ total_minor: 9000 }), order({ order_id: 'SO-2', total_minor: 1 })],
			contract: [contract({ price_minor: 70000 })],
		};
		expect(allocate(5400, 3600, several).verdict).toBe('pass');
		expect(
			allocate(5400, 3600, { sales_order: [order({ total_minor: 10710 })], contract: [contract({ price_minor: 10710 })] }).verdict,
		).toBe('pass');
	});

	it('finds a wrong price on the only obligation of an order', () => {
		expect(found(run('T25', { obligation: [obligation({ allocated_minor: 90000 })] }))).toEqual([
			{ keys: { obligation_id: 'OB-1' }, amount: 10000n },
		]);
	});

	it('leaves orders open that were amended, or have no stand-alone prices', () => {
		expect(allocate(6000, 3000, { contract_amendment: [amendment('2026-03-01')] }).verdict).toBe('incomplete');
		expect(run('T25', { obligation: [obligation({ ssp_minor: 0 })] }).why).toBe(
			'1 obligation of orders without stand-alone selling prices',
		);
	});
});
