/** Did every shipped order pass the steps that must come first? T57. */
import { coversAll, mandatoryPairsBefore, stateTableOf } from '#orders';
import type { Population } from '#population';
import { inTime, refs } from './draft.ts';
import { stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const CITED_ROWS_MAX = 50;

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

export const EVENT_STEP_TESTS: readonly AuditTest[] = [
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
			{ table: 'state_transition', columns: ['from_state', 'to_state', 'valid_from', 'roles', 'mandatory'] },
		],
		mayRead: ['sales_order'],
		run: mandatoryStepSkipped,
	},
];
