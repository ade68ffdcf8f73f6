/** The list: facets on the left, the grid, and the order one stands on in a panel that follows after a moment. */

import { ActionIcon, Tooltip } from '@mantine/core';
import { PanelBottom, PanelLeft, PanelRight } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isOrderColumn, NO_FILTER, type OrderColumnId, type OrderRow } from '#explore';
import { type Command, useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useRows } from '../../app/useRows.ts';
import { useVault } from '../../app/vault.ts';
import { DataGrid, type GridSort } from '../../components/DataGrid.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import type { SelectionTotals } from '../../state/status.ts';
import { useSelectionTotals } from '../../state/status.ts';
import type { OrderView } from '../../vault/ordersApi.ts';
import { ColumnsMenu } from './ColumnsMenu.tsx';
import { chipOfCell } from './cellChip.ts';
import { copyTsv } from './exportOrders.ts';
import { Facets } from './Facets.tsx';
import { gridColumnsOf } from './gridColumns.tsx';
import { OrderPanel } from './OrderPanel.tsx';
import styles from './Orders.module.css';
import { PanelSplit } from './PanelSplit.tsx';
import { ProfileDialog } from './ProfileDialog.tsx';
import { selectedCount, selectionOf, useSelection } from './selection.ts';
import { addChip, useOrders } from './state.ts';

const FOLLOW_MS = 80;
const EXTEND_MAX = 2000;

interface Stand {
	readonly column: string;
	readonly row: OrderRow | null;
	readonly index: number;
}

const NOWHERE: Stand = { column: 'order_id', row: null, index: -1 };

export function OrderList({ view }: { view: OrderView }) {
	const vault = useVault();
	const { sort, columns, hasFacets, hasPanel, panelPlace, orderId, set } = useOrders();
	const [profiled, setProfiled] = useState<OrderColumnId | null>(null);
	const [focusIndex, setFocusIndex] = useState<number | null>(null);
	const stand = useRef<Stand>(NOWHERE);
	const followed = useRef<string | null>(orderId);
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
	const gridColumns = useMemo(() => gridColumnsOf(columns), [columns]);

	const fetchRows = useRows((ask, from, to) => ask.orders.rows(view.viewId, from, to), [view.viewId]);
	const follow = useCallback(
		(row: OrderRow | null, index: number): void => {
			clearTimeout(timer.current);
			timer.current = setTimeout(() => {
				const show = (found: OrderRow | undefined): void => {
					if (!found || stand.current.index !== index) return;
					followed.current = found.orderId;
					set({ orderId: found.orderId });
				};
				// A row that is jumped to may not be there yet.
				if (row) show(row);
				else void fetchRows(index, index + 1).then(([found]) => show(found));
			}, FOLLOW_MS);
		},
		[fetchRows, set],
	);
	useEffect(() => () => clearTimeout(timer.current), []);
	// Another screen named an order: stand on it, where the list holds it.
	useEffect(() => {
		if (orderId === null || orderId === followed.current) return;
		followed.current = orderId;
		void vault.orders.place(view.viewId, orderId).then((place) => {
			if (place.ok && place.value >= 0) setFocusIndex(place.value);
		});
	}, [orderId, vault, view.viewId]);

	useListCommands(view, stand, fetchRows, setProfiled);
	useSelectionTotals(useTotals(view));

	if (view.count === 0) return <NothingFound hasFacets={hasFacets} view={view} />;
	return (
		<div className={styles['list']}>
			{hasFacets ? <Facets view={view} /> : null}
			<PanelSplit
				place={panelPlace}
				panel={hasPanel && orderId !== null ? <OrderPanel orderId={orderId} onClose={() => set({ hasPanel: false })} /> : null}
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
						if (isMoved) follow(row, index);
					}}
					focusIndex={focusIndex}
					onCopy={() => {
						if (selectedCount(useSelection.getState(), view.count) === 0) return false;
						void copyTsv(vault, view);
						return true;
					}}
					onActivate={(row) => {
						followed.current = row.orderId;
						set({ orderId: row.orderId, hasPanel: true });
						requestAnimationFrame(() => document.querySelector<HTMLElement>('[data-order-panel] [role=tab][aria-selected=true]')?.focus());
					}}
				/>
			</PanelSplit>
			<ProfileDialog view={view} column={profiled} onClose={() => setProfiled(null)} />
		</div>
	);
}

