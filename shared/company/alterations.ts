/** Changes to a finished draft that keep the rest of it consistent. */
import { DAY_MS, mulDivRoundHalfUp } from '#kernel';
import { need } from './anomaly.ts';
import { settle, taxOf } from './billing.ts';
import type { Drafting } from './drafting.ts';
import type { EventPlan, EventType, InvoicePlan, OrderPlan, RevenuePlan } from './orderPlan.ts';
import { sequenceEvents } from './sequence.ts';
import { UNIT } from './wire.ts';
import { dayOf } from './workTime.ts';

export const resequence = ({ plan, brief }: Drafting): void => sequenceEvents(plan, brief.random);

export const eventOf = (plan: OrderPlan, type: EventType): EventPlan => need(plan.events.find((event) => event.type === type));

/** The last event of the order; its times can be moved without touching another. */
export const lastEvent = (plan: OrderPlan): EventPlan => need(plan.events.at(-1));

export function dropEvents(drafting: Drafting, drop: (event: EventPlan) => boolean): void {
	const { plan } = drafting;
	plan.events = plan.events.filter((event) => !drop(event));
	resequence(drafting);
}

const HEARD_OF_LAST = dayOf(2027, 1, 13);

/** Leaves the order fulfilled but not closed, last heard of on the day before the as-of instant: open, and not stale. */
export function leaveOpen(drafting: Drafting): void {
	const { plan, at } = drafting;
	eventOf(plan, 'order.fulfilled').occurredAt = at(HEARD_OF_LAST, 60);
	dropEvents(drafting, ({ type }) => type === 'order.closed');
}

/** Changes what an invoice bills, and pays it anew. */
export function rebill(
	drafting: Drafting,
	invoice: InvoicePlan,
	change: { readonly unitMinor?: bigint; readonly quantity?: bigint },
): void {
	for (const line of invoice.lines) {
		line.unitMinor = change.unitMinor ?? line.unitMinor;
		line.quantity = change.quantity ?? line.quantity;
		line.amountMinor = mulDivRoundHalfUp(line.unitMinor, line.quantity, UNIT);
		line.taxMinor = taxOf(line.amountMinor, line.taxRate ?? '0');
	}
	repay(drafting);
}

export function repay(drafting: Drafting): void {
	drafting.plan.payments = [];
	settle(drafting);
}

/** Another amount of revenue, in the sub-ledger and the ledger alike. */
export function rerecognise(revenue: RevenuePlan, amountMinor: bigint): void {
	revenue.amountMinor = amountMinor;
	revenue.ledgerMinor = amountMinor;
}

/** Moves a revenue event and its posting. */
export function moveRevenue(revenue: RevenuePlan, at: number): void {
	revenue.postedAt += at - revenue.recognisedAt;
	revenue.recognisedAt = at;
}

/** Moves everything that happened to the order after `instant` by whole days. */
export function shiftAfter(drafting: Drafting, instant: number, days: number): void {
	const { plan } = drafting;
	const by = days * DAY_MS;
	const moved = (at: number): number => (at > instant ? at + by : at);
	const movedOrNull = (at: number | null): number | null => (at === null ? null : moved(at));
	for (const event of plan.events) event.occurredAt = moved(event.occurredAt);
	for (const shipment of plan.shipments) {
		shipment.shippedAt = moved(shipment.shippedAt);
		shipment.deliveredAt = movedOrNull(shipment.deliveredAt);
	}
	for (const tracking of plan.tracking) tracking.at = moved(tracking.at);
	for (const document of plan.documents) {
		document.datedAt = moved(document.datedAt);
		document.createdAt = moved(document.createdAt);
	}
	for (const invoice of plan.invoices) {
		invoice.issuedAt = moved(invoice.issuedAt);
		invoice.dueAt = movedOrNull(invoice.dueAt);
	}
	for (const revenue of plan.revenue) {
		revenue.recognisedAt = moved(revenue.recognisedAt);
		revenue.postedAt = moved(revenue.postedAt);
	}
	for (const approval of plan.approvals) {
		approval.requestedAt = moved(approval.requestedAt);
		approval.approvedAt = moved(approval.approvedAt);
	}
	for (const hold of plan.holds) hold.closedAt = movedOrNull(hold.closedAt);
	for (const dispute of plan.disputes) dispute.closedAt = movedOrNull(dispute.closedAt);
	repay(drafting);
	resequence(drafting);
}
