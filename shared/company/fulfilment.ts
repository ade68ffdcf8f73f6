/** Picking to acceptance: consignments, their shipments, carrier events, delivery proofs and the events of each. */

import { writeNote } from './deliveryNote.ts';
import { type Drafting, draftEvent, minutes } from './drafting.ts';
import type { LinePlan, OrderPlan, ShipmentPlan } from './orderPlan.ts';
import { anyOf, CARRIER_ACCOUNTS } from './people.ts';
import { UNIT } from './wire.ts';
import { businessDay, dateText, monthOf, startWithinMonth, timeText } from './workTime.ts';

export interface Consignment {
	readonly index: number;
	readonly shipDay: number;
	readonly deliveryDay: number;
	readonly parts: readonly { readonly line: LinePlan; readonly quantity: bigint }[];
}

/** Quantities of the consignments of a line: whole numbers but for the last, none smaller than a quarter of an even share. */
function splitQuantity(quantity: bigint, consignments: number, draw: (bound: number) => number): bigint[] {
	const parts: bigint[] = [];
	let left = quantity;
	for (let rest = consignments; rest > 1; rest--) {
		const even = left / BigInt(rest) / UNIT;
		const slack = Number(even / 4n);
		const part = (even - BigInt(slack === 0 ? 0 : draw(slack + 1))) * UNIT;
		parts.push(part);
		left -= part;
	}
	return [...parts, left];
}

/**
 * Days of each consignment. What belongs to one consignment, up to `tail` business days after its delivery (a return,
 * a dispute), lies within one month, so that billing, transfer and reversal fall into one period.
 */
export function scheduleConsignments(drafting: Drafting, readyDay: number, tail: number): Consignment[] {
	const { brief, plan } = drafting;
	const { random, consignments, life } = brief;
	const split = plan.lines.map((line) =>
		life === 'over_time' ? evenParts(line.quantity, consignments) : splitQuantity(line.quantity, consignments, random.below),
	);
	const result: Consignment[] = [];
	let candidate = businessDay(readyDay, brief.stage ? 1 : random.between(0, 1));
	for (let index = 0; index < consignments; index++) {
		const transit = brief.stage ? 1 : random.between(1, 3);
		// One consignment never overtakes the one before: what is transferred adds up in the order of their numbers.
		const earliest = index === 0 ? 0 : businessDay(result[index - 1]?.deliveryDay ?? 0, 1);
		const arrival = (from: number): number => Math.max(businessDay(from, transit), earliest);
		const shipDay = startWithinMonth(candidate, businessDay(arrival(candidate), tail) - candidate);
		result.push({
			index,
			shipDay,
			deliveryDay: arrival(shipDay),
			parts: plan.lines.map((line, at) => ({ line, quantity: split[at]?.[index] ?? 0n })),
		});
		candidate =
			life === 'over_time' ? businessDay(monthOf(shipDay).last + random.between(2, 9), 0) : businessDay(shipDay, random.between(2, 5));
	}
	return result;
}

const evenParts = (quantity: bigint, count: number): bigint[] => new Array<bigint>(count).fill(quantity / BigInt(count));

const carrierOf = ({ brief }: Drafting): string =>
	brief.life === 'over_time' ? 'Field service' : brief.random.pick(brief.entity.carriers);

/** Ships a consignment: one shipment row a line, all under one tracking number. */
export function ship(drafting: Drafting, consignment: Consignment): ShipmentPlan[] {
	const { brief, plan, staff, at, id } = drafting;
	const carrier = carrierOf(drafting);
	const shippedAt = at(consignment.shipDay, brief.random.between(150, 220));
	const trackingNo = `${carrier.slice(0, 2).toUpperCase()}${brief.number}${consignment.index + 1}`;
	const actor = anyOf(brief.random, staff.fulfilment);
	const shipments = consignment.parts.map(({ line, quantity }): ShipmentPlan => {
		const event = draftEvent('line.shipped', shippedAt, actor, 'fulfilment', { lineId: line.lineId, quantity });
		plan.events.push(event);
		const shipment: ShipmentPlan = {
			shipmentId: id('SH', plan.shipments.length + 1),
			orderId: plan.orderId,
			line,
			quantity,
			carrier,
			trackingNo,
			shippedAt,
			deliveredAt: null,
			documentId: null,
			transfer: plan.contract.transfer === 'shipment' ? event : null,
		};
		plan.shipments.push(shipment);
		return shipment;
	});
	plan.tracking.push({ trackingNo, status: 'accepted', at: shippedAt + minutes(25) });
	plan.tracking.push({ trackingNo, status: 'in_transit', at: shippedAt + minutes(370) });
	return shipments;
}

