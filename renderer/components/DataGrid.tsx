/**
 * The grid: AG Grid's infinite rows over whatever the vault pages out, in our theme, with the keys that Community lacks: Ctrl+Home and
 * Ctrl+End to the first and last row, Shift with arrows and Ctrl+A for a range with its totals, Ctrl+C as TSV with headers. Rows are asked
 * for in blocks; nothing is lost at any display scale.
 */
import { AllCommunityModule, type GridApi, type IDatasource, ModuleRegistry } from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { styleNonce } from '../app/nonce.ts';
import { useColumnOrder } from './columnOrder.ts';
import styles from './DataGrid.module.css';
import { columnDefOf, type GridColumn, type GridSort, type Marked, mark, sortsOf } from './gridColumn.tsx';
import { focusRow, useGridKeys } from './gridKeys.ts';
import { gridTheme } from './gridTheme.ts';
import { useRowRange } from './useRowRange.ts';

ModuleRegistry.registerModules([AllCommunityModule]);

export type { GridColumn, GridSort } from './gridColumn.tsx';

export interface DataGridProps<Row> {
	/** For screen readers: "Orders". */
	readonly label: string;
	readonly columns: readonly GridColumn<Row>[];
	readonly rowCount: number;
	readonly rowKey: (row: Row) => string;
	/** Rows [from, to). */
	readonly fetchRows: (from: number, to: number) => Promise<readonly Row[]>;
	/** Another value asks for all rows anew. */
	readonly version: string | number;
	readonly sort?: readonly GridSort[];
	readonly onSortChange?: (sort: readonly GridSort[]) => void;
	readonly onActivate?: (row: Row) => void;
	readonly onFocusRow?: (row: Row | null, index: number) => void;
	/** As `onFocusRow`, with the column: for keys that act on a cell. */
	readonly onFocusCell?: (column: string, row: Row | null, index: number) => void;
	/** The row to stand on, by its index, such as after a key moved on. */
	readonly focusIndex?: number | null;
	/** The row that the panel beside the list is about, by its key: it looks chosen, wherever the focus is. */
	readonly activeKey?: string | null;
	/** The list holds its selection itself: the grid selects no range, and this copies in its place where it answers true. */
	readonly onCopy?: () => boolean;
	/** The name under which the order of its columns is kept on this machine. */
	readonly keepAs?: string;
	/** The ids of the columns in a new order: for lists that keep it themselves, such as in a view. */
	readonly onColumnOrder?: (ids: readonly string[]) => void;
	readonly rowHeight?: number;
	readonly rowClass?: (row: Row) => string | undefined;
}

const BLOCK_ROWS = 100;
/** Rows drawn above and below what is seen: they are made anew with every new list. */
const ROWS_AROUND = 4;

const MARKED = { mode: 'multiRow', enableClickSelection: false, checkboxes: false, headerCheckbox: false } as const;

