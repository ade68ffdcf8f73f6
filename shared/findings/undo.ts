/** Ctrl+Z and Ctrl+Shift+Z: the acts that take back a member's last step, or do it again. */
import { ok, type Result } from '#kernel';
import type { Act } from './acts.ts';
import { decide } from './decide.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Applied, Workbook } from './workbook.ts';

/** One step of a member's work: the acts to append, and those that they take back or do again. */
export interface Compensation {
	readonly acts: readonly Act[];
	readonly of: readonly Applied[];
}

/** What undoes the member's last step (several acts of one moment are one step), or why it can't be. */
export function undoable(workbook: Workbook, memberId: string): Result<Compensation, Refusal> {
	const step = workbook.history.undo.get(memberId)?.at(-1);
	if (!step) return refuse('cannot_undo', 'There is nothing of yours to undo.');
	return compensate(workbook, memberId, step.seqs.toReversed(), (undoes) => ({ type: 'act.undone', undoes }));
}

/** What does the member's last undone step again, or why it can't be. */
export function redoable(workbook: Workbook, memberId: string): Result<Compensation, Refusal> {
	const step = workbook.history.redo.get(memberId)?.at(-1);
	if (!step) return refuse('cannot_undo', 'There is nothing to redo.');
	return compensate(workbook, memberId, step.seqs.toReversed(), (redoes) => ({ type: 'act.redone', redoes }));
}

function compensate(
	workbook: Workbook,
	memberId: string,
	seqs: readonly number[],
	actOf: (seq: number) => Act,
): Result<Compensation, Refusal> {
	const of = seqs.flatMap((seq) => workbook.history.acts.get(seq) ?? []);
	const acts = seqs.map(actOf);
	// The first is judged as things stand; the vault judges each of the others after the one before it.
	const first = acts[0] ? decide(workbook, acts[0], memberId) : null;
	return first && !first.ok ? first : ok({ acts, of });
}
