/** The lists that the order screen has open: rows by number, in their order, kept for as long as they are of use. */
import { filterOrders, type OrderFilter, type OrderTable, type SortKey, sortOrders } from '#explore';
import { ok } from '#kernel';
import type { Answer } from './contract.ts';
import { refuse } from './vaultError.ts';

export interface OpenView {
	readonly viewId: string;
	readonly table: OrderTable;
	readonly filter: OrderFilter;
	readonly sort: readonly SortKey[];
	/** What the filter keeps, in file order. */
	readonly kept: Int32Array;
	/** The same in the order of the sort. */
	readonly rows: Int32Array;
}

const VIEWS_MAX = 12;

/** The last dozen of views; one that is asked for again moves to the front. */
export type OrderViews = ReturnType<typeof orderViews>;

export function orderViews() {
	const views = new Map<string, OpenView>();
	let number = 0;
	const find = (table: OrderTable, filter: string, sort: string): OpenView | undefined => {
		for (const view of views.values())
			if (view.table === table && JSON.stringify(view.filter) === filter && JSON.stringify(view.sort) === sort) return view;
		return undefined;
	};
	const hold = (view: OpenView): OpenView => {
		views.delete(view.viewId);
		views.set(view.viewId, view);
		for (const oldest of views.keys()) {
			if (views.size <= VIEWS_MAX) break;
			views.delete(oldest);
		}
		return view;
	};
	return {
		/** The view of this question; filtered and sorted only if it is not open already. */
		open(table: OrderTable, filter: OrderFilter, sort: readonly SortKey[]): OpenView {
			const known = find(table, JSON.stringify(filter), JSON.stringify(sort));
			if (known) return hold(known);
			// A list that is only sorted anew keeps what its filter found.
			const alike = [...views.values()].find((view) => view.table === table && JSON.stringify(view.filter) === JSON.stringify(filter));
			const kept = alike?.kept ?? filterOrders(table, filter);
			number++;
			return hold({ viewId: `v${number}`, table, filter, sort, kept, rows: sort.length === 0 ? kept : sortOrders(table, kept, sort) });
		},
		get(viewId: string): Answer<OpenView> {
			const view = views.get(viewId);
			return view ? ok(view) : refuse('not_found', 'This list is no longer open. It is made anew when the filter or the sort changes.');
		},
		clear(): void {
			views.clear();
		},
	};
}
