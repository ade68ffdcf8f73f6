/** Shipments without an order, or of one that was cancelled. T07. */
import type { Population } from '#population';
import { citeLine, counted, worthOf } from './billingDraft.ts';
import { codeFor, lineOfShipment } from './billingLines.ts';
import { supersededEvents } from './billingReturns.ts';
import { inTime, inUnits, keysOf, ref, refs } from './draft.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

/** When an order, or single lines of it, were cancelled, and when it was taken up again. */
interface Cancellation {
	/** The order_event row that cancelled the whole order, or -1. */
	order: number;
	/** By line code, for cancellations that name a line. */
	readonly lines: Map<number, number>;
	reopenedAt: number;
}

/** By order code. Reached `cancelled` = an event's to_state; the first counts. Few orders are cancelled, so few are in the map. */
function cancellations(population: Population): ReadonlyMap<number, Cancellation> {
	const events = population.table('order_event');
	const toStates = events.codes('to_state');
	const fromStates = events.codes('from_state');
	const cancelled = codeFor(events, 'to_state', 'cancelled');
	const occurredAt = events.instants('occurred_at');
	const superseded = population.derive(supersededEvents);
	const found = new Map<number, Cancellation>();
	const reopenings: number[] = [];
	for (let row = 0; row < events.rows; row++) {
		if (fromStates[row] === cancelled && toStates[row] !== cancelled && (toStates[row] as number) >= 0) reopenings.push(row);
		if (toStates[row] !== cancelled || superseded.has(row)) continue;
		const order = events.codes('order_id')[row] as number;
		const line = events.codes('line_id')[row] as number;
		const known = found.get(order) ?? { order: -1, lines: new Map<number, number>(), reopenedAt: Number.NaN };
		found.set(order, known);
		const before = line < 0 ? known.order : (known.lines.get(line) ?? -1);
		if (before >= 0 && (occurredAt[before] as number) <= (occurredAt[row] as number)) continue;
		if (line < 0) known.order = row;
		else known.lines.set(line, row);
	}
	for (const row of reopenings) {
		const known = found.get(events.codes('order_id')[row] as number);
		if (known && !(known.reopenedAt <= (occurredAt[row] as number))) known.reopenedAt = occurredAt[row] as number;
	}
	return found;
}

/**
 * Reading: an event that names a line cancels that line. A shipment after the order was taken up again is not after its cancellation.
 * An order in state `cancelled` whose events do not say when can't be judged.
 */
export function shipmentWithoutOrder({ population }: AuditContext): Outcome {
	const shipments = population.table('shipment');
	const orderIndex = population.index('sales_order', 'order_id');
	const orders = population.table('sales_order');
	const cancelledState = codeFor(orders, 'state', 'cancelled');
	const cancelled = population.derive(cancellations);
	const codes = shipments.codes('order_id');
	const shippedAt = shipments.instants('shipped_at');
	const exceptions: ExceptionDraft[] = [];
	let open = 0;
	for (let row = 0; row < shipments.rows; row++) {
		const code = codes[row] as number;
		const order = orderIndex.rowOf(code);
		if (order < 0) {
			exceptions.push(
				strayShipment(population, row, -1, `belongs to the order ${shipments.text('order_id', row)}, which is not in the population`),
			);
			continue;
		}
		const cancellation = cancelled.get(code);
		if (!cancellation) {
			if (orders.codes('state')[order] === cancelledState) open++;
			continue;
		}
		const event = cancellationOf(population, cancellation, row);
		if (event < 0) continue;
		const at = population.table('order_event').instants('occurred_at')[event] as number;
		const isReopened = cancellation.reopenedAt > at && cancellation.reopenedAt <= (shippedAt[row] as number);
		if ((shippedAt[row] as number) > at && !isReopened)
			exceptions.push(
				strayShipment(
					population,
					row,
					event,
					`left on ${inTime(shippedAt[row] as number)}, after ${population.table('order_event').text('line_id', event) === null ? 'its order' : 'its line'} was cancelled on ${inTime(at)}`,
				),
			);
	}
	return {
		tested: shipments.rows,
		exceptions,
		open,
		openWhy: `${counted(open, 'shipment')} of cancelled orders whose events do not say when they were cancelled`,
	};
}

/** The earlier of the events that cancelled a shipment's order and its line; -1 if there is none. */
function cancellationOf(population: Population, { order, lines }: Cancellation, shipment: number): number {
	const line = lines.get(population.table('shipment').codes('line_id')[shipment] as number) ?? -1;
	if (order < 0 || line < 0) return order < 0 ? line : order;
	const occurredAt = population.table('order_event').instants('occurred_at');
	return (occurredAt[line] as number) < (occurredAt[order] as number) ? line : order;
}

function strayShipment(population: Population, row: number, event: number, why: string): ExceptionDraft {
	const shipments = population.table('shipment');
	const line = population.has('sales_order_line') ? (population.derive(lineOfShipment)[row] as number) : -1;
	const order = population.index('sales_order', 'order_id').rowOf(shipments.codes('order_id')[row] as number);
	const quantity = shipments.quantities('quantity')[row] as bigint;
	const price = line < 0 ? null : (population.table('sales_order_line').minors('unit_price_minor')[line] as bigint);
	return {
		orderId: shipments.text('order_id', row),
		keys: keysOf(population, 'shipment', row),
		amountMinor: price === null ? null : worthOf(quantity, price),
		currency: price === null || order < 0 ? null : population.table('sales_order').text('currency', order),
		reason: `Shipment ${shipments.text('shipment_id', row)} of ${inUnits(quantity)} units (line ${shipments.text('line_id', row)}, tracking ${shipments.text('tracking_no', row)}) ${why}.`,
		rows: [
			ref('shipment', row),
			...refs('order_event', [event]),
			...(line < 0 ? refs('sales_order', [order]) : citeLine(population, line, [])),
		],
	};
}
