/** The growing edge of an RFC 6962 tree in tiles of 256 hashes: per level the tile that is not full yet. Memory is a few kilobytes, whatever the size. */
import { createHash } from 'node:crypto';
import { HASH_BYTES, hashPairs } from '#evidence';
import { invariant } from '#kernel';
import { TILE_WIDTH } from './tilePath.ts';

export interface FullTile {
	readonly level: number;
	readonly index: number;
	/** 256 hashes. */
	readonly hashes: Uint8Array;
}

/** Root of a whole tile: eight levels of pairs. */
export function tileRoot(hashes: Uint8Array): Uint8Array {
	let nodes = hashes;
	while (nodes.length > HASH_BYTES) nodes = hashPairs(nodes);
	return nodes;
}

const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array =>
	new Uint8Array(createHash('sha256').update(Uint8Array.of(1)).update(left).update(right).digest());

export class RightEdge {
	#size: number;
	/** Hashes of the unfinished tile of each level, side by side. */
	readonly #levels: Uint8Array[];

	/** @param levels hashes of the unfinished tile of each level, for a tree of `size` leaves */
	constructor(size = 0, levels: readonly Uint8Array[] = []) {
		this.#size = size;
		this.#levels = levels.map((hashes) => hashes.slice());
		let rest = size;
		for (let level = 0; rest > 0 || level < levels.length; level++) {
			invariant((levels[level]?.length ?? 0) === (rest % TILE_WIDTH) * HASH_BYTES, 'an edge has the hashes of its size');
			rest = Math.floor(rest / TILE_WIDTH);
		}
	}

	get size(): number {
		return this.#size;
	}

	/** A copy that grows on its own. */
	copy(): RightEdge {
		return new RightEdge(this.#size, this.#levels);
	}

	/** Hashes of the unfinished tile of a level. Do not write to them. */
	unfinished(level: number): Uint8Array {
		return this.#levels[level] ?? new Uint8Array();
	}

	/** Adds leaf hashes, side by side. @returns the tiles that are full now, lower levels first within each */
	append(leaves: Uint8Array): FullTile[] {
		invariant(leaves.length % HASH_BYTES === 0, 'leaf hashes are 32 bytes each');
		const full: FullTile[] = [];
		this.#grow(0, leaves, Math.floor(this.#size / TILE_WIDTH), full);
		this.#size += leaves.length / HASH_BYTES;
		return full;
	}

	#grow(level: number, hashes: Uint8Array, firstIndex: number, full: FullTile[]): void {
		const held = this.#levels[level] ?? new Uint8Array();
		const all = new Uint8Array(held.length + hashes.length);
		all.set(held);
		all.set(hashes, held.length);
		const tileBytes = TILE_WIDTH * HASH_BYTES;
		const tiles = Math.floor(all.length / tileBytes);
		this.#levels[level] = all.slice(tiles * tileBytes);
		if (tiles === 0) return;
		const roots = new Uint8Array(tiles * HASH_BYTES);
		for (let tile = 0; tile < tiles; tile++) {
			const tileHashes = all.slice(tile * tileBytes, (tile + 1) * tileBytes);
			full.push({ level, index: firstIndex + tile, hashes: tileHashes });
			roots.set(tileRoot(tileHashes), tile * HASH_BYTES);
		}
		this.#grow(level + 1, roots, Math.floor(firstIndex / TILE_WIDTH), full);
	}

	/** RFC 6962 §2.1, of all leaves so far. */
	root(): Uint8Array {
		let root: Uint8Array | null = null;
		for (const hashes of this.#levels) {
			// The binary digits of a tile's width are its complete subtrees; the smaller ones stand to the right.
			let end = hashes.length;
			for (let width = 1; width < TILE_WIDTH; width *= 2) {
				if ((Math.floor(hashes.length / HASH_BYTES / width) & 1) === 0) continue;
				const subtree = tileRoot(hashes.subarray(end - width * HASH_BYTES, end));
				end -= width * HASH_BYTES;
				root = root === null ? subtree : nodeHash(subtree, root);
			}
		}
		return root ?? new Uint8Array(createHash('sha256').digest());
	}
}
