/** Proofs about RFC 6962 trees: their nodes, and their verification with nothing but SHA-256. */
import { equalBytes } from '#kernel';
import { HASH_BYTES, nodeHash } from './merkleHash.ts';

/** MTH(D[start:end]), the hash of a range of leaves that is a node of the tree. */
export type RangeRoot = (start: number, end: number) => Uint8Array;

/** The largest power of two that is not above `count`. */
export const splitPoint = (count: number): number => {
	let power = 1;
	while (power * 2 <= count) power *= 2;
	return power;
};

/** Leaves of the left child of a tree of `count` > 1 leaves: the largest power of two below `count`. */
const leftOf = (count: number): number => {
	const power = splitPoint(count);
	return power === count ? power / 2 : power;
};

/** RFC 6962 §2.1.1 PATH, from the leaf up. */
export function inclusionPath(index: number, start: number, end: number, rangeRoot: RangeRoot): Uint8Array[] {
	if (end - start === 1) return [];
	const middle = start + leftOf(end - start);
	return index < middle
		? [...inclusionPath(index, start, middle, rangeRoot), rangeRoot(middle, end)]
		: [...inclusionPath(index, middle, end, rangeRoot), rangeRoot(start, middle)];
}

/** RFC 6962 §2.1.2 SUBPROOF; `isWhole` says that the verifier knows the root of [start, first) as the first tree's. */
export function consistencyPath(first: number, start: number, end: number, isWhole: boolean, rangeRoot: RangeRoot): Uint8Array[] {
	if (first === end) return isWhole ? [] : [rangeRoot(start, end)];
	const middle = start + leftOf(end - start);
	return first <= middle
		? [...consistencyPath(first, start, middle, isWhole, rangeRoot), rangeRoot(middle, end)]
		: [...consistencyPath(first, middle, end, false, rangeRoot), rangeRoot(start, middle)];
}

const isHash = (hash: Uint8Array): boolean => hash.length === HASH_BYTES;
const isSize = (size: number): boolean => Number.isSafeInteger(size) && size >= 0;
const half = (n: number): number => Math.floor(n / 2);

/** Whether `leaf` is the hash of leaf `index` in the tree of `size` leaves under `root`. Every wrong shape is false. @see RFC 9162 §2.1.3.2 */
export function verifyInclusion(leaf: Uint8Array, index: number, size: number, proof: readonly Uint8Array[], root: Uint8Array): boolean {
	if (!isSize(size) || !isSize(index) || index >= size || ![leaf, root, ...proof].every(isHash)) return false;
	let node = index;
	let last = size - 1;
	let hash = leaf;
	for (const sibling of proof) {
		if (last === 0) return false;
		if (node % 2 === 1 || node === last) {
			hash = nodeHash(sibling, hash);
			while (node % 2 === 0 && node !== 0) {
				node = half(node);
				last = half(last);
			}
		} else {
			hash = nodeHash(hash, sibling);
		}
		node = half(node);
		last = half(last);
	}
	return last === 0 && equalBytes(hash, root);
}

/**
 * Whether the tree of `first` leaves under `firstRoot` is the beginning of that of `second` leaves under `secondRoot`.
 * From an empty tree nothing can be shown, so that is false, whatever the proof. @see RFC 9162 §2.1.4.2
 */
export function verifyConsistency(
	first: number,
	second: number,
	firstRoot: Uint8Array,
	secondRoot: Uint8Array,
	proof: readonly Uint8Array[],
): boolean {
	if (!isSize(first) || !isSize(second) || first === 0 || first > second) return false;
	if (first === second) return proof.length === 0 && equalBytes(firstRoot, secondRoot);
	if (![firstRoot, secondRoot, ...proof].every(isHash)) return false;
	let node = first - 1;
	let last = second - 1;
	while (node % 2 === 1) {
		node = half(node);
		last = half(last);
	}
	// A first tree of 2^n leaves is a node of the second; the proof then begins above it.
	const path = node === 0 ? [firstRoot, ...proof] : proof;
	const [seed, ...siblings] = path;
	if (seed === undefined || proof.length === 0) return false;
	let old = seed;
	let young = seed;
	for (const sibling of siblings) {
		if (last === 0) return false;
		if (node % 2 === 1 || node === last) {
			old = nodeHash(sibling, old);
			young = nodeHash(sibling, young);
			while (node % 2 === 0 && node !== 0) {
				node = half(node);
				last = half(last);
			}
		} else {
			young = nodeHash(young, sibling);
		}
		node = half(node);
		last = half(last);
	}
	return last === 0 && equalBytes(old, firstRoot) && equalBytes(young, secondRoot);
}

/** Whether these are distinct leaf indexes of a tree of `size` leaves, ascending, and at least one. */
export const isIndexList = (indexes: readonly number[], size: number): boolean =>
	indexes.length > 0 && indexes.every((index, i) => isSize(index) && index < size && (i === 0 || index > (indexes[i - 1] as number)));

/** First position in `indexes[from, to)` that is not below `bound`. */
function positionOf(bound: number, indexes: readonly number[], from: number, to: number): number {
	let low = from;
	let high = to;
	while (low < high) {
		const middle = half(low + high);
		if ((indexes[middle] as number) < bound) low = middle + 1;
		else high = middle;
	}
	return low;
}

/**
 * What a verifier who knows the leaves at `indexes` lacks for the root of `size` leaves: the roots of the largest subtrees
 * without any of them, from left to right. No node is given twice, so many leaves cost much less than a proof each.
 */
export function multiproofNodes(indexes: readonly number[], size: number, rangeRoot: RangeRoot): Uint8Array[] {
	const nodes: Uint8Array[] = [];
	const descend = (start: number, end: number, from: number, to: number): void => {
		if (from === to) {
			nodes.push(rangeRoot(start, end));
		} else if (end - start > 1) {
			const middle = start + leftOf(end - start);
			const cut = positionOf(middle, indexes, from, to);
			descend(start, middle, from, cut);
			descend(middle, end, cut, to);
		}
	};
	descend(0, size, 0, indexes.length);
	return nodes;
}

/**
 * Whether `leaves[i]` is the hash of leaf `indexes[i]`, for all i, in the tree of `size` leaves under `root`.
 * Indexes ascend and are distinct; no leaf, a node too many or too few, or any other wrong shape is false.
 */
export function verifyMultiproof(
	indexes: readonly number[],
	leaves: readonly Uint8Array[],
	size: number,
	proof: readonly Uint8Array[],
	root: Uint8Array,
): boolean {
	if (!isSize(size) || !isIndexList(indexes, size) || leaves.length !== indexes.length) return false;
	if (![root, ...leaves, ...proof].every(isHash)) return false;
	let used = 0;
	const hashOf = (start: number, end: number, from: number, to: number): Uint8Array | null => {
		if (from === to) return proof[used++] ?? null;
		if (end - start === 1) return leaves[from] ?? null;
		const middle = start + leftOf(end - start);
		const cut = positionOf(middle, indexes, from, to);
		const left = hashOf(start, middle, from, cut);
		const right = left && hashOf(middle, end, cut, to);
		return left && right && nodeHash(left, right);
	};
	const hash = hashOf(0, size, 0, indexes.length);
	return hash !== null && used === proof.length && equalBytes(hash, root);
}
