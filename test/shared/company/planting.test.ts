import { describe, expect, it } from 'vitest';
import { type Answer, DROP_FLAWS } from '#company';
import { companyTables, groupBy } from './companyRows.ts';

/** The tests of this version that an audit of the sample must exercise, without those the drop itself has to get wrong. */
const PLANTED_IN_ROWS = '1-26 28 31-35 38-48 53 55-65 67 70 71 73 75 76 77 78 79 80 81 82 83 84 87 90'.split(' ').flatMap((range) => {
	const [from = 0, to = from] = range.split('-').map(Number);
	return Array.from({ length: to - from + 1 }, (_, index) => `T${String(from + index).padStart(2, '0')}`);
});

const full = companyTables({ orders: 60, seed: 4, anomalies: 'all' });
const { planted, consequences } = full.company.answers;
const distinct = (answers: readonly Answer[]) => new Set(answers.map(({ order_id, keys }) => JSON.stringify([order_id, keys])));

describe('what is planted', () => {
	it.each(PLANTED_IN_ROWS.filter((test) => test !== 'T77'))('is at least two different anomalies of %s', (test) => {
		expect(distinct(planted.filter((one) => one.test === test)).size).toBeGreaterThanOrEqual(2);
	});

	it('leaves the falsified manifest and the spoilt checkpoints to the writer of the drop', () => {
		const counted = (what: string) => DROP_FLAWS.filter((flaw) => flaw.what === what).length;
		expect(counted('sha256')).toBe(2);
		expect(counted('fork')).toBe(2);
		expect(counted('other_root') + counted('beyond_log')).toBe(2);
		expect(counted('rows') + counted('control_total') + planted.filter(({ test }) => test === 'T77').length).toBeGreaterThanOrEqual(2);
		expect(full.company.flaws).toEqual(DROP_FLAWS);
	});

	it('names subjects that exist in the rows, or says that they do not', () => {
		const orders = groupBy(full.of('sales_order'), 'order_id');
		for (const { order_id, test } of planted) {
			if (order_id !== null && !/^SO-[XY]/.test(order_id)) expect([test, orders.has(order_id)]).toEqual([test, true]);
		}
		const invoices = groupBy(full.of('invoice'), 'invoice_id');
		for (const { keys } of planted) if (keys['invoice_id']) expect(invoices.has(keys['invoice_id'])).toBe(true);
	});

	it('never is a consequence at the same time', () => {
		const meant = new Set(planted.map(({ test, order_id, keys }) => JSON.stringify([test, order_id, keys])));
		expect(consequences.filter(({ test, order_id, keys }) => meant.has(JSON.stringify([test, order_id, keys])))).toEqual([]);
	});

	it('stands beside the orders of the clean twin and changes none of them', () => {
		const twin = companyTables({ orders: 60, seed: 4, anomalies: 'none' });
		const known = new Map(full.of('sales_order_line').map((row) => [`${row['order_id']}/${row['line_id']}`, row]));
		for (const row of twin.of('sales_order_line')) expect(known.get(`${row['order_id']}/${row['line_id']}`)).toEqual(row);
		expect(full.of('sales_order').length).toBeGreaterThan(twin.of('sales_order').length + 100);
	});

	it.each([1, 2, 5, 19, 20, 49])('fits a company of %i orders as well', (orders) => {
		const small = companyTables({ orders, seed: 9, anomalies: 'all' }).company.answers;
		expect(small.planted.length).toBe(planted.length);
	});
});
