/**
 * RFC 6962 Merkle trees over leaf hashes: roots and the proofs that come from them.
 * Sizes and indexes are integers below 2^53, so no bit operators touch them.
 */
import { concatBytes, invariant } from '#kernel';
import { emptyRoot, HASH_BYTES, hashPairs } from './merkleHash.ts';
import { consistencyPath, inclusionPath, isIndexList, multiproofNodes, splitPoint } from './merkleProof.ts';

/** A tree over `size` leaves and every earlier tree of its first leaves. Arguments out of range are bugs and throw. */
export interface MerkleTree {
	readonly size: number;
	/** Tree hash of the first `size` leaves. */
	rootOf(size: number): Uint8Array;
	/** RFC 6962 §2.1.1: the audit path of leaf `index` in the tree of the first `size` leaves, from the leaf up. */
	inclusionProof(index: number, size: number): readonly Uint8Array[];
	/** RFC 6962 §2.1.2: what shows that the tree of `first` leaves is the beginning of that of `second`; 0 < first ≤ second. */
	consistencyProof(first: number, second: number): readonly Uint8Array[];
	/** One proof for the leaves at these ascending indexes; see `verifyMultiproof`. */
	multiproof(indexes: readonly number[], size: number): readonly Uint8Array[];
}

/** Leaves a stored node stands over at least: below, nodes are computed anew when a proof asks for them. */
export const TILE_LEAVES = 256;
const TILE_LEVEL = 8;
const SLAB_LEAVES = 2 ** 14;

/** Leaf hashes side by side, 32 bytes each: a `Uint8Array`, or whatever hands out copies like one. */
export interface LeafHashes {
	readonly length: number;
	slice(from: number, to: number): Uint8Array;
}

/**
 * The tree over the `leafHashes`, which must not change afterwards.
 * @param tiles roots of its complete subtrees of 256 leaves, if the caller has them already
 */
export function merkleTree(leafHashes: LeafHashes, tiles: Uint8Array = tileRoots(leafHashes)): MerkleTree {
	const size = leafHashes.length / HASH_BYTES;
	invariant(Number.isInteger(size), 'leaf hashes are 32 bytes each');
	invariant(tiles.length === Math.floor(size / TILE_LEAVES) * HASH_BYTES, 'one tile root for every 256 leaves');
	// stored[k] holds the complete nodes over 2^(8 + k) leaves, side by side.
	const stored = [tiles];
	for (let level = tiles; level.length >= 2 * HASH_BYTES; ) {
		level = hashPairs(level);
		stored.push(level);
	}

	const nodeAt = (level: number, index: number): Uint8Array => {
		const from = index * HASH_BYTES;
		if (level >= TILE_LEVEL) return (stored[level - TILE_LEVEL] as Uint8Array).slice(from, from + HASH_BYTES);
		let nodes: Uint8Array = leafHashes.slice(from * 2 ** level, (from + HASH_BYTES) * 2 ** level);
		for (let i = 0; i < level; i++) nodes = hashPairs(nodes);
		return nodes;
	};
	/** MTH(D[start:end]); `start` is a multiple of the power of two that the RFC's splits give, so only whole nodes are read. */
	const rangeRoot = (start: number, end: number): Uint8Array => {
		if (start === end) return emptyRoot();
		const left = splitPoint(end - start);
		if (left === end - start) return nodeAt(Math.log2(left), start / left);
		return hashPairs(concatBytes(nodeAt(Math.log2(left), start / left), rangeRoot(start + left, end)));
	};
	const checkSize = (wanted: number): void =>
		invariant(Number.isInteger(wanted) && wanted >= 0 && wanted <= size, 'a size within the tree');

	return {
		size,
		rootOf(wanted) {
			checkSize(wanted);
			return rangeRoot(0, wanted);
		},
		inclusionProof(index, wanted) {
			checkSize(wanted);
			invariant(Number.isInteger(index) && index >= 0 && index < wanted, 'an index within the tree');
			return inclusionPath(index, 0, wanted, rangeRoot);
		},
		consistencyProof(first, second) {
			checkSize(second);
			invariant(Number.isInteger(first) && first > 0 && first <= second, 'a first size from 1 to the second');
			return first === second ? [] : consistencyPath(first, 0, second, true, rangeRoot);
		},
		multiproof(indexes, wanted) {
			checkSize(wanted);
			invariant(isIndexList(indexes, wanted), 'ascending indexes within the tree');
			return multiproofNodes(indexes, wanted, rangeRoot);
		},
	};
}

function tileRoots(leafHashes: LeafHashes): Uint8Array {
	const tiles = Math.floor(leafHashes.length / HASH_BYTES / TILE_LEAVES);
	const roots = new Uint8Array(tiles * HASH_BYTES);
	const slabTiles = SLAB_LEAVES / TILE_LEAVES;
	for (let tile = 0; tile < tiles; tile += slabTiles) {
		const end = Math.min(tile + slabTiles, tiles);
		let nodes = leafHashes.slice(tile * TILE_LEAVES * HASH_BYTES, end * TILE_LEAVES * HASH_BYTES);
		for (let level = 0; level < TILE_LEVEL; level++) nodes = hashPairs(nodes);
		roots.set(nodes, tile * HASH_BYTES);
	}
	return roots;
}
