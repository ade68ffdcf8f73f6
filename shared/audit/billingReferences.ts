/** T06, T07 and T10: bills and shipments that do not belong to a live order, or not in its currency. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { citeInvoices, citeLine, counted, worthOf } from './billingDraft.ts';
import { codeFor, invoiceOfInvoiceLine, lineOfShipment, orderOfInvoiceLine } from './billingLines.ts';
import { supersededEvents } from './billingReturns.ts';
import { inMoney, inTime, inUnits, keysOf, ref, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Reading: every line of every kind of invoice; credit memos too must say what they credit. */
function invoiceWithoutOrder({ population }: AuditContext): Outcome {
	const table = population.table('invoice_line');
	const invoices = population.table('invoice');
	const orderOf = population.derive(orderOfInvoiceLine);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const exceptions: ExceptionDraft[] = [];
	for (let row = 0; row < table.rows; row++) {
		if ((orderOf[row] as number) >= 0) continue;
		const invoice = invoiceOf[row] as number;
		const orderId = table.text('order_id', row);
		const amount = absolute(table.minors('amount_minor')[row] as bigint);
		const currency = invoice < 0 ? null : invoices.text('currency', invoice);
		const number = invoice < 0 ? table.text('invoice_id', row) : invoices.text('invoice_no', invoice);
		const enteredBy = invoice < 0 ? '' : `, entered by ${invoices.text('entered_by', invoice)}`;
		const missing = orderId === null ? 'names no order' : `names the order ${orderId}, which is not in the population`;
		exceptions.push({
			orderId,
			keys: keysOf(population, 'invoice_line', row),
			amountMinor: amount,
			currency,
			reason: `Line ${table.cellText('line_no', row)} of invoice ${number}${enteredBy}, over ${inMoney(amount, currency)}, ${missing}.`,
			rows: [ref('invoice_line', row), ...refs('invoice', [invoice])],
		});
	}
	return { tested: table.rows, exceptions, open: 0 };
}

/** When an order, or single lines of it, were cancelled, and when it was taken up again. */
interface Cancellation {
	/** The order_event row that cancelled the whole order, or -1. */
	order: number;
	/** By line code, for cancellations that name a line. */
	readonly lines: Map<number, number>;
	reopenedAt: number;
}

/** By order code. Reached `cancelled` = an event's to_state; the first counts. Few orders are cancelled, so few are in the map. */
function cancellations(population: Population): ReadonlyMap<number, Cancellation> {
	const events = population.table('order_event');
	const toStates = events.codes('to_state');
	const fromStates = events.codes('from_state');
	const cancelled = codeFor(events, 'to_state', 'cancelled');
	const occurredAt = events.instants('occurred_at');
	const superseded = population.derive(supersededEvents);
	const found = new Map<number, Cancellation>();
	const reopenings: number[] = [];
	for (let row = 0; row < events.rows; row++) {
		if (fromStates[row] === cancelled && toStates[row] !== cancelled && (toStates[row] as number) >= 0) reopenings.push(row);
		if (toStates[row] !== cancelled || superseded.has(row)) continue;
		const order = events.codes('order_id')[row] as number;
		const line = events.codes('line_id')[row] as number;
		const known = found.get(order) ?? { order: -1, lines: new Map<number, number>(), reopenedAt: Number.NaN };
		found.set(order, known);
		const before = line < 0 ? known.order : (known.lines.get(line) ?? -1);
		if (before >= 0 && (occurredAt[before] as number) <= (occurredAt[row] as number)) continue;
		if (line < 0) known.order = row;
		else known.lines.set(line, row);
	}
	for (const row of reopenings) {
		const known = found.get(events.codes('order_id')[row] as number);
		if (known && !(known.reopenedAt <= (occurredAt[row] as number))) known.reopenedAt = occurredAt[row] as number;
	}
	return found;
}

/**
 * Reading: an event that names a line cancels that line. A shipment after the order was taken up again is not after its cancellation.
 * An order in state `cancelled` whose events do not say when can't be judged.
 */
function shipmentWithoutOrder({ population }: AuditContext): Outcome {
	const shipments = population.table('shipment');
	const orderIndex = population.index('sales_order', 'order_id');
	const orders = population.table('sales_order');
	const cancelledState = codeFor(orders, 'state', 'cancelled');
	const cancelled = population.derive(cancellations);
	const codes = shipments.codes('order_id');
	const shippedAt = shipments.instants('shipped_at');
	const exceptions: ExceptionDraft[] = [];
	let open = 0;
	for (let row = 0; row < shipments.rows; row++) {
		const code = codes[row] as number;
		const order = orderIndex.rowOf(code);
		if (order < 0) {
			exceptions.push(
				strayShipment(population, row, -1, `belongs to the order ${shipments.text('order_id', row)}, which is not in the population`),
			);
			continue;
		}
		const cancellation = cancelled.get(code);
		if (!cancellation) {
			if (orders.codes('state')[order] === cancelledState) open++;
			continue;
		}
		const event = cancellationOf(population, cancellation, row);
		if (event < 0) continue;
		const at = population.table('order_event').instants('occurred_at')[event] as number;
		const isReopened = cancellation.reopenedAt > at && cancellation.reopenedAt <= (shippedAt[row] as number);
		if ((shippedAt[row] as number) > at && !isReopened)
			exceptions.push(
				strayShipment(
					population,
					row,
					event,
					`left on ${inTime(shippedAt[row] as number)}, after ${population.table('order_event').text('line_id', event) === null ? 'its order' : 'its line'} was cancelled on ${inTime(at)}`,
				),
			);
	}
	return {
		tested: shipments.rows,
		exceptions,
		open,
		openWhy: `${counted(open, 'shipment')} of cancelled orders whose events do not say when they were cancelled`,
	};
}

