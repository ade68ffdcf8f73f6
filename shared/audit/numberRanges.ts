/** Gaps in running numbers. */

/** Whole numbers from `first` to `last`, both of them included. */
export interface NumberRange {
	readonly first: number;
	readonly last: number;
}

/** Numbers that lie closer than this on average are marked in a field of bytes, which is faster than sorting them. */
const SPARSE = 16;

/** Ranges missing between the lowest and the highest of some whole numbers, ascending; repeated numbers and NaN do not matter. */
export function rangesMissing(numbers: Float64Array): NumberRange[] {
	let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of numbers) {
		if (value < low) low = value;
		if (value > high) high = value;
	}
	if (!(low < high)) return [];
	return high - low < SPARSE * numbers.length + 1024 ? missingInField(numbers, low, high) : missingInOrder(numbers);
}

function missingInField(numbers: Float64Array, low: number, high: number): NumberRange[] {
	const present = new Uint8Array(high - low + 1);
	for (const value of numbers) if (value >= low) present[value - low] = 1;
	const ranges: NumberRange[] = [];
	for (let at = present.indexOf(0); at >= 0; ) {
		const end = present.indexOf(1, at);
		ranges.push({ first: low + at, last: low + end - 1 });
		at = present.indexOf(0, end);
	}
	return ranges;
}

function missingInOrder(numbers: Float64Array): NumberRange[] {
	const sorted = numbers.filter((value) => !Number.isNaN(value)).sort();
	const ranges: NumberRange[] = [];
	for (let at = 1; at < sorted.length; at++) {
		const [before, after] = [sorted[at - 1] as number, sorted[at] as number];
		if (after - before > 1) ranges.push({ first: before + 1, last: after - 1 });
	}
	return ranges;
}
