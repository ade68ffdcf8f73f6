/** What comes of several copies of one engagement: settling conflicts, dismissing refused acts, appointing who orders. */
import { canonicalize, ok, type Result } from '#kernel';
import { actSchema } from './actSchema.ts';
import { type Act, refKey } from './acts.ts';
import { cellValue, editOf } from './cells.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Member, Workbook } from './workbook.ts';

type Of<T extends Act['type']> = Extract<Act, { type: T }>;

/** @param decideEdit judges the edit that puts the value into the cell, role and all */
export function decideSettling(
	workbook: Workbook,
	act: Of<'conflict.settled'>,
	decideEdit: (edit: Act) => Result<Act, Refusal>,
): Result<Act, Refusal> {
	const conflict = workbook.conflicts.get(act.conflictId);
	if (!conflict) return refuse('not_found', 'This conflict is not there any more.');
	if (conflict.settled) return refuse('state', 'This conflict is settled already. Change the value by hand if it is wrong.');
	const side = act.choice === 'first' ? conflict.first : act.choice === 'second' ? conflict.second : null;
	if (side && canonicalize(side.value) !== canonicalize(act.value))
		return refuse('content_changed', 'That side of the conflict has changed since it was shown to you. Read it again, then choose.');
	const edit = settlingEdit(workbook, act);
	if (edit === 'nothing') return ok(act);
	if (edit === null) return refuse('invalid', 'This value does not fit what the conflict is about. Choose one of the sides.');
	const decided = decideEdit(edit);
	return decided.ok ? ok(act) : decided;
}

/** The edit that a settlement makes; `nothing` where the value stands already; null where there is no such edit. */
export function settlingEdit(workbook: Workbook, { conflictId, value }: Of<'conflict.settled'>): Act | 'nothing' | null {
	const conflict = workbook.conflicts.get(conflictId);
	if (!conflict) return null;
	if (canonicalize(cellValue(workbook, conflict.cell)) === canonicalize(value)) return 'nothing';
	const parsed = actSchema.safeParse(editOf(conflict.cell, value));
	return parsed.success ? parsed.data : null;
}

export function decideDismissal(workbook: Workbook, act: Of<'refusal.dismissed'>, member: Member): Result<Act, Refusal> {
	const refused = workbook.refused.get(refKey(act));
	if (!refused) return refuse('not_found', 'No act of this number was refused.');
	if (refused.dismissed) return refuse('state', 'This refused act is dismissed already.');
	if (act.reason.trim() === '') return refuse('incomplete', 'Dismissing a refused act needs a reason. Write one.');
	return refused.stamp.memberId === member.memberId || member.role === 'partner'
		? ok(act)
		: refuse('role', 'A refused act is dismissed by whoever did it, or by a partner.');
}

export function decideAppointment(workbook: Workbook, act: Of<'sequencer.appointed'>): Result<Act, Refusal> {
	return workbook.sequencer && canonicalize(workbook.sequencer) === canonicalize(act.sequencer)
		? refuse('no_change', 'It orders the acts already.')
		: ok(act);
}
