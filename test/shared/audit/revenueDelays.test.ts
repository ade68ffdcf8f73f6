import { describe, expect, it } from 'vitest';
import {
	amendment,
	contract,
	dispute,
	entity,
	event,
	found,
	hold,
	hoursAfter,
	line,
	obligation,
	revenue,
	run,
	shipment,
	ts,
} from './revenueFixture.ts';

/** Delivered on a Friday at noon in Berlin (11:00 UTC): two business days end on Tuesday at noon. */
const FRIDAY = '2026-03-06 11:00';
const delivered = { shipment: [shipment('S1', '10', FRIDAY)] };
const keys = { order_id: 'SO-1', line_id: 'L1', shipment_id: 'S1' };

describe('T03 transferred, not recognised', () => {
	it('counts two business days of the entity, to the minute', () => {
		const at = (text: string) => run('T03', { ...delivered, revenue_event: [revenue('R1', 100000, text)] });
		expect(at('2026-03-10 11:00').verdict).toBe('pass');
		const late = at('2026-03-10 11:01');
		expect(found(late)).toEqual([{ keys, amount: 100000n }]);
		expect(late.exceptions[0]?.reason).toContain('only 0.00 EUR was recognised, the next only at 2026-03-10 11:01 UTC');
	});

	it('leaves open what is not due yet at as-of', () => {
		const at = (asOf: string) => run('T03', delivered, { asOf });
		expect(at('2026-03-10T11:00:00.000Z').verdict).toBe('incomplete');
		expect(at('2026-03-10T11:00:00.000Z').why).toBe('1 transfer whose days have not run out at as-of');
		expect(at('2026-03-10T11:00:00.001Z').verdict).toBe('exception');
	});

	it('demands the share of every partial transfer, within one minor unit a revenue event', () => {
		const partial = { shipment: [shipment('S1', '4', FRIDAY), shipment('S2', '6', '2026-03-20 11:00')] };
		const first = revenue('R1', 40000, FRIDAY);
		expect(found(run('T03', { ...partial, revenue_event: [first] }))).toEqual([{ keys: { ...keys, shipment_id: 'S2' }, amount: 60000n }]);
		expect(run('T03', { ...partial, revenue_event: [first, revenue('R2', 59997, '2026-03-20 11:00')] }).verdict).toBe('pass');
		expect(run('T03', { ...partial, revenue_event: [first, revenue('R2', 59996, '2026-03-20 11:00')] }).verdict).toBe('exception');
	});

	it('waits for the end of a hold or a dispute, and of the approval of the contract', () => {
		const recognised = { ...delivered, revenue_event: [revenue('R1', 100000, '2026-03-24 09:00')] };
		expect(run('T03', recognised).verdict).toBe('exception');
		expect(run('T03', { ...recognised, hold: [hold('2026-03-09', '2026-03-23')] }).verdict).toBe('pass');
		expect(run('T03', { ...recognised, hold: [hold('2026-03-11', '2026-03-23')] }).verdict).toBe('exception');
		expect(run('T03', { ...recognised, hold: [hold('2026-03-09', '2026-03-23', { line_id: 'L2' })] }).verdict).toBe('exception');
		const settled = dispute('2026-03-07', { status: 'resolved_company', closed_at: ts('2026-03-23') });
		expect(run('T03', { ...recognised, dispute: [settled] }).verdict).toBe('pass');
		expect(run('T03', { ...recognised, contract: [contract({ approved_at: ts('2026-03-23') })] }).verdict).toBe('pass');
		expect(run('T03', { ...delivered, hold: [hold('2026-03-09', null)] }).why).toBe('1 transfer still on hold or in dispute');
		expect(run('T03', { ...delivered, contract: [contract({ signed_at: null })] }).why).toBe(
			'1 transfer under a contract not signed or approved',
		);
	});

	it('demands nothing for what was sent back or conceded before it was due', () => {
		const returned = event('line.returned', '2026-03-09', { line_id: 'L1', quantity: '10' });
		expect(run('T03', { ...delivered, order_event: [returned] }).verdict).toBe('pass');
		const conceded = dispute('2026-03-07', { status: 'resolved_customer', closed_at: ts('2026-03-08'), disputed_quantity: '4' });
		const result = run('T03', { ...delivered, dispute: [conceded], revenue_event: [revenue('R1', 60000, '2026-03-09')] });
		expect(result.verdict).toBe('pass');
	});

	it('takes an acceptance for the transfer where the contract says so', () => {
		const tables = { ...delivered, contract: [contract({ transfer_term: 'acceptance' })] };
		expect(run('T03', tables).tested).toBe(0);
		const accepted = run('T03', { ...tables, order_event: [event('line.accepted', FRIDAY, { event_id: 'A1', line_id: 'L1' })] });
		expect(found(accepted)).toEqual([{ keys: { order_id: 'SO-1', line_id: 'L1', event_id: 'A1' }, amount: 100000n }]);
	});

	it('does not demand revenue on states alone, nor of over-time obligations', () => {
		expect(run('T03', { order_event: [event('order.fulfilled', FRIDAY, { to_state: 'fulfilled' })] }).tested).toBe(0);
		expect(run('T03', { ...delivered, obligation: [obligation({ method: 'over_time' })] }).tested).toBe(0);
	});

	it('leaves open an entity whose calendar cannot be read', () => {
		expect(run('T03', { ...delivered, entity: [entity({ workdays: 'always' })] }).why).toBe(
			'1 transfer of an entity without a readable calendar',
		);
		expect(run('T03', { ...delivered, entity: [entity({ timezone: 'Moon/Base' })] }).verdict).toBe('incomplete');
	});

	it('uses the days it is given', () => {
		const result = run('T03', { ...delivered, revenue_event: [revenue('R1', 100000, '2026-03-13 11:00')] }, { parameters: { days: 5 } });
		expect(result.verdict).toBe('pass');
	});
});

