/** Undo and redo: one's own acts only, nothing that is signed, nothing that others have changed since. */
import { ok, type Result } from '#kernel';
import { type Act, type ActRef, refKey } from './acts.ts';
import { appliedAt, isRestorable } from './history.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Applied, Member, Workbook } from './workbook.ts';

export function decideUndo(workbook: Workbook, ref: ActRef, { memberId }: Member): Result<Act, Refusal> {
	const act: Act = { type: 'act.undone', undoes: ref.seq };
	const applied = appliedAt(workbook, ref);
	if (!applied) return decideTakingBack(workbook, ref, memberId);
	if (applied.isUndone) return refuse('cannot_undo', `Act ${ref.seq} is undone already.`);
	if (applied.memberId !== memberId) return refuse('cannot_undo', `Act ${ref.seq} is another member's. Each undoes their own.`);
	const signed = signedSince(workbook, applied);
	if (signed) return refuse('signed', `Signed work is not undone: ${signed} was signed after this. Withdraw the sign-off with a reason.`);
	if (hasFollowers(workbook, applied) || !isRestorable(workbook, applied, 'undo'))
		return refuse('cannot_undo', `Act ${ref.seq} can't be undone: later work stands on it or has changed the same. Change it by hand.`);
	return ok(act);
}

/** What was refused or lies in a conflict changed nothing; its author may say that it is no longer wanted. */
function decideTakingBack(workbook: Workbook, ref: ActRef, memberId: string): Result<Act, Refusal> {
	const key = refKey(ref);
	const refused = workbook.refused.get(key);
	const sides = (workbook.history.conflicting.get(key) ?? []).flatMap((id) => {
		const conflict = workbook.conflicts.get(id);
		return conflict ? [conflict.second, ...conflict.earlier].filter((side) => refKey(side.ref) === key) : [];
	});
	const author = refused?.stamp.memberId ?? sides[0]?.memberId;
	if (author === memberId && refused?.dismissed == null) return ok({ type: 'act.undone', undoes: ref.seq });
	return refuse(
		'cannot_undo',
		`Act ${ref.seq} can't be undone: imports, runs, packs, members and sign-offs stay. A sign-off is withdrawn with a reason.`,
	);
}

/** @param decideAgain whether the first act would be allowed now */
export function decideRedo(
	workbook: Workbook,
	ref: ActRef,
	{ memberId }: Member,
	decideAgain: (act: Act) => Result<Act, Refusal>,
): Result<Act, Refusal> {
	const applied = appliedAt(workbook, ref);
	if (!applied?.isUndone) return refuse('cannot_undo', `Act ${ref.seq} is not undone, so there is nothing to redo.`);
	if (applied.memberId !== memberId) return refuse('cannot_undo', `Act ${ref.seq} is another member's. Each redoes their own.`);
	if (applied.isPartial) return refuse('cannot_undo', `Act ${ref.seq} lay in a conflict in part, so it can't be redone. Do it anew.`);
	const again = decideAgain(applied.act);
	if (!again.ok) return again;
	return isRestorable(workbook, applied, 'redo')
		? ok({ type: 'act.redone', redoes: ref.seq })
		: refuse('cannot_undo', `Act ${ref.seq} can't be redone: the same has been changed since. Do it anew.`);
}

/** What of an act's content was signed after it, in words; null if nothing was. */
function signedSince(workbook: Workbook, { seq, act, changes }: Applied): string | null {
	const keys = new Set(act.type === 'exception.judged' ? act.keys : []);
	const entries = new Set(changes.map(({ slice, key }) => `${slice} ${key}`));
	for (const { target, stamp, withdrawn } of workbook.signoffs.values()) {
		if (withdrawn !== null || stamp.seq < seq) continue;
		const finding = target.kind === 'finding' ? workbook.findings.get(target.id) : undefined;
		if (finding && finding.state !== 'draft') {
			if (entries.has(`findings ${target.id}`)) return finding.label;
			if (finding.evidence.some(({ link }) => link.kind === 'exception' && keys.has(link.exceptionKey))) return finding.label;
		}
		if (target.kind === 'exception' && keys.has(target.id)) return 'the exception';
		if (target.kind === 'procedure' && entries.has(`parameters ${target.id}`)) return target.id;
	}
	return null;
}

/** Whether others' work would hang in the air: notes and sign-offs on a finding, duplicates of an exception. */
function hasFollowers(workbook: Workbook, { act, changes }: Applied): boolean {
	if (act.type === 'finding.created') {
		const isOf = ({ target }: { readonly target: { readonly kind: string; readonly id: string } }): boolean =>
			target.kind === 'finding' && target.id === act.findingId;
		return [...workbook.notes.values()].some(isOf) || [...workbook.signoffs.values()].some(isOf);
	}
	if (act.type !== 'exception.judged') return false;
	const becomesNew = new Set(changes.filter(({ before }) => before === undefined).map(({ key }) => key));
	if (becomesNew.size === 0) return false;
	const isChanged = new Set(act.keys);
	for (const [key, { duplicateOf }] of workbook.judgements)
		if (duplicateOf !== null && becomesNew.has(duplicateOf) && !isChanged.has(key)) return true;
	return false;
}
