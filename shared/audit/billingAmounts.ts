/** T08, T11 and T38: prices, taxes and payment terms of invoices, recomputed. */
import { absolute, DAY_MS } from '#kernel';
import type { Population } from '#population';
import { AmendmentHistory } from './billingAmendments.ts';
import { citeInvoices, citeLine, counted, lineName, orderOfInvoice, worthOf } from './billingDraft.ts';
import { invoiceOfInvoiceLine, isCredit, lineOfInvoiceLine, orderOfLine, rowsOfLine, shipmentOfInvoiceLine } from './billingLines.ts';
import { taxRecomputation } from './billingTax.ts';
import { inMoney, inTime, inUnits, keysOf, ref, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: invoices only, since a credit memo may credit part of a price; in the order's currency only, since the rest is T10. The
 * smaller of the two limits binds, so a difference beyond either is an exception.
 */
function priceMismatch({ population, number, decimal }: AuditContext): Outcome {
	const table = population.table('invoice_line');
	const orderLines = population.table('sales_order_line');
	const billed = table.minors('unit_price_minor');
	const agreed = orderLines.minors('unit_price_minor');
	const lineOf = population.derive(lineOfInvoiceLine);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const orderOf = population.derive(orderOfLine);
	const credit = population.derive(isCredit);
	const billedIn = population.table('invoice').codes('currency');
	const orderedIn = population.table('sales_order').codes('currency');
	const history = new AmendmentHistory(population);
	const absoluteLimit = BigInt(number('abs_minor'));
	const { coefficient, scale } = decimal('pct');
	const hundred = 100n * 10n ** BigInt(scale);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let open = 0;
	for (let row = 0; row < table.rows; row++) {
		const line = lineOf[row] as number;
		const invoice = invoiceOf[row] as number;
		const order = line < 0 ? -1 : (orderOf[line] as number);
		if (order < 0 || invoice < 0 || credit[row] === 1 || billedIn[invoice] !== orderedIn[order]) continue;
		tested++;
		if (billed[row] === agreed[line]) continue;
		const difference = absolute((billed[row] as bigint) - (agreed[line] as bigint));
		if (difference <= absoluteLimit && difference * hundred <= absolute(agreed[line] as bigint) * coefficient) continue;
		if (history.revisionAt(order, shippedAtOf(population, row, line)) === 'unknown') open++;
		else exceptions.push(mispriced(population, row, line, difference));
	}
	return {
		tested,
		exceptions,
		open,
		openWhy: `${counted(open, 'invoice line')} at another price than the order shows, of orders amended after the shipment or without a raised revision`,
	};
}

/** When the goods of an invoice line left, as well as the drop tells: by its shipment, else the line's first, else the issue. */
function shippedAtOf(population: Population, row: number, line: number): number {
	const issuedAt = population.table('invoice').instants('issued_at')[population.derive(invoiceOfInvoiceLine)[row] as number] as number;
	if (!population.has('shipment')) return issuedAt;
	const shippedAt = population.table('shipment').instants('shipped_at');
	const shipment = population.derive(shipmentOfInvoiceLine)[row] as number;
	if (shipment >= 0) return shippedAt[shipment] as number;
	let first = issuedAt;
	for (const other of rowsOfLine(population, 'shipment', line).subarray(0, 1000))
		if ((shippedAt[other] as number) < first) first = shippedAt[other] as number;
	return first;
}

function mispriced(population: Population, row: number, line: number, difference: bigint): ExceptionDraft {
	const table = population.table('invoice_line');
	const invoices = population.table('invoice');
	const invoice = population.derive(invoiceOfInvoiceLine)[row] as number;
	const currency = invoices.text('currency', invoice);
	const quantity = table.quantities('quantity')[row] as bigint;
	const billed = table.minors('unit_price_minor')[row] as bigint;
	const agreed = population.table('sales_order_line').minors('unit_price_minor')[line] as bigint;
	const shipment = population.has('shipment') ? (population.derive(shipmentOfInvoiceLine)[row] as number) : -1;
	return {
		orderId: table.text('order_id', row),
		keys: keysOf(population, 'invoice_line', row),
		amountMinor: worthOf(quantity, difference),
		currency,
		reason: `Invoice ${invoices.text('invoice_no', invoice)} bills ${inUnits(quantity)} units of ${lineName(population, line)} at ${inMoney(billed, currency)} each, but the order says ${inMoney(agreed, currency)}: ${inMoney(difference, currency)} too ${billed > agreed ? 'much' : 'little'} a unit.`,
		rows: [
			ref('invoice_line', row),
			...citeInvoices(population, [row]),
			...refs('shipment', [shipment]),
			...citeLine(population, line, []),
		],
	};
}

/** Reading: elapsed time between the two instants, a day being 24 hours. Invoices without a due date state no term. */
function unusualTerms({ population, number }: AuditContext): Outcome {
	const invoices = population.table('invoice');
	const issuedAt = invoices.instants('issued_at');
	const dueAt = invoices.instants('due_at');
	const limit = number('days') * DAY_MS;
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let row = 0; row < invoices.rows; row++) {
		const issued = issuedAt[row] as number;
		const due = dueAt[row] as number;
		if (Number.isNaN(due)) continue;
		tested++;
		if (!(due - issued > limit)) continue;
		const total = absolute(invoices.minors('total_minor')[row] as bigint);
		const currency = invoices.text('currency', row);
		exceptions.push({
			orderId: orderOfInvoice(population, row),
			keys: keysOf(population, 'invoice', row),
			amountMinor: total,
			currency,
			reason: `Invoice ${invoices.text('invoice_no', row)} over ${inMoney(total, currency)} to customer ${invoices.text('customer_id', row)}, issued on ${inTime(issued)}, is due on ${inTime(due)}: ${Math.floor((due - issued) / DAY_MS)} days later, more than ${number('days')}.`,
			rows: [ref('invoice', row)],
		});
	}
	return { tested, exceptions, open: 0 };
}

