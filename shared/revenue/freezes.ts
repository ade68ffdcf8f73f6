/**
 * When recognition was frozen: holds and disputes on an order or a line, and the order states `on_hold` and `disputed`. A transfer
 * that falls into a freeze, or is frozen before revenue was due, waits for its end.
 */
import type { Population } from '#population';
import { type Interval, IntervalSet, NO_INTERVALS } from './intervals.ts';

/** Freezes that follow each other without a gap for recognition; more of them on one line are not followed. */
const FOLLOWED_FREEZES_MAX = 100;

const FREEZING_STATES = ['on_hold', 'disputed'];

/** The freezes of one order; `row` is meaningless in them, since they come from several tables. */
interface OrderFreezes {
	readonly whole: IntervalSet;
	readonly byLine: ReadonlyMap<number, IntervalSet>;
}

export class Freezes {
	readonly #population: Population;
	readonly #known = new Map<number, OrderFreezes>();

	constructor(population: Population) {
		this.#population = population;
	}

	/**
	 * The instant from which revenue for a transfer could be recognised: the transfer's own, or the end of the freezes that began
	 * before `deadlineOf` it.
	 * @returns infinity while it is frozen still, NaN where freezes follow each other beyond reason
	 */
	freeFrom(order: number, line: number, transfer: number, deadlineOf: (instant: number) => number): number {
		const { whole, byLine } = this.#of(order);
		const own = byLine.get(line) ?? NO_INTERVALS;
		let free = transfer;
		for (let step = 0; step < FOLLOWED_FREEZES_MAX; step++) {
			const deadline = deadlineOf(free);
			const freeze = [whole, own].map((set) => set.firstEndingAfter(free)).find((piece) => piece !== null && piece.from <= deadline);
			if (!freeze) return free;
			free = freeze.to;
			if (free === Number.POSITIVE_INFINITY) return free;
		}
		return Number.NaN;
	}

	#of(order: number): OrderFreezes {
		let freezes = this.#known.get(order);
		if (!freezes) {
			freezes = freezesOf(this.#population, order);
			this.#known.set(order, freezes);
		}
		return freezes;
	}
}

/** The freezes of a population, found as they are asked for. Reads hold, dispute and order_event where supplied. */
export const freezesIn = (population: Population): Freezes => population.derive(newFreezes);

const newFreezes = (population: Population): Freezes => new Freezes(population);

/** @param order code of the order id */
function freezesOf(population: Population, order: number): OrderFreezes {
	const whole: Interval[] = [];
	const byLine = new Map<number, Interval[]>();
	const add = (line: number, interval: Interval) => {
		if (line < 0) whole.push(interval);
		else if (byLine.has(line)) byLine.get(line)?.push(interval);
		else byLine.set(line, [interval]);
	};
	for (const name of ['hold', 'dispute'] as const) {
		if (!population.has(name)) continue;
		const table = population.table(name);
		const from = table.instants(name === 'hold' ? 'opened_at' : 'logged_at');
		for (const row of population.index(name, 'order_id').rowsOf(order)) {
			const closed = table.instants('closed_at')[row] as number;
			const isOver = name === 'dispute' && table.text('status', row) !== 'open';
			const to = !Number.isNaN(closed) ? closed : isOver ? (from[row] as number) : Number.POSITIVE_INFINITY;
			add(table.codes('line_id')[row] as number, { from: from[row] as number, to, row });
		}
	}
	whole.push(...frozenStates(population, order));
	return {
		whole: new IntervalSet(whole),
		byLine: new Map([...byLine].map(([line, intervals]) => [line, new IntervalSet(intervals)])),
	};
}

function frozenStates(population: Population, order: number): Interval[] {
	if (!population.has('order_event')) return [];
	const events = population.table('order_event');
	const states = events.codes('to_state');
	const instants = events.instants('occurred_at');
	const freezing = FREEZING_STATES.map((state) => population.dictionary('state').codeOf(state)).filter((code) => code >= 0);
	const found: Interval[] = [];
	let since = -1;
	for (const row of population.index('order_event', 'order_id').rowsOf(order)) {
		const state = states[row] as number;
		if (state < 0) continue;
		if (freezing.includes(state)) {
			if (since < 0) since = row;
		} else if (since >= 0) {
			found.push({ from: instants[since] as number, to: instants[row] as number, row: since });
			since = -1;
		}
	}
	if (since >= 0) found.push({ from: instants[since] as number, to: Number.POSITIVE_INFINITY, row: since });
	return found;
}
