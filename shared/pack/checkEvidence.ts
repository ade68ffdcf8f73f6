/** The seam to the evidence room: whoever runs the verifier brings the function that checks embedded proofs. */
import type { Trust } from './certificateChain.ts';
import type { CheckFinding } from './checkCodes.ts';
import type { PackManifest } from './packManifest.ts';

/** What the heads in a pack show about orders whose events are all in it. */
export interface OrderHeadsAnswer {
	/** Orders that were checked, and how many of them failed. */
	readonly checked: number;
	readonly failed: number;
	/** The heads records that hold, with the orders that have no event missing up to them. */
	readonly records: readonly {
		readonly table: string;
		/** Calendar day, UTC. */
		readonly day: string;
		/** Lines of the log that the record speaks of. */
		readonly size: number;
		readonly orders: readonly string[];
	}[];
}

export interface EvidenceAnswer {
	readonly codes: readonly CheckFinding[];
	/** Inclusion proofs that were checked, and how many of them failed. */
	readonly checked: number;
	readonly failed: number;
	/** Whether the checkpoints are signed with a key the caller trusts. */
	readonly logTrust: Trust;
	/** Absent where the pack has no heads. */
	readonly orderHeads?: OrderHeadsAnswer;
}

/** Gets only files that are what the manifest says, by attachment name. */
export type CheckEvidence = (files: ReadonlyMap<string, Uint8Array>, manifest: PackManifest) => EvidenceAnswer | Promise<EvidenceAnswer>;

export const NO_EVIDENCE: EvidenceAnswer = { codes: [], checked: 0, failed: 0, logTrust: 'not_judged' };
