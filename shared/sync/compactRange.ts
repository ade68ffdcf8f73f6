/** A log known by the roots of its full subtrees alone: enough to go on appending, and to say the root (RFC 6962 §2.1). */
import { inclusionPath, nodeHash, splitPoint } from '#evidence';
import { sha256 } from '#kernel';

export interface CompactRange {
	readonly size: number;
	/** Roots of the full subtrees, largest first: one for each bit that is set in `size`. */
	readonly nodes: readonly Uint8Array[];
}

export const EMPTY_RANGE: CompactRange = { size: 0, nodes: [] };

/** The range after one more leaf hash. */
export function appendLeaf({ size, nodes }: CompactRange, leaf: Uint8Array): CompactRange {
	const after = [...nodes];
	let node = leaf;
	for (let rest = size; rest % 2 === 1; rest = Math.floor(rest / 2)) node = nodeHash(after.pop() as Uint8Array, node);
	after.push(node);
	return { size: size + 1, nodes: after };
}

export function rootOfRange({ nodes }: CompactRange): Uint8Array {
	const [last, ...larger] = nodes.toReversed();
	if (last === undefined) return sha256(new Uint8Array());
	return larger.reduce((root, node) => nodeHash(node, root), last);
}

/** Whether these can be the nodes of a range of that size. */
export const isCompactRange = (size: number, nodes: readonly Uint8Array[]): boolean => {
	let bits = 0;
	for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) bits += rest % 2;
	return bits === nodes.length && nodes.every(({ length }) => length === 32);
};

/**
 * RFC 6962 §2.1.1: the path of a leaf that came behind `range`, in the tree of the range and all of `leaves` behind it.
 * @param index in the whole log; not below the range's size
 */
export function inclusionAfter(range: CompactRange, leaves: readonly Uint8Array[], index: number): Uint8Array[] {
	const known = new Map<number, Uint8Array>();
	let start = 0;
	for (const node of range.nodes) {
		known.set(start, node);
		start += splitPoint(range.size - start);
	}
	// A subtree left of the leaf that ends within the range is as large as one there can be, and so one of its nodes.
	const rootOf = (from: number, to: number): Uint8Array => {
		if (to <= range.size) return known.get(from) as Uint8Array;
		if (to - from === 1) return leaves[from - range.size] as Uint8Array;
		const middle = from + splitPoint(to - from - 1);
		return nodeHash(rootOf(from, middle), rootOf(middle, to));
	};
	return inclusionPath(index, 0, range.size + leaves.length, rootOf);
}
