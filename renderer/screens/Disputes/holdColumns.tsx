/** Columns of the list of holds. */
import type { HoldRow } from '#explore';
import { formatDuration, formatMinor } from '../../app/format.ts';
import type { GridColumn } from '../../components/DataGrid.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { DisputesView } from '../../vault/disputesApi.ts';
import { noneWord } from './words.ts';

export const KEEP_HOLDS_AS = 'holds';

export const holdColumnsOf = (notTold: DisputesView['notTold']): readonly GridColumn<HoldRow>[] => [
	{ id: 'hold', title: 'Hold', width: 140, cell: ({ holdId }) => holdId, text: ({ holdId }) => holdId },
	{
		id: 'state',
		title: 'State',
		width: 110,
		cell: ({ closedAt }) =>
			closedAt === null ? (
				<VerdictBadge tone="hold">In force</VerdictBadge>
			) : (
				<VerdictBadge tone="neutral" glyph="–">
					Closed
				</VerdictBadge>
			),
		text: ({ closedAt }) => (closedAt === null ? 'in force' : 'closed'),
	},
	{ id: 'kind', title: 'Kind', width: 80, cell: ({ kind }) => kind, text: ({ kind }) => kind },
	{
		id: 'order',
		title: 'Order',
		width: 140,
		cell: ({ orderId, lineId }) => `${orderId ?? '–'}${lineId === null ? '' : ` / ${lineId}`}`,
		text: ({ orderId, lineId }) => `${orderId ?? ''}${lineId === null ? '' : ` / ${lineId}`}`,
	},
	{ id: 'customer', title: 'Customer', width: 140, cell: ({ customer }) => customer ?? '–', text: ({ customer }) => customer ?? '' },
	{ id: 'reason', title: 'Reason', width: 130, cell: ({ reason }) => reason, text: ({ reason }) => reason },
	{
		id: 'exceptions',
		title: 'Exceptions',
		width: 120,
		cell: ({ exceptions }) =>
			exceptions.length === 0 ? (
				<span className={textStyles['muted']}>{noneWord(notTold)}</span>
			) : (
				<VerdictBadge tone="fail" title={exceptions.map(({ sentence }) => sentence).join('\n')}>
					{[...new Set(exceptions.map(({ test }) => test))].join(' ')}
				</VerdictBadge>
			),
		text: ({ exceptions }) => (exceptions.length === 0 ? noneWord(notTold) : exceptions.map(({ test }) => test).join(' ')),
	},
	{
		id: 'posted',
		title: 'Posted under it',
		width: 130,
		align: 'right',
		cell: ({ postedMinor, currency }) =>
			postedMinor === null ? 'not told' : postedMinor === 0n ? '–' : formatMinor(postedMinor, currency ?? ''),
		text: ({ postedMinor, currency }) => (postedMinor === null ? 'not told' : formatMinor(postedMinor, currency ?? '')),
		money: ({ postedMinor, currency }) => (postedMinor === null ? null : { minor: postedMinor, currency }),
	},
	{ id: 'currency', title: 'Cur', width: 56, cell: ({ currency }) => currency ?? '–', text: ({ currency }) => currency ?? '' },
	{
		id: 'age',
		title: 'For',
		width: 104,
		align: 'right',
		cell: ({ ageMs }) => formatDuration(ageMs),
		text: ({ ageMs }) => formatDuration(ageMs),
	},
	{
		id: 'opened',
		title: 'Opened',
		width: 184,
		cell: ({ openedAt }) => <Instant at={openedAt} />,
		text: ({ openedAt }) => new Date(openedAt).toISOString(),
	},
	{ id: 'by', title: 'By', width: 90, cell: ({ openedBy }) => openedBy ?? '–', text: ({ openedBy }) => openedBy ?? '' },
];
