/** Whether an order's lines count 1, 2, 3 …: gaps, repeats, and lines out of order, told apart. */
import type { DuplicateWhy, SequenceGapWhy } from './logKernelReport.ts';

export type SequenceFault =
	| { readonly code: 'sequence_gap'; readonly why: SequenceGapWhy; readonly expected: number }
	| { readonly code: 'duplicate'; readonly why: DuplicateWhy; readonly expected: number };

/** What is remembered of an order whose count has gone wrong once. */
interface Count {
	/** Number of the order's last line. */
	last: number;
	/** Highest number so far. */
	highest: number;
	/** Ranges left out, ascending: from, to, from, to … */
	readonly holes: number[];
	/** Numbers in those ranges that came later after all. */
	readonly filled: Set<number>;
}

/** Beyond this many remembered holes and late numbers, a late number counts as a repeat: a log that far gone needs no finer words. */
const MAX_REMEMBERED = 2_000_000;

/** Counts of the orders that need more than the next number; the others are the caller's own, in bulk. */
export class SequenceJudge {
	readonly #counts = new Map<number, Count>();
	#remembered = 0;

	/**
	 * Judges the number `found` on the next line of `order`, null where it has none.
	 * @param before the order's last number, read only at the order's first fault: until then it counted 1, 2, 3 … `before`
	 */
	judge(order: number, before: number, found: number | null): SequenceFault | null {
		const count = this.#counts.get(order) ?? { last: before, highest: before, holes: [], filled: new Set<number>() };
		this.#counts.set(order, count);
		const expected = count.highest + 1;
		if (found === null) {
			// The line is taken to stand for the number it lacks, so that the next line is not accused as well.
			count.last = count.highest = expected;
			return { code: 'sequence_gap', why: 'seq_missing', expected };
		}
		if (found < 1) return { code: 'sequence_gap', why: 'seq_below_one', expected };
		const continues = found === count.last + 1;
		count.last = found;
		if (found >= expected) {
			count.highest = found;
			if (found === expected) return null;
			if (this.#mayRemember()) count.holes.push(expected, found - 1);
			return { code: 'sequence_gap', why: 'seq_gap', expected };
		}
		if (!isInHole(count.holes, found) || count.filled.has(found)) return { code: 'duplicate', why: 'seq_repeat', expected };
		if (this.#mayRemember()) count.filled.add(found);
		return continues ? null : { code: 'sequence_gap', why: 'seq_out_of_order', expected };
	}

	#mayRemember(): boolean {
		return this.#remembered++ < MAX_REMEMBERED;
	}
}

/** Binary search: a log may have a million holes. */
function isInHole(holes: readonly number[], number: number): boolean {
	let low = 0;
	let high = holes.length / 2;
	while (low < high) {
		const middle = (low + high) >>> 1;
		if ((holes[2 * middle + 1] as number) < number) low = middle + 1;
		else high = middle;
	}
	return low < holes.length / 2 && (holes[2 * low] as number) <= number;
}
