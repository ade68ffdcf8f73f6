import { describe, expect, it } from 'vitest';
import { testById } from '#audit';
import { auditOf, type Row } from './populate.ts';
import { order } from './sale.ts';

const LIMIT = { limit_minor: 100_000 };
const T50 = (orders: readonly Row[], parameters: Record<string, number | string> = LIMIT) =>
	auditOf(testById('T50'), { sales_order: orders }, { parameters });
const at = (id: string, total: number, day: string, over: Row = {}): Row =>
	order({ order_id: id, total_minor: total, ordered_at: `2026-03-${day}:00.000Z`, ...over });

describe('T50 split below a limit', () => {
	it('cannot be made without a limit, and says so', () => {
		expect(T50([at('A', 99_000, '02T09:00'), at('B', 99_000, '02T10:00')], {})).toMatchObject({
			verdict: 'not_testable',
			why: 'the parameter limit_minor was not given',
		});
	});

	it('finds orders just below the limit that are above it together', () => {
		const { exceptions } = T50([at('B', 90_000, '03T09:00'), at('A', 99_999, '02T09:00'), at('C', 95_000, '03T09:01')]);
		expect(exceptions).toMatchObject([{ orderId: 'B', keys: { order_id: 'B' }, amountMinor: 189_999n }]);
		expect(exceptions[0]?.reason).toBe(
			'Customer C1 placed 2 orders within 1 d from 2026-03-02 09:00 UTC on, each below the limit of 1,000.00 USD, and 1,899.99 USD together: A, B.',
		);
		expect(exceptions[0]?.rows).toHaveLength(2);
	});

	it.each([
		['an order at the limit, which needed its approval', at('B', 100_000, '02T10:00')],
		['an order below its share', at('B', 89_999, '02T10:00')],
		['a minute more than a day', at('B', 99_000, '03T09:01')],
		['another customer', at('B', 99_000, '02T10:00', { customer_id: 'C2' })],
		['another currency', at('B', 99_000, '02T10:00', { currency: 'EUR' })],
	])('passes %s', (_, other) => {
		expect(T50([at('A', 99_000, '02T09:00'), other]).verdict).toBe('pass');
	});

	it('takes its share and its hours as given', () => {
		const small = [at('A', 30_000, '02T09:00'), at('B', 40_000, '02T20:00'), at('C', 31_000, '04T08:00')];
		expect(T50(small, { ...LIMIT, share: '30' }).verdict).toBe('pass');
		expect(T50(small, { ...LIMIT, share: '30', hours: 48 }).exceptions).toMatchObject([{ orderId: 'C', amountMinor: 101_000n }]);
	});
});
