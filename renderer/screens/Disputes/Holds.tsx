/** Every hold, those in force first; revenue posted under one is a matter of T18. */

import { useMemo } from 'react';
import type { HoldRow } from '#explore';
import { useCommands } from '../../app/commands.ts';
import { plural } from '../../app/format.ts';
import { useRows } from '../../app/useRows.ts';
import { DataGrid } from '../../components/DataGrid.tsx';
import { ListFilter } from '../../components/ListFilter.tsx';
import { EmptyState } from '../../components/States.tsx';
import { useNav } from '../../state/nav.ts';
import type { DisputesView } from '../../vault/disputesApi.ts';
import { exportHolds } from './exportDisputes.ts';
import { holdColumnsOf, KEEP_HOLDS_AS } from './holdColumns.tsx';
import { useDisputes } from './state.ts';

export function Holds({ view }: { view: DisputesView }) {
	const go = useNav((nav) => nav.go);
	const fetchRows = useRows((ask, from, to) => ask.disputes.holds(from, to), []);
	const columns = useMemo(() => holdColumnsOf(view.notTold), [view.notTold]);
	const count = view.holds?.count ?? 0;
	useCommands(
		() => [
			{
				id: 'disputes.holds.csv',
				title: 'Export the holds as CSV',
				group: 'Disputes',
				disabled: count === 0 ? 'There are no holds.' : null,
				run: () => exportHolds(view),
			},
		],
		[view, count],
	);
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
		<>
			<ListFilter status={plural(count, 'hold')} onReset={null} onExport={() => void exportHolds(view)}>
				{null}
			</ListFilter>
			<DataGrid<HoldRow>
				label="Holds"
				columns={columns}
				keepAs={KEEP_HOLDS_AS}
				rowCount={view.holds.count}
				rowKey={({ holdId }) => holdId}
				fetchRows={fetchRows}
				version={view.version}
				onActivate={({ disputeId, orderId }) => {
					if (disputeId !== null) useDisputes.getState().set({ tab: 'disputes', filter: { text: disputeId }, disputeId });
					else if (orderId !== null) go('orders', { order: orderId });
				}}
			/>
		</>
	);
}