/** Delivers a consignment, has it accepted where the contract asks for it, and files the proof. */
export function deliver(drafting: Drafting, consignment: Consignment, shipments: readonly ShipmentPlan[]): void {
	const { brief, plan, at } = drafting;
	const { random } = brief;
	const deliveredAt = at(consignment.deliveryDay, random.between(20, 100));
	const acceptance = plan.contract.transfer === 'acceptance';
	const acceptedAt = deliveredAt + minutes(random.between(120, 190));
	const documentId =
		acceptance || plan.contract.podRequired ? fileProof(drafting, shipments, acceptance, acceptance ? acceptedAt : deliveredAt) : null;
	for (const shipment of shipments) {
		const { line, quantity } = shipment;
		const carrierId = (CARRIER_ACCOUNTS[shipment.carrier] ?? CARRIER_ACCOUNTS['UPS'])?.userId ?? '';
		const delivered = draftEvent('line.delivered', deliveredAt, carrierId, 'carrier', {
			lineId: line.lineId,
			quantity,
			documentId: acceptance ? null : documentId,
		});
		plan.events.push(delivered);
		shipment.deliveredAt = deliveredAt;
		shipment.documentId = documentId;
		if (plan.contract.transfer === 'delivery') shipment.transfer = delivered;
		if (acceptance) shipment.transfer = accept(drafting, shipment, acceptedAt);
	}
	const trackingNo = shipments[0]?.trackingNo ?? '';
	plan.tracking.push({ trackingNo, status: 'out_for_delivery', at: deliveredAt - minutes(95) });
	plan.tracking.push({ trackingNo, status: 'delivered', at: deliveredAt });
}

function accept({ plan, staff }: Drafting, { line, quantity, documentId }: ShipmentPlan, acceptedAt: number) {
	const event = draftEvent('line.accepted', acceptedAt, staff.service[0]?.userId ?? '', 'service', {
		lineId: line.lineId,
		quantity,
		documentId,
	});
	plan.events.push(event);
	return event;
}

const PAPER_MINUTES = 8;

/** Writes the delivery note or acceptance of a consignment and returns its document id. */
function fileProof(drafting: Drafting, shipments: readonly ShipmentPlan[], acceptance: boolean, signedAt: number): string {
	const { plan, id } = drafting;
	const documentId = id('DOC', plan.documents.length + 1);
	plan.documents.push({
		documentId,
		kind: acceptance ? 'acceptance' : 'pod',
		fileName: `${acceptance ? 'acceptance' : 'delivery-note'}-${plan.number}-${plan.documents.length + 1}.pdf`,
		datedAt: signedAt,
		createdAt: signedAt + minutes(PAPER_MINUTES),
		content: proofText(plan, shipments, acceptance, signedAt),
		flaw: null,
	});
	return documentId;
}

function proofText(plan: OrderPlan, shipments: readonly ShipmentPlan[], acceptance: boolean, signedAt: number): string {
	const first = shipments[0];
	return writeNote({
		title: acceptance ? 'Certificate of acceptance' : 'Delivery note',
		issuer: plan.entity.name,
		facts: [
			['Customer', `${plan.customer.name} (${plan.customer.customerId})`],
			['Order', plan.orderId],
			['Contract', plan.contract.contractId],
			['Carrier', `${first?.carrier ?? ''}, ${first?.trackingNo ?? ''}`],
			['Shipped', dateText(first?.shippedAt ?? signedAt)],
			[acceptance ? 'Accepted' : 'Delivered', timeText(signedAt).slice(0, 16).replace('T', ' ')],
		],
		items: shipments.map(({ line, quantity }) => ({ sku: line.sku, description: line.product.description, quantity })),
		signedBy: plan.customer.contact,
		signedOn: timeText(signedAt).slice(0, 16).replace('T', ' '),
	});
}
