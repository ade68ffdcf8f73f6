/** What every book says of every order line, in one pass a table: quantities in millionths, amounts in minor units of the order's currency. */
import { bookingsOf, invoiceOfInvoiceLine, isCredit, lineOfInvoiceLine, type Sums, shippedQuantities, signedAmounts, sumsOf } from '#audit';
import { absolute } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { revenueBook } from '#revenue';
import type { ReconcileStage } from './reconcileReasons.ts';

/** By row of sales_order_line. Columns of a book that was not supplied are all zero: ask `bookSupply`. */
export interface LineColumns {
	readonly ordered: BigInt64Array;
	readonly orderedMinor: BigInt64Array;
	readonly shipped: Sums;
	readonly delivered: Sums;
	/** Units invoiced, and units credited. */
	readonly invoiced: Sums;
	readonly credited: Sums;
	readonly invoicedMinor: Sums;
	readonly creditedMinor: Sums;
	/** Recognised and reinstated less reversed. */
	readonly recognisedMinor: Sums;
	readonly revenueEvents: Uint16Array;
	/** Net of revenue accounts over the journals that name the line's revenue events. */
	readonly ledgerMinor: Sums;
}

/** The five books of the chain, as totals and rows name them. */
export const RECONCILE_BOOKS = ['ordered', 'shipped', 'invoicedNet', 'recognised', 'ledger'] as const;
export type ReconcileBook = (typeof RECONCILE_BOOKS)[number];

/** What a book is drawn from, and how much of that is not there. */
export interface BookSupply {
	/** Tables that were not supplied: nothing can be said of the book. */
	readonly missing: readonly TableName[];
	/** Malformed lines of its tables that were set aside: its sums are without them. */
	readonly setAside: number;
}

const BOOK_TABLES: Readonly<Record<ReconcileBook, readonly TableName[]>> = {
	ordered: ['sales_order', 'sales_order_line'],
	shipped: ['shipment'],
	invoicedNet: ['invoice', 'invoice_line'],
	recognised: ['obligation', 'revenue_event'],
	ledger: ['obligation', 'revenue_event', 'account', 'journal_line'],
};

/** By book; needs sales_order, sales_order_line and contract. */
export const bookSupply = (population: Population): Readonly<Record<ReconcileBook, BookSupply>> => population.derive(supplyOf);

function supplyOf(population: Population): Readonly<Record<ReconcileBook, BookSupply>> {
	const one = (book: ReconcileBook): BookSupply => ({
		missing: BOOK_TABLES[book].filter((name) => !population.has(name)),
		setAside: BOOK_TABLES[book].reduce((sum, name) => sum + (population.has(name) ? population.table(name).quarantine.length : 0), 0),
	});
	return Object.fromEntries(RECONCILE_BOOKS.map((book) => [book, one(book)])) as Record<ReconcileBook, BookSupply>;
}

/** A figure of a book, or null where the book was not supplied. */
export const suppliedOr = (population: Population, book: ReconcileBook, minor: bigint): bigint | null =>
	bookSupply(population)[book].missing.length > 0 ? null : minor;

const STAGE_TABLES: Readonly<Record<ReconcileStage, readonly TableName[]>> = {
	order_shipment: ['sales_order', 'sales_order_line', 'contract', 'shipment'],
	shipment_billing: ['sales_order', 'sales_order_line', 'contract', 'shipment', 'invoice', 'invoice_line'],
	// Net revenue is held against what was transferred, which is read off the shipments.
	billing_revenue: ['sales_order', 'sales_order_line', 'contract', 'shipment', 'obligation', 'revenue_event', 'invoice', 'invoice_line'],
	revenue_ledger: ['sales_order', 'sales_order_line', 'contract', 'obligation', 'revenue_event', 'account', 'journal_line'],
};

/** Tables without which a stage cannot be compared; empty where it can. */
export const missingTables = (population: Population, stage: ReconcileStage): readonly TableName[] =>
	STAGE_TABLES[stage].filter((name) => !population.has(name));