export const AMOUNT_TESTS: readonly AuditTest[] = [
	{
		id: 'T08',
		version: 1,
		title: 'Price mismatch',
		severity: 'medium',
		why: 'What was billed must be what was agreed, or revenue rests on a price the customer never accepted.',
		rule: 'The unit price of an invoice line differs from the unit price of its order line, in the revision valid at shipment, by more than the smaller of {abs_minor} minor units and {pct} % of the order price.',
		source: 'ASC 606-10-32-2',
		parameters: [
			{ name: 'abs_minor', default: 1, unit: 'minor units', doc: 'Difference of the unit price that is in order.' },
			{ name: 'pct', default: '0.1', unit: 'percent', doc: 'The same as a percentage of the order price; the smaller of both binds.' },
		],
		needs: [
			{ table: 'invoice', columns: ['invoice_id', 'invoice_no', 'kind', 'issued_at', 'currency'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'unit_price_minor'] },
			{ table: 'sales_order', columns: ['order_id', 'contract_id', 'currency', 'revision'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'unit_price_minor'] },
		],
		mayRead: ['shipment', 'contract_amendment', 'order_event'],
		run: priceMismatch,
	},
	{
		id: 'T11',
		version: 1,
		title: 'Tax recomputation',
		severity: 'medium',
		why: 'Tax collected on behalf of others is no revenue; a wrong tax misstates both.',
		rule: 'The amount of an invoice line times its tax rate, rounded half up to the minor unit, differs from its tax by more than one minor unit.',
		source: 'AS 1105.19 (recalculation)',
		parameters: [],
		needs: [
			{ table: 'invoice', columns: ['invoice_id', 'invoice_no', 'currency'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'amount_minor', 'tax_minor'] },
		],
		run: taxRecomputation,
	},
	{
		id: 'T38',
		version: 1,
		title: 'Unusual terms',
		severity: 'medium',
		why: 'Very long terms may hide a right to return, a financing component or a sale that is none.',
		rule: 'An invoice is due more than {days} days after it was issued.',
		source: 'ASC 606-10-32-15',
		parameters: [{ name: 'days', default: 90, unit: 'days', doc: 'Longest payment term that is usual.' }],
		needs: [{ table: 'invoice', columns: ['invoice_id', 'invoice_no', 'customer_id', 'issued_at', 'total_minor', 'currency'] }],
		mayRead: ['invoice_line'],
		run: unusualTerms,
	},
];
