/** A column of a grid, and what AG Grid makes of it; the rows that look chosen. */
import type { ColDef, GridApi, IRowNode } from 'ag-grid-community';
import type { ReactNode } from 'react';
import styles from './DataGrid.module.css';
import { isWithin, type RowRange } from './rowRange.ts';
import type { TextColumn } from './rowText.ts';

export interface GridColumn<Row> extends TextColumn<Row> {
	/** The id by which it is sorted. */
	readonly id: string;
	readonly width?: number;
	/** Takes what room is left. */
	readonly flex?: number;
	readonly align?: 'left' | 'right' | 'center';
	readonly pinned?: boolean;
	readonly sortable?: boolean;
	/** Of its cells. */
	readonly className?: string | undefined;
	/** What stands in the cell. Words alone need no component, which is quicker. */
	readonly cell: (row: Row) => ReactNode;
}

const ALIGNED = { left: '', right: styles['right'] ?? '', center: styles['center'] ?? '' };

export function columnDefOf<Row>(column: GridColumn<Row>): ColDef<Row> {
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
		// Components in the cells are much of what a new list costs: words alone need none.
		cellRendererSelector: ({ data }) =>
			data === undefined || wordsOf(column.cell(data)) !== null ? undefined : { component: Cell, params: { content: column.cell } },
	};
}

const wordsOf = (content: ReactNode): string | null => (typeof content === 'string' ? content : null);

/** What a column draws of a row. */
function Cell<Row>({ data, content }: { data?: Row; content: (row: Row) => ReactNode }): ReactNode {
	return data === undefined ? null : content(data);
}

export interface Marked {
	readonly range: RowRange | null;
	readonly activeKey: string | null | undefined;
}

/** Marks the rows of the range and the row in hand, as far as they are loaded, and no other. */
export function mark<Row>(api: GridApi<Row>, { range, activeKey }: Marked): void {
	const [on, off]: [IRowNode<Row>[], IRowNode<Row>[]] = [[], []];
	api.forEachNode((node) => {
		if (!node.data) return;
		const isMarked = node.id === activeKey || isWithin(range, node.rowIndex ?? -1);
		if (isMarked !== (node.isSelected() ?? false)) (isMarked ? on : off).push(node);
	});
	if (off.length > 0) api.setNodesSelected({ nodes: off, newValue: false });
	if (on.length > 0) api.setNodesSelected({ nodes: on, newValue: true });
}

export interface GridSort {
	readonly column: string;
	readonly direction: 'asc' | 'desc';
}

/** The columns it is sorted by, the first one first. */
export const sortsOf = <Row,>(api: GridApi<Row>): readonly GridSort[] =>
	api
		.getColumnState()
		.filter((column) => column.sort === 'asc' || column.sort === 'desc')
		.sort((a, b) => (a.sortIndex ?? 0) - (b.sortIndex ?? 0))
		.map(({ colId, sort }) => ({ column: colId, direction: sort === 'asc' ? 'asc' : 'desc' }));
