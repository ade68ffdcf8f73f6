/**
 * The process map of some orders: the states they stood in, the transitions they made, how long each took, and what the company's own state
 * table says of them. Open orders are counted apart: what has not ended can't be said to conform.
 */
import { terminalStates } from '#orders';
import type { Population } from '#population';
import { type MapEdge, middleAndTail, seenEdges, unseenEdges, walkOrders } from './mapWalk.ts';
import { type OrderTable, textColumn } from './ordersColumns.ts';
import { type LinesAside, linesAside } from './whole.ts';

export interface MapNode {
	readonly state: string;
	/** Orders that ever stood in it, and those that stand in it at as-of. */
	readonly orders: number;
	readonly standing: number;
	readonly isTerminal: boolean;
	/** Completed stays: those that ended with a transition. Milliseconds by `occurred_at`. */
	readonly stays: number;
	readonly medianMs: number | null;
	readonly p95Ms: number | null;
}

export interface TransitionMap {
	readonly nodes: readonly MapNode[];
	/** The most frequent first; unseen ones last. */
	readonly edges: readonly MapEdge[];
	readonly orders: number;
	/** Orders in a terminal state, in another, and without any transition. */
	readonly ended: number;
	readonly open: number;
	readonly withoutPath: number;
	/** Transitions whose duration is negative by their own times: in no median. */
	readonly backwards: number;
	readonly hasStateTable: boolean;
	/** Without events nothing is known of where orders went. */
	readonly hasEvents: boolean;
	/** Lines of events and of the state table that were set aside: steps may be missing from the map, and rules from the table. */
	readonly setAside: readonly LinesAside[];
}

const EMPTY: TransitionMap = {
	nodes: [],
	edges: [],
	orders: 0,
	ended: 0,
	open: 0,
	withoutPath: 0,
	backwards: 0,
	hasStateTable: false,
	hasEvents: false,
	setAside: [],
};

/** @param rows of the order table of this population */
export function transitionMap(population: Population, table: OrderTable, rows: Int32Array): TransitionMap {
	if (!population.has('order_event')) return { ...EMPTY, orders: rows.length, withoutPath: rows.length };
	const walk = walkOrders(population, textColumn(table, 'order_id').codes, rows);
	const { size, backwards } = walk;
	const states = population.dictionary('state');
	const terminal = terminalStates(population);
	const hasStateTable = population.has('state_transition');
	const nodes: MapNode[] = [];
	for (let state = 0; state < size; state++) {
		const orders = walk.visited[state] as number;
		if (orders === 0) continue;
		nodes.push({
			state: states.text(state),
			orders,
			standing: walk.standing[state] as number,
			isTerminal: terminal[state] === 1,
			stays: walk.stays[state]?.length ?? 0,
			...middleAndTail(walk.stays[state]),
		});
	}
	let [ended, open] = [0, 0];
	for (let state = 0; state < size; state++) {
		if (terminal[state] === 1) ended += walk.standing[state] as number;
		else open += walk.standing[state] as number;
	}
	return {
		nodes: nodes.sort((a, b) => b.orders - a.orders),
		edges: [...seenEdges(population, walk, hasStateTable), ...(hasStateTable ? unseenEdges(population, walk) : [])],
		orders: rows.length,
		ended,
		open,
		withoutPath: rows.length - ended - open,
		backwards,
		hasStateTable,
		hasEvents: true,
		setAside: linesAside(population, ['order_event', 'state_transition']),
	};
}
