/** What undo and redo put back. Each undoable act keeps the entries it changed; each member has an own pile of steps. */
import { type Act, type ActRef, type ActType, refKey } from './acts.ts';
import { CONFLICT, type Draft, own, ownList, restore, restored } from './draft.ts';
import type { Applied, Stamp, Step, Workbook } from './workbook.ts';

const UNDOABLE = [
	'setting.changed',
	'parameter.changed',
	'exception.judged',
	'finding.created',
	'finding.edited',
	'evidence.linked',
	'evidence.unlinked',
	'note.raised',
	'note.answered',
	'note.cleared',
	'view.saved',
	'view.deleted',
] as const satisfies readonly ActType[];

/** What undo can take back: a screen that promises it names one of these. */
export type UndoableType = (typeof UNDOABLE)[number] | 'finding.state_changed';

/**
 * Of which kind an act is that undo takes back; null where it stays. Imports, runs, packs, members, sign-offs, the engagement's own data and
 * what was settled or dismissed are facts; trusted keys come and go with a word on why; the issue of a finding is final.
 */
export function undoableType(act: Act): UndoableType | null {
	if (act.type === 'finding.state_changed') return act.state === 'issued' ? null : act.type;
	return UNDOABLE.find((type) => type === act.type) ?? null;
}

export const isUndoable = (act: Act): boolean => undoableType(act) !== null;

/** The undoable act of a reference, undone or not; undefined where it was refused, lies in a conflict or is a fact that stays. */
export const appliedAt = ({ history }: Workbook, ref: ActRef): Applied | undefined =>
	history.acts.get(history.places.get(refKey(ref)) ?? 0);

/** Steps of a member on a replica, the last one first to be taken. */
export const stepsOf = ({ history }: Workbook, pile: 'undo' | 'redo', memberId: string, replica: string): readonly Step[] =>
	history[pile].get(pileOf(memberId, replica)) ?? [];

const pileOf = (memberId: string, replica: string): string => `${replica}.${memberId}`;

/** Notes an undoable act: it goes on the pile of its member and replica, and what could be redone no longer can. */
export function recordUndoable(draft: Draft, applied: Applied): void {
	setApplied(draft, applied);
	const places = own(draft, draft.workbook.history.places);
	places.set(refKey(applied.ref), applied.seq);
	draft.workbook.history = { ...draft.workbook.history, places };
	push(draft, 'undo', applied, applied.at, applied.ref.seq - 1);
	setSteps(draft, 'redo', applied, []);
}

/** Takes back what an act changed. */
export function undo(draft: Draft, ref: ActRef, stamp: Stamp): void {
	const applied = appliedAt(draft.workbook, ref);
	if (!applied || applied.isUndone) return;
	for (const { slice, key, before, after } of applied.changes.toReversed()) restore(draft, slice, key, after, before);
	setApplied(draft, { ...applied, isUndone: true });
	take(draft, 'undo', applied);
	push(draft, 'redo', applied, stamp.at, null);
}

/** Does again what an act changed. */
export function redo(draft: Draft, ref: ActRef, stamp: Stamp): void {
	const applied = appliedAt(draft.workbook, ref);
	if (!applied?.isUndone) return;
	for (const { slice, key, before, after } of applied.changes) restore(draft, slice, key, before, after);
	setApplied(draft, { ...applied, isUndone: false });
	take(draft, 'redo', applied);
	push(draft, 'undo', applied, stamp.at, null);
}

/** Whether what an act changed can still be put back (`undo`) or done again (`redo`): nobody has changed the same since. */
export function isRestorable(workbook: Workbook, applied: Applied, direction: 'undo' | 'redo'): boolean {
	return applied.changes.every(({ slice, key, before, after }) => {
		const [from, to] = direction === 'undo' ? [after, before] : [before, after];
		return restored(slice, workbook[slice].get(key), from, to) !== CONFLICT;
	});
}

function setApplied(draft: Draft, applied: Applied): void {
	const acts = own(draft, draft.workbook.history.acts);
	acts.set(applied.seq, applied);
	draft.workbook.history = { ...draft.workbook.history, acts };
}

function setSteps(draft: Draft, pile: 'undo' | 'redo', { memberId, ref }: Applied, steps: readonly Step[]): void {
	const key = pileOf(memberId, ref.replica);
	if (steps.length === 0 && !draft.workbook.history[pile].has(key)) return;
	const piles = own(draft, draft.workbook.history[pile]);
	if (steps.length === 0) piles.delete(key);
	else piles.set(key, steps);
	draft.workbook.history = { ...draft.workbook.history, [pile]: piles };
}

/** @param after number in the chain of the act that must be last in the step for this one to join it; null: any of the same moment */
function push(draft: Draft, pile: 'undo' | 'redo', applied: Applied, at: string, after: number | null): void {
	const { history } = draft.workbook;
	const { memberId, ref, seq } = applied;
	const steps = history[pile].get(pileOf(memberId, ref.replica)) ?? [];
	const last = steps.at(-1);
	const isNext = (): boolean => after === null || history.acts.get(last?.seqs.at(-1) ?? 0)?.ref.seq === after;
	const longer = ownList(draft, steps);
	if (last !== undefined && last.at === at && isNext()) longer[longer.length - 1] = { at, seqs: [...last.seqs, seq] };
	else longer.push({ at, seqs: [seq] });
	setSteps(draft, pile, applied, longer);
}

function take(draft: Draft, pile: 'undo' | 'redo', applied: Applied): void {
	const steps = stepsOf(draft.workbook, pile, applied.memberId, applied.ref.replica);
	const rest = steps.map((step) =>
		step.seqs.includes(applied.seq) ? { ...step, seqs: step.seqs.filter((one) => one !== applied.seq) } : step,
	);
	setSteps(
		draft,
		pile,
		applied,
		rest.filter(({ seqs }) => seqs.length > 0),
	);
}
