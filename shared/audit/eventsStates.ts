/** Did every order move through its states as the company's own table allows? T56, T57, T90. */
import { MINUTE_MS } from '#kernel';
import { coversAll, historiesOf, lineStateBreaks, mandatoryPairsBefore, stateTableOf } from '#orders';
import type { Population } from '#population';
import { inTime, keysOf, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 50;
/** Events looked back over for the one that set a state: more than any history has, few enough for a hostile one. */
const LOOK_BACK_MAX = 1000;

/**
 * The state reached before is the last to_state along the order's chain. An event without to_state, or from a state into itself, is no
 * transition; an order's first transition may start from nothing. A pair is lawful if any version allowed it at occurred_at.
 * Where a company keeps a state for every line (its from_states say so in one order of five with several lines), from_state
 * may also be the state of the line, or the one the order's own events reached.
 */
function illegalTransition({ population }: AuditContext): Outcome {
	const events = population.table('order_event');
	const states = stateTableOf(population);
	const [from, to, occurred] = [events.codes('from_state'), events.codes('to_state'), events.instants('occurred_at')];
	const withheld = (events.withheld.get('from_state') ?? 0) + (events.withheld.get('to_state') ?? 0);
	const broken = withheld > 0 ? null : brokenSequences(population);
	const list = new ExceptionList('order_event');
	let tested = 0;
	let open = withheld;
	for (let row = 0; row < events.rows; row++) {
		const [left, reached] = [from[row] as number, to[row] as number];
		if (reached < 0) continue;
		tested++;
		const isUnlawful = left >= 0 && left !== reached && !states.allows(states.pair(left, reached), occurred[row] as number);
		const isBroken = broken?.(row) === true;
		if ((!isUnlawful && !isBroken) || Number.isNaN(occurred[row])) continue;
		const earlier = stateSetter(population, row);
		if (!isUnlawful && earlier.isGapped) {
			open++;
			continue;
		}
		list.add(() => illegalMove(population, row, earlier.row, isUnlawful));
	}
	return { tested, exceptions: list.all(), open, openWhy: `${open} transitions whose predecessor is withheld or was set aside` };
}

function illegalMove(population: Population, row: number, earlier: number, isUnlawful: boolean): ExceptionDraft {
	const events = population.table('order_event');
	const states = stateTableOf(population);
	const [left, reached] = [events.codes('from_state')[row] as number, events.codes('to_state')[row] as number];
	const name = (state: number) => (state < 0 ? 'no state' : population.dictionary('state').text(state));
	const problem = isUnlawful
		? 'which the state table did not allow then'
		: `although the order had reached ${name(historiesOf(population).before[row] as number)}`;
	return {
		...stakeOf(population, events.codes('order_id')[row] as number),
		keys: keysOf(population, 'order_event', row),
		reason: `Event ${events.text('event_id', row)} (${events.text('type', row)} by ${events.text('actor_id', row)}, ${inTime(events.instants('occurred_at')[row] as number)}) moves order ${events.text('order_id', row)} from ${name(left)} to ${name(reached)}, ${problem}.`,
		rows: [
			...refs('order_event', [earlier, row]),
			...refs('state_transition', states.rowsOf(states.pair(left, reached)).subarray(0, CITED_ROWS_MAX)),
		],
	};
}

/** Which events do not start where the order (or, in such a company, the line) stood. */
function brokenSequences(population: Population): (row: number) => boolean {
	const events = population.table('order_event');
	const [orders, from, to] = [events.codes('order_id'), events.codes('from_state'), events.codes('to_state')];
	const { before, hasLineStates } = historiesOf(population);
	const differs = (row: number) => (before[row] as number) >= 0 && (to[row] as number) >= 0 && from[row] !== before[row];
	if (!hasLineStates) return differs;
	const suspects = new Set<number>();
	for (let row = 0; row < events.rows; row++) if (differs(row)) suspects.add(orders[row] as number);
	const byOrder = population.index('order_event', 'order_id');
	const broken = new Set<number>();
	for (const order of suspects) for (const row of lineStateBreaks(population, byOrder.rowsOf(order))) broken.add(row);
	return (row) => broken.has(row);
}

/** The event that set the state an event found, and whether one in between may have been set aside as malformed. */
function stateSetter(population: Population, row: number): { row: number; isGapped: boolean } {
	const events = population.table('order_event');
	const [to, seqs] = [events.codes('to_state'), events.integers('order_seq')];
	const rows = population.index('order_event', 'order_id').rowsOf(events.codes('order_id')[row] as number);
	const mayBeGapped = events.quarantine.length > 0;
	let isGapped = false;
	let at = positionOf(rows, row);
	for (let steps = 0; at > 0 && steps < LOOK_BACK_MAX; at--, steps++) {
		const [later, earlier] = [rows[at] as number, rows[at - 1] as number];
		isGapped ||= mayBeGapped && (seqs[later] as number) !== (seqs[earlier] as number) + 1;
		if ((to[earlier] as number) >= 0) return { row: earlier, isGapped };
	}
	return { row: -1, isGapped: isGapped || (mayBeGapped && seqs[rows[0] as number] !== 1) };
}

/** Where a row stands in ascending rows. */
function positionOf(rows: Int32Array, row: number): number {
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((rows[middle] as number) < row) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** More mandatory steps than any company has would only serve to make the test endless. */
const STEPS_MAX = 1000;

/**
 * A mandatory transition lies before `shipped` if `shipped` can be reached from where it leads, and where it starts cannot be reached
 * from `shipped` (holds and disputes aside). An order passed it by entering the state it leads to, by whatever transition, so that
 * a release after a credit hold counts; `partially_shipped` is no step of its own. Steps that became mandatory while the order was
 * under way are left open.
 */
function mandatoryStepSkipped({ population }: AuditContext): Outcome {
	const events = population.table('order_event');
	const state = (name: string) => population.dictionary('state').codeOf(name);
	const shipped = state('shipped');
	if (shipped < 0) return { tested: 0, exceptions: [], open: 0, notTestable: 'no state of this company is named shipped' };
	const steps = mandatoryPairsBefore(population, shipped).filter((step) => step.to !== state('partially_shipped'));
	if (steps.length > STEPS_MAX) {
		return { tested: 0, exceptions: [], open: 0, notTestable: `the state table has ${steps.length} mandatory steps before shipped` };
	}
	const byOrder = population.index('order_event', 'order_id');
	const [from, to, occurred] = [events.codes('from_state'), events.codes('to_state'), events.instants('occurred_at')];
	const enteredIn = new Int32Array(population.dictionary('state').size).fill(-1);
	const exceptions: ExceptionDraft[] = [];
	let [tested, open] = [0, 0];
	for (let order = 0; order < population.dictionary('order').size; order++) {
		const rows = byOrder.rowsOf(order);
		const end = rows.findIndex((row) => to[row] === shipped);
		if (end < 0) continue;
		tested++;
		for (let at = 0, isFirst = true; at < end; at++) {
			const row = rows[at] as number;
			if ((to[row] as number) < 0) continue;
			if (isFirst && (from[row] as number) >= 0) enteredIn[from[row] as number] = order;
			isFirst = false;
			enteredIn[to[row] as number] = order;
		}
		const [first, last] = [rows[0] as number, rows[end] as number];
		const shippedAt = occurred[last] as number;
		const skipped = steps.filter((step) => enteredIn[step.to] !== order && coversAll(step.valid, shippedAt, shippedAt));
		if (skipped.length === 0) continue;
		const startedAt = Math.min(occurred[first] as number, shippedAt);
		const sure = skipped.filter((step) => coversAll(step.valid, startedAt, shippedAt));
		if (sure.length === 0 || isIncomplete(population, rows.subarray(0, end + 1))) {
			open++;
			continue;
		}
		exceptions.push({
			...stakeOf(population, order),
			keys: { order_id: population.dictionary('order').text(order) },
			reason: `Order ${population.dictionary('order').text(order)} reached shipped on ${inTime(shippedAt)} (event ${events.text('event_id', last)} by ${events.text('actor_id', last)}) without the mandatory ${sure.map((step) => stepName(population, step.pair)).join(' and ')}.`,
			rows: [
				...refs('order_event', rows.subarray(Math.max(0, end + 1 - CITED_ROWS_MAX), end + 1)),
				...refs(
					'state_transition',
					sure.map((step) => stateTableOf(population).rowsOf(step.pair)[0] as number),
				),
			],
		});
	}
	return { tested, exceptions, open, openWhy: `${open} orders for which the steps changed under way, or whose events were set aside` };
}

function stepName(population: Population, pair: number): string {
	const row = stateTableOf(population).rowsOf(pair)[0] as number;
	const table = population.table('state_transition');
	return `${table.text('from_state', row)} → ${table.text('to_state', row)}`;
}

/** Whether an event of the order may be among the lines set aside. */
function isIncomplete(population: Population, rows: Int32Array): boolean {
	const events = population.table('order_event');
	if (events.quarantine.length === 0) return false;
	const seqs = events.integers('order_seq');
	return rows.some((row, at) => seqs[row] !== at + 1);
}

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
	readonly #to: Int32Array;
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

const STATES_NEED = { table: 'state_transition', columns: ['from_state', 'to_state', 'valid_from'] } as const;

export const EVENT_STATE_TESTS: readonly AuditTest[] = [
	{
		id: 'T56',
		version: 1,
		title: 'Illegal state transition',
		severity: 'high',
		why: 'An order that moves as its own workflow forbids was moved by somebody who went around a control.',
		rule: 'An event whose (from_state, to_state) the state table did not allow at occurred_at, or whose from_state is not the state reached before.',
		source: 'AS 2201.34',
		parameters: [],
		needs: [
			{ table: 'order_event', columns: ['event_id', 'order_id', 'order_seq', 'type', 'occurred_at', 'actor_id'] },
			{ ...STATES_NEED, columns: [...STATES_NEED.columns, 'roles'] },
		],
		mayRead: ['sales_order'],
		run: illegalTransition,
	},
	{
		id: 'T57',
		version: 1,
		title: 'Mandatory step skipped',
		severity: 'high',
		why: 'A shipment without the steps meant to come before it left without credit check, release or picking.',
		rule: 'An order reached shipped without entering the states to which the mandatory transitions before it lead.',
		source: 'AS 2201.34',
		parameters: [],
		needs: [
			{ table: 'order_event', columns: ['event_id', 'order_id', 'order_seq', 'occurred_at', 'actor_id'] },
			{ ...STATES_NEED, columns: [...STATES_NEED.columns, 'roles', 'mandatory'] },
		],
		mayRead: ['sales_order'],
		run: mandatoryStepSkipped,
	},
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
