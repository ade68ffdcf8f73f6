/** How disputes are handled: T63 escalation, T64 root cause, T65 whether they stopped revenue. */
import { formatDuration, HOUR_MS } from '#kernel';
import type { Population } from '#population';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { holdsByOrder, type OrderHolds } from './orderHolds.ts';
import { OpenSubjects } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** An escalation counts up to this after it was due: the sweep that escalates runs daily. */
const ESCALATION_LEEWAY = 24 * HOUR_MS;

const WAITING_STATES = ['booked', 'credit_hold'];

/** Common parts of an exception about a dispute. */
export function disputeDraft(
	population: Population,
	dispute: number,
): Pick<ExceptionDraft, 'orderId' | 'keys' | 'amountMinor' | 'currency'> {
	const disputes = population.table('dispute');
	const hasAmount = !disputes.isNull('amount_minor', dispute);
	const order = orderOf(population, dispute);
	return {
		orderId: disputes.text('order_id', dispute),
		keys: keysOf(population, 'dispute', dispute),
		amountMinor: hasAmount ? (disputes.minors('amount_minor')[dispute] as bigint) : null,
		currency: hasAmount && order >= 0 ? population.table('sales_order').text('currency', order) : null,
	};
}

/** Row of sales_order of a dispute, -1 where unknown or not supplied. */
const orderOf = (population: Population, dispute: number): number =>
	population.has('sales_order')
		? population.index('sales_order', 'order_id').rowOf(population.table('dispute').codes('order_id')[dispute] as number)
		: -1;

/** "Dispute D-1 on line 10 of order SO-1". */
export function disputeText(population: Population, dispute: number): string {
	const disputes = population.table('dispute');
	const line = disputes.text('line_id', dispute);
	return `Dispute ${disputes.text('dispute_id', dispute)} on ${line === null ? '' : `line ${line} of `}order ${disputes.text('order_id', dispute)}`;
}

const isClosed = (population: Population, dispute: number): boolean => {
	const disputes = population.table('dispute');
	const status = disputes.text('status', dispute);
	return !Number.isNaN(disputes.instants('closed_at')[dispute] as number) || (status !== null && status !== 'open');
};

/**
 * Reading: calendar hours. A dispute runs from logged_at to closed_at, or to as-of; an order waits from the event that reaches `booked` or
 * `credit_hold` to the next event that reaches another state, or to as-of. Escalated is a dispute with escalated_at, an order with an
 * order.escalated event meanwhile, either not later than one day after it was due. One exception an order, at its first such wait.
 */
function escalationMissed({ population, number }: AuditContext): Outcome {
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

/** Reading: closed is a dispute with a closing time or a status other than open; a blank code is none. */
function rootCauseMissing({ population }: AuditContext): Outcome {
	const disputes = population.table('dispute');
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let dispute = 0; dispute < disputes.rows; dispute++) {
		if (!isClosed(population, dispute)) continue;
		tested++;
		if ((disputes.text('root_cause_code', dispute) ?? '').trim() !== '') continue;
		exceptions.push({
			...disputeDraft(population, dispute),
			reason: `${disputeText(population, dispute)} was closed at ${inTime(disputes.instants('closed_at')[dispute] as number)} as ${disputes.text('status', dispute)}, without a root cause.`,
			rows: [ref('dispute', dispute), ...refs('sales_order', [orderOf(population, dispute)])],
		});
	}
	return { tested, exceptions, open: 0 };
}

/**
 * Reading: a hold of either kind on the order, or on the disputed line, that was in force at some time within {hours} of logged_at: opened
 * then, or before and still open. For a dispute over a whole order any hold on it counts.
 */
function disputeWithoutHold({ population, number }: AuditContext): Outcome {
	const disputes = population.table('dispute');
	const span = number('hours') * HOUR_MS;
	const holdsOf = holdsByOrder(population);
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	for (let dispute = 0; dispute < disputes.rows; dispute++) {
		const order = disputes.codes('order_id')[dispute] as number;
		const line = disputes.codes('line_id')[dispute] as number;
		const logged = disputes.instants('logged_at')[dispute] as number;
		const holds = holdsOf(order);
		if (holds.on(line).some((set) => (set.firstEndingAfter(logged)?.from ?? Number.POSITIVE_INFINITY) <= logged + span)) continue;
		if (population.asOf <= logged + span) open.add('dispute logged less than the allowed time before as-of');
		else exceptions.push(withoutHold(population, dispute, holds, number('hours')));
	}
	return { tested: disputes.rows, exceptions, ...open.outcome() };
}

function withoutHold(population: Population, dispute: number, { all }: OrderHolds, hours: number): ExceptionDraft {
	const logged = population.table('dispute').instants('logged_at')[dispute] as number;
	const later = all.firstEndingAfter(logged);
	const next =
		later === null
			? 'no hold was in force from then on'
			: `the next hold ${population.table('hold').text('hold_id', later.row)} was opened only at ${inTime(population.table('hold').instants('opened_at')[later.row] as number)}`;
	return {
		...disputeDraft(population, dispute),
		reason: `${disputeText(population, dispute)} was logged at ${inTime(logged)}, and no hold stopped its revenue within ${hours} h: ${next}.`,
		rows: [ref('dispute', dispute), ...refs('hold', later ? [later.row] : []), ...refs('sales_order', [orderOf(population, dispute)])],
	};
}

export const DISPUTE_TESTS: readonly AuditTest[] = [
	{
		id: 'T63',
		version: 1,
		title: 'Escalation missed',
		severity: 'medium',
		why: 'What nobody escalates stays open, and revenue or receivables in dispute stay overstated.',
		rule: 'A dispute was open, or an order was in state booked or credit_hold, for longer than {hours} hours without an escalation; one that comes up to a day after it was due still counts.',
		source: 'COSO 2013, principle 17',
		parameters: [{ name: 'hours', default: 72, unit: 'hours', doc: 'Hours without escalation that are in order.' }],
		needs: [
			{ table: 'dispute', columns: ['dispute_id', 'order_id', 'logged_at', 'status'] },
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at'] },
		],
		mayRead: ['sales_order'],
		run: escalationMissed,
	},
	{
		id: 'T64',
		version: 1,
		title: 'Root cause missing',
		severity: 'low',
		why: 'Without root causes nobody sees that the same failure keeps costing revenue.',
		rule: 'A dispute was closed and has no root cause code.',
		source: 'COSO 2013, principle 17',
		parameters: [],
		needs: [{ table: 'dispute', columns: ['dispute_id', 'order_id', 'status'] }],
		mayRead: ['sales_order'],
		run: rootCauseMissing,
	},
	{
		id: 'T65',
		judgesByAbsence: true,
		version: 1,
		title: 'Dispute did not halt revenue',
		severity: 'high',
		why: 'Until a dispute is settled it is open whether the price can be kept; without a hold revenue goes on.',
		rule: 'No hold on the order (or the disputed line) was opened within {hours} hour of the logging of a dispute, nor had been before and was still open.',
		source: 'ASC 606-10-32-11',
		parameters: [{ name: 'hours', default: 1, unit: 'hours', doc: 'Hours from logging a dispute to the hold that are in order.' }],
		needs: [
			{ table: 'dispute', columns: ['dispute_id', 'order_id', 'logged_at'] },
			{ table: 'hold', columns: ['hold_id', 'order_id', 'opened_at'] },
		],
		mayRead: ['sales_order'],
		run: disputeWithoutHold,
	},
];
