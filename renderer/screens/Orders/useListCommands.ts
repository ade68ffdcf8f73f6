/** Commands of the list of orders, and where they stand in it. */
import { useCallback, useRef } from 'react';
import { isOrderColumn, type OrderRow } from '#explore';
import { type Command, useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import type { OrderView } from '../../vault/ordersApi.ts';
import { chipOfCell } from './cellChip.ts';
import { useSelection } from './selection.ts';
import { addChip, useOrders } from './state.ts';

const EXTEND_MAX = 2000;

const QUIET_MS = 4000;

/** A key that is held says a thing once, not at each step. */
function useSayOnce(): (message: string) => void {
	const said = useRef(0);
	return useCallback((message) => {
		const now = performance.now();
		if (said.current === 0 || now - said.current > QUIET_MS) notify({ tone: 'warn', message });
		said.current = now;
	}, []);
}

export interface Stand {
	readonly column: string;
	readonly row: OrderRow | null;
	readonly index: number;
}

export const NOWHERE: Stand = { column: 'order_id', row: null, index: -1 };

/** Where the focus is right now: the grid tells of it a moment later. */
function standNow({ column, index }: Stand): { column: string; index: number } {
	const cell = document.activeElement?.closest('.ag-cell');
	const at = Number(cell?.closest('.ag-row')?.getAttribute('row-index') ?? Number.NaN);
	return { column: cell?.getAttribute('col-id') ?? column, index: Number.isNaN(at) ? index : at };
}

export function useListCommands(
	view: OrderView,
	stand: React.RefObject<Stand>,
	fetchRows: (from: number, to: number) => Promise<readonly OrderRow[]>,
): void {
	const anchor = useRef(-1);
	const say = useSayOnce();
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
			if (to - from > EXTEND_MAX) {
				say(
					`Row by row, at most ${formatCount(EXTEND_MAX)} orders are selected; these stay as they are. Ctrl+A selects all that match: narrow the list first.`,
				);
				return;
			}
			useSelection.getState().add((await fetchRows(from, to)).map((row) => row.orderId));
		};
		const commands: Command[] = [
			{ id: 'orders.cell.is', title: 'Filter by this cell', group, keys: '.', when: 'grid', run: () => byCell('is') },
			{ id: 'orders.cell.not', title: 'Exclude this cell', group, keys: 'Shift+!', when: 'grid', run: () => byCell('is_not') },
			{
				id: 'orders.profile',
				title: 'Summarise this column',
				group,
				keys: 'Shift+F',
				when: 'grid',
				run: () => {
					const { column } = standNow(stand.current);
					const { profiled, set } = useOrders.getState();
					const asked = isOrderColumn(column) ? column : 'state';
					// The same key again takes it away.
					set({ profiled: profiled === asked ? null : asked });
				},
			},
			{ id: 'orders.select', title: 'Select or unselect this row', group, keys: 'Space', when: 'grid', run: toggle },
			{ id: 'orders.select.down', title: 'Select down', group, keys: 'Shift+ArrowDown', when: 'grid', run: () => extend(1) },
			{ id: 'orders.select.up', title: 'Select up', group, keys: 'Shift+ArrowUp', when: 'grid', run: () => extend(-1) },
			{
				id: 'orders.select.all',
				title: 'Select all matching orders',
				group,
				keys: '$mod+a',
				when: 'grid',
				run: () => useSelection.getState().all(),
			},
			{ id: 'orders.select.none', title: 'Select nothing', group, run: () => useSelection.getState().clear() },
		];
		return commands;
	}, [view, fetchRows]);
}
