/** The inbox of exceptions: queues, filters, order, facets, and judging all that match a condition. */
import type { AuditResult, Severity } from '#audit';
import { compareText, formatMoney } from '#kernel';
import type { TriageVerdict } from './acts.ts';
import { compareWeight, type InboxRow, inboxExceptions, inboxJudge, severityRank } from './inboxRows.ts';
import { VERDICT_WORDS } from './words.ts';
import type { Workbook } from './workbook.ts';

export type InboxQueue = 'new' | 'mine' | 'waiting' | 'changed' | 'all';

/** What a person narrows the inbox to. Lists: any of them. Amounts: absolute, minor units, both ends included. */
export interface InboxFilter {
	readonly queue?: InboxQueue;
	readonly tests?: readonly string[];
	readonly severities?: readonly Severity[];
	readonly verdicts?: readonly TriageVerdict[];
	readonly currency?: string;
	readonly amountFrom?: bigint;
	readonly amountTo?: bigint;
	/** In the reason, the order or the keys; case does not matter. */
	readonly text?: string;
	readonly orderId?: string;
}

export type InboxColumn = 'severity' | 'test' | 'order' | 'amount' | 'verdict' | 'reason';

export interface InboxSort {
	readonly column: InboxColumn;
	readonly direction: 'asc' | 'desc';
}

export interface InboxFacet {
	readonly value: string;
	readonly label: string;
	readonly count: number;
}

export interface Inbox {
	/** Those of the filter, in the order of the sort; worst first without one. */
	readonly rows: readonly InboxRow[];
	readonly of: number;
	readonly queues: Readonly<Record<InboxQueue, number>>;
	/** Each counted with the filter's other conditions on. */
	readonly facets: {
		readonly test: readonly InboxFacet[];
		readonly severity: readonly InboxFacet[];
		readonly verdict: readonly InboxFacet[];
		readonly currency: readonly InboxFacet[];
	};
	/** Judged exceptions that the results no longer name. */
	readonly gone: number;
}

/** @param memberId whose queue "mine" is */
export function inbox(
	result: AuditResult,
	workbook: Workbook,
	memberId: string,
	filter: InboxFilter = {},
	sort: readonly InboxSort[] = [],
): Inbox {
	const all = inboxExceptions(result).map(inboxJudge(workbook));
	const { queue = 'all', ...conditions } = filter;
	const narrowed = all.filter((row) => matches(row, conditions));
	const queues = { new: 0, mine: 0, waiting: 0, changed: 0, all: narrowed.length };
	for (const row of narrowed) for (const name of queuesOf(row, memberId)) queues[name]++;
	const inQueue = (row: InboxRow): boolean => queue === 'all' || queuesOf(row, memberId).includes(queue);
	const known = new Set(all.map(({ key }) => key));
	let gone = 0;
	for (const key of workbook.judgements.keys()) if (!known.has(key)) gone++;
	return {
		rows: sorted(narrowed.filter(inQueue), sort),
		of: all.length,
		queues,
		facets: facetsOf(all.filter(inQueue), conditions),
		gone,
	};
}

type Queue = Exclude<InboxQueue, 'all'>;

function queuesOf({ verdict, judgement, isChanged }: InboxRow, memberId: string): Queue[] {
	const queues: Queue[] = [];
	if (verdict === 'new') queues.push('new');
	if (judgement?.stamp.memberId === memberId) queues.push('mine');
	if (verdict === 'waiting') queues.push('waiting');
	if (isChanged) queues.push('changed');
	return queues;
}

type Conditions = Omit<InboxFilter, 'queue'>;

const isAny = (list: readonly string[] | undefined): list is readonly string[] => list !== undefined && list.length > 0;

function matches(row: InboxRow, conditions: Conditions): boolean {
	const { tests, severities, verdicts, currency, amountFrom, amountTo, text, orderId } = conditions;
	if (isAny(tests) && !tests.includes(row.test)) return false;
	if (isAny(severities) && !severities.includes(row.severity)) return false;
	if (isAny(verdicts) && !verdicts.includes(row.verdict)) return false;
	if (currency !== undefined && row.currency !== currency) return false;
	if (orderId !== undefined && row.orderId !== orderId) return false;
	if (amountFrom !== undefined || amountTo !== undefined) {
		if (row.amountMinor === null) return false;
		const absolute = row.amountMinor < 0n ? -row.amountMinor : row.amountMinor;
		if ((amountFrom !== undefined && absolute < amountFrom) || (amountTo !== undefined && absolute > amountTo)) return false;
	}
	return text === undefined || text === '' || saysText(row, text.toLowerCase());
}

