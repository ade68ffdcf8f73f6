/** The seam to the evidence room: whoever runs the verifier brings the function that checks embedded proofs. */
import type { Trust } from './certificateChain.ts';
import type { CheckFinding } from './checkCodes.ts';
import type { PackManifest } from './packManifest.ts';

export interface EvidenceAnswer {
	readonly codes: readonly CheckFinding[];
	/** Inclusion proofs that were checked, and how many of them failed. */
	readonly checked: number;
	readonly failed: number;
	/** Whether the checkpoints are signed with a key the caller trusts. */
	readonly logTrust: Trust;
}

/** Gets only files that are what the manifest says, by attachment name. */
export type CheckEvidence = (files: ReadonlyMap<string, Uint8Array>, manifest: PackManifest) => EvidenceAnswer | Promise<EvidenceAnswer>;

export const NO_EVIDENCE: EvidenceAnswer = { codes: [], checked: 0, failed: 0, logTrust: 'not_judged' };
