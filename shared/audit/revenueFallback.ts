/** Revenue that a fallback rule recognised: is there evidence behind it? T83. */
import type { Population } from '#population';
import { inTime, ref, refs } from './draft.ts';
import { addsRevenue, draftOf, eventText } from './revenueEventDraft.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

/** Kinds of documents that can stand in for a missing signal; contracts, amendments and invoices prove no transfer. */
const EVIDENCE_KINDS = ['pod', 'acceptance', 'dispute_evidence', 'other'];

/**
 * Reading: a document counts when the triggering event, the order or a shipment of the line names it (pod, acceptance,
 * dispute_evidence or other; bytes present), an approval when it is of this revenue event by another than the requester.
 */
export function fallbackUnsupported({ population, evidence }: AuditContext): Outcome {
	const revenue = population.table('revenue_event');
	const fallback = revenue.flags('fallback');
	const adds = population.derive(addsRevenue);
	const missing = new Set(evidence.documents.missing);
	const supported = new Map<number, boolean>();
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let event = 0; event < revenue.rows; event++) {
		if (fallback[event] !== 1 || adds[event] !== 1) continue;
		tested++;
		if (isApproved(population, event) || hasTriggerDocument(population, event, missing)) continue;
		const order = revenue.codes('order_id')[event] as number;
		let isSupported = supported.get(order);
		if (isSupported === undefined) {
			isSupported = orderHasEvidence(population, order, missing);
			supported.set(order, isSupported);
		}
		if (!isSupported) exceptions.push(fallbackDraft(population, event));
	}
	return { tested, exceptions, open: 0 };
}

function isApproved(population: Population, event: number): boolean {
	const approvals = population.table('approval');
	const code = population.translation('revenue', 'subject_id')[population.table('revenue_event').codes('revenue_id')[event] as number];
	for (const row of population.index('approval', 'subject_id').rowsOf(code ?? -1)) {
		if (approvals.text('subject_kind', row) !== 'revenue_event') continue;
		if (approvals.codes('approver_id')[row] !== approvals.codes('requested_by')[row]) return true;
	}
	return false;
}

function hasTriggerDocument(population: Population, event: number, missing: ReadonlySet<string>): boolean {
	if (!population.has('order_event')) return false;
	const trigger = population
		.index('order_event', 'event_id')
		.rowOf(population.table('revenue_event').codes('trigger_event_id')[event] as number);
	if (trigger < 0) return false;
	const document = population
		.index('document', 'document_id')
		.rowOf(population.table('order_event').codes('document_id')[trigger] as number);
	return document >= 0 && !missing.has(population.table('document').text('sha256', document) ?? '');
}

/** @param order code of the order id */
function orderHasEvidence(population: Population, order: number, missing: ReadonlySet<string>): boolean {
	const documents = population.table('document');
	const counts = (document: number): boolean =>
		document >= 0 &&
		EVIDENCE_KINDS.includes(documents.text('kind', document) ?? '') &&
		!missing.has(documents.text('sha256', document) ?? '');
	if (population.index('document', 'order_id').rowsOf(order).some(counts)) return true;
	if (!population.has('shipment')) return false;
	const proofs = population.table('shipment').codes('pod_document_id');
	const index = population.index('document', 'document_id');
	return population
		.index('shipment', 'order_id')
		.rowsOf(order)
		.some((shipment) => counts(index.rowOf(proofs[shipment] as number)));
}

function fallbackDraft(population: Population, event: number): ExceptionDraft {
	const revenue = population.table('revenue_event');
	const order = population.has('sales_order')
		? population.index('sales_order', 'order_id').rowOf(revenue.codes('order_id')[event] as number)
		: -1;
	return {
		...draftOf(population, event),
		reason: `${eventText(population, event)} was recognised at ${inTime(revenue.instants('recognised_at')[event] as number)} under fallback rule ${revenue.text('rule_id', event)} version ${revenue.integers('rule_version')[event]}, with no document behind it and no approval of this event.`,
		rows: [ref('revenue_event', event), ...refs('sales_order', [order])],
	};
}
