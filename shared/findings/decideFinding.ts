/** The life of a finding: Draft → Prepared → Reviewed → Issued, or Withdrawn. The two in the middle come from sign-offs alone. */
import { canonicalize, ok, type Result } from '#kernel';
import type { Act, FindingField, FindingState } from './acts.ts';
import { signoffStatus } from './content.ts';
import { type Refusal, refuse } from './refusal.ts';
import { ROLE_NAMES } from './roles.ts';
import type { Finding, Member, Workbook } from './workbook.ts';

type FindingAct = Extract<
	Act,
	{ type: 'finding.created' | 'finding.edited' | 'finding.state_changed' | 'evidence.linked' | 'evidence.unlinked' }
>;

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

export function decideFinding(workbook: Workbook, act: FindingAct, member: Member): Result<Act, Refusal> {
	const finding = workbook.findings.get(act.findingId);
	if (act.type === 'finding.created') return finding ? refuse('exists', 'There is a finding of this id already.') : ok(act);
	if (!finding)
		return refuse('not_found', 'This finding is not there any more; its creation may have been undone. Redo it, or write a new one.');
	if (act.type === 'finding.state_changed') return decideState(workbook, finding, act, member);
	if (finding.state === 'issued' || finding.state === 'withdrawn')
		return refuse(
			'state',
			`${finding.label} is ${finding.state} and can't be changed. ${finding.state === 'issued' ? 'Write a new finding that refers to it.' : 'Reopen it first.'}`,
		);
	switch (act.type) {
		case 'finding.edited':
			return decideEdit(finding, act.field, act.value) ?? ok(act);
		case 'evidence.linked':
			if (finding.evidence.some(({ linkId }) => linkId === act.linkId)) return refuse('exists', 'There is a link of this id already.');
			return finding.evidence.some(({ link }) => canonicalize(identity(link)) === canonicalize(identity(act.link)))
				? refuse('exists', `${act.link.label} is evidence of ${finding.label} already.`)
				: ok(act);
		default:
			return finding.evidence.some(({ linkId }) => linkId === act.linkId)
				? ok(act)
				: refuse('not_found', `This evidence is not linked to ${finding.label} any more.`);
	}
}

/** Two links of other wording may be to the same thing. */
const identity = ({ label: _, ...link }: Finding['evidence'][number]['link']) => link;

function decideEdit(finding: Finding, field: FindingField, value: string): Result<never, Refusal> | null {
	if (finding.fields[field] === value) return refuse('no_change', 'It reads so already.');
	if (field === 'title' && value.trim() === '') return refuse('incomplete', 'A finding needs a title. Write one.');
	if (field === 'severity' && !SEVERITIES.includes(value)) return refuse('invalid', 'A severity is critical, high, medium or low.');
	return null;
}

type StateAct = Extract<Act, { type: 'finding.state_changed' }>;

function decideState(workbook: Workbook, finding: Finding, act: StateAct, member: Member): Result<Act, Refusal> {
	const { label, state } = finding;
	if (act.state === state) return refuse('no_change', `${label} is ${state} already.`);
	switch (act.state) {
		case 'prepared':
		case 'reviewed':
			return refuse('state', `${label} becomes ${act.state} by a sign-off, not by itself. Sign it (Ctrl+Shift+S).`);
		case 'issued':
			return decideIssue(workbook, finding, act, member);
		case 'withdrawn':
			if (!isReasoned(act)) return refuse('incomplete', `Withdrawing ${label} needs a reason. Write one.`);
			return state === 'draft' || member.role === 'partner' || (state !== 'issued' && member.role === 'reviewer')
				? ok(act)
				: refuse('role', `${label} is ${state}: only a partner${state === 'issued' ? '' : ' or a reviewer'} withdraws it.`);
		default:
			return decideReturn(finding, act, member);
	}
}

const isReasoned = ({ reason }: StateAct): boolean => reason.trim() !== '';

/** Back to draft: a reviewer returns what was prepared, anybody who writes findings reopens what was withdrawn. */
function decideReturn({ label, state }: Finding, act: StateAct, member: Member): Result<Act, Refusal> {
	if (state === 'issued') return refuse('state', `${label} is issued and stays so. Withdraw it with a reason, or write a new finding.`);
	if (!isReasoned(act))
		return refuse('incomplete', `${state === 'withdrawn' ? 'Reopening' : 'Returning'} ${label} needs a reason. Write one.`);
	if (state === 'withdrawn') return ok(act);
	return member.role === 'reviewer' || member.role === 'partner'
		? ok(act)
		: refuse('role', `Only a reviewer or a partner returns ${label}. To take your own sign-off back, withdraw it.`);
}

function decideIssue(workbook: Workbook, { findingId, label, state }: Finding, act: StateAct, member: Member): Result<Act, Refusal> {
	if (member.role !== 'partner') return refuse('role', `The role ${ROLE_NAMES[member.role]} may not issue findings. Ask a partner.`);
	if (state !== 'reviewed') return refuse('state', `${label} is ${state}; only a reviewed finding is issued. Have it signed first.`);
	const { prepared, reviewed } = signoffStatus(workbook, { kind: 'finding', id: findingId });
	if (prepared.status !== 'current' || reviewed.status !== 'current')
		return refuse('content_changed', `${label} has changed since it was signed. Have it prepared and reviewed anew, then issue it.`);
	return ok(act);
}

/** What a finding of this state may become next, in words for the state strip. */
export const NEXT_STATES: Readonly<Record<FindingState, readonly FindingState[]>> = {
	draft: ['prepared', 'withdrawn'],
	prepared: ['reviewed', 'draft', 'withdrawn'],
	reviewed: ['issued', 'draft', 'withdrawn'],
	issued: ['withdrawn'],
	withdrawn: ['draft'],
};
