/** How disputes are handled: T63 escalation, T64 root cause, T65 whether they stopped revenue. */
import { HOUR_MS } from '#kernel';
import type { Population } from '#population';
import { disputeDraft, disputeText, isClosed, orderOf } from './disputeDraft.ts';
import { escalationMissed } from './disputeEscalation.ts';
import { inTime, ref, refs } from './draft.ts';
import { holdsByOrder, type OrderHolds } from './orderHolds.ts';
import { OpenSubjects } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

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
