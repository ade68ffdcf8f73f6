import { describe, expect, test } from 'vitest';
import { runTest, type TestRun, testById } from '#audit';
import { event, history, order, START, TRANSITIONS, transition } from './orderRecords.ts';
import { auditOf, facts, populate, type Row, type Tables } from './populate.ts';

const keysOf = (run: TestRun) => run.exceptions.map(({ keys }) => keys);

const FULL: readonly (readonly [string])[] = [['booked'], ['released'], ['picking'], ['shipped'], ['delivered'], ['closed']];

const audit = (id: string, events: readonly Row[], more: Tables = {}, parameters = {}) =>
	auditOf(testById(id), { order_event: events, state_transition: TRANSITIONS, sales_order: [order('O1')], ...more }, { parameters });

describe('T56, illegal state transition', () => {
	const illegal = (events: readonly Row[], more: Tables = {}) => audit('T56', events, more);

	test('a lawful history has none', () => {
		const run = illegal(history('O1', FULL));
		expect(run.verdict).toBe('pass');
		expect(run.tested).toBe(6);
	});

	test('a pair that the table does not have is one, with the order total at risk', () => {
		const run = illegal(history('O1', [['booked'], ['delivered']]));
		expect(keysOf(run)).toEqual([{ event_id: 'O1-2' }]);
		expect(run.exceptions[0]).toMatchObject({ orderId: 'O1', amountMinor: 120_000n, currency: 'USD' });
		expect(run.exceptions[0]?.reason).toContain('from booked to delivered, which the state table did not allow then');
	});

	test('a pair is judged by the version valid when it happened', () => {
		const versions = [
			transition('booked', 'released', 'credit', { valid_to: '2026-03-02T10:00:00.000Z' }),
			transition('booked', 'on_hold', 'credit', { version: 2, valid_from: '2026-03-02T10:00:00.000Z' }),
		];
		const at = (time: string) => history('O1', [['booked'], ['released', { occurred_at: time }]]);
		expect(illegal(at('2026-03-02T09:59:59.999Z'), { state_transition: versions }).verdict).toBe('pass');
		expect(keysOf(illegal(at('2026-03-02T10:00:00.000Z'), { state_transition: versions }))).toEqual([{ event_id: 'O1-2' }]);
	});

	test('a from_state that is not the state reached before is one, even of a lawful pair', () => {
		const run = illegal(history('O1', [['booked'], ['released'], ['picking'], ['shipped', { from_state: 'released' }]]));
		expect(keysOf(run)).toEqual([{ event_id: 'O1-4' }]);
		expect(run.exceptions[0]?.reason).toContain('although the order had reached picking');
		expect(run.exceptions[0]?.rows).toContainEqual({ table: 'order_event', row: 2 });
	});

	test('starting from nothing is lawful once, and from a state the company knows', () => {
		expect(illegal(history('O1', [['booked'], ['released', { from_state: null }]])).exceptions).toHaveLength(1);
		expect(illegal([event('O1', { from_state: 'booked', to_state: 'released' })]).verdict).toBe('pass');
		expect(illegal([event('O1', { from_state: 'draft', to_state: 'released' })]).exceptions).toHaveLength(1);
	});

	test('events without to_state or that stay in a state are no transition', () => {
		const steps = history('O1', [['booked'], [null, { from_state: 'elsewhere' }], ['booked'], ['released']]);
		expect(illegal(steps).verdict).toBe('pass');
	});

	test('staying in a state the order never reached is one', () => {
		expect(keysOf(illegal(history('O1', [['booked'], ['shipped', { from_state: 'shipped' }]])))).toEqual([{ event_id: 'O1-2' }]);
	});

	test('lines may have states of their own where the company writes it so', () => {
		const orders = ['O1', 'O2', 'O3'];
		const events = orders.flatMap((id) =>
			history(id, [
				['booked'],
				['released'],
				['picking'],
				['shipped', { line_id: 'L1' }],
				['delivered', { line_id: 'L1' }],
				['shipped', { line_id: 'L2', from_state: 'picking' }],
				['delivered', { line_id: 'L2', from_state: 'shipped' }],
			]),
		);
		expect(illegal(events).verdict).toBe('pass');
	});

	test('a predecessor that was set aside leaves the transition open', () => {
		const [booked, released, picking] = history('O1', [['booked'], ['released'], ['picking']]) as [Row, Row, Row];
		const tables = { order_event: [booked, { ...released, occurred_at: 'yesterday' }, picking], state_transition: TRANSITIONS };
		const t56 = testById('T56');
		const run = t56 && runTest(t56, populate({ tables }), facts());
		expect(run?.exceptions).toEqual([]);
		expect(run?.verdict).toBe('incomplete');
		expect(run?.why).toContain('1 transitions whose predecessor or whose row of the state table is withheld or was set aside');
	});

	test('a pair whose row of the state table may be set aside is left open, a second pair is not', () => {
		const t56 = testById('T56');
		const state_transition = TRANSITIONS.map((row) =>
			row['to_state'] === 'picking' && row['from_state'] === 'released' ? { ...row, mandatory: 1 } : row,
		);
		const moved = (...steps: [string][]) =>
			t56 && runTest(t56, populate({ tables: { order_event: history('O1', steps), state_transition } }), facts());
		expect(moved(['booked'], ['released'], ['picking'])).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(moved(['booked'], ['released'], ['picking'], ['closed'])?.exceptions).toHaveLength(2);
	});

	test('without a state table it can not be tested', () => {
		const run = auditOf(testById('T56'), { order_event: history('O1', FULL) });
		expect(run).toMatchObject({ verdict: 'not_testable', why: 'not supplied: table state_transition' });
	});
});