describe('T17 late recognition', () => {
	const endOfMarch = { shipment: [shipment('S1', '10', '2026-03-31 10:00')] };
	const at = (recognisedAt: string, more = {}) => run('T17', { ...endOfMarch, revenue_event: [revenue('R1', 100000, recognisedAt, more)] });

	it('finds revenue booked in a later period than its transfer', () => {
		expect(at('2026-03-31 23:00').verdict).toBe('pass');
		const late = at('2026-04-01 10:00');
		expect(found(late)).toEqual([{ keys: { revenue_id: 'R1' }, amount: 100000n }]);
		expect(late.exceptions[0]?.reason).toContain('the delivery it stands for is of 2026-03-31 10:00 UTC, period 2026-03');
	});

	it('asks both UTC and the zone of the entity before it accuses', () => {
		// 22:30 UTC on 31 March is 1 April in Berlin.
		const atNight = { shipment: [shipment('S1', '10', '2026-03-31 22:30')] };
		expect(run('T17', { ...atNight, revenue_event: [revenue('R1', 100000, '2026-04-01 10:00')] }).verdict).toBe('pass');
		expect(found(run('T17', { ...atNight, revenue_event: [revenue('R1', 100000, '2026-05-01 10:00')] }))).toHaveLength(1);
	});

	it('judges recognised_at itself where the booked period hides the delay', () => {
		expect(at('2026-04-01 10:00', { period: '2026-03' }).verdict).toBe('pass');
		expect(found(at('2026-04-20 10:00', { period: '2026-03' }))).toHaveLength(1);
	});

	it('takes revenue for the earliest transfer that has none yet', () => {
		const two = { shipment: [shipment('S1', '4', '2026-03-31 10:00'), shipment('S2', '6', '2026-04-10 10:00')] };
		const april = revenue('R2', 60000, '2026-04-10 10:00');
		expect(run('T17', { ...two, revenue_event: [revenue('R1', 40000, '2026-03-31 10:00'), april] }).verdict).toBe('pass');
		expect(found(run('T17', { ...two, revenue_event: [april] }))).toEqual([{ keys: { revenue_id: 'R2' }, amount: 60000n }]);
	});

	it('excuses a hold over the end of the period, a late approval, and an amendment between', () => {
		const tables = { ...endOfMarch, revenue_event: [revenue('R1', 100000, '2026-04-08 10:00')] };
		expect(run('T17', { ...tables, hold: [hold('2026-03-30', '2026-04-08')] }).verdict).toBe('pass');
		expect(run('T17', { ...tables, hold: [hold('2026-03-20', '2026-03-30')] }).verdict).toBe('exception');
		expect(run('T17', { ...tables, contract: [contract({ approved_at: ts('2026-04-08') })] }).verdict).toBe('pass');
		expect(run('T17', { ...tables, contract_amendment: [amendment('2026-04-08')] }).verdict).toBe('pass');
		expect(run('T17', { ...tables, contract_amendment: [amendment('2026-03-01')] }).verdict).toBe('exception');
	});

	it('does not mistake revenue after a return or a rebooking for late revenue', () => {
		const events = [
			revenue('R1', 40000, '2026-03-06 11:00'),
			revenue('R2', 40000, '2026-03-12', { kind: 'reverse' }),
			revenue('R3', 60000, '2026-04-10 10:00'),
		];
		const two = { shipment: [shipment('S1', '4', '2026-03-06 11:00'), shipment('S2', '6', '2026-04-10 10:00')] };
		expect(run('T17', { ...two, revenue_event: events }).verdict).toBe('pass');
	});

	it('counts transfers of other lines for nothing', () => {
		const tables = {
			...endOfMarch,
			sales_order_line: [line(), line({ line_id: 'L2', obligation_id: null })],
			revenue_event: [revenue('R1', 100000, '2026-03-31 10:00')],
		};
		expect(
			run('T17', {
				...tables,
				shipment: [
					shipment('S1', '10', '2026-03-31 10:00'),
					shipment('S9', '10', '2026-02-01', { line_id: 'L2', shipped_at: hoursAfter('2026-02-01', -48) }),
				],
			}).verdict,
		).toBe('pass');
	});
});
