/** From booking to picking, with what can get in the way: credit, holds, backorders, amendments, cancellation. */

import { billAhead } from './billing.ts';
import { type Drafting, draftEvent, minutes } from './drafting.ts';
import type { AmendmentPlan, HoldPlan } from './orderPlan.ts';
import { anyOf, ORDER_SYSTEM, twoOf } from './people.ts';
import { businessDay } from './workTime.ts';

/** Plays an order up to picking and returns the day of it, or null when it does not come to that. */
export function begin(drafting: Drafting): number | null {
	const { brief, plan, staff } = drafting;
	const seller = anyOf(brief.random, staff.sales);
	plan.events.push(draftEvent('order.booked', plan.orderedAt, seller, 'sales'));
	if (brief.discountPercent >= 15) approveDiscount(drafting, seller);
	if (brief.stage === 'booked') return null;
	const releasedAt = release(drafting);
	if (brief.life === 'cancelled') return cancel(drafting, seller, releasedAt);
	if (brief.life === 'corrected') correct(drafting, seller, releasedAt);
	amend(drafting, releasedAt);
	billAhead(drafting, brief.day);
	if (brief.stage === 'released') return null;
	return detain(drafting, releasedAt);
}

/** Released by the order system's own check, or by the credit department where the customer is on credit watch. */
function release({ brief, plan, staff }: Drafting): number {
	const { random } = brief;
	if (brief.life !== 'credit_hold') {
		const at = plan.orderedAt + minutes(random.between(40, 120));
		plan.events.push(draftEvent('order.released', at, ORDER_SYSTEM.userId, 'system'));
		return at;
	}
	const at = plan.orderedAt + minutes(random.between(120, 180));
	const officer = anyOf(random, staff.credit);
	plan.events.push(draftEvent('order.credit_held', plan.orderedAt + minutes(15), officer, 'credit', { reason: 'credit watch' }));
	plan.events.push(draftEvent('order.released', at, officer, 'credit', { reason: 'payment plan agreed' }));
	return at;
}

function approveDiscount({ brief, plan, staff }: Drafting, seller: string): void {
	plan.approvals.push({
		subjectKind: 'discount',
		subjectId: plan.orderId,
		requestedBy: seller,
		requestedAt: plan.orderedAt - minutes(180),
		approverId: anyOf(brief.random, staff.contractApprovers),
		approvedAt: plan.orderedAt - minutes(120),
	});
}

function cancel({ brief, plan }: Drafting, seller: string, releasedAt: number): null {
	const at = releasedAt + minutes(brief.random.between(20, 90));
	plan.events.push(draftEvent('order.cancelled', at, seller, 'sales', { reason: 'customer withdrew' }));
	return null;
}

function correct({ plan }: Drafting, seller: string, releasedAt: number): void {
	const corrects = plan.events[0] ?? null;
	plan.events.push(draftEvent('order.corrected', releasedAt + minutes(12), seller, 'sales', { corrects, reason: 'sales region' }));
}

/** Amendments agreed on the day of the order, before anything was transferred: the price of what remains is the whole price. */
function amend({ brief, plan, staff, id }: Drafting, releasedAt: number): void {
	const terms = amendmentTerms(brief.life, plan.contract.priceMinor);
	if (!terms) return;
	const effectiveAt = releasedAt + minutes(25);
	plan.amendments.push({
		amendmentId: id('AMD', 1),
		effectiveAt,
		signedAt: releasedAt + minutes(5),
		approvedBy: anyOf(brief.random, staff.contractApprovers),
		approvedAt: releasedAt + minutes(15),
		...terms,
	});
	plan.revision = 2;
	plan.events.push(draftEvent('order.amended', effectiveAt, anyOf(brief.random, staff.sales), 'sales', { reason: 'amendment' }));
}

type AmendmentTerms = Pick<AmendmentPlan, 'addsDistinct' | 'atSsp' | 'remainingDistinct' | 'deltaMinor' | 'treatment' | 'catchUpMinor'>;

