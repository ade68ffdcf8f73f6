import { describe, expect, test } from 'vitest';
import { runTest, testById } from '#audit';
import { event, order, TRANSITIONS } from './orderRecords.ts';
import { auditOf, facts, populate, type Row } from './populate.ts';

const AS_OF = '2026-06-10T12:00:00.000Z';

const stale = (orders: readonly Row[], events: readonly Row[] = [], parameters = {}, more = {}) =>
	auditOf(testById('T58'), { sales_order: orders, order_event: events, ...more }, { asOf: AS_OF, parameters });

const touched = (at: string) => event('O1', { recorded_at: at });

describe('T58, stale order', () => {
	test('exactly 72 hours is none, a millisecond more is one', () => {
		const open = order('O1', { state: 'picking' });
		expect(stale([open], [touched('2026-06-07T12:00:00.000Z')]).verdict).toBe('pass');
		const run = stale([open], [touched('2026-06-07T11:59:59.999Z')]);
		expect(run.exceptions).toHaveLength(1);
		expect(run.exceptions[0]).toMatchObject({ orderId: 'O1', keys: { order_id: 'O1' }, amountMinor: 120_000n });
		expect(run.exceptions[0]?.reason).toBe(
			'Order O1 is picking and had its last event on 2026-06-07 11:59 UTC, 3 d before as-of; the limit is 72 hours.',
		);
	});

	test('the event recorded last counts, wherever it stands', () => {
		const events = [touched('2026-06-10T00:00:00.000Z'), touched('2026-05-01T00:00:00.000Z')];
		expect(stale([order('O1', { state: 'picking' })], events).verdict).toBe('pass');
	});

	test('an order without events rests since it was ordered', () => {
		const run = stale([order('O1', { state: 'draft' }), order('O2', { state: 'draft', ordered_at: '2026-06-09T00:00:00.000Z' })]);
		expect(run.exceptions.map(({ orderId }) => orderId)).toEqual(['O1']);
		expect(run.exceptions[0]?.reason).toContain('has no event since it was ordered');
	});

	test('terminal states may rest for ever, the canonical and the company’s own', () => {
		const states = ['closed', 'cancelled', 'returned', 'archived'];
		const table = [...TRANSITIONS, { ...TRANSITIONS[0], from_state: 'closed', to_state: 'archived' }] as Row[];
		const orders = states.map((state, at) => order(`O${at}`, { state }));
		expect(stale(orders, [], {}, { state_transition: table })).toMatchObject({ verdict: 'pass', tested: 0 });
		expect(stale(orders).exceptions.map(({ orderId }) => orderId)).toEqual(['O3']);
	});

	test('a state may have a limit of its own', () => {
		const orders = [order('O1', { state: 'backordered' }), order('O2', { state: 'picking' })];
		const events = ['O1', 'O2'].map((id) => event(id, { recorded_at: '2026-06-05T12:00:00.000Z' }));
		const run = stale(orders, events, { state_hours: 'backordered = 240, on_hold=500' });
		expect(run.exceptions.map(({ orderId }) => orderId)).toEqual(['O2']);
	});

	test('an order whose last event may be set aside is left open, one whose events reached its state is not', () => {
		const t58 = testById('T58');
		const aside = { ...touched('2026-06-10T00:00:00.000Z'), to_state: 'picking', source_seq: 'x' };
		const sales_order = [order('O1', { state: 'picking' })];
		const run = (reached: string) => {
			const order_event = [{ ...touched('2026-06-01T00:00:00.000Z'), to_state: reached }, aside];
			return t58 && runTest(t58, populate({ asOf: AS_OF, tables: { sales_order, order_event } }), facts());
		};
		expect(run('released')).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(run('picking')?.exceptions).toHaveLength(1);
	});

	test('limits that can not be read are said, not ignored', () => {
		expect(stale([order('O1')], [], { state_hours: 'backordered' })).toMatchObject({
			verdict: 'not_testable',
			why: 'the parameter state_hours is unreadable: backordered',
		});
	});
});
