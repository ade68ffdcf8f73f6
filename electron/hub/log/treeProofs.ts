/** RFC 6962 proofs from tiles: each needs a tile or two a level, never the whole tree. */
import { consistencyPath, HASH_BYTES, hashPairs, inclusionPath, nodeHash, splitPoint } from '#evidence';
import type { TileFolder, TreeView } from './tileFolder.ts';
import { TILE_WIDTH } from './tilePath.ts';

const TILE_LEVELS = 8;

/** The complete node over leaves [index·2^level, (index + 1)·2^level). */
async function completeNode(tree: TileFolder, view: TreeView, level: number, index: number): Promise<Uint8Array> {
	const tileLevel = Math.floor(level / TILE_LEVELS);
	const width = 2 ** (level % TILE_LEVELS);
	const first = index * width;
	const tile = Math.floor(first / TILE_WIDTH);
	const at = (first - tile * TILE_WIDTH) * HASH_BYTES;
	let nodes: Uint8Array = (await tree.hashes(tileLevel, tile, view)).slice(at, at + width * HASH_BYTES);
	while (nodes.length > HASH_BYTES) nodes = hashPairs(nodes);
	return nodes;
}

/** MTH(D[start:end]), where it is a node of the tree. */
async function rangeRoot(tree: TileFolder, view: TreeView, start: number, end: number): Promise<Uint8Array> {
	const left = splitPoint(end - start);
	const node = await completeNode(tree, view, Math.log2(left), start / left);
	return left === end - start ? node : nodeHash(node, await rangeRoot(tree, view, start + left, end));
}

/** Root of the first `size` leaves, 1 or more. */
export const rootAt = (tree: TileFolder, view: TreeView, size: number): Promise<Uint8Array> => rangeRoot(tree, view, 0, size);

/** The ranges that a proof asks for, in its order: the recursion of the standard with names in place of hashes. */
function rangesOf(
	path: (name: (start: number, end: number) => Uint8Array) => readonly Uint8Array[],
): readonly (readonly [number, number])[] {
	const name = (start: number, end: number): Uint8Array => new Uint8Array(new Float64Array([start, end]).buffer);
	return path(name).map((bytes) => {
		const [start = 0, end = 0] = new Float64Array(bytes.slice().buffer);
		return [start, end];
	});
}

async function hashesOf(tree: TileFolder, view: TreeView, ranges: readonly (readonly [number, number])[]): Promise<readonly Uint8Array[]> {
	const hashes: Uint8Array[] = [];
	for (const [start, end] of ranges) hashes.push(await rangeRoot(tree, view, start, end));
	return hashes;
}

/** RFC 6962 §2.1.1, from the leaf up; index < size ≤ the view's. */
export const inclusionProof = (tree: TileFolder, view: TreeView, index: number, size: number): Promise<readonly Uint8Array[]> =>
	hashesOf(
		tree,
		view,
		rangesOf((name) => inclusionPath(index, 0, size, name)),
	);

/** RFC 6962 §2.1.2; 0 < first ≤ second ≤ the view's. */
export const consistencyProof = (tree: TileFolder, view: TreeView, first: number, second: number): Promise<readonly Uint8Array[]> =>
	first === second
		? Promise.resolve([])
		: hashesOf(
				tree,
				view,
				rangesOf((name) => consistencyPath(first, 0, second, true, name)),
			);
