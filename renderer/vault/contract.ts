/**
 * What the vault worker's parts share: the engagement that is open, the evidence loaded in it, jobs and changes. Every capability
 * (`ordersApi.ts`, `findingsApi.ts` …) is a function of `VaultContext`; `vault.ts` puts them together, and the window calls them through
 * comlink. Keys never leave the worker.
 */
import type { AuditResult } from '#audit';
import type { Act, LoggedAct, Member, Workbook } from '#findings';
import type { DropSource, ImportedDrop, LoadedDrop } from '#intake';
import type { Result } from '#kernel';
import type { Confirmations } from './confirmations.ts';
import type { ExportGate } from './exportGate.ts';
import type { RunDifferences } from './runDifference.ts';

/** Every refusal that a person can meet, with one sentence: what, where, how to mend. */
export interface VaultError {
	readonly code:
		| 'locked'
		| 'wrong_passphrase'
		| 'weak_passphrase'
		| 'no_such_engagement'
		| 'engagement_damaged'
		| 'engagement_exists'
		| 'open_elsewhere'
		| 'storage_full'
		| 'storage_failed'
		| 'unreadable_file'
		| 'not_allowed'
		| 'not_found'
		| 'conflict'
		| 'invalid'
		| 'cancelled'
		| 'no_evidence'
		| 'runtime_refused'
		/** The hub can't be reached or refuses: trying again may help. */
		| 'not_connected'
		/** The hub contradicts what was seen before: a person must ask the company. */
		| 'distrusted';
	readonly message: string;
}

export type Answer<T> = Result<T, VaultError>;

/** The population an engagement works on, in memory, and its stored bytes. Replaced as a whole by the next import. */
export interface LoadedEvidence {
	readonly importId: string;
	/** Columns, facts, manifest. After an unlock the logs' trees are not there yet: `withLogs` brings them. */
	readonly drop: LoadedDrop;
	/** The drop's files, decrypted from segments on demand. */
	readonly source: DropSource;
	/** The drop with its logs verified anew from the stored bytes: what proofs and packs need. Cached after the first call. */
	withLogs(job: JobControl): Promise<Answer<ImportedDrop>>;
}

/** What a long-running function is given: it reports, and stops where it is told to. */
export interface JobControl {
	readonly signal: AbortSignal;
	/** `total` 0: not known. */
	progress(phase: string, done: number, total: number, unit: string): void;
}

export interface JobState {
	readonly jobId: string;
	/** "Import of drop NW-2026", as the job centre shows it. */
	readonly label: string;
	readonly phase: string;
	readonly done: number;
	readonly total: number;
	readonly unit: string;
	readonly startedAt: number;
	readonly endedAt: number | null;
	readonly outcome: 'running' | 'done' | 'cancelled' | 'failed';
	readonly message: string | null;
}

/** What changed, so that the window asks anew only where it must. */
export type VaultChange =
	| { readonly kind: 'session' }
	| { readonly kind: 'workbook'; readonly seq: number }
	| { readonly kind: 'evidence' }
	| { readonly kind: 'results' }
	| { readonly kind: 'sync' }
	| { readonly kind: 'jobs'; readonly jobs: readonly JobState[] };

export interface OpenEngagement {
	/** Random, opaque. */
	readonly engagementId: string;
	/** Which copy of the engagement this is; see `LoggedAct`. */
	readonly replica: string;
	readonly memberId: string;
	member(): Member;
	workbook(): Workbook;
	/** Passphrases typed once more: what a sign-off takes. */
	readonly confirmations: Confirmations;
	/** What was let out and waits to be put on record. */
	readonly exports: ExportGate;
	/** The whole log in the merged order of all copies: the place in this list is that of `Stamp.seq`, counted from 1. */
	log(): readonly LoggedAct[];
	/**
	 * Decides (roles, states), signs, appends durably, folds. All or none. When it answers `ok`, the acts survive a power cut.
	 */
	act(...acts: readonly Act[]): Promise<Answer<readonly LoggedAct[]>>;
	evidence(): LoadedEvidence | null;
	/** The last recorded results of the loaded evidence, with exceptions; null before the first run. */
	results(): AuditResult | null;
	/** @param differences of the run before, kept with the results */
	saveResults(result: AuditResult, differences?: RunDifferences): Promise<Answer<void>>;
}

export interface VaultContext {
	/** The open engagement, or the refusal `locked`. */
	open(): Answer<OpenEngagement>;
	/** Runs `work` as a job that the job centre shows and can cancel. */
	job<T>(label: string, work: (job: JobControl) => Promise<Answer<T>>): Promise<Answer<T>>;
	changed(change: VaultChange): void;
	/** Milliseconds. */
	now(): number;
	/** 128 random bits as 32 hex digits. */
	randomId(): string;
}
