/** Lists of orders for the window: rows, counts, statistics and the process map of a view. */
import {
	type ColumnProfile,
	describeFilter,
	type Facet,
	type FacetValue,
	type FilterChip,
	facetOf,
	facets,
	filterOrders,
	type OrderColumnId,
	type OrderFilter,
	type OrderRow,
	type OrderTotals,
	page,
	placeOf,
	profile,
	rowsOfVariants,
	type SortKey,
	selectedRows,
	type TransitionMap,
	totals,
	transitionMap,
	type VariantList,
	variantsOf,
} from '#explore';
import { ok } from '#kernel';
import type { Answer, VaultContext } from './contract.ts';
import { groundOf, labelsOf, type OnView } from './ordersGround.ts';
import type { OrderViews } from './ordersViews.ts';
import { readColumn, readColumns, readFilter, readSelection, readSort } from './ordersWall.ts';

export interface OrderView {
	readonly viewId: string;
	readonly count: number;
	readonly of: number;
	readonly totals: OrderTotals;
	/** The filter in words, with names in the place of keys. */
	readonly query: string;
	/** Epoch milliseconds. */
	readonly asOf: number;
	/** Orders that events name and the sales orders lack: in no list. */
	readonly strangers: number;
	/** Whether tests have run, so that exception counts mean something. */
	readonly hasResults: boolean;
}

export interface OrderStatistics {
	readonly count: number;
	readonly state: Facet;
	readonly region: Facet;
	readonly customer: Facet;
	/** In the order of time. */
	readonly month: Facet;
	readonly chain: Facet;
	readonly age: ColumnProfile;
}

const PAGE_ROWS_MAX = 2000;
const FACETS_MAX = 20;
const VARIANTS_MAX = 500;
const CHOICES_MAX = 50;

export function ordersListApi(context: VaultContext, views: OrderViews, onView: OnView) {
	return {
		/** Opens the list of a filter in the order of a sort. */
		table(filter: OrderFilter, sort: readonly SortKey[] = []): Answer<OrderView> {
			const on = groundOf(context);
			if (!on.ok) return on;
			const [wanted, keys] = [readFilter(filter), readSort(sort)];
			if (!wanted.ok) return wanted;
			if (!keys.ok) return keys;
			const { table, engagement } = on.value;
			const view = views.open(table, wanted.value, keys.value);
			return ok({
				viewId: view.viewId,
				count: view.rows.length,
				of: table.rows,
				totals: totals(table, view.kept),
				query: describeFilter(wanted.value, labelsOf(table)),
				asOf: table.asOf,
				strangers: table.strangers,
				hasResults: engagement.results() !== null,
			});
		},

		/** Rows [from, to), at most 2,000. */
		rows: (viewId: string, from: number, to: number): Answer<readonly OrderRow[]> =>
			onView(viewId, ({ table, rows }) => ok(page(table, rows, from, Math.min(to, from + PAGE_ROWS_MAX)))),

		/** Where an order stands in a list; -1 where the list does not hold it. */
		place: (viewId: string, orderId: string): Answer<number> => onView(viewId, ({ table, rows }) => ok(placeOf(table, rows, orderId))),

		/** Count and sums of what is selected. */
		selection: (viewId: string, selection: unknown): Answer<OrderTotals> =>
			onView(viewId, ({ table, rows }) => {
				const read = readSelection(selection);
				return read.ok ? ok(totals(table, selectedRows(table, rows, read.value))) : read;
			}),

		/** Counts by value of text columns, each without its own conditions. */
		facets: (viewId: string, columns: readonly OrderColumnId[]): Answer<readonly Facet[]> =>
			onView(viewId, ({ table, filter, kept }) => {
				const read = readColumns(columns);
				if (!read.ok) return read;
				const wanted = read.value.slice(0, FACETS_MAX).filter((id) => table.columns[id].kind === 'text');
				return ok(facets(table, filter, wanted, kept));
			}),

		profile: (viewId: string, column: OrderColumnId): Answer<ColumnProfile> =>
			onView(viewId, ({ table, kept }) => {
				const read = readColumn(column);
				return read.ok ? ok(profile(table, kept, read.value)) : read;
			}),

		/** Values of a text column to choose from, of all orders: those that contain `text`, the most frequent first. */
		choices(column: OrderColumnId, text: string): Answer<readonly FacetValue[]> {
			const on = groundOf(context);
			if (!on.ok) return on;
			const { table } = on.value;
			const read = readColumn(column);
			if (!read.ok) return read;
			if (table.columns[read.value].kind !== 'text') return ok([]);
			const filter = readFilter({ chips: text === '' ? [] : [{ column: read.value, op: 'contains', values: [text] }], text: '' });
			if (!filter.ok) return filter;
			return ok(facetOf(table, filterOrders(table, filter.value), read.value, CHOICES_MAX).values);
		},

		/** A condition in words, with names in the place of ids. */
		chipText(chip: FilterChip): Answer<string> {
			const on = groundOf(context);
			if (!on.ok) return on;
			const read = readFilter({ chips: [chip], text: '' });
			return read.ok ? ok(describeFilter(read.value, labelsOf(on.value.table))) : read;
		},

		/** States that occur, for conditions on paths. */
		states(): Answer<readonly string[]> {
			const on = groundOf(context);
			if (!on.ok) return on;
			const { paths } = on.value.table;
			return ok(paths === null ? [] : Array.from({ length: paths.states.size }, (_, code) => paths.states.key(code)));
		},

		/** @param most of how many of the most frequent ways; null: of all */
		map: (viewId: string, most: number | null): Answer<TransitionMap> =>
			onView(viewId, ({ table, kept }, { loaded }) =>
				ok(transitionMap(loaded.drop.population, table, most === null ? kept : rowsOfVariants(table, kept, most))),
			),

		/** @param most how many are listed, at most 500; the rest is counted */
		variants: (viewId: string, most: number): Answer<VariantList> =>
			onView(viewId, ({ table, kept }, { loaded }) =>
				ok(variantsOf(loaded.drop.population, table, kept, Math.max(1, Math.min(VARIANTS_MAX, most)))),
			),

		statistics: (viewId: string): Answer<OrderStatistics> =>
			onView(viewId, ({ table, kept }) => {
				const month = facetOf(table, kept, 'month', 120);
				return ok({
					count: kept.length,
					state: facetOf(table, kept, 'state', 20),
					region: facetOf(table, kept, 'region', 20),
					customer: facetOf(table, kept, 'customer', 15),
					month: { ...month, values: month.values.toSorted((a, b) => (a.value < b.value ? -1 : 1)) },
					chain: facetOf(table, kept, 'chain', 10),
					age: profile(table, kept, 'age_hours'),
				});
			}),
	};
}
