/** The list: facets on the left, the grid, and the order one stands on in a panel that follows after a moment. */

import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isOrderColumn, NO_FILTER, type OrderRow } from '#explore';
import { focusWhenThere } from '../../app/focus.ts';
import { formatCount } from '../../app/format.ts';
import { useRows } from '../../app/useRows.ts';
import { useVault } from '../../app/vault.ts';
import { DataGrid, type GridSort } from '../../components/DataGrid.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { type SelectionTotals, useSelectionTotals } from '../../state/status.ts';
import type { OrderView } from '../../vault/ordersApi.ts';
import { ColumnPanel } from './ColumnPanel.tsx';
import { copyTsv } from './exportOrders.ts';
import { Facets } from './Facets.tsx';
import { FOLLOW_MS, follower } from './follower.ts';
import { gridColumnsOf } from './gridColumns.tsx';
import { LayoutBar } from './LayoutBar.tsx';
import { OrderPanel } from './OrderPanel.tsx';
import styles from './Orders.module.css';
import { PanelSplit } from './PanelSplit.tsx';
import { selectedCount, selectionOf, useSelection } from './selection.ts';
import { useOrders } from './state.ts';
import { NOWHERE, type Stand, useListCommands } from './useListCommands.ts';

export function OrderList({ view }: { view: OrderView }) {
	const vault = useVault();
	const { sort, columns, hasPanel, panelPlace, orderId, set } = useOrders();
	const [focusIndex, setFocusIndex] = useState<number | null>(null);
	const stand = useRef<Stand>(NOWHERE);
	const followed = useRef<string | null>(orderId);
	const gridColumns = useMemo(() => gridColumnsOf(columns), [columns]);

	const fetchRows = useRows((ask, from, to) => ask.orders.rows(view.viewId, from, to), [view.viewId]);
	const [isBehind, setBehind] = useState(false);
	const rowsNow = useRef(fetchRows);
	rowsNow.current = fetchRows;
	const follow = useMemo(
		() =>
			follower(
				(found) => {
					followed.current = found;
					set({ orderId: found });
				},
				async (index) => (await rowsNow.current(index, index + 1))[0]?.orderId ?? null,
				setBehind,
			),
		[set],
	);
	useEffect(() => () => follow.settle(), [follow]);
	const profileStood = useProfileFollows();
	// Another screen named an order: stand on it, where the list holds it.
	useEffect(() => {
		if (orderId === null || orderId === followed.current) return;
		followed.current = orderId;
		follow.settle();
		void vault.orders.place(view.viewId, orderId).then((place) => {
			if (place.ok && place.value >= 0) setFocusIndex(place.value);
		});
	}, [orderId, vault, view.viewId, follow]);

	useListCommands(view, stand, fetchRows);
	useSelectionTotals(useTotals(view));

	if (view.count === 0) return <NothingFound view={view} />;
	return (
		<div className={styles['list']}>
			<Left view={view} />
			<PanelSplit
				place={panelPlace}
				panel={
					hasPanel && orderId !== null ? (
						<OrderPanel orderId={orderId} isBehind={isBehind} standing={follow.standing} onClose={() => set({ hasPanel: false })} />
					) : null
				}
			>
				<LayoutBar />
				<DataGrid<OrderRow>
					label={`Orders, ${formatCount(view.count)} of ${formatCount(view.of)}`}
					columns={gridColumns}
					rowCount={view.count}
					rowKey={(row) => row.orderId}
					fetchRows={fetchRows}
					version={view.viewId}
					sort={sort as readonly GridSort[]}
					onSortChange={(next) =>
						set({ sort: next.flatMap(({ column, direction }) => (isOrderColumn(column) ? [{ column, direction }] : [])) })
					}
					onFocusCell={(column, row, index) => {
						const isMoved = index !== stand.current.index || row?.orderId !== stand.current.row?.orderId;
						stand.current = { column, row, index };
						if (isMoved) follow.stand(index, row?.orderId ?? null);
						profileStood(column);
					}}
					onColumnOrder={(ids) => {
						const shown = ids.filter(isOrderColumn);
						if (shown.length === columns.length) set({ columns: shown });
					}}
					focusIndex={focusIndex}
					onCopy={() => {
						if (selectedCount(useSelection.getState(), view.count) === 0) return false;
						void copyTsv(vault, view);
						return true;
					}}
					onActivate={(row) => {
						follow.settle();
						followed.current = row.orderId;
						set({ orderId: row.orderId, hasPanel: true });
						focusWhenThere(document.body, '[data-order-panel] [role=tab][aria-selected=true]');
					}}
				/>
			</PanelSplit>
		</div>
	);
}

/** What stands left of the list: facets, and statistics of the column in hand. */
function Left({ view }: { view: OrderView }) {
	const { hasFacets, profiled, set } = useOrders();
	if (!hasFacets && profiled === null) return null;
	return (
		<div className={styles['left']}>
			{hasFacets ? <Facets view={view} /> : null}
			{profiled === null ? null : (
				<ColumnPanel
					view={view}
					column={profiled}
					onClose={() => {
						set({ profiled: null });
						// Back to the cell that one stood on.
						requestAnimationFrame(() => document.querySelector<HTMLElement>('main .ag-cell-focus')?.focus());
					}}
				/>
			)}
		</div>
	);
}

/** While statistics of a column stand beside the list, they follow the column one stands on, after a moment. */
function useProfileFollows(): (column: string) => void {
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	useEffect(() => () => clearTimeout(timer.current), []);
	return useCallback((column) => {
		clearTimeout(timer.current);
		timer.current = setTimeout(() => {
			const { profiled, set } = useOrders.getState();
			if (profiled !== null && profiled !== column && isOrderColumn(column)) set({ profiled: column });
		}, FOLLOW_MS);
	}, []);
}

function NothingFound({ view }: { view: OrderView }) {
	const set = useOrders((state) => state.set);
	return (
		<div className={styles['list']}>
			<Left view={view} />
			<div className={styles['nothing']}>
				<EmptyState
					title={`None of ${formatCount(view.of)} orders fulfils all conditions`}
					action={
						<button type="button" className={textStyles['link']} onClick={() => set({ filter: NO_FILTER })}>
							Remove all conditions
						</button>
					}
				>
					{view.query}
				</EmptyState>
			</div>
		</div>
	);
}

/** Sums of the selection, asked anew when it changes. */
function useTotals(view: OrderView): SelectionTotals | null {
	const vault = useVault();
	const { kind, ids } = useSelection();
	const [totals, setTotals] = useState<SelectionTotals | null>(null);
	useEffect(() => {
		const count = selectedCount({ kind, ids }, view.count);
		if (count === 0) {
			setTotals(null);
			return;
		}
		let isStale = false;
		void vault.orders.selection(view.viewId, selectionOf({ kind, ids })).then((answer) => {
			if (!isStale && answer.ok) setTotals({ count: answer.value.count, sums: answer.value.sums });
		});
		return () => {
			isStale = true;
		};
	}, [kind, ids, view, vault]);
	return totals;
}
