/**
 * Lines without a movement of their own (a service without shipment, a writer who reports order states only): the events of the
 * order stand in. They can excuse revenue, so that nothing is accused for want of a shipment row; tests that demand revenue
 * ask for `inferred` first.
 */
import type { Population } from '#population';
import type { MovementList } from './movements.ts';

/** Line events that show a transfer, by term: goods that were accepted were delivered, delivered ones were shipped. */
const LINE_EVENTS = [['line.shipped', 'line.delivered', 'line.accepted'], ['line.delivered', 'line.accepted'], ['line.accepted']] as const;

/** Order states that all lines have reached together, by term. */
const ORDER_STATES = [
	['shipped', 'delivered', 'accepted', 'fulfilled', 'closed'],
	['delivered', 'accepted', 'fulfilled', 'closed'],
	['accepted', 'fulfilled', 'closed'],
] as const;

/** Events that lead back to a state reached before. */
const RETURNING_EVENTS = ['order.dispute_resolved', 'order.hold_released', 'order.corrected'];

/**
 * Adds the movements that events stand for; gives, by line, non-zero where they do. `hasOwn` marks the lines that need none.
 * @param term index of the transfer term by line, negative where unknown
 */
export function inferMovements(population: Population, term: Int8Array, hasOwn: Uint8Array, list: MovementList): Uint8Array {
	const inferred = new Uint8Array(term.length);
	if (!population.has('order_event')) return inferred;
	const orderIds = population.table('sales_order_line').codes('order_id');
	const done = new Uint8Array(population.dictionary('order').size);
	for (let line = 0; line < term.length; line++) {
		const order = orderIds[line] as number;
		if (hasOwn[line] === 1 || (term[line] as number) < 0 || order < 0 || done[order] === 1) continue;
		done[order] = 1;
		// All lines of an order have one term, since it has one contract.
		inferFromLineEvents(population, order, term[line] as number, { hasOwn, inferred, list });
		inferFromOrderStates(population, order, term[line] as number, { hasOwn, inferred, list });
	}
	return inferred;
}

interface Inference {
	readonly hasOwn: Uint8Array;
	readonly inferred: Uint8Array;
	readonly list: MovementList;
}

/** The first event type of the term that a line has counts, so that no step of one unit is counted twice. */
function inferFromLineEvents(population: Population, order: number, term: number, { hasOwn, inferred, list }: Inference): void {
	const events = population.table('order_event');
	const types = events.codes('type');
	const lineIds = events.codes('line_id');
	const index = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	for (const [rank, type] of (lineEventCodes(population)[term] as readonly number[]).entries()) {
		if (type < 0) continue;
		for (const row of population.index('order_event', 'order_id').rowsOf(order)) {
			if (types[row] !== type) continue;
			const line = index.rowOf(order, lineIds[row] as number);
			if (line < 0 || hasOwn[line] === 1 || (inferred[line] !== 0 && inferred[line] !== rank + 1)) continue;
			inferred[line] = rank + 1;
			const quantity = events.isNull('quantity', row) ? null : (events.quantities('quantity')[row] as bigint);
			list.add(line, events.instants('occurred_at')[row] as number, quantity, 'order_event', row);
		}
	}
}

/** The first event that brought the whole order there, or a line event that names no line. */
function inferFromOrderStates(population: Population, order: number, term: number, { hasOwn, inferred, list }: Inference): void {
	const events = population.table('order_event');
	const types = events.codes('type');
	const states = events.codes('to_state');
	const lineIds = events.codes('line_id');
	const instants = events.instants('occurred_at');
	const ofWholeOrder = lineEventCodes(population)[term] as readonly number[];
	const reached = stateCodes(population)[term] as readonly number[];
	const returning = returningCodes(population);
	let first = -1;
	for (const row of population.index('order_event', 'order_id').rowsOf(order)) {
		const type = types[row] as number;
		const moves = type >= 0 && (lineIds[row] as number) < 0 && ofWholeOrder.includes(type);
		if (!moves && (returning.includes(type) || !reached.includes(states[row] as number))) continue;
		if (first < 0 || (instants[row] as number) < (instants[first] as number)) first = row;
	}
	if (first < 0) return;
	for (const line of population.index('sales_order_line', 'order_id').rowsOf(order)) {
		if (hasOwn[line] === 1 || inferred[line] !== 0) continue;
		inferred[line] = LINE_EVENTS.length + 1;
		list.add(line, instants[first] as number, null, 'order_event', first);
	}
}

const lineEventCodes = (population: Population): readonly (readonly number[])[] => population.derive(codeLineEvents);

const codeLineEvents = (population: Population): readonly (readonly number[])[] =>
	LINE_EVENTS.map((types) => types.map((type) => population.table('order_event').dictionary('type').codeOf(type)));

const stateCodes = (population: Population): readonly (readonly number[])[] => population.derive(codeStates);

const codeStates = (population: Population): readonly (readonly number[])[] =>
	ORDER_STATES.map((states) => states.map((state) => population.dictionary('state').codeOf(state)).filter((code) => code >= 0));

const returningCodes = (population: Population): readonly number[] => population.derive(codeReturning);

const codeReturning = (population: Population): readonly number[] =>
	RETURNING_EVENTS.map((type) => population.table('order_event').dictionary('type').codeOf(type)).filter((code) => code >= 0);
