/**
 * Sets of half-open intervals of time, flat as [from, to, from, to …], disjoint and ascending. Validity of state tables and roles is
 * asked for millions of events: a search over doubles costs no object.
 */
export type Spans = Float64Array;

export const NO_SPANS: Spans = new Float64Array(0);

/**
 * The union of intervals given as [from, to, from, to …] in any order. An end of NaN is open; an interval that ends before it starts
 * holds nothing; neighbours that touch become one.
 */
export function unionOfSpans(bounds: readonly number[]): Spans {
	const starts: number[] = [];
	for (let at = 0; at < bounds.length; at += 2) starts.push(at);
	starts.sort((a, b) => (bounds[a] as number) - (bounds[b] as number));
	const merged: number[] = [];
	for (const at of starts) {
		const from = bounds[at] as number;
		const to = Number.isNaN(bounds[at + 1] as number) ? Number.POSITIVE_INFINITY : (bounds[at + 1] as number);
		if (!(from < to)) continue;
		const last = merged.length - 1;
		if (last > 0 && from <= (merged[last] as number)) merged[last] = Math.max(merged[last] as number, to);
		else merged.push(from, to);
	}
	return Float64Array.from(merged);
}

/** Index of the end of the interval that holds an instant, or -1. */
function endOf(spans: Spans, instant: number): number {
	let low = 0;
	let high = spans.length >> 1;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((spans[2 * middle + 1] as number) > instant) high = middle;
		else low = middle + 1;
	}
	return 2 * low < spans.length && (spans[2 * low] as number) <= instant ? 2 * low + 1 : -1;
}

export const covers = (spans: Spans, instant: number): boolean => endOf(spans, instant) >= 0;

/** Whether one interval holds both instants, and so everything between them. */
export function coversAll(spans: Spans, first: number, last: number): boolean {
	const end = endOf(spans, first);
	return end >= 0 && last >= first && last < (spans[end] as number);
}

/** What two sets have in common. */
export function commonSpans(a: Spans, b: Spans): Spans {
	const common: number[] = [];
	for (let i = 0, j = 0; i < a.length && j < b.length; ) {
		const from = Math.max(a[i] as number, b[j] as number);
		const to = Math.min(a[i + 1] as number, b[j + 1] as number);
		if (from < to) common.push(from, to);
		if ((a[i + 1] as number) < (b[j + 1] as number)) i += 2;
		else j += 2;
	}
	return Float64Array.from(common);
}
