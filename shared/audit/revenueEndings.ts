/** Orders and lines that ended without a sale: cancelled, or returned as a whole. */
import type { Population } from '#population';

export interface Ending {
	readonly kind: 'cancelled' | 'returned';
	/** Epoch ms; where no event tells when, the order's last event. */
	readonly instant: number;
	/** Row of order_event. */
	readonly event: number;
}

export interface Endings {
	/** By row of sales_order. */
	readonly orders: ReadonlyMap<number, Ending>;
	/** By row of sales_order_line. */
	readonly lines: ReadonlyMap<number, Ending>;
}

/** Needs sales_order, sales_order_line and order_event. */
export const endedOrders = (population: Population): Endings => population.derive(findEndings);

/**
 * An event of type order.cancelled, or one that reaches `cancelled` or `returned`, ends an order unless a later event leads elsewhere.
 * order.cancelled with a line id and no state ends that line, unless it names less than the whole quantity.
 */
function findEndings(population: Population): Endings {
	const events = population.table('order_event');
	const types = events.codes('type');
	const states = events.codes('to_state');
	const lineIds = events.codes('line_id');
	const orderIds = events.codes('order_id');
	const instants = events.instants('occurred_at');
	const cancelType = events.dictionary('type').codeOf('order.cancelled');
	const dictionary = population.dictionary('state');
	const cancelled = dictionary.codeOf('cancelled');
	const returned = dictionary.codeOf('returned');
	const orderIndex = population.index('sales_order', 'order_id');
	const orders = new Map<number, Ending>();
	const lines = new Map<number, Ending>();
	// Row of the event that ended an order so far, by order code; -1 for none.
	const endedBy = new Int32Array(population.dictionary('order').size).fill(-1);
	for (let row = 0; row < events.rows; row++) {
		const order = orderIds[row] as number;
		const state = states[row] as number;
		if (order < 0) continue;
		const ends = state >= 0 && (state === cancelled || state === returned);
		if (ends && endedBy[order] === -1) endedBy[order] = row;
		else if (state >= 0 && !ends) endedBy[order] = -1;
		if (state >= 0 || cancelType < 0 || types[row] !== cancelType) continue;
		if ((lineIds[row] as number) < 0) endedBy[order] = row;
		else endLine(population, row, lines);
	}
	for (const row of endedBy) {
		const order = row < 0 ? -1 : orderIndex.rowOf(orderIds[row] as number);
		if (order >= 0)
			orders.set(order, {
				kind: states[row] === returned && returned >= 0 ? 'returned' : 'cancelled',
				instant: instants[row] as number,
				event: row,
			});
	}
	addByState(population, orders, { cancelled, returned });
	return { orders, lines };
}

function endLine(population: Population, event: number, lines: Map<number, Ending>): void {
	const events = population.table('order_event');
	const line = population
		.pairIndex('sales_order_line', 'order_id', 'line_id')
		.rowOf(events.codes('order_id')[event] as number, events.codes('line_id')[event] as number);
	if (line < 0) return;
	const ordered = population.table('sales_order_line').quantities('quantity')[line] as bigint;
	const isPart = !events.isNull('quantity', event) && (events.quantities('quantity')[event] as bigint) < ordered;
	if (!isPart) lines.set(line, { kind: 'cancelled', instant: events.instants('occurred_at')[event] as number, event });
}

/** Orders whose state says so although no event does: the time of their last event is the best that is known. */
function addByState(
	population: Population,
	found: Map<number, Ending>,
	codes: { readonly cancelled: number; readonly returned: number },
): void {
	const orders = population.table('sales_order');
	const states = orders.codes('state');
	const ids = orders.codes('order_id');
	const index = population.index('order_event', 'order_id');
	const instants = population.table('order_event').instants('occurred_at');
	for (let order = 0; order < orders.rows; order++) {
		const state = states[order] as number;
		if (state < 0 || (state !== codes.cancelled && state !== codes.returned) || found.has(order)) continue;
		const event = index.rowsOf(ids[order] as number).at(-1);
		if (event !== undefined)
			found.set(order, { kind: state === codes.cancelled ? 'cancelled' : 'returned', instant: instants[event] as number, event });
	}
}
