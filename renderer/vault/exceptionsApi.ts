/** Triage of exceptions: lists that stay put while they are judged, one exception in full, judging one, several, or all that match. */
import type { AuditResult } from '#audit';
import {
	type BulkPreview,
	bulkPreview,
	describeFilter,
	type Inbox,
	type InboxException,
	type InboxFilter,
	type InboxSort,
	inbox,
	inboxExceptions,
	type TriageVerdict,
	VERDICT_WORDS,
} from '#findings';
import { compareText, ok } from '#kernel';
import type { Answer, VaultContext } from './contract.ts';
import { detailOf, type ExceptionDetail, type ExceptionRow, type Ground, lastAct, lastJudged, rowMaker } from './exceptionsDetail.ts';
import { readTriageView } from './exceptionsViews.ts';
import { refuse } from './vaultError.ts';

/** A list whose rows keep their places until it is opened anew, so that judging one does not move the others. */
export interface ExceptionList {
	readonly listId: string;
	readonly count: number;
}

/** How the inbox stands now. */
export interface ExceptionCounts extends Pick<Inbox, 'of' | 'queues' | 'facets' | 'gone'> {
	/** Of the open list `listId`: judged by now. */
	readonly done: number;
	readonly listId: string;
	/** What this member judged last, in words; null if nothing. */
	readonly last: string | null;
}

export interface JudgementInput {
	readonly verdict: TriageVerdict;
	readonly cause: string | null;
	readonly note: string;
	readonly duplicateOf: string | null;
}

export interface Judged {
	readonly count: number;
	/** "214 exceptions → Explained" */
	readonly sentence: string;
}

/** Causes offered before any were written. */
const USUAL_CAUSES = [
	'Billing lag',
	'Cut-off error',
	'Data extraction',
	'Manual override',
	'Master data',
	'System interface',
	'Timing difference',
];

const LISTS_MAX = 6;

const CLOSED = 'This list is no longer open. It is made anew when the queue or a condition changes.';

const GONE = 'This exception is not among the results of now. It may have gone with the last run.';

interface HeldList {
	readonly result: AuditResult;
	readonly rows: readonly InboxException[];
}

