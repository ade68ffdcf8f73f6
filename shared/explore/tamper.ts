/**
 * The tamper lab: a drop copied in memory, the copy attacked on purpose, and read again as any drop is. What catches an attack is not
 * said here but found out, by importing the altered copy; an attack that nothing catches says so.
 */
import type { EvidenceFacts } from '#audit';
import type { LogHead, Manifest, SealedLogReport, SealedVerification, VerifierKey } from '#evidence';
import type { TableName } from '#model';
import type { Population } from '#population';
import type { CheckId } from './integrityChecks.ts';
import type { DropCopy } from './tamperCopy.ts';

/** What the lab needs of a drop that was read. */
export interface LabImport {
	readonly manifest: Manifest;
	readonly population: Population;
	readonly evidence: EvidenceFacts;
	readonly sealed: ReadonlyMap<TableName, { readonly report: SealedLogReport; readonly verification: SealedVerification }>;
}

/** A log key of the lab's own, never the company's: the lab cannot have that. */
export interface LabSigner {
	readonly key: VerifierKey;
	readonly vkey: string;
	/** A checkpoint file: three lines, a blank one, and a signature line. */
	checkpoint(origin: string, size: number, root: Uint8Array): string;
}

export interface AttackChange {
	readonly path: string;
	/** "line 300", "the line log_key", "bytes 0 to 40". */
	readonly where: string;
	readonly before: string;
	readonly after: string;
}

export type AttackFamily = 'lines' | 'history' | 'seals' | 'documents' | 'declaration' | 'beyond';

export interface Attack {
	readonly id: string;
	readonly family: AttackFamily;
	readonly title: string;
	/** What somebody who does this would want. */
	readonly motive: string;
	/** What he must be able to do for it. */
	readonly means: string;
	/** Checks that are expected to catch it; empty where none can. */
	readonly expected: readonly CheckId[];
	/** Audit tests likewise. */
	readonly tests: readonly string[];
	/** Why nothing catches it, where nothing is expected to. */
	readonly beyond?: string;
	/** The copy is sealed anew with a key of the lab first, which is trusted on the copy only: the attacker then holds the log's key. */
	readonly holdsKey?: true;
	/** The workstation remembers the heads of the copy before the attack. */
	readonly remembers?: true;
	/** Which table it is done to. */
	readonly target: AttackTarget;
	readonly alter: Alter;
}

/** Alters the copy; null where this drop has nothing to do it to. */
export type Alter = (copy: DropCopy, site: AttackSite) => Promise<readonly AttackChange[] | null>;

export type AttackTarget = 'order_event' | 'revenue_event' | 'plain' | 'documents';

export interface AttackSite {
	readonly table: TableName;
	/** `data/<table>.ndjson` as the manifest names it. */
	readonly file: string;
	/** `<log>/<table>`. */
	readonly origin: string;
	/** The stand-in for the log's key, and a stranger. */
	readonly standIn: LabSigner;
	readonly stranger: LabSigner;
}

/** Heads that a workstation would remember of a drop that verified. */
export const headsOf = ({ sealed }: LabImport): LogHead[] =>
	[...sealed.values()].flatMap(({ verification: { head } }) => (head ? [head] : []));
