/**
 * A list longer than what a browser can lay out: Chromium caps the height of an element, lower at higher display scales, and rows beyond
 * the cap would never be painted. The space that is scrolled is kept below that; where the list is longer, a step of the scrollbar is more
 * rows, and the rows in view are placed where it stands.
 */

export const ROW_PX = 28;

/** Below the cap of Chromium (2^25 device pixels) at a display scale of 4. */
export const SPACE_PX_MAX = 8_000_000;

export interface ListSpace {
	/** Height of what is scrolled, pixels. */
	readonly height: number;
	/** Which pixel of the whole list is at the upper edge. @param top where the scrollbar stands */
	topOf(top: number): number;
	/** Where the scrollbar stands for it. */
	scrollOf(listTop: number): number;
}

/** @param view the height that is seen, without the head */
export function listSpace(count: number, view: number, most = SPACE_PX_MAX): ListSpace {
	const whole = count * ROW_PX;
	if (whole <= most) return { height: whole, topOf: (top) => top, scrollOf: (listTop) => listTop };
	const ratio = Math.max(1, whole - view) / Math.max(1, most - view);
	return { height: most, topOf: (top) => top * ratio, scrollOf: (listTop) => listTop / ratio };
}

/** The first row in view, and how many pixels of it are above the edge. */
export const rowAtTop = (listTop: number): number => Math.floor(listTop / ROW_PX);
