/**
 * The confirmed order as an RFC 6962 log: one line a position, the canonical JSON of {hash, position, replica, seq}. A checkpoint (C2SP signed
 * note) pins it; it is signed by the sequencer: a hub by its key, a copy of the engagement by the member who is working on it.
 */
import {
	type Checkpoint,
	checkpointText,
	formatSignatureLine,
	keyIdOf,
	merkleTree,
	parseCheckpoint,
	parseVerifierKey,
	type VerifyEd25519,
	verifierKey,
	verifyNote,
} from '#evidence';
import type { Sequencer, Workbook } from '#findings';
import { concatBytes, err, fromBase64, fromHex, invariant, ok, type Result, toBase64, utf8 } from '#kernel';
import { rootOfRange } from './compactRange.ts';
import { type MergeReject, reject } from './mergeReject.ts';
import { type OrderRecord, orderLeaf } from './orderRecord.ts';
import { isSequencer, type PapersState } from './papersState.ts';

/** What signs checkpoints. */
export interface CheckpointSigner {
	/** A hub's key name, a member's id. */
	readonly name: string;
	/** 32 bytes. */
	readonly publicKey: Uint8Array;
	/** Ed25519. */
	sign(message: Uint8Array): Uint8Array;
}

/** Name of the order's log. A copy that orders by itself has no log name, and calls it `tieout`. */
export const papersOrigin = (engagementId: string, sequencer: Sequencer | null): string =>
	`${sequencer?.kind === 'hub' ? sequencer.log : 'tieout'}/workpapers/${engagementId}`;

/**
 * The signed note over the order as it stands: the sequencer's that came with it, or one signed now where this copy orders by itself, or has
 * just handed over. Null where nothing is confirmed.
 */
export function checkpointOf(state: PapersState, signer: CheckpointSigner): string | null {
	if (state.order.length === 0 || (state.checkpoint !== null && !isSequencer(state))) return state.checkpoint;
	const origin = papersOrigin(state.engagementId, state.self);
	const text = checkpointText(origin, state.order.length, rootOfRange(state.range));
	const keyId = fromHex(keyIdOf(signer.name, signer.publicKey));
	invariant(keyId, 'a key id is hexadecimal');
	return `${text}\n${formatSignatureLine(signer.name, concatBytes(keyId, signer.sign(utf8(text))))}`;
}

/** RFC 6962 §2.1.2 from the tree of `first` positions to that of all, base64; empty where there is nothing to show. */
export function orderProof({ order }: PapersState, first: number): readonly string[] {
	if (first <= 0 || first >= order.length) return [];
	return treeOf(order).consistencyProof(first, order.length).map(toBase64);
}

/** Root of the tree over the first `size` positions. */
export const orderRoot = (order: readonly OrderRecord[], size: number): Uint8Array => treeOf(order.slice(0, size)).rootOf(size);

const treeOf = (order: readonly OrderRecord[]) => merkleTree(concatBytes(...order.map(orderLeaf)));

/**
 * Reads a checkpoint and judges who signed it.
 * @param sequencers those who may have signed a tree of this size: the one after its last act, and the one before it, which hands over
 * @param workbook tells members' keys
 */
export function judgeCheckpoint(
	note: string,
	engagementId: string,
	sequencers: readonly (Sequencer | null)[],
	workbook: Workbook,
	verify: VerifyEd25519,
): Result<Checkpoint, MergeReject> {
	const parsed = parseCheckpoint(utf8(note));
	if (!parsed.ok) return err(reject('bad_checkpoint', `The checkpoint of the order can't be read: ${parsed.error}.`));
	const checkpoint = parsed.value;
	const fitting = sequencers.filter((sequencer) => papersOrigin(engagementId, sequencer) === checkpoint.origin);
	if (fitting.length === 0)
		return err(reject('wrong_origin', `The checkpoint is of ${checkpoint.origin.slice(0, 120)}, not of this engagement's order.`));
	return fitting.some((sequencer) => isSignedBy(checkpoint, sequencer, workbook, verify))
		? ok(checkpoint)
		: err(reject('unknown_sequencer', 'The order is not signed by whoever orders the acts of this engagement.'));
}

function isSignedBy({ note }: Checkpoint, sequencer: Sequencer | null, { members }: Workbook, verify: VerifyEd25519): boolean {
	if (sequencer?.kind === 'hub') {
		const key = parseVerifierKey(sequencer.vkey);
		return key.ok && verifyNote(note, key.value, verify) === 'valid';
	}
	return note.signatures.some(({ keyName }) => {
		const member = members.get(keyName);
		const publicKey = member?.isActive ? fromBase64(member.publicKey) : null;
		return publicKey?.length === 32 && verifyNote(note, verifierKey(keyName, publicKey), verify) === 'valid';
	});
}
