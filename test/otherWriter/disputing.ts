/** What comes back: goods, money, and objections of customers. */

import { HOUR, ts } from './calendar.ts';
import { bill, finish } from './invoicing.ts';
import { person } from './masters.ts';
import { approve, catchUpTo, post } from './recognising.ts';
import type { Row } from './sealing.ts';
import { tell } from './telling.ts';
import { addTo, half, type Line, MINUTE, type Order, qty, type World } from './world.ts';

function takeBack(world: World, order: Order, line: Line, quantity: bigint, time: number, to: 'partially_returned' | 'returned'): void {
	const { entity } = order;
	tell(world, order, time, 'line.return_requested', 'service', person(entity, 'service', 2), {
		line: line.id,
		quantity: qty(order, quantity),
		to: 'return_requested',
		reason: 'defeito',
	});
	const back = time + 26 * HOUR;
	world.at(back, () => {
		tell(world, order, back, 'line.returned', 'service', person(entity, 'service', 2), {
			line: line.id,
			quantity: qty(order, quantity),
			to,
		});
		line.returned += quantity;
		catchUpTo(world, order, line, back, {});
		world.at(back + 20 * HOUR, () => bill(world, [{ order, line, quantity, shipment: null }], back + 20 * HOUR, 'credit_memo'));
		if (to === 'partially_returned') finish(world, order, back + 30 * HOUR);
	});
}

function disputeIt(world: World, order: Order, line: Line, time: number): void {
	const { entity, scenario } = order;
	const n = world.tables['dispute']?.length ?? 0;
	const quantity = line.ordered / 4n;
	const amount = Number(half(BigInt(line.allocated) * quantity, line.ordered));
	const escalates = n % 3 === 0;
	const lasts = escalates ? 100 * HOUR : world.roll.between(20, 60) * HOUR;
	const forCustomer = scenario === 'customer_wins';
	const dispute = addTo(world, 'dispute', {
		dispute_id: `争/${n}`, order_id: order.id, line_id: line.id, logged_at: ts(time), channel: 'e-mail', status: 'open', closed_at: null, root_cause_code: null, escalated_at: null,
		disputed_quantity: qty(order, quantity), amount_minor: amount, evidence_score: 60 + (n % 30), evidence_threshold: 60,
	}); // biome-ignore format: one record
	const hold = addTo(world, 'hold', {
		hold_id: `H-${dispute['dispute_id']}`, order_id: order.id, line_id: line.id, kind: 'dispute', dispute_id: dispute['dispute_id'] ?? null, opened_at: ts(time + 8 * MINUTE), opened_by: person(entity, 'service'), closed_at: null,
		closed_by: null, reason_code: 'qualidade', quantity: qty(order, quantity), amount_minor: amount,
	}); // biome-ignore format: one record
	const before = order.state;
	const disputed = tell(world, order, time, 'order.disputed', 'service', person(entity, 'service'), { to: 'disputed', line: line.id });
	let reversed: Row | undefined;
	if (scenario === 'reversed_then_reinstated' || (forCustomer && n % 2 === 0)) {
		if (forCustomer) line.returned += quantity;
		reversed = post(world, order, line, time + HOUR, 'reverse', amount, { trigger: disputed });
	}
	if (escalates)
		world.at(time + 50 * HOUR, () => {
			tell(world, order, time + 50 * HOUR, 'order.escalated', 'service', person(entity, 'service'), {});
			dispute['escalated_at'] = ts(time + 50 * HOUR);
		});
	const end = time + lasts;
	world.at(end, () => {
		dispute['status'] = forCustomer ? 'resolved_customer' : 'resolved_company';
		dispute['closed_at'] = ts(end);
		dispute['root_cause_code'] = 'RC-7';
		hold['closed_at'] = ts(end);
		hold['closed_by'] = person(entity, 'service', 2);
		approve(world, 'hold_release', String(hold['hold_id']), entity, end);
		const event = tell(world, order, end, 'order.dispute_resolved', 'service', person(entity, 'service', 2), { to: before, line: line.id });
		if (scenario === 'reversed_then_reinstated' && reversed) {
			const row = post(world, order, line, end + HOUR, 'reinstate', amount, { trigger: event, reverses: String(reversed['revenue_id']) });
			approve(world, 'revenue_event', String(row['revenue_id']), entity, end + HOUR);
		}
		if (!forCustomer) return finish(world, order, end + 30 * HOUR);
		if (reversed) line.returned -= quantity;
		world.at(end + 3 * HOUR, () => takeBack(world, order, line, quantity, end + 3 * HOUR, 'partially_returned'));
	});
}

export function afterTransfer(world: World, order: Order, time: number): void {
	const line = order.lines[0] as Line;
	const next = time + 33 * HOUR;
	switch (order.scenario) {
		case 'customer_wins':
		case 'company_wins':
		case 'reversed_then_reinstated':
			world.at(next, () => disputeIt(world, order, line, next));
			break;
		case 'partial_return':
		case 'partial_parts_return':
			world.at(next, () => takeBack(world, order, line, line.ordered / 5n, next, 'partially_returned'));
			break;
		case 'full_return':
			world.at(next, () => takeBack(world, order, line, line.ordered, next, 'returned'));
			break;
		default:
			finish(world, order, time + 30 * HOUR);
	}
}
