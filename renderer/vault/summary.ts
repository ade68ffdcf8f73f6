/** What the frame and Home say of the open engagement: one answer, so that they never disagree. `workbook.summary()` gives it. */
import type { Role } from '#findings';

export interface EngagementSummary {
	readonly engagementId: string;
	readonly name: string;
	readonly client: string;
	readonly organisation: string;
	readonly isSample: boolean;
	readonly memberId: string;
	readonly memberName: string;
	readonly role: Role;
	/** "2026-01 – 2026-12", empty before the first import. */
	readonly period: string;
	readonly deadline: { readonly day: string; readonly daysLeft: number; readonly archiveBy: string } | null;
	readonly evidence: {
		readonly company: string;
		/** Epoch milliseconds. */
		readonly asOf: number;
		/** Rows that loaded, and rows the manifest declares over all tables. */
		readonly rows: number;
		readonly declaredRows: number;
		readonly tables: number;
		/** Tables whose IPE verdict is not `as_declared`. */
		readonly differing: number;
		/** Malformed lines that were set aside: they are in no figure. */
		readonly quarantined: number;
		/** "2 of 2 logs verified", "not verifiable: no trusted key", "1 log altered" … never a bare tick. */
		readonly integrity: string;
		readonly integrityTone: 'pass' | 'warn' | 'fail' | 'neutral';
	} | null;
	readonly results: {
		readonly run: number;
		readonly of: number;
		readonly passed: number;
		readonly withExceptions: number;
		readonly incomplete: number;
		readonly notTestable: number;
		readonly exceptions: number;
		/** Parameters or evidence have changed since. */
		readonly isStale: boolean;
	} | null;
	readonly triage: { readonly fresh: number; readonly judged: number; readonly waiting: number };
	readonly findings: {
		readonly total: number;
		readonly draft: number;
		readonly prepared: number;
		readonly reviewed: number;
		readonly issued: number;
		readonly changedSinceSignoff: number;
		readonly openNotes: number;
	};
	readonly packs: number;
	/** "3 of 4 findings signed", for the status bar. */
	readonly signed: string;
	/** Counts of open work by screen, for the rail. */
	readonly open: Readonly<Partial<Record<string, number>>>;
	/** What waits for this member, each with the screen that it is done on. */
	readonly mine: readonly {
		readonly screen: 'data' | 'procedures' | 'integrity' | 'exceptions' | 'findings' | 'disputes' | 'packs';
		readonly params: Readonly<Record<string, string>>;
		readonly sentence: string;
	}[];
}
