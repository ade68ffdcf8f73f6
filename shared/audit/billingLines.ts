/** How shipments and invoice lines join order lines, and what they sum to: derived once a population, read by the billing tests. */
import { absolute, maximum } from '#kernel';
import type { TableName } from '#model';
import type { Population, PopulationTable } from '#population';

/** Matches no code, not even the -1 of a null. */
const NEVER = -2;

/** The code of a closed value such as "credit_memo" in a column; of a value that never occurred, one no row has. */
export function codeFor(table: PopulationTable, column: string, text: string): number {
	const code = table.dictionary(column).codeOf(text);
	return code < 0 ? NEVER : code;
}

/** Rows of a table as rows of sales_order_line, -1 where (order_id, line_id) is null or unknown. */
export function orderLineRows(population: Population, name: TableName): Int32Array {
	const table = population.table(name);
	const orders = table.codes('order_id');
	const lines = table.codes('line_id');
	const index = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const rows = new Int32Array(table.rows);
	for (let row = 0; row < rows.length; row++) rows[row] = index.rowOf(orders[row] as number, lines[row] as number);
	return rows;
}

export const lineOfShipment = (population: Population): Int32Array => orderLineRows(population, 'shipment');
export const lineOfInvoiceLine = (population: Population): Int32Array => orderLineRows(population, 'invoice_line');

/** Rows of a table as rows of `target`, by an id column they share, -1 where null or unknown. */
function rowsBy(population: Population, name: TableName, column: string, target: TableName): Int32Array {
	const codes = population.table(name).codes(column);
	const index = population.index(target, column);
	const rows = new Int32Array(codes.length);
	for (let row = 0; row < rows.length; row++) rows[row] = index.rowOf(codes[row] as number);
	return rows;
}

export const orderOfLine = (population: Population): Int32Array => rowsBy(population, 'sales_order_line', 'order_id', 'sales_order');
export const orderOfInvoiceLine = (population: Population): Int32Array => rowsBy(population, 'invoice_line', 'order_id', 'sales_order');
const contractOfOrder = (population: Population): Int32Array => rowsBy(population, 'sales_order', 'contract_id', 'contract');
export const invoiceOfInvoiceLine = (population: Population): Int32Array => rowsBy(population, 'invoice_line', 'invoice_id', 'invoice');
export const shipmentOfInvoiceLine = (population: Population): Int32Array => rowsBy(population, 'invoice_line', 'shipment_id', 'shipment');

/** The contract of every order line, -1 where order or contract is unknown. */
export function contractOfLine(population: Population): Int32Array {
	const contracts = population.derive(contractOfOrder);
	return population.derive(orderOfLine).map((order) => (order < 0 ? -1 : (contracts[order] as number)));
}

/** Running sums: 64-bit cells where no sum can leave 64 bits, else exact big integers, so that hostile amounts cannot wrap around. */
export type Sums = BigInt64Array | bigint[];

const LARGEST_SUM = 2n ** 62n;

/** Zero sums of `size` keys, wide enough for any sum of cells of the given columns. */
export function sumsOf(size: number, ...columns: readonly BigInt64Array[]): Sums {
	const count = columns.reduce((sum, cells) => sum + cells.length, 0);
	const largest = columns.reduce((most, cells) => maximum(most, largestOf(cells)), 0n);
	return largest * BigInt(count) < LARGEST_SUM ? new BigInt64Array(size) : new Array<bigint>(size).fill(0n);
}

/** Columns never change, and the same ones are summed by many tests. */
const LARGEST_CELLS = new WeakMap<BigInt64Array, bigint>();

/** The largest magnitude in a column. */
function largestOf(cells: BigInt64Array): bigint {
	const known = LARGEST_CELLS.get(cells);
	if (known !== undefined) return known;
	let least = 0n;
	let most = 0n;
	for (let row = 0; row < cells.length; row++) {
		const cell = cells[row] as bigint;
		if (cell < least) least = cell;
		if (cell > most) most = cell;
	}
	const largest = maximum(most, -least);
	LARGEST_CELLS.set(cells, largest);
	return largest;
}

/** Millionths by sales_order_line row. */
export interface ShippedQuantities {
	readonly shipped: Sums;
	readonly delivered: Sums;
}

export function shippedQuantities(population: Population): ShippedQuantities {
	const table = population.table('shipment');
	const lines = population.derive(lineOfShipment);
	const quantities = table.quantities('quantity');
	const deliveredAt = table.instants('delivered_at');
	const size = population.table('sales_order_line').rows;
	const shipped = sumsOf(size, quantities);
	const delivered = sumsOf(size, quantities);
	for (let row = 0; row < lines.length; row++) {
		const line = lines[row] as number;
		if (line < 0) continue;
		const quantity = quantities[row] as bigint;
		shipped[line] = (shipped[line] as bigint) + quantity;
		if (!Number.isNaN(deliveredAt[row] as number)) delivered[line] = (delivered[line] as bigint) + quantity;
	}
	return { shipped, delivered };
}

