/** T33: more taken back than was ever given. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { citeInvoices, citeLine, lineCurrency, lineName, worthOf } from './billingDraft.ts';
import {
	billedQuantities,
	codeFor,
	invoiceOfInvoiceLine,
	isCredit,
	lineOfInvoiceLine,
	orderLineRows,
	orderOfLine,
	rowsOfLine,
	type Sums,
	sumsOf,
} from './billingLines.ts';
import { inMoney, inUnits, keysOf, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_EVENTS_MAX = 40;

/**
 * Reading: per order line, in the order's currency, beyond one minor unit a row for rounding; a credit of more goods than were invoiced
 * counts as well. Revenue that names no line is found through its obligation; where neither is named, the order's total is judged.
 */
function reversalsExceed({ population }: AuditContext): Outcome {
	const lines = population.table('sales_order_line');
	const exceptions = [...creditsExceedingInvoices(population), ...reversalsOfLines(population), ...reversalsOfOrders(population)];
	return { tested: lines.rows, exceptions, open: 0 };
}

function* creditsExceedingInvoices(population: Population): Generator<ExceptionDraft> {
	const { invoicedMinor, creditedMinor, rows } = population.derive(billedAmounts);
	const { invoiced, creditedGoods } = population.derive(billedQuantities);
	for (let line = 0; line < rows.length; line++) {
		const excess = (creditedMinor[line] as bigint) - (invoicedMinor[line] as bigint);
		const excessGoods = (creditedGoods[line] as bigint) - (invoiced[line] as bigint);
		const isExcess = excess > BigInt(rows[line] as number);
		if (!isExcess && excessGoods <= 0n) continue;
		const currency = lineCurrency(population, line);
		const invoiceLines = rowsOfLine(population, 'invoice_line', line).subarray(0, 30);
		const price = population.table('sales_order_line').minors('unit_price_minor')[line] as bigint;
		const goods =
			excessGoods > 0n ? ` and ${inUnits(creditedGoods[line] as bigint)} units against ${inUnits(invoiced[line] as bigint)}` : '';
		yield {
			orderId: population.table('sales_order_line').text('order_id', line),
			keys: keysOf(population, 'sales_order_line', line),
			amountMinor: isExcess ? excess : worthOf(excessGoods, price),
			currency,
			reason: `On ${lineName(population, line)}, ${inMoney(creditedMinor[line] as bigint, currency)} were credited against ${inMoney(invoicedMinor[line] as bigint, currency)} invoiced${goods}.`,
			rows: [...citeLine(population, line, []), ...citeInvoices(population, invoiceLines), ...refs('invoice_line', invoiceLines)].slice(
				0,
				50,
			),
		};
	}
}

interface BilledAmounts {
	/** Minor units by sales_order_line row, of invoices in the order's currency. */
	readonly invoicedMinor: Sums;
	readonly creditedMinor: Sums;
	/** Invoice lines summed, by sales_order_line row. */
	readonly rows: Uint32Array;
}

function billedAmounts(population: Population): BilledAmounts {
	const size = population.table('sales_order_line').rows;
	const amounts = population.table('invoice_line').minors('amount_minor');
	const lineOf = population.derive(lineOfInvoiceLine);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const orderOf = population.derive(orderOfLine);
	const credit = population.derive(isCredit);
	const billedIn = population.table('invoice').codes('currency');
	const orderedIn = population.table('sales_order').codes('currency');
	const invoicedMinor = sumsOf(size, amounts);
	const creditedMinor = sumsOf(size, amounts);
	const rows = new Uint32Array(size);
	for (let row = 0; row < lineOf.length; row++) {
		const line = lineOf[row] as number;
		const invoice = invoiceOf[row] as number;
		if (line < 0 || invoice < 0 || billedIn[invoice] !== orderedIn[orderOf[line] as number]) continue;
		rows[line] = (rows[line] as number) + 1;
		if (credit[row] === 1) creditedMinor[line] = (creditedMinor[line] as bigint) + absolute(amounts[row] as bigint);
		else invoicedMinor[line] = (invoicedMinor[line] as bigint) + (amounts[row] as bigint);
	}
	return { invoicedMinor, creditedMinor, rows };
}

function* reversalsOfLines(population: Population): Generator<ExceptionDraft> {
	const lines = population.table('sales_order_line');
	const orderOf = population.derive(orderOfLine);
	const isWhole = population.derive(ordersWithLinelessRevenue);
	const totals = totalsOf(population, population.derive(lineOfRevenue), lines.rows);
	for (const line of exceeding(totals)) {
		if (isWhole[orderOf[line] as number] === 1) continue;
		yield {
			...exceedingDraft(totals, line, lineName(population, line), lineCurrency(population, line)),
			orderId: lines.text('order_id', line),
			keys: keysOf(population, 'sales_order_line', line),
			rows: [
				...citeLine(population, line, []),
				...refs('revenue_event', rowsOfLine(population, 'revenue_event', line).subarray(0, CITED_EVENTS_MAX)),
			],
		};
	}
}

