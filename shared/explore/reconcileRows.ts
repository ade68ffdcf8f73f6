/** The queue of a reconciliation: its items filtered, sorted and paged, and one of them laid side by side over the books. */
import { orderOfLine, rowsOfLine, worthOf } from '#audit';
import type { TableName } from '#model';
import type { Population } from '#population';
import { revenueBook } from '#revenue';
import { amountAtIssue, currencyOfLine, NO_STAGE, type Reconciliation } from './reconcile.ts';
import { lineColumns, suppliedOr } from './reconcileColumns.ts';
import { RECONCILE_STAGES, type ReasonCode, type ReconcileClass, type ReconcileStage, reasonAt } from './reconcileReasons.ts';

/** Amounts in minor units; null where the book has nothing for the item, or was not supplied. */
export interface ReconcileRow {
	readonly item: number;
	readonly table: TableName;
	/** Primary key of the row, parts joined by "/". */
	readonly key: string;
	readonly orderId: string | null;
	readonly lineId: string | null;
	readonly customer: string | null;
	readonly stage: ReconcileStage | null;
	readonly reason: ReasonCode;
	readonly class: ReconcileClass;
	readonly title: string;
	readonly currency: string | null;
	readonly orderedMinor: bigint | null;
	readonly invoicedMinor: bigint | null;
	readonly recognisedMinor: bigint | null;
	readonly ledgerMinor: bigint | null;
	/** At issue, never negative; null where a book of the pair was not supplied. */
	readonly amountMinor: bigint | null;
	/** Milliseconds from where the chain stopped to as-of; null where nothing of it is dated, or the book that dates it was not supplied. */
	readonly ageMs: number | null;
}

export function rowOf(reconciliation: Reconciliation, item: number, stage: ReconcileStage | null): ReconcileRow {
	const { population, lines, orphans } = reconciliation;
	const orphan = orphans[item - lines];
	const shown = stageShown(reconciliation, item, stage);
	const reason = reasonAt(
		orphan || shown === null ? (reconciliation.reason[item] as number) : (reconciliation.stages[shown][item] as number),
	);
	const columns = lineColumns(population);
	const own = orphan ? orphan.amountMinor : null;
	const isOf = (table: TableName): bigint | null => (orphan?.table === table ? own : null);
	return {
		item,
		table: orphan?.table ?? 'sales_order_line',
		key: rowKey(reconciliation, item),
		orderId: orderIdOf(reconciliation, item),
		lineId: orphan ? null : population.table('sales_order_line').text('line_id', item),
		customer: customerOf(population, orphan ? -1 : (population.derive(orderOfLine)[item] as number)),
		stage: shown,
		reason: reason.code,
		class: reason.class,
		title: reason.title,
		currency: currencyOf(reconciliation, item),
		orderedMinor: orphan ? null : (columns.orderedMinor[item] as bigint),
		invoicedMinor: orphan
			? isOf('invoice_line')
			: suppliedOr(population, 'invoicedNet', (columns.invoicedMinor[item] as bigint) - (columns.creditedMinor[item] as bigint)),
		recognisedMinor: orphan ? isOf('revenue_event') : suppliedOr(population, 'recognised', columns.recognisedMinor[item] as bigint),
		ledgerMinor: orphan ? isOf('journal_line') : suppliedOr(population, 'ledger', columns.ledgerMinor[item] as bigint),
		amountMinor: amountOf(reconciliation, item, stage),
		ageMs: ageOf(reconciliation, item, stage),
	};
}

function stageShown({ stage }: Reconciliation, item: number, wanted: ReconcileStage | null): ReconcileStage | null {
	if (wanted !== null) return wanted;
	const own = stage[item] as number;
	return own === NO_STAGE ? null : (RECONCILE_STAGES[own] ?? null);
}

export const rowKey = ({ population, lines, orphans }: Reconciliation, item: number): string => {
	const orphan = orphans[item - lines];
	return population.table(orphan?.table ?? 'sales_order_line').keyText(orphan?.row ?? item);
};

export function orderIdOf({ population, lines, orphans }: Reconciliation, item: number): string | null {
	const orphan = orphans[item - lines];
	if (!orphan) return population.table('sales_order_line').text('order_id', item);
	return orphan.table === 'journal_line' ? null : population.table(orphan.table).text('order_id', orphan.row);
}

export const currencyOf = (reconciliation: Reconciliation, item: number): string | null => {
	const orphan = reconciliation.orphans[item - reconciliation.lines];
	return orphan ? orphan.currency : currencyOfLine(reconciliation.population, item);
};

/** Minor units at issue: at one stage, or at that which names the item; null where it cannot be told. */
export function amountOf(reconciliation: Reconciliation, item: number, stage: ReconcileStage | null): bigint | null {
	const orphan = reconciliation.orphans[item - reconciliation.lines];
	if (orphan) return orphan.amountMinor < 0n ? -orphan.amountMinor : orphan.amountMinor;
	const shown = stageShown(reconciliation, item, stage);
	return shown === null || (reconciliation.stages[shown][item] as number) === 0 ? 0n : amountAtIssue(reconciliation, item, shown);
}

function customerOf(population: Population, order: number): string | null {
	if (order < 0) return null;
	const orders = population.table('sales_order');
	const customer = population.has('customer')
		? population.index('customer', 'customer_id').rowOf(orders.codes('customer_id')[order] as number)
		: -1;
	return customer < 0 ? orders.text('customer_id', order) : population.table('customer').text('name', customer);
}

const DATED: Readonly<Record<ReconcileStage, readonly [TableName, string]>> = {
	order_shipment: ['sales_order', 'ordered_at'],
	shipment_billing: ['shipment', 'shipped_at'],
	billing_revenue: ['shipment', 'delivered_at'],
	revenue_ledger: ['revenue_event', 'posted_at'],
};

/** From the earliest row of the book that is ahead, to as-of. */
export function ageOf(reconciliation: Reconciliation, item: number, wanted: ReconcileStage | null): number | null {
	const { population, lines, orphans } = reconciliation;
	const orphan = orphans[item - lines];
	const stage = stageShown(reconciliation, item, wanted);
	if (orphan || stage === null || !population.has(DATED[stage][0])) return null;
	const ordered = firstOf(population, 'sales_order', 'ordered_at', [population.derive(orderOfLine)[item] as number]);
	const [table, column] = DATED[stage];
	const rows =
		table === 'sales_order' ? [] : table === 'revenue_event' ? revenueRows(population, item) : rowsOfLine(population, table, item);
	const since = firstOf(population, table, column, rows) ?? ordered;
	return since === null ? null : Math.max(0, population.asOf - since);
}

const revenueRows = (population: Population, line: number): Iterable<number> =>
	population.has('obligation') ? revenueBook(population).ofLine(line) : [];

export function firstOf(population: Population, table: TableName, column: string, rows: Iterable<number>): number | null {
	if (!population.has(table)) return null;
	const instants = population.table(table).instants(column);
	let first = Number.POSITIVE_INFINITY;
	for (const row of rows) if (row >= 0 && (instants[row] as number) < first) first = instants[row] as number;
	return first === Number.POSITIVE_INFINITY ? null : first;
}

/** What goods of a line are worth at the price ordered. */
export const shippedWorth = (population: Population, line: number): bigint =>
	worthOf(lineColumns(population).shipped[line] as bigint, population.table('sales_order_line').minors('unit_price_minor')[line] as bigint);
