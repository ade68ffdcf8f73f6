/** The steps that orders took, counted, and those that nobody took. */
import { historiesOf, stateTableOf } from '#orders';
import type { Population } from '#population';
import { isWhole } from './whole.ts';

export interface MapEdge {
	/** "" is the beginning. */
	readonly from: string;
	readonly to: string;
	/** Transitions and the orders that made them. */
	readonly count: number;
	readonly orders: number;
	/** From when the state left had been reached; null where that is not known, as at the beginning. */
	readonly medianMs: number | null;
	readonly p95Ms: number | null;
	/** Transitions that the state table did not allow when they happened; null where no state table was supplied, or it is not whole. */
	readonly illegal: number | null;
	/** Allowed by the state table and made by none of these orders. */
	readonly isUnseen: boolean;
}

interface EdgeTally {
	readonly from: number;
	readonly to: number;
	count: number;
	orders: number;
	illegal: number;
	lastOrder: number;
	readonly durations: number[];
}

interface Walk {
	readonly size: number;
	/** Orders by state code. */
	readonly visited: Int32Array;
	readonly standing: Int32Array;
	/** Completed stays in ms by state code. */
	readonly stays: readonly number[][];
	readonly edges: ReadonlyMap<number, EdgeTally>;
	readonly backwards: number;
}

/** By (from + 1) × (states + 1) + to, so that the beginning has a place. */
const edgeKey = (from: number, to: number, size: number): number => (from + 1) * (size + 1) + to;

export function walkOrders(population: Population, ids: ArrayLike<number>, rows: Int32Array): Walk {
	const events = population.table('order_event');
	const [fromStates, toStates, occurred] = [events.codes('from_state'), events.codes('to_state'), events.instants('occurred_at')];
	const { before } = historiesOf(population);
	const states = population.has('state_transition') ? stateTableOf(population) : null;
	const byOrder = population.index('order_event', 'order_id');
	const size = population.dictionary('state').size;
	const [visited, standing] = [new Int32Array(size), new Int32Array(size)];
	const lastVisitor = new Int32Array(size).fill(-1);
	const stays = Array.from({ length: size }, (): number[] => []);
	const edges = new Map<number, EdgeTally>();
	let backwards = 0;
	const visit = (state: number, order: number): void => {
		if (state < 0 || lastVisitor[state] === order) return;
		lastVisitor[state] = order;
		visited[state] = (visited[state] as number) + 1;
	};
	for (let at = 0; at < rows.length; at++) {
		const order = ids[rows[at] as number] as number;
		let [state, since] = [-1, Number.NaN];
		for (const row of byOrder.rowsOf(order)) {
			const reached = toStates[row] as number;
			const left = (fromStates[row] as number) >= 0 ? (fromStates[row] as number) : (before[row] as number);
			if (reached < 0 || left === reached) continue;
			const key = edgeKey(left, reached, size);
			let edge = edges.get(key);
			if (!edge) {
				edge = { from: left, to: reached, count: 0, orders: 0, illegal: 0, lastOrder: -1, durations: [] };
				edges.set(key, edge);
			}
			edge.count++;
			if (edge.lastOrder !== order) edge.orders++;
			edge.lastOrder = order;
			const happened = occurred[row] as number;
			if (states && left >= 0 && !states.allows(states.pair(left, reached), happened)) edge.illegal++;
			// How long a state lasted is known only where the transition left the state that was reached before.
			const took = left === state ? happened - since : Number.NaN;
			if (took < 0) backwards++;
			else if (took >= 0) {
				edge.durations.push(took);
				stays[state]?.push(took);
			}
			visit(left, order);
			visit(reached, order);
			state = reached;
			since = happened;
		}
		if (state >= 0) standing[state] = (standing[state] as number) + 1;
	}
	return { size, visited, standing, stays, edges, backwards };
}

export function seenEdges(population: Population, { edges }: Walk, hasStateTable: boolean): MapEdge[] {
	const states = population.dictionary('state');
	const isTold = isWhole(population, 'state_transition');
	return [...edges.values()]
		.sort((a, b) => b.count - a.count)
		.map(({ from, to, count, orders, illegal, durations }) => ({
			from: from < 0 ? '' : states.text(from),
			to: states.text(to),
			count,
			orders,
			...middleAndTail(durations),
			illegal: hasStateTable && (illegal === 0 || isTold) ? illegal : null,
			isUnseen: false,
		}));
}

/** Pairs that some version of the state table allowed and that nobody passed. */
export function unseenEdges(population: Population, { edges, size }: Walk): MapEdge[] {
	const table = population.table('state_transition');
	const [from, to] = [table.codes('from_state'), table.codes('to_state')];
	const told = new Set<number>();
	const unseen: MapEdge[] = [];
	for (let row = 0; row < table.rows; row++) {
		const [left, reached] = [from[row] as number, to[row] as number];
		const key = edgeKey(left, reached, size);
		if (left < 0 || reached < 0 || left === reached || edges.has(key) || told.has(key)) continue;
		told.add(key);
		unseen.push({
			from: table.text('from_state', row) ?? '',
			to: table.text('to_state', row) ?? '',
			count: 0,
			orders: 0,
			medianMs: null,
			p95Ms: null,
			illegal: 0,
			isUnseen: true,
		});
	}
	return unseen;
}

/** Median (the lower of two) and the value that 95 % do not exceed. */
export function middleAndTail(durations: readonly number[] | undefined): { medianMs: number | null; p95Ms: number | null } {
	if (!durations || durations.length === 0) return { medianMs: null, p95Ms: null };
	const sorted = Float64Array.from(durations).sort();
	const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] as number;
	return { medianMs: at(0.5), p95Ms: at(0.95) };
}
