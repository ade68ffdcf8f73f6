/** Which list is shown, how it is narrowed and sorted, and the dispute in hand. */
import { create } from 'zustand';
import type { DisputeFilter, DisputeSort } from '#explore';

export type DisputesTab = 'disputes' | 'holds';

interface DisputesState {
	readonly tab: DisputesTab;
	readonly filter: DisputeFilter;
	readonly sort: DisputeSort;
	readonly isDescending: boolean;
	readonly disputeId: string | null;
	set(change: Partial<Omit<DisputesState, 'set'>>): void;
}

export const useDisputes = create<DisputesState>((set) => ({
	tab: 'disputes',
	filter: {},
	sort: 'age',
	isDescending: true,
	disputeId: null,
	set: (change) => set(change),
}));
