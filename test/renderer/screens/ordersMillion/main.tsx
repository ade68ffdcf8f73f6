/** The order grid of the product over a million made-up rows, sorted by the product's own sort: no vault, so that nothing but the list is tested. */
import { StrictMode, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { allRows, isOrderColumn, type OrderRow, page, type SortKey, sortOrders } from '#explore';
import { DataGrid, type GridSort } from '../../../../renderer/components/DataGrid.tsx';
import { gridColumnsOf } from '../../../../renderer/screens/Orders/gridColumns.tsx';
import { FIRST_COLUMNS } from '../../../../renderer/screens/Orders/state.ts';
import { syntheticOrders } from '../../../shared/explore/syntheticOrders.ts';

const ROWS = 1_000_000;
const table = syntheticOrders(ROWS);
const columns = gridColumnsOf(FIRST_COLUMNS);

function Million() {
	const [sort, setSort] = useState<readonly SortKey[]>([]);
	const rows = useMemo(() => sortOrders(table, allRows(table), sort), [sort]);
	return (
		<div style={{ height: 600, display: 'flex', flexDirection: 'column' }}>
			<DataGrid<OrderRow>
				label="Orders"
				columns={columns}
				rowCount={ROWS}
				rowKey={({ orderId }) => orderId}
				fetchRows={(from, to) => Promise.resolve(page(table, rows, from, to))}
				version={JSON.stringify(sort)}
				sort={sort as readonly GridSort[]}
				onSortChange={(next) => setSort(next.flatMap(({ column, direction }) => (isOrderColumn(column) ? [{ column, direction }] : [])))}
			/>
		</div>
	);
}

const root = document.getElementById('root');
if (root)
	createRoot(root).render(
		<StrictMode>
			<Million />
		</StrictMode>,
	);
