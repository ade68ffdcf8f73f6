import { describe, expect, test } from 'vitest';
import { runTest, testById } from '#audit';
import { event, order, START } from './orderRecords.ts';
import { auditOf, facts, populate, type Row } from './populate.ts';

const events = (...seqs: number[]): Row[] => seqs.map((seq) => event('O1', { source_system: 'wms', source_seq: seq }));

const message = (seq: number, overrides: Row = {}): Row => ({
	source_system: 'wms',
	source_seq: seq,
	endpoint: '/in',
	sent_at: START,
	received_at: START,
	status: 'ok',
	latency_ms: 100,
	order_id: 'O1',
	...overrides,
});

const feed = (eventRows: readonly Row[], messages: readonly Row[], parameters = {}) =>
	auditOf(testById('T78'), { order_event: eventRows, feed_message: messages, sales_order: [order('O1')] }, { parameters });

const keys = (run: ReturnType<typeof feed>) => run.exceptions.map((exception) => exception.keys);

describe('T78, gaps in source_seq', () => {
	test('numbers without a gap give none, wherever they begin and in whatever order', () => {
		expect(feed(events(12, 10, 11, 11), []).verdict).toBe('pass');
	});

	test('each missing range is one, named by its first number', () => {
		const run = feed(events(1, 2, 4, 8), []);
		expect(keys(run)).toEqual([
			{ source_seq: '3', source_system: 'wms' },
			{ source_seq: '5', source_system: 'wms' },
		]);
		expect(run.exceptions[1]?.reason).toContain('3 events from 5 to 7 are missing');
		expect(run.exceptions[0]?.rows).toEqual([
			{ table: 'order_event', row: 1 },
			{ table: 'order_event', row: 2 },
		]);
	});

	test('numbers far apart are found as well', () => {
		const run = feed(events(1, 9_000_000_000_000_000), []);
		expect(keys(run)).toEqual([{ source_seq: '2', source_system: 'wms' }]);
	});

	test('sources number apart', () => {
		const other = event('O1', { source_system: 'erp', source_seq: 7 });
		expect(feed([...events(1, 2), other], []).verdict).toBe('pass');
	});

	test('a message whose number an event has is there', () => {
		expect(feed(events(1, 2, 3), [message(1), message(3)]).verdict).toBe('pass');
		expect(keys(feed(events(1, 2), [message(1), message(2), message(4)]))).toEqual([{ source_seq: '3', source_system: 'wms' }]);
	});

	test('numbers that may be lines set aside are left open', () => {
		const t78 = testById('T78');
		const [first, second, third] = events(1, 2, 3) as [Row, Row, Row];
		const tables = { order_event: [first, { ...second, recorded_at: 'now' }, third], feed_message: [] };
		const run = t78 && runTest(t78, populate({ tables }), facts());
		expect(run).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(run?.why).toContain('1 missing numbers may be lines set aside');
	});
});

describe('T78, dead letters', () => {
	const dead = (overrides: Row = {}) =>
		message(2, { status: 'dead_letter', received_at: null, sent_at: '2026-03-02T10:00:00.000Z', ...overrides });

	test('a dead letter is one, with the order it was about', () => {
		const run = feed(events(1, 2), [message(1), dead()]);
		expect(run.exceptions).toMatchObject([{ orderId: 'O1', keys: { source_seq: '2', source_system: 'wms' }, amountMinor: 120_000n }]);
	});

	test('a replay of its number makes it good, as does a later message of it', () => {
		expect(feed(events(1, 2), [dead(), message(2, { status: 'replayed' })]).verdict).toBe('pass');
		expect(feed(events(1, 2), [dead(), message(2, { sent_at: '2026-03-02T11:00:00.000Z' })]).verdict).toBe('pass');
	});

	test('an earlier try of the same number does not', () => {
		expect(feed(events(1, 2), [message(2, { status: 'retried' }), dead()]).exceptions).toHaveLength(1);
	});

	test('a later replay of its order and endpoint makes it good, an earlier one or one of another order does not', () => {
		const replay = (overrides: Row) => message(3, { status: 'replayed', sent_at: '2026-03-02T11:00:00.000Z', ...overrides });
		expect(feed(events(1, 2, 3), [dead(), replay({})]).verdict).toBe('pass');
		expect(feed(events(1, 2, 3), [dead(), replay({ sent_at: START })]).exceptions).toHaveLength(1);
		expect(feed(events(1, 2, 3), [dead(), replay({ order_id: 'O2' })]).exceptions).toHaveLength(1);
		expect(feed(events(1, 2, 3), [dead({ order_id: null }), replay({ order_id: null })]).exceptions).toHaveLength(1);
	});
});

describe('T78, latency', () => {
	test('the limit itself is none, a millisecond more is one', () => {
		expect(feed(events(1), [message(1, { latency_ms: 60_000 })]).verdict).toBe('pass');
		expect(feed(events(1), [message(1, { latency_ms: 60_001 })]).exceptions[0]?.reason).toContain(
			'took 60001 ms to arrive; the limit is 60000 ms',
		);
		expect(feed(events(1), [message(1, { latency_ms: 501 })], { sla_ms: 500 }).exceptions).toHaveLength(1);
	});

	test('replays are late anyway', () => {
		expect(feed(events(1), [message(1, { latency_ms: 900_000, status: 'replayed' })]).verdict).toBe('pass');
	});
});

test('without feed messages the gaps are judged and the rest is said', () => {
	const run = auditOf(testById('T78'), { order_event: events(1, 2) });
	expect(run).toMatchObject({ verdict: 'incomplete', why: 'feed_message was not supplied: dead letters and latency can not be judged' });
	expect(auditOf(testById('T78'), { order_event: events(1, 3) }).exceptions).toHaveLength(1);
});
