/** What lawfully makes a bill smaller than the order: goods returned, lines cancelled, disputes settled for the customer. */
import { maximum, minimum } from '#kernel';
import type { Population } from '#population';
import { billedQuantities, codeFor, orderOfLine, rowsOfLine, type Sums, sumsOf } from './billingLines.ts';

/** Millionths by sales_order_line row. */
export interface ReturnedQuantities {
	readonly returned: Sums;
	readonly cancelled: Sums;
	/** 1 for lines of which something came back, but the drop does not say how much. */
	readonly isUnclear: Uint8Array;
}

/**
 * Sums of `line.returned` and of `order.cancelled` that names a line. An event without quantity concerns the whole line, one without
 * line the whole order; an order in state `returned` without such events came back whole. What an event of the same type corrects does
 * not count. All zero where order_event was not supplied.
 */
export function returnedQuantities(population: Population): ReturnedQuantities {
	const lines = population.table('sales_order_line');
	const ordered = lines.quantities('quantity');
	const isUnclear = new Uint8Array(lines.rows);
	if (!population.has('order_event'))
		return { returned: new BigInt64Array(lines.rows), cancelled: new BigInt64Array(lines.rows), isUnclear };
	const returned = sumEvents(population, 'line.returned', isUnclear);
	const cancelled = sumEvents(population, 'order.cancelled', isUnclear);
	const orders = population.table('sales_order');
	const states = orders.codes('state');
	const returnedState = codeFor(orders, 'state', 'returned');
	const orderOf = population.derive(orderOfLine);
	for (let line = 0; line < lines.rows; line++) {
		const order = orderOf[line] as number;
		const isWhole = returned.wholeOrders.has(order) || (order >= 0 && states[order] === returnedState && returned.sums[line] === 0n);
		if (returned.partOrders.has(order)) isUnclear[line] = 1;
		else if (isWhole) returned.sums[line] = ordered[line] as bigint;
	}
	return { returned: returned.sums, cancelled: cancelled.sums, isUnclear };
}

interface EventSums {
	/** By sales_order_line row. */
	readonly sums: Sums;
	/** sales_order rows with an event that names neither line nor quantity. */
	readonly wholeOrders: ReadonlySet<number>;
	/** sales_order rows of several lines with an event that names a quantity but no line. */
	readonly partOrders: ReadonlySet<number>;
}

function sumEvents(population: Population, type: string, isUnclear: Uint8Array): EventSums {
	const events = population.table('order_event');
	const wanted = codeFor(events, 'type', type);
	const types = events.codes('type');
	const orders = events.codes('order_id');
	const lineCodes = events.codes('line_id');
	const quantities = events.quantities('quantity');
	const ordered = population.table('sales_order_line').quantities('quantity');
	const lineIndex = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const linesOfOrder = population.index('sales_order_line', 'order_id');
	const orderIndex = population.index('sales_order', 'order_id');
	const superseded = population.derive(supersededEvents);
	// A withheld quantity looks like a null one, but does not mean the whole line.
	const mayBeWithheld = (events.withheld.get('quantity') ?? 0) > 0;
	const sums = sumsOf(ordered.length, quantities, ordered);
	const wholeOrders = new Set<number>();
	const partOrders = new Set<number>();
	for (let row = 0; row < events.rows; row++) {
		if (types[row] !== wanted || superseded.has(row)) continue;
		const order = orders[row] as number;
		const isWhole = events.isNull('quantity', row);
		const namesLine = (lineCodes[row] as number) >= 0;
		const isOnlyLine = linesOfOrder.countOf(order) === 1;
		const line = namesLine ? lineIndex.rowOf(order, lineCodes[row] as number) : isOnlyLine ? linesOfOrder.rowOf(order) : -1;
		if (line < 0) {
			if (!namesLine) (isWhole && !mayBeWithheld ? wholeOrders : partOrders).add(orderIndex.rowOf(order));
		} else if (isWhole && mayBeWithheld) isUnclear[line] = 1;
		else sums[line] = (sums[line] as bigint) + ((isWhole ? ordered[line] : quantities[row]) as bigint);
	}
	wholeOrders.delete(-1);
	partOrders.delete(-1);
	return { sums, wholeOrders, partOrders };
}

/** Rows of order_event that a later event of the same type corrects: the correction counts in their place. */
export function supersededEvents(population: Population): ReadonlySet<number> {
	const events = population.table('order_event');
	const corrects = events.codes('corrects_event_id');
	const types = events.codes('type');
	const corrected: number[] = [];
	for (let row = 0; row < corrects.length; row++) if ((corrects[row] as number) >= 0) corrected.push(row);
	const superseded = new Set<number>();
	if (corrected.length === 0) return superseded;
	const byId = population.index('order_event', 'event_id');
	for (const row of corrected) {
		const original = byId.rowOf(corrects[row] as number);
		if (original >= 0 && types[original] === types[row]) superseded.add(original);
	}
	return superseded;
}

/** Millionths by sales_order_line row that disputes resolved for the customer allow to be credited without a return. */
export function settledQuantities(population: Population): Sums {
	const lines = population.table('sales_order_line');
	if (!population.has('dispute')) return new BigInt64Array(lines.rows);
	const disputes = population.table('dispute');
	const ordered = lines.quantities('quantity');
	const disputed = disputes.quantities('disputed_quantity');
	const settled = sumsOf(lines.rows, disputed, ordered);
	const forCustomer = codeFor(disputes, 'status', 'resolved_customer');
	const lineIndex = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	/** By order code, of disputes that name no line; null where one concerns the whole order. */
	const ofOrders = new Map<number, bigint | null>();
	for (let row = 0; row < disputes.rows; row++) {
		if (disputes.codes('status')[row] !== forCustomer) continue;
		const order = disputes.codes('order_id')[row] as number;
		const lineCode = disputes.codes('line_id')[row] as number;
		const quantity = disputes.isNull('disputed_quantity', row) ? null : (disputed[row] as bigint);
		if (lineCode < 0) {
			const sum = ofOrders.has(order) ? ofOrders.get(order) : 0n;
			ofOrders.set(order, sum === null || sum === undefined || quantity === null ? null : sum + quantity);
			continue;
		}
		const line = lineIndex.rowOf(order, lineCode);
		if (line >= 0) settled[line] = (settled[line] as bigint) + (quantity ?? (ordered[line] as bigint));
	}
	for (const [order, quantity] of ofOrders)
		for (const line of population.index('sales_order_line', 'order_id').rowsOf(order))
			settled[line] = (settled[line] as bigint) + (quantity ?? (ordered[line] as bigint));
	return settled;
}

/** The part of a line's credited goods that a dispute resolved for the customer explains, and no return. */
export function settledPart(population: Population, line: number): bigint {
	const credited = population.derive(billedQuantities).creditedGoods[line] as bigint;
	const returned = population.derive(returnedQuantities).returned[line] as bigint;
	return minimum(maximum(credited - returned, 0n), population.derive(settledQuantities)[line] as bigint);
}

/** Rows of the events behind `returnedQuantities` of a line, for citing. */
export function returnEventsOf(population: Population, line: number): number[] {
	if (!population.has('order_event')) return [];
	const events = population.table('order_event');
	const returnedType = codeFor(events, 'type', 'line.returned');
	return [...rowsOfLine(population, 'order_event', line).subarray(0, 1000)].filter((row) => events.codes('type')[row] === returnedType);
}
