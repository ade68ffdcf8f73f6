/** One exception for the window: as a row, and in full with what was judged of it before. */
import { type AuditResult, testById } from '#audit';
import {
	type Act,
	type InboxException,
	type InboxRow,
	inboxExceptions,
	inboxJudge,
	memberName,
	stepsOf,
	type TriageVerdict,
	VERDICT_WORDS,
	type Workbook,
} from '#findings';
import type { OpenEngagement } from './contract.ts';

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

const ORIGINALS_MAX = 200;

export interface Ground {
	readonly engagement: OpenEngagement;
	readonly result: AuditResult;
	readonly workbook: Workbook;
}

export function rowMaker(workbook: Workbook): (exception: InboxException) => ExceptionRow {
	const judge = inboxJudge(workbook);
	return ({ key, test, title, severity, orderId, amountMinor, currency, reason, keys, rows }) => {
		const row = judge({ key, test, title, severity, orderId, amountMinor, currency, reason, keys, rows });
		return { ...row, judgedBy: row.judgement ? memberName(workbook, row.judgement.stamp.memberId) : '' };
	};
}

type Judging = Extract<Act, { type: 'exception.judged' }>;

export function lastAct({ workbook, engagement }: Ground): Judging | null {
	for (const { seqs } of stepsOf(workbook, 'undo', engagement.memberId, engagement.replica).toReversed())
		for (const seq of seqs) {
			const act = workbook.history.acts.get(seq)?.act;
			if (act?.type === 'exception.judged') return act;
		}
	return null;
}

export function lastJudged(on: Ground): string | null {
	const act = lastAct(on);
	if (!act) return null;
	const first = act.keys.length === 1 ? inboxExceptions(on.result).find(({ key }) => key === act.keys[0]) : undefined;
	const what = first ? `${first.test} ${first.orderId ?? Object.values(first.keys).join('/')}` : `${act.keys.length} exceptions`;
	return `${what} → ${VERDICT_WORDS[act.verdict]}`;
}

export function detailOf({ result, workbook }: Ground, exception: InboxException): ExceptionDetail {
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
