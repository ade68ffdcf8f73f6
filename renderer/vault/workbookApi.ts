/** The work papers as a whole: what the frame and Home say, undo and redo, saved views, the engagement's own data. */

import { CATALOGUE } from '#audit';
import { isTrustedByClaimAlone } from '#evidence';
import {
	type Act,
	actSentence,
	archiveDeadline,
	daysUntil,
	memberName,
	openWork,
	redoable,
	type SavedView,
	stepSentence,
	stepsOf,
	undoable,
} from '#findings';
import { compareText, formatDay, ok } from '#kernel';
import type { Answer, OpenEngagement, VaultContext } from './contract.ts';
import type { EngagementSummary } from './summary.ts';
import { refuse } from './vaultError.ts';

/** What undo took back or redo did again. */
export interface SteppedBack {
	readonly sentence: string;
	readonly acts: number;
}

/** An undoable act, for the list behind Ctrl+Z. */
export interface HistoryRow {
	readonly seq: number;
	readonly at: string;
	readonly member: string;
	readonly sentence: string;
	readonly isUndone: boolean;
	/** It is of the step that undo takes next. */
	readonly isNext: boolean;
}

type Setting = { readonly key: string; readonly value: string; readonly reason: string; readonly at: string; readonly member: string };

export function workbookApi(context: VaultContext) {
	const step = async (direction: 'undo' | 'redo'): Promise<Answer<SteppedBack>> => {
		const open = context.open();
		if (!open.ok) return open;
		const workbook = open.value.workbook();
		const found = (direction === 'undo' ? undoable : redoable)(workbook, open.value.memberId, open.value.replica);
		if (!found.ok) return refuse('conflict', found.error.message);
		const { acts, of } = found.value;
		const inOrder = of.toSorted((a, b) => a.seq - b.seq).map(({ act }) => act);
		const sentence = stepSentence(workbook, inOrder);
		const done = await open.value.act(...acts);
		return done.ok ? ok({ sentence, acts: acts.length }) : done;
	};
	const appending = async (...acts: readonly Act[]): Promise<Answer<void>> => {
		const open = context.open();
		if (!open.ok) return open;
		const done = await open.value.act(...acts);
		return done.ok ? ok(undefined) : done;
	};
	return {
		/** Names, role, counts of open work, what the evidence is worth. */
		summary(): Answer<EngagementSummary> {
			const open = context.open();
			return open.ok ? ok(summaryOf(open.value, context.now())) : open;
		},
		/** Takes back this member's last step by compensating acts. */
		undo: () => step('undo'),
		redo: () => step('redo'),
		/** Undoable acts of all members, newest first; rows [from, to). */
		history(from: number, to: number): Answer<{ readonly total: number; readonly rows: readonly HistoryRow[] }> {
			const open = context.open();
			if (!open.ok) return open;
			const workbook = open.value.workbook();
			const { memberId: me, replica } = open.value;
			const next = new Set(stepsOf(workbook, 'undo', me, replica).at(-1)?.seqs ?? []);
			const all = [...workbook.history.acts.values()].reverse();
			const rows = all.slice(from, to).map(({ seq, at, memberId, act, isUndone }) => ({
				seq,
				at,
				member: memberName(workbook, memberId),
				sentence: actSentence(workbook, act),
				isUndone,
				isNext: next.has(seq),
			}));
			return ok({ total: all.length, rows });
		},
		/** Saved views of a screen, by name. */
		views(screen: string): Answer<readonly SavedView[]> {
			const open = context.open();
			if (!open.ok) return open;
			const views = [...open.value.workbook().views.values()].filter((view) => view.screen === screen);
			return ok(views.sort((a, b) => compareText(a.name, b.name)));
		},
		/** @param viewId null: a new view. Answers its id. */
		async saveView(viewId: string | null, screen: string, name: string, definition: string): Promise<Answer<string>> {
			const id = viewId ?? context.randomId();
			const done = await appending({ type: 'view.saved', viewId: id, screen, name, definition });
			return done.ok ? ok(id) : done;
		},
		deleteView: (viewId: string) => appending({ type: 'view.deleted', viewId }),
		/** @param value of `deadline`: `YYYY-MM-DD`, empty for none */
		async editEngagement(field: Extract<Act, { type: 'engagement.edited' }>['field'], value: string): Promise<Answer<void>> {
			if (field === 'deadline' && value !== '' && !daysUntil(value, value).ok)
				return refuse('invalid', 'A deadline is a calendar day, such as 2027-03-31. Write it as year-month-day.');
			return await appending({ type: 'engagement.edited', field, value });
		},
		/** Settings that differ from their default, with who set them and why. */
		settings(): Answer<readonly Setting[]> {
			const open = context.open();
			if (!open.ok) return open;
			const workbook = open.value.workbook();
			return ok(
				[...workbook.settings].map(([key, { value, reason, stamp }]) => ({
					key,
					value,
					reason,
					at: stamp.at,
					member: memberName(workbook, stamp.memberId),
				})),
			);
		},
		changeSetting: (key: string, value: string, reason: string) => appending({ type: 'setting.changed', key, value, reason }),
	};
}

