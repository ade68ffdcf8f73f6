/** What each kind of act changes in the workbook, once it is known to be allowed at its place. */
import { unreachable } from '#kernel';
import { type Act, type ActRef, type LoggedAct, refKey } from './acts.ts';
import { settle, withdrawSides } from './conflicts.ts';
import { contentOf } from './content.ts';
import { settlingEdit } from './decideSync.ts';
import { type Draft, put } from './draft.ts';
import { redo, undo } from './history.ts';
import type { Change, Finding, Signoff, Stamp, Workbook } from './workbook.ts';

const NOTHING: readonly Change[] = [];

/** Changes the draft by one act; answers the entries changed, for undo. */
export function change(draft: Draft, act: Act, stamp: Stamp, logged: LoggedAct): readonly Change[] {
	const { workbook } = draft;
	switch (act.type) {
		case 'engagement.created': {
			const { type: _, ...engagement } = act;
			workbook.engagement = engagement;
			workbook.founder = logged.replica;
			workbook.sequencer = { kind: 'replica', replica: logged.replica };
			return NOTHING;
		}
		case 'engagement.edited':
			workbook.engagement = { ...workbook.engagement, [act.field]: act.field === 'deadline' && act.value === '' ? null : act.value };
			return NOTHING;
		case 'member.added':
		case 'member.role_changed':
		case 'member.removed':
			return changeMember(draft, act);
		case 'setting.changed':
			return [put(draft, 'settings', act.key, { value: act.value, reason: act.reason, stamp })];
		case 'trusted_key.added':
			return [put(draft, 'trustedKeys', act.vkey, { vkey: act.vkey, origin: act.origin, stamp })];
		case 'trusted_key.removed':
			return [put(draft, 'trustedKeys', act.vkey, undefined)];
		case 'population.imported':
			return [put(draft, 'imports', act.importId, { ...act, stamp })];
		case 'run.recorded':
			workbook.runs = [...workbook.runs, { runId: act.runId, importId: act.importId, tests: act.tests, keySet: act.keySet ?? null, stamp }];
			return NOTHING;
		case 'parameter.changed':
			return [changeParameter(draft, act, stamp)];
		case 'exception.judged': {
			const { verdict, cause, note, duplicateOf } = act;
			const judgement = verdict === 'new' ? undefined : { verdict, cause, note, duplicateOf, stamp };
			return act.keys.map((key) => put(draft, 'judgements', key, judgement));
		}
		case 'finding.created':
		case 'finding.edited':
		case 'finding.state_changed':
		case 'evidence.linked':
		case 'evidence.unlinked':
			return changeFinding(draft, act, stamp, logged.replica);
		case 'note.raised':
		case 'note.answered':
		case 'note.cleared':
			return changeNote(draft, act, stamp);
		case 'signoff.given':
		case 'signoff.withdrawn':
			return changeSignoff(draft, act, stamp);
		case 'view.saved': {
			const { viewId, screen, name, definition } = act;
			return [put(draft, 'views', viewId, { viewId, screen, name, definition, stamp })];
		}
		case 'view.deleted':
			return [put(draft, 'views', act.viewId, undefined)];
		case 'pack.begun':
			workbook.packsBegun = [...workbook.packsBegun, { ...act, stamp }];
			return NOTHING;
		case 'pack.made':
			workbook.packs = [...workbook.packs, { ...act, stamp }];
			return NOTHING;
		case 'recovery_key.issued':
		case 'evidence.exported':
			return NOTHING;
		case 'conflict.settled':
			return changeSettled(draft, act, stamp, logged);
		case 'refusal.dismissed':
			return dismiss(draft, act, act.reason, stamp);
		case 'sequencer.appointed':
			workbook.sequencer = act.sequencer;
			return NOTHING;
		case 'act.undone': {
			const ref = { replica: logged.replica, seq: act.undoes };
			undo(draft, ref, stamp);
			withdrawSides(draft, ref, stamp);
			return dismiss(draft, ref, 'Undone by its author', stamp);
		}
		case 'act.redone':
			redo(draft, { replica: logged.replica, seq: act.redoes }, stamp);
			return NOTHING;
		default:
			return unreachable(act);
	}
}

function changeSettled(draft: Draft, act: Of<'conflict.settled'>, stamp: Stamp, logged: LoggedAct): readonly Change[] {
	const conflict = draft.workbook.conflicts.get(act.conflictId);
	if (!conflict) return NOTHING;
	const edit = settlingEdit(draft.workbook, act);
	if (edit !== null && edit !== 'nothing') change(draft, edit, stamp, logged);
	settle(draft, conflict, { choice: act.choice, value: act.value, stamp });
	return NOTHING;
}

function dismiss(draft: Draft, ref: ActRef, reason: string, stamp: Stamp): readonly Change[] {
	const key = refKey(ref);
	const refused = draft.workbook.refused.get(key);
	if (refused && !refused.dismissed) put(draft, 'refused', key, { ...refused, dismissed: { reason, stamp } });
	return NOTHING;
}

type Of<P extends string> = Extract<Act, { type: P }>;

function changeMember(draft: Draft, act: Of<'member.added' | 'member.role_changed' | 'member.removed'>): readonly Change[] {
	if (act.type === 'member.added') {
		const { memberId, name, role, publicKey } = act;
		return [put(draft, 'members', memberId, { memberId, name, role, publicKey, isActive: true })];
	}
	const member = draft.workbook.members.get(act.memberId);
	if (!member) return NOTHING;
	return [
		put(draft, 'members', act.memberId, act.type === 'member.removed' ? { ...member, isActive: false } : { ...member, role: act.role }),
	];
}

