/** Disputes and waiting orders that nobody escalated in time. T63. */
import { formatDuration, HOUR_MS } from '#kernel';
import type { Population } from '#population';
import { disputeDraft, disputeText, isClosed, orderOf } from './disputeDraft.ts';
import { inTime, ref, refs } from './draft.ts';
import { OpenSubjects } from './revenueView.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

/** An escalation counts up to this after it was due: the sweep that escalates runs daily. */
const ESCALATION_LEEWAY = 24 * HOUR_MS;

const WAITING_STATES = ['booked', 'credit_hold'];

/**
 * Reading: calendar hours. A dispute runs from logged_at to closed_at, or to as-of; an order waits from the event that reaches `booked` or
 * `credit_hold` to the next event that reaches another state, or to as-of. Escalated is a dispute with escalated_at, an order with an
 * order.escalated event meanwhile, either not later than one day after it was due. One exception an order, at its first such wait.
 */
export function escalationMissed({ population, number }: AuditContext): Outcome {
	const limit = number('hours') * HOUR_MS;
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	const disputes = population.table('dispute');
	const logged = disputes.instants('logged_at');
	const closed = disputes.instants('closed_at');
	const escalated = disputes.instants('escalated_at');
	for (let dispute = 0; dispute < disputes.rows; dispute++) {
		const from = logged[dispute] as number;
		const isOver = !Number.isNaN(closed[dispute] as number);
		if (!isOver && isClosed(population, dispute)) {
			open.add('closed dispute without a closing time');
			continue;
		}
		const to = isOver ? (closed[dispute] as number) : population.asOf;
		if (!(to - from > limit)) continue;
		if ((escalated[dispute] as number) - from <= limit + ESCALATION_LEEWAY) continue;
		const late = Number.isNaN(escalated[dispute] as number)
			? 'was never escalated'
			: `was escalated only at ${inTime(escalated[dispute] as number)}`;
		exceptions.push({
			...disputeDraft(population, dispute),
			reason: `${disputeText(population, dispute)}, logged at ${inTime(from)}, ${isOver ? 'stayed' : 'is at as-of still'} open for ${formatDuration(to - from)} and ${late}; the limit is ${number('hours')} hours.`,
			rows: [ref('dispute', dispute), ...refs('sales_order', [orderOf(population, dispute)])],
		});
	}
	const orders = waitingOrders(population, limit, number('hours'), exceptions);
	return { tested: disputes.rows + orders, exceptions, ...open.outcome() };
}

/** Adds the orders that waited too long; gives the number of orders that waited at all. */
function waitingOrders(population: Population, limit: number, hours: number, exceptions: ExceptionDraft[]): number {
	const events = population.table('order_event');
	const index = population.index('order_event', 'order_id');
	const states = events.codes('to_state');
	const types = events.codes('type');
	const instants = events.instants('occurred_at');
	const waiting = WAITING_STATES.map((state) => population.dictionary('state').codeOf(state)).filter((code) => code >= 0);
	const escalation = events.dictionary('type').codeOf('order.escalated');
	let tested = 0;
	for (let order = 0; order < population.dictionary('order').size; order++) {
		let since = -1;
		let escalatedAt = Number.NaN;
		let hasWaited = false;
		let isReported = false;
		const leave = (to: number, next: number): void => {
			const from = instants[since] as number;
			if (isReported || !(to - from > limit) || escalatedAt - from <= limit + ESCALATION_LEEWAY) return;
			isReported = true;
			exceptions.push(waitedTooLong(population, since, next, to, hours));
		};
		for (const row of index.rowsOf(order)) {
			if (since >= 0 && escalation >= 0 && types[row] === escalation && Number.isNaN(escalatedAt)) escalatedAt = instants[row] as number;
			const state = states[row] as number;
			if (state < 0 || (since >= 0 && state === states[since])) continue;
			if (since >= 0) leave(instants[row] as number, row);
			since = waiting.includes(state) ? row : -1;
			escalatedAt = Number.NaN;
			if (since >= 0) hasWaited = true;
		}
		if (since >= 0) leave(population.asOf, -1);
		if (hasWaited) tested++;
	}
	return tested;
}

function waitedTooLong(population: Population, entered: number, left: number, to: number, hours: number): ExceptionDraft {
	const events = population.table('order_event');
	const orderId = events.text('order_id', entered);
	const order = population.has('sales_order')
		? population.index('sales_order', 'order_id').rowOf(events.codes('order_id')[entered] as number)
		: -1;
	const from = events.instants('occurred_at')[entered] as number;
	const until = left < 0 ? 'is still in it at as-of' : `left it at ${inTime(to)}`;
	return {
		orderId,
		keys: { order_id: orderId ?? '' },
		amountMinor: order < 0 ? null : (population.table('sales_order').minors('total_minor')[order] as bigint),
		currency: order < 0 ? null : population.table('sales_order').text('currency', order),
		reason: `Order ${orderId} reached ${events.text('to_state', entered)} at ${inTime(from)} and ${until}, ${formatDuration(to - from)} later, without an escalation in time; the limit is ${hours} hours.`,
		rows: [ref('order_event', entered), ...refs('order_event', [left]), ...refs('sales_order', [order])],
	};
}
