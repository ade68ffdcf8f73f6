/** The dossier of one dispute: what happened, what held its revenue and when nothing did, on what evidence it was released, and by whom. */
import type { EvidenceFacts } from '#audit';
import type { Population } from '#population';
import {
	type DossierApproval,
	type DossierDocument,
	type DossierHold,
	type DossierRevenue,
	dossierApprovals,
	dossierDocuments,
	dossierHolds,
	dossierRevenue,
	effectsOf,
	postedIn,
	type RevenueEffect,
} from './disputeRecords.ts';
import { coverOf, gapsOf, holdsOf, type Span, spanOf } from './disputeSpans.ts';
import type { DisputeSupply } from './disputeSupply.ts';
import type { DisputeBook, DisputeException, DisputeRow } from './disputes.ts';
import { type DossierEntry, timelineOf } from './disputeTimeline.ts';
import { isWhole } from './whole.ts';

export interface DossierGap extends Span {
	/** Recognised or reinstated in it, in minor units of the dispute's currency; null without revenue events. */
	readonly postedMinor: bigint | null;
}

export interface DisputeDossier {
	readonly row: DisputeRow;
	readonly facts: {
		readonly channel: string | null;
		readonly rootCause: string | null;
		readonly disputedQuantity: string | null;
		readonly escalatedAt: number | null;
	};
	readonly span: Span;
	readonly timeline: readonly DossierEntry[];
	readonly holds: readonly DossierHold[];
	/** Empty too where no holds were supplied. */
	readonly gaps: readonly DossierGap[];
	readonly approvals: readonly DossierApproval[];
	/** Distinct people whose approval counts; two are needed. */
	readonly approvers: readonly string[];
	/** The dispute's hold was closed or its revenue reinstated: then the approvals matter. Null where it can't be told. */
	readonly wasReleased: boolean | null;
	readonly revenue: readonly DossierRevenue[];
	readonly effects: readonly RevenueEffect[];
	readonly documents: readonly DossierDocument[];
	readonly exceptions: readonly DisputeException[];
	/** What its parts are drawn from: a list of a table that was not supplied is empty because nothing is known. */
	readonly supply: DisputeSupply;
}

/** Null where there is no dispute of that id. */
export function disputeDossier(
	population: Population,
	evidence: EvidenceFacts,
	book: DisputeBook,
	disputeId: string,
): DisputeDossier | null {
	const row = book.rows.find((one) => one.disputeId === disputeId);
	if (!row) return null;
	const disputes = population.table('dispute');
	const span = spanOf(population, row.row);
	const holds = dossierHolds(population, row);
	const covered = coverOf(
		span,
		holdsOf(population, row.row).map(({ span: held }) => held),
	);
	const revenue = dossierRevenue(population, row, span, covered);
	const approvals = dossierApprovals(population, row, holds, revenue);
	const documents = dossierDocuments(population, evidence, row);
	const escalated = disputes.instants('escalated_at')[row.row] as number;
	return {
		row,
		facts: {
			channel: disputes.text('channel', row.row),
			rootCause: disputes.text('root_cause_code', row.row),
			disputedQuantity: disputes.cellText('disputed_quantity', row.row),
			escalatedAt: Number.isNaN(escalated) ? null : escalated,
		},
		span,
		timeline: timelineOf(population, row, { holds, revenue, approvals, documents }),
		holds,
		gaps: population.has('hold')
			? gapsOf(span, covered).map((gap) => ({ ...gap, postedMinor: population.has('revenue_event') ? postedIn(revenue, gap) : null }))
			: [],
		approvals,
		approvers: [...new Set(approvals.filter(({ counts }) => counts).map(({ approver }) => approver))],
		wasReleased: wasReleased(population, holds, revenue),
		revenue,
		effects: effectsOf(revenue, span),
		documents,
		exceptions: book.exceptions.get(row.row) ?? [],
		supply: book.supply,
	};
}

function wasReleased(population: Population, holds: readonly DossierHold[], revenue: readonly DossierRevenue[]): boolean | null {
	if (holds.some(({ isOwn, to }) => isOwn && to !== null) || revenue.some(({ kind }) => kind === 'reinstate')) return true;
	return isWhole(population, 'hold') && isWhole(population, 'revenue_event') ? false : null;
}
