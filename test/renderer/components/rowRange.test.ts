import { describe, expect, it } from 'vitest';
import { boundsOf, isWithin, type RowRange, rangeAfter } from '../../../renderer/components/rowRange.ts';

const press = (key: string, ...held: ('shift' | 'mod')[]) => ({ key, shiftKey: held.includes('shift'), mod: held.includes('mod') });

describe('a range of rows', () => {
	it('grows from the row one stood on, and turns over it', () => {
		let range: RowRange | null = null;
		range = rangeAfter(range, press('ArrowDown', 'shift'), 5, 10);
		range = rangeAfter(range, press('ArrowDown', 'shift'), 6, 10);
		expect(range && boundsOf(range)).toEqual([5, 8]);
		for (const at of [7, 6, 5]) range = rangeAfter(range, press('ArrowUp', 'shift'), at, 10);
		expect(range && boundsOf(range)).toEqual([4, 6]);
	});

	it('stays within the list', () => {
		const down = rangeAfter(null, press('ArrowDown', 'shift'), 9, 10);
		expect(down && boundsOf(down)).toEqual([9, 10]);
		expect(rangeAfter(null, press('a', 'mod'), -1, 0)).toBeNull();
	});

	it('is all of the list with Ctrl+A, and nothing after walking on', () => {
		const all = rangeAfter(null, press('a', 'mod'), 3, 10);
		expect(all && boundsOf(all)).toEqual([0, 10]);
		expect(isWithin(all, 9)).toBe(true);
		expect(rangeAfter(all, press('ArrowDown'), 3, 10)).toBeNull();
		expect(rangeAfter(all, press('Escape'), 3, 10)).toBeNull();
		expect(rangeAfter(all, press('c', 'mod'), 3, 10)).toBe(all);
	});
});
