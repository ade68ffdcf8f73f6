import { describe, expect, it } from 'vitest';
import { NO_FILTER, type OrderRow } from '#explore';
import { chipOfCell } from '../../../renderer/screens/Orders/cellChip.ts';
import { amountOf, integerOf } from '../../../renderer/screens/Orders/inputs.ts';
import { isSelected, selectedCount, selectionOf, useSelection } from '../../../renderer/screens/Orders/selection.ts';
import { addChip, definitionOf, readDefinition, toggleValue, useOrders } from '../../../renderer/screens/Orders/state.ts';

describe('amounts as people type them', () => {
	it.each([
		['1000', '.', '1000'],
		['1,234.56', '.', '1234.56'],
		['1.234,56', ',', '1234.56'],
		['1 234,5', ',', '1234.5'],
		['1,234', '.', '1234'],
		['1.234', ',', '1234'],
		['1.5', ',', '1.5'],
		['1,234,567', '.', '1234567'],
		['−12.30', '.', '-12.30'],
		['007', '.', '7'],
		['12%', '.', null],
		['1.2.3', '.', null],
		['12,34,567.8', '.', '1234567.8'],
		['', '.', null],
	])('%j with the decimal sign %j is %j', (typed, decimal, expected) => {
		expect(amountOf(typed, decimal)).toBe(expected);
	});

	it('whole numbers take thousands separators', () => {
		expect(integerOf('1 000')).toBe('1000');
		expect(integerOf('72')).toBe('72');
		expect(integerOf('7 days')).toBeNull();
	});
});

const ROW: OrderRow = {
	row: 0,
	orderId: 'SO-1',
	customerId: 'C1',
	customer: 'Nordwind AG',
	entity: 'E1',
	region: null,
	state: 'shipped',
	orderedAt: Date.UTC(2026, 2, 31, 23, 30),
	totalMinor: -123_450n,
	currency: 'EUR',
	events: 3,
	lastEventAt: null,
	ageHours: 80,
	schemaVersion: 1,
	chain: 'verified',
	exceptions: null,
	severity: null,
	holds: 0,
	disputes: 0,
};

describe('the condition a cell stands for', () => {
	it('names keys, exact amounts and whole days', () => {
		expect(chipOfCell(ROW, 'customer', 'is')).toEqual({ column: 'customer', op: 'is', values: ['C1'] });
		expect(chipOfCell(ROW, 'total', 'is')).toEqual({ column: 'total', op: 'is', values: ['-1234.50'] });
		expect(chipOfCell(ROW, 'ordered_at', 'is')).toEqual({ column: 'ordered_at', op: 'between', values: ['2026-03-31', '2026-03-31'] });
		expect(chipOfCell(ROW, 'holds', 'is_not')).toEqual({ column: 'holds', op: 'is_not', values: ['0'] });
	});

	it('an empty cell keeps or leaves out what is empty', () => {
		expect(chipOfCell(ROW, 'region', 'is')).toEqual({ column: 'region', op: 'is_null', values: [] });
		expect(chipOfCell(ROW, 'region', 'is_not')).toEqual({ column: 'region', op: 'is_not_null', values: [] });
	});
});

describe('selections', () => {
	it('all matching but one is two words, whatever the list’s length', () => {
		const { all, toggle, clear } = useSelection.getState();
		all();
		toggle('SO-1');
		expect(selectedCount(useSelection.getState(), 1_000_000)).toBe(999_999);
		expect(isSelected(useSelection.getState(), 'SO-1')).toBe(false);
		expect(isSelected(useSelection.getState(), 'SO-2')).toBe(true);
		expect(selectionOf(useSelection.getState())).toEqual({ kind: 'all_but', orderIds: ['SO-1'] });
		clear();
		expect(selectionOf(useSelection.getState())).toEqual({ kind: 'all' });
	});
});

describe('the stack of conditions', () => {
	it('a value is chosen, joined by another, and let go again', () => {
		useOrders.getState().set({ filter: NO_FILTER });
		toggleValue('state', 'shipped');
		toggleValue('state', 'closed');
		expect(useOrders.getState().filter.chips).toEqual([{ column: 'state', op: 'is', values: ['shipped', 'closed'] }]);
		toggleValue('state', 'shipped');
		toggleValue('state', 'closed');
		expect(useOrders.getState().filter).toEqual(NO_FILTER);
	});

	it('a saved definition reads back as it was, and nonsense reads as nothing', () => {
		addChip({ column: 'age_hours', op: 'at_least', values: ['72'] });
		const { filter, sort, columns } = useOrders.getState();
		expect(readDefinition(definitionOf(useOrders.getState()))).toEqual({ filter, sort, columns });
		expect(readDefinition('{"filter":1}')).toBeNull();
		expect(readDefinition('no json')).toBeNull();
	});
});
