/** Sign-offs and review notes: who may sign what, and what blocks it. */
import { ok, type Result } from '#kernel';
import type { Act, Target } from './acts.ts';
import { contentSha256, type SignoffStatus, signoffStatus } from './content.ts';
import { type Refusal, refuse } from './refusal.ts';
import { canSign, ROLE_NAMES } from './roles.ts';
import type { Member, Note, Workbook } from './workbook.ts';

type SignoffAct = Extract<Act, { type: 'signoff.given' | 'signoff.withdrawn' }>;
type NoteAct = Extract<Act, { type: 'note.raised' | 'note.answered' | 'note.cleared' }>;

export function decideSignoff(workbook: Workbook, act: SignoffAct, member: Member): Result<Act, Refusal> {
	if (act.type === 'signoff.withdrawn') return decideWithdrawal(workbook, act, member);
	if (workbook.signoffs.has(act.signoffId)) return refuse('exists', 'This sign-off is recorded already.');
	const blocked = signBlockers(workbook, act.target, act.role, member)[0];
	if (blocked) return { ok: false, error: blocked };
	return contentSha256(workbook, act.target) === act.contentSha256
		? ok(act)
		: refuse('content_changed', 'What you would sign has changed since it was shown to you. Read it again, then sign.');
}

function decideWithdrawal(workbook: Workbook, act: Extract<Act, { type: 'signoff.withdrawn' }>, member: Member): Result<Act, Refusal> {
	const signoff = workbook.signoffs.get(act.signoffId);
	if (!signoff || signoff.withdrawn) return refuse('not_found', 'This sign-off is not there, or is withdrawn already.');
	if (signoff.stamp.memberId !== member.memberId && member.role !== 'partner')
		return refuse('role', 'A sign-off is withdrawn by whoever gave it, or by a partner.');
	if (act.reason.trim() === '') return refuse('incomplete', 'Withdrawing a sign-off needs a reason. Write one.');
	if (workbook.findings.get(signoff.target.id)?.state === 'issued' && signoff.target.kind === 'finding')
		return refuse('state', 'The finding is issued, so its sign-offs stay. A partner may withdraw the finding with a reason.');
	return ok(act);
}

/** Everything that keeps a member from signing now, worst first; empty: nothing does. One sentence each, for the sign-off strip. */
export function signBlockers(workbook: Workbook, target: Target, role: 'prepared' | 'reviewed', member: Member): Refusal[] {
	const reasons: Refusal[] = [];
	const block = (code: Refusal['code'], message: string): void => void reasons.push({ code, message });
	if (!canSign(member.role, role)) block('role', `The role ${ROLE_NAMES[member.role]} may not sign as ${role}.`);
	if (contentSha256(workbook, target) === null) block('not_found', 'There is nothing to sign yet.');
	const status = signoffStatus(workbook, target);
	if (target.kind === 'finding') blockFinding(workbook, target.id, role, status, block);
	if (role === 'prepared') {
		if (status.prepared.status === 'current' && !isReturned(workbook, target))
			block('exists', 'It is signed as prepared, and has not changed since.');
		return reasons;
	}
	blockReview(workbook, target, member, status, block);
	return reasons;
}

type Block = (code: Refusal['code'], message: string) => void;

const isReturned = (workbook: Workbook, { kind, id }: Target): boolean =>
	kind === 'finding' && workbook.findings.get(id)?.state === 'draft';

function blockReview(workbook: Workbook, target: Target, { memberId }: Member, status: SignoffStatus, block: Block): void {
	const { prepared, reviewed } = status;
	if (prepared.status === 'none' || prepared.status === 'withdrawn') block('state', 'Nobody has signed it as prepared yet.');
	if (prepared.status === 'changed_since')
		block('content_changed', `It has changed since it was prepared (${prepared.changed.join(', ')}). The preparer must sign again.`);
	if (prepared.signoff?.stamp.memberId === memberId && prepared.signoff.withdrawn === null)
		block('self_review', 'You prepared this, so you cannot review it. Another member must.');
	const open = openNotes(workbook, target).filter(({ blocksReview }) => blocksReview);
	if (open.length > 0) block('open_notes', `${open.length} open review ${open.length === 1 ? 'note' : 'notes'}: clear them first.`);
	if (reviewed.status === 'current' && !isReturned(workbook, target))
		block('exists', 'It is signed as reviewed, and has not changed since.');
}

const NEEDED = ['condition', 'criteria', 'effect'] as const;

function blockFinding(
	workbook: Workbook,
	findingId: string,
	role: 'prepared' | 'reviewed',
	{ prepared }: SignoffStatus,
	block: Block,
): void {
	const finding = workbook.findings.get(findingId);
	if (!finding) return;
	if (finding.state === 'issued' || finding.state === 'withdrawn') block('state', `${finding.label} is ${finding.state}.`);
	if (role === 'reviewed' && finding.state === 'draft' && prepared.status === 'current')
		block('state', `${finding.label} was returned. The preparer must sign again.`);
	const missing = NEEDED.filter((field) => finding.fields[field].trim() === '');
	if (missing.length > 0) block('incomplete', `${capital(list(missing))} ${missing.length === 1 ? 'is' : 'are'} empty.`);
	if (finding.evidence.length === 0) block('incomplete', 'No evidence is linked.');
}

const list = (words: readonly string[]): string =>
	words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** Notes on a target that are not cleared, oldest first. */
export const openNotes = (workbook: Workbook, { kind, id }: Target): Note[] =>
	notesOf(workbook, { kind, id }).filter(({ cleared }) => cleared === null);

/** All notes on a target, oldest first. */
export const notesOf = (workbook: Workbook, { kind, id }: Target): Note[] =>
	[...workbook.notes.values()].filter(({ target }) => target.kind === kind && target.id === id).sort((a, b) => a.raised.seq - b.raised.seq);

export function decideNote(workbook: Workbook, act: NoteAct, member: Member): Result<Act, Refusal> {
	const note = workbook.notes.get(act.noteId);
	if (act.type === 'note.raised') {
		if (note) return refuse('exists', 'There is a note of this id already.');
		if (act.text.trim() === '') return refuse('incomplete', 'A review note needs words. Write the question.');
		return act.target.kind === 'finding' && !workbook.findings.has(act.target.id)
			? refuse('not_found', 'The finding of this note is not there any more.')
			: ok(act);
	}
	if (!note) return refuse('not_found', 'This note is not there any more.');
	if (note.cleared) return refuse('state', 'This note is cleared. Raise a new one.');
	if (act.type === 'note.answered') return act.text.trim() === '' ? refuse('incomplete', 'An answer needs words. Write it.') : ok(act);
	return note.raised.memberId === member.memberId || member.role === 'partner'
		? ok(act)
		: refuse('role', 'A review note is cleared by whoever raised it, or by a partner.');
}
