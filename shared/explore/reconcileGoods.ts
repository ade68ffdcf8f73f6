/** Where the chain of an order line stops between order and shipment, and between shipment and bill: each judged by its own books. */
import {
	BY_DELIVERY,
	BY_NEITHER,
	BY_SHIPMENT,
	billedQuantities,
	codeFor,
	fulfilmentOfLine,
	isBilledAhead,
	isOverTime,
	orderOfLine,
	returnedQuantities,
	rowsOfLine,
	settledPart,
} from '#audit';
import { addBusinessDays, maximum } from '#kernel';
import type { Population } from '#population';
import { calendarOfEntity } from '#revenue';
import { type LineColumns, lineColumns } from './reconcileColumns.ts';
import { reasonNumber } from './reconcileReasons.ts';

/** Order states in which nothing more is to come. */
const ENDED = ['closed', 'cancelled', 'returned'];

/** 1 for lines of orders that ended, 2 for those of cancelled ones, by row of sales_order_line. */
export function endedLines(population: Population): Uint8Array {
	const orders = population.table('sales_order');
	const states = orders.codes('state');
	const ended = ENDED.map((state) => codeFor(orders, 'state', state));
	const cancelled = codeFor(orders, 'state', 'cancelled');
	return Uint8Array.from(population.derive(orderOfLine), (order) => {
		const state = states[order] as number;
		return state === cancelled ? 2 : ended.includes(state) ? 1 : 0;
	});
}

/** Reason numbers of stage order_shipment, by row of sales_order_line. */
export function judgeShipments(population: Population): Uint8Array {
	const columns = lineColumns(population);
	const { returned, cancelled } = population.derive(returnedQuantities);
	const served = population.has('obligation') ? population.derive(isOverTime) : new Uint8Array(columns.ordered.length);
	const ended = population.derive(endedLines);
	const reasons = new Uint8Array(columns.ordered.length);
	for (let line = 0; line < reasons.length; line++) {
		const ordered = columns.ordered[line] as bigint;
		const shipped = columns.shipped[line] as bigint;
		const kept = maximum(ordered - (cancelled[line] as bigint), 0n);
		if (shipped - (returned[line] as bigint) > ordered) reasons[line] = SHIPPED_BEYOND;
		else if (ended[line] === 2 && shipped === 0n) continue;
		else if (served[line] === 1 && shipped === 0n) reasons[line] = ended[line] === 0 ? OVER_TIME : 0;
		else if (shipped < kept && ended[line] === 1) reasons[line] = CLOSED_SHORT;
		else if (shipped < kept) reasons[line] = shipped === 0n ? NOT_SHIPPED : PART_SHIPPED;
		else if ((columns.delivered[line] as bigint) < shipped && ended[line] === 0) reasons[line] = IN_TRANSIT;
	}
	return reasons;
}

const SHIPPED_BEYOND = reasonNumber('shipped_beyond_order');
const OVER_TIME = reasonNumber('over_time');
const CLOSED_SHORT = reasonNumber('closed_short');
const NOT_SHIPPED = reasonNumber('not_shipped_yet');
const PART_SHIPPED = reasonNumber('part_shipped');
const IN_TRANSIT = reasonNumber('in_transit');

/**
 * Reason numbers of stage shipment_billing, by row of sales_order_line. What came back, or was settled in a dispute for the customer,
 * needs no bill; a credit that only lowers the price leaves its goods billed.
 * @param graceDays business days between fulfilment and invoice that are in order
 */
export function judgeBilling(population: Population, graceDays: number): Uint8Array {
	const columns = lineColumns(population);
	const { invoiced, creditedGoods } = population.derive(billedQuantities);
	const { returned, isUnclear } = population.derive(returnedQuantities);
	const prices = population.table('sales_order_line').minors('unit_price_minor');
	const calls = population.derive(fulfilmentOfLine);
	const ahead = population.derive(isBilledAhead);
	const ended = population.derive(endedLines);
	const reasons = new Uint8Array(columns.ordered.length);
	for (let line = 0; line < reasons.length; line++) {
		const billed = (invoiced[line] as bigint) - (creditedGoods[line] as bigint);
		const shipped = columns.shipped[line] as bigint;
		if (shipped === 0n && billed === 0n) continue;
		const fulfilled = calls[line] === BY_DELIVERY ? (columns.delivered[line] as bigint) : shipped;
		if (ahead[line] === 2) reasons[line] = CONTRACT_UNKNOWN;
		else if (billed > shipped)
			reasons[line] = ahead[line] === 1 ? aheadReason(ended[line] as number, billed, columns, line) : INVOICED_NOT_SHIPPED;
		else if (fulfilled > billed && prices[line] !== 0n) {
			const excused = (returned[line] as bigint) + settledPart(population, line);
			if (fulfilled - excused <= billed) continue;
			if (isUnclear[line] === 1) reasons[line] = RETURN_UNCLEAR;
			else if (calls[line] === BY_NEITHER) reasons[line] = BY_MILESTONE;
			else reasons[line] = overdueReason(population, line, billed + excused, graceDays);
		}
	}
	return reasons;
}

/** A service ships nothing: where its order ended and its bill is of what was ordered, both agree. */
const aheadReason = (ended: number, billed: bigint, { ordered }: LineColumns, line: number): number =>
	ended === 1 && billed === ordered[line] ? 0 : BILLED_AHEAD;

function overdueReason(population: Population, line: number, covered: bigint, graceDays: number): number {
	const order = population.derive(orderOfLine)[line] as number;
	const calendar = population.has('entity')
		? calendarOfEntity(population, population.table('sales_order').codes('entity_id')[order] as number)
		: null;
	if (!calendar) return CONTRACT_UNKNOWN;
	const shipments = population.table('shipment');
	const at = shipments.instants(population.derive(fulfilmentOfLine)[line] === BY_SHIPMENT ? 'shipped_at' : 'delivered_at');
	let due = 0n;
	for (const row of rowsOfLine(population, 'shipment', line)) {
		const instant = at[row] as number;
		if (!Number.isNaN(instant) && addBusinessDays(instant, graceDays, calendar) < population.asOf)
			due += shipments.quantities('quantity')[row] as bigint;
	}
	return due > covered ? SHIPPED_NOT_INVOICED : INVOICE_NOT_DUE;
}

const CONTRACT_UNKNOWN = reasonNumber('contract_unknown');
const INVOICED_NOT_SHIPPED = reasonNumber('invoiced_not_shipped');
const BILLED_AHEAD = reasonNumber('billed_ahead');
const RETURN_UNCLEAR = reasonNumber('return_unclear');
const BY_MILESTONE = reasonNumber('bill_by_milestone');
const SHIPPED_NOT_INVOICED = reasonNumber('shipped_not_invoiced');
const INVOICE_NOT_DUE = reasonNumber('invoice_not_due');
