/** Conflicts while a workbook is folded: marking who changed a cell last, opening, superseding, settling and withdrawing. */
import { canonicalize, sha256HexOfText } from '#kernel';
import { type ActRef, type CellValue, hasSeen, type LoggedAct, refKey } from './acts.ts';
import { cellValue, keyOfCell, type Touch } from './cells.ts';
import { type Draft, own, put } from './draft.ts';
import type { Conflict, Mark, Side, Stamp, Workbook } from './workbook.ts';

const markOf = ({ history }: Workbook, cell: string): Mark | undefined => {
	const key = keyOfCell(cell);
	return key === null ? history.cells.get(cell) : history.judged.get(key);
};

/** What was changed by somebody whose act the author had not seen; `isAgreed`: to the very same value. */
export interface Unseen {
	readonly touch: Touch;
	readonly isAgreed: boolean;
}

export function unseenOf(workbook: Workbook, logged: LoggedAct, touches: readonly Touch[]): readonly Unseen[] {
	const unseen: Unseen[] = [];
	for (const touch of touches) {
		const mark = markOf(workbook, touch.cell);
		if (!mark || hasSeen(logged, mark)) continue;
		unseen.push({ touch, isAgreed: canonicalize(cellValue(workbook, touch.cell)) === canonicalize(touch.value) });
	}
	return unseen;
}

/** Notes that an act changed these cells; open conflicts over them then have another first side. */
export function markCells(draft: Draft, cells: readonly string[], { replica, seq, at, memberId }: LoggedAct): void {
	if (cells.length === 0) return;
	const mark: Mark = { replica, seq, at, memberId };
	const { history } = draft.workbook;
	const keys = cells.map(keyOfCell);
	const named = keys.includes(null) ? own(draft, history.cells) : null;
	const judged = keys.some((key) => key !== null) ? own(draft, history.judged) : null;
	for (const [at, cell] of cells.entries()) {
		const key = keys[at] ?? null;
		if (key === null) named?.set(cell, mark);
		else judged?.set(key, mark);
	}
	draft.workbook.history = { ...history, cells: named ?? history.cells, judged: judged ?? history.judged };
	if (history.contested.size === 0) return;
	for (const cell of cells)
		for (const conflictId of history.contested.get(cell) ?? []) {
			const conflict = draft.workbook.conflicts.get(conflictId);
			if (conflict) put(draft, 'conflicts', conflictId, { ...conflict, first: sideOf(mark, cellValue(draft.workbook, cell)) });
		}
}

const sideOf = ({ replica, seq, at, memberId }: Mark, value: CellValue): Side => ({ value, memberId, at, ref: { replica, seq } });

/** What `touch` wanted does not stand: it is the second side of a conflict, with what stands as the first. */
export function openConflict(draft: Draft, { cell, value }: Touch, logged: LoggedAct): void {
	const mark = markOf(draft.workbook, cell);
	if (!mark) return;
	const second = sideOf(logged, value);
	const { contested } = draft.workbook.history;
	const open = (contested.get(cell) ?? []).map((id) => draft.workbook.conflicts.get(id));
	const same = open.find((conflict) => conflict?.second.ref.replica === logged.replica);
	if (same) {
		put(draft, 'conflicts', same.conflictId, { ...same, second, earlier: [...same.earlier, same.second] });
		noteConflicting(draft, logged, same.conflictId);
		return;
	}
	const conflictId = sha256HexOfText(canonicalize({ cell, replica: logged.replica, seq: logged.seq })).slice(0, 32);
	const first = sideOf(mark, cellValue(draft.workbook, cell));
	put(draft, 'conflicts', conflictId, { conflictId, cell, first, second, earlier: [], settled: null });
	setContested(draft, cell, [...(contested.get(cell) ?? []), conflictId]);
	noteConflicting(draft, logged, conflictId);
}

function noteConflicting(draft: Draft, ref: ActRef, conflictId: string): void {
	const conflicting = own(draft, draft.workbook.history.conflicting);
	const key = refKey(ref);
	conflicting.set(key, [...(conflicting.get(key) ?? []), conflictId]);
	draft.workbook.history = { ...draft.workbook.history, conflicting };
}

function setContested(draft: Draft, cell: string, ids: readonly string[]): void {
	const contested = own(draft, draft.workbook.history.contested);
	if (ids.length === 0) contested.delete(cell);
	else contested.set(cell, ids);
	draft.workbook.history = { ...draft.workbook.history, contested };
}

export function settle(draft: Draft, conflict: Conflict, settled: NonNullable<Conflict['settled']>): void {
	const { conflictId, cell } = conflict;
	const latest = draft.workbook.conflicts.get(conflictId) ?? conflict;
	put(draft, 'conflicts', conflictId, { ...latest, settled });
	const ids = draft.workbook.history.contested.get(cell) ?? [];
	setContested(
		draft,
		cell,
		ids.filter((id) => id !== conflictId),
	);
}

/** What the author of an act takes back is no longer wanted: the side before it is, or none. */
export function withdrawSides(draft: Draft, ref: ActRef, stamp: Stamp): void {
	const isOf = (side: Side): boolean => side.ref.replica === ref.replica && side.ref.seq === ref.seq;
	for (const conflictId of draft.workbook.history.conflicting.get(refKey(ref)) ?? []) {
		const conflict = draft.workbook.conflicts.get(conflictId);
		if (!conflict || conflict.settled) continue;
		const earlier = conflict.earlier.filter((side) => !isOf(side));
		if (!isOf(conflict.second)) {
			put(draft, 'conflicts', conflictId, { ...conflict, earlier });
			continue;
		}
		const before = earlier.at(-1);
		if (before) put(draft, 'conflicts', conflictId, { ...conflict, second: before, earlier: earlier.slice(0, -1) });
		else settle(draft, conflict, { choice: 'withdrawn', value: conflict.first.value, stamp });
	}
}
