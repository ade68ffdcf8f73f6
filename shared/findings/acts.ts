/**
 * What a person can do to the work papers. An act is the only way the workbook changes: acts are appended to a hash-chained log, and the
 * workbook is what folding them gives. Undo appends a compensating act; nothing is ever taken out.
 */
import type { ParameterValue, Severity } from '#audit';

export type Role = 'preparer' | 'reviewer' | 'partner' | 'compliance' | 'readonly';

export type TriageVerdict = 'new' | 'confirmed' | 'explained' | 'duplicate' | 'below_trivial' | 'waiting';

export type FindingState = 'draft' | 'prepared' | 'reviewed' | 'issued' | 'withdrawn';

export type FindingField = 'title' | 'severity' | 'condition' | 'criteria' | 'cause' | 'effect' | 'recommendation' | 'response';

/** What a finding rests on: a row of the population, an exception, a document of the drop, or the result of a test. */
export type EvidenceLink =
	| { readonly kind: 'row'; readonly table: string; readonly key: string; readonly sha256: string; readonly label: string }
	| { readonly kind: 'exception'; readonly exceptionKey: string; readonly label: string }
	| { readonly kind: 'document'; readonly sha256: string; readonly fileName: string; readonly label: string }
	| { readonly kind: 'result'; readonly test: string; readonly resultSha256: string; readonly label: string };

/** Anything a note or a sign-off can stand on. */
export interface Target {
	readonly kind: 'finding' | 'procedure' | 'exception' | 'dispute' | 'integrity' | 'reconciliation';
	readonly id: string;
}

/** Names an act: the chain it stands in, and its place there. */
export interface ActRef {
	readonly replica: string;
	readonly seq: number;
}

/**
 * Who gives acts their confirmed place: one copy of the engagement (the founding one, until another is appointed), or a hub, which signs the
 * order under `vkey` as a log of `log`.
 */
export type Sequencer =
	| { readonly kind: 'replica'; readonly replica: string }
	| { readonly kind: 'hub'; readonly log: string; readonly vkey: string };

/** What can stand in one cell of the work papers; null: nothing stands there. */
export type CellValue =
	| null
	| string
	| number
	| boolean
	| { readonly verdict: TriageVerdict; readonly cause: string | null; readonly note: string; readonly duplicateOf: string | null }
	| { readonly screen: string; readonly name: string; readonly definition: string }
	| EvidenceLink;

export interface TestDigest {
	readonly test: string;
	readonly version: number;
	readonly verdict: 'pass' | 'exception' | 'incomplete' | 'not_testable';
	readonly why: string | null;
	/** Subjects tested. */
	readonly rows: number;
	readonly exceptions: number;
	readonly parameters: Readonly<Record<string, ParameterValue>>;
	readonly resultSha256: string;
}

