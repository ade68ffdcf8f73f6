/** What the audit tests of the chain say of single order lines: the same rules and parameters as the procedures, so the two never disagree. */
import {
	CATALOGUE,
	type EvidenceFacts,
	type ExceptionDraft,
	lineOfInvoiceLine,
	type Overrides,
	returnedQuantities,
	runTest,
	type TestRun,
} from '#audit';
import type { Population } from '#population';
import { lineColumns } from './reconcileColumns.ts';
import { type ReasonCode, reasonNumber } from './reconcileReasons.ts';

/** The tests whose exceptions are breaks of the chain. T40 is judged event by event in `judgeLedger`, T41 is a control total. */
const CHAIN_TESTS = ['T01', 'T02', 'T03', 'T04', 'T05', 'T06', 'T07', 'T08', 'T09', 'T10', 'T39'] as const;
type ChainTest = (typeof CHAIN_TESTS)[number];

/** A break of one line, or of a row that belongs to none. */
export interface ChainBreak {
	/** Row of sales_order_line, -1 where there is none. */
	readonly line: number;
	/** The row it is about, where no line is: of shipment, invoice_line or journal_line. */
	readonly orphan: { readonly table: 'shipment' | 'invoice_line' | 'journal_line'; readonly row: number } | null;
	readonly reason: number;
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
	readonly sentence: string;
	readonly test: string;
	readonly keys: Readonly<Record<string, string>>;
	readonly orderId: string | null;
}

export interface ChainBreaks {
	readonly breaks: readonly ChainBreak[];
	/** Tests that could not be run, or left subjects open, with why. */
	readonly notTold: readonly { readonly test: string; readonly why: string }[];
}

/** Runs the chain's tests with the engagement's parameters. */
export function chainBreaks(population: Population, evidence: EvidenceFacts, overrides: Overrides): ChainBreaks {
	const breaks: ChainBreak[] = [];
	const notTold: { test: string; why: string }[] = [];
	for (const id of CHAIN_TESTS) {
		const test = CATALOGUE.find((one) => one.id === id);
		if (!test) continue;
		const run = runTest(test, population, evidence, overrides);
		if (run.verdict === 'not_testable' || run.verdict === 'incomplete') notTold.push({ test: id, why: run.why ?? '' });
		for (const exception of run.exceptions) breaks.push(...breaksOf(population, id, exception, run));
	}
	return { breaks, notTold };
}

function breaksOf(population: Population, id: ChainTest, exception: ExceptionDraft, run: TestRun): ChainBreak[] {
	const common = {
		amountMinor: exception.amountMinor,
		currency: exception.currency,
		sentence: exception.reason,
		test: run.test.id,
		keys: exception.keys,
		orderId: exception.orderId,
	};
	const lines = linesOf(population, id, exception);
	if (lines.length > 0) return lines.map((line) => ({ ...common, line, orphan: null, reason: reasonOf(population, id, line) }));
	const orphan = orphanOf(exception);
	return orphan ? [{ ...common, line: -1, orphan, reason: orphanReason(id, orphan.table) }] : [];
}

/** The order lines an exception is about: those it cites, those of a cited invoice, or those of its order. */
function linesOf(population: Population, id: ChainTest, { rows, orderId }: ExceptionDraft): number[] {
	if (id === 'T39') return [];
	const cited = rows.filter(({ table }) => table === 'sales_order_line').map(({ row }) => row);
	if (cited.length > 0) return [...new Set(cited)];
	const invoiceLines = rows.filter(({ table }) => table === 'invoice_line').map(({ row }) => row);
	const invoices = rows.filter(({ table }) => table === 'invoice').map(({ row }) => row);
	const lineOf = population.has('invoice_line') && population.has('invoice') ? population.derive(lineOfInvoiceLine) : null;
	const found = new Set<number>();
	for (const row of [...invoiceLines, ...invoices.flatMap((invoice) => invoiceLinesOf(population, invoice))])
		found.add(lineOf?.[row] ?? -1);
	if (id === 'T07') for (const line of shippedLines(population, rows)) found.add(line);
	found.delete(-1);
	if (found.size === 0 && id === 'T10' && orderId !== null) {
		const code = population.dictionary('order').codeOf(orderId);
		for (const line of population.index('sales_order_line', 'order_id').rowsOf(code)) found.add(line);
	}
	return [...found];
}

function invoiceLinesOf(population: Population, invoice: number): number[] {
	if (!population.has('invoice_line')) return [];
	const code = population.table('invoice').codes('invoice_id')[invoice] as number;
	return [...population.index('invoice_line', 'invoice_id').rowsOf(code).subarray(0, 1000)];
}

function shippedLines(population: Population, rows: ExceptionDraft['rows']): number[] {
	const shipments = population.table('shipment');
	const index = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	return rows
		.filter(({ table }) => table === 'shipment')
		.map(({ row }) => index.rowOf(shipments.codes('order_id')[row] as number, shipments.codes('line_id')[row] as number));
}

function orphanOf({ rows }: ExceptionDraft): ChainBreak['orphan'] {
	for (const { table, row } of rows)
		if (table === 'invoice_line' || table === 'shipment' || table === 'journal_line') return { table, row };
	return null;
}

const orphanReason = (id: ChainTest, table: 'shipment' | 'invoice_line' | 'journal_line'): number =>
	reasonNumber(
		table === 'journal_line'
			? 'ledger_without_source'
			: table === 'shipment' || id === 'T07'
				? 'shipment_without_order'
				: 'invoice_without_order',
	);

const REASON_OF: Readonly<Record<ChainTest, ReasonCode>> = {
	T01: 'shipped_not_invoiced',
	T02: 'invoiced_not_shipped',
	T03: 'transferred_not_recognised',
	T04: 'recognised_not_invoiced',
	T05: 'closed_incomplete',
	T06: 'invoice_without_order',
	T07: 'shipped_after_cancellation',
	T08: 'price_differs',
	T09: 'invoiced_beyond_delivery',
	T10: 'currency_differs',
	T39: 'ledger_without_source',
};

/** T09 speaks of three links of one chain: which of them broke is read off the quantities. */
function reasonOf(population: Population, id: ChainTest, line: number): number {
	if (id !== 'T09') return reasonNumber(REASON_OF[id]);
	const own = population.derive(shippedBeyondOrder)[line] as number;
	return own === 1
		? reasonNumber('shipped_beyond_order')
		: own === 2
			? reasonNumber('delivered_beyond_shipped')
			: reasonNumber(REASON_OF.T09);
}

/** 1 for lines shipped beyond their order, 2 for lines nothing of which was shipped though it was delivered. */
function shippedBeyondOrder(population: Population): Uint8Array {
	const { ordered, shipped, invoiced } = lineColumns(population);
	const { returned } = population.derive(returnedQuantities);
	return Uint8Array.from(ordered, (quantity, line) => {
		if ((shipped[line] as bigint) - (returned[line] as bigint) > quantity) return 1;
		return invoiced[line] === 0n ? 2 : 0;
	});
}
