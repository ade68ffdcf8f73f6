/** How delivery proofs and acceptances hang on shipments, events and lines: what the tests of proofs share. */
import type { Population } from '#population';
import { justifiedRevenue, lineOrders, type Movements, orderContracts } from '#revenue';
import { OBLIGATION_NEEDS, REVENUE_COLUMNS, type RevenueView } from './revenueView.ts';
import type { AuditTest } from './types.ts';

export const PROOF_KINDS = ['pod', 'acceptance'];

export const kindOf = (population: Population, document: number): string =>
	document < 0 ? '' : (population.table('document').text('kind', document) ?? '');

export const sha256Of = (population: Population, document: number): string => population.table('document').text('sha256', document) ?? '';

/** The document of kind pod or acceptance that each shipment names, -1 where none or unknown. */
export function shipmentProofs(population: Population): Int32Array {
	const index = population.index('document', 'document_id');
	const isProof = population.derive(markProofs);
	return population
		.table('shipment')
		.ids('pod_document_id')
		.map((code) => {
			const document = code < 0 ? -1 : index.rowOf(code);
			return document >= 0 && isProof[document] === 1 ? document : -1;
		});
}

/** The document an order event names, -1 where none or unknown. */
export const eventDocument = (population: Population, event: number): number =>
	population.index('document', 'document_id').rowOf(population.table('order_event').codes('document_id')[event] as number);

/** 1 by row of document for delivery proofs and acceptances. */
export const markProofs = (population: Population): Uint8Array => {
	const documents = population.table('document');
	const codes = PROOF_KINDS.map((kind) => documents.dictionary('kind').codeOf(kind)).filter((code) => code >= 0);
	return Uint8Array.from(documents.codes('kind'), (code) => (codes.includes(code) ? 1 : 0));
};

/** What of a line's price had been earned before a movement; nothing where the line has no quantity to measure by. */
export function earnedBefore(view: RevenueView, movements: Movements, line: number, movement: number, price: bigint): bigint {
	const ordered = view.ordered[line] as bigint;
	return ordered <= 0n ? 0n : justifiedRevenue(price, movements.before(line, movement), ordered);
}

/** Contract row of a line, -1 where unknown. */
export function lineContract(population: Population, line: number): number {
	const order = lineOrders(population)[line] as number;
	return order < 0 ? -1 : (orderContracts(population)[order] as number);
}

export const PROOF_NEEDS = [
	...OBLIGATION_NEEDS,
	{ table: 'contract', columns: ['contract_id', 'transfer_term', 'pod_required', 'bill_and_hold'] },
	{ table: 'revenue_event', columns: REVENUE_COLUMNS },
	{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'tracking_no'] },
	{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at'] },
	{ table: 'document', columns: ['document_id', 'kind', 'sha256', 'created_at'] },
] as const satisfies AuditTest['needs'];
