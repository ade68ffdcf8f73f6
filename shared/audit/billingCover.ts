/** Whether a second invoice is covered by goods or credits of its own. */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { billedQuantities, codeFor, isBilledAhead, lineOfInvoiceLine, shippedQuantities } from './billingLines.ts';
import { returnedQuantities, settledQuantities } from './billingReturns.ts';

/** What an invoice bills, as texts to compare. */
interface Cover {
	/** Its shipments in order; "" if it names none. */
	readonly shipments: string;
	/** Its known order lines in order; "" if it names none. */
	readonly lines: string;
	readonly lineRows: readonly number[];
}

/** The first invoices of a group, by what they cover: each later one is held against one of them. */
export class KnownInvoices {
	readonly #byShipments = new Map<string, number>();
	readonly #byLines = new Map<string, number>();
	readonly #byLinesWithoutShipments = new Map<string, number>();
	#first: number | undefined;

	add(row: number, { shipments, lines }: Cover): void {
		keepFirst(shipments === '' ? this.#byLinesWithoutShipments : this.#byShipments, shipments === '' ? lines : shipments, row);
		keepFirst(this.#byLines, lines, row);
		this.#first ??= row;
	}

	sameShipments({ shipments }: Cover): number | undefined {
		return shipments === '' ? undefined : this.#byShipments.get(shipments);
	}

	/** One of the same order lines where either names no shipment; where either names no line, nothing tells them apart. */
	sameLines({ shipments, lines }: Cover): number | undefined {
		if (shipments !== '') return this.#byLinesWithoutShipments.get(lines) ?? this.#byLinesWithoutShipments.get('');
		return this.#byLines.get(lines) ?? (lines === '' ? this.#first : this.#byLinesWithoutShipments.get(''));
	}
}

function keepFirst(map: Map<string, number>, key: string, row: number): void {
	if (!map.has(key)) map.set(key, row);
}

export function coverOf(population: Population, invoice: number): Cover {
	if (!population.has('invoice_line')) return { shipments: '', lines: '', lineRows: [] };
	const code = population.table('invoice').codes('invoice_id')[invoice] as number;
	const rows = population.index('invoice_line', 'invoice_id').rowsOf(code);
	const shipmentCodes = population.table('invoice_line').codes('shipment_id');
	const shipments = [...new Set(Array.from(rows, (row) => shipmentCodes[row] as number))].filter((shipment) => shipment >= 0);
	const lineOf = population.has('sales_order_line') ? population.derive(lineOfInvoiceLine) : null;
	const lineRows = lineOf ? [...new Set(Array.from(rows, (row) => lineOf[row] as number))].filter((line) => line >= 0) : [];
	const inOrder = (values: number[]): string => values.sort((a, b) => a - b).join(',');
	return { shipments: inOrder(shipments), lines: inOrder(lineRows), lineRows };
}

export const differsInNumber = (population: Population, a: number, b: number): boolean => {
	const numbers = population.table('invoice').codes('invoice_no');
	return numbers[a] !== numbers[b];
};

/** Whether credit memos that name it credit the whole invoice. */
export function isTakenBack(population: Population, row: number): boolean {
	const invoices = population.table('invoice');
	const creditMemo = codeFor(invoices, 'kind', 'credit_memo');
	if (invoices.codes('kind')[row] === creditMemo) return false;
	let credited = 0n;
	for (const memo of population.index('invoice', 'corrects_invoice_id').rowsOf(invoices.codes('invoice_id')[row] as number))
		if (invoices.codes('kind')[memo] === creditMemo) credited += absolute(invoices.minors('total_minor')[memo] as bigint);
	const total = invoices.minors('total_minor')[row] as bigint;
	return total > 0n && credited >= total;
}

/** Whether invoices without shipments bill one of their lines beyond what was ordered, or shipped where that binds. */
export function isBeyond(population: Population, row: number, { lineRows }: Cover): boolean {
	if (lineRows.length === 0 || isCreditMemo(population, row)) return true;
	const ordered = population.table('sales_order_line').quantities('quantity');
	const { invoiced, creditedGoods } = population.derive(billedQuantities);
	const mustShip = population.has('shipment') && population.has('contract') && population.has('sales_order');
	const ahead = mustShip ? population.derive(isBilledAhead) : null;
	return lineRows.some((line) => {
		const billed = (invoiced[line] as bigint) - (creditedGoods[line] as bigint);
		if (billed > (ordered[line] as bigint)) return true;
		return ahead?.[line] === 0 && billed > (population.derive(shippedQuantities).shipped[line] as bigint);
	});
}

export const isCreditMemo = (population: Population, row: number): boolean =>
	population.table('invoice').codes('kind')[row] === codeFor(population.table('invoice'), 'kind', 'credit_memo');

/** Whether two alike credit memos credit different invoices, or no more goods than came back on their lines. */
export function areOfDifferentReturns(population: Population, a: number, b: number, { lineRows }: Cover): boolean {
	if (!isCreditMemo(population, a)) return false;
	const corrected = population.table('invoice').codes('corrects_invoice_id');
	if ((corrected[a] as number) >= 0 && (corrected[b] as number) >= 0 && corrected[a] !== corrected[b]) return true;
	if (lineRows.length === 0 || !population.has('sales_order')) return false;
	const { credited } = population.derive(billedQuantities);
	const { returned } = population.derive(returnedQuantities);
	const settled = population.derive(settledQuantities);
	return lineRows.every((line) => (credited[line] as bigint) <= (returned[line] as bigint) + (settled[line] as bigint));
}