function* reversalsOfOrders(population: Population): Generator<ExceptionDraft> {
	const orders = population.table('sales_order');
	const isWhole = population.derive(ordersWithLinelessRevenue);
	if (!isWhole.includes(1)) return;
	const totals = totalsOf(population, population.derive(orderOfRevenue), orders.rows);
	for (const order of exceeding(totals)) {
		if (isWhole[order] !== 1) continue;
		const cited = population.index('revenue_event', 'order_id').rowsOf(orders.codes('order_id')[order] as number);
		yield {
			...exceedingDraft(totals, order, `order ${orders.text('order_id', order)}`, orders.text('currency', order)),
			orderId: orders.text('order_id', order),
			keys: keysOf(population, 'sales_order', order),
			rows: [...refs('sales_order', [order]), ...refs('revenue_event', cited.subarray(0, CITED_EVENTS_MAX))],
		};
	}
}

function orderOfRevenue(population: Population): Int32Array {
	const index = population.index('sales_order', 'order_id');
	return population
		.table('revenue_event')
		.ids('order_id')
		.map((code) => index.rowOf(code));
}

/** 1 for orders with a revenue event that can be laid to no line: their lines can't be judged one by one. */
function ordersWithLinelessRevenue(population: Population): Uint8Array {
	const flags = new Uint8Array(population.table('sales_order').rows);
	const lineOf = population.derive(lineOfRevenue);
	const orderOf = population.derive(orderOfRevenue);
	for (let row = 0; row < lineOf.length; row++) if (lineOf[row] === -1 && (orderOf[row] as number) >= 0) flags[orderOf[row] as number] = 1;
	return flags;
}

/** The order line of each revenue event, by itself or by its obligation; -1 where neither names one. */
function lineOfRevenue(population: Population): Int32Array {
	const direct = orderLineRows(population, 'revenue_event');
	if (!population.has('obligation')) return direct;
	const obligations = population.table('revenue_event').codes('obligation_id');
	const index = population.index('obligation', 'obligation_id');
	const lineOfObligation = orderLineRows(population, 'obligation');
	return direct.map((line, row) => {
		if (line >= 0) return line;
		const obligation = index.rowOf(obligations[row] as number);
		return obligation < 0 ? -1 : (lineOfObligation[obligation] as number);
	});
}

interface RevenueTotals {
	/** Minor units recognised or reinstated, and reversed. */
	readonly recognised: Sums;
	readonly reversed: Sums;
	readonly events: Uint32Array;
}

function totalsOf(population: Population, keyOf: Int32Array, size: number): RevenueTotals {
	const events = population.table('revenue_event');
	const amounts = events.minors('amount_minor');
	const kinds = events.codes('kind');
	const reverse = codeFor(events, 'kind', 'reverse');
	const currencies = events.codes('currency');
	const orderOf = population.derive(orderOfRevenue);
	const orderedIn = population.table('sales_order').codes('currency');
	const recognised = sumsOf(size, amounts);
	const reversed = sumsOf(size, amounts);
	const count = new Uint32Array(size);
	for (let row = 0; row < keyOf.length; row++) {
		const key = keyOf[row] as number;
		if (key < 0 || currencies[row] !== orderedIn[orderOf[row] as number]) continue;
		const sums = kinds[row] === reverse ? reversed : recognised;
		sums[key] = (sums[key] as bigint) + (amounts[row] as bigint);
		count[key] = (count[key] as number) + 1;
	}
	return { recognised, reversed, events: count };
}

function* exceeding({ recognised, reversed, events }: RevenueTotals): Generator<number> {
	for (let key = 0; key < events.length; key++)
		if (
			(reversed[key] as bigint) > (recognised[key] as bigint) &&
			(reversed[key] as bigint) - (recognised[key] as bigint) > BigInt(events[key] as number)
		)
			yield key;
}

function exceedingDraft({ recognised, reversed }: RevenueTotals, key: number, name: string, currency: string | null) {
	const excess = (reversed[key] as bigint) - (recognised[key] as bigint);
	return {
		amountMinor: excess,
		currency,
		reason: `On ${name}, ${inMoney(reversed[key] as bigint, currency)} of revenue were reversed against ${inMoney(recognised[key] as bigint, currency)} recognised or reinstated: ${inMoney(excess, currency)} too much.`,
	};
}

export const REVERSAL_TESTS: readonly AuditTest[] = [
	{
		id: 'T33',
		judgesByAbsence: true,
		version: 1,
		title: 'Reversals exceed the original',
		severity: 'critical',
		why: 'Crediting or reversing more than was billed or recognised gives money or income away that never was.',
		rule: 'On an order line, credit memos exceed invoices, or reversed revenue exceeds what was recognised and reinstated, beyond one minor unit a row for rounding.',
		source: 'ASC 606-10-32-43',
		parameters: [],
		needs: [
			{ table: 'sales_order', columns: ['order_id', 'currency'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'unit_price_minor'] },
			{ table: 'invoice', columns: ['invoice_id', 'kind', 'currency'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'unit_price_minor', 'amount_minor'] },
			{ table: 'revenue_event', columns: ['revenue_id', 'order_id', 'kind', 'amount_minor', 'currency'] },
		],
		mayRead: ['obligation'],
		run: reversalsExceed,
	},
];