export function exceptionsApi(context: VaultContext) {
	const lists = new Map<string, HeldList>();
	let number = 0;

	const ground = (): Answer<Ground> => {
		const open = context.open();
		if (!open.ok) return open;
		const engagement = open.value;
		const result = engagement.results();
		if (result) return ok({ engagement, result, workbook: engagement.workbook() });
		if (!engagement.evidence()) return refuse('no_evidence', 'There is no evidence yet. Import a drop on Data & IPE first.');
		return refuse('not_found', 'The audit tests have not been run on this evidence yet. Run them on Procedures (G, then P).');
	};
	const record = async (
		{ engagement }: Ground,
		keys: readonly string[],
		input: JudgementInput,
		predicate: string | null,
	): Promise<Answer<Judged>> => {
		const done = await engagement.act({ type: 'exception.judged', keys, ...input, predicate });
		if (!done.ok) return done;
		return ok({
			count: keys.length,
			sentence: `${keys.length} ${keys.length === 1 ? 'exception' : 'exceptions'} → ${VERDICT_WORDS[input.verdict]}`,
		});
	};
	return {
		/** Opens a list; its rows keep their places while they are judged. */
		open(filter: InboxFilter, sort: readonly InboxSort[]): Answer<ExceptionList> {
			const on = ground();
			if (!on.ok) return on;
			const { result, workbook, engagement } = on.value;
			const { rows } = inbox(result, workbook, engagement.memberId, filter, sort);
			const listId = `e${++number}`;
			lists.set(listId, { result, rows });
			for (const oldest of lists.keys()) {
				if (lists.size <= LISTS_MAX) break;
				lists.delete(oldest);
			}
			return ok({ listId, count: rows.length });
		},
		/** Rows [from, to) of an open list, with what is judged by now. */
		page(listId: string, from: number, to: number): Answer<readonly ExceptionRow[]> {
			const on = ground();
			if (!on.ok) return on;
			const list = lists.get(listId);
			if (!list) return refuse('not_found', CLOSED);
			return ok(list.rows.slice(from, to).map(rowMaker(on.value.workbook)));
		},
		/** Where an exception stands in an open list; refuses `not_found` with the reason why it does not. */
		place(listId: string, key: string): Answer<number> {
			const on = ground();
			if (!on.ok) return on;
			const list = lists.get(listId);
			if (!list) return refuse('not_found', CLOSED);
			const at = list.rows.findIndex((row) => row.key === key);
			if (at >= 0) return ok(at);
			return inboxExceptions(on.value.result).some((one) => one.key === key)
				? refuse('not_found', 'It is among the results, but the queue or the conditions of this list leave it out.')
				: refuse('not_found', GONE);
		},
		/** Counts of now: by queue and facet for a filter, and how far the open list is. */
		counts(filter: InboxFilter, listId: string): Answer<ExceptionCounts> {
			const on = ground();
			if (!on.ok) return on;
			const { result, workbook, engagement } = on.value;
			const { of, queues, facets, gone } = inbox(result, workbook, engagement.memberId, filter);
			let done = 0;
			for (const { key } of lists.get(listId)?.rows ?? []) if (workbook.judgements.has(key)) done++;
			return ok({ of, queues, facets, gone, done, listId, last: lastJudged(on.value) });
		},
		/** One exception in full. */
		get(key: string): Answer<ExceptionDetail> {
			const on = ground();
			if (!on.ok) return on;
			const exception = inboxExceptions(on.value.result).find((one) => one.key === key);
			return exception ? ok(detailOf(on.value, exception)) : refuse('not_found', GONE);
		},
		/** Judges exceptions by key, as one act. */
		async judge(keys: readonly string[], input: JudgementInput): Promise<Answer<Judged>> {
			const on = ground();
			return on.ok ? await record(on.value, keys, input, null) : on;
		},
		/** What judging all that match would do. */
		previewMatching(filter: InboxFilter, overwrite: boolean): Answer<Omit<BulkPreview, 'keys'> & { readonly words: string }> {
			const on = ground();
			if (!on.ok) return on;
			const { keys: _, ...preview } = matching(on.value, filter, overwrite);
			return ok({ ...preview, words: describeFilter(filter) });
		},
		/**
		 * Judges all that match, as one act that one undo takes back.
		 * @param expected the `changes` of the preview; another number means that something has changed since, and nothing is done
		 */
		async judgeMatching(filter: InboxFilter, overwrite: boolean, input: JudgementInput, expected: number): Promise<Answer<Judged>> {
			const on = ground();
			if (!on.ok) return on;
			const { keys, changes } = matching(on.value, filter, overwrite);
			if (changes !== expected)
				return refuse('conflict', `${changes} exceptions match now, not ${expected}. Look at the preview again, then apply it.`);
			if (changes === 0) return refuse('invalid', 'Nothing would change: no exception matches, or all are judged or signed already.');
			return await record(on.value, keys, input, describeFilter(filter));
		},
		/** A saved view's definition as filter and order. */
		readView: readTriageView,
		/** What this member judged last, to copy it; null if nothing. */
		previous(): Answer<JudgementInput | null> {
			const on = ground();
			if (!on.ok) return on;
			const act = lastAct(on.value);
			return ok(act ? { verdict: act.verdict, cause: act.cause, note: act.note, duplicateOf: act.duplicateOf } : null);
		},
		/** Causes to choose from: those used here, and the usual ones. */
		causes(): Answer<readonly string[]> {
			const open = context.open();
			if (!open.ok) return open;
			const used = [...open.value.workbook().judgements.values()].flatMap(({ cause }) => (cause === null ? [] : [cause]));
			return ok([...new Set([...used, ...USUAL_CAUSES])].sort(compareText));
		},
	};
}

const matching = ({ result, workbook, engagement }: Ground, filter: InboxFilter, overwrite: boolean): BulkPreview =>
	bulkPreview(inbox(result, workbook, engagement.memberId, filter).rows, overwrite);
