import { describe, expect, it } from 'vitest';
import { listSpace, ROW_PX, rowAtTop, SPACE_PX_MAX } from '../../../../renderer/screens/Exceptions/listScroll.ts';

const VIEW = 600;

describe('the space of the triage list', () => {
	it('is pixel for pixel while the browser can lay it out', () => {
		const space = listSpace(1000, VIEW);
		expect(space.height).toBe(1000 * ROW_PX);
		expect(space.topOf(5321)).toBe(5321);
		expect(space.scrollOf(5321)).toBe(5321);
	});

	it('never grows beyond what is painted at any display scale, and still reaches the last row', () => {
		for (const count of [300_000, 700_000, 3_000_000]) {
			const space = listSpace(count, VIEW);
			expect(space.height).toBeLessThanOrEqual(SPACE_PX_MAX);
			const end = space.topOf(space.height - VIEW);
			expect(Math.ceil((end + VIEW) / ROW_PX)).toBe(count);
			expect(space.topOf(0)).toBe(0);
		}
	});

	it('stands on the row that was asked for, wherever in the list it is', () => {
		const space = listSpace(1_000_000, VIEW);
		for (const row of [0, 1, 499_999, 999_900]) expect(rowAtTop(space.topOf(space.scrollOf(row * ROW_PX)) + 1)).toBe(row);
	});
});
