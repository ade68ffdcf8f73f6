/** T06, T07 and T10: bills and shipments that do not belong to a live order, or not in its currency. */
import { absolute } from '#kernel';
import { citeInvoices } from './billingDraft.ts';
import { invoiceOfInvoiceLine, orderOfInvoiceLine } from './billingLines.ts';
import { inMoney, keysOf, ref, refs } from './draft.ts';
import { shipmentWithoutOrder } from './shipmentOrders.ts';
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
