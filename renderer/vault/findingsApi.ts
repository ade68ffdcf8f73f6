/** Findings: writing them, their evidence, review notes, sign-offs. Sign-offs and notes serve other targets (procedures, disputes …) too. */
import type { Severity } from '#audit';
import {
	type Act,
	actSentence,
	can,
	type EvidenceLink,
	exceptionIndex,
	type FindingField,
	type FindingState,
	memberName,
	notesOf,
	type Target,
} from '#findings';
import { ok } from '#kernel';
import type { Answer, OpenEngagement, VaultContext } from './contract.ts';
import { type EvidenceCandidate, evidenceCandidates } from './findingsEvidence.ts';
import { type SignoffView, signoffView } from './findingsSignoffs.ts';
import { type FindingRow, type FindingView, findingRow, findingView, type NoteView, noteViews } from './findingsViews.ts';
import { onEngagement } from './onEngagement.ts';
import { keysBlockSigning } from './presentKeys.ts';
import { refuse } from './vaultError.ts';

export type { EvidenceCandidate } from './findingsEvidence.ts';
export type { EvidenceView } from './findingsEvidenceViews.ts';
export type { SignoffSlot, SignoffView } from './findingsSignoffs.ts';
export type { FindingRow, FindingView, NoteView } from './findingsViews.ts';

export interface NewFinding {
	readonly title: string;
	readonly severity: Severity;
	/** Exceptions that it rests on; their sentences begin the condition. */
	readonly exceptionKeys: readonly string[];
	/** Other evidence, such as an event of an order. */
	readonly links?: readonly EvidenceLink[];
}

const LINKED_MAX = 500;
const CONDITION_LINES = 20;

export function findingsApi(context: VaultContext) {
	const within = <T>(work: (engagement: OpenEngagement) => Promise<Answer<T>> | Answer<T>): Promise<Answer<T>> =>
		onEngagement(context, work);
	/** Appends acts; answers what was done, in words. */
	const append = (...acts: readonly Act[]): Promise<Answer<string>> =>
		within(async (engagement) => {
			const done = await engagement.act(...acts);
			const [first] = acts;
			return done.ok ? ok(first ? actSentence(engagement.workbook(), first) : '') : done;
		});
	return {
		/** All findings by label. */
		list: (): Promise<Answer<readonly FindingRow[]>> =>
			within((engagement) => {
				const workbook = engagement.workbook();
				const findings = [...workbook.findings.values()].sort((a, b) => a.created.seq - b.created.seq);
				return ok(findings.map((finding) => findingRow(workbook, finding)));
			}),
		get: (findingId: string): Promise<Answer<FindingView>> =>
			within((engagement) => {
				const finding = engagement.workbook().findings.get(findingId);
				return finding
					? ok(findingView(engagement, finding))
					: refuse('not_found', 'This finding is not there any more; its creation may have been undone. Ctrl+Shift+Z brings it back.');
			}),
		/** Writes a finding with its first evidence, as one step; new exceptions among it become Confirmed. Answers its id. */
		create: (input: NewFinding): Promise<Answer<string>> =>
			within(async (engagement) => {
				const acts = creation(engagement, context, input);
				if (!acts.ok) return acts;
				const done = await engagement.act(...acts.value.acts);
				return done.ok ? ok(acts.value.findingId) : done;
			}),
		/** Typed and taken back is no act: where the field reads so already, nothing is written. */
		edit: (findingId: string, field: FindingField, value: string): Promise<Answer<string>> =>
			within((engagement) =>
				engagement.workbook().findings.get(findingId)?.fields[field] === value
					? ok('')
					: append({ type: 'finding.edited', findingId, field, value }),
			),
		/** Returns to draft, issues, withdraws, reopens. Prepared and Reviewed come from `sign`. */
		setState: (findingId: string, state: FindingState, reason: string) =>
			append({ type: 'finding.state_changed', findingId, state, reason }),
		link: (findingId: string, links: readonly EvidenceLink[]) =>
			append(...links.map((link): Act => ({ type: 'evidence.linked', findingId, linkId: context.randomId(), link }))),
		unlink: (findingId: string, linkId: string) => append({ type: 'evidence.unlinked', findingId, linkId }),
		/** Evidence to choose from. */
		candidates: (kind: EvidenceCandidate['kind'], text: string): Promise<Answer<readonly EvidenceCandidate[]>> =>
			within((engagement) => evidenceCandidates(engagement, kind, text)),
		/** How a target's sign-offs stand, and what keeps this member from signing. */
		signoff: (target: Target): Promise<Answer<SignoffView>> => within((engagement) => ok(signoffView(engagement, target))),
		/**
		 * Signs a target's content.
		 * @param contentSha256 of the content that was shown; another one now, and nothing is signed
		 * @param confirmation of `session.confirmPassphrase`; each is good for one signature
		 */
		sign: (target: Target, role: 'prepared' | 'reviewed', contentSha256: string, confirmation: string): Promise<Answer<string>> =>
			within((engagement) => {
				if (!engagement.confirmations.take(confirmation, engagement.memberId))
					return refuse('not_allowed', 'Nobody has confirmed this signature. Type your passphrase once more, then sign.');
				const byKeys = keysBlockSigning(engagement, target);
				if (byKeys !== null) return refuse('conflict', byKeys);
				return append({ type: 'signoff.given', signoffId: context.randomId(), target, role, contentSha256 });
			}),
		withdraw: (signoffId: string, reason: string) => append({ type: 'signoff.withdrawn', signoffId, reason }),
		/** Review notes on a target, oldest first. */
		notes: (target: Target): Promise<Answer<readonly NoteView[]>> =>
			within((engagement) => ok(noteViews(engagement, notesOf(engagement.workbook(), target)))),
		raiseNote: (target: Target, text: string, blocksReview: boolean) =>
			append({ type: 'note.raised', noteId: context.randomId(), target, text, blocksReview }),
		answerNote: (noteId: string, text: string) => append({ type: 'note.answered', noteId, text }),
		clearNote: (noteId: string) => append({ type: 'note.cleared', noteId }),
		/** Names of members by id, for labels. */
		members: (): Promise<Answer<readonly { readonly memberId: string; readonly name: string }[]>> =>
			within((engagement) => {
				const workbook = engagement.workbook();
				return ok([...workbook.members.keys()].map((memberId) => ({ memberId, name: memberName(workbook, memberId) })));
			}),
	};
}

