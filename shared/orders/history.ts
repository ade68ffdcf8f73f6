/** Order histories: the state each event found its order in, along the chain. File order is chain order. */
import type { Population } from '#population';

export interface Histories {
	/** State code reached before each event by any event of the order, -1 before the first. */
	readonly before: Int32Array;
	/** Whether the company keeps a state for every line, so that `from_state` may be the line's own and not the order's. */
	readonly hasLineStates: boolean;
}

/** The histories of a population, walked once. Needs `order_event`. */
export const historiesOf = (population: Population): Histories => population.derive(deriveHistories);

function deriveHistories(population: Population): Histories {
	const events = population.table('order_event');
	const [orders, lines, from, to] = [
		events.codes('order_id'),
		events.codes('line_id'),
		events.codes('from_state'),
		events.codes('to_state'),
	];
	const size = population.dictionary('order').size;
	const before = new Int32Array(events.rows);
	const last = new Int32Array(size).fill(-1);
	const firstLine = new Int32Array(size).fill(-1);
	const kind = new Uint8Array(size);
	for (let row = 0; row < events.rows; row++) {
		const order = orders[row] as number;
		const [line, reached] = [lines[row] as number, to[row] as number];
		// The order of a sealed line may be withheld.
		const found = order < 0 ? -1 : (last[order] as number);
		before[row] = found;
		if (reached < 0 || order < 0) continue;
		if (line >= 0) {
			if ((firstLine[order] as number) < 0) firstLine[order] = line;
			kind[order] = (kind[order] as number) | (firstLine[order] === line ? HAS_LINE : HAS_LINE | HAS_LINES);
		}
		if (found >= 0 && from[row] !== found) kind[order] = (kind[order] as number) | BREAKS;
		last[order] = reached;
	}
	return { before, hasLineStates: keepsLineStates(population, kind) };
}

/** Some event of a line, events of several lines, or a from_state that is not the state reached before. */
const HAS_LINE = 1;
const HAS_LINES = 2;
const BREAKS = 4;

/** Of the orders with several lines, the share whose broken sequence the lines' own states explain, from which they are the rule. */
const SHARE_OF_ORDERS = 5;

/**
 * One order in five whose from_states agree only with the lines' own states is a way of working; one in a thousand is an error.
 * Where hardly any order has several lines, all orders with line events are counted instead.
 */
function keepsLineStates(population: Population, kind: Uint8Array): boolean {
	let [withLine, withLines, explained, explainedWithLines] = [0, 0, 0, 0];
	const byOrder = population.index('order_event', 'order_id');
	for (let order = 0; order < kind.length; order++) {
		const bits = kind[order] as number;
		if (!(bits & HAS_LINE)) continue;
		withLine++;
		if (bits & HAS_LINES) withLines++;
		if (!(bits & BREAKS) || lineStateBreaks(population, byOrder.rowsOf(order)).length > 0) continue;
		explained++;
		if (bits & HAS_LINES) explainedWithLines++;
	}
	const [count, of] = withLines * 100 >= withLine ? [explainedWithLines, withLines] : [explained, withLine];
	return count > 0 && count * SHARE_OF_ORDERS >= of;
}

/**
 * Events of one order whose from_state is neither the state the order reached before, nor the one the event's own line reached, nor
 * the one the order's own events (without a line) reached. An event without a line may also start from where some line stands.
 * @param rows the order's events in chain order
 */
export function lineStateBreaks(population: Population, rows: Int32Array): number[] {
	const events = population.table('order_event');
	const [lines, from, to] = [events.codes('line_id'), events.codes('from_state'), events.codes('to_state')];
	const ofLine = new Map<number, number>();
	/** How many lines stand in a state. */
	const standing = new Map<number, number>();
	let [any, ofOrder] = [-1, -1];
	const breaks: number[] = [];
	for (const row of rows) {
		const [line, left, reached] = [lines[row] as number, from[row] as number, to[row] as number];
		if (reached < 0) continue;
		const isAgreed = any < 0 || left === any || left === ofOrder || (line >= 0 ? left === ofLine.get(line) : (standing.get(left) ?? 0) > 0);
		if (!isAgreed || (left < 0 && any >= 0)) breaks.push(row);
		any = reached;
		if (line < 0) {
			ofOrder = reached;
			continue;
		}
		const earlier = ofLine.get(line);
		if (earlier !== undefined) standing.set(earlier, (standing.get(earlier) ?? 0) - 1);
		standing.set(reached, (standing.get(reached) ?? 0) + 1);
		ofLine.set(line, reached);
	}
	return breaks;
}
