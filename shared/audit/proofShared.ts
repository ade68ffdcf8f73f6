/** One proof for several orders. T22, limb (c). */
import type { Population } from '#population';
import { keysOf, ref } from './draft.ts';
import { kindOf, markProofs, sha256Of, shipmentProofs } from './proofLinks.ts';
import type { ExceptionDraft } from './types.ts';

/** Calls `put` with every proof and each order it is of: the one it names itself, and those of the shipments that name it. */
function eachProofOfOrder(population: Population, put: (document: number, order: number) => void): void {
	const isProof = population.derive(markProofs);
	const orderIds = population.table('document').codes('order_id');
	for (let document = 0; document < orderIds.length; document++)
		if (isProof[document] === 1 && (orderIds[document] as number) >= 0) put(document, orderIds[document] as number);
	const shipped = population.table('shipment').codes('order_id');
	const proofOf = population.derive(shipmentProofs);
	for (let shipment = 0; shipment < shipped.length; shipment++)
		if ((proofOf[shipment] as number) >= 0) put(proofOf[shipment] as number, shipped[shipment] as number);
}

/** Limb (c), in two looks: which hashes are on several orders at all, then which orders those are. */
export function sharedProofs(population: Population): ExceptionDraft[] {
	const hashes = population.table('document').codes('sha256');
	const first = new Int32Array(population.dictionary('sha256').size).fill(-1);
	const isShared = new Uint8Array(first.length);
	eachProofOfOrder(population, (document, order) => {
		const hash = hashes[document] as number;
		if (hash < 0) return;
		if (first[hash] === -1) first[hash] = order;
		else if (first[hash] !== order) isShared[hash] = 1;
	});
	const groups = new Map<number, Map<number, number>>();
	eachProofOfOrder(population, (document, order) => {
		const hash = hashes[document] as number;
		if (hash < 0 || isShared[hash] !== 1) return;
		const orders = groups.get(hash) ?? new Map<number, number>();
		groups.set(hash, orders);
		if (!orders.has(order)) orders.set(order, document);
	});
	return [...groups.values()].flatMap((orders) =>
		Array.from(orders, ([order, document]) => sharedDraft(population, order, document, orders)),
	);
}

const NAMED_ORDERS_MAX = 5;

function sharedDraft(population: Population, order: number, document: number, orders: ReadonlyMap<number, number>): ExceptionDraft {
	const ids = population.dictionary('order');
	const others: string[] = [];
	const rows = [ref('document', document)];
	for (const [other, proof] of orders) {
		if (other === order) continue;
		if (others.length === NAMED_ORDERS_MAX) break;
		others.push(ids.text(other));
		rows.push(ref('document', proof));
	}
	const more = orders.size - 1 - others.length;
	return {
		orderId: ids.text(order),
		keys: keysOf(population, 'document', document),
		amountMinor: null,
		currency: null,
		reason: `The ${kindOf(population, document)} ${population.table('document').text('document_id', document)} of order ${ids.text(order)} has the same bytes (SHA-256 ${sha256Of(population, document).slice(0, 16)}…) as the proof of ${others.join(', ')}${more > 0 ? ` and ${more} more orders` : ''}.`,
		rows,
	};
}
