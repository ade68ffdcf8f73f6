/** Anomalies of billing against orders and shipments: T01, T02, T04 to T07, T09. */
import { DAY_MS } from '#kernel';
import { dropEvents, eventOf, leaveOpen, rebill, repay } from './alterations.ts';
import { answer, firstInvoice, firstLine, need, once, onLine, type PlantedOrder, twice } from './anomaly.ts';
import { issueInvoice } from './billing.ts';
import { type Drafting, minutes } from './drafting.ts';
import type { InvoicePlan, ShipmentPlan } from './orderPlan.ts';
import { units } from './wire.ts';
import { businessDay } from './workTime.ts';

export const billingAnomalies = (): PlantedOrder[] => [...quantities(), ...references()];

function quantities(): PlantedOrder[] {
	return [
		once('US', [12, 21], { billing: 'on_delivery' }, (drafting) => {
			const { plan } = drafting;
			plan.invoices = [];
			repay(drafting);
			leaveOpen(drafting);
			return { planted: [onLine('T01', plan, firstLine(plan), 'delivered and never invoiced')] };
		}),
		once('DE', [12, 21], { billing: 'on_shipment' }, (drafting) => {
			const { plan } = drafting;
			const line = firstLine(plan);
			rebill(drafting, firstInvoice(plan), { quantity: line.quantity - units(2) });
			leaveOpen(drafting);
			return { planted: [onLine('T01', plan, line, 'two units shipped but not invoiced')] };
		}),
		...twice([3, 3], [5, 5], { billing: 'on_shipment' }, (drafting) => {
			const { plan } = drafting;
			const invoice = firstInvoice(plan);
			invoice.issuedAt = eventOf(plan, 'order.released').occurredAt + minutes(30);
			repay(drafting);
			return {
				planted: [answer('T02', plan.orderId, { invoice_id: invoice.invoiceId, line_no: '1' }, 'invoiced on release, shipped later')],
			};
		}),
		...twice([8, 4], [9, 2], { billing: 'milestone' }, (drafting) => {
			const { plan } = drafting;
			plan.invoices = plan.invoices.slice(0, 1);
			repay(drafting);
			leaveOpen(drafting);
			return { planted: [onLine('T04', plan, firstLine(plan), 'last milestone not invoiced for months')] };
		}),
		...twice([2, 4], [6, 3], {}, closedShort),
		once('US', [7, 1], { lineCount: 2 }, lostConsignment),
		once('DE', [10, 6], {}, overshipped),
	];
}

/** Two units more were ordered than ever shipped and billed, and the order is closed all the same. */
function closedShort({ plan }: Drafting) {
	const line = firstLine(plan);
	const obligation = need(plan.obligations[0]);
	line.quantity += units(2);
	line.amountMinor += 2n * line.unitMinor;
	obligation.allocatedMinor = line.amountMinor;
	obligation.sspMinor += 2n * line.product.listMinor;
	obligation.method = 'units_delivered';
	plan.contract.priceMinor = line.amountMinor;
	return { planted: [onLine('T05', plan, line, 'closed with two units neither shipped nor billed')] };
}

/** The second line was lost by the carrier, and billed on a delivery that never was. */
function lostConsignment(drafting: Drafting) {
	const { plan } = drafting;
	const lost = need(plan.shipments[1]);
	lost.deliveredAt = null;
	lost.trackingNo = `${lost.trackingNo}9`;
	plan.tracking.push({ trackingNo: lost.trackingNo, status: 'exception', at: lost.shippedAt + DAY_MS });
	plan.revenue = plan.revenue.filter(({ line }) => line !== lost.line);
	dropEvents(drafting, ({ type, lineId }) => type === 'line.delivered' && lineId === lost.line.lineId);
	return { planted: [onLine('T09', plan, lost.line, 'billed on delivery, lost on the way')] };
}

/** Two units beyond the order left the house and never arrived. */
function overshipped(drafting: Drafting) {
	const { plan, id } = drafting;
	const first = need(plan.shipments[0]);
	const extra: ShipmentPlan = {
		...first,
		shipmentId: id('SH', 2),
		quantity: units(2),
		trackingNo: `${first.trackingNo}9`,
		deliveredAt: null,
		transfer: null,
	};
	plan.shipments.push(extra);
	plan.tracking.push({ trackingNo: extra.trackingNo, status: 'exception', at: extra.shippedAt + DAY_MS });
	return { planted: [onLine('T09', plan, first.line, 'two units more shipped than ordered')] };
}

function references(): PlantedOrder[] {
	return [
		once('US', [4, 7], {}, (drafting) => {
			const { plan } = drafting;
			const stray = strayInvoice(drafting, null);
			return { planted: [answer('T06', null, { invoice_id: stray.invoiceId, line_no: '1' }, `names no order; beside ${plan.orderId}`)] };
		}),
		once('DE', [8, 11], {}, (drafting) => {
			const stray = strayInvoice(drafting, `SO-X${drafting.plan.number}`);
			const keys = { invoice_id: stray.invoiceId, line_no: '1' };
			const orderId = stray.lines[0]?.orderId ?? null;
			return {
				planted: [answer('T06', orderId, keys, 'names an order that does not exist')],
				consequences: [answer('T76', orderId, keys, 'its order resolves to nothing')],
			};
		}),
		once('US', [6, 9], {}, ({ plan, id }) => {
			const first = need(plan.shipments[0]);
			const stray = {
				...first,
				shipmentId: id('SH', 9),
				orderId: `SO-Y${plan.number}`,
				trackingNo: `${first.trackingNo}8`,
				deliveredAt: null,
				transfer: null,
			};
			plan.shipments.push(stray);
			const keys = { shipment_id: stray.shipmentId };
			return {
				planted: [answer('T07', stray.orderId, keys, 'shipped for an order that does not exist')],
				consequences: [answer('T76', stray.orderId, keys, 'its order resolves to nothing')],
			};
		}),
		once('DE', [11, 3], { life: 'cancelled' }, ({ plan, at, brief }) => {
			const line = firstLine(plan);
			const shipmentId = `SH-${plan.number}-1`;
			plan.shipments.push({
				shipmentId,
				orderId: plan.orderId,
				line,
				quantity: line.quantity,
				carrier: 'DHL',
				trackingNo: `DH${plan.number}1`,
				shippedAt: at(businessDay(brief.day, 2), 200),
				deliveredAt: null,
				documentId: null,
				transfer: null,
			});
			return { planted: [answer('T07', plan.orderId, { shipment_id: shipmentId }, 'shipped two days after the order was cancelled')] };
		}),
	];
}

/** A second invoice of the order's customer that names another order, or none. */
function strayInvoice(drafting: Drafting, orderId: string | null): InvoicePlan {
	const { plan } = drafting;
	const line = firstLine(plan);
	const stray = issueInvoice(drafting, firstInvoice(plan).issuedAt + DAY_MS, [{ line, quantity: units(3), shipment: null }], '/X');
	for (const billed of stray.lines) {
		billed.orderId = orderId;
		billed.lineId = orderId === null ? null : line.lineId;
	}
	return stray;
}
