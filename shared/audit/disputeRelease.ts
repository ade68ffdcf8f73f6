/** T35: revenue reinstated, or a dispute hold released, without evidence or approval. */
import type { Population } from '#population';
import {
	type ApprovalHabits,
	approvalHabits,
	approversOf,
	ownApprovals,
	reinstatements,
	releaseApprovals,
	releases,
} from './disputeHabits.ts';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome, RowRef } from './types.ts';

/** Disputes, holds and reinstatements of one order that are looked at for another of them. */
const SIBLINGS_MAX = 20;

/** The dispute of a hold: its own word, or the last one logged on the same order and line before it was closed; -1 for none. */
function disputeOfHold(population: Population, hold: number): number {
	const holds = population.table('hold');
	const own = population.index('dispute', 'dispute_id').rowOf(holds.codes('dispute_id')[hold] as number);
	if (own >= 0) return own;
	return lastDispute(
		population,
		holds.codes('order_id')[hold] as number,
		holds.codes('line_id')[hold] as number,
		holds.instants('closed_at')[hold] as number,
	);
}

function lastDispute(population: Population, order: number, line: number, by: number): number {
	const disputes = population.table('dispute');
	const logged = disputes.instants('logged_at');
	let last = -1;
	for (const row of population.index('dispute', 'order_id').rowsOf(order).subarray(0, SIBLINGS_MAX)) {
		const other = disputes.codes('line_id')[row] as number;
		if (other >= 0 && line >= 0 && other !== line) continue;
		if (!((logged[row] as number) <= by)) continue;
		if (last < 0 || (logged[row] as number) >= (logged[last] as number)) last = row;
	}
	return last;
}

/** What speaks against a reinstatement or release at an instant, in words; empty where nothing does. */
function faultsOf(population: Population, dispute: number, instant: number, approvals: readonly number[]): string[] {
	const faults: string[] = [];
	if (dispute >= 0) {
		const disputes = population.table('dispute');
		const closed = disputes.instants('closed_at')[dispute] as number;
		const status = disputes.text('status', dispute);
		if (status === 'open' || instant < closed)
			faults.push(`the dispute was ${status === 'open' ? 'open, and still is' : `open until ${inTime(closed)}`}`);
		const score = disputes.integers('evidence_score')[dispute] as number;
		const threshold = disputes.integers('evidence_threshold')[dispute] as number;
		if (score < threshold) faults.push(`its evidence scores ${score} of the ${threshold} needed`);
		// A dispute the customer won needs no evidence for the company: that none was scored says nothing there.
		else if (Number.isNaN(score) && !Number.isNaN(threshold) && status !== 'resolved_customer')
			faults.push(`its evidence was not scored, though ${threshold} is needed`);
	}
	const approvers = approversOf(population, approvals);
	if (approvers.size < 2)
		faults.push(
			approvers.size === 0
				? 'nobody but the requester approved it'
				: `only ${nameOf(population, approvers)} approved it beside the requester`,
		);
	return faults;
}

const nameOf = (population: Population, approvers: ReadonlySet<number>): string =>
	Array.from(approvers, (code) => population.dictionary('user').text(code)).join(', ');

/**
 * Reading: every reinstate event (at posted_at) and every dispute hold with closed_at. The dispute is the one the hold names, or the last one logged
 * on that order (line) before. Two distinct approvers other than the requester are needed of the revenue event or of the hold's
 * release (naming the hold or its dispute); where a company never approves one of the two by itself, approvals of the other count.
 */
function releasedWithoutEvidence({ population }: AuditContext): Outcome {
	const habits = approvalHabits(population);
	const revenue = population.table('revenue_event');
	const exceptions: ExceptionDraft[] = [];
	for (const event of reinstatements(population)) {
		const order = revenue.codes('order_id')[event] as number;
		const line = revenue.codes('line_id')[event] as number;
		const posted = revenue.instants('posted_at')[event] as number;
		const dispute = lastDispute(population, order, line, posted);
		const approvals = ownApprovals(population, event);
		if (!habits.reinstatements) approvals.push(...holdsOn(population, order, line).flatMap((hold) => releaseApprovals(population, hold)));
		const faults = faultsOf(population, dispute, posted, approvals);
		if (faults.length === 0) continue;
		const currency = revenue.text('currency', event);
		const amount = revenue.minors('amount_minor')[event] as bigint;
		exceptions.push({
			orderId: revenue.text('order_id', event),
			keys: keysOf(population, 'revenue_event', event),
			amountMinor: amount,
			currency,
			reason: `Revenue ${revenue.text('revenue_id', event)} of ${inMoney(amount, currency)} for order ${revenue.text('order_id', event)} was reinstated at ${inTime(posted)}${disputeWords(population, dispute)}: ${faults.join('; ')}.`,
			rows: cite(population, [ref('revenue_event', event)], dispute, approvals),
		});
	}
	for (const hold of releases(population)) exceptions.push(...releaseFault(population, hold, habits));
	return { tested: reinstatements(population).length + releases(population).length, exceptions, open: 0 };
}

