/** What can happen after delivery: disputes and returns, with their holds, reversals, credit memos and approvals. */
import { mulDivRoundHalfUp } from '#kernel';
import { approveRelease, contactReason } from './beginnings.ts';
import { invoiceLine } from './billing.ts';
import { type Drafting, draftEvent, minutes } from './drafting.ts';
import type { DisputePlan, HoldPlan, InvoicePlan, LinePlan, OrderPlan, RevenuePlan } from './orderPlan.ts';
import { anyOf } from './people.ts';
import { approveRevenue, bookRevenue, obligationOf } from './recognition.ts';
import { UNIT } from './wire.ts';
import { businessDay } from './workTime.ts';

interface ReturnedPart {
	readonly line: LinePlan;
	readonly quantity: bigint;
}

/** Allocated price of a part of a line: quantity × allocated unit price, rounded half up. */
function allocatedShare(plan: OrderPlan, { line, quantity }: ReturnedPart): bigint {
	return mulDivRoundHalfUp(obligationOf(plan, line)?.allocatedMinor ?? 0n, quantity, line.quantity);
}

/** A third of the pieces, at least one. */
const somePieces = (quantity: bigint): bigint => {
	const third = quantity / UNIT / 3n;
	return (third > 0n ? third : 1n) * UNIT;
};

function reverseRevenue(
	drafting: Drafting,
	part: ReturnedPart,
	at: number,
	ruleId: string,
	trigger = drafting.plan.events.at(-1) ?? null,
): RevenuePlan {
	const original = drafting.plan.revenue.find(({ line, kind }) => line === part.line && kind === 'recognise') ?? null;
	return bookRevenue(drafting, {
		line: part.line,
		kind: 'reverse',
		recognisedAt: at,
		amountMinor: allocatedShare(drafting.plan, part),
		trigger,
		ruleId,
		reverses: original,
	});
}

/** Credits returned goods against the invoice that billed them. */
function creditMemo(drafting: Drafting, parts: readonly ReturnedPart[], issuedAt: number): InvoicePlan {
	const { brief, plan, staff, id } = drafting;
	const original = plan.invoices.find(({ kind }) => kind === 'invoice') ?? null;
	const memo: InvoicePlan = {
		invoiceId: id('CM', plan.invoices.filter(({ kind }) => kind === 'credit_memo').length + 1),
		kind: 'credit_memo',
		issuedAt,
		dueAt: null,
		currency: brief.entity.currency,
		lines: parts.map(({ line, quantity }) => invoiceLine(drafting, { line, quantity, shipment: null })),
		corrects: original,
		purchaseOrder: original?.purchaseOrder ?? null,
		enteredBy: anyOf(brief.random, staff.crediting),
		approvedBy: anyOf(brief.random, staff.creditApprovers),
		numbering: null,
	};
	plan.invoices.push(memo);
	plan.approvals.push({
		subjectKind: 'credit_memo',
		subjectId: memo.invoiceId,
		requestedBy: memo.enteredBy,
		requestedAt: issuedAt - minutes(40),
		approverId: memo.approvedBy ?? '',
		approvedAt: issuedAt - minutes(15),
	});
	return memo;
}

/**
 * Takes goods back: asked for on `askedDay`, received `transitDays` business days later, reversed and credited the same
 * day. Returns the day it was received.
 */
function takeBack(drafting: Drafting, parts: readonly ReturnedPart[], askedAt: number, receivedDay: number): void {
	const { brief, plan, staff, at } = drafting;
	const keeper = anyOf(brief.random, staff.fulfilment);
	const agent = anyOf(brief.random, staff.service);
	const reason = contactReason(brief.customer.contact, 'ordered too many');
	const receivedAt = at(receivedDay, brief.random.between(40, 120));
	for (const { line, quantity } of parts) {
		plan.events.push(
			draftEvent('line.return_requested', askedAt, agent, 'service', { lineId: line.lineId, quantity, reason, committed: true }),
		);
	}
	for (const part of parts) {
		plan.events.push(draftEvent('line.returned', receivedAt, keeper, 'fulfilment', { lineId: part.line.lineId, quantity: part.quantity }));
		reverseRevenue(drafting, part, receivedAt + minutes(25), 'R-RETURN');
	}
	creditMemo(drafting, parts, receivedAt + minutes(brief.random.between(60, 150)));
}

