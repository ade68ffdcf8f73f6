import { describe, expect, it } from 'vitest';
import type { Tables } from './populate.ts';
import { contract, event, found, line, obligation, order, revenue, run, shipment, ts } from './revenueFixture.ts';

/** Delivered and recognised whole; what came back came on a Monday at noon UTC, so that two business days end on Wednesday. */
const sold = { shipment: [shipment('S1', '10', '2026-03-10')], revenue_event: [revenue('R1', 100000, '2026-03-10')] };
const MONDAY = '2026-03-16 12:00';
const keys = { order_id: 'SO-1', line_id: 'L1' };
const returned = (quantity: string | null, more = {}) => event('line.returned', MONDAY, { line_id: 'L1', quantity, ...more });
const reversed = (amount: number, at: string, more = {}) => revenue('X1', amount, at, { kind: 'reverse', ...more });
const t19 = (events: readonly ReturnType<typeof event>[], revenueEvents: readonly ReturnType<typeof revenue>[] = [], more: Tables = {}) =>
	run('T19', { ...sold, order_event: events, revenue_event: [...sold.revenue_event, ...revenueEvents], ...more });

describe('T19 revenue on a cancelled or returned line', () => {
	it('finds revenue left on a line returned whole', () => {
		const result = t19([returned(null)]);
		expect(found(result)).toEqual([{ keys, amount: 100000n }]);
		expect(result.exceptions[0]?.reason).toContain('1,000.00 EUR was to be reversed by 2026-03-18 12:00 UTC');
		expect(result.test.severity).toBe('critical');
	});

	it('asks for the returned share only, within one minor unit a revenue event', () => {
		expect(t19([returned('3')], [reversed(30000, '2026-03-17')]).verdict).toBe('pass');
		expect(t19([returned('3')], [reversed(29997, '2026-03-17')]).verdict).toBe('pass');
		expect(found(t19([returned('3')], [reversed(29996, '2026-03-17')]))).toEqual([{ keys, amount: 4n }]);
	});

	it('counts two business days, by the earlier clock of the reversal', () => {
		expect(t19([returned('10')], [reversed(100000, '2026-03-18 12:00')]).verdict).toBe('pass');
		expect(t19([returned('10')], [reversed(100000, '2026-03-18 12:01')]).verdict).toBe('exception');
		expect(t19([returned('10')], [reversed(100000, '2026-03-18 12:01', { recognised_at: ts('2026-03-16 12:00') })]).verdict).toBe('pass');
	});

	it('is open until the days have run out', () => {
		const at = (asOf: string) => run('T19', { ...sold, order_event: [returned('10')] }, { asOf });
		expect(at('2026-03-18T12:00:00.000Z').verdict).toBe('incomplete');
		expect(at('2026-03-18T12:00:00.001Z').verdict).toBe('exception');
	});

	it('lets goods shipped in their place earn again', () => {
		const again = [reversed(30000, '2026-03-17'), revenue('R2', 30000, '2026-03-25')];
		expect(t19([returned('3')], again).verdict).toBe('exception');
		expect(t19([returned('3')], again, { shipment: [...sold.shipment, shipment('S2', '3', '2026-03-25')] }).verdict).toBe('pass');
	});

	it('finds revenue that comes back after its reversal', () => {
		expect(found(t19([returned('10')], [reversed(100000, '2026-03-17'), revenue('R2', 5000, '2026-05-01')]))).toEqual([
			{ keys, amount: 5000n },
		]);
	});

	it('lets what was refused before acceptance be: only accepted goods have earned', () => {
		const accepted = [event('line.accepted', '2026-03-12', { line_id: 'L1', quantity: '7' }), returned('3')];
		const more = { contract: [contract({ transfer_term: 'acceptance' })], revenue_event: [revenue('R1', 70000, '2026-03-12')] };
		expect(run('T19', { ...sold, ...more, order_event: accepted }).verdict).toBe('pass');
	});

	it('finds revenue on a cancelled order, whichever way the order says so', () => {
		const cancelled = { to_state: 'cancelled' };
		expect(found(t19([event('order.cancelled', MONDAY)]))).toEqual([{ keys, amount: 100000n }]);
		expect(t19([event('order.corrected', MONDAY, cancelled)]).verdict).toBe('exception');
		expect(
			t19([event('order.picking', MONDAY, { to_state: 'picking' })], [], { sales_order: [order({ state: 'cancelled' })] }).verdict,
		).toBe('exception');
		expect(t19([event('order.cancelled', MONDAY, cancelled), event('order.corrected', '2026-03-17', { to_state: 'booked' })]).tested).toBe(
			0,
		);
	});

	it('finds revenue on one cancelled line, not on the others', () => {
		const two = {
			sales_order_line: [line(), line({ line_id: 'L2', obligation_id: 'OB-2' })],
			obligation: [obligation(), obligation({ obligation_id: 'OB-2', line_id: 'L2' })],
		};
		expect(found(t19([event('order.cancelled', MONDAY, { line_id: 'L1' })], [], two))).toEqual([{ keys, amount: 100000n }]);
		expect(t19([event('order.cancelled', MONDAY, { line_id: 'L2' })], [], two).verdict).toBe('pass');
		expect(t19([event('order.cancelled', MONDAY, { line_id: 'L1', quantity: '4' })], [], two).tested).toBe(0);
	});

	it('takes an order in state returned for returned whole, unless its lines tell what came back', () => {
		expect(t19([event('order.corrected', MONDAY, { to_state: 'returned' })]).verdict).toBe('exception');
		expect(t19([returned('3', { to_state: 'returned' })], [reversed(30000, '2026-03-17')]).verdict).toBe('pass');
	});

	it('leaves lines alone that nobody cancelled or returned', () => {
		expect(t19([]).tested).toBe(0);
	});
});
