/** A `DataGrid` sorted by one column at a time, or what stands where no row does. */
import type { ReactNode } from 'react';
import { DataGrid, type GridColumn } from './DataGrid.tsx';

interface SortedGridProps<Row, Sort extends string> {
	readonly label: string;
	readonly columns: readonly GridColumn<Row>[];
	readonly count: number;
	readonly rowKey: (row: Row) => string;
	readonly fetchRows: (from: number, to: number) => Promise<readonly Row[]>;
	/** Names what is listed: rows of another one are asked anew. */
	readonly version: string;
	readonly sort: Sort;
	readonly isDescending: boolean;
	/** Columns that can be sorted by; the first is the order that a list begins with and falls back to. */
	readonly sorts: readonly [Sort, ...Sort[]];
	readonly onSort: (sort: Sort, isDescending: boolean) => void;
	/** The row stood on; null while it is not loaded: no other one is in hand then. */
	readonly onRow: (row: Row | null) => void;
	/** The row in hand. */
	readonly activeKey: string | null;
	/** Enter and double click. */
	readonly onOpen: (row: Row) => void;
	readonly empty: ReactNode;
	/** The name under which the order of its columns is kept on this machine. */
	readonly keepAs?: string;
}

export function SortedGrid<Row, Sort extends string>(props: SortedGridProps<Row, Sort>) {
	const { label, columns, count, rowKey, fetchRows, version, sort, isDescending, sorts, onSort } = props;
	if (count === 0) return <>{props.empty}</>;
	return (
		<DataGrid<Row>
			label={label}
			columns={columns}
			rowCount={count}
			rowKey={rowKey}
			fetchRows={fetchRows}
			version={JSON.stringify([version, sort, isDescending])}
			sort={[{ column: sort, direction: isDescending ? 'desc' : 'asc' }]}
			onSortChange={([first]) => {
				const chosen = sorts.find((one) => one === first?.column);
				if (chosen === undefined) onSort(sorts[0], true);
				else onSort(chosen, first?.direction === 'desc');
			}}
			activeKey={props.activeKey}
			{...(props.keepAs === undefined ? {} : { keepAs: props.keepAs })}
			onFocusRow={props.onRow}
			onActivate={props.onOpen}
		/>
	);
}
