/** What is selected in the list: a predicate over what the filter keeps, so that "all 48,211" is one word. */
import { create } from 'zustand';
import type { OrderSelection } from '#explore';

interface SelectionState {
	/** `list`: these orders; `all_but`: all that the filter keeps but these. */
	readonly kind: 'list' | 'all_but';
	readonly ids: ReadonlySet<string>;
	toggle(orderId: string): void;
	add(orderIds: readonly string[]): void;
	all(): void;
	clear(): void;
}

export const useSelection = create<SelectionState>((set) => ({
	kind: 'list',
	ids: new Set<string>(),
	toggle: (orderId) =>
		set(({ ids }) => {
			const next = new Set(ids);
			if (!next.delete(orderId)) next.add(orderId);
			return { ids: next };
		}),
	add: (orderIds) =>
		set(({ kind, ids }) => {
			const next = new Set(ids);
			for (const id of orderIds) {
				if (kind === 'list') next.add(id);
				else next.delete(id);
			}
			return { ids: next };
		}),
	all: () => set({ kind: 'all_but', ids: new Set() }),
	clear: () => set({ kind: 'list', ids: new Set() }),
}));

export const isSelected = ({ kind, ids }: Pick<SelectionState, 'kind' | 'ids'>, orderId: string): boolean =>
	ids.has(orderId) === (kind === 'list');

/** How many of `count` orders are selected. */
export const selectedCount = ({ kind, ids }: Pick<SelectionState, 'kind' | 'ids'>, count: number): number =>
	kind === 'list' ? ids.size : Math.max(0, count - ids.size);

/** As the vault takes it; with nothing selected, all. */
export function selectionOf({ kind, ids }: Pick<SelectionState, 'kind' | 'ids'>): OrderSelection {
	if (kind === 'all_but') return ids.size === 0 ? { kind: 'all' } : { kind: 'all_but', orderIds: [...ids] };
	return ids.size === 0 ? { kind: 'all' } : { kind: 'list', orderIds: [...ids] };
}
