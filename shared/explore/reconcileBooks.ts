/** Where the chain of an order line stops between bill and revenue, and between revenue and general ledger. */
import { bookingsOf, NAMED, ON_REVENUE, OTHER_CURRENCY, OTHER_PERIOD, orderOfLine, UNSURE, unbookedEvents, withheldEvents } from '#audit';
import { absolute, addBusinessDays } from '#kernel';
import type { Population } from '#population';
import { amendedOrders, calendarOfOrder, contractTransfers, freezesIn, obligationLinks, revenueBook } from '#revenue';
import { lineColumns } from './reconcileColumns.ts';
import { endedLines } from './reconcileGoods.ts';
import { allocatedPrices, allowedDifference, justifiedOfLine, overTimeLines, type Tolerance, undone } from './reconcileJustified.ts';
import { reasonNumber } from './reconcileReasons.ts';

/**
 * Reason numbers of stage billing_revenue, by row of sales_order_line: net revenue against what the transferred quantity justifies.
 * @param billing those of stage shipment_billing
 * @param days business days between transfer and recognition that are in order
 */
export function judgeRevenue(population: Population, billing: Uint8Array, days: number, tolerance: Tolerance): Uint8Array {
	const { recognisedMinor, revenueEvents, invoiced, ordered } = lineColumns(population);
	const prices = population.derive(allocatedPrices);
	const served = population.derive(overTimeLines);
	const reasons = new Uint8Array(ordered.length);
	for (let line = 0; line < reasons.length; line++) {
		const net = recognisedMinor[line] as bigint;
		const price = prices[line] as bigint;
		if (price < 0n || (ordered[line] as bigint) <= 0n) {
			if (net !== 0n || (invoiced[line] as bigint) !== 0n) reasons[line] = PRICE_NOT_TOLD;
			continue;
		}
		if (served[line] === 1) reasons[line] = overTimeReason(population, line, net, price, tolerance);
		else {
			const expected = justifiedOfLine(population, line) ?? 0n;
			const gap = net - expected;
			if (gap !== 0n && absolute(gap) > allowedDifference(tolerance, expected, (revenueEvents[line] as number) + 1))
				reasons[line] = differenceReason(population, line, gap, days);
			else if (gap !== 0n) reasons[line] = ROUNDING;
		}
		if (reasons[line] === 0 || reasons[line] === ROUNDING)
			reasons[line] = timingReason(reasons[line] as number, billing[line] as number, net, price);
	}
	return reasons;
}

function overTimeReason(population: Population, line: number, net: bigint, price: bigint, tolerance: Tolerance): number {
	const allowed = allowedDifference(tolerance, price, (lineColumns(population).revenueEvents[line] as number) + 1);
	if (net > price + allowed) return isAmended(population, line) ? AMENDED : BEYOND_TRANSFER;
	if (absolute(net - price) <= allowed) return net === price ? 0 : ROUNDING;
	return population.derive(endedLines)[line] === 0
		? OVER_TIME
		: isAmended(population, line)
			? AMENDED
			: undone(population, line)
				? 0
				: BELOW_TRANSFER;
}

const isAmended = (population: Population, line: number): boolean =>
	population.has('contract_amendment') && amendedOrders(population).has(population.derive(orderOfLine)[line] as number);

/** Net revenue is off by more than the tolerance: lawful for now, not to be told, or a break. */
function differenceReason(population: Population, line: number, gap: bigint, days: number): number {
	if (isAmended(population, line)) return AMENDED;
	if (gap > 0n) return population.derive(billAndHolds)[line] === 1 ? DEFERRED : BEYOND_TRANSFER;
	return dueReason(population, line, days);
}

/** 1 for lines whose contract is bill-and-hold: control may pass before goods leave. */
function billAndHolds(population: Population): Uint8Array {
	const links = obligationLinks(population);
	const holds = population.table('contract').flags('bill_and_hold');
	const flags = new Uint8Array(population.table('sales_order_line').rows);
	for (let row = 0; row < links.line.length; row++) {
		const contract = links.contract[row] as number;
		if (contract >= 0 && holds[contract] === 1 && (links.line[row] as number) >= 0) flags[links.line[row] as number] = 1;
	}
	return flags;
}

