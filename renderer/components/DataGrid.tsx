/**
 * The grid: AG Grid's infinite rows over whatever the vault pages out, in our theme, with the keys that Community lacks: Ctrl+Home and
 * Ctrl+End to the first and last row, Ctrl+C as TSV with headers. Rows are asked for in blocks; nothing is lost at any display scale.
 */
import { AllCommunityModule, type ColDef, type GridApi, type IDatasource, ModuleRegistry, themeQuartz } from 'ag-grid-community';
import { AgGridReact } from 'ag-grid-react';
import { type KeyboardEvent, type ReactNode, type RefObject, useCallback, useEffect, useMemo, useRef } from 'react';
import { copyText } from '../app/bridge.ts';
import { styleNonce } from '../app/nonce.ts';
import { toTsv } from '../app/tsv.ts';
import styles from './DataGrid.module.css';

ModuleRegistry.registerModules([AllCommunityModule]);

export interface GridColumn<Row> {
	/** The id by which it is sorted. */
	readonly id: string;
	readonly title: string;
	readonly width?: number;
	/** Takes what room is left. */
	readonly flex?: number;
	readonly align?: 'left' | 'right' | 'center';
	readonly pinned?: boolean;
	readonly sortable?: boolean;
	/** Of its cells. */
	readonly className?: string | undefined;
	/** What stands in the cell. Words alone cost a fraction of what a component does. */
	readonly cell: (row: Row) => ReactNode;
	/** What is copied; without it, the column stays out of copies. */
	readonly text?: (row: Row) => string;
}

export interface GridSort {
	readonly column: string;
	readonly direction: 'asc' | 'desc';
}

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
	/** Copies in the grid's place where it answers true: for selections that the grid does not hold. */
	readonly onCopy?: () => boolean;
	readonly rowHeight?: number;
	readonly rowClass?: (row: Row) => string | undefined;
}

const BLOCK_ROWS = 100;
/** Rows drawn above and below what is seen: each costs as much as a seen one when the list changes. */
const ROWS_AROUND = 4;

const ONE = { mode: 'singleRow', enableClickSelection: false, checkboxes: false } as const;

const gridTheme = themeQuartz.withParams({
	fontFamily: 'var(--font-sans)',
	fontSize: 13,
	headerFontSize: 12,
	headerFontWeight: 500,
	backgroundColor: 'var(--surface-1)',
	foregroundColor: 'var(--text)',
	headerBackgroundColor: 'var(--surface-2)',
	headerTextColor: 'var(--text-muted)',
	borderColor: 'var(--line)',
	rowBorder: { color: 'var(--line)' },
	wrapperBorder: false,
	wrapperBorderRadius: 0,
	accentColor: 'var(--accent)',
	rowHoverColor: 'var(--surface-2)',
	selectedRowBackgroundColor: 'var(--selection)',
	cellHorizontalPadding: 8,
	rowHeight: 28,
	headerHeight: 32,
	browserColorScheme: 'inherit',
});

export function DataGrid<Row>(props: DataGridProps<Row>) {
	const { label, columns, rowCount, rowKey, version, sort, rowHeight = 28 } = props;
	const grid = useRef<GridApi<Row> | null>(null);
	const latest = useRef(props);
	latest.current = props;

	const datasource = useMemo(() => sourceOf(latest, rowCount, version), [version, rowCount]);
	const columnDefs = useMemo(() => columns.map(columnDefOf), [columns]);

	useEffect(() => {
		grid.current?.applyColumnState({
			state: (sort ?? []).map(({ column, direction }, index) => ({ colId: column, sort: direction, sortIndex: index })),
			defaultState: { sort: null },
		});
	}, [sort]);

	const { focusIndex } = props;
	useEffect(() => {
		const api = grid.current;
		if (api && focusIndex !== null && focusIndex !== undefined && focusIndex >= 0 && focusIndex < latest.current.rowCount)
			focusRow(api, focusIndex);
	}, [focusIndex]);

	useEffect(() => grid.current?.setGridAriaProperty('label', label), [label]);

	const { activeKey } = props;
	useEffect(() => {
		if (grid.current && activeKey !== undefined) choose(grid.current, activeKey);
	}, [activeKey]);

	const told = useRef<Stood<Row> | null>(null);
	const tell = useCallback((api: GridApi<Row>) => {
		const cell = api.getFocusedCell();
		if (!cell || cell.rowPinned) return;
		const stands = { row: api.getDisplayedRowAtIndex(cell.rowIndex)?.data ?? null, index: cell.rowIndex, column: cell.column.getColId() };
		if (isSame(stands, told.current)) return;
		told.current = stands;
		latest.current.onFocusRow?.(stands.row, stands.index);
		latest.current.onFocusCell?.(stands.column, stands.row, stands.index);
	}, []);

	const onKeyDown = useCallback(
		(event: KeyboardEvent) => {
			const api = grid.current;
			if (!api) return;
			// The grid tells of a new place a moment later; a key that is quicker still acts on the row that one stands on.
			tell(api);
			if (!(event.ctrlKey || event.metaKey)) return;
			if (event.key === 'Home' || event.key === 'End') {
				event.preventDefault();
				event.stopPropagation();
				focusRow(api, event.key === 'Home' ? 0 : latest.current.rowCount - 1);
			} else if (event.key === 'c' && !document.getSelection()?.toString()) {
				event.preventDefault();
				if (!latest.current.onCopy?.()) void copyText(copyOf(api, latest.current));
			}
		},
		[tell],
	);

	return (
		<div className={styles['grid']} data-keys="list" data-grid onKeyDownCapture={onKeyDown} role="presentation">
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
				{...(activeKey === undefined ? {} : { rowSelection: ONE })}
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
					if (latest.current.activeKey !== undefined) choose(api, latest.current.activeKey);
				}}
				onCellFocused={({ api }) => tell(api)}
				onRowDoubleClicked={({ data }) => data && latest.current.onActivate?.(data)}
				onCellKeyDown={({ event, data }) => {
					if (event instanceof window.KeyboardEvent && event.key === 'Enter' && data) latest.current.onActivate?.(data);
				}}
				onSortChanged={({ api, source }) => {
					if (source !== 'uiColumnSorted') return;
					const sorted = api
						.getColumnState()
						.filter((column) => column.sort === 'asc' || column.sort === 'desc')
						.sort((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0));
					latest.current.onSortChange?.(
						sorted.map(({ colId, sort: direction }) => ({ column: colId, direction: direction === 'asc' ? 'asc' : 'desc' })),
					);
				}}
			/>
		</div>
	);
}

