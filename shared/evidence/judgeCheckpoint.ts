/** Judges each checkpoint of a sealed table by itself: is it one, of this log, signed by whom, and do the lines have its root? */
import { equalBytes } from '#kernel';
import { type Checkpoint, type CheckpointError, parseCheckpoint } from './checkpoint.ts';
import type { VerifyEd25519 } from './ed25519.ts';
import { verifyNote } from './note.ts';
import type { VerifierKey } from './vkey.ts';

export interface CheckpointFile {
	/** Path inside the drop, such as `checkpoints/order_event/64.txt`. */
	readonly path: string;
	readonly bytes: Uint8Array;
}

/**
 * `trusted`: valid under a key trusted from outside · `claimed`: valid under the key the manifest claims ·
 * `invalid`: a signature line names such a key and does not verify · `unknown`: only keys that neither of them names.
 */
export type SignatureState = 'trusted' | 'claimed' | 'invalid' | 'unknown';

export type RootState = 'matches' | 'differs' | 'beyond_log';

export type JudgedCheckpoint =
	| { readonly kind: 'unreadable'; readonly path: string; readonly error: CheckpointError }
	| {
			readonly kind: 'read';
			readonly path: string;
			readonly checkpoint: Checkpoint;
			readonly isOfThisLog: boolean;
			readonly signature: SignatureState;
			/** The trusted or claimed key the signature state speaks of. */
			readonly key: VerifierKey | null;
			readonly root: RootState;
	  };

export type ReadCheckpoint = Extract<JudgedCheckpoint, { kind: 'read' }>;

export interface CheckpointJudge {
	readonly lines: number;
	readonly rootOf: (size: number) => Uint8Array;
	readonly isOfThisLog: (origin: string) => boolean;
	readonly trustedKeys: readonly VerifierKey[];
	readonly claimedKey: VerifierKey | null;
	readonly verify: VerifyEd25519;
}

export function judgeCheckpoint(file: CheckpointFile, judge: CheckpointJudge): JudgedCheckpoint {
	const parsed = parseCheckpoint(file.bytes);
	if (!parsed.ok) return { kind: 'unreadable', path: file.path, error: parsed.error };
	const checkpoint = parsed.value;
	const root: RootState =
		checkpoint.size > judge.lines ? 'beyond_log' : equalBytes(judge.rootOf(checkpoint.size), checkpoint.root) ? 'matches' : 'differs';
	return {
		kind: 'read',
		path: file.path,
		checkpoint,
		isOfThisLog: judge.isOfThisLog(checkpoint.origin),
		root,
		...judgeSignature(checkpoint, judge),
	};
}

function judgeSignature({ note }: Checkpoint, judge: CheckpointJudge): { signature: SignatureState; key: VerifierKey | null } {
	const states = judge.trustedKeys.map((key) => ({ key, state: verifyNote(note, key, judge.verify) }));
	const broken = states.find(({ state }) => state === 'invalid');
	if (broken) return { signature: 'invalid', key: broken.key };
	const trusted = states.find(({ state }) => state === 'valid');
	if (trusted) return { signature: 'trusted', key: trusted.key };
	if (!judge.claimedKey) return { signature: 'unknown', key: null };
	const claimed = verifyNote(note, judge.claimedKey, judge.verify);
	if (claimed === 'unsigned') return { signature: 'unknown', key: null };
	return { signature: claimed === 'valid' ? 'claimed' : 'invalid', key: judge.claimedKey };
}