function releaseFault(population: Population, hold: number, habits: ApprovalHabits): ExceptionDraft[] {
	const holds = population.table('hold');
	const order = holds.codes('order_id')[hold] as number;
	const closed = holds.instants('closed_at')[hold] as number;
	const dispute = disputeOfHold(population, hold);
	const approvals = releaseApprovals(population, hold);
	if (!habits.releases)
		approvals.push(
			...reinstatementsOn(population, order, holds.codes('line_id')[hold] as number).flatMap((event) => ownApprovals(population, event)),
		);
	const faults = faultsOf(population, dispute, closed, approvals);
	if (faults.length === 0) return [];
	const orderRow = population.index('sales_order', 'order_id').rowOf(order);
	const hasAmount = !holds.isNull('amount_minor', hold);
	return [
		{
			orderId: holds.text('order_id', hold),
			keys: keysOf(population, 'hold', hold),
			amountMinor: hasAmount ? (holds.minors('amount_minor')[hold] as bigint) : null,
			currency: hasAmount && orderRow >= 0 ? population.table('sales_order').text('currency', orderRow) : null,
			reason: `Dispute hold ${holds.text('hold_id', hold)} on order ${holds.text('order_id', hold)} was closed at ${inTime(closed)}${disputeWords(population, dispute)}: ${faults.join('; ')}.`,
			rows: cite(population, [ref('hold', hold)], dispute, approvals),
		},
	];
}

const disputeWords = (population: Population, dispute: number): string =>
	dispute < 0 ? '' : `, dispute ${population.table('dispute').text('dispute_id', dispute)}`;

const cite = (population: Population, rows: readonly RowRef[], dispute: number, approvals: readonly number[]): RowRef[] => {
	const code = dispute < 0 ? -1 : (population.table('dispute').codes('order_id')[dispute] as number);
	const order = population.index('sales_order', 'order_id').rowOf(code);
	return [...rows, ...refs('dispute', [dispute]), ...refs('approval', approvals.slice(0, 20)), ...refs('sales_order', [order])];
};

/** Dispute holds on an order, or a line of it, that were closed. Capped. */
const holdsOn = (population: Population, order: number, line: number): number[] => {
	const holds = population.table('hold');
	return Array.from(population.index('hold', 'order_id').rowsOf(order).subarray(0, SIBLINGS_MAX)).filter(
		(hold) => holds.text('kind', hold) === 'dispute' && isSameLine(holds.codes('line_id')[hold] as number, line),
	);
};

/** Reinstate events of an order, or a line of it. Capped. */
const reinstatementsOn = (population: Population, order: number, line: number): number[] => {
	const revenue = population.table('revenue_event');
	return Array.from(population.index('revenue_event', 'order_id').rowsOf(order).subarray(0, SIBLINGS_MAX)).filter(
		(event) => revenue.text('kind', event) === 'reinstate' && isSameLine(revenue.codes('line_id')[event] as number, line),
	);
};

const isSameLine = (a: number, b: number): boolean => a < 0 || b < 0 || a === b;

export const DISPUTE_RELEASE_TESTS: readonly AuditTest[] = [
	{
		id: 'T35',
		judgesByAbsence: true,
		version: 1,
		title: 'Reinstated or released without evidence',
		severity: 'critical',
		why: 'Reinstating disputed revenue on thin evidence or on one person’s word is how disputed income returns to the books.',
		rule: 'Revenue is reinstated, or a dispute hold closed, while the dispute is open, or with an evidence score below its threshold, or with fewer than two distinct approvers other than the requester.',
		source: 'ASC 606-10-32-11; AS 2401',
		parameters: [],
		needs: [
			{ table: 'revenue_event', columns: ['revenue_id', 'order_id', 'kind', 'posted_at', 'amount_minor', 'currency'] },
			{ table: 'hold', columns: ['hold_id', 'order_id', 'kind', 'opened_at'] },
			{ table: 'dispute', columns: ['dispute_id', 'order_id', 'logged_at', 'status'] },
			{ table: 'approval', columns: ['approval_id', 'subject_kind', 'subject_id', 'requested_by', 'approver_id'] },
			{ table: 'sales_order', columns: ['order_id', 'currency'] },
		],
		run: releasedWithoutEvidence,
	},
];
