/** Did every order move through its states as the company's own table allows? T56. */
import { historiesOf, lineStateBreaks, stateTableOf } from '#orders';
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
 * may also be the state of the line, or the one the order's own events reached. As many pairs as lines of the state table were set
 * aside may be just those lines, and stay open.
 */
function illegalTransition({ population }: AuditContext): Outcome {
	const events = population.table('order_event');
	const states = stateTableOf(population);
	const [from, to, occurred] = [events.codes('from_state'), events.codes('to_state'), events.instants('occurred_at')];
	const withheld = (events.withheld.get('from_state') ?? 0) + (events.withheld.get('to_state') ?? 0);
	const broken = withheld > 0 ? null : brokenSequences(population);
	const mayLackRows = unlawfulPairs(population).size <= population.table('state_transition').quarantine.length;
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
		const isSure = (isUnlawful && !mayLackRows) || (isBroken && !earlier.isGapped);
		if (isSure) list.add(() => illegalMove(population, row, earlier.row, isUnlawful && !mayLackRows));
		else open++;
	}
	return {
		tested,
		exceptions: list.all(),
		open,
		openWhy: `${open} transitions whose predecessor or whose row of the state table is withheld or was set aside`,
	};
}

/** Pairs of states that some event moved between although the state table did not allow it then. */
function unlawfulPairs(population: Population): Set<string> {
	const events = population.table('order_event');
	const states = stateTableOf(population);
	const [from, to, occurred] = [events.codes('from_state'), events.codes('to_state'), events.instants('occurred_at')];
	const pairs = new Set<string>();
	for (let row = 0; row < events.rows; row++) {
		const [left, reached] = [from[row] as number, to[row] as number];
		if (left < 0 || reached < 0 || left === reached || Number.isNaN(occurred[row])) continue;
		if (!states.allows(states.pair(left, reached), occurred[row] as number)) pairs.add(`${left}/${reached}`);
	}
	return pairs;
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
			{ table: 'state_transition', columns: ['from_state', 'to_state', 'valid_from', 'roles'] },
		],
		mayRead: ['sales_order'],
		run: illegalTransition,
	},
];