function NothingFound({ hasFacets, view }: { hasFacets: boolean; view: OrderView }) {
	const set = useOrders((state) => state.set);
	return (
		<div className={styles['list']}>
			{hasFacets ? <Facets view={view} /> : null}
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

/** Which parts of the screen are shown, as buttons and as commands. */
function LayoutBar() {
	const { hasFacets, hasPanel, panelPlace, set } = useOrders();
	const tools = [
		{ label: hasFacets ? 'Hide facets' : 'Show facets', Icon: PanelLeft, isOn: hasFacets, run: () => set({ hasFacets: !hasFacets }) },
		{
			label: 'Order below the list',
			Icon: PanelBottom,
			isOn: hasPanel && panelPlace === 'bottom',
			run: () => set({ panelPlace: 'bottom', hasPanel: !(hasPanel && panelPlace === 'bottom') }),
		},
		{
			label: 'Order beside the list',
			Icon: PanelRight,
			isOn: hasPanel && panelPlace === 'right',
			run: () => set({ panelPlace: 'right', hasPanel: !(hasPanel && panelPlace === 'right') }),
		},
	];
	return (
		<div className={styles['layoutBar']} role="toolbar" aria-label="Layout of the list">
			<SelectionWords />
			<span className={styles['grow']} />
			<ColumnsMenu />
			{tools.map(({ label, Icon, isOn, run }) => (
				<Tooltip key={label} label={label}>
					<ActionIcon
						aria-label={label}
						aria-pressed={isOn}
						variant={isOn ? 'light' : 'subtle'}
						color={isOn ? 'accent' : 'gray'}
						size={24}
						onClick={run}
					>
						<Icon size={14} />
					</ActionIcon>
				</Tooltip>
			))}
		</div>
	);
}

function SelectionWords() {
	const { kind, ids, clear } = useSelection();
	if (kind === 'list' && ids.size === 0)
		return <span className={textStyles['muted']}>Space selects · Ctrl+A all matching · . filter by cell · Shift+F summarise column</span>;
	return (
		<span>
			{kind === 'all_but'
				? ids.size === 0
					? 'All matching orders are selected'
					: `All matching orders but ${formatCount(ids.size)} are selected`
				: `${formatCount(ids.size)} selected`}{' '}
			<button type="button" className={textStyles['link']} onClick={clear}>
				Clear
			</button>
		</span>
	);
}

/** Where the focus is right now: the grid tells of it a moment later. */
function standNow({ column, index }: Stand): { column: string; index: number } {
	const cell = document.activeElement?.closest('.ag-cell');
	const at = Number(cell?.closest('.ag-row')?.getAttribute('row-index') ?? Number.NaN);
	return { column: cell?.getAttribute('col-id') ?? column, index: Number.isNaN(at) ? index : at };
}

function useListCommands(
	view: OrderView,
	stand: React.RefObject<Stand>,
	fetchRows: (from: number, to: number) => Promise<readonly OrderRow[]>,
	setProfiled: (column: OrderColumnId) => void,
): void {
	const anchor = useRef(-1);
	useCommands(() => {
		const group = 'Order list';
		const standing = async (): Promise<OrderRow | undefined> => {
			const { index } = standNow(stand.current);
			if (stand.current.row && stand.current.index === index) return stand.current.row;
			return index < 0 ? undefined : (await fetchRows(index, index + 1))[0];
		};
		const byCell = async (op: 'is' | 'is_not'): Promise<void> => {
			const { column } = standNow(stand.current);
			const row = await standing();
			if (!row || !isOrderColumn(column)) return;
			const chip = chipOfCell(row, column, op);
			if (chip) addChip(chip);
			else notify({ tone: 'warn', message: 'A day can be kept with “.”, not excluded; add the condition with Ctrl+F.' });
		};
		const toggle = async (): Promise<void> => {
			anchor.current = standNow(stand.current).index;
			const row = await standing();
			if (row) useSelection.getState().toggle(row.orderId);
		};
		const extend = async (step: 1 | -1): Promise<void> => {
			// The grid has moved on already: the row it came from is selected as well.
			const { index } = standNow(stand.current);
			if (anchor.current < 0) anchor.current = index - step;
			const from = Math.max(0, Math.min(anchor.current, index));
			const to = Math.min(view.count, Math.max(anchor.current, index) + 1);
			if (to - from > EXTEND_MAX) return;
			useSelection.getState().add((await fetchRows(from, to)).map((row) => row.orderId));
		};
		const commands: Command[] = [
			{ id: 'orders.cell.is', title: 'Filter by this cell', group, keys: '.', when: 'list', run: () => byCell('is') },
			{ id: 'orders.cell.not', title: 'Exclude this cell', group, keys: 'Shift+!', when: 'list', run: () => byCell('is_not') },
			{
				id: 'orders.profile',
				title: 'Summarise this column',
				group,
				keys: 'Shift+F',
				when: 'list',
				run: () => {
					const { column } = standNow(stand.current);
					setProfiled(isOrderColumn(column) ? column : 'state');
				},
			},
			{ id: 'orders.select', title: 'Select or unselect this row', group, keys: 'Space', when: 'list', run: toggle },
			{ id: 'orders.select.down', title: 'Select down', group, keys: 'Shift+ArrowDown', when: 'list', run: () => extend(1) },
			{ id: 'orders.select.up', title: 'Select up', group, keys: 'Shift+ArrowUp', when: 'list', run: () => extend(-1) },
			{
				id: 'orders.select.all',
				title: 'Select all matching orders',
				group,
				keys: '$mod+a',
				when: 'list',
				run: () => useSelection.getState().all(),
			},
			{ id: 'orders.select.none', title: 'Select nothing', group, run: () => useSelection.getState().clear() },
		];
		return commands;
	}, [view, fetchRows]);
}