/** Logs a dispute on a delivered line, with the hold that freezes its revenue. */
function openDispute(drafting: Drafting, part: ReturnedPart, loggedAt: number): { dispute: DisputePlan; hold: HoldPlan } {
	const { brief, plan, staff, id } = drafting;
	const { line, quantity } = part;
	const agent = anyOf(brief.random, staff.service);
	const amountMinor = allocatedShare(plan, part);
	const dispute: DisputePlan = {
		disputeId: id('DSP', 1),
		line,
		loggedAt,
		channel: brief.random.pick(['portal', 'phone', 'e-mail']),
		status: 'open',
		closedAt: null,
		rootCause: null,
		escalatedAt: null,
		quantity,
		amountMinor,
		score: null,
		threshold: 60,
	};
	const openedAt = loggedAt + minutes(brief.random.between(4, 25));
	const hold: HoldPlan = {
		holdId: id('HLD', plan.holds.length + 1),
		lineId: line.lineId,
		kind: 'dispute',
		dispute,
		openedAt,
		openedBy: agent,
		closedAt: null,
		closedBy: null,
		reason: 'disputed quality',
		quantity,
		amountMinor,
	};
	plan.disputes.push(dispute);
	plan.holds.push(hold);
	const reason = contactReason(brief.customer.contact, 'quality not as agreed');
	plan.events.push(draftEvent('order.disputed', openedAt, agent, 'service', { lineId: line.lineId, quantity, reason, committed: true }));
	return { dispute, hold };
}

function escalate({ brief, plan, staff }: Drafting, dispute: DisputePlan, at: number): void {
	dispute.escalatedAt = at;
	plan.events.push(draftEvent('order.escalated', at, anyOf(brief.random, staff.service), 'service', { lineId: dispute.line.lineId }));
}

/** Closes a dispute on enough evidence; the hold is lifted ten minutes later, by two who agree. */
function closeDispute(
	drafting: Drafting,
	dispute: DisputePlan,
	hold: HoldPlan,
	status: 'resolved_customer' | 'resolved_company',
	day: number,
): number {
	const { brief, plan, staff, at } = drafting;
	const { random } = brief;
	dispute.status = status;
	dispute.closedAt = at(day, random.between(90, 110));
	dispute.rootCause = random.pick(['RC-TRANSPORT', 'RC-QUALITY', 'RC-PICKING', 'RC-PRICE']);
	dispute.score = random.between(65, 95);
	hold.closedAt = dispute.closedAt + minutes(10);
	hold.closedBy = staff.legal[0]?.userId ?? '';
	approveRelease(drafting, hold, hold.closedAt);
	plan.events.push(draftEvent('order.dispute_resolved', hold.closedAt, hold.closedBy, 'legal', { lineId: dispute.line.lineId }));
	return hold.closedAt;
}

/** A dispute from its log to its end: reversed while it is open and reinstated where the company is right, else taken back. */
export function dispute(drafting: Drafting, deliveryDay: number): number {
	const { brief, plan, at } = drafting;
	const { random, life, stage } = brief;
	const line = plan.lines[0] as LinePlan;
	const part = { line, quantity: somePieces(line.quantity) };
	const logDay = businessDay(deliveryDay, 1);
	const { dispute: opened, hold } = openDispute(drafting, part, at(logDay, random.between(10, 60)));
	const company = life === 'dispute_company';
	const reversal = company || stage ? reverseRevenue(drafting, part, hold.openedAt + minutes(40), 'R-DISPUTE') : null;
	if (stage) return logDay;
	escalate(drafting, opened, at(logDay, random.between(300, 380)));
	const day = businessDay(logDay, random.between(2, 4));
	const liftedAt = closeDispute(drafting, opened, hold, company ? 'resolved_company' : 'resolved_customer', day);
	if (reversal) {
		const reinstated = bookRevenue(drafting, {
			line,
			kind: 'reinstate',
			recognisedAt: liftedAt + minutes(60),
			amountMinor: reversal.amountMinor,
			trigger: plan.events.at(-1) ?? null,
			ruleId: 'R-DISPUTE',
			reverses: reversal,
		});
		approveRevenue(drafting, reinstated);
		return day;
	}
	const receivedDay = businessDay(day, random.between(1, 2));
	takeBack(drafting, [part], liftedAt + minutes(30), receivedDay);
	return receivedDay;
}

/** Goods come back for no dispute's sake: a part of the first line, or all of the order. */
export function returnGoods(drafting: Drafting, deliveryDay: number): number {
	const { brief, plan, at } = drafting;
	const { random } = brief;
	const first = plan.lines[0] as LinePlan;
	const parts =
		brief.life === 'return_full'
			? plan.lines.map((line) => ({ line, quantity: line.quantity }))
			: [{ line: first, quantity: somePieces(first.quantity) }];
	const askedDay = businessDay(deliveryDay, random.between(1, 2));
	const receivedDay = businessDay(askedDay, random.between(2, 4));
	takeBack(drafting, parts, at(askedDay, random.between(20, 300)), receivedDay);
	return receivedDay;
}

/** Business days after delivery that a life can still need in the same month. */
export const TAIL_DAYS: Readonly<Record<string, number>> = { dispute_company: 5, dispute_customer: 7, return_part: 6, return_full: 6 };
