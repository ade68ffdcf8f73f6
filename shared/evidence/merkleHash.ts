/** The hashes of RFC 6962 §2.1, one by one and in bulk. */
import { concatBytes, sha256 } from '#kernel';
import { type KernelExports, openKernel } from './logKernelEngine.ts';

export const HASH_BYTES = 32;

/** RFC 6962 §2.1: the root of a tree without leaves. */
export const emptyRoot = (): Uint8Array => sha256(new Uint8Array());

/** RFC 6962 §2.1: SHA-256(0x00 ‖ line). The line comes without its line feed. */
export const leafHash = (line: Uint8Array): Uint8Array => sha256(concatBytes(new Uint8Array([0]), line));

/** RFC 6962 §2.1: SHA-256(0x01 ‖ left ‖ right). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Uint8Array => sha256(concatBytes(new Uint8Array([1]), left, right));

/** The parents of nodes standing side by side, 32 bytes each; a last node without a partner is left out. */
export function hashPairsPortably(nodes: Uint8Array): Uint8Array {
	const pairs = Math.floor(nodes.length / (2 * HASH_BYTES));
	const parents = new Uint8Array(pairs * HASH_BYTES);
	const preimage = new Uint8Array(1 + 2 * HASH_BYTES).fill(1, 0, 1);
	for (let pair = 0; pair < pairs; pair++) {
		preimage.set(nodes.subarray(pair * 2 * HASH_BYTES, (pair + 1) * 2 * HASH_BYTES), 1);
		parents.set(sha256(preimage), pair * HASH_BYTES);
	}
	return parents;
}

let hasher: KernelExports | null | undefined;

/** As `hashPairsPortably`, by the compiled kernel where there is one. */
export function hashPairs(nodes: Uint8Array): Uint8Array {
	if (hasher === undefined) hasher = openKernel(0, () => -1);
	if (hasher === null) return hashPairsPortably(nodes);
	const { memory, BATCH, LEAVES, NODES } = hasher;
	const pairs = Math.floor(nodes.length / (2 * HASH_BYTES));
	const parents = new Uint8Array(pairs * HASH_BYTES);
	for (let pair = 0; pair < pairs; pair += BATCH.value / 2) {
		const count = Math.min(pairs - pair, BATCH.value / 2);
		const bytes = new Uint8Array(memory.buffer);
		bytes.set(nodes.subarray(2 * pair * HASH_BYTES, 2 * (pair + count) * HASH_BYTES), LEAVES.value);
		hasher.hashPairs(LEAVES.value, count, NODES.value);
		parents.set(bytes.subarray(NODES.value, NODES.value + count * HASH_BYTES), pair * HASH_BYTES);
	}
	return parents;
}
