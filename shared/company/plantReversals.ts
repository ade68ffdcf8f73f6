/** Anomalies of reversals, disputes, holds and approvals: T33 to T35, T60, T63 to T65, T83, T87. */
import { DAY_MS } from '#kernel';
import { dropEvents, eventOf, rebill, rerecognise, resequence, shiftAfter } from './alterations.ts';
import { answer, firstLine, firstRevenue, need, once, onLine, onOrder, onRevenue, type PlantedOrder, twice } from './anomaly.ts';
import { type Drafting, minutes } from './drafting.ts';
import type { OrderPlan, RevenuePlan } from './orderPlan.ts';
import { RULE_APPROVER, RULE_DEPLOYER, RULE_OWNER } from './people.ts';
import { timeText } from './workTime.ts';

export const reversalAnomalies = (): PlantedOrder[] => [...reversals(), ...disputes(), ...approvals(), ...rules()];

const reversalOf = (plan: OrderPlan): RevenuePlan => need(plan.revenue.find(({ kind }) => kind === 'reverse'));
const onDispute = (test: string, plan: OrderPlan, note: string) =>
	answer(test, plan.orderId, { dispute_id: need(plan.disputes[0]).disputeId }, note);

function reversals(): PlantedOrder[] {
	return [
		once('US', [4, 8], { life: 'return_full', billing: 'advance' }, (drafting) => {
			const { plan } = drafting;
			const memo = need(plan.invoices.find(({ kind }) => kind === 'credit_memo'));
			rebill(drafting, memo, { quantity: firstLine(plan).quantity * 2n });
			return { planted: [onLine('T33', plan, firstLine(plan), 'twice as much credited as invoiced')] };
		}),
		once('DE', [8, 3], { life: 'return_full', billing: 'advance' }, ({ plan }) => {
			const reversal = reversalOf(plan);
			rerecognise(reversal, reversal.amountMinor + 8_900n);
			return { planted: [onLine('T33', plan, firstLine(plan), '89.00 more reversed than recognised')] };
		}),
		...twice([12, 1], [12, 1], { life: 'dispute_customer', billing: 'advance' }, ({ plan }) => {
			const reversal = reversalOf(plan);
			rerecognise(reversal, reversal.amountMinor / 2n);
			return {
				planted: [onDispute('T34', plan, 'only half of the disputed quantity reversed')],
				consequences: [
					onLine('T34', plan, firstLine(plan), 'half reversed'),
					onLine('T19', plan, firstLine(plan), 'returned in part, half of it reversed'),
				],
			};
		}),
	];
}

function disputes(): PlantedOrder[] {
	return [
		once('US', [5, 6], { life: 'dispute_company' }, ({ plan }) => {
			need(plan.disputes[0]).score = 35;
			const reinstated = need(plan.revenue.find(({ kind }) => kind === 'reinstate'));
			return {
				planted: [onHold(plan, 'lifted on a score of 35, where 60 is needed')],
				consequences: [
					onRevenue('T35', plan, reinstated, 'reinstated on too little evidence'),
					onDispute('T35', plan, 'too little evidence'),
				],
			};
		}),
		once('DE', [9, 3], { life: 'dispute_customer', billing: 'advance' }, ({ plan }) => {
			const second = need(plan.approvals.find(({ subjectKind }) => subjectKind === 'hold_release'));
			plan.approvals = plan.approvals.filter((approval) => approval !== second);
			return { planted: [onHold(plan, 'lifted by one approver only')], consequences: [onDispute('T35', plan, 'one approver only')] };
		}),
		once('US', [7, 2], { life: 'dispute_company' }, notEscalated),
		once('DE', [3, 19], {}, (drafting) => {
			const { plan } = drafting;
			shiftAfter(drafting, eventOf(plan, 'order.booked').occurredAt, 7);
			return { planted: [onOrder('T63', plan, 'booked for a week, never escalated')] };
		}),
		...twice([9, 1], [11, 2], { life: 'dispute_company' }, ({ plan }) => {
			need(plan.disputes[0]).rootCause = null;
			return { planted: [onDispute('T64', plan, 'closed without a root cause')] };
		}),
		...twice([6, 4], [8, 6], { life: 'dispute_company' }, heldLate),
	];
}

