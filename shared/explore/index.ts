export * from './mapTransitions.ts';
export * from './mapVariants.ts';
export * from './ordersColumns.ts';
export * from './ordersDossier.ts';
export * from './ordersExport.ts';
export {
	type ColumnProfile,
	type CurrencyProfile,
	type CurrencyTotal,
	type Facet,
	type FacetValue,
	facetOf,
	facets,
	type HistogramBin,
	type OrderTotals,
	profile,
	totals,
} from './ordersFacets.ts';
export { CHAIN_STATUSES, type ChainStatus, provenLines } from './ordersFacts.ts';
export * from './ordersFilter.ts';
export type { EventGap, StaleState } from './ordersGaps.ts';
export { filterOrders } from './ordersMatch.ts';
export * from './ordersPage.ts';
export { PathCollector, variantText } from './ordersPaths.ts';
export { ranksOf, type SortKey, sortOrders } from './ordersSort.ts';
export { orderTable } from './ordersTable.ts';
