/** The state of the work papers: what folding the log of acts gives. Plain maps, never written to but by `applyAct`. */
import type { ParameterValue } from '#audit';
import type { Json } from '#kernel';
import type {
	Act,
	ActRef,
	ActType,
	CellValue,
	EvidenceLink,
	FindingField,
	FindingState,
	Role,
	Sequencer,
	Target,
	TestDigest,
	TriageVerdict,
} from './acts.ts';
import type { RefusalCode } from './refusal.ts';

/** Who did it last, when, and in which act. */
export interface Stamp {
	/** Place in the merged order of all replicas: 1, 2, 3 … */
	readonly seq: number;
	readonly at: string;
	readonly memberId: string;
}

export interface Member {
	readonly memberId: string;
	readonly name: string;
	readonly role: Role;
	/** Ed25519, base64. */
	readonly publicKey: string;
	readonly isActive: boolean;
}

export interface Judgement {
	readonly verdict: TriageVerdict;
	readonly cause: string | null;
	readonly note: string;
	readonly duplicateOf: string | null;
	readonly stamp: Stamp;
}

export interface LinkedEvidence {
	readonly linkId: string;
	readonly link: EvidenceLink;
	readonly stamp: Stamp;
}

export interface Finding {
	readonly findingId: string;
	/** F-001, F-002 … in order of creation. */
	readonly label: string;
	readonly state: FindingState;
	readonly fields: Readonly<Record<FindingField, string>>;
	readonly evidence: readonly LinkedEvidence[];
	readonly created: Stamp;
	readonly changed: Stamp;
}

export interface Note {
	readonly noteId: string;
	readonly target: Target;
	readonly text: string;
	readonly blocksReview: boolean;
	readonly raised: Stamp;
	readonly answers: readonly { readonly text: string; readonly stamp: Stamp }[];
	readonly cleared: Stamp | null;
}

/** The content of a target as it is hashed; the names are those that "changed since sign-off" lists. */
export type SignedContent = Readonly<Record<string, Json>>;

export interface Signoff {
	readonly signoffId: string;
	readonly target: Target;
	readonly role: 'prepared' | 'reviewed';
	readonly contentSha256: string;
	/** What was signed, field by field as it stood then: what "changed since" is told from. */
	readonly content: SignedContent;
	readonly stamp: Stamp;
	readonly withdrawn: { readonly reason: string; readonly stamp: Stamp } | null;
}

export interface SavedView {
	readonly viewId: string;
	readonly screen: string;
	readonly name: string;
	readonly definition: string;
	readonly stamp: Stamp;
}

export interface RecordedRun {
	readonly runId: string;
	readonly importId: string;
	readonly tests: readonly TestDigest[];
	/** The trusted keys that the logs had been judged under; null: not known. */
	readonly keySet: string | null;
	readonly stamp: Stamp;
}

/** One side of a conflict: what an act says should stand in the cell. */
export interface Side {
	readonly value: CellValue;
	readonly memberId: string;
	readonly at: string;
	readonly ref: ActRef;
}

/** Two members changed the same without having seen each other's change. The first one in the order stands until somebody settles it. */
export interface Conflict {
	readonly conflictId: string;
	/** What is in question, such as `finding/f1/condition`; see `cells.ts`. */
	readonly cell: string;
	/** What stands. */
	readonly first: Side;
	/** What does not. */
	readonly second: Side;
	/** What the same replica had wanted before `second`, oldest first. */
	readonly earlier: readonly Side[];
	/** `withdrawn`: by an undo of the second. */
	readonly settled: {
		readonly choice: 'first' | 'second' | 'new' | 'withdrawn';
		readonly value: CellValue;
		readonly stamp: Stamp;
	} | null;
}

/** An act that the rules refused at its place in the order. It stays in the log and changes nothing. */
export interface RefusedAct {
	readonly ref: ActRef;
	readonly act: Act;
	readonly code: RefusalCode;
	readonly message: string;
	readonly stamp: Stamp;
	readonly dismissed: { readonly reason: string; readonly stamp: Stamp } | null;
}

/** The act that changed a cell last. */
export interface Mark extends ActRef {
	readonly at: string;
	readonly memberId: string;
}

/** The parts of the workbook that are kept by id, and in which undo puts entries back. */
export type SliceName =
	| 'members'
	| 'settings'
	| 'trustedKeys'
	| 'imports'
	| 'parameters'
	| 'judgements'
	| 'findings'
	| 'notes'
	| 'signoffs'
	| 'views'
	| 'conflicts'
	| 'refused';

