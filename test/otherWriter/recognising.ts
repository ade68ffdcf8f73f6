/** Revenue posted as control passes, or as progress is caught up with. */

import { type Entity, HOUR, localMonth, ts } from './calendar.ts';
import { person } from './masters.ts';
import type { Row } from './sealing.ts';
import { addTo, half, isService, type Line, MINUTE, type Order, ruleVersion, type World } from './world.ts';

type Post = {
	readonly trigger?: string | null;
	readonly manual?: boolean;
	readonly fallback?: boolean;
	readonly reverses?: string | null;
	readonly postedAfter?: number;
};

export function post(
	world: World,
	order: Order,
	line: Line,
	time: number,
	kind: 'recognise' | 'reverse' | 'reinstate',
	amount: number,
	how: Post = {},
): Row {
	line.recognised += kind === 'reverse' ? -amount : amount;
	return addTo(world, 'revenue_event', {
		revenue_id: `R:${world.roll.uuid()}`, obligation_id: line.obligation, order_id: order.id, line_id: line.id, kind, recognised_at: ts(time), posted_at: ts(time + (how.postedAfter ?? 20 * MINUTE)),
		period: localMonth(time, order.entity), amount_minor: amount, currency: order.currency, trigger_event_id: how.trigger ?? null, rule_id: isService(order) ? 'progress/ot' : 'transfer/pit',
		rule_version: ruleVersion(time), manual: how.manual ?? false, reverses_revenue_id: how.reverses ?? null, fallback: how.fallback ?? false,
	}); // biome-ignore format: one record
}

export function approve(world: World, kind: string, subject: string, entity: Entity, before: number, count = 2): void {
	for (let n = 1; n <= count; n++)
		addTo(world, 'approval', {
			approval_id: `AP/${world.tables['approval']?.length ?? 0}/${n}`, subject_kind: kind, subject_id: subject, requested_by: person(entity, 'revenue'), requested_at: ts(before - 5 * HOUR),
			approver_id: person(entity, 'approver', n), approved_at: ts(before - n * HOUR),
		}); // biome-ignore format: one record
}

/** Revenue of a line up to what has been transferred and kept. */
export function catchUpTo(world: World, order: Order, line: Line, time: number, how: Post = {}): void {
	const target = Number(half(BigInt(line.allocated) * (line.transferred - line.returned), line.ordered));
	const delta = target - line.recognised;
	if (delta === 0 || (Math.abs(delta) === 1 && line.returned > 0n)) return;
	const row = post(world, order, line, time, delta > 0 ? 'recognise' : 'reverse', Math.abs(delta), how);
	if (how.manual) approve(world, 'revenue_event', String(row['revenue_id']), order.entity, time);
	if (how.fallback && order.entity.key !== 'jp') approve(world, 'revenue_event', String(row['revenue_id']), order.entity, time, 1);
}

export function transfer(world: World, order: Order, line: Line, quantity: bigint, time: number, trigger: string): void {
	line.transferred += quantity;
	const last = line.transferred === line.ordered;
	if (order.scenario === 'bill_and_hold') return;
	if (order.scenario === 'rebooked') {
		const wrong = Math.floor(line.allocated * 0.9);
		const first = post(world, order, line, time, 'recognise', wrong, { trigger });
		post(world, order, line, time, 'reverse', wrong, { trigger, reverses: String(first['revenue_id']), postedAfter: 3 * HOUR });
		post(world, order, line, time, 'recognise', line.allocated, { trigger, postedAfter: 3 * HOUR + 1000 });
		return;
	}
	catchUpTo(world, order, line, time, {
		trigger,
		manual: order.scenario === 'manual' && last,
		fallback: order.scenario === 'fallback' && last,
	});
}