const hasStage = (population: Population, stage: ReconcileStage): boolean => missingTables(population, stage).length === 0;

/** Needs sales_order_line. */
export const lineColumns = (population: Population): LineColumns => population.derive(collectColumns);

function collectColumns(population: Population): LineColumns {
	const lines = population.table('sales_order_line');
	const none = new BigInt64Array(lines.rows);
	const shipping = hasStage(population, 'order_shipment') ? shippedQuantities(population) : { shipped: none, delivered: none };
	const hasBilling = population.has('invoice') && population.has('invoice_line');
	const billing = hasBilling ? billedColumns(population) : { invoiced: none, credited: none, invoicedMinor: none, creditedMinor: none };
	return {
		ordered: lines.quantities('quantity'),
		orderedMinor: lines.minors('amount_minor'),
		...shipping,
		...billing,
		...revenueColumns(population),
	};
}

function billedColumns(population: Population): Pick<LineColumns, 'invoiced' | 'credited' | 'invoicedMinor' | 'creditedMinor'> {
	const table = population.table('invoice_line');
	const size = population.table('sales_order_line').rows;
	const lineOf = population.derive(lineOfInvoiceLine);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const credit = population.derive(isCredit);
	const [units, minors] = [table.quantities('quantity'), table.minors('amount_minor')];
	const columns = {
		invoiced: sumsOf(size, units),
		credited: sumsOf(size, units),
		invoicedMinor: sumsOf(size, minors),
		creditedMinor: sumsOf(size, minors),
	};
	for (let row = 0; row < table.rows; row++) {
		const line = lineOf[row] as number;
		if (line < 0 || (invoiceOf[row] as number) < 0) continue;
		// A credit memo's amounts count by their magnitude, whichever sign they are written with.
		if (credit[row] === 1) {
			columns.credited[line] = (columns.credited[line] as bigint) + absolute(units[row] as bigint);
			columns.creditedMinor[line] = (columns.creditedMinor[line] as bigint) + absolute(minors[row] as bigint);
		} else {
			columns.invoiced[line] = (columns.invoiced[line] as bigint) + (units[row] as bigint);
			columns.invoicedMinor[line] = (columns.invoicedMinor[line] as bigint) + (minors[row] as bigint);
		}
	}
	return columns;
}

const MAX_COUNTED = 65_535;

function revenueColumns(population: Population): Pick<LineColumns, 'recognisedMinor' | 'revenueEvents' | 'ledgerMinor'> {
	const size = population.table('sales_order_line').rows;
	const revenueEvents = new Uint16Array(size);
	if (!(population.has('revenue_event') && population.has('obligation') && population.has('sales_order') && population.has('contract')))
		return { recognisedMinor: new BigInt64Array(size), revenueEvents, ledgerMinor: new BigInt64Array(size) };
	const book = revenueBook(population);
	const signed = signedAmounts(population);
	const recognisedMinor = sumsOf(size, population.table('revenue_event').minors('amount_minor'));
	const ledger = hasStage(population, 'revenue_ledger') ? bookingsOf(population).net : null;
	// Sums of sums: journals may repeat an amount as often as there are journal lines.
	const ledgerMinor: Sums = ledger instanceof BigInt64Array ? sumsOf(size, ledger) : new Array<bigint>(size).fill(0n);
	for (let event = 0; event < book.line.length; event++) {
		const line = book.line[event] as number;
		if (line < 0) continue;
		recognisedMinor[line] = (recognisedMinor[line] as bigint) + signed(event);
		if ((revenueEvents[line] as number) < MAX_COUNTED) revenueEvents[line] = (revenueEvents[line] as number) + 1;
		if (ledger) ledgerMinor[line] = (ledgerMinor[line] as bigint) + (ledger[event] as bigint);
	}
	return { recognisedMinor, revenueEvents, ledgerMinor };
}
