/** How anomalies are written: an ordinary order that is altered after it was planned, and what an audit must then find. */
import type { Answer } from './answers.ts';
import type { Drafting } from './drafting.ts';
import type { EntityKey } from './entities.ts';
import type { JournalPlan } from './ledger.ts';
import type { Stage } from './orderBrief.ts';
import type { EventPlan, InvoicePlan, LinePlan, OrderPlan, RevenuePlan } from './orderPlan.ts';
import type { Shape } from './schedule.ts';
import type { CompanyRow } from './wire.ts';
import { businessDay, dayOf } from './workTime.ts';

interface Finding {
	readonly planted: readonly Answer[];
	/** What some reading of the rules finds as well. */
	readonly consequences?: readonly Answer[];
	/** Rows of other tables that belong to it. */
	readonly rows?: readonly CompanyRow[];
	readonly journals?: readonly JournalPlan[];
}

export interface PlantedOrder {
	readonly entity: EntityKey;
	/** A business day; the order comes in then. */
	readonly day: number;
	readonly shape: Partial<Shape>;
	readonly stage: Stage | null;
	/** Sold to a customer on credit watch. */
	readonly watched: boolean;
	/** Alters the finished draft and says what is to be found. */
	readonly plant: (drafting: Drafting) => Finding;
}

type MonthDate = readonly [month: number, date: number];
type PlantedOptions = Partial<Pick<PlantedOrder, 'stage' | 'watched'>>;

/** Days before this month of the year mean January 2027. */
const NEXT_YEAR_MONTH = 13;

const onDay = ([month, date]: MonthDate): number =>
	businessDay(month >= NEXT_YEAR_MONTH ? dayOf(2027, month - 12, date) : dayOf(2026, month, date), 0);

/** The same anomaly in both entities, on two days. */
export function twice(
	american: MonthDate,
	german: MonthDate,
	shape: Partial<Shape>,
	plant: PlantedOrder['plant'],
	options: PlantedOptions = {},
): PlantedOrder[] {
	return [once('US', american, shape, plant, options), once('DE', german, shape, plant, options)];
}

export const once = (
	entity: EntityKey,
	day: MonthDate,
	shape: Partial<Shape>,
	plant: PlantedOrder['plant'],
	options: PlantedOptions = {},
): PlantedOrder => ({
	entity,
	day: onDay(day),
	shape,
	stage: null,
	watched: false,
	plant,
	...options,
});

export const answer = (test: string, orderId: string | null, keys: Answer['keys'], note: string): Answer => ({
	test,
	order_id: orderId,
	keys,
	note,
});

export const onOrder = (test: string, { orderId }: OrderPlan, note: string): Answer => answer(test, orderId, { order_id: orderId }, note);

export const onLine = (test: string, { orderId }: OrderPlan, { lineId }: LinePlan, note: string): Answer =>
	answer(test, orderId, { order_id: orderId, line_id: lineId }, note);

export const onInvoice = (test: string, { orderId }: OrderPlan, { invoiceId }: InvoicePlan, note: string): Answer =>
	answer(test, orderId, { invoice_id: invoiceId }, note);

export const onRevenue = (test: string, { orderId }: OrderPlan, { revenueId }: RevenuePlan, note: string): Answer =>
	answer(test, orderId, { revenue_id: revenueId }, note);

export const onEvent = (test: string, { orderId }: OrderPlan, { eventId }: EventPlan, note: string): Answer =>
	answer(test, orderId, { event_id: eventId }, note);

/** Something every planted order has: an anomaly on an order without it would be a mistake of ours. */
export function need<T>(thing: T | null | undefined): T {
	if (thing === null || thing === undefined) throw new Error('Invariant broken: a planted order lacks what it was drafted for');
	return thing;
}

export const firstLine = (plan: OrderPlan): LinePlan => need(plan.lines[0]);
export const firstInvoice = (plan: OrderPlan): InvoicePlan => need(plan.invoices[0]);
export const firstRevenue = (plan: OrderPlan): RevenuePlan => need(plan.revenue[0]);