function summaryOf(engagement: OpenEngagement, now: number): EngagementSummary {
	const workbook = engagement.workbook();
	const { name, client, organisation, isSample, deadline } = workbook.engagement;
	const member = engagement.member();
	const manifest = engagement.evidence()?.drop.manifest;
	const { triage, findings, mine } = openWork(workbook, engagement.results(), member.memberId);
	const { total, draft, prepared, reviewed, issued, changedSinceSignoff, openNotes } = findings;
	return {
		engagementId: engagement.engagementId,
		name,
		client,
		organisation,
		isSample,
		memberId: member.memberId,
		memberName: member.name,
		role: member.role,
		period: manifest ? `${manifest.periodFrom} – ${manifest.periodTo}` : '',
		deadline: deadline === null ? null : deadlineOf(deadline, now),
		evidence: evidenceOf(engagement),
		results: resultsOf(engagement),
		triage,
		findings: { total, draft, prepared, reviewed, issued, changedSinceSignoff, openNotes },
		packs: workbook.packs.length,
		signed: total === 0 ? 'no findings yet' : `${findings.signed} of ${total} ${total === 1 ? 'finding' : 'findings'}`,
		open: { exceptions: triage.fresh, findings: findings.open },
		mine,
	};
}

function deadlineOf(day: string, now: number): EngagementSummary['deadline'] {
	const left = daysUntil(formatDay(Math.floor(now / 86_400_000)), day);
	const archive = archiveDeadline(day, 'as1215');
	return left.ok && archive.ok ? { day, daysLeft: left.value, archiveBy: archive.value } : null;
}

function evidenceOf(engagement: OpenEngagement): EngagementSummary['evidence'] {
	const loaded = engagement.evidence();
	if (!loaded) return null;
	const { drop } = loaded;
	let [rows, tables, quarantined] = [0, 0, 0];
	for (const table of drop.population.tables()) {
		rows += table.rows;
		tables++;
		quarantined += table.quarantine.length;
	}
	return {
		company: drop.manifest.company,
		asOf: drop.manifest.asOf,
		rows,
		tables,
		differing: drop.evidence.ipe.filter(({ verdict }) => verdict !== 'as_declared').length,
		quarantined,
		...integrityOf(drop.evidence, isTrustedByClaimAlone([...engagement.workbook().trustedKeys.values()], drop.manifest.claimedLogKey)),
	};
}

type Facts = NonNullable<ReturnType<OpenEngagement['evidence']>>['drop']['evidence'];

/** The logs' verdicts in a few words; nothing is called fine that could not be told. */
function integrityOf(
	{ integrity, documents }: Facts,
	isByClaimAlone: boolean,
): { integrity: string; integrityTone: 'pass' | 'warn' | 'fail' | 'neutral' } {
	const logs = Object.values(integrity);
	const count = (verdict: string): number => logs.filter((log) => log.verdict === verdict).length;
	const [verified, unknown] = [count('verified'), count('not_verifiable')];
	const failed = logs.length - verified - unknown;
	const damaged = documents.altered.length + documents.missing.length;
	const withDocuments = (words: string): string =>
		damaged === 0 ? words : `${words} · ${damaged} ${damaged === 1 ? 'document' : 'documents'} altered or missing`;
	if (logs.length === 0) return { integrity: withDocuments('no sealed table supplied'), integrityTone: damaged > 0 ? 'fail' : 'neutral' };
	if (failed > 0) return { integrity: withDocuments(`${failed} of ${logs.length} logs failed`), integrityTone: 'fail' };
	if (unknown > 0)
		return {
			integrity: withDocuments(verified === 0 ? 'not verifiable' : `${verified} of ${logs.length} logs verified`),
			integrityTone: damaged > 0 ? 'fail' : 'warn',
		};
	const words = `${verified} of ${logs.length} logs verified${isByClaimAlone ? ', by the drop’s own key' : ''}`;
	return { integrity: withDocuments(words), integrityTone: damaged > 0 ? 'fail' : isByClaimAlone ? 'warn' : 'pass' };
}

function resultsOf(engagement: OpenEngagement): EngagementSummary['results'] {
	const results = engagement.results();
	if (!results) return null;
	const count = (verdict: string): number => results.tests.filter((test) => test.verdict === verdict).length;
	return {
		run: results.tests.length,
		of: CATALOGUE.length,
		passed: count('pass'),
		withExceptions: count('exception'),
		incomplete: count('incomplete'),
		notTestable: count('not_testable'),
		exceptions: results.tests.reduce((sum, { exceptions }) => sum + exceptions.length, 0),
		isStale: isStale(engagement),
	};
}

/** Whether evidence came in or a parameter changed after the last run. */
function isStale(engagement: OpenEngagement): boolean {
	const workbook = engagement.workbook();
	const last = workbook.runs.at(-1);
	if (!last) return false;
	if (last.importId !== engagement.evidence()?.importId) return true;
	for (const values of workbook.parameters.values()) for (const { stamp } of values.values()) if (stamp.seq > last.stamp.seq) return true;
	return false;
}
