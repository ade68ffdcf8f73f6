/** Triage of exceptions: lists that stay put while they are judged, one exception in full, judging one, several, or all that match. */
import { type AuditResult, testById } from '#audit';
import {
	type Act,
	type BulkPreview,
	bulkPreview,
	describeFilter,
	type Inbox,
	type InboxException,
	type InboxFilter,
	type InboxRow,
	type InboxSort,
	inbox,
	inboxExceptions,
	inboxJudge,
	memberName,
	stepsOf,
	type TriageVerdict,
	VERDICT_WORDS,
	type Workbook,
} from '#findings';
import { compareText, ok } from '#kernel';
import type { Answer, OpenEngagement, VaultContext } from './contract.ts';
import { readTriageView } from './exceptionsViews.ts';
import { refuse } from './vaultError.ts';

/** A list whose rows keep their places until it is opened anew, so that judging one does not move the others. */
export interface ExceptionList {
	readonly listId: string;
	readonly count: number;
}

/** How the inbox stands now. */
export interface ExceptionCounts extends Pick<Inbox, 'of' | 'queues' | 'facets' | 'gone'> {
	/** Of the open list: judged by now. */
	readonly done: number;
	/** What this member judged last, in words; null if nothing. */
	readonly last: string | null;
}

export interface ExceptionRow extends InboxRow {
	/** Who judged it; empty while it is new. */
	readonly judgedBy: string;
}

export interface ExceptionDetail {
	readonly row: ExceptionRow;
	readonly rule: {
		readonly version: number;
		/** With the values that were used in the places of their names. */
		readonly text: string;
		readonly why: string;
		readonly source: string;
		readonly parameters: readonly { readonly name: string; readonly value: string; readonly unit: string; readonly isDefault: boolean }[];
	};
	/** Findings that have it as evidence. */
	readonly findings: readonly { readonly findingId: string; readonly label: string; readonly title: string }[];
	/** Other exceptions about the same order. */
	readonly siblings: readonly { readonly key: string; readonly test: string; readonly title: string; readonly verdict: TriageVerdict }[];
	/** What a duplicate may point to: judged exceptions, those of the same order first. */
	readonly originals: readonly { readonly key: string; readonly label: string }[];
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
const ORIGINALS_MAX = 200;
const LISTS_MAX = 6;

interface HeldList {
	readonly result: AuditResult;
	readonly rows: readonly InboxException[];
}

interface Ground {
	readonly engagement: OpenEngagement;
	readonly result: AuditResult;
	readonly workbook: Workbook;
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
			if (!list) return refuse('not_found', 'This list is no longer open. It is made anew when the queue or a condition changes.');
			return ok(list.rows.slice(from, to).map(rowMaker(on.value.workbook)));
		},
		/** Counts of now: by queue and facet for a filter, and how far the open list is. */
		counts(filter: InboxFilter, listId: string): Answer<ExceptionCounts> {
			const on = ground();
			if (!on.ok) return on;
			const { result, workbook, engagement } = on.value;
			const { of, queues, facets, gone } = inbox(result, workbook, engagement.memberId, filter);
			let done = 0;
			for (const { key } of lists.get(listId)?.rows ?? []) if (workbook.judgements.has(key)) done++;
			return ok({ of, queues, facets, gone, done, last: lastJudged(on.value) });
		},
		/** One exception in full. */
		get(key: string): Answer<ExceptionDetail> {
			const on = ground();
			if (!on.ok) return on;
			const exception = inboxExceptions(on.value.result).find((one) => one.key === key);
			return exception
				? ok(detailOf(on.value, exception))
				: refuse('not_found', 'This exception is not among the results of now. It may have gone with the last run.');
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

function rowMaker(workbook: Workbook): (exception: InboxException) => ExceptionRow {
	const judge = inboxJudge(workbook);
	return ({ key, test, title, severity, orderId, amountMinor, currency, reason, keys, rows }) => {
		const row = judge({ key, test, title, severity, orderId, amountMinor, currency, reason, keys, rows });
		return { ...row, judgedBy: row.judgement ? memberName(workbook, row.judgement.stamp.memberId) : '' };
	};
}

const matching = ({ result, workbook, engagement }: Ground, filter: InboxFilter, overwrite: boolean): BulkPreview =>
	bulkPreview(inbox(result, workbook, engagement.memberId, filter).rows, overwrite);

type Judging = Extract<Act, { type: 'exception.judged' }>;

function lastAct({ workbook, engagement }: Ground): Judging | null {
	for (const { seqs } of stepsOf(workbook, 'undo', engagement.memberId, engagement.replica).toReversed())
		for (const seq of seqs) {
			const act = workbook.history.acts.get(seq)?.act;
			if (act?.type === 'exception.judged') return act;
		}
	return null;
}

function lastJudged(on: Ground): string | null {
	const act = lastAct(on);
	if (!act) return null;
	const first = act.keys.length === 1 ? inboxExceptions(on.result).find(({ key }) => key === act.keys[0]) : undefined;
	const what = first ? `${first.test} ${first.orderId ?? Object.values(first.keys).join('/')}` : `${act.keys.length} exceptions`;
	return `${what} → ${VERDICT_WORDS[act.verdict]}`;
}

function detailOf({ result, workbook }: Ground, exception: InboxException): ExceptionDetail {
	const toRow = rowMaker(workbook);
	const test = testById(exception.test);
	const used = result.tests.find((one) => one.test === exception.test)?.parameters ?? {};
	const valueUsed = (name: string): string =>
		String(used[name] ?? test?.parameters.find((one) => one.name === name)?.default ?? `{${name}}`);
	const all = inboxExceptions(result);
	const siblings =
		exception.orderId === null ? [] : all.filter(({ key, orderId }) => orderId === exception.orderId && key !== exception.key);
	return {
		row: toRow(exception),
		rule: {
			version: test?.version ?? 0,
			text: (test?.rule ?? '').replace(/\{(\w+)\}/g, (_, name: string) => valueUsed(name)),
			why: test?.why ?? '',
			source: test?.source ?? '',
			parameters: (test?.parameters ?? []).map(({ name, unit, default: standard }) => ({
				name,
				value: valueUsed(name),
				unit,
				isDefault: valueUsed(name) === String(standard),
			})),
		},
		findings: [...workbook.findings.values()]
			.filter(({ evidence }) => evidence.some(({ link }) => link.kind === 'exception' && link.exceptionKey === exception.key))
			.map(({ findingId, label, fields }) => ({ findingId, label, title: fields.title })),
		siblings: siblings.map(({ key, test: id, title }) => ({
			key,
			test: id,
			title,
			verdict: workbook.judgements.get(key)?.verdict ?? 'new',
		})),
		originals: originalsOf(workbook, all, exception),
	};
}

function originalsOf(
	workbook: Workbook,
	all: readonly InboxException[],
	{ key: self, orderId: order }: InboxException,
): ExceptionDetail['originals'] {
	const judged = all.filter(({ key }) => key !== self && isOriginal(workbook, key));
	const near = judged.filter(({ orderId }) => orderId !== null && orderId === order);
	const far = judged.filter(({ orderId }) => orderId === null || orderId !== order);
	return [...near, ...far].slice(0, ORIGINALS_MAX).map(({ key, test, orderId, keys, reason }) => ({
		key,
		label: `${test} ${orderId ?? Object.values(keys).join('/')}: ${reason.slice(0, 90)}`,
	}));
}

function isOriginal(workbook: Workbook, key: string): boolean {
	const verdict = workbook.judgements.get(key)?.verdict;
	return verdict !== undefined && verdict !== 'duplicate';
}
