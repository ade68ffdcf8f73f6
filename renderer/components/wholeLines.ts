/** Heights at which a region can end without cutting a line in two. */

export interface Line {
	/** Pixels from the top of the content. */
	readonly top: number;
	readonly bottom: number;
}

/** Lines that stand beside each other may differ by this without being lines of their own: half pixels of a magnified window. */
const SLACK = 1;

/**
 * @param lines of all columns; those of one column do not overlap
 * @param content the whole content's height: it ends there in any case
 * @returns from the least to the whole
 */
export function wholeHeights(lines: readonly Line[], content: number): readonly number[] {
	const ends = [...new Set(lines.map(({ bottom }) => Math.ceil(bottom)))].sort((a, b) => a - b);
	const whole = ends.filter((end) => end < content && !lines.some(({ top, bottom }) => top < end - SLACK && bottom > end + SLACK));
	return [...whole, content];
}

/** The largest that is not above the wanted one; the least where all are above it. */
export const fittingHeight = (heights: readonly number[], wanted: number): number =>
	heights.findLast((height) => height <= wanted) ?? heights[0] ?? wanted;

/** The next height up or down; the same one at either end. */
export function nextHeight(heights: readonly number[], from: number, step: 1 | -1): number {
	const next = step === 1 ? heights.find((height) => height > from) : heights.findLast((height) => height < from);
	return next ?? from;
}