/** One entry that an act changed; undefined: it was not there. */
export interface Change {
	readonly slice: SliceName;
	readonly key: string;
	readonly before: unknown;
	readonly after: unknown;
}

/** An undoable act with what it changed. */
export interface Applied {
	/** Place in the merged order. */
	readonly seq: number;
	/** Where it stands in its chain: what undo names. */
	readonly ref: ActRef;
	readonly at: string;
	readonly memberId: string;
	readonly type: ActType;
	readonly act: Act;
	readonly changes: readonly Change[];
	readonly isUndone: boolean;
	/** A part of it lies in conflicts: it can be undone, not done again. */
	readonly isPartial: boolean;
}

/** Acts of one moment that undo and redo take together, in the order in which they were done. */
export interface Step {
	readonly at: string;
	readonly seqs: readonly number[];
}

/** What undo, redo and the finding of conflicts need. Folded like everything else, so it survives a restart. */
export interface History {
	/** By place in the merged order. */
	readonly acts: ReadonlyMap<number, Applied>;
	/** `refKey` of an undoable act → its place. */
	readonly places: ReadonlyMap<string, number>;
	/** By member and replica (`pileOf`): each undoes what they did on the same copy. The last step is the next to be taken. */
	readonly undo: ReadonlyMap<string, readonly Step[]>;
	readonly redo: ReadonlyMap<string, readonly Step[]>;
	/** By copy, findings ever created on it, also undone ones: a label is never given twice, and never changes. */
	readonly findingsCreated: ReadonlyMap<string, number>;
	/** Who changed a cell last; of exceptions in a map of its own, by key, because there are so many. */
	readonly cells: ReadonlyMap<string, Mark>;
	readonly judged: ReadonlyMap<string, Mark>;
	/** Cell → its open conflicts. */
	readonly contested: ReadonlyMap<string, readonly string[]>;
	/** `refKey` of an act that lies in conflicts, wholly or in part → their ids. */
	readonly conflicting: ReadonlyMap<string, readonly string[]>;
}

export interface Workbook {
	/** Acts folded so far, refused ones too, and the hash of the last one. */
	readonly seq: number;
	readonly head: string;
	/** The replica that the engagement began on; empty before it did. */
	readonly founder: string;
	/** Who confirms; null before the engagement began. */
	readonly sequencer: Sequencer | null;
	readonly engagement: {
		readonly name: string;
		readonly client: string;
		readonly organisation: string;
		readonly deadline: string | null;
		readonly isSample: boolean;
	};
	readonly members: ReadonlyMap<string, Member>;
	readonly settings: ReadonlyMap<string, { readonly value: string; readonly reason: string; readonly stamp: Stamp }>;
	readonly trustedKeys: ReadonlyMap<string, { readonly vkey: string; readonly origin: string; readonly stamp: Stamp }>;
	readonly imports: ReadonlyMap<string, Extract<Act, { type: 'population.imported' }> & { readonly stamp: Stamp }>;
	/** Test → parameter → value, where it differs from the default. */
	readonly parameters: ReadonlyMap<
		string,
		ReadonlyMap<string, { readonly value: ParameterValue; readonly reason: string; readonly stamp: Stamp }>
	>;
	/** In order of recording. */
	readonly runs: readonly RecordedRun[];
	/** By exception key; one that is not there is new. */
	readonly judgements: ReadonlyMap<string, Judgement>;
	readonly findings: ReadonlyMap<string, Finding>;
	readonly notes: ReadonlyMap<string, Note>;
	readonly signoffs: ReadonlyMap<string, Signoff>;
	readonly views: ReadonlyMap<string, SavedView>;
	/** Signed and about to be written; completed ones too. */
	readonly packsBegun: readonly (Extract<Act, { type: 'pack.begun' }> & { readonly stamp: Stamp })[];
	readonly packs: readonly (Extract<Act, { type: 'pack.made' }> & { readonly stamp: Stamp })[];
	/** By id, settled ones too, in order of appearance. */
	readonly conflicts: ReadonlyMap<string, Conflict>;
	/** By `refKey`, in the order of the log. */
	readonly refused: ReadonlyMap<string, RefusedAct>;
	readonly history: History;
}
