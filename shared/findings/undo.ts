/** Ctrl+Z and Ctrl+Shift+Z: the acts that take back a member's last step, or do it again. */
import { ok, type Result } from '#kernel';
import type { Act, ActRef } from './acts.ts';
import { decide } from './decide.ts';
import { stepsOf } from './history.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Applied, Step, Workbook } from './workbook.ts';

/** One step of a member's work: the acts to append, and those that they take back or do again. */
export interface Compensation {
	readonly acts: readonly Act[];
	readonly of: readonly Applied[];
}

/**
 * What undoes the member's last step (several acts of one moment are one step), or why it can't be.
 * @param replica on which it is undone: each undoes what they did on the same copy
 */
export function undoable(workbook: Workbook, memberId: string, replica = workbook.founder): Result<Compensation, Refusal> {
	const step = stepsOf(workbook, 'undo', memberId, replica).at(-1);
	if (!step) return refuse('cannot_undo', 'There is nothing of yours to undo.');
	return compensate(workbook, memberId, replica, step, ({ seq }) => ({ type: 'act.undone', undoes: seq }));
}

/** What does the member's last undone step again, or why it can't be. */
export function redoable(workbook: Workbook, memberId: string, replica = workbook.founder): Result<Compensation, Refusal> {
	const step = stepsOf(workbook, 'redo', memberId, replica).at(-1);
	if (!step) return refuse('cannot_undo', 'There is nothing to redo.');
	return compensate(workbook, memberId, replica, step, ({ seq }) => ({ type: 'act.redone', redoes: seq }));
}

function compensate(
	workbook: Workbook,
	memberId: string,
	replica: string,
	{ seqs }: Step,
	actOf: (ref: ActRef) => Act,
): Result<Compensation, Refusal> {
	const of = seqs.toReversed().flatMap((seq) => workbook.history.acts.get(seq) ?? []);
	const acts = of.map(({ ref }) => actOf(ref));
	// The first is judged as things stand; the vault judges each of the others after the one before it.
	const first = acts[0] ? decide(workbook, acts[0], memberId, replica) : null;
	return first && !first.ok ? first : ok({ acts, of });
}
