/** Shipments billed more than once and beyond what they held: the second half of T13. */
import { absolute, minimum } from '#kernel';
import type { Population } from '#population';
import { citeInvoices, worthOf } from './billingDraft.ts';
import { billedQuantities, invoiceOfInvoiceLine, isCredit, rowsOfLine, type Sums, shipmentOfInvoiceLine, sumsOf } from './billingLines.ts';
import { inUnits, keysOf, ref, refs } from './draft.ts';
import type { ExceptionDraft } from './types.ts';

interface ShipmentBills {
	/** Millionths by shipment row, of invoices and of credit memos that name the shipment. */
	readonly invoiced: Sums;
	readonly credited: Sums;
	readonly invoiceLines: Uint32Array;
}

function billsOfShipments(population: Population): ShipmentBills {
	const size = population.table('shipment').rows;
	const quantities = population.table('invoice_line').quantities('quantity');
	const shipmentOf = population.derive(shipmentOfInvoiceLine);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const credit = population.derive(isCredit);
	const { isPriceCredit } = population.derive(billedQuantities);
	const invoiced = sumsOf(size, quantities);
	const credited = sumsOf(size, quantities);
	const invoiceLines = new Uint32Array(size);
	for (let row = 0; row < shipmentOf.length; row++) {
		const shipment = shipmentOf[row] as number;
		if (shipment < 0 || (invoiceOf[row] as number) < 0 || isPriceCredit[row] === 1) continue;
		if (credit[row] === 1) credited[shipment] = (credited[shipment] as bigint) + absolute(quantities[row] as bigint);
		else {
			invoiced[shipment] = (invoiced[shipment] as bigint) + (quantities[row] as bigint);
			invoiceLines[shipment] = (invoiceLines[shipment] as number) + 1;
		}
	}
	return { invoiced, credited, invoiceLines };
}

export function* shipmentsBilledTwice(population: Population): Generator<ExceptionDraft> {
	const shipments = population.table('shipment');
	const shipped = shipments.quantities('quantity');
	const { invoiced, credited, invoiceLines } = population.derive(billsOfShipments);
	const lineIndex = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const creditsOfLine = new Map<number, bigint>();
	for (let shipment = 0; shipment < shipments.rows; shipment++) {
		const most = (shipped[shipment] as bigint) + (credited[shipment] as bigint);
		if ((invoiceLines[shipment] as number) < 2 || (invoiced[shipment] as bigint) <= most) continue;
		const line = lineIndex.rowOf(shipments.codes('order_id')[shipment] as number, shipments.codes('line_id')[shipment] as number);
		const unnamed = creditsOfLine.get(line) ?? creditsWithoutShipment(population, line);
		creditsOfLine.set(line, unnamed);
		yield* billedAgain(population, shipment, most + unnamed);
	}
}

/** Goods of a line credited by memos that name no shipment: they may be this shipment's. */
function creditsWithoutShipment(population: Population, line: number): bigint {
	if (line < 0) return 0n;
	const table = population.table('invoice_line');
	const credit = population.derive(isCredit);
	const { isPriceCredit } = population.derive(billedQuantities);
	let sum = 0n;
	for (const row of rowsOfLine(population, 'invoice_line', line))
		if (credit[row] === 1 && isPriceCredit[row] === 0 && (table.codes('shipment_id')[row] as number) < 0)
			sum += absolute(table.quantities('quantity')[row] as bigint);
	return sum;
}

/** The invoice lines of a shipment, from the second on, by which more than `most` is billed. */
function* billedAgain(population: Population, shipment: number, most: bigint): Generator<ExceptionDraft> {
	const table = population.table('invoice_line');
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const credit = population.derive(isCredit);
	const issuedAt = population.table('invoice').instants('issued_at');
	const issued = (row: number): number => issuedAt[invoiceOf[row] as number] as number;
	const code = population.table('shipment').codes('shipment_id')[shipment] as number;
	const rows = [...population.index('invoice_line', 'shipment_id').rowsOf(code)]
		.filter((row) => credit[row] === 0 && (invoiceOf[row] as number) >= 0)
		.sort((a, b) => issued(a) - issued(b) || a - b);
	let billed = 0n;
	for (const [index, row] of rows.entries()) {
		const quantity = table.quantities('quantity')[row] as bigint;
		billed += quantity;
		const excess = minimum(billed - most, quantity);
		if (index > 0 && excess > 0n) yield twice(population, shipment, row, rows[0] as number, billed, excess);
	}
}

function twice(population: Population, shipment: number, row: number, earlier: number, billed: bigint, excess: bigint): ExceptionDraft {
	const table = population.table('invoice_line');
	const invoices = population.table('invoice');
	const shipments = population.table('shipment');
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const numberOf = (line: number): string | null => invoices.text('invoice_no', invoiceOf[line] as number);
	return {
		orderId: shipments.text('order_id', shipment),
		keys: { ...keysOf(population, 'invoice_line', row), ...keysOf(population, 'shipment', shipment) },
		amountMinor: worthOf(excess, table.minors('unit_price_minor')[row] as bigint),
		currency: invoices.text('currency', invoiceOf[row] as number),
		reason: `Invoice ${numberOf(row)} bills ${inUnits(table.quantities('quantity')[row] as bigint)} units of shipment ${shipments.text('shipment_id', shipment)}, which held ${inUnits(shipments.quantities('quantity')[shipment] as bigint)} and was billed before by ${numberOf(earlier)}: ${inUnits(billed)} units in all.`,
		rows: [ref('shipment', shipment), ...refs('invoice_line', [earlier, row]), ...citeInvoices(population, [earlier, row])],
	};
}