const onHold = (plan: OrderPlan, note: string) => answer('T35', plan.orderId, { hold_id: need(plan.holds[0]).holdId }, note);

function notEscalated(drafting: Drafting) {
	const { plan } = drafting;
	const dispute = need(plan.disputes[0]);
	dispute.escalatedAt = null;
	dropEvents(drafting, ({ type }) => type === 'order.escalated');
	shiftAfter(drafting, dispute.loggedAt + minutes(400), 5);
	return { planted: [onDispute('T63', plan, 'open for more than five days, never escalated')] };
}

/** The hold comes five hours after the dispute was logged; nothing is recognised in between. */
function heldLate(drafting: Drafting) {
	const { plan } = drafting;
	const hold = need(plan.holds[0]);
	const late = need(plan.disputes[0]).loggedAt + minutes(240) - hold.openedAt;
	const reversal = reversalOf(plan);
	hold.openedAt += late;
	eventOf(plan, 'order.disputed').occurredAt += late;
	reversal.recognisedAt += late;
	reversal.postedAt += late;
	eventOf(plan, 'order.escalated').occurredAt = hold.openedAt + minutes(90);
	need(plan.disputes[0]).escalatedAt = hold.openedAt + minutes(90);
	resequence(drafting);
	return { planted: [onDispute('T65', plan, 'held four hours after it was logged')] };
}

function approvals(): PlantedOrder[] {
	return [
		once('US', [2, 18], { life: 'manual' }, ({ plan }) => {
			plan.approvals = plan.approvals.filter((_, index) => index !== 1);
			return { planted: [onRevenue('T60', plan, firstRevenue(plan), 'made by hand with one approver')] };
		}),
		once('DE', [7, 6], { life: 'manual' }, ({ plan }) => {
			for (const approval of plan.approvals) approval.approvedAt += 2 * DAY_MS;
			return { planted: [onRevenue('T60', plan, firstRevenue(plan), 'approved two days after it was posted')] };
		}),
		...twice([4, 16], [10, 8], { life: 'fallback' }, ({ plan }) => {
			plan.approvals = [];
			return { planted: [onRevenue('T83', plan, firstRevenue(plan), 'fallback without approval or document')] };
		}),
	];
}

function rules(): PlantedOrder[] {
	return [
		once('US', [5, 20], {}, ({ plan }) => {
			const revenue = firstRevenue(plan);
			revenue.ruleId = 'R-SHADOW';
			revenue.ruleVersion = 1;
			return { planted: [onRevenue('T87', plan, revenue, 'made by a rule no ticket knows')] };
		}),
		once('DE', [10, 22], {}, ({ plan }) => {
			const revenue = firstRevenue(plan);
			revenue.ruleVersion = 5;
			return { planted: [onRevenue('T87', plan, revenue, 'made by a rule version no ticket brought')] };
		}),
		once('DE', [9, 17], {}, ({ plan }) => {
			const revenue = firstRevenue(plan);
			revenue.ruleVersion = 7;
			return {
				planted: [],
				consequences: [
					onRevenue('T87', plan, revenue, 'made by a rule version nobody tested'),
					answer('T87', null, { ticket_id: 'CHG-1901' }, 'brought a rule version into use untested'),
				],
				rows: [
					{
						table: 'change_ticket',
						record: {
							approved_by: RULE_APPROVER.userId,
							deployed_at: timeText(revenue.recognisedAt - 9 * DAY_MS),
							deployed_by: RULE_DEPLOYER.userId,
							kind: 'rule',
							requested_by: RULE_OWNER.userId,
							rule_id: revenue.ruleId,
							rule_version: 7,
							system: 'revenue-engine',
							tested: false,
							ticket_id: 'CHG-1901',
						},
					},
				],
			};
		}),
	];
}
