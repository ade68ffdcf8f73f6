/** Anomalies of billing against orders and shipments: T01, T02, T04 to T15, T38. */
import { DAY_MS } from '#kernel';
import { dropEvents, eventOf, leaveOpen, rebill, repay } from './alterations.ts';
import { answer, firstInvoice, firstLine, need, once, onInvoice, onLine, onOrder, type PlantedOrder, twice } from './anomaly.ts';
import { issueInvoice } from './billing.ts';
import { type Drafting, minutes } from './drafting.ts';
import type { InvoicePlan, OrderPlan, ShipmentPlan } from './orderPlan.ts';
import { units } from './wire.ts';
import { businessDay, dayOfInstant } from './workTime.ts';

export const billingAnomalies = (): PlantedOrder[] => [...quantities(), ...references(), ...amounts(), ...duplicates(), ...numbers()];

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

function amounts(): PlantedOrder[] {
	const onFirst = (test: string, plan: OrderPlan, note: string) => ({
		planted: [answer(test, plan.orderId, { invoice_id: firstInvoice(plan).invoiceId, line_no: '1' }, note)],
	});
	return [
		...twice([2, 10], [7, 7], { billing: 'on_shipment' }, (drafting) => {
			const { plan } = drafting;
			rebill(drafting, firstInvoice(plan), { unitMinor: firstLine(plan).unitMinor + 900n });
			return onFirst('T08', plan, 'billed 9.00 a unit above the order');
		}),
		...twice([3, 10], [9, 8], {}, ({ plan }) => {
			firstInvoice(plan).currency = 'GBP';
			return { planted: [onInvoice('T10', plan, firstInvoice(plan), 'invoiced in pounds')] };
		}),
		...twice([4, 14], [10, 13], {}, (drafting) => {
			const { plan } = drafting;
			need(firstInvoice(plan).lines[0]).taxMinor += 1_357n;
			repay(drafting);
			return onFirst('T11', plan, '13.57 too much tax');
		}),
		...twice([5, 12], [11, 10], {}, ({ plan }) => {
			const invoice = firstInvoice(plan);
			invoice.dueAt = invoice.issuedAt + 150 * DAY_MS;
			return { planted: [onInvoice('T38', plan, invoice, 'due after 150 days')] };
		}),
	];
}

function duplicates(): PlantedOrder[] {
	return [
		...twice([3, 17], [6, 16], { billing: 'advance' }, (drafting) => {
			const { plan } = drafting;
			const original = firstInvoice(plan);
			const copy = repeat(drafting, original, original.purchaseOrder);
			return {
				planted: [onInvoice('T12', plan, copy, `repeats ${original.invoiceId} under another number`)],
				consequences: [onInvoice('T12', plan, original, 'repeated'), ...overbilled(plan, copy)],
			};
		}),
		once('US', [8, 18], {}, ({ plan }) => {
			const invoice = firstInvoice(plan);
			invoice.numbering = { kind: 'lookalike', sign: '-' };
			return { planted: [onInvoice('T13', plan, invoice, 'number differs by a hyphen only')] };
		}),
		once('DE', [4, 21], {}, ({ plan }) => {
			const invoice = firstInvoice(plan);
			invoice.numbering = { kind: 'lookalike', sign: '.' };
			return { planted: [onInvoice('T13', plan, invoice, 'number differs by a dot only')] };
		}),
		once('US', [10, 20], { billing: 'on_shipment' }, (drafting) => {
			const { plan } = drafting;
			const copy = repeat(drafting, firstInvoice(plan), `PO-${plan.number}-B`);
			return {
				planted: [onInvoice('T13', plan, copy, 'bills a shipment a second time')],
				consequences: [
					...overbilled(plan, copy),
					onInvoice('T13', plan, firstInvoice(plan), 'billed again'),
					onOrder('T12', plan, 'same total, other purchase order'),
				],
			};
		}),
	];
}

function repeat(drafting: Drafting, original: InvoicePlan, purchaseOrder: string | null): InvoicePlan {
	const { plan, id } = drafting;
	const copy: InvoicePlan = {
		...original,
		invoiceId: id('INV', plan.invoices.length + 1),
		issuedAt: drafting.at(businessDay(dayOfInstant(original.issuedAt), 1), 200),
		lines: original.lines.map((line) => ({ ...line })),
		purchaseOrder,
	};
	plan.invoices.push(copy);
	return copy;
}

/** What billing a line twice brings along. */
const overbilled = (plan: OrderPlan, copy: InvoicePlan) => [
	answer('T02', plan.orderId, { invoice_id: copy.invoiceId, line_no: '1' }, 'more invoiced than shipped'),
	onLine('T05', plan, firstLine(plan), 'closed with more invoiced than ordered'),
	onLine('T09', plan, firstLine(plan), 'more invoiced than delivered'),
];

function numbers(): PlantedOrder[] {
	return [
		...twice([5, 19], [7, 21], {}, ({ plan, brief }) => {
			firstInvoice(plan).numbering = { kind: 'gap' };
			const keys = { entity_id: brief.entity.entityId, series: `${brief.entity.key}-INV` };
			return { planted: [answer('T14', null, keys, `the number before that of ${firstInvoice(plan).invoiceId} is missing`)] };
		}),
		...twice([9, 1], [11, 2], {}, ({ plan }) => {
			firstInvoice(plan).numbering = { kind: 'late', days: 20 };
			return { planted: [onInvoice('T15', plan, firstInvoice(plan), 'numbered twenty days after its date')] };
		}),
		// Sound orders whose invoices come in between, however small the company is.
		...twice([9, 14], [11, 13], {}, () => ({ planted: [] })),
	];
}
