/** Orders that go to and fro: T90. */
import { MINUTE_MS } from '#kernel';
import { historiesOf } from '#orders';
import type { Codes, Population } from '#population';
import { refs } from './draft.ts';
import { stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 50;

/**
 * Entering is reaching a state other than the one the order (or, where lines have states, the line) was in. A reversal is coming back
 * to a state within the time from having left it, A → B → A.
 */
function statusPingPong(context: AuditContext): Outcome {
	const { population, number } = context;
	const { hasLineStates } = historiesOf(population);
	const byOrder = population.index('order_event', 'order_id');
	const counter = new EntryCounter(population, number('minutes') * MINUTE_MS);
	const limits = { entries: number('entries'), reversals: number('reversals') };
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let order = 0; order < population.dictionary('order').size; order++) {
		const rows = byOrder.rowsOf(order);
		if (rows.length === 0) continue;
		tested++;
		let found = pingPong(counter.count(rows), limits);
		if (found && hasLineStates) found = machines(population, rows).some((own) => pingPong(counter.count(own), limits));
		if (!found) continue;
		const { entries, state, reversals } = counter.count(rows);
		const orderId = population.dictionary('order').text(order);
		exceptions.push({
			...stakeOf(population, order),
			keys: { order_id: orderId },
			reason: `Order ${orderId} entered ${state < 0 ? 'no state' : population.dictionary('state').text(state)} ${entries} times and went back within ${number('minutes')} minutes ${reversals} times.`,
			rows: refs('order_event', rows.subarray(0, CITED_ROWS_MAX)),
		});
	}
	return { tested, exceptions, open: 0 };
}

interface Entries {
	/** The state entered most often, how often, and how often the order went back within the time. */
	readonly state: number;
	readonly entries: number;
	readonly reversals: number;
}

const pingPong = (found: Entries, limits: { entries: number; reversals: number }): boolean =>
	found.entries > limits.entries || found.reversals > limits.reversals;

/** The rows of each line of an order, and those of the order itself, apart. */
function machines(population: Population, rows: Int32Array): Int32Array[] {
	const lines = population.table('order_event').codes('line_id');
	const byLine = new Map<number, number[]>();
	for (const row of rows) {
		const own = byLine.get(lines[row] as number);
		if (own) own.push(row);
		else byLine.set(lines[row] as number, [row]);
	}
	return [...byLine.values()].map((own) => Int32Array.from(own));
}

class EntryCounter {
	readonly #to: Codes;
	readonly #occurred: Float64Array;
	readonly #withinMs: number;
	readonly #count: Int32Array;

	constructor(population: Population, withinMs: number) {
		const events = population.table('order_event');
		this.#to = events.codes('to_state');
		this.#occurred = events.instants('occurred_at');
		this.#withinMs = withinMs;
		this.#count = new Int32Array(population.dictionary('state').size);
	}

	count(rows: Int32Array): Entries {
		let [state, entries, reversals] = [-1, 0, 0];
		/** The state now, the one before it, and when the order went from that to this. */
		let [current, previous, since] = [-1, -1, Number.NaN];
		for (const row of rows) {
			const reached = this.#to[row] as number;
			if (reached < 0 || reached === current) continue;
			const count = (this.#count[reached] as number) + 1;
			this.#count[reached] = count;
			if (count > entries) {
				entries = count;
				state = reached;
			}
			const at = this.#occurred[row] as number;
			if (reached === previous && at - since <= this.#withinMs) reversals++;
			previous = current;
			current = reached;
			since = at;
		}
		for (const row of rows) if ((this.#to[row] as number) >= 0) this.#count[this.#to[row] as number] = 0;
		return { state, entries, reversals };
	}
}

export const EVENT_PING_PONG_TESTS: readonly AuditTest[] = [
	{
		id: 'T90',
		version: 1,
		title: 'Status ping-pong',
		severity: 'low',
		why: 'An order that goes to and fro points to a broken process, or to somebody trying until a control gives way.',
		rule: 'A state entered more than {entries} times, or an order that went back within {minutes} minutes more than {reversals} times.',
		source: '',
		parameters: [
			{ name: 'entries', default: 3, unit: 'entries', doc: 'a state may be entered so many times' },
			{ name: 'minutes', default: 10, unit: 'minutes', doc: 'going back within this time is a reversal' },
			{ name: 'reversals', default: 2, unit: 'reversals', doc: 'an order may be reversed so many times' },
		],
		needs: [{ table: 'order_event', columns: ['order_id', 'occurred_at'] }],
		mayRead: ['sales_order'],
		run: statusPingPong,
	},
];
