/** The holds of an order, found as they are asked for. */
import type { Population } from '#population';
import { type Interval, IntervalSet, NO_INTERVALS } from '#revenue';

export class OrderHolds {
	/** Holds on the whole order. */
	readonly whole: IntervalSet;
	/** All holds, those on single lines too. */
	readonly all: IntervalSet;
	readonly #byLine: ReadonlyMap<number, IntervalSet>;

	/** @param order code of the order id */
	constructor(population: Population, order: number) {
		const holds = population.table('hold');
		const opened = holds.instants('opened_at');
		const closed = holds.instants('closed_at');
		const lines = holds.codes('line_id');
		const all: Interval[] = [];
		const byLine = new Map<number, Interval[]>();
		for (const row of population.index('hold', 'order_id').rowsOf(order)) {
			const to = closed[row] as number;
			const interval = { from: opened[row] as number, to: Number.isNaN(to) ? Number.POSITIVE_INFINITY : to, row };
			all.push(interval);
			const known = byLine.get(lines[row] as number);
			if (known) known.push(interval);
			else byLine.set(lines[row] as number, [interval]);
		}
		this.all = new IntervalSet(all);
		this.whole = new IntervalSet(byLine.get(NO_LINE) ?? []);
		this.#byLine = new Map(Array.from(byLine, ([line, intervals]) => [line, new IntervalSet(intervals)]));
	}

	/** Holds that concern a line: its own and those of the whole order. Of no line (-1): all of them. */
	on(line: number): readonly IntervalSet[] {
		return line < 0 ? [this.all] : [this.whole, this.#byLine.get(line) ?? NO_INTERVALS];
	}
}

const NO_LINE = -1;

/** Gives the holds of an order by the code of its id, each once. Needs hold. */
export function holdsByOrder(population: Population): (order: number) => OrderHolds {
	const known = new Map<number, OrderHolds>();
	return (order) => {
		let holds = known.get(order);
		if (!holds) {
			holds = new OrderHolds(population, order);
			known.set(order, holds);
		}
		return holds;
	};
}
