/** Columns of the triage: what stands in a cell, what a copy says of it, and by what it is sorted. */
import type { ReactNode } from 'react';
import { type InboxColumn, type InboxSort, VERDICT_WORDS } from '#findings';
import { formatMinor } from '../../app/format.ts';
import type { TextColumn } from '../../components/rowText.ts';
import type { ExceptionRow } from '../../vault/exceptionsDetail.ts';
import styles from './Exceptions.module.css';
import { SeverityMark, TriageBadge } from './words.tsx';

export interface TriageColumn extends TextColumn<ExceptionRow> {
	readonly id: string;
	/** Null: the list can't be sorted by it. */
	readonly sort: InboxColumn | null;
	readonly className?: string | undefined;
	/** In full, where the cell may be cut off. */
	readonly hint?: (row: ExceptionRow) => string;
	readonly cell: (row: ExceptionRow) => ReactNode;
}

/** The order, or what else the exception is about. */
export const subjectOf = ({ orderId, keys }: Pick<ExceptionRow, 'orderId' | 'keys'>): string => orderId ?? Object.values(keys).join(' / ');

export const TRIAGE_COLUMNS: readonly TriageColumn[] = [
	{
		id: 'severity',
		title: 'Severity',
		sort: 'severity',
		cell: ({ severity }) => <SeverityMark severity={severity} />,
		text: ({ severity }) => severity,
	},
	{ id: 'test', title: 'Test', sort: 'test', hint: ({ title }) => title, cell: ({ test }) => test, text: ({ test }) => test },
	{ id: 'subject', title: 'Subject', sort: 'order', hint: subjectOf, cell: subjectOf, text: subjectOf },
	{
		id: 'amount',
		title: 'Amount',
		sort: 'amount',
		className: styles['right'],
		cell: ({ amountMinor, currency }) => (amountMinor === null ? '–' : formatMinor(amountMinor, currency ?? '')),
		text: ({ amountMinor, currency }) => (amountMinor === null ? '' : formatMinor(amountMinor, currency ?? '')),
		money: ({ amountMinor, currency }) => (amountMinor === null ? null : { minor: amountMinor, currency }),
	},
	{
		id: 'currency',
		title: 'Cur',
		sort: null,
		className: styles['muted'],
		cell: ({ currency }) => currency ?? '',
		text: ({ currency }) => currency ?? '',
	},
	{
		id: 'verdict',
		title: 'Verdict',
		sort: 'verdict',
		cell: ({ verdict, isChanged }) => (
			<>
				<TriageBadge verdict={verdict} />
				{isChanged ? <abbr title="The test gives another result now than when this was judged"> Δ</abbr> : null}
			</>
		),
		text: ({ verdict, isChanged }) => `${VERDICT_WORDS[verdict]}${isChanged ? ' (changed since)' : ''}`,
	},
	{
		id: 'reason',
		title: 'Why',
		sort: 'reason',
		className: styles['muted'],
		hint: ({ reason }) => reason,
		cell: ({ reason }) => reason,
		text: ({ reason }) => reason,
	},
];

/** The order after a click on a head: one way, the other, then worst first again. Amounts begin with the largest. */
export function sortAfter(sort: readonly InboxSort[], column: InboxColumn): readonly InboxSort[] {
	const first = column === 'amount' ? 'desc' : 'asc';
	const now = sort[0]?.column === column ? sort[0].direction : null;
	if (now === null) return [{ column, direction: first }];
	return now === first ? [{ column, direction: first === 'asc' ? 'desc' : 'asc' }] : [];
}