/** The earlier of the events that cancelled a shipment's order and its line; -1 if there is none. */
function cancellationOf(population: Population, { order, lines }: Cancellation, shipment: number): number {
	const line = lines.get(population.table('shipment').codes('line_id')[shipment] as number) ?? -1;
	if (order < 0 || line < 0) return order < 0 ? line : order;
	const occurredAt = population.table('order_event').instants('occurred_at');
	return (occurredAt[line] as number) < (occurredAt[order] as number) ? line : order;
}

function strayShipment(population: Population, row: number, event: number, why: string): ExceptionDraft {
	const shipments = population.table('shipment');
	const line = population.has('sales_order_line') ? (population.derive(lineOfShipment)[row] as number) : -1;
	const order = population.index('sales_order', 'order_id').rowOf(shipments.codes('order_id')[row] as number);
	const quantity = shipments.quantities('quantity')[row] as bigint;
	const price = line < 0 ? null : (population.table('sales_order_line').minors('unit_price_minor')[line] as bigint);
	return {
		orderId: shipments.text('order_id', row),
		keys: keysOf(population, 'shipment', row),
		amountMinor: price === null ? null : worthOf(quantity, price),
		currency: price === null || order < 0 ? null : population.table('sales_order').text('currency', order),
		reason: `Shipment ${shipments.text('shipment_id', row)} of ${inUnits(quantity)} units (line ${shipments.text('line_id', row)}, tracking ${shipments.text('tracking_no', row)}) ${why}.`,
		rows: [
			ref('shipment', row),
			...refs('order_event', [event]),
			...(line < 0 ? refs('sales_order', [order]) : citeLine(population, line, [])),
		],
	};
}

/** Reading: one exception an invoice and order. */
function currencyMismatch({ population }: AuditContext): Outcome {
	const table = population.table('invoice_line');
	const invoices = population.table('invoice');
	const orders = population.table('sales_order');
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const orderOf = population.derive(orderOfInvoiceLine);
	const billedIn = invoices.codes('currency');
	const orderedIn = orders.codes('currency');
	/** By "invoice row/order row": the offending lines. */
	const suspects = new Map<string, number[]>();
	let tested = 0;
	for (let row = 0; row < table.rows; row++) {
		const invoice = invoiceOf[row] as number;
		const order = orderOf[row] as number;
		if (invoice < 0 || order < 0) continue;
		tested++;
		if (billedIn[invoice] === orderedIn[order]) continue;
		const key = `${invoice}/${order}`;
		const rows = suspects.get(key);
		if (rows) rows.push(row);
		else suspects.set(key, [row]);
	}
	const exceptions = [...suspects.values()].map((rows): ExceptionDraft => {
		const invoice = invoiceOf[rows[0] as number] as number;
		const order = orderOf[rows[0] as number] as number;
		const amount = absolute(rows.reduce((sum, row) => sum + (table.minors('amount_minor')[row] as bigint), 0n));
		const currency = invoices.text('currency', invoice);
		return {
			orderId: orders.text('order_id', order),
			keys: keysOf(population, 'invoice', invoice),
			amountMinor: amount,
			currency,
			reason: `Invoice ${invoices.text('invoice_no', invoice)} bills order ${orders.text('order_id', order)} with ${inMoney(amount, currency)}, but the order is in ${orders.text('currency', order)}.`,
			rows: [...refs('sales_order', [order]), ...citeInvoices(population, rows), ...refs('invoice_line', rows.slice(0, 40))],
		};
	});
	return { tested, exceptions, open: 0 };
}

export const REFERENCE_TESTS: readonly AuditTest[] = [
	{
		id: 'T06',
		judgesByAbsence: true,
		version: 1,
		title: 'Invoice without order',
		severity: 'high',
		why: 'A bill nobody ordered is either made up or charged to the wrong customer.',
		rule: "An invoice line's order_id is null, or no such order is in the population.",
		source: 'AS 1105.11 (existence or occurrence)',
		parameters: [],
		needs: [
			{ table: 'invoice', columns: ['invoice_id', 'invoice_no', 'currency', 'entered_by'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'amount_minor'] },
			{ table: 'sales_order', columns: ['order_id'] },
		],
		run: invoiceWithoutOrder,
	},
	{
		id: 'T07',
		judgesByAbsence: true,
		version: 1,
		title: 'Shipment without order, or after cancellation',
		severity: 'high',
		why: 'Goods that leave without a live order leave without being billed.',
		rule: 'The order of a shipment is unknown, or the shipment left later than the event that reached the state cancelled.',
		source: 'AS 1105.11 (existence or occurrence)',
		parameters: [],
		needs: [
			{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'tracking_no', 'shipped_at'] },
			{ table: 'sales_order', columns: ['order_id', 'state'] },
			{ table: 'order_event', columns: ['event_id', 'order_id', 'occurred_at'] },
		],
		mayRead: ['sales_order_line'],
		run: shipmentWithoutOrder,
	},
	{
		id: 'T10',
		version: 1,
		title: 'Currency mismatch',
		severity: 'medium',
		why: 'A bill in another currency than agreed changes the price, and its amounts fit no other record.',
		rule: 'The currency of an invoice differs from that of an order it bills.',
		source: '',
		parameters: [],
		needs: [
			{ table: 'invoice', columns: ['invoice_id', 'invoice_no', 'currency'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'amount_minor'] },
			{ table: 'sales_order', columns: ['order_id', 'currency'] },
		],
		run: currencyMismatch,
	},
];
