import { describe, expect, it } from 'vitest';
import { testById } from '#audit';
import { auditOf, type Row } from './populate.ts';
import { invoice } from './sale.ts';

const DAY = 86_400_000;
const START = Date.parse('2026-03-01T10:00:00.000Z');

/** Invoices with these numbers, one issued a day, in this order. */
const numbered = (numbers: readonly string[], over: Row = {}) =>
	numbers.map((invoice_no, n) =>
		invoice({ invoice_id: `I-${invoice_no}`, invoice_no, issued_at: new Date(START + n * DAY).toISOString(), ...over }),
	);

const gaps = (...invoices: readonly Row[]) => auditOf(testById('T14'), { invoice: invoices });
const reasons = (...invoices: readonly Row[]) => gaps(...invoices).exceptions.map(({ reason }) => reason.split(': ')[1]);

describe('T14 sequence gaps', () => {
	it.each([
		['running numbers', ['INV-0009', 'INV-0010', 'INV-0011']],
		['any order in the file', ['INV-3', 'INV-1', 'INV-2']],
		['a new start each year', ['INV-2026-0001', 'INV-2026-0002', 'INV-2027-0001']],
		['the year behind the number', ['0001/2026', '0002/2026', '0001/2027', '0003/2026']],
		['numbers by day', ['20260301-1', '20260301-2', '20260305-1']],
		['one number', ['INV-77']],
	])('%s have none', (_, numbers) => expect(gaps(...numbered(numbers)).verdict).toBe('pass'));

	it('a missing number is named with its entity, its series and the invoice behind it', () => {
		expect(gaps(...numbered(['INV-0001', 'INV-0003'])).exceptions).toMatchObject([
			{ orderId: null, keys: { entity_id: 'E1', series: 'INV', invoice_id: 'I-INV-0003' }, amountMinor: null, currency: null },
		]);
		expect(reasons(...numbered(['INV-0001', 'INV-0003']))).toEqual(['INV-0002.']);
	});

	it.each([
		[
			['1', '3', '4', '7'],
			['2.', '5, 6.'],
		],
		[['A-098', 'A-101'], ['A-099, A-100.']],
		[['0001/2026', '0003/2026'], ['0002/2026.']],
		[['R1/26', 'R4/26', 'R3/26'], []],
	])('%s lacks %s', (numbers, expected) => expect(reasons(...numbered(numbers))).toEqual(expected));

	it('one odd number does not hide the numbering of a series whose numbers end in years', () => {
		const years = Array.from({ length: 12 }, (_, n) => `INV/${String(n + 1).padStart(5, '0')}/2026`);
		expect(reasons(...numbered([...years.filter((_, n) => n !== 6), '1NV-OOO37.2O26']))).toEqual(['INV/00007/2026.']);
	});

	it('a year of two digits behind the number is told by its repetition', () => {
		const short = Array.from({ length: 40 }, (_, n) => `${String(n + 1).padStart(5, '0')}/26`);
		expect(gaps(...numbered(short)).exceptions).toEqual([]);
		expect(reasons(...numbered(short.filter((_, n) => n !== 20)))).toEqual(['00021/26.']);
		const running = Array.from({ length: 40 }, (_, n) => `2026-${String(n + 10)}`);
		expect(reasons(...numbered(running.filter((_, n) => n !== 20)))).toEqual(['2026-30.']);
	});

	it('a gap of a billion numbers is one exception', () => {
		expect(reasons(...numbered(['INV-1', 'INV-999999999999']))).toEqual(['INV-2 to INV-999999999998.']);
		expect(gaps(...numbered(['1', '99999999999999999999999999'])).exceptions).toEqual([]);
	});

	it('series and entities have sequences of their own; credit memos fill the numbers of their series', () => {
		expect(
			gaps(...numbered(['1', '2']), ...numbered(['7', '8'], { series: 'B' }), ...numbered(['17', '18'], { entity_id: 'E2' })).exceptions,
		).toEqual([]);
		expect(gaps(...numbered(['1', '3']), ...numbered(['2'], { kind: 'credit_memo' })).exceptions).toEqual([]);
	});

	it('a number without a digit is left open, and said so', () => {
		expect(gaps(...numbered(['1', '2', 'ABC']))).toMatchObject({ verdict: 'incomplete', why: '1 invoice number without a digit' });
	});

	it('is not testable without series', () => {
		const { series: _, ...rest } = invoice();
		expect(auditOf(testById('T14'), { invoice: [rest] })).toMatchObject({
			verdict: 'not_testable',
			why: 'not supplied: column invoice.series',
		});
	});
});

describe('T15 out-of-order numbering', () => {
	const issued = (...days: readonly number[]) =>
		auditOf(testById('T15'), {
			invoice: days.map((day, n) =>
				invoice({ invoice_id: `I${n + 1}`, invoice_no: `INV-${n + 1}`, issued_at: new Date(START + day * DAY).toISOString() }),
			),
		});
	const subjects = (...days: readonly number[]) => issued(...days).exceptions.map(({ keys }) => keys['invoice_id']);

	it('a fall of three days is in order, of more it is not', () => {
		expect(subjects(5, 2)).toEqual([]);
		expect(subjects(5, 2 - 1 / DAY)).toEqual(['I2']);
	});

	it.each([
		['the backdated one', [10, 11, 1, 12, 13], ['I3']],
		['the one dated ahead', [10, 30, 11, 12, 13], ['I2']],
		['the higher number where two of them do not tell', [10, 1], ['I2']],
		['the last one', [10, 11, 12, 1], ['I4']],
		['the first one, dated ahead', [30, 11, 12], ['I1']],
		['none in a run', [1, 1, 2, 3], []],
	] as const)('names %s', (_, days, expected) => expect(subjects(...days)).toEqual(expected));

	it('gives the amount and both rows', () => {
		expect(issued(10, 1).exceptions).toMatchObject([{ amountMinor: 11_900n, currency: 'USD', rows: [{ row: 0 }, { row: 1 }] }]);
	});

	it('days moves the boundary, and another series is not compared', () => {
		const rows = [
			invoice({ invoice_no: 'INV-1' }),
			invoice({ invoice_id: 'I2', invoice_no: 'INV-2', issued_at: '2026-02-20T10:00:00.000Z' }),
		];
		expect(auditOf(testById('T15'), { invoice: rows }, { parameters: { days: 12 } }).exceptions).toHaveLength(1);
		expect(auditOf(testById('T15'), { invoice: rows }, { parameters: { days: 13 } }).exceptions).toHaveLength(0);
		expect(auditOf(testById('T15'), { invoice: [rows[0] as Row, { ...rows[1], series: 'B' }] }).exceptions).toHaveLength(0);
	});
});
