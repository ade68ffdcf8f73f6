import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
	allRows,
	describeFilter,
	type FilterChip,
	facets,
	filterFault,
	filterOrders,
	minorsOfText,
	NO_FILTER,
	ORDER_COLUMNS,
	type OrderFilter,
	type OrderRow,
	page,
	placeOf,
	profile,
	type SortKey,
	selectedRows,
	sortOrders,
	totals,
	variantText,
	withChip,
} from '#explore';
import { currencyExponent } from '#kernel';
import { syntheticOrders } from './syntheticOrders.ts';

const table = syntheticOrders(3_000);
const rows = page(table, allRows(table), 0, table.rows);
const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : 1);
const filterOf = (...chips: FilterChip[]): OrderFilter => ({ chips, text: '' });

/** The same conditions, one object at a time. */
function holds(row: OrderRow, { column, op, values }: FilterChip): boolean {
	if (column === 'state' || column === 'region' || column === 'severity') {
		const value = row[column];
		if (op === 'is') return value !== null && values.includes(value);
		if (op === 'is_not') return value === null || !values.includes(value);
		if (op === 'is_null') return value === null;
		return value?.toLowerCase().includes((values[0] ?? '').toLowerCase()) === true;
	}
	if (column === 'total') {
		const [minor, currency] = [row.totalMinor as bigint, row.currency as string];
		const unit = 10n ** BigInt(currencyExponent(currency));
		if (op === 'at_least') return minor >= BigInt(values[0] ?? '0') * unit;
		return minor <= BigInt(values[0] ?? '0') * unit;
	}
	const age = row.ageHours as number;
	if (op === 'at_least') return age >= Number(values[0]);
	if (op === 'at_most') return age <= Number(values[0]);
	return age >= Number(values[0]) && age <= Number(values[1]);
}

const states = ['booked', 'released', 'shipped', 'closed', 'no such state'];
const chips: fc.Arbitrary<FilterChip> = fc.oneof(
	fc.record({
		column: fc.constant('state' as const),
		op: fc.constantFrom('is' as const, 'is_not' as const),
		values: fc.subarray(states, { minLength: 1 }),
	}),
	fc.record({
		column: fc.constant('region' as const),
		op: fc.constant('contains' as const),
		values: fc.constantFrom(['ort'], ['EX'], ['zz']),
	}),
	fc.record({ column: fc.constant('severity' as const), op: fc.constant('is_null' as const), values: fc.constant([]) }),
	fc.record({
		column: fc.constant('total' as const),
		op: fc.constantFrom('at_least' as const, 'at_most' as const),
		values: fc.integer({ min: -300, max: 60_000 }).map((amount) => [String(amount)]),
	}),
	fc.record({
		column: fc.constant('age_hours' as const),
		op: fc.constantFrom('at_least' as const, 'at_most' as const),
		values: fc.integer({ min: 0, max: 9_000 }).map((age) => [String(age)]),
	}),
	fc.record({
		column: fc.constant('age_hours' as const),
		op: fc.constant('between' as const),
		values: fc.tuple(fc.integer({ min: 0, max: 4_000 }), fc.integer({ min: 0, max: 9_000 })).map((pair) => pair.map(String)),
	}),
);

