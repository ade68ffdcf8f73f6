/**
 * The ways orders went: each order's transitions along its chain, every distinct sequence kept once, so that a question about ways is
 * asked of hundreds of variants and not of millions of orders.
 */
import { historiesOf } from '#orders';
import type { Population } from '#population';
import type { PathVariants, Texts } from './ordersColumns.ts';

const FIRST_SLOTS = 1024;
const MAX_LOAD = 0.6;

/** Collects sequences; equal ones get one number. */
export class PathCollector {
	#slots = new Int32Array(FIRST_SLOTS);
	#hashes = new Int32Array(256);
	#starts = new Int32Array(257);
	#from = new Int32Array(1024);
	#to = new Int32Array(1024);
	#size = 0;

	/** The number of the sequence in the first `length` entries of `from` and `to`. */
	add(from: ArrayLike<number>, to: ArrayLike<number>, length: number): number {
		const hash = hashPath(from, to, length);
		const mask = this.#slots.length - 1;
		let slot = hash & mask;
		for (let entry = this.#slots[slot] as number; entry !== 0; entry = this.#slots[slot] as number) {
			if (this.#hashes[entry - 1] === hash && this.#equals(entry - 1, from, to, length)) return entry - 1;
			slot = (slot + 1) & mask;
		}
		return this.#append(hash, from, to, length);
	}

	finish(): PathVariants {
		const end = this.#starts[this.#size] as number;
		return {
			size: this.#size,
			starts: this.#starts.slice(0, this.#size + 1),
			from: this.#from.slice(0, end),
			to: this.#to.slice(0, end),
		};
	}

	#equals(variant: number, from: ArrayLike<number>, to: ArrayLike<number>, length: number): boolean {
		const start = this.#starts[variant] as number;
		if ((this.#starts[variant + 1] as number) - start !== length) return false;
		for (let at = 0; at < length; at++) if (this.#from[start + at] !== from[at] || this.#to[start + at] !== to[at]) return false;
		return true;
	}

	#append(hash: number, from: ArrayLike<number>, to: ArrayLike<number>, length: number): number {
		if (this.#size + 1 > this.#slots.length * MAX_LOAD) this.#grow();
		const start = this.#starts[this.#size] as number;
		if (start + length > this.#from.length) {
			this.#from = grown(this.#from, start + length);
			this.#to = grown(this.#to, start + length);
		}
		if (this.#size + 2 > this.#starts.length) {
			this.#starts = grown(this.#starts, this.#size + 2);
			this.#hashes = grown(this.#hashes, this.#size + 1);
		}
		for (let at = 0; at < length; at++) {
			this.#from[start + at] = from[at] as number;
			this.#to[start + at] = to[at] as number;
		}
		const variant = this.#size++;
		this.#hashes[variant] = hash;
		this.#starts[this.#size] = start + length;
		this.#enter(variant);
		return variant;
	}

	#enter(variant: number): void {
		const mask = this.#slots.length - 1;
		let slot = (this.#hashes[variant] as number) & mask;
		while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
		this.#slots[slot] = variant + 1;
	}

	#grow(): void {
		this.#slots = new Int32Array(this.#slots.length * 2);
		for (let variant = 0; variant < this.#size; variant++) this.#enter(variant);
	}
}

function grown(cells: Int32Array, least: number): Int32Array<ArrayBuffer> {
	const larger = new Int32Array(Math.max(least, cells.length * 2));
	larger.set(cells);
	return larger;
}

function hashPath(from: ArrayLike<number>, to: ArrayLike<number>, length: number): number {
	let hash = length;
	for (let at = 0; at < length; at++) {
		hash = Math.imul(hash ^ ((from[at] as number) + 1), 0x9e3779b1);
		hash = Math.imul(hash ^ (hash >>> 15) ^ ((to[at] as number) + 1), 0x85ebca6b);
	}
	return hash ^ (hash >>> 16);
}

/** Ways by order code, -1 for orders without events. Needs `order_event`. */
export interface PopulationPaths {
	readonly variantOfOrder: Int32Array;
	readonly variants: PathVariants;
	/** The variant without any transition: orders without events. */
	readonly empty: number;
}

export const pathsOf = (population: Population): PopulationPaths => population.derive(derivePaths);

/**
 * An event is a transition if it names a state reached that is not the one it left. Where it does not say what it left, that is the state
 * its order had reached before.
 */
function derivePaths(population: Population): PopulationPaths {
	const events = population.table('order_event');
	const [fromStates, toStates] = [events.codes('from_state'), events.codes('to_state')];
	const { before } = historiesOf(population);
	const byOrder = population.index('order_event', 'order_id');
	const orders = population.dictionary('order').size;
	const variantOfOrder = new Int32Array(orders);
	const collector = new PathCollector();
	const empty = collector.add([], [], 0);
	const from: number[] = [];
	const to: number[] = [];
	for (let order = 0; order < orders; order++) {
		let length = 0;
		for (const row of byOrder.rowsOf(order)) {
			const reached = toStates[row] as number;
			const left = (fromStates[row] as number) >= 0 ? (fromStates[row] as number) : (before[row] as number);
			if (reached < 0 || left === reached) continue;
			from[length] = left;
			to[length++] = reached;
		}
		variantOfOrder[order] = length === 0 ? empty : collector.add(from, to, length);
	}
	return { variantOfOrder, variants: collector.finish(), empty };
}

const STEPS_TOLD = 200;

/**
 * A variant in words: "booked → released → shipped". Where a transition did not start in the state reached before, it says from where:
 * "booked → released ⇢ picking → shipped". Two variants of up to 200 steps never read alike.
 */
export function variantText({ starts, from, to }: PathVariants, variant: number, states: Texts): string {
	const [start, end] = [starts[variant] as number, starts[variant + 1] as number];
	if (start === end) return 'no transitions';
	let text = '';
	for (let at = start; at < Math.min(end, start + STEPS_TOLD); at++) {
		const [left, reached] = [from[at] as number, to[at] as number];
		const standing = at === start ? -1 : (to[at - 1] as number);
		const name = states.label(reached);
		if (left === standing) text += at === start ? name : ` → ${name}`;
		else text += `${at === start ? '' : ' ⇢ '}${left < 0 ? 'nothing' : states.label(left)} → ${name}`;
	}
	return end - start > STEPS_TOLD ? `${text} … (${end - start} steps)` : text;
}

/** The state a variant begins in: what its first transition left, or reached where it left nothing. -1 without transitions. */
export function firstState({ starts, from, to }: PathVariants, variant: number): number {
	const start = starts[variant] as number;
	if (start === starts[variant + 1]) return -1;
	return (from[start] as number) >= 0 ? (from[start] as number) : (to[start] as number);
}

/** The state reached last, -1 without transitions. */
export const lastState = ({ starts, to }: PathVariants, variant: number): number => {
	const end = starts[variant + 1] as number;
	return end === starts[variant] ? -1 : (to[end - 1] as number);
};

/** Whether a variant ever stood in a state. */
export function visits({ starts, from, to }: PathVariants, variant: number, state: number): boolean {
	for (let at = starts[variant] as number; at < (starts[variant + 1] as number); at++)
		if (to[at] === state || from[at] === state) return true;
	return false;
}

/** Whether a variant has a transition. @param left -1: from the beginning */
export function passes({ starts, from, to }: PathVariants, variant: number, left: number, reached: number): boolean {
	for (let at = starts[variant] as number; at < (starts[variant + 1] as number); at++)
		if (from[at] === left && to[at] === reached) return true;
	return false;
}
