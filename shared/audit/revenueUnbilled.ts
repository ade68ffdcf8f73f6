/** T04: revenue recognised and not invoiced for long. */
import { absolute, DAY_MS, formatDuration, maximum, minimum } from '#kernel';
import type { Population } from '#population';
import { justifiedRevenue, lineOrders, signOf } from '#revenue';
import {
	isCredit,
	lineOfInvoiceLine,
	lineOfShipment,
	orderOfInvoiceLine,
	type Sums,
	shipmentOfInvoiceLine,
	sumsOf,
} from './billingLines.ts';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { lineCurrency, linePrice, lineText, OBLIGATION_NEEDS, REVENUE_COLUMNS, type RevenueView, revenueView } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

interface Invoiced {
	/** Minor units, invoices less credit memos, by row of sales_order_line. */
	readonly amounts: Sums;
	/** Millionths, likewise. */
	readonly quantities: Sums;
	/** Invoice lines of both kinds, by row of sales_order_line: each may be rounded. */
	readonly counts: Uint32Array;
	/** Minor units invoiced for an order without saying for which line, by row of sales_order. */
	readonly wholeOrders: ReadonlyMap<number, bigint>;
}

function invoicedNet(population: Population): Invoiced {
	const table = population.table('invoice_line');
	const lines = population.derive(lineOfInvoiceLine);
	const orders = population.derive(orderOfInvoiceLine);
	const credits = population.derive(isCredit);
	const shipmentOf = population.has('shipment') ? population.derive(shipmentOfInvoiceLine) : null;
	const shippedLine = population.has('shipment') ? population.derive(lineOfShipment) : null;
	const minors = table.minors('amount_minor');
	const units = table.quantities('quantity');
	const size = population.table('sales_order_line').rows;
	const amounts = sumsOf(size, minors);
	const quantities = sumsOf(size, units);
	const counts = new Uint32Array(size);
	const wholeOrders = new Map<number, bigint>();
	for (let row = 0; row < table.rows; row++) {
		const isCreditLine = credits[row] === 1;
		const amount = isCreditLine ? -absolute(minors[row] as bigint) : (minors[row] as bigint);
		const shipment = shipmentOf ? (shipmentOf[row] as number) : -1;
		const line = (lines[row] as number) >= 0 || shipment < 0 ? (lines[row] as number) : (shippedLine?.[shipment] ?? -1);
		if (line >= 0) {
			counts[line] = (counts[line] as number) + 1;
			amounts[line] = (amounts[line] as bigint) + amount;
			quantities[line] = (quantities[line] as bigint) + (isCreditLine ? -absolute(units[row] as bigint) : (units[row] as bigint));
		} else if ((orders[row] as number) >= 0) {
			const order = orders[row] as number;
			wholeOrders.set(order, (wholeOrders.get(order) ?? 0n) + amount);
		}
	}
	return { amounts, quantities, counts, wholeOrders };
}

/**
 * Reading: net revenue of a line recognised more than {days} days before as-of, and not reversed since, against what is invoiced net for the
 * line: the amount, or the share of its allocated price the invoiced quantity stands for, whichever is more (allocation moves price
 * between lines that are all billed). Of that share comes off what the quantity was billed below its price in the order, since no
 * allocation explains that. What an order was invoiced without naming a line counts for all of them, earliest line first.
 */
function recognisedNotInvoiced({ population, number }: AuditContext): Outcome {
	const view = revenueView(population);
	const days = number('days');
	const cutoff = population.asOf - days * DAY_MS;
	const invoiced = population.derive(invoicedNet);
	const orderOf = lineOrders(population);
	const pools = new Map(invoiced.wholeOrders);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let line = 0; line < orderOf.length; line++) {
		const events = view.book.ofLine(line);
		if (events.length === 0) continue;
		tested++;
		const { old, oldest } = oldRevenue(view, line, cutoff);
		if (old <= 0n) continue;
		const billed = billedWorth(view, line, invoiced);
		const tolerance = BigInt(events.length + 1);
		let unbilled = old - billed;
		const order = orderOf[line] as number;
		const pool = unbilled > tolerance ? (pools.get(order) ?? 0n) : 0n;
		if (pool > 0n) {
			const used = minimum(pool, unbilled);
			pools.set(order, pool - used);
			unbilled -= used;
		}
		if (unbilled > tolerance) exceptions.push(unbilledDraft(view, line, { old, oldest, unbilled }));
	}
	return { tested, exceptions, open: 0 };
}

