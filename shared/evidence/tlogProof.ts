/** Offline-verifiable inclusion proofs in the text format `c2sp.org/tlog-proof@v1`. */
import { concatBytes, err, fromBase64, fromUtf8, ok, type Result, toBase64, utf8 } from '#kernel';
import { type Checkpoint, type CheckpointError, parseCheckpoint } from './checkpoint.ts';
import { type VerifyEd25519, verifyEd25519 } from './ed25519.ts';
import { leafHash } from './merkleHash.ts';
import { verifyInclusion } from './merkleProof.ts';
import { MAX_NOTE_BYTES, verifyNote } from './note.ts';
import type { VerifierKey } from './vkey.ts';

const HEADER = 'c2sp.org/tlog-proof@v1';
/** A tree of 2^53 leaves is 53 levels high. */
const MAX_HASHES = 63;

export interface TlogProof {
	/** Opaque and not authenticated; null where absent. */
	readonly extra: Uint8Array | null;
	/** Zero-based. */
	readonly index: number;
	/** From the leaf's sibling up to the root's child. */
	readonly hashes: readonly Uint8Array[];
	/** The checkpoint as it was issued, byte for byte. */
	readonly checkpointBytes: Uint8Array;
	readonly checkpoint: Checkpoint;
}

export type TlogProofError =
	| 'proof_not_text'
	| 'proof_bad_header'
	| 'proof_bad_extra'
	| 'proof_bad_index'
	| 'proof_bad_hash'
	| CheckpointError;

/** Writes a proof; `checkpointBytes` go in verbatim. */
export function formatTlogProof(
	index: number,
	hashes: readonly Uint8Array[],
	checkpointBytes: Uint8Array,
	extra: Uint8Array | null = null,
): Uint8Array<ArrayBuffer> {
	const lines = [HEADER, ...(extra ? [`extra ${toBase64(extra)}`] : []), `index ${index}`, ...hashes.map(toBase64), ''];
	return concatBytes(utf8(`${lines.join('\n')}\n`), checkpointBytes);
}

/** Parses a proof strictly; says nothing about its truth. */
export function parseTlogProof(bytes: Uint8Array): Result<TlogProof, TlogProofError> {
	if (bytes.length > 2 * MAX_NOTE_BYTES) return err('too_large');
	const whole = fromUtf8(bytes);
	if (whole === null) return err('proof_not_text');
	const end = whole.indexOf('\n\n');
	const [header, ...lines] = whole.slice(0, Math.max(end, 0)).split('\n');
	if (header !== HEADER) return err('proof_bad_header');
	let extra: Uint8Array | null = null;
	if (lines[0]?.startsWith('extra ')) {
		extra = fromBase64(lines.shift()?.slice('extra '.length) ?? '');
		if (!extra) return err('proof_bad_extra');
	}
	const indexText = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift() ?? '')?.[1];
	const index = Number(indexText);
	if (indexText === undefined || !Number.isSafeInteger(index)) return err('proof_bad_index');
	const hashes = lines.map(fromBase64);
	if (hashes.length > MAX_HASHES || !hashes.every((hash) => hash?.length === 32)) return err('proof_bad_hash');
	const checkpointBytes = utf8(whole.slice(end + 2));
	const checkpoint = parseCheckpoint(checkpointBytes);
	if (!checkpoint.ok) return checkpoint;
	return ok({ extra, index, hashes: hashes.filter((hash) => hash !== null), checkpointBytes, checkpoint: checkpoint.value });
}

export type TlogProofVerdict = 'valid' | 'other_log' | 'untrusted_key' | 'bad_signature' | 'not_included';

/** Whether `line` is the entry of the log `origin` that the proof speaks of, under a key trusted from outside. */
export function verifyTlogProof(
	proof: TlogProof,
	line: Uint8Array,
	origin: string,
	key: VerifierKey,
	verify: VerifyEd25519 = verifyEd25519,
): TlogProofVerdict {
	const { checkpoint, index, hashes } = proof;
	if (checkpoint.origin !== origin) return 'other_log';
	const signature = verifyNote(checkpoint.note, key, verify);
	if (signature !== 'valid') return signature === 'invalid' ? 'bad_signature' : 'untrusted_key';
	return verifyInclusion(leafHash(line), index, checkpoint.size, hashes, checkpoint.root) ? 'valid' : 'not_included';
}
