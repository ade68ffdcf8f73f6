/** Whether a member may do an act now: roles, states, sign-offs. The one gate before the log. */
import { ok, type Result, unreachable } from '#kernel';
import type { Act, ActType } from './acts.ts';
import { decideFinding } from './decideFinding.ts';
import { decideJudgement } from './decideJudgement.ts';
import { decideNote, decideSignoff } from './decideSignoff.ts';
import { decideAppointment, decideDismissal, decideSettling } from './decideSync.ts';
import { decideRedo, decideUndo } from './decideUndo.ts';
import { decidePack } from './packs.ts';
import { type Refusal, refuse } from './refusal.ts';
import { can, ROLE_NAMES } from './roles.ts';
import type { Member, Workbook } from './workbook.ts';

/**
 * The act itself, or why it is refused. The first two acts found the engagement: `engagement.created`, then `member.added` of the very
 * member who signs them, with the role they took.
 * @param replica of the act: undo names another act of the same chain
 */
export function decide(workbook: Workbook, act: Act, memberId: string, replica = workbook.founder): Result<Act, Refusal> {
	if (workbook.seq < 2) return decideFounding(workbook, act, memberId);
	const member = workbook.members.get(memberId);
	if (!member?.isActive) return refuse('unknown_member', 'You are not a member of this engagement. Ask a partner to add you.');
	return decideAllowed(workbook, act, member, replica);
}

function decideAllowed(workbook: Workbook, act: Act, member: Member, replica: string): Result<Act, Refusal> {
	if (!can(member.role, act.type))
		return refuse('role', `The role ${ROLE_NAMES[member.role]} may not ${VERBS[act.type]}. Ask a member whose role does.`);
	return decideAct(workbook, act, member, replica);
}

function decideFounding(workbook: Workbook, act: Act, memberId: string): Result<Act, Refusal> {
	if (workbook.seq === 0 && act.type === 'engagement.created') return ok(act);
	if (workbook.seq === 1 && act.type === 'member.added' && act.memberId === memberId) return ok(act);
	return refuse('invalid', 'An engagement begins with its creation and then its first member. Create the engagement anew.');
}

function decideAct(workbook: Workbook, act: Act, member: Member, replica: string): Result<Act, Refusal> {
	switch (act.type) {
		case 'engagement.created':
			return refuse('exists', 'This engagement exists already. Create another one from the start screen.');
		case 'engagement.edited':
			return act.field === 'name' && act.value.trim() === ''
				? refuse('incomplete', 'An engagement needs a name. Write one.')
				: workbook.engagement[act.field] === (act.value === '' && act.field === 'deadline' ? null : act.value)
					? unchanged()
					: ok(act);
		case 'member.added':
		case 'member.role_changed':
		case 'member.removed':
			return decideMember(workbook, act);
		case 'setting.changed':
			return workbook.settings.get(act.key)?.value === act.value ? unchanged() : ok(act);
		case 'trusted_key.added':
			return workbook.trustedKeys.has(act.vkey) ? refuse('exists', 'This key is trusted already.') : ok(act);
		case 'trusted_key.removed':
			return workbook.trustedKeys.has(act.vkey) ? ok(act) : refuse('not_found', 'This key is not among the trusted ones.');
		case 'population.imported':
			return workbook.imports.has(act.importId) ? refuse('exists', 'This import is recorded already.') : ok(act);
		case 'parameter.changed':
			return (workbook.parameters.get(act.test)?.get(act.name)?.value ?? null) === act.value ? unchanged() : ok(act);
		case 'run.recorded':
			return workbook.imports.has(act.importId)
				? ok(act)
				: refuse('not_found', 'This run speaks of evidence that was never imported here. Import the drop first.');
		case 'exception.judged':
			return decideJudgement(workbook, act);
		case 'finding.created':
		case 'finding.edited':
		case 'finding.state_changed':
		case 'evidence.linked':
		case 'evidence.unlinked':
			return decideFinding(workbook, act, member);
		case 'note.raised':
		case 'note.answered':
		case 'note.cleared':
			return decideNote(workbook, act, member);
		case 'signoff.given':
		case 'signoff.withdrawn':
			return decideSignoff(workbook, act, member);
		case 'view.saved':
			return ok(act);
		case 'view.deleted':
			return workbook.views.has(act.viewId) ? ok(act) : refuse('not_found', 'This view is not there any more.');
		case 'pack.begun':
		case 'pack.made':
			return decidePack(workbook, act);
		case 'recovery_key.issued':
		case 'evidence.exported':
			return ok(act);
		case 'conflict.settled':
			return decideSettling(workbook, act, (edit) => decideAllowed(workbook, edit, member, replica));
		case 'refusal.dismissed':
			return decideDismissal(workbook, act, member);
		case 'sequencer.appointed':
			return decideAppointment(workbook, act);
		case 'act.undone':
			return decideUndo(workbook, { replica, seq: act.undoes }, member);
		case 'act.redone':
			return decideRedo(workbook, { replica, seq: act.redoes }, member, (again) => decideAct(workbook, again, member, replica));
		default:
			return unreachable(act);
	}
}

