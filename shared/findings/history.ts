/** What undo and redo put back. Each undoable act keeps the entries it changed; each member has an own pile of steps. */
import type { Act, ActType } from './acts.ts';
import { CONFLICT, type Draft, own, restore, restored } from './draft.ts';
import type { Applied, Stamp, Step, Workbook } from './workbook.ts';

const UNDOABLE: ReadonlySet<ActType> = new Set([
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
]);

/** Imports, runs, packs, members and sign-offs are facts and stay; so does the issue of a finding. Everything else can be undone. */
export const isUndoable = (act: Act): boolean => UNDOABLE.has(act.type) || (act.type === 'finding.state_changed' && act.state !== 'issued');

/** Notes an undoable act: it goes on its member's pile, and what could be redone no longer can. */
export function recordUndoable(draft: Draft, applied: Applied): void {
	setApplied(draft, applied);
	push(draft, 'undo', applied.memberId, applied.seq, applied.at, applied.seq - 1);
	setSteps(draft, 'redo', applied.memberId, []);
}

/** Takes back what act `seq` changed. */
export function undo(draft: Draft, seq: number, stamp: Stamp): void {
	const applied = draft.workbook.history.acts.get(seq);
	if (!applied || applied.isUndone) return;
	for (const { slice, key, before, after } of applied.changes.toReversed()) restore(draft, slice, key, after, before);
	setApplied(draft, { ...applied, isUndone: true });
	take(draft, 'undo', applied.memberId, seq);
	push(draft, 'redo', applied.memberId, seq, stamp.at, null);
}

/** Does again what act `seq` changed. */
export function redo(draft: Draft, seq: number, stamp: Stamp): void {
	const applied = draft.workbook.history.acts.get(seq);
	if (!applied?.isUndone) return;
	for (const { slice, key, before, after } of applied.changes) restore(draft, slice, key, before, after);
	setApplied(draft, { ...applied, isUndone: false });
	take(draft, 'redo', applied.memberId, seq);
	push(draft, 'undo', applied.memberId, seq, stamp.at, null);
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

function setSteps(draft: Draft, pile: 'undo' | 'redo', memberId: string, steps: readonly Step[]): void {
	const piles = own(draft, draft.workbook.history[pile]);
	if (steps.length === 0) piles.delete(memberId);
	else piles.set(memberId, steps);
	draft.workbook.history = { ...draft.workbook.history, [pile]: piles };
}

/** @param after the act that must be last in the step for `seq` to join it; null: any of the same moment */
function push(draft: Draft, pile: 'undo' | 'redo', memberId: string, seq: number, at: string, after: number | null): void {
	const steps = draft.workbook.history[pile].get(memberId) ?? [];
	const last = steps.at(-1);
	const joins = last !== undefined && last.at === at && (after === null || last.seqs.at(-1) === after);
	setSteps(draft, pile, memberId, joins ? [...steps.slice(0, -1), { at, seqs: [...last.seqs, seq] }] : [...steps, { at, seqs: [seq] }]);
}

function take(draft: Draft, pile: 'undo' | 'redo', memberId: string, seq: number): void {
	const steps = draft.workbook.history[pile].get(memberId) ?? [];
	const rest = steps.map((step) => (step.seqs.includes(seq) ? { ...step, seqs: step.seqs.filter((one) => one !== seq) } : step));
	setSteps(
		draft,
		pile,
		memberId,
		rest.filter(({ seqs }) => seqs.length > 0),
	);
}