describe('filters', () => {
	test('keep the rows that a look at every order keeps', () => {
		fc.assert(
			fc.property(fc.array(chips, { maxLength: 4 }), (conditions) => {
				const kept = [...filterOrders(table, filterOf(...conditions))];
				expect(kept).toEqual(rows.filter((row) => conditions.every((chip) => holds(row, chip))).map(({ row }) => row));
			}),
			{ numRuns: 150 },
		);
	});

	test('find text in number, customer and region without regard to case', () => {
		const found = filterOrders(table, { chips: [], text: ' so-000001 ' });
		expect(page(table, found, 0, 99).map(({ orderId }) => orderId)).toEqual([...Array(10).keys()].map((i) => `SO-000001${i}`));
		const name = rows[7]?.customer ?? '';
		const byName = new Set(filterOrders(table, { chips: [], text: name.toUpperCase() }));
		expect(rows.filter(({ customer }) => customer?.includes(name)).every(({ row }) => byName.has(row))).toBe(true);
		expect(filterOrders(table, { chips: [], text: 'customer 1\nSO' }).length).toBe(0);
	});

	test('an amount bound holds in the decimals of each row’s own currency', () => {
		expect(minorsOfText('1000.5', 'USD', 'up')).toBe(100_050n);
		expect(minorsOfText('1000.5', 'JPY', 'up')).toBe(1_001n);
		expect(minorsOfText('1000.5', 'JPY', 'down')).toBe(1_000n);
		expect(minorsOfText('-1000.5', 'JPY', 'down')).toBe(-1_001n);
		expect(minorsOfText('1.0005', 'KWD', 'up')).toBe(1_001n);
	});

	test('say why they cannot be read', () => {
		expect(filterFault(filterOf({ column: 'total', op: 'at_least', values: ['1,000'] }))).toContain('1,000');
		expect(filterFault(filterOf({ column: 'state', op: 'at_least', values: ['x'] }))).toContain('State');
		expect(filterFault(filterOf({ column: 'age_hours', op: 'between', values: ['1'] }))).toContain('2 values');
		expect(filterFault(filterOf({ column: 'ordered_at', op: 'after', values: ['2026-02-30'] }))).toContain('2026-02-30');
		expect(filterFault(filterOf({ column: 'state', op: 'is', values: ['shipped'] }))).toBeNull();
	});

	test('read as a sentence', () => {
		const filter = filterOf({ column: 'state', op: 'is', values: ['shipped'] }, { column: 'age_hours', op: 'at_least', values: ['72'] });
		expect(describeFilter(filter)).toBe('State is shipped and Age, h ≥ 72');
		expect(describeFilter(NO_FILTER)).toBe('all orders');
	});

	test('a second value of a column widens its condition', () => {
		const once = withChip(NO_FILTER, { column: 'state', op: 'is', values: ['shipped'] });
		expect(withChip(once, { column: 'state', op: 'is', values: ['closed'] }).chips).toEqual([
			{ column: 'state', op: 'is', values: ['shipped', 'closed'] },
		]);
	});

	test('a day as upper bound holds all of the day', () => {
		const day = new Date(rows[0]?.orderedAt ?? 0).toISOString().slice(0, 10);
		const kept = filterOrders(table, filterOf({ column: 'ordered_at', op: 'between', values: [day, day] }));
		const expected = rows.filter(({ orderedAt }) => new Date(orderedAt ?? 0).toISOString().startsWith(day)).map(({ row }) => row);
		expect([...kept]).toEqual(expected);
	});
});

describe('paths', () => {
	const paths = table.paths;
	if (!paths) throw new Error('the synthetic list has paths');
	const textOf = (row: number): string => variantText(paths.variants, paths.variantOf[row] as number, paths.states);

	test.each([
		['passes', ['shipped', 'delivered'], (text: string) => text.includes('shipped → delivered')],
		['visits', ['on_hold'], (text: string) => text.includes('on_hold')],
		['without', ['on_hold'], (text: string) => !text.includes('on_hold')],
		['starts_with', ['booked'], (text: string) => text.startsWith('booked')],
		['ends_with', ['cancelled'], (text: string) => text.endsWith('cancelled')],
		['visits', ['never heard of'], () => false],
	] as const)('%s %j', (op, values, expected) => {
		const kept = filterOrders(table, filterOf({ column: 'path', op, values }));
		expect([...kept]).toEqual(rows.filter(({ row }) => expected(textOf(row))).map(({ row }) => row));
	});

	test('a variant is named by its own words', () => {
		const kept = filterOrders(table, filterOf({ column: 'path', op: 'variant', values: [textOf(5)] }));
		expect([...kept]).toEqual(rows.filter(({ row }) => textOf(row) === textOf(5)).map(({ row }) => row));
	});
});

describe('sorting', () => {
	const cellOf = (row: OrderRow, { column }: SortKey): string | number | bigint | null => {
		if (column === 'total')
			return row.totalMinor === null ? null : row.totalMinor * 10n ** BigInt(4 - currencyExponent(row.currency ?? ''));
		if (column === 'age_hours') return row.ageHours;
		if (column === 'order_id') return row.orderId;
		if (column === 'ordered_at') return row.orderedAt;
		if (column === 'severity') return row.severity === null ? null : ['critical', 'high', 'medium', 'low'].indexOf(row.severity);
		return row.customer;
	};

	test('agrees with a comparing sort by several columns, null last either way, and is stable', () => {
		const keys = fc.record({
			column: fc.constantFrom('total', 'age_hours', 'order_id', 'customer', 'severity', 'ordered_at'),
			direction: fc.constantFrom('asc', 'desc'),
		}) as fc.Arbitrary<SortKey>;
		fc.assert(
			fc.property(fc.array(keys, { maxLength: 3 }), (by) => {
				const compare = (a: OrderRow, b: OrderRow): number => {
					for (const key of by) {
						const [x, y] = [cellOf(a, key), cellOf(b, key)];
						if (x === y) continue;
						if (x === null || y === null) return x === null ? 1 : -1;
						return (x < y ? -1 : 1) * (key.direction === 'asc' ? 1 : -1);
					}
					return 0;
				};
				expect([...sortOrders(table, allRows(table), by)]).toEqual([...rows].sort(compare).map(({ row }) => row));
			}),
			{ numRuns: 60 },
		);
	});

	test('leaves the rows it was given as they were', () => {
		const given = allRows(table);
		sortOrders(table, given, [{ column: 'total', direction: 'desc' }]);
		expect(given).toEqual(allRows(table));
	});
});

