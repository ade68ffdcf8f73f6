/** The words of a sealed table's verification: audit tests, results, screens and packs say them as well. */
import type { TableName } from '#model';
import type { JudgedCheckpoint } from './judgeCheckpoint.ts';
import type { LogHead } from './logHead.ts';

/**
 * Of several that apply, the first one is said:
 * `forked`, two histories of one log were signed ·
 * `altered`, lines and checkpoints contradict each other, or a line its own order's chain ·
 * `truncated`, nothing but the end is missing under a checkpoint (or the last line is cut) ·
 * `not_verifiable`, nothing contradicts, but no trusted signature vouches for all of it ·
 * `verified`, no problem at all and a checkpoint under a trusted key.
 * Forks, alterations and truncations are said without a trusted key as well, where the drop contradicts itself.
 */
export type IntegrityVerdict = 'verified' | 'altered' | 'truncated' | 'forked' | 'not_verifiable';

export type IntegrityCode =
	| 'chain_break'
	| 'not_canonical'
	| 'sequence_gap'
	| 'duplicate'
	| 'root_mismatch'
	| 'beyond_log'
	| 'bad_signature'
	| 'untrusted_key'
	| 'inconsistent';

export interface IntegrityProblem {
	readonly code: IntegrityCode;
	/** 1-based line the evidence points to; null where it is a checkpoint's problem, or only an interval can be named. */
	readonly line: number | null;
	readonly order_id: string | null;
	/** One sentence for an auditor, with what was expected and what was found. */
	readonly detail: string;
}

/** Whether a key from outside the drop vouches for a table's checkpoints; `not_judged` where no key was given. */
export type KeyTrust = 'trusted' | 'untrusted' | 'not_judged';

export interface SealedVerification {
	readonly table: TableName;
	readonly rows: number;
	readonly verdict: IntegrityVerdict;
	readonly problems: readonly IntegrityProblem[];
	readonly trust: KeyTrust;
	/** Lines under a checkpoint that a trusted key signed and whose root they have. */
	readonly sealedLines: number;
	/** Lines behind it: a state, not an error, but nothing vouches for them yet. */
	readonly unsealedLines: number;
	readonly checkpoints: readonly JudgedCheckpoint[];
	/** The newest trusted head that the lines agree with: what a workstation remembers. */
	readonly head: LogHead | null;
	/** The head remembered of this log that its lines contradict; null where none does. */
	readonly contradicts: LogHead | null;
}

/** The first digits of a hash: enough to compare by eye, short enough to read. */
export const shortHash = (hex: string): string => (hex.length > 16 ? `${hex.slice(0, 16)}…` : hex);

export const countOf = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;
