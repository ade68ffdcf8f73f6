/** The first row of a new list is in hand at once, so that the panel beside a full list is never empty. */
import { useEffect } from 'react';

/**
 * @param fetchRows the list; another function is another list
 * @param onFirst called with its first row, null where it has none
 */
export function useFirstRow<Row>(
	fetchRows: (from: number, to: number) => Promise<readonly Row[]>,
	onFirst: (row: Row | null) => void,
): void {
	// biome-ignore lint/correctness/useExhaustiveDependencies: a new list is what calls for its first row
	useEffect(() => {
		let isLatest = true;
		void fetchRows(0, 1).then(([first]) => {
			if (isLatest) onFirst(first ?? null);
		});
		return () => {
			isLatest = false;
		};
	}, [fetchRows]);
}
