import { describe, expect, it } from 'vitest';
import type { Row } from './populate.ts';
import { dispute, event, found, hold, hoursAfter, run } from './revenueFixture.ts';

const LOGGED = '2026-03-10 10:00';
const keys = { dispute_id: 'D-1' };
const at = (hours: number): string => hoursAfter(LOGGED, hours);

describe('T63 escalation missed', () => {
	const t63 = (more: Row, asOf = at(1000)) => run('T63', { dispute: [dispute(LOGGED, { amount_minor: 5000, ...more })] }, { asOf });

	it('finds a dispute open for more than 72 hours without escalation, closed or not', () => {
		const closed = { status: 'resolved_company' };
		expect(t63({ ...closed, closed_at: at(72) }).verdict).toBe('pass');
		expect(found(t63({ ...closed, closed_at: hoursAfter('2026-03-10 10:01', 72) }))).toEqual([{ keys, amount: 5000n }]);
		expect(t63({}, at(72)).verdict).toBe('pass');
		expect(t63({}, at(73)).exceptions[0]?.reason).toContain('is at as-of still open for 3 d 1 h and was never escalated');
	});

	it('accepts an escalation up to a day after it was due, and none later', () => {
		expect(t63({ escalated_at: at(96) }).verdict).toBe('pass');
		expect(t63({ escalated_at: at(97) }).exceptions[0]?.reason).toContain('was escalated only at');
	});

	it('uses the hours it is given', () => {
		expect(run('T63', { dispute: [dispute(LOGGED)] }, { asOf: at(80), parameters: { hours: 100 } }).verdict).toBe('pass');
	});

	it('leaves open a closed dispute that does not say when', () => {
		expect(t63({ status: 'resolved_customer' }).why).toBe('1 closed dispute without a closing time');
	});

	const waiting = (...events: ReturnType<typeof event>[]) => run('T63', { order_event: events }, { asOf: at(1000) });
	const booked = event('order.booked', LOGGED, { to_state: 'booked' });
	const released = (hours: number) =>
		event('order.released', LOGGED, { from_state: 'booked', to_state: 'released', occurred_at: at(hours) });

	it('finds an order that stayed booked, or on credit hold, for longer', () => {
		expect(waiting(booked, released(72)).verdict).toBe('pass');
		const late = waiting(booked, released(73));
		expect(late.exceptions.map(({ orderId, keys: subject }) => [orderId, subject])).toEqual([['SO-1', { order_id: 'SO-1' }]]);
		expect(late.exceptions[0]?.reason).toContain(
			'reached booked at 2026-03-10 10:00 UTC and left it at 2026-03-13 11:00 UTC, 3 d 1 h later',
		);
		expect(waiting(booked).exceptions[0]?.reason).toContain('is still in it at as-of');
		const held = event('order.credit_held', LOGGED, { to_state: 'credit_hold', occurred_at: at(70) });
		expect(waiting(booked, held, released(142)).verdict).toBe('pass');
		expect(waiting(booked, held, released(143)).verdict).toBe('exception');
	});

	it('accepts an escalation of the order meanwhile, and goes on from it', () => {
		const escalated = (hours: number) => event('order.escalated', LOGGED, { occurred_at: at(hours) });
		expect(waiting(booked, escalated(71), released(200)).verdict).toBe('pass');
		expect(waiting(booked, escalated(97), released(200)).verdict).toBe('exception');
		expect(waiting(escalated(0), booked, released(200)).verdict).toBe('exception');
	});

	it('takes an event that does not leave the state for no new stay', () => {
		const amended = event('order.amended', LOGGED, { to_state: 'booked', occurred_at: at(50) });
		expect(waiting(booked, amended, released(100)).verdict).toBe('exception');
		expect(waiting(booked, event('order.amended', LOGGED, { occurred_at: at(50) }), released(100)).verdict).toBe('exception');
	});
});

describe('T64 root cause missing', () => {
	const t64 = (more: Row) => run('T64', { dispute: [dispute(LOGGED, more)] });

	it('asks closed disputes for a code, and open ones for none', () => {
		expect(t64({}).tested).toBe(0);
		expect(found(t64({ status: 'resolved_customer', closed_at: at(5) }))).toEqual([{ keys, amount: null }]);
		expect(t64({ status: 'resolved_company', root_cause_code: 'DAMAGED' }).verdict).toBe('pass');
		expect(t64({ status: 'resolved_company', root_cause_code: ' ' }).verdict).toBe('exception');
	});
});

describe('T65 dispute did not halt revenue', () => {
	const t65 = (holds: readonly Row[], more: Row = {}, asOf = at(1000)) =>
		run('T65', { dispute: [dispute(LOGGED, more)], hold: holds }, { asOf });

	it('allows one hour to the hold, and not a minute more', () => {
		expect(t65([hold('2026-03-10 11:00', null)]).verdict).toBe('pass');
		const late = t65([hold('2026-03-10 11:01', null)]);
		expect(found(late)).toEqual([{ keys, amount: null }]);
		expect(late.exceptions[0]?.reason).toContain('the next hold H-1 was opened only at 2026-03-10 11:01 UTC');
		expect(t65([]).exceptions[0]?.reason).toContain('no hold was in force from then on');
	});

	it('counts a hold opened before if it was still open', () => {
		expect(t65([hold('2026-03-01', '2026-03-10 10:01')]).verdict).toBe('pass');
		expect(t65([hold('2026-03-01', '2026-03-10 10:00')]).verdict).toBe('exception');
	});

	it('counts holds on the disputed line or the whole order; of a dispute over the order, any', () => {
		const onOther = [hold('2026-03-10 10:30', null, { line_id: 'L2' })];
		expect(t65([hold('2026-03-10 10:30', null, { line_id: 'L1' })]).verdict).toBe('pass');
		expect(t65(onOther).verdict).toBe('exception');
		expect(t65(onOther, { line_id: null }).verdict).toBe('pass');
		expect(t65([hold('2026-03-10 10:30', null, { order_id: 'SO-2' })]).verdict).toBe('exception');
	});

	it('is open within the hour before as-of', () => {
		expect(t65([], {}, at(1)).verdict).toBe('incomplete');
		expect(t65([], {}, hoursAfter('2026-03-10 10:01', 1)).verdict).toBe('exception');
	});
});
