/** Orders that nobody has touched for long: T58. */
import { formatDuration, HOUR_MS } from '#kernel';
import { terminalStates } from '#orders';
import type { Population } from '#population';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Terminal are `closed`, `cancelled`, `returned`, and the states that the company's table leads into but not out of. Without events
 * the order was last touched when it was ordered. Where event lines were set aside, an order whose events did not reach its state stays
 * open. `state_hours` sets the limit of single states: "backordered=240,on_hold=120".
 */
function staleOrder({ population, number, text }: AuditContext): Outcome {
	const limits = stateHours(population, text('state_hours'), number('hours'));
	if (limits === null) {
		return { tested: 0, exceptions: [], open: 0, notTestable: `the parameter state_hours is unreadable: ${text('state_hours')}` };
	}
	const orders = population.table('sales_order');
	const [ids, states, orderedAt] = [orders.codes('order_id'), orders.codes('state'), orders.instants('ordered_at')];
	const terminal = terminalStates(population);
	const last = lastEvents(population);
	const recorded = population.table('order_event').instants('recorded_at');
	const exceptions: ExceptionDraft[] = [];
	let [tested, open] = [0, 0];
	const mayLackEvents = population.table('order_event').quarantine.length > 0;
	const reached = mayLackEvents ? statesReached(population) : () => -1;
	for (let row = 0; row < orders.rows; row++) {
		const state = states[row] as number;
		if (terminal[state] === 1) continue;
		tested++;
		const event = last[ids[row] as number] ?? -1;
		const touched = (event < 0 ? orderedAt[row] : recorded[event]) as number;
		const idle = population.asOf - touched;
		const limit = limits[state] as number;
		if (!(idle > limit)) continue;
		if (mayLackEvents && reached(ids[row] as number) !== state) {
			open++;
			continue;
		}
		exceptions.push({
			...stakeOf(population, ids[row] as number),
			keys: keysOf(population, 'sales_order', row),
			reason: `Order ${orders.text('order_id', row)} is ${orders.text('state', row)} and ${event < 0 ? `has no event since it was ordered on ${inTime(touched)}` : `had its last event on ${inTime(touched)}`}, ${formatDuration(idle)} before as-of; the limit is ${limit / HOUR_MS} hours.`,
			rows: [ref('sales_order', row), ...refs('order_event', [event])],
		});
	}
	return { tested, exceptions, open, openWhy: `${open} orders whose last event may be a line set aside` };
}

/** The state that an order's events (by code of its id) reached last, -1 if none. */
function statesReached(population: Population): (order: number) => number {
	const events = population.table('order_event');
	const [orders, to] = [events.codes('order_id'), events.codes('to_state')];
	const states = new Int32Array(population.dictionary('order').size).fill(-1);
	for (let row = 0; row < events.rows; row++) if ((to[row] as number) >= 0) states[orders[row] as number] = to[row] as number;
	return (order) => states[order] ?? -1;
}

/** The event of each order (by code) that was recorded last, -1 without any. */
function lastEvents(population: Population): Int32Array {
	const events = population.table('order_event');
	const [orders, recorded] = [events.codes('order_id'), events.instants('recorded_at')];
	const last = new Int32Array(population.dictionary('order').size).fill(-1);
	for (let row = 0; row < events.rows; row++) {
		const order = orders[row] as number;
		const known = last[order] as number;
		if (known < 0 || (recorded[row] as number) > (recorded[known] as number)) last[order] = row;
	}
	return last;
}

/** Limits in ms by state code; null if the text is no list of `state=hours`. */
function stateHours(population: Population, text: string, hours: number): Float64Array | null {
	const limits = new Float64Array(population.dictionary('state').size).fill(hours * HOUR_MS);
	for (const part of text.split(',').filter((entry) => entry.trim() !== '')) {
		const [, state = '', own = ''] = /^\s*([^=]+?)\s*=\s*(\d{1,9})\s*$/.exec(part) ?? [];
		if (state === '') return null;
		const code = population.dictionary('state').codeOf(state);
		if (code >= 0) limits[code] = Number(own) * HOUR_MS;
	}
	return limits;
}

export const EVENT_STALE_TESTS: readonly AuditTest[] = [
	{
		id: 'T58',
		version: 1,
		title: 'Stale order',
		severity: 'medium',
		why: 'Orders that rest are where revenue is forgotten, or kept back for a better period.',
		rule: 'An order whose state is not terminal and whose last event was recorded more than {hours} hours before as-of ({state_hours} per state).',
		source: '',
		parameters: [
			{ name: 'hours', default: 72, unit: 'hours', doc: 'an order may rest so long' },
			{ name: 'state_hours', default: '', unit: 'state=hours, …', doc: 'other limits for single states, such as backordered=240' },
		],
		needs: [
			{ table: 'sales_order', columns: ['order_id', 'state', 'ordered_at', 'total_minor', 'currency'] },
			{ table: 'order_event', columns: ['order_id', 'recorded_at'] },
		],
		mayRead: ['state_transition'],
		run: staleOrder,
	},
];
