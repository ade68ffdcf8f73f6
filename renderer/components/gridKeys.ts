/** The keys of a grid, and telling its screen where the focus stands. */
import type { GridApi } from 'ag-grid-community';
import { type KeyboardEvent, type RefObject, useCallback, useRef } from 'react';
import type { RowRanges } from './useRowRange.ts';

/** What of a grid's properties its keys need. */
interface Keyed<Row> {
	readonly rowCount: number;
	readonly onFocusRow?: (row: Row | null, index: number) => void;
	readonly onFocusCell?: (column: string, row: Row | null, index: number) => void;
	readonly onCopy?: () => boolean;
}

/** Where the focus is in the grid. */
interface Stood<Row> {
	readonly row: Row | null;
	readonly index: number;
	readonly column: string;
}

const isSame = <Row>(a: Stood<Row>, b: Stood<Row> | null): boolean =>
	b !== null && a.row === b.row && a.index === b.index && a.column === b.column;

/** Stands on a row, in the column one stands in. */
export function focusRow<Row>(api: GridApi<Row>, index: number): void {
	api.ensureIndexVisible(index);
	const column = api.getFocusedCell()?.column ?? api.getAllDisplayedColumns()[0];
	if (column) api.setFocusedCell(index, column);
}

export function useGridKeys<Row>(grid: RefObject<GridApi<Row> | null>, latest: RefObject<Keyed<Row>>, press: RowRanges['press']) {
	const told = useRef<Stood<Row> | null>(null);
	const tell = useCallback(
		(api: GridApi<Row>): void => {
			const cell = api.getFocusedCell();
			if (!cell || cell.rowPinned) return;
			const stands = {
				row: api.getDisplayedRowAtIndex(cell.rowIndex)?.data ?? null,
				index: cell.rowIndex,
				column: cell.column.getColId(),
			};
			if (isSame(stands, told.current)) return;
			told.current = stands;
			latest.current.onFocusRow?.(stands.row, stands.index);
			latest.current.onFocusCell?.(stands.column, stands.row, stands.index);
		},
		[latest],
	);
	/** The row stood on was not loaded yet; as soon as it is, its screen hears of it. */
	const tellLoaded = useCallback(
		(api: GridApi<Row>): void => {
			if (told.current?.row === null) tell(api);
		},
		[tell],
	);
	const onKeyDown = useCallback(
		(event: KeyboardEvent): void => {
			const api = grid.current;
			if (!api) return;
			// The grid tells of a new place a moment later; a key that is quicker still acts on the row that one stands on.
			tell(api);
			const { onCopy, rowCount } = latest.current;
			const mod = event.ctrlKey || event.metaKey;
			const isCopy = mod && event.key === 'c' && !document.getSelection()?.toString();
			const isDone = (isCopy && onCopy?.() === true) || ((isCopy || !onCopy) && press(event, api.getFocusedCell()?.rowIndex ?? -1));
			if (mod && (event.key === 'Home' || event.key === 'End')) focusRow(api, event.key === 'Home' ? 0 : rowCount - 1);
			else if (!isDone) return;
			event.preventDefault();
			event.stopPropagation();
		},
		[grid, latest, tell, press],
	);
	return { tell, tellLoaded, onKeyDown };
}
