/** What a verifier bundle is made from. */
import type { CheckpointFile, VerifierKey } from '#evidence';
import type { EventProof } from './proof.ts';

export interface BundleLine {
	readonly proof: EventProof;
	/** The stored bytes, without their line feed. */
	readonly bytes: Uint8Array;
}

export interface BundleInput {
	/** "order SO-0001", for the first line of the README. */
	readonly subject: string;
	readonly company: string;
	readonly dropId: string;
	readonly manifestBytes: Uint8Array;
	readonly manifestSha256: string;
	/** By table, ascending by line, each once. */
	readonly lines: readonly BundleLine[];
	/** They are all lines of one order, so that each must follow the one before. */
	readonly isWholeChain: boolean;
	/** The checkpoints of the tables that the lines are of. */
	readonly checkpoints: readonly CheckpointFile[];
	/** `origin`: where the engagement has it from; null: only the drop claims it. */
	readonly keys: readonly { readonly key: VerifierKey; readonly origin: string | null }[];
}

export interface BundleKey {
	readonly vkey: string;
	readonly origin: string | null;
}
