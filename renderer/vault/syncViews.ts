/** Rows of the sync screen: what waits to go, what stands against each other, what was refused. */
import { type Act, type ActRef, actSentence, type CellValue, type Conflict, cellWords, memberName, type Workbook } from '#findings';
import { isSequencer } from '#sync';
import type { VaultEngagement } from './engagement.ts';

/** How the work papers stand towards other copies. */
export interface PapersStatus {
	/** This copy. */
	readonly replica: string;
	/** Acts with a confirmed place, and those that wait for one. */
	readonly confirmed: number;
	readonly pending: number;
	/** Who gives places: this copy, another one, or a hub by the name of its log. */
	readonly sequencer: { readonly kind: 'this_copy' | 'other_copy' | 'hub'; readonly name: string };
	readonly openConflicts: number;
	readonly openRefusals: number;
	/** What came last and was not merged, since the engagement was opened. */
	readonly stopped: { readonly code: string; readonly message: string; readonly at: number } | null;
}

export interface OutboxRow {
	readonly ref: ActRef;
	readonly at: string;
	readonly member: string;
	readonly sentence: string;
}

interface ConflictSide {
	readonly value: CellValue;
	readonly member: string;
	readonly at: string;
	readonly ref: ActRef;
	/** It was written on this copy. */
	readonly isOwn: boolean;
}

export interface ConflictRow {
	readonly conflictId: string;
	readonly cell: string;
	/** The cell as a person says it. */
	readonly what: string;
	/** What stands. */
	readonly first: ConflictSide;
	readonly second: ConflictSide;
	/** What the second's copy had wanted before. */
	readonly earlier: readonly ConflictSide[];
	readonly settled: { readonly choice: string; readonly value: CellValue; readonly member: string; readonly at: string } | null;
}

export interface RefusedRow {
	readonly ref: ActRef;
	readonly act: Act;
	readonly at: string;
	readonly member: string;
	readonly sentence: string;
	readonly code: string;
	readonly message: string;
	readonly dismissed: { readonly reason: string; readonly member: string; readonly at: string } | null;
}

export function openOf({ conflicts, refused }: Workbook): { readonly openConflicts: number; readonly openRefusals: number } {
	const [open, standing] = [[...conflicts.values()], [...refused.values()]];
	return {
		openConflicts: open.filter(({ settled }) => settled === null).length,
		openRefusals: standing.filter(({ dismissed }) => dismissed === null).length,
	};
}

export function statusOf({ papers, replica, workbook }: VaultEngagement, stopped: PapersStatus['stopped']): PapersStatus {
	const state = papers.state();
	const { sequencer } = state.confirmed;
	return {
		replica,
		confirmed: state.order.length,
		pending: state.pending.length,
		sequencer:
			sequencer?.kind === 'hub'
				? { kind: 'hub', name: sequencer.log }
				: { kind: isSequencer(state) ? 'this_copy' : 'other_copy', name: (sequencer?.replica ?? workbook().founder).slice(0, 8) },
		...openOf(workbook()),
		stopped: stopped && { code: stopped.code, message: stopped.message, at: stopped.at },
	};
}

export function outboxRows(engagement: VaultEngagement): readonly OutboxRow[] {
	const workbook = engagement.workbook();
	return engagement.papers.state().pending.map(({ logged: { replica, seq, at, memberId, act } }) => ({
		ref: { replica, seq },
		at,
		member: memberName(workbook, memberId),
		sentence: actSentence(workbook, act, replica),
	}));
}

/** Open ones first, then those that are settled; within each in order of appearance. */
export function conflictRows(engagement: VaultEngagement): readonly ConflictRow[] {
	const workbook = engagement.workbook();
	const rows = [...workbook.conflicts.values()].map((conflict) => conflictRow(workbook, engagement.replica, conflict));
	return rows.toSorted((a, b) => Number(a.settled !== null) - Number(b.settled !== null));
}

function conflictRow(workbook: Workbook, own: string, { conflictId, cell, first, second, earlier, settled }: Conflict): ConflictRow {
	const side = ({ value, memberId, at, ref }: Conflict['first']): ConflictSide => ({
		value,
		member: memberName(workbook, memberId),
		at,
		ref,
		isOwn: ref.replica === own,
	});
	return {
		...{ conflictId, cell, what: cellWords(workbook, cell), first: side(first), second: side(second), earlier: earlier.map(side) },
		settled: settled && {
			choice: settled.choice,
			value: settled.value,
			member: memberName(workbook, settled.stamp.memberId),
			at: settled.stamp.at,
		},
	};
}

export function refusedRows(engagement: VaultEngagement): readonly RefusedRow[] {
	const workbook = engagement.workbook();
	const rows = [...workbook.refused.values()].map(({ ref, act, code, message, stamp, dismissed }) => ({
		...{ ref, act, code, message, at: stamp.at, member: memberName(workbook, stamp.memberId) },
		sentence: actSentence(workbook, act, ref.replica),
		dismissed: dismissed && { reason: dismissed.reason, member: memberName(workbook, dismissed.stamp.memberId), at: dismissed.stamp.at },
	}));
	return rows.toSorted((a, b) => Number(a.dismissed !== null) - Number(b.dismissed !== null));
}