const unchanged = (): Result<never, Refusal> => refuse('no_change', 'It has this value already.');

type MemberAct = Extract<Act, { type: 'member.added' | 'member.role_changed' | 'member.removed' }>;

/** At least one active partner must stay: else nobody could add members any more. */
function decideMember(workbook: Workbook, act: MemberAct): Result<Act, Refusal> {
	const subject = workbook.members.get(act.memberId);
	if (act.type === 'member.added') {
		if (subject) return refuse('exists', 'There is a member of this id already.');
		const isTaken = [...workbook.members.values()].some(({ name, isActive }) => isActive && name === act.name);
		return isTaken ? refuse('exists', `A member is named ${act.name} already. Give this one another name.`) : ok(act);
	}
	if (!subject?.isActive) return refuse('not_found', 'This member is not in the engagement any more.');
	const staysPartner = act.type === 'member.role_changed' && act.role === 'partner';
	const others = [...workbook.members.values()].some(
		({ memberId, role, isActive }) => memberId !== act.memberId && role === 'partner' && isActive,
	);
	if (subject.role === 'partner' && !staysPartner && !others)
		return refuse('invalid', `${subject.name} is the only partner. Make somebody else a partner first.`);
	if (act.type === 'member.removed' && act.reason.trim() === '')
		return refuse('incomplete', 'Taking a member out needs a reason. Write one.');
	return act.type === 'member.role_changed' && act.role === subject.role ? unchanged() : ok(act);
}

/** As in "may not …". */
const VERBS: Readonly<Record<ActType, string>> = {
	'engagement.created': 'create an engagement here',
	'engagement.edited': "change the engagement's data",
	'member.added': 'add members',
	'member.role_changed': 'change roles',
	'member.removed': 'take members out',
	'setting.changed': 'change settings',
	'trusted_key.added': 'trust keys',
	'trusted_key.removed': 'take trust from keys',
	'population.imported': 'import evidence',
	'parameter.changed': "change tests' parameters",
	'run.recorded': 'run tests',
	'exception.judged': 'judge exceptions',
	'finding.created': 'write findings',
	'finding.edited': 'edit findings',
	'finding.state_changed': "change a finding's state",
	'evidence.linked': 'link evidence',
	'evidence.unlinked': 'take evidence off findings',
	'note.raised': 'raise review notes',
	'note.answered': 'answer review notes',
	'note.cleared': 'clear review notes',
	'signoff.given': 'sign off',
	'signoff.withdrawn': 'withdraw sign-offs',
	'view.saved': 'save views',
	'view.deleted': 'delete views',
	'pack.begun': 'make packs',
	'pack.made': 'make packs',
	'recovery_key.issued': 'issue a recovery key',
	'evidence.exported': 'export evidence',
	'conflict.settled': 'settle conflicts',
	'refusal.dismissed': 'dismiss refused acts',
	'sequencer.appointed': 'appoint who orders the acts',
	'act.undone': 'undo',
	'act.redone': 'redo',
};
