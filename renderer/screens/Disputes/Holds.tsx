/** Every hold, those in force first; revenue posted under one is a matter of T18. */

import { useMemo } from 'react';
import type { HoldRow } from '#explore';
import { formatDuration, formatMinor, plural } from '../../app/format.ts';
import { useRows } from '../../app/useRows.ts';
import { DataGrid, type GridColumn } from '../../components/DataGrid.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { DisputesView } from '../../vault/disputesApi.ts';
import { useDisputes } from './state.ts';
import { noneWord } from './words.ts';

const columnsOf = (notTold: DisputesView['notTold']): readonly GridColumn<HoldRow>[] => [
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
		text: ({ orderId }) => orderId ?? '',
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

export function Holds({ view }: { view: DisputesView }) {
	const go = useNav((nav) => nav.go);
	const fetchRows = useRows((ask, from, to) => ask.disputes.holds(from, to), []);
	const columns = useMemo(() => columnsOf(view.notTold), [view.notTold]);
	if (view.holds === null)
		return (
			<EmptyState title="Holds were not supplied">
				The drop has no table hold, so it can’t be told what was on hold. Ask for the table.
			</EmptyState>
		);
	if (view.holds.count === 0)
		return (
			<EmptyState title={view.holds.setAside === 0 ? 'No holds' : 'No readable hold'}>
				{view.holds.setAside === 0
					? 'The table of holds is empty.'
					: `The table of holds has no line that could be read; ${plural(view.holds.setAside, 'line')} set aside.`}
			</EmptyState>
		);
	return (
		<DataGrid<HoldRow>
			label="Holds"
			columns={columns}
			rowCount={view.holds.count}
			rowKey={({ holdId }) => holdId}
			fetchRows={fetchRows}
			version={view.version}
			onActivate={({ disputeId, orderId }) => {
				if (disputeId !== null) useDisputes.getState().set({ tab: 'disputes', filter: { text: disputeId }, disputeId });
				else if (orderId !== null) go('orders', { order: orderId });
			}}
		/>
	);
}