/** Where the focus is in the grid. */
interface Stood<Row> {
	readonly row: Row | null;
	readonly index: number;
	readonly column: string;
}

const isSame = <Row,>(a: Stood<Row>, b: Stood<Row> | null): boolean =>
	b !== null && a.row === b.row && a.index === b.index && a.column === b.column;

/** Pages rows in; another version or count is another source. */
function sourceOf<Row>(latest: RefObject<DataGridProps<Row>>, rowCount: number, _version: string | number): IDatasource {
	return {
		rowCount,
		getRows: ({ startRow, endRow, successCallback, failCallback }) => {
			latest.current.fetchRows(startRow, Math.min(endRow, rowCount)).then((rows) => successCallback([...rows], rowCount), failCallback);
		},
	};
}

const ALIGNED = { left: '', right: styles['right'] ?? '', center: styles['center'] ?? '' };

function columnDefOf<Row>(column: GridColumn<Row>): ColDef<Row> {
	const aligned = ALIGNED[column.align ?? 'left'];
	const cellClass = [aligned, column.className ?? ''].filter((name) => name !== '');
	return {
		colId: column.id,
		headerName: column.title,
		sortable: column.sortable ?? false,
		comparator: () => 0,
		// All of an endless list can't be selected by the grid: who offers that does it by a command of their own. And Space takes no mark away.
		suppressKeyboardEvent: ({ event }) => event.key === ' ' || (event.key === 'a' && (event.ctrlKey || event.metaKey)),
		resizable: true,
		...(column.width === undefined ? {} : { width: column.width }),
		...(column.flex === undefined ? {} : { flex: column.flex, minWidth: column.width ?? 120 }),
		...(column.pinned ? { pinned: 'left' as const } : {}),
		...(aligned === '' ? {} : { headerClass: aligned }),
		cellClass,
		cellClassRules: { [styles['waiting'] ?? '']: ({ data }) => data === undefined },
		valueGetter: ({ data }) => (data === undefined ? '…' : (wordsOf(column.cell(data)) ?? '')),
		// A component in each cell of each row is most of what a new list costs: words alone need none.
		cellRendererSelector: ({ data }) =>
			data === undefined || wordsOf(column.cell(data)) !== null ? undefined : { component: Cell, params: { content: column.cell } },
	};
}

const wordsOf = (content: ReactNode): string | null => (typeof content === 'string' ? content : null);

/** What a column draws of a row. */
function Cell<Row>({ data, content }: { data?: Row; content: (row: Row) => ReactNode }): ReactNode {
	return data === undefined ? null : content(data);
}

/** Marks the row of a key, as far as it is loaded, and no other. */
function choose<Row>(api: GridApi<Row>, key: string | null): void {
	const node = key === null ? undefined : api.getRowNode(key);
	if (!node?.data) api.deselectAll();
	else if (!node.isSelected()) node.setSelected(true, true);
}

function focusRow<Row>(api: GridApi<Row>, index: number): void {
	api.ensureIndexVisible(index);
	const column = api.getFocusedCell()?.column ?? api.getAllDisplayedColumns()[0];
	if (column) api.setFocusedCell(index, column);
}

/** The focused row, under its headers. */
function copyOf<Row>(api: GridApi<Row>, { columns }: DataGridProps<Row>): string {
	const focused = api.getFocusedCell();
	const row = focused ? api.getDisplayedRowAtIndex(focused.rowIndex)?.data : undefined;
	const rows = row === undefined ? [] : [row];
	const copied = columns.filter((column) => column.text);
	return toTsv([copied.map(({ title }) => title), ...rows.map((one) => copied.map((column) => column.text?.(one) ?? ''))]);
}
