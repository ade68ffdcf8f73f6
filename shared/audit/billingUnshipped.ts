/** T02: invoiced before anything was shipped. */
import { absolute, minimum } from '#kernel';
import type { Population } from '#population';
import { citeInvoices, citeLine, lineName, worthOf } from './billingDraft.ts';
import {
	billedQuantities,
	invoiceOfInvoiceLine,
	isBilledAhead,
	isCredit,
	lineOfInvoiceLine,
	lineOfShipment,
	rowsOfLine,
	shipmentOfInvoiceLine,
	sumsOf,
} from './billingLines.ts';
import { inTime, inUnits, keysOf, ref } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: cumulatively a line, at every issue: what is invoiced so far, less goods credited so far, against what had left by then.
 * Shipments and credit memos of the very instant count. The invoice line that exceeds is the subject.
 */
function invoicedNotShipped({ population }: AuditContext): Outcome {
	const table = population.table('invoice_line');
	const credit = population.derive(isCredit);
	const lineOf = population.derive(lineOfInvoiceLine);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const ahead = population.derive(isBilledAhead);
	const suspects = population.derive(linesNotShownShipped);
	let tested = 0;
	for (let row = 0; row < table.rows; row++) {
		const line = lineOf[row] as number;
		if (line >= 0 && credit[row] === 0 && (invoiceOf[row] as number) >= 0 && ahead[line] === 0) tested++;
	}
	const exceptions: ExceptionDraft[] = [];
	for (let line = 0; line < suspects.length; line++)
		if (suspects[line] === 1 && ahead[line] === 0) {
			for (const excess of excessesOf(population, line)) exceptions.push(unshipped(population, line, excess));
		}
	return { tested, exceptions, open: 0 };
}

/**
 * Lines whose invoices are not each plainly covered by a shipment of the same line that had left: a quick sieve, for nearly every line
 * of a sound company is covered so.
 */
function linesNotShownShipped(population: Population): Uint8Array {
	const table = population.table('invoice_line');
	const shipments = population.table('shipment');
	const quantities = table.quantities('quantity');
	const lineOf = population.derive(lineOfInvoiceLine);
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const shipmentOf = population.derive(shipmentOfInvoiceLine);
	const shippedLine = population.derive(lineOfShipment);
	const credit = population.derive(isCredit);
	const issuedAt = population.table('invoice').instants('issued_at');
	const shippedAt = shipments.instants('shipped_at');
	const billed = sumsOf(shipments.rows, quantities);
	const suspects = new Uint8Array(population.table('sales_order_line').rows);
	for (let row = 0; row < lineOf.length; row++) {
		const line = lineOf[row] as number;
		const invoice = invoiceOf[row] as number;
		if (line < 0 || invoice < 0 || credit[row] === 1) continue;
		const shipment = shipmentOf[row] as number;
		const isCovered = shipment >= 0 && shippedLine[shipment] === line && (shippedAt[shipment] as number) <= (issuedAt[invoice] as number);
		if (isCovered) billed[shipment] = (billed[shipment] as bigint) + (quantities[row] as bigint);
		else suspects[line] = 1;
	}
	const shipped = shipments.quantities('quantity');
	for (let shipment = 0; shipment < billed.length; shipment++)
		if ((billed[shipment] as bigint) > (shipped[shipment] as bigint)) suspects[shippedLine[shipment] as number] = 1;
	return suspects;
}

interface Movement {
	readonly at: number;
	/** Of one instant, shipments and credit memos come before invoices. */
	readonly rank: 0 | 1;
	/** Change of shipped less net invoiced quantity. */
	readonly change: bigint;
	/** The invoice line, -1 for a shipment. */
	readonly row: number;
}

interface Excess {
	readonly row: number;
	readonly at: number;
	/** The part of the invoice line's quantity that had not left. */
	readonly quantity: bigint;
	/** Shipped less net invoiced quantity after this invoice line: negative. */
	readonly balance: bigint;
}

function excessesOf(population: Population, line: number): Excess[] {
	let balance = 0n;
	const excesses: Excess[] = [];
	for (const { at, rank, change, row } of movementsOf(population, line)) {
		balance += change;
		if (rank === 1 && balance < 0n && change < 0n) excesses.push({ row, at, quantity: minimum(-balance, -change), balance });
	}
	return excesses;
}

function movementsOf(population: Population, line: number): Movement[] {
	const shipments = population.table('shipment');
	const table = population.table('invoice_line');
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const credit = population.derive(isCredit);
	const { isPriceCredit } = population.derive(billedQuantities);
	const issuedAt = population.table('invoice').instants('issued_at');
	const movements: Movement[] = [];
	for (const row of rowsOfLine(population, 'shipment', line))
		movements.push({
			at: shipments.instants('shipped_at')[row] as number,
			rank: 0,
			change: shipments.quantities('quantity')[row] as bigint,
			row: -1,
		});
	for (const row of rowsOfLine(population, 'invoice_line', line)) {
		const invoice = invoiceOf[row] as number;
		if (invoice < 0 || isPriceCredit[row] === 1) continue;
		const quantity = table.quantities('quantity')[row] as bigint;
		const at = issuedAt[invoice] as number;
		if (credit[row] === 1) movements.push({ at, rank: 0, change: absolute(quantity), row });
		else movements.push({ at, rank: 1, change: -quantity, row });
	}
	return movements.sort((a, b) => a.at - b.at || a.rank - b.rank || a.row - b.row);
}

function unshipped(population: Population, line: number, { row, at, quantity, balance }: Excess): ExceptionDraft {
	const table = population.table('invoice_line');
	const invoice = population.derive(invoiceOfInvoiceLine)[row] as number;
	const invoices = population.table('invoice');
	return {
		orderId: population.table('sales_order_line').text('order_id', line),
		keys: keysOf(population, 'invoice_line', row),
		amountMinor: worthOf(quantity, table.minors('unit_price_minor')[row] as bigint),
		currency: invoices.text('currency', invoice),
		reason: `Invoice ${invoices.text('invoice_no', invoice)} bills ${inUnits(table.quantities('quantity')[row] as bigint)} units of ${lineName(population, line)} on ${inTime(at)}, when net invoiced exceeded what had been shipped by ${inUnits(-balance)} units; the contract neither bills in advance nor by milestone or over time, nor is it bill-and-hold.`,
		rows: [ref('invoice_line', row), ...citeInvoices(population, [row]), ...citeLine(population, line, ['shipment', 'invoice_line'])].slice(
			0,
			50,
		),
	};
}

export const UNSHIPPED_TESTS: readonly AuditTest[] = [
	{
		id: 'T02',
		judgesByAbsence: true,
		version: 1,
		title: 'Invoiced, not shipped',
		severity: 'high',
		why: 'An invoice for goods that have not left invites revenue before control has passed, or bills what never existed.',
		rule: 'The quantity of an order line invoiced so far, less goods credited so far, exceeds the quantity shipped when the invoice was issued, unless the contract bills in advance or by milestone, the obligation is satisfied over time, or the contract is bill-and-hold.',
		source: 'ASC 606-10-25-30',
		parameters: [],
		needs: [
			{ table: 'sales_order', columns: ['order_id', 'contract_id'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'unit_price_minor'] },
			{ table: 'contract', columns: ['contract_id', 'billing_term', 'bill_and_hold'] },
			{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'shipped_at'] },
			{ table: 'invoice', columns: ['invoice_id', 'invoice_no', 'kind', 'issued_at', 'currency'] },
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'unit_price_minor'] },
		],
		mayRead: ['obligation'],
		run: invoicedNotShipped,
	},
];
