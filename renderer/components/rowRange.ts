/** A range of rows chosen by keys or clicks: from where it was begun to where one stands. */

export interface RowRange {
	readonly anchor: number;
	readonly head: number;
}

export interface Press {
	readonly key: string;
	readonly shiftKey: boolean;
	/** Ctrl or Command. */
	readonly mod: boolean;
}

/** First row and the one after the last. */
export const boundsOf = ({ anchor, head }: RowRange): readonly [from: number, to: number] => [
	Math.min(anchor, head),
	Math.max(anchor, head) + 1,
];

export const isWithin = (range: RowRange | null, index: number): boolean =>
	range !== null && index >= Math.min(range.anchor, range.head) && index <= Math.max(range.anchor, range.head);

const WALKS: ReadonlySet<string> = new Set(['ArrowDown', 'ArrowUp', 'PageDown', 'PageUp', 'Home', 'End', 'j', 'k', 'Escape']);

/**
 * The range after a key: Shift with an arrow extends it, Ctrl+A takes all, walking on gives it up.
 * @param at the row one stands on before the key
 * @returns the same range where the key is not about it
 */
export function rangeAfter(range: RowRange | null, { key, shiftKey, mod }: Press, at: number, count: number): RowRange | null {
	if (count === 0) return null;
	if (mod && !shiftKey && key.toLowerCase() === 'a') return { anchor: 0, head: count - 1 };
	if (shiftKey && !mod && (key === 'ArrowDown' || key === 'ArrowUp')) {
		const from = Math.max(0, at);
		const head = Math.min(count - 1, Math.max(0, from + (key === 'ArrowDown' ? 1 : -1)));
		return { anchor: range?.anchor ?? from, head };
	}
	return !shiftKey && WALKS.has(key) ? null : range;
}