export type Act =
	| {
			readonly type: 'engagement.created';
			readonly name: string;
			readonly client: string;
			readonly organisation: string;
			readonly deadline: string | null;
			readonly isSample: boolean;
	  }
	| { readonly type: 'engagement.edited'; readonly field: 'name' | 'client' | 'organisation' | 'deadline'; readonly value: string }
	| { readonly type: 'member.added'; readonly memberId: string; readonly name: string; readonly role: Role; readonly publicKey: string }
	| { readonly type: 'member.role_changed'; readonly memberId: string; readonly role: Role }
	| { readonly type: 'member.removed'; readonly memberId: string; readonly reason: string }
	| { readonly type: 'setting.changed'; readonly key: string; readonly value: string; readonly reason: string }
	| { readonly type: 'trusted_key.added'; readonly vkey: string; readonly origin: string }
	| { readonly type: 'trusted_key.removed'; readonly vkey: string; readonly reason: string }
	| {
			readonly type: 'population.imported';
			readonly importId: string;
			readonly dropId: string;
			readonly manifestSha256: string;
			readonly company: string;
			readonly asOf: string;
			readonly rows: number;
			readonly bytes: number;
			readonly quarantined: number;
			readonly differing: number;
	  }
	| {
			readonly type: 'parameter.changed';
			readonly test: string;
			readonly name: string;
			readonly value: ParameterValue | null;
			readonly reason: string;
	  }
	| {
			readonly type: 'run.recorded';
			readonly runId: string;
			readonly importId: string;
			readonly tests: readonly TestDigest[];
			/** `keySetOf` the trusted keys that the logs had been judged under; runs of before do not say. */
			readonly keySet?: string;
	  }
	| {
			readonly type: 'exception.judged';
			readonly keys: readonly string[];
			readonly verdict: TriageVerdict;
			readonly cause: string | null;
			readonly note: string;
			readonly duplicateOf: string | null;
			readonly predicate: string | null;
	  }
	| {
			readonly type: 'finding.created';
			readonly findingId: string;
			readonly title: string;
			readonly severity: Severity;
	  }
	| { readonly type: 'finding.edited'; readonly findingId: string; readonly field: FindingField; readonly value: string }
	| { readonly type: 'finding.state_changed'; readonly findingId: string; readonly state: FindingState; readonly reason: string }
	| { readonly type: 'evidence.linked'; readonly findingId: string; readonly linkId: string; readonly link: EvidenceLink }
	| { readonly type: 'evidence.unlinked'; readonly findingId: string; readonly linkId: string }
	| {
			readonly type: 'note.raised';
			readonly noteId: string;
			readonly target: Target;
			readonly text: string;
			readonly blocksReview: boolean;
	  }
	| { readonly type: 'note.answered'; readonly noteId: string; readonly text: string }
	| { readonly type: 'note.cleared'; readonly noteId: string }
	| {
			readonly type: 'signoff.given';
			readonly signoffId: string;
			readonly target: Target;
			readonly role: 'prepared' | 'reviewed';
			readonly contentSha256: string;
	  }
	| { readonly type: 'signoff.withdrawn'; readonly signoffId: string; readonly reason: string }
	| { readonly type: 'view.saved'; readonly viewId: string; readonly screen: string; readonly name: string; readonly definition: string }
	| { readonly type: 'view.deleted'; readonly viewId: string }
	/** A pack is signed and about to be written: from here on its file may exist. `pack.made` of the same bytes completes it. */
	| {
			readonly type: 'pack.begun';
			readonly packId: string;
			/** Of the pages as they were shown, before the signature. */
			readonly unsignedSha256: string;
			/** Of the signed file. */
			readonly sha256: string;
			readonly fileName: string;
			readonly pages: number;
			readonly findingIds: readonly string[];
			readonly signer: string;
			readonly signerIsSelfMade: boolean;
	  }
	| {
			readonly type: 'pack.made';
			readonly packId: string;
			readonly sha256: string;
			readonly fileName: string;
			readonly pages: number;
			readonly findingIds: readonly string[];
			readonly signer: string;
			readonly signerIsSelfMade: boolean;
			readonly verdict: string;
	  }
	/** The key before it opens nothing any more. `fingerprint`: first digits of the new key's SHA-256. */
	| { readonly type: 'recovery_key.issued'; readonly fingerprint: string }
	| { readonly type: 'evidence.exported'; readonly what: string; readonly rows: number; readonly sha256: string }
	| {
			readonly type: 'conflict.settled';
			readonly conflictId: string;
			/** Which side stands; `new`: neither. */
			readonly choice: 'first' | 'second' | 'new';
			/** What stands from now on; that of the side chosen, so that nobody settles what they have not seen. */
			readonly value: CellValue;
	  }
	| { readonly type: 'refusal.dismissed'; readonly replica: string; readonly seq: number; readonly reason: string }
	| { readonly type: 'sequencer.appointed'; readonly sequencer: Sequencer }
	/** `undoes` and `redoes` are numbers in the chain of the act itself: undone is what was done on the same copy. */
	| { readonly type: 'act.undone'; readonly undoes: number }
	| { readonly type: 'act.redone'; readonly redoes: number };

export type ActType = Act['type'];

/** How far each other copy's chain had been folded: replica → the last number of it. What is not named was not seen. */
export type VersionVector = Readonly<Record<string, number>>;

/**
 * An act as it stands in the log: the log is one chain a replica. `hash` is over the canonical JSON of all but itself and `signature`;
 * `signature` is the member's Ed25519 over `actMessage(hash)`.
 */
export interface LoggedAct {
	/** The copy of the engagement it was done on; 32 hex digits. */
	readonly replica: string;
	/** 1, 2, 3 … without gaps in the chain of its replica. */
	readonly seq: number;
	/** RFC 3339 UTC with milliseconds. */
	readonly at: string;
	readonly memberId: string;
	readonly act: Act;
	/** What its author had before them of all other replicas. */
	readonly seen: VersionVector;
	/** `hash` of the same replica's act before, 64 zeros for its first. */
	readonly prev: string;
	readonly hash: string;
	/** Base64. */
	readonly signature: string;
}

/** A reference as a key of maps. */
export const refKey = ({ replica, seq }: ActRef): string => `${replica}.${seq}`;

/** Whether the author of an act had `ref` before them. */
export const hasSeen = (logged: Pick<LoggedAct, 'replica' | 'seq' | 'seen'>, ref: ActRef): boolean =>
	ref.replica === logged.replica ? ref.seq < logged.seq : ref.seq <= (logged.seen[ref.replica] ?? 0);
