/** What a pack is made of: facts that verification, tests and the auditor established. Plain values; nothing here reads a file. */
import type { AuditResult, AuditTest, IpeDifference, IpeVerdict, ParameterSpec, Severity } from '#audit';
import type { LogHead } from '#evidence';

/** Minor units of a currency: a bigint, a safe whole number, or its decimal text (as results write large amounts). */
export type MinorAmount = bigint | number | string;

export interface PackInput {
	readonly packId: string;
	/** RFC 3339 instant in UTC: the only clock a pack knows. */
	readonly created: string;
	readonly engagement: PackEngagement;
	readonly tool: PackTool;
	readonly result: AuditResult;
	readonly catalogue: readonly CatalogueText[];
	/** One passport a table of the drop, in the drop's order. */
	readonly ipe: readonly IpePassport[];
	/** Details of the sealed tables' verification, by table; tables without details show what the result says. */
	readonly sealed: readonly SealedTable[];
	/** Where the log's key came from, such as "given by --key", or null when none was trusted. */
	readonly trustedKey: { readonly vkey: string; readonly origin: string } | null;
	/** Heads of logs that were seen outside the drop and that it contradicts: its verdicts rest on them, so a replay is given them. */
	readonly contradictedHeads?: readonly LogHead[];
	readonly timelines: readonly OrderTimeline[];
	readonly findings: readonly PackFinding[];
	/** What else a reader must know about what is left out, one sentence each. */
	readonly notes?: readonly string[];
	/** Fields withheld from this pack, and why; empty when nothing is. */
	readonly redactions: readonly { readonly field: string; readonly reason: string }[];
	readonly attachments: readonly PackAttachment[];
}

/** An auditor's conclusion: plain text whose first line may be a title, or one written up and signed in the work papers. */
export type PackFinding = string | WrittenFinding;

export interface WrittenFinding {
	/** As the work papers number it: "F-001". */
	readonly number: string;
	readonly title: string;
	readonly severity: Severity;
	readonly state: 'draft' | 'prepared' | 'reviewed' | 'issued' | 'withdrawn';
	/** Condition, criteria, cause, effect, recommendation, response: those that have words, in this order. */
	readonly parts: readonly { readonly heading: string; readonly text: string }[];
	readonly evidence: readonly FindingEvidence[];
	/** In the order in which they were given; withdrawn ones are not among them. */
	readonly signoffs: readonly FindingSignoff[];
	/** Fields that two members changed unseen by each other, and that nobody has settled; absent where there is none. */
	readonly contested?: readonly string[];
}

export interface FindingEvidence {
	readonly kind: 'row' | 'exception' | 'document' | 'result';
	readonly label: string;
	/** Of the stored line, the document, or the result; null where it has none. */
	readonly sha256: string | null;
	/** Name of an attachment that holds it, or null. */
	readonly attachment: string | null;
}

export interface FindingSignoff {
	readonly role: 'prepared' | 'reviewed';
	readonly name: string;
	/** RFC 3339 in UTC. */
	readonly at: string;
	/** Of the content that was signed. */
	readonly sha256: string;
	/** Fields that are no longer as they were signed; empty: nothing has changed since. */
	readonly changed: readonly string[];
}

export interface PackEngagement {
	readonly client: string;
	/** First and last accounting period, `YYYY-MM`. */
	readonly periodFrom: string;
	readonly periodTo: string;
	readonly asOf: string;
	readonly preparedBy: string;
	readonly organisation: string;
	/** Entities covered, by id and name. */
	readonly entities: readonly { readonly id: string; readonly name: string }[];
}

export interface PackTool {
	readonly name: string;
	readonly version: string;
	/** The PDF library and its version. */
	readonly pdf: string;
	/** SHA-256 of the font files, by face. */
	readonly fonts: Readonly<Record<string, string>>;
}

/** A test's words, as its row of the catalogue has them; `AuditTest` fits. */
export interface CatalogueText extends Pick<AuditTest, 'id' | 'title' | 'severity' | 'why' | 'rule' | 'source'> {
	readonly parameters: readonly Pick<ParameterSpec, 'name' | 'unit' | 'doc'>[];
}

export interface TableMeasure {
	readonly rows: number;
	readonly bytes: number;
	readonly sha256: string;
	/** Sums over columns, as the manifest spells them. */
	readonly controlTotals: Readonly<Record<string, string>>;
}

export interface QuarantinedLine {
	readonly line: number;
	/** Byte offset of the line in its file. */
	readonly offset: number;
	readonly reason: string;
}

export interface IpePassport {
	readonly table: string;
	readonly file: string;
	readonly system: string | null;
	readonly query: string | null;
	readonly extractedAt: string | null;
	readonly extractedBy: string | null;
	readonly declared: TableMeasure | null;
	readonly found: TableMeasure | null;
	readonly verdict: IpeVerdict;
	readonly differences: readonly IpeDifference[];
	readonly quarantined: readonly QuarantinedLine[];
}

