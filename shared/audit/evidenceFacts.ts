/**
 * What the verification of a drop established, in the shape results are written in (`tieout-result/1`).
 * The integrity tests (T66–T69, T73–T75, T77) read these facts; they never touch bytes themselves.
 */
import type { IntegrityProblem, IntegrityVerdict, IpeTable, KeyTrust } from '#evidence';
import type { TableName } from '#model';

export type { IntegrityCode, IntegrityProblem, IntegrityVerdict, IpeDifference, IpeTable, IpeVerdict, KeyTrust } from '#evidence';

export interface TableIntegrity {
	readonly rows: number;
	readonly verdict: IntegrityVerdict;
	readonly problems: readonly IntegrityProblem[];
}

export interface DocumentFacts {
	readonly present: number;
	/** SHA-256 of documents named by `document` rows whose bytes are absent. */
	readonly missing: readonly string[];
	/** SHA-256 under which other bytes lie. */
	readonly altered: readonly string[];
}

/** A checkpoint by itself: of how many lines, signed by whom, and whether the lines have its root. */
export interface CheckpointFact {
	/** Lines it speaks of; null where it can't be read as a checkpoint. */
	readonly size: number | null;
	/** `claimed` is the key the drop itself names, `unknown` another; `invalid`: a signature by such a key fails. */
	readonly signature: 'trusted' | 'claimed' | 'unknown' | 'invalid';
	/** The lines' root against its own; null where it is of another log or can't be read. */
	readonly root: 'matches' | 'differs' | 'beyond_log' | null;
	/** Base64 of the root it states, to tell two histories of one size apart; "" where it can't be read. */
	readonly stated: string;
}

export interface EvidenceFacts {
	readonly integrity: Readonly<Partial<Record<TableName, TableIntegrity>>>;
	/** `keySetOf` the trusted keys that the logs were judged under; not said by earlier versions: then nobody knows. */
	readonly keySet?: string;
	/** By sealed table; where it is not said, only a verdict of `verified` shows that a key was trusted. */
	readonly keyTrust?: Readonly<Partial<Record<TableName, KeyTrust>>>;
	/** Checkpoint files by sealed table, in any order; where they are not said, problems are told by table only. */
	readonly checkpoints?: Readonly<Partial<Record<TableName, readonly CheckpointFact[]>>>;
	readonly ipe: readonly IpeTable[];
	readonly documents: DocumentFacts;
	/** Declared accounting periods of the drop, `YYYY-MM`. */
	readonly periodFrom: string;
	readonly periodTo: string;
	readonly entityIds: readonly string[];
	/** SHA-256 and row count as found, by table: the population a result speaks of. */
	readonly tables: Readonly<Partial<Record<TableName, { readonly rows: number; readonly sha256: string }>>>;
}
