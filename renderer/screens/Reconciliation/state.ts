/** What the queue shows: filter, order, and the item in hand. */
import { create } from 'zustand';
import type { ReconcileFilter, ReconcileSort } from '#explore';

export type ReconciliationTab = 'queue' | 'totals';

interface ReconciliationState {
	readonly tab: ReconciliationTab;
	readonly filter: ReconcileFilter;
	readonly sort: ReconcileSort;
	readonly isDescending: boolean;
	readonly item: number | null;
	set(change: Partial<Omit<ReconciliationState, 'set'>>): void;
}

export const BREAKS: ReconcileFilter = {};

export const useReconciliation = create<ReconciliationState>((set) => ({
	tab: 'queue',
	filter: BREAKS,
	sort: 'amount',
	isDescending: true,
	item: null,
	set: (change) => set(change),
}));
