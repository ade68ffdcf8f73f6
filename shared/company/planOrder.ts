/** The life of one order, from its brief to a complete draft that keeps every rule. */

import { begin } from './beginnings.ts';
import { billConsignment, billLastMilestone, settle } from './billing.ts';
import { type Drafting, draftEvent, minutes, openDraft } from './drafting.ts';
import { type Consignment, deliver, scheduleConsignments, ship } from './fulfilment.ts';
import type { OrderBrief } from './orderBrief.ts';
import type { OrderPlan } from './orderPlan.ts';
import { ORDER_SYSTEM } from './people.ts';
import { recogniseTransfer } from './recognition.ts';
import { dispute, returnGoods, TAIL_DAYS } from './reversals.ts';
import { sequenceEvents } from './sequence.ts';
import { businessDay } from './workTime.ts';

export function planOrder(brief: OrderBrief): OrderPlan {
	return draftOrder(brief).plan;
}

/** As `planOrder`, with the pen still in hand: for those who alter the draft afterwards. */
export function draftOrder(brief: OrderBrief): Drafting {
	const drafting = openDraft(brief);
	const pickingDay = begin(drafting);
	if (pickingDay !== null) fulfil(drafting, pickingDay);
	settle(drafting);
	sequenceEvents(drafting.plan, brief.random);
	return drafting;
}

function fulfil(drafting: Drafting, pickingDay: number): void {
	const { brief, plan } = drafting;
	const consignments = scheduleConsignments(drafting, pickingDay, TAIL_DAYS[brief.life] ?? 0);
	const under = brief.stage === 'partially_shipped' ? consignments.slice(0, 1) : consignments;
	for (const consignment of under) fulfilConsignment(drafting, consignment);
	if (brief.stage === 'shipped' || brief.stage === 'partially_shipped') return;
	const last = under.at(-1) as Consignment;
	if (plan.contract.billing === 'milestone') billLastMilestone(drafting, lastTransferAt(plan) + minutes(70));
	if (brief.stage === 'delivered') return;
	finish(drafting, last.deliveryDay);
}

const lastTransferAt = (plan: OrderPlan): number => Math.max(...plan.shipments.map(({ transfer }) => transfer?.occurredAt ?? 0));

function fulfilConsignment(drafting: Drafting, consignment: Consignment): void {
	const shipments = ship(drafting, consignment);
	const first = shipments[0];
	if (!first) return;
	billConsignment(drafting, shipments, 'on_shipment', first.shippedAt);
	if (drafting.brief.stage === 'shipped') return;
	deliver(drafting, consignment, shipments);
	billConsignment(drafting, shipments, 'on_delivery', first.deliveredAt ?? first.shippedAt);
	for (const shipment of shipments) recogniseTransfer(drafting, shipment);
}

/** Disputes and returns, then fulfilment and closing by the order system. */
function finish(drafting: Drafting, deliveryDay: number): void {
	const { brief, plan, at } = drafting;
	const { life, random } = brief;
	let day = deliveryDay;
	if (life === 'dispute_company' || life === 'dispute_customer' || brief.stage === 'disputed') day = dispute(drafting, deliveryDay);
	if (life === 'return_part' || life === 'return_full') day = returnGoods(drafting, deliveryDay);
	if (brief.stage === 'disputed' || life === 'return_full') return;
	const takenBack = life === 'return_part' || life === 'dispute_customer';
	if (!takenBack) plan.events.push(draftEvent('order.fulfilled', at(day, random.between(350, 380)), ORDER_SYSTEM.userId, 'system'));
	const closingDay = businessDay(day, random.between(1, 2));
	plan.events.push(draftEvent('order.closed', at(closingDay, random.between(30, 400)), ORDER_SYSTEM.userId, 'system'));
}
