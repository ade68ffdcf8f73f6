import { describe, expect, test } from 'vitest';
import { testById } from '#audit';
import { DAY_MS, ENTITY, event, later, MINUTE_MS, order, START } from './orderRecords.ts';
import { auditOf, type Row } from './populate.ts';

const TABLES = { sales_order: [order('O1')], entity: [ENTITY] };

describe('T70, backdated event', () => {
	const backdated = (...events: Row[]) => auditOf(testById('T70'), { ...TABLES, order_event: events });
	const recorded = (occurredAt: string, ms: number) =>
		event('O1', { event_id: 'E', occurred_at: occurredAt, recorded_at: later(occurredAt, ms) });

	test('recorded exactly 24 hours later is none, a millisecond more is one', () => {
		expect(backdated(recorded(START, DAY_MS)).verdict).toBe('pass');
		const run = backdated(recorded(START, DAY_MS + 1));
		expect(run.exceptions).toMatchObject([{ orderId: 'O1', keys: { event_id: 'E' }, amountMinor: 120_000n }]);
		expect(run.exceptions[0]?.severity).toBeUndefined();
	});

	test('five minutes before its predecessor is none, a millisecond more is one', () => {
		const first = event('O1', { order_seq: 1, occurred_at: START });
		const second = (ms: number) =>
			event('O1', { event_id: 'E', order_seq: 2, occurred_at: later(START, -ms), recorded_at: later(START, 1) });
		expect(backdated(first, second(5 * MINUTE_MS)).verdict).toBe('pass');
		const run = backdated(first, second(5 * MINUTE_MS + 1));
		expect(run.exceptions.map(({ keys }) => keys)).toEqual([{ event_id: 'E' }]);
		expect(run.exceptions[0]?.rows).toEqual([
			{ table: 'order_event', row: 0 },
			{ table: 'order_event', row: 1 },
		]);
	});

	test('events of other orders are no predecessors', () => {
		expect(backdated(event('O2', { occurred_at: later(START, DAY_MS) }), event('O1', { occurred_at: START })).verdict).toBe('pass');
	});

	test('across a period end it is critical, unless the month is the same where the entity sits', () => {
		const across = backdated(recorded('2026-03-31T12:00:00.000Z', 2 * DAY_MS));
		expect(across.exceptions[0]?.severity).toBe('critical');
		expect(across.exceptions[0]?.reason).toContain('across a period end');
		// 1 April, 02:00 UTC is still March in New York.
		const here = backdated(recorded('2026-03-31T01:00:00.000Z', DAY_MS + 60 * MINUTE_MS));
		expect(here.exceptions).toHaveLength(1);
		expect(here.exceptions[0]?.severity).toBeUndefined();
	});
});

describe('T71, clock skew', () => {
	const skewed = (events: readonly Row[]) => auditOf(testById('T71'), { ...TABLES, order_event: events });
	const ahead = (ms: number, overrides: Row = {}) => event('O1', { occurred_at: START, recorded_at: later(START, -ms), ...overrides });
	const source = (name: string, ...offsets: number[]): Row[] => offsets.map((ms) => ahead(ms, { source_system: name }));

	test('five minutes ahead is none by itself, a millisecond more is one', () => {
		const calm = source('erp', 0, 0, 0);
		expect(skewed([...calm, ahead(5 * MINUTE_MS)]).verdict).toBe('pass');
		const run = skewed([...calm, ahead(5 * MINUTE_MS + 1, { event_id: 'E' })]);
		expect(run.exceptions).toMatchObject([{ orderId: 'O1', keys: { event_id: 'E' } }]);
	});

	test('a source sixty seconds ahead in the median is none, more is one', () => {
		expect(skewed(source('wms', 0, 60_000, 200_000)).verdict).toBe('pass');
		const run = skewed(source('wms', 0, 60_001, 200_000));
		expect(run.exceptions).toMatchObject([{ orderId: null, keys: { source_system: 'wms' }, amountMinor: null }]);
		expect(run.exceptions[0]?.reason).toContain('runs ahead: the median of its 3 events is said to have happened 1 min');
	});

	test('the median of an even number is the mean of the middle two', () => {
		expect(skewed(source('wms', 0, 120_000)).verdict).toBe('pass');
		expect(skewed(source('wms', 0, 120_002)).exceptions).toHaveLength(1);
	});

	test('a source that records late has no skew, and sources are judged apart', () => {
		expect(skewed(source('edi', -3_600_000, -3_600_000)).verdict).toBe('pass');
		const run = skewed([...source('edi', -3_600_000, -3_600_000, -3_600_000), ...source('wms', 90_000)]);
		expect(run.exceptions.map(({ keys }) => keys)).toEqual([{ source_system: 'wms' }]);
	});
});
