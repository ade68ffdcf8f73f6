/**
 * Control transfer (ASC 606-10-25-30) by order line: `shipment.shipped_at`, `shipment.delivered_at` or the `line.accepted` event,
 * as the contract's transfer term says; and the same movements regardless of the term.
 */
import type { Population } from '#population';
import { inferMovements } from './inferredTransfers.ts';
import { MovementList, type Movements } from './movements.ts';
import { lineOrders, orderContracts } from './obligations.ts';

export type TransferTerm = 'shipment' | 'delivery' | 'acceptance';
const TRANSFER_TERMS: readonly TransferTerm[] = ['shipment', 'delivery', 'acceptance'];

/** No term is known: the contract is. */
const NO_TERM = -1;

export interface Transfers {
	readonly movements: Movements;
	/** Index into `TRANSFER_TERMS` by row of sales_order_line, `NO_TERM` where the contract is unknown. */
	readonly term: Int8Array;
	/** Non-zero where the line has no movement of its own and other events of its order stand in for it. */
	readonly inferred: Uint8Array;
}

/** By which event control of a line passes; null where no contract says. */
export const transferTermOf = ({ term }: Transfers, line: number): TransferTerm | null => TRANSFER_TERMS[term[line] as number] ?? null;

/** Transfers as each order's contract says. Needs sales_order_line, sales_order, contract; reads shipment and order_event. */
export const contractTransfers = (population: Population): Transfers => population.derive(byContract);

/** What was shipped, whatever the contract's term. */
export const shippedMovements = (population: Population): Transfers => population.derive(allShipped);

/** What was delivered, whatever the contract's term. */
export const deliveredMovements = (population: Population): Transfers => population.derive(allDelivered);

function byContract(population: Population): Transfers {
	const terms = population.table('contract').codes('transfer_term');
	const codes = TRANSFER_TERMS.map((term) => population.dictionary('transfer_term').codeOf(term));
	const contractOf = orderContracts(population);
	const orderOf = lineOrders(population);
	const term = new Int8Array(orderOf.length).fill(NO_TERM);
	for (let line = 0; line < term.length; line++) {
		const order = orderOf[line] as number;
		const contract = order < 0 ? -1 : (contractOf[order] as number);
		if (contract >= 0 && (terms[contract] as number) >= 0) term[line] = codes.indexOf(terms[contract] as number);
	}
	return collect(population, term);
}

const sameTerm = (population: Population, term: TransferTerm): Int8Array =>
	new Int8Array(population.table('sales_order_line').rows).fill(TRANSFER_TERMS.indexOf(term));

const allShipped = (population: Population): Transfers => collect(population, sameTerm(population, 'shipment'));
const allDelivered = (population: Population): Transfers => collect(population, sameTerm(population, 'delivery'));

function collect(population: Population, term: Int8Array): Transfers {
	const list = new MovementList();
	const hasOwn = new Uint8Array(term.length);
	addShipments(population, term, list, hasOwn);
	if (population.has('order_event')) addEventsOfType(population, 'line.accepted', list, hasOwn, (line) => term[line] === 2);
	const inferred = inferMovements(population, term, hasOwn, list);
	return { movements: list.build(population.table('sales_order_line').quantities('quantity')), term, inferred };
}

function addShipments(population: Population, term: Int8Array, list: MovementList, hasOwn: Uint8Array): void {
	if (!population.has('shipment')) return;
	const shipments = population.table('shipment');
	const orders = shipments.codes('order_id');
	const lines = shipments.codes('line_id');
	const quantities = shipments.quantities('quantity');
	const shipped = shipments.instants('shipped_at');
	const delivered = shipments.instants('delivered_at');
	const index = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	for (let row = 0; row < shipments.rows; row++) {
		const line = index.rowOf(orders[row] as number, lines[row] as number);
		if (line < 0 || (term[line] !== 0 && term[line] !== 1)) continue;
		// A shipment on its way is the line's own movement too: it has not been transferred yet, and nothing else may say it has.
		hasOwn[line] = 1;
		list.add(line, (term[line] === 0 ? shipped[row] : delivered[row]) as number, quantities[row] as bigint, 'shipment', row);
	}
}

/**
 * Adds the line events of one type. Without a quantity an event moves all that is left of the line; without a line id it is
 * one of all lines of the order (only the earliest such of an order matters when it has no quantity, and it is taken as whole).
 */
export function addEventsOfType(
	population: Population,
	type: string,
	list: MovementList,
	hasOwn: Uint8Array,
	includes: (line: number) => boolean,
): void {
	const events = population.table('order_event');
	const code = events.dictionary('type').codeOf(type);
	if (code < 0) return;
	const types = events.codes('type');
	const orders = events.codes('order_id');
	const lines = events.codes('line_id');
	const instants = events.instants('occurred_at');
	const quantities = events.quantities('quantity');
	const index = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const wholeOrder = new Map<number, number>();
	for (let row = 0; row < events.rows; row++) {
		if (types[row] !== code) continue;
		const order = orders[row] as number;
		if ((lines[row] as number) < 0) {
			const earliest = wholeOrder.get(order);
			if (earliest === undefined || (instants[row] as number) < (instants[earliest] as number)) wholeOrder.set(order, row);
			continue;
		}
		const line = index.rowOf(order, lines[row] as number);
		if (line < 0 || !includes(line)) continue;
		hasOwn[line] = 1;
		list.add(line, instants[row] as number, events.isNull('quantity', row) ? null : (quantities[row] as bigint), 'order_event', row);
	}
	const linesOfOrder = population.index('sales_order_line', 'order_id');
	for (const [order, row] of wholeOrder) {
		for (const line of linesOfOrder.rowsOf(order)) {
			if (!includes(line)) continue;
			hasOwn[line] = 1;
			list.add(line, instants[row] as number, null, 'order_event', row);
		}
	}
}
