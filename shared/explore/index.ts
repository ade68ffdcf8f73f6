export type { BundleInput, BundleLine } from './bundleInput.ts';
export * from './disputeDossier.ts';
export { type HoldRow, holdRows } from './disputeHolds.ts';
export {
	type AgeBand,
	type AgeRange,
	ageing,
	type DisputeFilter,
	type DisputeSort,
	disputeList,
	isOnly,
	whyUntold,
} from './disputeList.ts';
export type { DossierApproval, DossierDocument, DossierHold, DossierRevenue, RevenueEffect } from './disputeRecords.ts';
export type { Span } from './disputeSpans.ts';
export type { DisputeSupply } from './disputeSupply.ts';
export {
	type DisputeBook,
	type DisputeException,
	type DisputeRow,
	disputeBook,
	type EscalationState,
	type EvidenceState,
} from './disputes.ts';
export type { DossierEntry } from './disputeTimeline.ts';
export * from './integrity.ts';
export type { CheckId, CheckState, IntegrityCheck, IntegrityInput } from './integrityChecks.ts';
export type { IntegrityCoverage } from './integrityCoverage.ts';
export * from './mapTransitions.ts';
export * from './mapVariants.ts';
export type { MapEdge } from './mapWalk.ts';
export * from './ordersColumns.ts';
export * from './ordersDossier.ts';
export * from './ordersExport.ts';
export { type CurrencyTotal, type Facet, type FacetValue, facetOf, facets, type OrderTotals, totals } from './ordersFacets.ts';
export { CHAIN_STATUSES, type ChainStatus, provenLines } from './ordersFacts.ts';
export * from './ordersFilter.ts';
export type { EventGap, StaleState } from './ordersGaps.ts';
export { lackingOf } from './ordersLacking.ts';
export { filterOrders } from './ordersMatch.ts';
export * from './ordersPage.ts';
export { PathCollector, variantText } from './ordersPaths.ts';
export { type ColumnProfile, type CurrencyProfile, type HistogramBin, profile } from './ordersProfile.ts';
export { ranksOf, type SortKey, sortOrders } from './ordersSort.ts';
export { orderTable } from './ordersTable.ts';
export * from './proof.ts';
export { type ReconcileOptions, type Reconciliation, reconcile } from './reconcile.ts';
export { type BookSupply, RECONCILE_BOOKS, type ReconcileBook } from './reconcileColumns.ts';
export * from './reconcileCompare.ts';
export * from './reconcileDelta.ts';
export type { CompareField, CompareValue } from './reconcileFields.ts';
export { itemsOf as reconcileItems, type ReconcileFilter, type ReconcileSort } from './reconcileFilter.ts';
export { EXACT, type Tolerance } from './reconcileJustified.ts';
export {
	RECONCILE_CLASSES,
	RECONCILE_REASONS,
	RECONCILE_STAGES,
	type ReasonCode,
	type ReconcileClass,
	type ReconcileReason,
	type ReconcileStage,
	STAGE_TITLES,
} from './reconcileReasons.ts';
export { type ReconcileRow, rowOf as reconcileRow } from './reconcileRows.ts';
export * from './reconcileSummary.ts';
export type { AttackChange, AttackFamily, LabImport, LabSigner } from './tamper.ts';
export type { Catch } from './tamperChecks.ts';
export type { LabDrop } from './tamperCopy.ts';
export * from './tamperRun.ts';
export type { LabPorts } from './tamperSite.ts';
export { type BundleFile, verifierBundle } from './verifierBundle.ts';
