/** Revenue of each transfer, as the rules ask: the cumulative share of the allocated price, the last transfer takes the rest. */
import { mulDivRoundHalfUp } from '#kernel';
import { type Drafting, minutes } from './drafting.ts';
import type { LinePlan, ObligationPlan, OrderPlan, RevenuePlan, ShipmentPlan } from './orderPlan.ts';
import { anyOf, twoOf } from './people.ts';
import { type RuleId, ruleVersionAt } from './rules.ts';

export const obligationOf = (plan: OrderPlan, line: LinePlan): ObligationPlan | null =>
	plan.obligations.find((obligation) => obligation.line === line) ?? null;

/** What is recognised on a line so far, reversals taken off. */
const recognisedOf = (plan: OrderPlan, line: LinePlan): bigint =>
	plan.revenue.reduce(
		(sum, event) => (event.line !== line ? sum : event.kind === 'reverse' ? sum - event.amountMinor : sum + event.amountMinor),
		0n,
	);

export type RevenueParts = Pick<RevenuePlan, 'line' | 'kind' | 'recognisedAt' | 'amountMinor' | 'trigger' | 'ruleId'> &
	Partial<RevenuePlan>;

const POSTING_MINUTES = 2;

export function bookRevenue(drafting: Drafting, parts: RevenueParts): RevenuePlan {
	const { plan, id } = drafting;
	const event: RevenuePlan = {
		revenueId: id('REV', plan.revenue.length + 1),
		obligationId: parts.line.obligationId,
		postedAt: parts.recognisedAt + minutes(POSTING_MINUTES),
		ruleVersion: ruleVersionAt(parts.ruleId as RuleId, parts.recognisedAt),
		manual: false,
		reverses: null,
		fallback: false,
		ledgerMinor: parts.amountMinor,
		...parts,
	};
	plan.revenue.push(event);
	return event;
}

function ruleOf({ brief, plan }: Drafting): RuleId {
	if (brief.life === 'manual') return 'R-MANUAL';
	if (brief.life === 'fallback') return 'R-FALLBACK';
	if (brief.life === 'over_time') return 'R-PROGRESS';
	const { transfer } = plan.contract;
	return transfer === 'shipment' ? 'R-SHIPMENT' : transfer === 'delivery' ? 'R-DELIVERY' : 'R-ACCEPTANCE';
}

/** Recognises the transfer of a shipment. Shipments of a line must come in the order of their transfer. */
export function recogniseTransfer(drafting: Drafting, shipment: ShipmentPlan): RevenuePlan | null {
	const { brief, plan } = drafting;
	const { line, transfer } = shipment;
	const obligation = obligationOf(plan, line);
	if (!transfer || !obligation) return null;
	const transferred = transferredUpTo(plan, shipment);
	const due =
		transferred === line.quantity ? obligation.allocatedMinor : mulDivRoundHalfUp(obligation.allocatedMinor, transferred, line.quantity);
	const byHand = brief.life === 'manual' || brief.life === 'fallback';
	const revenue = bookRevenue(drafting, {
		line,
		kind: 'recognise',
		recognisedAt: transfer.occurredAt + minutes(byHand ? 50 : brief.random.between(12, 40)),
		amountMinor: due - recognisedOf(plan, line),
		trigger: transfer,
		ruleId: ruleOf(drafting),
		manual: brief.life === 'manual',
		fallback: brief.life === 'fallback',
	});
	if (byHand) approveRevenue(drafting, revenue);
	return revenue;
}

function transferredUpTo(plan: OrderPlan, last: ShipmentPlan): bigint {
	let sum = 0n;
	for (const shipment of plan.shipments) {
		if (shipment.line === last.line) sum += shipment.quantity;
		if (shipment === last) break;
	}
	return sum;
}

/** Two approvers, neither the one who asks, both before the posting. */
export function approveRevenue({ brief, plan, staff }: Drafting, revenue: RevenuePlan): void {
	const requestedBy = anyOf(brief.random, staff.revenue);
	const approvers = twoOf(brief.random, staff.revenueApprovers);
	for (const [index, approverId] of approvers.entries()) {
		plan.approvals.push({
			subjectKind: 'revenue_event',
			subjectId: revenue.revenueId,
			requestedBy,
			requestedAt: revenue.postedAt - minutes(38),
			approverId,
			approvedAt: revenue.postedAt - minutes(22 - 10 * index),
		});
	}
}
