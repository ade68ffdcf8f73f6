/** The work papers as a whole: what the frame and Home say, undo and redo, saved views, the engagement's own data. */

import { type Act, actSentence, daysUntil, memberName, redoable, type SavedView, stepSentence, stepsOf, undoable } from '#findings';
import { compareText, ok } from '#kernel';
import type { Answer, VaultContext } from './contract.ts';
import { doActs } from './onEngagement.ts';
import type { EngagementSummary } from './summary.ts';
import { refuse } from './vaultError.ts';
import { summaryOf } from './workbookSummary.ts';

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
		return open.ok ? await doActs(open.value, ...acts) : open;
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
