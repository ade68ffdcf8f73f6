/** Sets of half-open intervals [from, to), each remembering the row it came from. */

export interface Interval {
	readonly from: number;
	/** Infinity where it has no end yet. */
	readonly to: number;
	readonly row: number;
}

/** Disjoint pieces in ascending order; where intervals overlap, a piece belongs to one of those that cover it. */
export class IntervalSet {
	readonly #pieces: readonly Interval[];

	constructor(intervals: readonly Interval[]) {
		const pieces: Interval[] = [];
		let end = Number.NEGATIVE_INFINITY;
		for (const { from, to, row } of [...intervals].sort((a, b) => a.from - b.from || a.row - b.row)) {
			const start = Math.max(from, end);
			// Also leaves out what has no start (NaN).
			if (!(to > start)) continue;
			pieces.push({ from: start, to, row });
			end = to;
		}
		this.#pieces = pieces;
	}

	get isEmpty(): boolean {
		return this.#pieces.length === 0;
	}

	/** The piece that covers an instant, or null. */
	covering(instant: number): Interval | null {
		const piece = this.firstEndingAfter(instant);
		return piece && piece.from <= instant ? piece : null;
	}

	/** The first piece that ends after an instant, whether it has begun by then or not; null if none does. */
	firstEndingAfter(instant: number): Interval | null {
		let low = 0;
		let high = this.#pieces.length;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.#pieces[middle] as Interval).to > instant) high = middle;
			else low = middle + 1;
		}
		return this.#pieces[low] ?? null;
	}
}

export const NO_INTERVALS = new IntervalSet([]);
