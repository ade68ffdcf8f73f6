/**
 * From the log of acts, in the merged order of all replicas, to the workbook. Total: each act is judged at its place (`place.ts`), and what is
 * refused or in conflict there changes nothing but the lists of those.
 */
import { unreachable } from '#kernel';
import { type Act, type LoggedAct, refKey } from './acts.ts';
import { touchesOf } from './cells.ts';
import { change } from './change.ts';
import { markCells, openConflict } from './conflicts.ts';
import { type Draft, openDraft, put } from './draft.ts';
import { appliedAt, isUndoable, recordUndoable } from './history.ts';
import { placeAct } from './place.ts';
import type { Stamp, Workbook } from './workbook.ts';

/** 64 zeros: what the first act links to. */
export const NO_HASH = '0'.repeat(64);

/** The work papers before anything was done. */
export function emptyWorkbook(): Workbook {
	return {
		seq: 0,
		head: NO_HASH,
		founder: '',
		sequencer: null,
		engagement: { name: '', client: '', organisation: '', deadline: null, isSample: false },
		members: new Map(),
		settings: new Map(),
		trustedKeys: new Map(),
		imports: new Map(),
		parameters: new Map(),
		runs: [],
		judgements: new Map(),
		findings: new Map(),
		notes: new Map(),
		signoffs: new Map(),
		views: new Map(),
		packsBegun: [],
		packs: [],
		conflicts: new Map(),
		refused: new Map(),
		history: {
			acts: new Map(),
			places: new Map(),
			undo: new Map(),
			redo: new Map(),
			findingsCreated: new Map(),
			cells: new Map(),
			judged: new Map(),
			contested: new Map(),
			conflicting: new Map(),
		},
	};
}

/** The workbook after one more act. The one before stays as it is. */
export const applyAct = (workbook: Workbook, logged: LoggedAct): Workbook => foldLog([logged], workbook);

/**
 * Folds acts in their order.
 * @param from what stands already; nothing, for a whole log
 */
export function foldLog(log: readonly LoggedAct[], from: Workbook = emptyWorkbook()): Workbook {
	const draft = openDraft(from);
	for (const logged of log) {
		foldAct(draft, logged, { seq: draft.workbook.seq + 1, at: logged.at, memberId: logged.memberId });
		draft.workbook.seq++;
		draft.workbook.head = logged.hash;
	}
	return { ...draft.workbook };
}

function foldAct(draft: Draft, logged: LoggedAct, stamp: Stamp): void {
	const placed = placeAct(draft.workbook, logged);
	switch (placed.kind) {
		case 'applied':
			if (placed.act) applyPlaced(draft, placed.act, logged, stamp, false);
			return;
		case 'refused': {
			const { replica, seq, act } = logged;
			put(draft, 'refused', refKey(logged), { ref: { replica, seq }, act, ...placed.refusal, stamp, dismissed: null });
			return;
		}
		case 'conflicting':
			if (placed.rest) applyPlaced(draft, placed.rest, logged, stamp, true);
			for (const { touch } of placed.contested) openConflict(draft, touch, logged);
			return;
		default:
			unreachable(placed);
	}
}

function applyPlaced(draft: Draft, act: Act, logged: LoggedAct, stamp: Stamp, isPartial: boolean): void {
	const cells = changedCells(draft.workbook, act, logged);
	const changes = change(draft, act, stamp, logged);
	const { replica, seq, at, memberId } = logged;
	if (isUndoable(act))
		recordUndoable(draft, {
			seq: stamp.seq,
			ref: { replica, seq },
			...{ at, memberId, type: act.type, act, changes, isUndone: false, isPartial },
		});
	markCells(draft, cells, logged);
}

/** The cells that an act changes, also those that `touchesOf` leaves to `decide`. */
function changedCells(workbook: Workbook, act: Act, { replica }: LoggedAct): readonly string[] {
	switch (act.type) {
		case 'signoff.given':
			return act.target.kind === 'finding' ? [`finding/${act.target.id}/state`] : [];
		case 'signoff.withdrawn': {
			const target = workbook.signoffs.get(act.signoffId)?.target;
			return target?.kind === 'finding' ? [`finding/${target.id}/state`] : [];
		}
		case 'act.undone':
		case 'act.redone': {
			const applied = appliedAt(workbook, { replica, seq: act.type === 'act.undone' ? act.undoes : act.redoes });
			return applied ? touchesOf(workbook, applied.act).map(({ cell }) => cell) : [];
		}
		default:
			return touchesOf(workbook, act).map(({ cell }) => cell);
	}
}