function dueReason(population: Population, line: number, days: number): number {
	const order = population.derive(orderOfLine)[line] as number;
	const calendar = order < 0 || !population.has('entity') ? null : calendarOfOrder(population, order);
	if (!calendar) return PRICE_NOT_TOLD;
	const { movements } = contractTransfers(population);
	const lines = population.table('sales_order_line');
	const contracts = population.table('contract');
	const contract = obligationLinks(population).contract[obligationLinks(population).ofLine.rowOf(line)] as number;
	const start = Math.max(contracts.instants('signed_at')[contract] as number, contracts.instants('approved_at')[contract] as number);
	if (Number.isNaN(start)) return NOT_DUE;
	let reason = BELOW_TRANSFER;
	for (let movement = movements.startOf(line); movement < movements.endOf(line); movement++) {
		const free = freezesIn(population).freeFrom(
			lines.codes('order_id')[line] as number,
			lines.codes('line_id')[line] as number,
			Math.max(movements.instants[movement] as number, start),
			(instant) => addBusinessDays(instant, days, calendar),
		);
		if (free === Number.POSITIVE_INFINITY || Number.isNaN(free)) return FROZEN;
		if (!(addBusinessDays(free, days, calendar) < population.asOf)) reason = NOT_DUE;
	}
	return reason;
}

/** Bill and revenue agree with the transfer each; they may still stand apart in time. */
function timingReason(own: number, billing: number, net: bigint, price: bigint): number {
	if (billing === BILLED_AHEAD && net < price) return DEFERRED;
	if (net > 0n && (billing === INVOICE_NOT_DUE || billing === BY_MILESTONE)) return UNBILLED;
	return own;
}

/** Reason numbers of stage revenue_ledger, by row of sales_order_line; those of single events by row of revenue_event. */
export function judgeLedger(population: Population): { readonly lines: Uint8Array; readonly events: ReadonlyMap<number, number> } {
	const book = revenueBook(population);
	const { state } = bookingsOf(population);
	const isWithheld = withheldEvents(population);
	const lines = new Uint8Array(population.table('sales_order_line').rows);
	const events = new Map<number, number>();
	const rows = unbookedEvents(population);
	// As many events as journal lines were set aside may miss just those lines.
	const mayBeAside = rows.length <= population.table('journal_line').quarantine.length;
	for (const event of rows) events.set(event, mayBeAside ? LEDGER_NOT_TOLD : ledgerReason(state[event] as number));
	for (let event = 0; event < state.length; event++)
		if ((state[event] as number) & UNSURE || isWithheld(event)) events.set(event, LEDGER_NOT_TOLD);
	for (const [event, reason] of events) {
		const line = book.line[event] as number;
		if (line >= 0 && ((lines[line] as number) === 0 || lines[line] === LEDGER_NOT_TOLD)) lines[line] = reason;
	}
	return { lines, events };
}

function ledgerReason(bits: number): number {
	if (!(bits & NAMED)) return NOT_IN_LEDGER;
	if (!(bits & ON_REVENUE)) return reasonNumber('ledger_account_differs');
	if (bits & OTHER_CURRENCY) return reasonNumber('ledger_currency_differs');
	return bits & OTHER_PERIOD ? reasonNumber('ledger_period_differs') : reasonNumber('ledger_amount_differs');
}

const PRICE_NOT_TOLD = reasonNumber('price_not_told');
const AMENDED = reasonNumber('amended');
const ROUNDING = reasonNumber('rounding');
const OVER_TIME = reasonNumber('recognised_over_time');
const BEYOND_TRANSFER = reasonNumber('recognised_beyond_transfer');
const BELOW_TRANSFER = reasonNumber('recognised_below_transfer');
const NOT_DUE = reasonNumber('recognition_not_due');
const FROZEN = reasonNumber('frozen');
const DEFERRED = reasonNumber('deferred');
const UNBILLED = reasonNumber('unbilled_within_limit');
const BILLED_AHEAD = reasonNumber('billed_ahead');
const INVOICE_NOT_DUE = reasonNumber('invoice_not_due');
const BY_MILESTONE = reasonNumber('bill_by_milestone');
const LEDGER_NOT_TOLD = reasonNumber('ledger_not_told');
const NOT_IN_LEDGER = reasonNumber('not_in_ledger');