const saysText = (row: InboxRow, text: string): boolean =>
	row.reason.toLowerCase().includes(text) ||
	(row.orderId?.toLowerCase().includes(text) ?? false) ||
	Object.values(row.keys).some((key) => key.toLowerCase().includes(text));

const COMPARE: Readonly<Record<InboxColumn, (a: InboxRow, b: InboxRow) => number>> = {
	severity: (a, b) => severityRank(a.severity) - severityRank(b.severity),
	test: (a, b) => compareText(a.test, b.test),
	order: (a, b) => compareText(a.orderId ?? '', b.orderId ?? ''),
	amount: compareWeight,
	verdict: (a, b) => compareText(a.verdict, b.verdict),
	reason: (a, b) => compareText(a.reason, b.reason),
};

/** Sorting is stable, so that ties keep the order "worst first". */
function sorted(rows: readonly InboxRow[], sort: readonly InboxSort[]): readonly InboxRow[] {
	if (sort.length === 0) return rows;
	return rows.toSorted((a, b) => {
		for (const { column, direction } of sort) {
			const difference = COMPARE[column](a, b);
			if (difference !== 0) return direction === 'asc' ? difference : -difference;
		}
		return 0;
	});
}

function facetsOf(rows: readonly InboxRow[], conditions: Conditions): Inbox['facets'] {
	const count = (
		without: Partial<Record<keyof Conditions, undefined>>,
		valueIn: (row: InboxRow) => string | null,
		labelOf: (value: string, row: InboxRow) => string,
	): InboxFacet[] => {
		const others = { ...conditions, ...without } as Conditions;
		const counts = new Map<string, { value: string; label: string; count: number }>();
		for (const row of rows) {
			const value = valueIn(row);
			if (value === null || !matches(row, others)) continue;
			const known = counts.get(value);
			if (known) known.count++;
			else counts.set(value, { value, label: labelOf(value, row), count: 1 });
		}
		return [...counts.values()];
	};
	return {
		test: count(
			{ tests: undefined },
			({ test }) => test,
			(test, { title }) => `${test} ${title}`,
		).sort((a, b) => compareText(a.value, b.value)),
		severity: count(
			{ severities: undefined },
			({ severity }) => severity,
			(severity) => severity,
		).sort((a, b) => severityRank(a.value as Severity) - severityRank(b.value as Severity)),
		verdict: count(
			{ verdicts: undefined },
			({ verdict }) => verdict,
			(verdict) => VERDICT_WORDS[verdict as TriageVerdict],
		),
		currency: count(
			{ currency: undefined, amountFrom: undefined, amountTo: undefined },
			({ currency }) => currency,
			(currency) => currency,
		).sort((a, b) => compareText(a.value, b.value)),
	};
}

/** The filter in words, as it is recorded with a judgement of all that match. */
export function describeFilter(filter: InboxFilter): string {
	const { queue, tests, severities, verdicts, currency, amountFrom, amountTo, text, orderId } = filter;
	const money = (minor: bigint): string => (currency === undefined ? `${minor} minor units` : formatMoney(minor, currency));
	const parts = [
		queue !== undefined && queue !== 'all' ? `queue ${queue}` : '',
		isAny(tests) ? `test ${tests.join(' or ')}` : '',
		isAny(severities) ? `severity ${severities.join(' or ')}` : '',
		isAny(verdicts) ? `verdict ${verdicts.map((verdict) => VERDICT_WORDS[verdict]).join(' or ')}` : '',
		currency === undefined ? '' : `currency ${currency}`,
		amountFrom === undefined ? '' : `amount from ${money(amountFrom)}`,
		amountTo === undefined ? '' : `amount up to ${money(amountTo)}`,
		text === undefined || text === '' ? '' : `text “${text}”`,
		orderId === undefined ? '' : `order ${orderId}`,
	].filter((part) => part !== '');
	return parts.length === 0 ? 'no condition' : parts.join(', ');
}
