import { describe, expect, test } from 'vitest';
import { historiesOf, lineStateBreaks } from '#orders';
import type { Population } from '#population';
import { event, history } from '../audit/orderRecords.ts';
import { populateWhole, type Row } from '../audit/populate.ts';

const withEvents = (rows: readonly Row[]): Population => populateWhole({ tables: { order_event: rows } });

const before = (population: Population): (string | null)[] =>
	[...historiesOf(population).before].map((state) => (state < 0 ? null : population.dictionary('state').text(state)));

test('the state before an event is the last one reached along its own order, whatever lies between', () => {
	const [booked, noted, released] = history('O1', [['booked'], [null], ['released']]) as [Row, Row, Row];
	const [other] = history('O2', [['draft']]) as [Row];
	expect(before(withEvents([booked, other, noted, released]))).toEqual([null, null, 'booked', 'booked']);
});

/** Two lines, each with its own way from picking to delivered, as companies write it that keep states by line. */
const lineHistory = (orderId: string): Row[] => {
	const move = (seq: number, line: string | null, from: string | null, to: string) =>
		event(orderId, { event_id: `${orderId}-${seq}`, order_seq: seq, line_id: line, from_state: from, to_state: to });
	return [
		move(1, null, null, 'booked'),
		move(2, null, 'booked', 'picking'),
		move(3, 'L1', 'picking', 'shipped'),
		move(4, 'L1', 'shipped', 'delivered'),
		move(5, 'L2', 'picking', 'shipped'),
		move(6, 'L2', 'shipped', 'delivered'),
		move(7, null, 'delivered', 'closed'),
	];
};

/** Two lines that move one order: the second shipment starts where the first one left the order. */
const orderHistory = (orderId: string): Row[] =>
	history(orderId, [
		['booked'],
		['picking'],
		['partially_shipped', { line_id: 'L1' }],
		['shipped', { line_id: 'L2' }],
		['delivered', { line_id: 'L1' }],
	]);

describe('states by line', () => {
	test('are the rule where the orders with several lines are written so', () => {
		expect(historiesOf(withEvents([...lineHistory('O1'), ...lineHistory('O2')])).hasLineStates).toBe(true);
	});

	test('are not the rule where one such order stands among many others', () => {
		const others = Array.from({ length: 9 }, (_, at) => orderHistory(`P${at}`)).flat();
		expect(historiesOf(withEvents([...lineHistory('O1'), ...others])).hasLineStates).toBe(false);
	});

	test('are not the rule where nothing is out of sequence', () => {
		expect(historiesOf(withEvents(orderHistory('O1'))).hasLineStates).toBe(false);
	});

	test('do not excuse a state that neither order nor line was in', () => {
		const rows = lineHistory('O1');
		const population = withEvents([...rows.slice(0, 4), { ...rows[4], from_state: 'packed' }, ...rows.slice(5)] as Row[]);
		expect(lineStateBreaks(population, Int32Array.from(rows.keys()))).toEqual([4]);
	});

	test('do not excuse starting from nothing once the order has begun', () => {
		const rows = lineHistory('O1');
		const population = withEvents([...rows.slice(0, 4), { ...rows[4], from_state: null }, ...rows.slice(5)] as Row[]);
		expect(lineStateBreaks(population, Int32Array.from(rows.keys()))).toEqual([4]);
	});

	test('let an event of the order start from where some line stands', () => {
		const rows = lineHistory('O1').slice(0, 5);
		const held = event('O1', { order_seq: 6, from_state: 'delivered', to_state: 'on_hold' });
		expect(lineStateBreaks(withEvents([...rows, held]), Int32Array.from([...rows, held].keys()))).toEqual([]);
		const wrong = { ...held, event_id: 'X', from_state: 'returned' };
		expect(lineStateBreaks(withEvents([...rows, wrong]), Int32Array.from([...rows, wrong].keys()))).toEqual([5]);
	});
});