/** @see ASC 606-10-25-12 and 25-13: the decision table of contract modifications. */
function amendmentTerms(life: string, priceMinor: bigint): AmendmentTerms | null {
	switch (life) {
		case 'amended_separate': // further goods at their own price are a contract, and an order, of their own
			return {
				addsDistinct: true,
				atSsp: true,
				remainingDistinct: true,
				deltaMinor: priceMinor / 4n,
				treatment: 'separate',
				catchUpMinor: null,
			};
		case 'amended_prospective':
			return { addsDistinct: false, atSsp: false, remainingDistinct: true, deltaMinor: 0n, treatment: 'prospective', catchUpMinor: null };
		case 'amended_catch_up':
			return { addsDistinct: false, atSsp: false, remainingDistinct: false, deltaMinor: 0n, treatment: 'catch_up', catchUpMinor: 0n };
		default:
			return null;
	}
}

/** Holds and backorders between release and picking; returns the day of picking, or null where the order stays behind. */
function detain(drafting: Drafting, releasedAt: number): number | null {
	const { brief, plan, staff, at } = drafting;
	const { random, day, life, stage } = brief;
	let pickingDay = businessDay(day, stage ? 1 : random.between(1, 2));
	if (life === 'hold' || stage === 'held') {
		const hold = openHold(drafting, releasedAt + minutes(30));
		if (stage === 'held') return null;
		releaseHold(drafting, hold, at(businessDay(day, 1), random.between(200, 380)));
		pickingDay = businessDay(day, 2);
	}
	if (life === 'backorder' || stage === 'backordered') {
		const keeper = anyOf(random, staff.fulfilment);
		plan.events.push(draftEvent('order.backordered', releasedAt + minutes(40), keeper, 'fulfilment', { reason: 'stock' }));
		if (stage === 'backordered') return null;
		const backDay = businessDay(day, random.between(2, 5));
		plan.events.push(draftEvent('order.released', at(backDay, random.between(60, 300)), keeper, 'fulfilment'));
		pickingDay = businessDay(backDay, 1);
	}
	plan.events.push(draftEvent('order.picking', at(pickingDay, random.between(10, 60)), anyOf(random, staff.fulfilment), 'fulfilment'));
	return stage === 'picking' ? null : pickingDay;
}

export function openHold({ brief, plan, staff, id }: Drafting, openedAt: number, reason = 'address check'): HoldPlan {
	const keeper = anyOf(brief.random, staff.service);
	plan.events.push(
		draftEvent('order.held', openedAt, keeper, 'service', { reason: contactReason(brief.customer.contact, reason), committed: true }),
	);
	const hold: HoldPlan = {
		holdId: id('HLD', plan.holds.length + 1),
		lineId: null,
		kind: 'hold',
		dispute: null,
		openedAt,
		openedBy: keeper,
		closedAt: null,
		closedBy: null,
		reason,
		quantity: null,
		amountMinor: null,
	};
	plan.holds.push(hold);
	return hold;
}

export const contactReason = (contact: string, reason: string): string => `${contact}: ${reason}`;

export function releaseHold(drafting: Drafting, hold: HoldPlan, closedAt: number): void {
	const { brief, plan, staff } = drafting;
	approveRelease(drafting, hold, closedAt);
	hold.closedAt = closedAt;
	hold.closedBy = anyOf(brief.random, staff.service);
	plan.events.push(draftEvent('order.hold_released', closedAt, hold.closedBy, 'service'));
}

/** Two people agree before a hold is lifted, neither the one who asks. */
export function approveRelease({ brief, plan, staff }: Drafting, hold: HoldPlan, closedAt: number): void {
	const requestedBy = anyOf(brief.random, staff.service);
	for (const [index, approverId] of twoOf(brief.random, staff.releaseApprovers).entries()) {
		plan.approvals.push({
			subjectKind: 'hold_release',
			subjectId: hold.holdId,
			requestedBy,
			requestedAt: closedAt - minutes(50),
			approverId,
			approvedAt: closedAt - minutes(30 - 10 * index),
		});
	}
}
