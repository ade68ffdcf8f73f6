import { describe, expect, it } from 'vitest';
import { fittingHeight, type Line, nextHeight, wholeHeights } from '../../../renderer/components/wholeLines.ts';

const column = (from: number, ...sizes: readonly number[]): Line[] => {
	let top = from;
	return sizes.map((size) => {
		const line = { top, bottom: top + size };
		top += size;
		return line;
	});
};

describe('the heights of a region that cuts no line', () => {
	it('are the ends of its lines and the whole of it', () => {
		expect(wholeHeights(column(8, 20, 40, 40), 112)).toEqual([28, 68, 108, 112]);
	});

	it('leave out an end at which a line of another column would be cut', () => {
		expect(wholeHeights([...column(0, 20, 20, 20), ...column(0, 20, 40)], 60)).toEqual([20, 60]);
	});

	it('take lines that differ by a fraction of a pixel for one', () => {
		expect(wholeHeights([...column(0, 20.4, 20), ...column(0, 20.9, 20)], 60)).toEqual([21, 41, 60]);
	});

	it('are the whole alone where it has no lines', () => {
		expect(wholeHeights([], 60)).toEqual([60]);
	});
});

describe('a height that is wanted', () => {
	const heights = [28, 68, 108];

	it('becomes the largest whole one that is not above it', () => {
		expect([fittingHeight(heights, 67), fittingHeight(heights, 68), fittingHeight(heights, 900)]).toEqual([28, 68, 108]);
	});

	it('is never less than one line, and stands as it is before anything was measured', () => {
		expect([fittingHeight(heights, 3), fittingHeight([], 236)]).toEqual([28, 236]);
	});

	it('goes up and down by whole lines, and stays at either end', () => {
		expect([nextHeight(heights, 68, 1), nextHeight(heights, 68, -1)]).toEqual([108, 28]);
		expect([nextHeight(heights, 108, 1), nextHeight(heights, 28, -1)]).toEqual([108, 28]);
	});
});
