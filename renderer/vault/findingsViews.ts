/** Findings, sign-offs and notes as plain values for the window, with names in place of ids and reasons in place of silence. */
import {
	type Act,
	type Finding,
	type FindingField,
	type FindingState,
	memberName,
	NEXT_STATES,
	type Note,
	notesOf,
	openNotes,
	type SignoffState,
	signoffStatus,
	type Workbook,
} from '#findings';
import type { OpenEngagement } from './contract.ts';
import { type EvidenceView, evidenceViews } from './findingsEvidenceViews.ts';
import { refusalOf, type SignoffView, signoffView } from './findingsSignoffs.ts';

export interface FindingRow {
	readonly findingId: string;
	readonly label: string;
	readonly title: string;
	readonly severity: string;
	readonly state: FindingState;
	readonly evidence: number;
	readonly openNotes: number;
	readonly prepared: SignoffState['status'];
	readonly reviewed: SignoffState['status'];
	readonly preparedBy: string;
	readonly reviewedBy: string;
	readonly changedAt: string;
	readonly changedBy: string;
}

export interface NoteView {
	readonly noteId: string;
	/** R1, R2 … */
	readonly tag: string;
	readonly text: string;
	readonly blocksReview: boolean;
	readonly by: string;
	readonly at: string;
	readonly isMine: boolean;
	readonly answers: readonly { readonly text: string; readonly by: string; readonly at: string }[];
	readonly cleared: { readonly by: string; readonly at: string } | null;
	/** Why this member can't clear it; null: they can. */
	readonly clearBlocked: string | null;
	readonly answerBlocked: string | null;
}

export interface FindingView {
	readonly findingId: string;
	readonly label: string;
	readonly state: FindingState;
	readonly fields: Readonly<Record<FindingField, string>>;
	readonly createdBy: string;
	readonly createdAt: string;
	readonly changedBy: string;
	readonly changedAt: string;
	/** The act that changed it last: drafts compare with it. */
	readonly changedSeq: number;
	readonly evidence: readonly EvidenceView[];
	readonly notes: readonly NoteView[];
	readonly signoff: SignoffView;
	/** Why this member can't edit; null: they can. */
	readonly editBlocked: string | null;
	readonly noteBlocked: string | null;
	/** Where it can go from here by this member's hand, sign-offs aside. */
	readonly moves: readonly { readonly state: FindingState; readonly needsReason: boolean; readonly blocked: string | null }[];
	readonly packs: readonly { readonly packId: string; readonly fileName: string; readonly at: string }[];
}

export function findingRow(workbook: Workbook, finding: Finding): FindingRow {
	const target = { kind: 'finding', id: finding.findingId } as const;
	const { prepared, reviewed } = signoffStatus(workbook, target);
	const signer = ({ signoff }: SignoffState): string => (signoff ? memberName(workbook, signoff.stamp.memberId) : '');
	return {
		findingId: finding.findingId,
		label: finding.label,
		title: finding.fields.title,
		severity: finding.fields.severity,
		state: finding.state,
		evidence: finding.evidence.length,
		openNotes: openNotes(workbook, target).length,
		prepared: prepared.status,
		reviewed: reviewed.status,
		preparedBy: signer(prepared),
		reviewedBy: signer(reviewed),
		changedAt: finding.changed.at,
		changedBy: memberName(workbook, finding.changed.memberId),
	};
}

export function findingView(engagement: OpenEngagement, finding: Finding): FindingView {
	const workbook = engagement.workbook();
	const { findingId, label, state, fields, created, changed } = finding;
	const target = { kind: 'finding', id: findingId } as const;
	const why = (act: Act): string | null => refusalOf(engagement, act);
	return {
		findingId,
		label,
		state,
		fields,
		createdBy: memberName(workbook, created.memberId),
		createdAt: created.at,
		changedBy: memberName(workbook, changed.memberId),
		changedAt: changed.at,
		changedSeq: changed.seq,
		evidence: evidenceViews(engagement, finding),
		notes: noteViews(engagement, notesOf(workbook, target)),
		signoff: signoffView(engagement, target),
		editBlocked: why({ type: 'finding.edited', findingId, field: 'title', value: `${fields.title}.` }),
		noteBlocked: why({ type: 'note.raised', noteId: 'new', target, text: '?', blocksReview: true }),
		moves: NEXT_STATES[state]
			.filter((next) => next !== 'prepared' && next !== 'reviewed')
			.map((next) => ({
				state: next,
				needsReason: next !== 'issued',
				blocked: why({ type: 'finding.state_changed', findingId, state: next, reason: 'reason' }),
			})),
		packs: workbook.packs
			.filter(({ findingIds }) => findingIds.includes(findingId))
			.map(({ packId, fileName, stamp }) => ({ packId, fileName, at: stamp.at })),
	};
}

export function noteViews(engagement: OpenEngagement, notes: readonly Note[]): NoteView[] {
	const workbook = engagement.workbook();
	return notes.map(({ noteId, text, blocksReview, raised, answers, cleared }, at) => ({
		noteId,
		tag: `R${at + 1}`,
		text,
		blocksReview,
		by: memberName(workbook, raised.memberId),
		at: raised.at,
		isMine: raised.memberId === engagement.memberId,
		answers: answers.map((answer) => ({ text: answer.text, by: memberName(workbook, answer.stamp.memberId), at: answer.stamp.at })),
		cleared: cleared ? { by: memberName(workbook, cleared.memberId), at: cleared.at } : null,
		clearBlocked: refusalOf(engagement, { type: 'note.cleared', noteId }),
		answerBlocked: refusalOf(engagement, { type: 'note.answered', noteId, text: '?' }),
	}));
}