describe('counts and sums', () => {
	test('a facet counts without its own column’s condition, so that one can still choose', () => {
		const filter = filterOf({ column: 'state', op: 'is', values: ['shipped'] }, { column: 'region', op: 'is', values: ['north'] });
		const [state, region] = facets(table, filter, ['state', 'region']);
		const counted = (row: (one: OrderRow) => boolean) => rows.filter(row).length;
		expect(state?.values.find(({ value }) => value === 'closed')?.count).toBe(
			counted(({ state: s, region: r }) => s === 'closed' && r === 'north'),
		);
		expect(region?.values.find(({ value }) => value === 'south')?.count).toBe(
			counted(({ state: s, region: r }) => s === 'shipped' && r === 'south'),
		);
	});

	test('values beyond the fifty most frequent are counted, and everything adds up', () => {
		const [customer] = facets(table, NO_FILTER, ['customer']);
		expect(customer?.values).toHaveLength(50);
		const listed = customer?.values.reduce((sum, { count }) => sum + count, 0) ?? 0;
		expect(listed + (customer?.others.rows ?? 0) + (customer?.nulls ?? 0)).toBe(table.rows);
		expect(customer?.others.values).toBe(new Set(rows.map(({ customerId }) => customerId)).size - 50);
	});

	test('sums are exact, by currency, also beyond 2^53', () => {
		const { sums, without } = totals(table, allRows(table));
		for (const { currency, minor, count } of sums) {
			const own = rows.filter((row) => row.currency === currency);
			expect(minor).toBe(own.reduce((sum, { totalMinor }) => sum + (totalMinor ?? 0n), 0n));
			expect(count).toBe(own.length);
		}
		expect(without).toBe(0);
		expect(sums.reduce((sum, { count }) => sum + count, 0)).toBe(table.rows);
	});

	test('a profile tells every row once, in bins that cover least to most', () => {
		for (const { id } of ORDER_COLUMNS) {
			const found = profile(table, allRows(table), id);
			expect(found.rows).toBe(table.rows);
			const binned = found.bins.reduce((sum, { count }) => sum + count, 0);
			if (found.kind === 'number' || found.kind === 'instant') {
				expect(binned).toBe(table.rows - found.nulls);
				expect(found.bins[0]?.from).toBe(String(found.least));
				expect(found.bins.at(-1)?.to).toBe(String(found.most));
			}
			for (const currency of found.currencies) {
				expect(currency.bins.reduce((sum, { count }) => sum + count, 0)).toBe(currency.count);
				const own = rows.filter((row) => row.currency === currency.currency).map(({ totalMinor }) => totalMinor as bigint);
				expect(currency.least).toBe(own.toSorted(ascending)[0]);
				expect(currency.most).toBe(own.toSorted(ascending).at(-1));
				for (const { from, to, count } of currency.bins)
					expect(own.filter((minor) => minor >= BigInt(from) && minor <= BigInt(to)).length).toBe(count);
			}
		}
	});

	test('an empty list has no least and no bins', () => {
		const none = new Int32Array(0);
		expect(profile(table, none, 'age_hours')).toMatchObject({ rows: 0, least: null, bins: [] });
		expect(profile(table, none, 'total').currencies).toEqual([]);
		expect(totals(table, none)).toEqual({ count: 0, sums: [], without: 0 });
	});
});

describe('selections', () => {
	test('are predicates: all, all but some, some', () => {
		const shown = filterOrders(table, filterOf({ column: 'state', op: 'is', values: ['shipped'] }));
		const [first, second] = page(table, shown, 0, 2).map(({ orderId }) => orderId) as [string, string];
		expect(selectedRows(table, shown, { kind: 'all' })).toEqual(shown);
		expect(selectedRows(table, shown, { kind: 'all_but', orderIds: [first] })).toEqual(shown.slice(1));
		expect(selectedRows(table, shown, { kind: 'list', orderIds: [second, 'no such order'] })).toEqual(shown.slice(1, 2));
		expect(placeOf(table, shown, second)).toBe(1);
	});

	test('the last page ends with the last row', () => {
		expect(page(table, allRows(table), table.rows - 1, table.rows + 100)).toHaveLength(1);
	});
});