describe('T57, mandatory step skipped', () => {
	const skipped = (events: readonly Row[], more: Tables = {}) => audit('T57', events, more);

	test('an order that passed every step has none, nor one that never shipped', () => {
		expect(skipped([...history('O1', FULL), ...history('O2', [['booked'], ['cancelled']])])).toMatchObject({ verdict: 'pass', tested: 1 });
	});

	test('shipping without picking is one, by the drop-ship row or not', () => {
		const run = skipped(history('O1', [['booked'], ['released'], ['shipped']]));
		expect(keysOf(run)).toEqual([{ order_id: 'O1' }]);
		expect(run.exceptions[0]?.reason).toContain('without the mandatory released → picking');
		expect(run.exceptions[0]?.amountMinor).toBe(120_000n);
	});

	test('a release after a credit hold counts as the release', () => {
		expect(skipped(history('O1', [['booked'], ['credit_hold'], ['released'], ['picking'], ['shipped']])).verdict).toBe('pass');
	});

	test('steps after the shipment are not asked for, nor is a partial shipment', () => {
		expect(skipped(history('O1', [['booked'], ['released'], ['picking'], ['shipped']])).verdict).toBe('pass');
	});

	test('a step made up for after the shipment does not count', () => {
		expect(skipped(history('O1', [['booked'], ['released'], ['shipped'], ['picking']])).exceptions).toHaveLength(1);
	});

	test('an extract that begins with the release knows that the order was booked', () => {
		const events = history('O1', [['released', { from_state: 'booked' }], ['picking'], ['shipped']]);
		const rows = [transition('draft', 'booked', 'sales', { mandatory: true }), ...TRANSITIONS];
		expect(skipped(events, { state_transition: rows }).verdict).toBe('pass');
	});

	test('a step that became mandatory under way is left open, one that was from the start is not', () => {
		const rows = (from: string) => TRANSITIONS.map((row) => (row['to_state'] === 'picking' ? { ...row, valid_from: from } : row));
		const events = history('O1', [['booked'], ['released'], ['shipped']]);
		expect(skipped(events, { state_transition: rows('2026-03-02T10:00:00.000Z') })).toMatchObject({
			verdict: 'incomplete',
			exceptions: [],
		});
		expect(skipped(events, { state_transition: rows(START) }).exceptions).toHaveLength(1);
		expect(skipped(events, { state_transition: rows('2026-03-02T11:00:00.001Z') }).verdict).toBe('pass');
	});

	test('a company without a state named shipped is not testable', () => {
		const run = auditOf(testById('T57'), {
			order_event: history('O1', [['booked']]),
			state_transition: [transition('booked', 'sent', 'sales')],
		});
		expect(run).toMatchObject({ verdict: 'not_testable', why: 'no state of this company is named shipped' });
	});
});

describe('T90, status ping-pong', () => {
	const hold = (times: number, minutes: number): Row[] => {
		const steps = Array.from({ length: times }, (_, at) => {
			const from = Date.parse(START) + (at + 1) * 24 * 3_600_000;
			const time = (ms: number) => ({ occurred_at: new Date(from + ms).toISOString() });
			return [
				['on_hold', time(0)],
				['booked', time(minutes * 60_000)],
			] as const;
		}).flat();
		return history('O1', [['booked'], ...steps]);
	};

	test('a state entered three times is none, four times is one', () => {
		expect(audit('T90', hold(2, 60)).verdict).toBe('pass');
		const run = audit('T90', hold(3, 60));
		expect(keysOf(run)).toEqual([{ order_id: 'O1' }]);
		expect(run.exceptions[0]?.reason).toContain('entered booked 4 times and went back within 10 minutes 0 times');
	});

	test('going back within ten minutes twice is none, three times is one', () => {
		const limits = { entries: 9 };
		expect(audit('T90', hold(2, 10), {}, limits).verdict).toBe('pass');
		expect(audit('T90', hold(3, 10), {}, limits).exceptions[0]?.reason).toContain('within 10 minutes 3 times');
	});

	test('going back after more than ten minutes is no reversal', () => {
		expect(audit('T90', hold(3, 11), {}, { entries: 9 }).verdict).toBe('pass');
	});

	test('staying in a state is no entry', () => {
		expect(audit('T90', history('O1', [['booked'], ['booked'], ['booked'], ['booked'], ['booked']])).verdict).toBe('pass');
	});

	test('lines that have states of their own are counted by line', () => {
		const line = (id: string): [string, Row][] => [
			['shipped', { line_id: id, from_state: 'picking' }],
			['delivered', { line_id: id, from_state: 'shipped' }],
		];
		const steps: [string, Row?][] = [['booked'], ['picking'], ...['L1', 'L2', 'L3', 'L4', 'L5'].flatMap(line)];
		expect(audit('T90', [...history('O1', steps), ...history('O2', steps)]).verdict).toBe('pass');
	});
});
