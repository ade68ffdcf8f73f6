/** The work papers as a whole: what the frame and Home say, undo and redo, saved views, the engagement's own data. */

import { type Act, daysUntil, redoable, type SavedView, stepSentence, stepsOf, undoable } from '#findings';
import { compareText, ok } from '#kernel';
import type { Answer, VaultContext } from './contract.ts';
import { type Controls, controlsOf } from './controlsView.ts';
import { doActs } from './onEngagement.ts';
import type { EngagementSummary } from './summary.ts';
import { refuse } from './vaultError.ts';
import { summaryOf } from './workbookSummary.ts';

/** What undo took back or redo did again. */
export interface SteppedBack {
	readonly sentence: string;
	readonly acts: number;
}

/** One step of a member, which one Ctrl+Z takes back as a whole. */
export interface StepRow {
	/** Of its first act in the log. */
	readonly seq: number;
	readonly at: string;
	readonly sentence: string;
}

/** What Ctrl+Z and Ctrl+Shift+Z would do, in the order in which they would. */
export interface StepList {
	readonly undo: readonly StepRow[];
	/** Steps in all; the list has the next ones. */
	readonly undoTotal: number;
	/** Why the first can't be taken back now; null: it can. */
	readonly undoBlocked: string | null;
	readonly redo: readonly StepRow[];
	readonly redoTotal: number;
	readonly redoBlocked: string | null;
}

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
		/** The steps of this member on this copy that undo and redo would take, the next one first. @param most how many of each */
		steps(most: number): Answer<StepList> {
			const open = context.open();
			if (!open.ok) return open;
			const { memberId: me, replica } = open.value;
			const workbook = open.value.workbook();
			const [undo, redo] = [stepsOf(workbook, 'undo', me, replica), stepsOf(workbook, 'redo', me, replica)];
			const rowsOf = (steps: typeof undo): StepRow[] =>
				steps
					.slice(-most)
					.reverse()
					.flatMap(({ seqs }) => {
						const acts = seqs.toSorted((a, b) => a - b).flatMap((seq) => workbook.history.acts.get(seq) ?? []);
						const [first] = acts;
						if (!first) return [];
						return [
							{
								seq: first.seq,
								at: first.at,
								sentence: stepSentence(
									workbook,
									acts.map(({ act }) => act),
								),
							},
						];
					});
			const [back, again] = [undoable(workbook, me, replica), redoable(workbook, me, replica)];
			return ok({
				undo: rowsOf(undo),
				undoTotal: undo.length,
				undoBlocked: undo.length === 0 || back.ok ? null : back.error.message,
				redo: rowsOf(redo),
				redoTotal: redo.length,
				redoBlocked: redo.length === 0 || again.ok ? null : again.error.message,
			});
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
		/** What is set in this engagement, by whom, when and why; each is changed where it is used. */
		controls(): Answer<Controls> {
			const open = context.open();
			return open.ok ? ok(controlsOf(open.value.workbook())) : open;
		},
	};
}
