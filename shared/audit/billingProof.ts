/** How much of a line's deliveries is proven, by whichever way the company links its proofs. */
import type { Population } from '#population';
import { codeFor, contractOfLine, lineOfShipment, rowsOfLine, type Sums, sumsOf } from './billingLines.ts';
import { supersededEvents } from './billingReturns.ts';

/** 1 for order lines whose contract asks for a delivery proof. */
export function needsProof(population: Population): Uint8Array {
	const required = population.table('contract').flags('pod_required');
	return Uint8Array.from(population.derive(contractOfLine), (contract) => (required[contract] === 1 ? 1 : 0));
}

/** Delivered millionths by order line whose shipment names a proof. Whether the document exists is T76's and T73's business. */
export function provenDeliveries(population: Population): Sums {
	const shipments = population.table('shipment');
	const lineOf = population.derive(lineOfShipment);
	const quantities = shipments.quantities('quantity');
	const deliveredAt = shipments.instants('delivered_at');
	const proofs = shipments.codes('pod_document_id');
	const proven = sumsOf(population.table('sales_order_line').rows, quantities);
	for (let row = 0; row < lineOf.length; row++) {
		const line = lineOf[row] as number;
		if (line >= 0 && (proofs[row] as number) >= 0 && !Number.isNaN(deliveredAt[row] as number))
			proven[line] = (proven[line] as bigint) + (quantities[row] as bigint);
	}
	return proven;
}

/** Millionths by order line that `line.delivered` events tell of. Zero where events were not supplied or name no line or quantity. */
export function deliveredByEvents(population: Population): Sums {
	const lines = population.table('sales_order_line');
	if (!population.has('order_event')) return new BigInt64Array(lines.rows);
	const events = population.table('order_event');
	const types = events.codes('type');
	const delivered = codeFor(events, 'type', 'line.delivered');
	const quantities = events.quantities('quantity');
	const orders = events.codes('order_id');
	const lineCodes = events.codes('line_id');
	const index = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const superseded = population.derive(supersededEvents);
	const sums = sumsOf(lines.rows, quantities);
	for (let row = 0; row < types.length; row++) {
		if (types[row] !== delivered || superseded.has(row)) continue;
		const line = index.rowOf(orders[row] as number, lineCodes[row] as number);
		if (line >= 0) sums[line] = (sums[line] as bigint) + (quantities[row] as bigint);
	}
	return sums;
}

/** Whether a line's deliveries are proven without their shipments saying so: by a document of its events, or one of its order alone. */
export function isProvenElsewhere(population: Population, line: number): boolean {
	return hasEventProof(population, line) || hasOrderProof(population, line);
}

function hasEventProof(population: Population, line: number): boolean {
	if (!population.has('order_event')) return false;
	const events = population.table('order_event');
	const proving = [codeFor(events, 'type', 'line.delivered'), codeFor(events, 'type', 'line.accepted')];
	const ofLine = rowsOfLine(population, 'order_event', line).filter((row) => proving.includes(events.codes('type')[row] as number));
	return ofLine.length > 0 && ofLine.every((row) => (events.codes('document_id')[row] as number) >= 0);
}

/** Documents of one order that are looked at for a line: more are no order of this world. */
const ORDER_DOCUMENTS_MAX = 500;

/** A proof of the order that no shipment has for its own may stand for this line. */
function hasOrderProof(population: Population, line: number): boolean {
	if (!population.has('document')) return false;
	const documents = population.table('document');
	const proving = [codeFor(documents, 'kind', 'pod'), codeFor(documents, 'kind', 'acceptance')];
	const byShipment = population.index('shipment', 'pod_document_id');
	const order = population.table('sales_order_line').codes('order_id')[line] as number;
	return population
		.index('document', 'order_id')
		.rowsOf(order)
		.subarray(0, ORDER_DOCUMENTS_MAX)
		.some(
			(row) =>
				proving.includes(documents.codes('kind')[row] as number) && byShipment.countOf(documents.codes('document_id')[row] as number) === 0,
		);
}