/** Net revenue recognised before an instant and still standing, and the first instant of it. */
function oldRevenue(
	{ book, amounts, recognisedAt }: RevenueView,
	line: number,
	cutoff: number,
): { readonly old: bigint; readonly oldest: number } {
	let before = 0n;
	let net = 0n;
	let oldest = Number.NaN;
	for (const event of book.ofLine(line)) {
		const amount = signOf(book.kinds[event] as number) * (amounts[event] as bigint);
		const instant = recognisedAt[event] as number;
		net += amount;
		if (!(instant < cutoff)) continue;
		before += amount;
		if (Number.isNaN(oldest)) oldest = instant;
	}
	return { old: minimum(before, net), oldest };
}

function billedWorth(view: RevenueView, line: number, { amounts, quantities, counts }: Invoiced): bigint {
	const ordered = view.ordered[line] as bigint;
	const amount = amounts[line] as bigint;
	if (ordered <= 0n) return amount;
	const quantity = quantities[line] as bigint;
	const share = justifiedRevenue(linePrice(view, line), quantity, ordered);
	const price = view.population.table('sales_order_line').minors('amount_minor')[line] as bigint;
	const rebate = justifiedRevenue(price, quantity, ordered) - amount;
	return maximum(rebate > BigInt(counts[line] as number) ? share - rebate : share, amount);
}

function unbilledDraft(
	view: RevenueView,
	line: number,
	{ old, oldest, unbilled }: { readonly old: bigint; readonly oldest: number; readonly unbilled: bigint },
): ExceptionDraft {
	const { population, book } = view;
	const lines = population.table('sales_order_line');
	const currency = lineCurrency(population, line);
	const invoiceLines = population
		.pairIndex('invoice_line', 'order_id', 'line_id')
		.rowsOf(lines.codes('order_id')[line] as number, lines.codes('line_id')[line] as number);
	return {
		orderId: lines.text('order_id', line),
		keys: keysOf(population, 'sales_order_line', line),
		amountMinor: unbilled,
		currency,
		reason: `For ${lineText(population, line)}, ${inMoney(old, currency)} of revenue recognised from ${inTime(oldest)} on stands ${formatDuration(population.asOf - oldest)} later at as-of, and ${inMoney(unbilled, currency)} of it is not invoiced.`,
		rows: [
			...refs('sales_order', [lineOrders(population)[line] as number]),
			ref('sales_order_line', line),
			...refs('obligation', view.links.ofLine.rowsOf(line).subarray(0, 5)),
			...refs('revenue_event', book.ofLine(line).subarray(0, 20)),
			...refs('invoice_line', invoiceLines.subarray(0, 20)),
		],
	};
}

export const REVENUE_UNBILLED_TESTS: readonly AuditTest[] = [
	{
		id: 'T04',
		judgesByAbsence: true,
		version: 1,
		title: 'Recognised, not invoiced > limit',
		severity: 'medium',
		why: 'Revenue that nobody bills for months may be no revenue, or a bill forgotten.',
		rule: 'Net revenue of an order line recognised more than {days} days before as-of exceeds what is invoiced less credited for it by more than one minor unit a revenue event.',
		source: 'ASC 606-10-45-3',
		parameters: [{ name: 'days', default: 60, unit: 'days', doc: 'Age at as-of from which unbilled revenue is an exception.' }],
		needs: [
			...OBLIGATION_NEEDS,
			{ table: 'contract', columns: ['contract_id'] },
			{ table: 'revenue_event', columns: REVENUE_COLUMNS },
			{ table: 'invoice', columns: ['invoice_id', 'kind'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'amount_minor'] },
		],
		mayRead: ['shipment'],
		run: recognisedNotInvoiced,
	},
];