export interface CheckpointFact {
	readonly size: number;
	/** Base64 or hex, as the checkpoint spells it. */
	readonly root: string;
	readonly agreement: 'matches' | 'differs' | 'beyond_log';
	readonly signatures: readonly { readonly name: string; readonly status: 'valid' | 'invalid' | 'unknown_key' | 'not_checked' }[];
	/** Against the checkpoint before it. */
	readonly consistency: 'consistent' | 'inconsistent' | 'not_checked' | 'first';
}

export interface SealedTable {
	readonly table: string;
	readonly origin: string;
	/** Lower-case hex. */
	readonly root: string;
	readonly lines: number;
	readonly canonicalLines: number;
	/** Lines from the beginning that a matching checkpoint under the trusted key covers; absent where it is not known. */
	readonly coveredLines?: number;
	readonly checkpoints: readonly CheckpointFact[];
}

export interface OrderTimeline {
	readonly orderId: string;
	/** What is known about the order, printed as labelled values: customer, contract terms, total, state. */
	readonly facts: readonly { readonly label: string; readonly value: string }[];
	readonly events: readonly TimelineEvent[];
	/** Documents of the order that no event names. */
	readonly documents: readonly TimelineDocument[];
	/** Ledger effects that no event triggered. */
	readonly ledger: readonly LedgerEffect[];
	/** By sealed table, how many of its events the pack is shown to have; absent where no heads record is at hand. */
	readonly completeness?: readonly OrderCompleteness[];
	/** Anything a reader must know, such as "3 of 9 events are withheld"; usually none. */
	readonly note: string | null;
}

/** What a heads record shows about the events of one order in one table. */
export interface OrderCompleteness {
	readonly table: string;
	/** Calendar day of the record, UTC. */
	readonly day: string;
	/** Lines of the table that the record speaks of. */
	readonly size: number;
	/** Events up to then, all of them in the pack; null: not shown. */
	readonly events: number | null;
	/** Events in the pack that are newer than the record. */
	readonly newer: number;
}

/**
 * How an event's bytes stand: `verified` under a trusted checkpoint · `not_verifiable` the links hold but no trusted
 * checkpoint covers it · `link_broken` its bytes and the chain disagree · `unsealed` no chain at all · `withheld` not in the pack.
 */
export type HashStatus = 'verified' | 'not_verifiable' | 'link_broken' | 'unsealed' | 'withheld';

export interface TimelineEvent {
	readonly eventId: string;
	readonly orderSeq: number;
	readonly lineId: string | null;
	readonly type: string;
	readonly fromState: string | null;
	readonly toState: string | null;
	readonly occurredAt: string;
	readonly recordedAt: string;
	readonly actorId: string;
	readonly actorName: string | null;
	readonly actorRole: string;
	readonly sourceSystem: string;
	readonly sourceSeq: number | null;
	readonly quantity: string | null;
	readonly reasonCode: string | null;
	readonly correctsEventId: string | null;
	readonly hashStatus: HashStatus;
	/** Lower-case hex, or null where there is none. */
	readonly leafHash: string | null;
	readonly documents: readonly TimelineDocument[];
	readonly ledger: readonly LedgerEffect[];
	/** Tests whose exceptions cite this very event. */
	readonly citedBy: readonly string[];
}

export interface TimelineDocument {
	readonly documentId: string;
	readonly kind: string;
	readonly fileName: string;
	readonly sha256: string;
	readonly datedAt: string | null;
	readonly status: 'present' | 'missing' | 'altered' | 'redacted';
	/** Name of its attachment in this pack, or null. */
	readonly attachment: string | null;
}

export type LedgerEffect =
	| {
			readonly kind: 'revenue';
			readonly id: string;
			readonly action: 'recognise' | 'reverse' | 'reinstate';
			readonly amountMinor: MinorAmount;
			readonly currency: string;
			readonly period: string;
			readonly recognisedAt: string;
			readonly postedAt: string;
	  }
	| {
			readonly kind: 'journal';
			/** Journal id and line, as `JE-1/2`. */
			readonly id: string;
			readonly account: string;
			readonly debitMinor: MinorAmount;
			readonly creditMinor: MinorAmount;
			readonly currency: string;
			readonly period: string;
			readonly effectiveOn: string;
			readonly description: string;
	  };

/** How an embedded file relates to the pack (ISO 32000-2 §7.11.3, /AFRelationship). */
export type Relationship = 'Source' | 'Data' | 'Supplement' | 'Schema' | 'Unspecified';

export interface PackAttachment {
	/** Flat ASCII (`flatName`): tools save under it. */
	readonly name: string;
	/** Where it belongs when unpacked, such as `documents/<sha256>`. */
	readonly path: string;
	readonly bytes: Uint8Array;
	readonly mime: string;
	readonly relationship: Relationship;
	/** One phrase for a reader: "proof of delivery of SO-1". */
	readonly description: string;
	/** A supporting document is listed under the delivery proofs, anything else under the data files. */
	readonly isDocument: boolean;
}
