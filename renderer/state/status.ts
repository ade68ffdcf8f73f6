/** What the status bar shows of the screen in front: totals of the selection, never mixed over currencies. */
import { useEffect } from 'react';
import { create } from 'zustand';

export interface SelectionTotals {
	readonly count: number;
	/** The column that is added up, where the list has several. */
	readonly of?: string;
	/** Rows that have no amount in it, and so are in no sum. */
	readonly without?: number;
	/** Why there are no sums. */
	readonly note?: string;
	readonly sums: readonly { readonly currency: string; readonly minor: bigint }[];
}

interface Status {
	readonly totals: SelectionTotals | null;
	setTotals(totals: SelectionTotals | null): void;
}

export const useStatus = create<Status>((set) => ({ totals: null, setTotals: (totals) => set({ totals }) }));

/** Shows the totals while the screen is mounted. */
export function useSelectionTotals(totals: SelectionTotals | null): void {
	const setTotals = useStatus((status) => status.setTotals);
	useEffect(() => {
		setTotals(totals);
		return () => setTotals(null);
	}, [totals, setTotals]);
}