export function DataGrid<Row>(props: DataGridProps<Row>) {
	const { label, columns, rowCount, rowKey, version, rowHeight = 28 } = props;
	const grid = useRef<GridApi<Row> | null>(null);
	const latest = useRef(props);
	latest.current = props;

	const datasource = useMemo(() => sourceOf(latest, rowCount, version), [version, rowCount]);
	const order = useColumnOrder(columns, props.keepAs);
	const columnDefs = useMemo(() => order.first().map(columnDefOf), [order.first]);
	const ranges = useRowRange<Row>({
		label,
		columns: order.now(),
		count: rowCount,
		fetchRows: props.fetchRows,
		version,
		isOff: props.onCopy !== undefined,
	});

	useApplied(grid, latest);
	useEffect(() => grid.current?.setGridAriaProperty('label', label), [label]);

	const { activeKey } = props;
	const { range, press, click } = ranges;
	const marked = useRef<Marked>({ range, activeKey });
	marked.current = { range, activeKey };
	// biome-ignore lint/correctness/useExhaustiveDependencies: what is marked is what has changed
	useEffect(() => {
		if (grid.current) mark(grid.current, marked.current);
	}, [activeKey, range]);

	const { tell, tellLoaded, onKeyDown } = useGridKeys(grid, latest, press);
	/** The row stood on before the mouse took the focus elsewhere. */
	const before = useRef(-1);

	return (
		<div
			className={styles['grid']}
			data-keys="list"
			data-grid
			onKeyDownCapture={onKeyDown}
			onPointerDownCapture={() => {
				before.current = grid.current?.getFocusedCell()?.rowIndex ?? -1;
			}}
			role="presentation"
		>
			<AgGridReact<Row>
				theme={gridTheme}
				{...(styleNonce === '' ? {} : { styleNonce })}
				rowModelType="infinite"
				datasource={datasource}
				cacheBlockSize={BLOCK_ROWS}
				maxBlocksInCache={40}
				infiniteInitialRowCount={Math.max(1, rowCount)}
				maxConcurrentDatasourceRequests={3}
				blockLoadDebounceMillis={20}
				columnDefs={columnDefs}
				getRowId={({ data }) => rowKey(data)}
				rowHeight={rowHeight}
				rowBuffer={ROWS_AROUND}
				{...(props.onCopy ? {} : { rowSelection: MARKED })}
				animateRows={false}
				suppressMultiSort={false}
				multiSortKey="ctrl"
				suppressMovableColumns={false}
				suppressCellFocus={false}
				enableCellTextSelection
				ensureDomOrder
				getRowClass={({ data }) => (data === undefined ? undefined : latest.current.rowClass?.(data))}
				onGridReady={({ api }) => {
					grid.current = api;
					api.setGridAriaProperty('label', latest.current.label);
					api.setGridAriaProperty('rowcount', String(latest.current.rowCount + 1));
				}}
				onModelUpdated={({ api }) => {
					api.setGridAriaProperty('rowcount', String(latest.current.rowCount + 1));
					mark(api, marked.current);
					tellLoaded(api);
				}}
				onCellFocused={({ api }) => tell(api)}
				onCellClicked={({ event, rowIndex }) => {
					if (!latest.current.onCopy && rowIndex !== null) click(rowIndex, before.current, event instanceof MouseEvent && event.shiftKey);
				}}
				onColumnMoved={({ api, finished, source }) => {
					if (!finished || source !== 'uiColumnMoved') return;
					const ids = api.getAllGridColumns().map((column) => column.getColId());
					if (latest.current.onColumnOrder) latest.current.onColumnOrder(ids);
					else order.take(ids);
				}}
				onRowDoubleClicked={({ data }) => data && latest.current.onActivate?.(data)}
				onCellKeyDown={({ event, data }) => {
					if (event instanceof window.KeyboardEvent && event.key === 'Enter' && data) latest.current.onActivate?.(data);
				}}
				onSortChanged={({ api, source }) => {
					if (source === 'uiColumnSorted') latest.current.onSortChange?.(sortsOf(api));
				}}
			/>
		</div>
	);
}

/** Pages rows in; another version or count is another source. */
function sourceOf<Row>(latest: RefObject<DataGridProps<Row>>, rowCount: number, _version: string | number): IDatasource {
	return {
		rowCount,
		getRows: ({ startRow, endRow, successCallback, failCallback }) => {
			latest.current.fetchRows(startRow, Math.min(endRow, rowCount)).then((rows) => successCallback([...rows], rowCount), failCallback);
		},
	};
}

/** The sort and the row to stand on, as the screen has them. */
function useApplied<Row>(grid: RefObject<GridApi<Row> | null>, latest: RefObject<DataGridProps<Row>>): void {
	const { sort, focusIndex } = latest.current;
	useEffect(() => {
		grid.current?.applyColumnState({
			state: (sort ?? []).map(({ column, direction }, index) => ({ colId: column, sort: direction, sortIndex: index })),
			defaultState: { sort: null },
		});
	}, [grid, sort]);

	useEffect(() => {
		const api = grid.current;
		if (api && focusIndex !== null && focusIndex !== undefined && focusIndex >= 0 && focusIndex < latest.current.rowCount)
			focusRow(api, focusIndex);
	}, [grid, latest, focusIndex]);
}