function changeParameter(draft: Draft, act: Of<'parameter.changed'>, stamp: Stamp): Change {
	const values = new Map(draft.workbook.parameters.get(act.test));
	if (act.value === null) values.delete(act.name);
	else values.set(act.name, { value: act.value, reason: act.reason, stamp });
	return put(draft, 'parameters', act.test, values.size === 0 ? undefined : values);
}

function changeFinding(
	draft: Draft,
	act: Of<'finding.created' | 'finding.edited' | 'finding.state_changed' | 'evidence.linked' | 'evidence.unlinked'>,
	stamp: Stamp,
	replica: string,
): readonly Change[] {
	const { workbook } = draft;
	if (act.type === 'finding.created') {
		const { findingsCreated } = workbook.history;
		const number = (findingsCreated.get(replica) ?? 0) + 1;
		workbook.history = { ...workbook.history, findingsCreated: new Map(findingsCreated).set(replica, number) };
		return [put(draft, 'findings', act.findingId, newFinding(act, labelOf(number, replica, workbook.founder), stamp))];
	}
	const finding = workbook.findings.get(act.findingId);
	if (!finding) return NOTHING;
	return [put(draft, 'findings', act.findingId, { ...changedFinding(finding, act, stamp), changed: stamp })];
}

/**
 * Findings are counted on each copy by itself, because a label that stands in a signed pack must not depend on what other copies do meanwhile:
 * `F-003` on the copy the engagement began on, `F-003.7c1e` on another one.
 */
const labelOf = (number: number, replica: string, founder: string): string =>
	`F-${String(number).padStart(3, '0')}${replica === founder ? '' : `.${replica.slice(0, 4)}`}`;

function newFinding({ findingId, title, severity }: Of<'finding.created'>, label: string, stamp: Stamp): Finding {
	return {
		findingId,
		label,
		state: 'draft',
		fields: { title, severity, condition: '', criteria: '', cause: '', effect: '', recommendation: '', response: '' },
		evidence: [],
		created: stamp,
		changed: stamp,
	};
}

function changedFinding(
	finding: Finding,
	act: Of<'finding.edited' | 'finding.state_changed' | 'evidence.linked' | 'evidence.unlinked'>,
	stamp: Stamp,
): Finding {
	switch (act.type) {
		case 'finding.edited':
			return { ...finding, fields: { ...finding.fields, [act.field]: act.value } };
		case 'finding.state_changed':
			return { ...finding, state: act.state };
		case 'evidence.linked':
			return { ...finding, evidence: [...finding.evidence, { linkId: act.linkId, link: act.link, stamp }] };
		case 'evidence.unlinked':
			return { ...finding, evidence: finding.evidence.filter(({ linkId }) => linkId !== act.linkId) };
		default:
			return unreachable(act);
	}
}

function changeNote(draft: Draft, act: Of<'note.raised' | 'note.answered' | 'note.cleared'>, stamp: Stamp): readonly Change[] {
	if (act.type === 'note.raised') {
		const { noteId, target, text, blocksReview } = act;
		return [put(draft, 'notes', noteId, { noteId, target, text, blocksReview, raised: stamp, answers: [], cleared: null })];
	}
	const note = draft.workbook.notes.get(act.noteId);
	if (!note) return NOTHING;
	if (act.type === 'note.cleared') return [put(draft, 'notes', act.noteId, { ...note, cleared: stamp })];
	return [put(draft, 'notes', act.noteId, { ...note, answers: [...note.answers, { text: act.text, stamp }] })];
}

/** A finding's state follows its sign-offs: signing prepares or reviews it, withdrawing takes it back. */
function changeSignoff(draft: Draft, act: Of<'signoff.given' | 'signoff.withdrawn'>, stamp: Stamp): readonly Change[] {
	const { workbook } = draft;
	if (act.type === 'signoff.given') {
		const { signoffId, target, role, contentSha256 } = act;
		const content = contentOf(workbook, target) ?? {};
		put(draft, 'signoffs', signoffId, { signoffId, target, role, contentSha256, content, stamp, withdrawn: null });
		moveFinding(draft, target, role === 'prepared' ? { draft: 'prepared' } : { prepared: 'reviewed' });
		return NOTHING;
	}
	const signoff = workbook.signoffs.get(act.signoffId);
	if (!signoff) return NOTHING;
	put(draft, 'signoffs', act.signoffId, { ...signoff, withdrawn: { reason: act.reason, stamp } });
	if (standsWithout(workbook, signoff)) return NOTHING;
	moveFinding(draft, signoff.target, signoff.role === 'prepared' ? { prepared: 'draft', reviewed: 'draft' } : { reviewed: 'prepared' });
	return NOTHING;
}

/** Whether another sign-off of the same kind still stands. */
function standsWithout(workbook: Workbook, { signoffId, target, role }: Signoff): boolean {
	for (const other of workbook.signoffs.values())
		if (
			other.signoffId !== signoffId &&
			other.withdrawn === null &&
			other.role === role &&
			other.target.kind === target.kind &&
			other.target.id === target.id
		)
			return true;
	return false;
}

function moveFinding(draft: Draft, target: Signoff['target'], moves: Partial<Record<Finding['state'], Finding['state']>>): void {
	const finding = target.kind === 'finding' ? draft.workbook.findings.get(target.id) : undefined;
	const state = finding ? moves[finding.state] : undefined;
	if (finding && state) put(draft, 'findings', target.id, { ...finding, state });
}
