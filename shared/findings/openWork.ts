/** What is open in an engagement, and what of it waits for one member: for Home, the rail and the status bar. */
import type { AuditResult } from '#audit';
import type { FindingState } from './acts.ts';
import { type SignoffStatus, signoffStatus } from './content.ts';
import { signBlockers } from './decideSignoff.ts';
import { inboxExceptions } from './inboxRows.ts';
import { can, canSign } from './roles.ts';
import { counted } from './words.ts';
import type { Finding, Member, Workbook } from './workbook.ts';

export interface TriageCounts {
	readonly fresh: number;
	readonly judged: number;
	readonly waiting: number;
}

export interface FindingCounts extends Readonly<Record<FindingState, number>> {
	readonly total: number;
	readonly changedSinceSignoff: number;
	readonly openNotes: number;
	/** With at least one sign-off that stands and is of the content of now. */
	readonly signed: number;
	/** Drafts, what is prepared and not reviewed, and what has changed since it was signed; each once. */
	readonly open: number;
}

/** One line of a member's own work. */
export interface OpenItem {
	readonly screen: 'data' | 'procedures' | 'exceptions' | 'findings';
	readonly params: Readonly<Record<string, string>>;
	readonly sentence: string;
}

export interface OpenWork {
	readonly triage: TriageCounts;
	readonly findings: FindingCounts;
	readonly mine: readonly OpenItem[];
}

export function openWork(workbook: Workbook, results: AuditResult | null, memberId: string): OpenWork {
	const triage = triageCounts(workbook, results);
	const standing = [...workbook.findings.values()].map((finding) => ({
		finding,
		status: signoffStatus(workbook, { kind: 'finding', id: finding.findingId }),
	}));
	const member = workbook.members.get(memberId);
	return {
		triage,
		findings: findingCounts(workbook, standing),
		mine: member?.isActive ? mineOf(workbook, results, member, triage, standing) : [],
	};
}

interface Standing {
	readonly finding: Finding;
	readonly status: SignoffStatus;
}

function triageCounts(workbook: Workbook, results: AuditResult | null): TriageCounts {
	let [fresh, judged, waiting] = [0, 0, 0];
	for (const { key } of results ? inboxExceptions(results) : []) {
		const verdict = workbook.judgements.get(key)?.verdict;
		if (verdict === undefined) fresh++;
		else judged++;
		if (verdict === 'waiting') waiting++;
	}
	return { fresh, judged, waiting };
}

const isChanged = ({ prepared, reviewed }: SignoffStatus): boolean =>
	prepared.status === 'changed_since' || reviewed.status === 'changed_since';

function findingCounts(workbook: Workbook, standing: readonly Standing[]): FindingCounts {
	const counts = {
		total: 0,
		draft: 0,
		prepared: 0,
		reviewed: 0,
		issued: 0,
		withdrawn: 0,
		changedSinceSignoff: 0,
		openNotes: 0,
		signed: 0,
		open: 0,
	};
	for (const { finding, status } of standing) {
		counts.total++;
		counts[finding.state]++;
		if (finding.state === 'draft' || finding.state === 'prepared' || isChanged(status)) counts.open++;
		if (isChanged(status)) counts.changedSinceSignoff++;
		else if (status.prepared.status === 'current') counts.signed++;
	}
	for (const { target, cleared } of workbook.notes.values()) if (cleared === null && target.kind === 'finding') counts.openNotes++;
	return counts;
}

function mineOf(
	workbook: Workbook,
	results: AuditResult | null,
	member: Member,
	{ fresh }: TriageCounts,
	standing: readonly Standing[],
): OpenItem[] {
	const { role } = member;
	const items: OpenItem[] = [];
	if (workbook.imports.size === 0) {
		if (can(role, 'population.imported')) items.push({ screen: 'data', params: {}, sentence: 'Import the evidence drop' });
		return items;
	}
	if (results === null && can(role, 'run.recorded')) items.push({ screen: 'procedures', params: {}, sentence: 'Run the audit tests' });
	if (fresh > 0 && can(role, 'exception.judged'))
		items.push({ screen: 'exceptions', params: { queue: 'new' }, sentence: `${counted(fresh, 'exception')} to judge` });
	for (const one of standing) {
		const sentence = waitsFor(workbook, member, one);
		if (sentence !== null) items.push({ screen: 'findings', params: { finding: one.finding.findingId }, sentence });
	}
	return items;
}

/** What a finding waits for from this member; null if nothing. */
function waitsFor(workbook: Workbook, member: Member, { finding, status }: Standing): string | null {
	const { label, findingId, state } = finding;
	const target = { kind: 'finding', id: findingId } as const;
	const isMine = (status.prepared.signoff?.stamp.memberId ?? finding.created.memberId) === member.memberId;
	if (isChanged(status) && isMine && state !== 'issued') return `Δ ${label} changed since sign-off`;
	if (canSign(member.role, 'reviewed') && state === 'prepared' && signBlockers(workbook, target, 'reviewed', member).length === 0)
		return `${label} is ready for your review`;
	if (member.role === 'partner' && state === 'reviewed' && !isChanged(status)) return `${label} can be issued`;
	const notes = [...workbook.notes.values()].filter(
		({ target: of, cleared }) => of.kind === 'finding' && of.id === findingId && cleared === null,
	);
	if (isMine && notes.some(({ answers }) => answers.length === 0)) return `Review note on ${label} to answer`;
	if (notes.some(({ raised, answers }) => raised.memberId === member.memberId && answers.length > 0))
		return `Your note on ${label} is answered`;
	return isMine && state === 'draft' ? `${label} is a draft` : null;
}