/** 1 for the invoice lines that belong to a credit memo. */
export function isCredit(population: Population): Uint8Array {
	const invoices = population.table('invoice');
	const kinds = invoices.codes('kind');
	const creditMemo = codeFor(invoices, 'kind', 'credit_memo');
	const flags = new Uint8Array(population.table('invoice_line').rows);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	for (let row = 0; row < flags.length; row++) {
		const invoice = invoiceOf[row] as number;
		if (invoice >= 0 && kinds[invoice] === creditMemo) flags[row] = 1;
	}
	return flags;
}

/** Millionths and minor units by sales_order_line row. */
export interface BilledQuantities {
	readonly invoiced: Sums;
	/** Every credited quantity, whatever its price. */
	readonly credited: Sums;
	/** The part of it that takes goods off the bill; the rest only lowers the price of goods that stay billed. */
	readonly creditedGoods: Sums;
	/** 1 for the invoice lines of credit memos that only lower a price. */
	readonly isPriceCredit: Uint8Array;
}

/**
 * What was invoiced and credited. The invoice's kind gives the sign: a credit memo's quantities count by their magnitude, whichever
 * sign they are written with. A credit at less than the price ordered and billed lowers the price and takes back no goods.
 */
export function billedQuantities(population: Population): BilledQuantities {
	const table = population.table('invoice_line');
	const orderLines = population.table('sales_order_line');
	const lines = population.derive(lineOfInvoiceLine);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const credit = population.derive(isCredit);
	const quantities = table.quantities('quantity');
	const prices = table.minors('unit_price_minor');
	const invoiced = sumsOf(orderLines.rows, quantities);
	const credited = sumsOf(orderLines.rows, quantities);
	const creditedGoods = sumsOf(orderLines.rows, quantities);
	const lowestPrice = orderLines.minors('unit_price_minor').slice();
	for (let row = 0; row < lines.length; row++) {
		const line = lines[row] as number;
		if (line < 0 || credit[row] === 1 || (invoiceOf[row] as number) < 0) continue;
		invoiced[line] = (invoiced[line] as bigint) + (quantities[row] as bigint);
		if ((prices[row] as bigint) < (lowestPrice[line] as bigint)) lowestPrice[line] = prices[row] as bigint;
	}
	const isPriceCredit = new Uint8Array(table.rows);
	for (let row = 0; row < lines.length; row++) {
		const line = lines[row] as number;
		if (line < 0 || credit[row] === 0) continue;
		const quantity = absolute(quantities[row] as bigint);
		credited[line] = (credited[line] as bigint) + quantity;
		if (absolute(prices[row] as bigint) < (lowestPrice[line] as bigint)) isPriceCredit[row] = 1;
		else creditedGoods[line] = (creditedGoods[line] as bigint) + quantity;
	}
	return { invoiced, credited, creditedGoods, isPriceCredit };
}

/** Orders of more rows than this are looked up by line, so that no order costs its rows times its lines. */
const SEARCHED_ROWS_MAX = 64;

/** A table's rows of one order line, by the line's own keys, in file order. */
export function rowsOfLine(population: Population, name: TableName, line: number): Int32Array {
	const table = population.table('sales_order_line');
	const order = table.codes('order_id')[line] as number;
	const lineId = table.codes('line_id')[line] as number;
	const ofOrder = population.index(name, 'order_id').rowsOf(order);
	if (lineId < 0 || ofOrder.length > SEARCHED_ROWS_MAX) return population.pairIndex(name, 'order_id', 'line_id').rowsOf(order, lineId);
	const lineIds = population.table(name).codes('line_id');
	return ofOrder.filter((row) => lineIds[row] === lineId);
}

/** 1 for order lines an over-time obligation stands behind. None where no obligations were supplied. */
export function isOverTime(population: Population): Uint8Array {
	const lines = population.table('sales_order_line');
	const flags = new Uint8Array(lines.rows);
	if (!population.has('obligation')) return flags;
	const obligations = population.table('obligation');
	const methods = obligations.codes('method');
	const overTime = codeFor(obligations, 'method', 'over_time');
	const lineOfObligation = orderLineRows(population, 'obligation');
	for (let row = 0; row < methods.length; row++)
		if (methods[row] === overTime && (lineOfObligation[row] as number) >= 0) flags[lineOfObligation[row] as number] = 1;
	const obligationOf = rowsBy(population, 'sales_order_line', 'obligation_id', 'obligation');
	for (let line = 0; line < flags.length; line++) if (methods[obligationOf[line] as number] === overTime) flags[line] = 1;
	return flags;
}

/** 1 for order lines that may be invoiced before they are shipped; 2 for those whose contract is unknown (T76 reports them). */
export function isBilledAhead(population: Population): Uint8Array {
	const contracts = population.table('contract');
	const terms = contracts.codes('billing_term');
	const ahead = [codeFor(contracts, 'billing_term', 'advance'), codeFor(contracts, 'billing_term', 'milestone')];
	const holds = contracts.flags('bill_and_hold');
	const contractOf = population.derive(contractOfLine);
	return population.derive(isOverTime).map((overTime, line) => {
		const contract = contractOf[line] as number;
		if (contract < 0) return 2;
		return overTime === 1 || holds[contract] === 1 || ahead.includes(terms[contract] as number) ? 1 : 0;
	});
}