function creation(
	engagement: OpenEngagement,
	context: VaultContext,
	{ title, severity, exceptionKeys, links = [] }: NewFinding,
): Answer<{ readonly findingId: string; readonly acts: readonly Act[] }> {
	if (exceptionKeys.length + links.length > LINKED_MAX)
		return refuse(
			'invalid',
			`A finding takes up to ${LINKED_MAX} pieces of evidence at once. Choose fewer, or link the test's result instead.`,
		);
	const results = engagement.results();
	const index = results ? exceptionIndex(results) : null;
	const chosen = exceptionKeys.flatMap((key) => index?.get(key) ?? []);
	if (chosen.length < exceptionKeys.length)
		return refuse('not_found', 'An exception is not among the results of now. It may have gone with the last run; choose again.');
	const findingId = context.randomId();
	const workbook = engagement.workbook();
	const fresh = exceptionKeys.filter((key) => !workbook.judgements.has(key));
	const condition = chosen
		.slice(0, CONDITION_LINES)
		.map(({ exception }) => exception.reason)
		.join('\n');
	const more = chosen.length > CONDITION_LINES ? `\nand ${chosen.length - CONDITION_LINES} further exceptions, see the evidence` : '';
	const evidence: EvidenceLink[] = [
		...chosen.map(
			({ key, test, exception }): EvidenceLink => ({
				kind: 'exception',
				exceptionKey: key,
				label: `${test.test} ${exception.order_id ?? Object.values(exception.keys).join('/')}`.slice(0, 300),
			}),
		),
		...links,
	];
	const acts: Act[] = [{ type: 'finding.created', findingId, title, severity }];
	if (condition !== '') acts.push({ type: 'finding.edited', findingId, field: 'condition', value: `${condition}${more}`.slice(0, 20_000) });
	for (const link of evidence) acts.push({ type: 'evidence.linked', findingId, linkId: context.randomId(), link });
	if (fresh.length > 0 && can(engagement.member().role, 'exception.judged'))
		acts.push({ type: 'exception.judged', keys: fresh, verdict: 'confirmed', cause: null, note: '', duplicateOf: null, predicate: null });
	return ok({ findingId, acts });
}
