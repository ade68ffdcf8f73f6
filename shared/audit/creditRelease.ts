/** Whether an order over its customer's limit was released by somebody who may. */
import type { Population } from '#population';
import { codeFor } from './billingLines.ts';
import { heldRole } from './discountApprovals.ts';

const RELEASING_ROLES: readonly string[] = ['credit', 'approver', 'system'];

/** Whether credit answered for the order: it was held for credit and still is, or the hold was lifted by somebody who may. */
export function isReleased(population: Population, order: number): boolean {
	const code = population.table('sales_order').codes('order_id')[order] as number;
	if (isReleaseApproved(population, order)) return true;
	const events = population.table('order_event');
	const types = events.codes('type');
	const held = codeFor(events, 'type', 'order.credit_held');
	const creditHold = codeFor(events, 'to_state', 'credit_hold');
	const cancelled = codeFor(events, 'to_state', 'cancelled');
	let isHeld = false;
	for (const row of population.index('order_event', 'order_id').rowsOf(code)) {
		if (types[row] === held || events.codes('to_state')[row] === creditHold) isHeld = true;
		const isLeaving = isHeld && events.codes('from_state')[row] === creditHold && events.codes('to_state')[row] !== creditHold;
		if (!isLeaving || events.codes('to_state')[row] === cancelled) continue;
		if (mayRelease(population, row)) return true;
		isHeld = false;
	}
	return isHeld;
}

function mayRelease(population: Population, event: number): boolean {
	const events = population.table('order_event');
	if (RELEASING_ROLES.includes(events.text('actor_role', event) ?? '')) return true;
	if (!population.has('user_role')) return false;
	const user = events.codes('actor_id')[event] as number;
	return ['credit', 'approver'].some((role) => heldRole(population, user, role, events.instants('occurred_at')[event] as number));
}

/** An approval of the release of a hold, by the order's id or by the id of one of its holds. */
function isReleaseApproved(population: Population, order: number): boolean {
	if (!population.has('approval')) return false;
	const approvals = population.table('approval');
	const release = codeFor(approvals, 'subject_kind', 'hold_release');
	const orderCode = population.table('sales_order').codes('order_id')[order] as number;
	const subjects = [population.translation('order', 'subject_id')[orderCode] ?? -1];
	if (population.has('hold')) {
		const toSubject = population.translation('hold_id', 'subject_id');
		const holds = population.table('hold');
		const plainHold = codeFor(holds, 'kind', 'hold');
		for (const hold of population.index('hold', 'order_id').rowsOf(orderCode))
			if (holds.codes('kind')[hold] === plainHold) subjects.push(toSubject[holds.codes('hold_id')[hold] as number] ?? -1);
	}
	const bySubject = population.index('approval', 'subject_id');
	return subjects.some((subject) => bySubject.rowsOf(subject).some((row) => approvals.codes('subject_kind')[row] === release));
}
