/** What the order screen stands on: filter, sort, columns, tab. Kept while one goes elsewhere and comes back; never a copy of a row. */
import { create } from 'zustand';
import { type FilterChip, NO_FILTER, type OrderColumnId, type OrderFilter, type SortKey, withChip, withoutChip } from '#explore';

export type OrdersTab = 'list' | 'map' | 'statistics';

/** What a saved view holds. */
export interface ViewDefinition {
	readonly filter: OrderFilter;
	readonly sort: readonly SortKey[];
	readonly columns: readonly OrderColumnId[];
}

export const FIRST_COLUMNS: readonly OrderColumnId[] = [
	'order_id',
	'customer',
	'state',
	'total',
	'currency',
	'chain',
	'exceptions',
	'last_event_at',
	'age_hours',
	'holds',
	'disputes',
	'ordered_at',
	'region',
	'entity',
];

export const FIRST_VIEW: ViewDefinition = { filter: NO_FILTER, sort: [], columns: FIRST_COLUMNS };

interface OrdersState extends ViewDefinition {
	readonly tab: OrdersTab;
	/** The saved view that was chosen last. */
	readonly viewId: string | null;
	readonly orderId: string | null;
	readonly hasFacets: boolean;
	readonly hasPanel: boolean;
	readonly panelPlace: 'bottom' | 'right';
	/** The column whose statistics stand beside the list; null: none. */
	readonly profiled: OrderColumnId | null;
	set(change: Partial<Omit<OrdersState, 'set'>>): void;
}

export const useOrders = create<OrdersState>((set) => ({
	...FIRST_VIEW,
	tab: 'list',
	viewId: null,
	orderId: null,
	hasFacets: true,
	hasPanel: true,
	panelPlace: 'bottom',
	profiled: null,
	set: (change) => set(change),
}));

export const addChip = (chip: FilterChip): void => {
	const { filter, set } = useOrders.getState();
	set({ filter: withChip(filter, chip) });
};

export const removeChip = (at: number): void => {
	const { filter, set } = useOrders.getState();
	set({ filter: withoutChip(filter, at) });
};

export const setText = (text: string): void => {
	const { filter, set } = useOrders.getState();
	if (filter.text !== text) set({ filter: { ...filter, text } });
};

/** Chooses a value of a column, or takes the choice back. */
export function toggleValue(column: OrderColumnId, value: string, op: 'is' | 'is_not' = 'is'): void {
	const { filter, set } = useOrders.getState();
	const at = filter.chips.findIndex((chip) => chip.column === column && chip.op === op);
	const chip = filter.chips[at];
	if (!chip?.values.includes(value)) {
		addChip({ column, op, values: [value] });
		return;
	}
	const values = chip.values.filter((one) => one !== value);
	set({
		filter:
			values.length === 0
				? withoutChip(filter, at)
				: { ...filter, chips: filter.chips.map((one, i) => (i === at ? { ...one, values } : one)) },
	});
}

export const definitionOf = ({ filter, sort, columns }: ViewDefinition): string => JSON.stringify({ filter, sort, columns });

/** A saved definition; null where it can't be read, as from a later version. The vault checks the filter itself. */
export function readDefinition(text: string): ViewDefinition | null {
	try {
		const read: unknown = JSON.parse(text);
		if (typeof read !== 'object' || read === null || !('filter' in read) || !('sort' in read) || !('columns' in read)) return null;
		const { filter, sort, columns } = read as ViewDefinition;
		if (!Array.isArray(filter?.chips) || typeof filter.text !== 'string' || !Array.isArray(sort) || !Array.isArray(columns)) return null;
		return { filter, sort, columns };
	} catch {
		return null;
	}
}
