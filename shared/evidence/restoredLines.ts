/** Names changed lines exactly: a later line of an order recorded the hash of the one before it, and the signed root judges where it belongs. */
import { equalBytes, fromHex } from '#kernel';
import type { ReadCheckpoint } from './judgeCheckpoint.ts';
import type { LineFault, SealedLogReport } from './logKernelReport.ts';
import { merkleTree } from './merkle.ts';
import { HASH_BYTES } from './merkleHash.ts';
import { verifyInclusion } from './merkleProof.ts';

/** Recorded hash → the line that had it. With all of them put back, the signed root comes out: exactly these lines were changed. */
export type RestoredLines = ReadonlyMap<string, number>;

/** Places tried for a recorded hash whose line nothing else points to; each costs a path of the tree. */
const MAX_PLACES = 2048;

/**
 * @param broken the first checkpoint whose root the lines do not have
 * @param good lines 1 to this one have a signed root
 * @returns null where the recorded hashes do not explain the root
 */
export function restoreLines(broken: ReadCheckpoint, good: number, report: SealedLogReport): RestoredLines | null {
	const { size, root } = broken.checkpoint;
	const recorded = report.faults.filter(isRecordOfLostHash);
	const pointed = recorded.filter((fault) => fault.suspectLine !== null && fault.suspectLine < fault.line && fault.suspectLine <= size);
	if (pointed.length > 0) {
		const leaves = report.leafHashes.slice(0, size * HASH_BYTES);
		for (const { suspectLine, found } of pointed) leaves.set(fromHex(found) as Uint8Array, ((suspectLine ?? 0) - 1) * HASH_BYTES);
		if (equalBytes(merkleTree(leaves).rootOf(size), root))
			return new Map(pointed.map(({ found, suspectLine }) => [found, suspectLine ?? 0]));
	}
	const hashes = new Set(recorded.map(({ found }) => found));
	const [hash] = hashes;
	if (hash === undefined || hashes.size > 1) return null;
	const line = placeOf(fromHex(hash) as Uint8Array, good, Math.min(size, good + MAX_PLACES), broken, report);
	return line === null ? null : new Map([[hash, line]]);
}

/** The line in (after, upTo] that must have had this hash for the root to be the signed one. */
function placeOf(hash: Uint8Array, after: number, upTo: number, { checkpoint }: ReadCheckpoint, { tree }: SealedLogReport): number | null {
	for (let line = after + 1; line <= upTo; line++) {
		const path = tree.inclusionProof(line - 1, checkpoint.size);
		if (verifyInclusion(hash, line - 1, checkpoint.size, path, checkpoint.root)) return line;
	}
	return null;
}

type RecordOfLostHash = LineFault & { readonly found: string };

/** A link to a hash that no line has any more. */
const isRecordOfLostHash = (fault: LineFault): fault is RecordOfLostHash =>
	fault.code === 'chain_break' &&
	(fault.why === 'prev_mismatch' || fault.why === 'prev_of_missing_line' || fault.why === 'prev_not_null') &&
	fault.found !== null &&
	/^[0-9a-f]{64}$/.test(fault.found);
