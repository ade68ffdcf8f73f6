/** The start of every order: parties, lines, obligations, contract. And the pen with which planning writes its events. */
import { MINUTE_MS, mulDivRoundHalfUp } from '#kernel';
import { CATALOGUE, type Product } from './catalogue.ts';
import type { OrderBrief } from './orderBrief.ts';
import type { ContractPlan, EventPlan, EventType, LinePlan, ObligationPlan, OrderPlan, SourceSystem } from './orderPlan.ts';
import { anyOf, STAFF, type Staff } from './people.ts';
import { UNIT, units } from './wire.ts';
import { businessDay, instantAt } from './workTime.ts';

export interface Drafting {
	readonly brief: OrderBrief;
	readonly plan: OrderPlan;
	readonly staff: Staff;
	/** The instant `minute` minutes into the work window of `day`. */
	at(day: number, minute: number): number;
	/** An id of this order's own: `SH-0001000-2`. */
	id(prefix: string, running: number): string;
}

const AMOUNT_LOW_MINOR = 50_000;
const AMOUNT_HIGH_MINOR = 1_900_000;
const PIECES_MIN = 4;

/** Lines are between 500.00 and 19,000.00, so that amounts of the year span less than three orders of magnitude. */
function lineQuantity(product: Product, { random, life }: OrderBrief, consignments: number): bigint {
	const list = Number(product.listMinor);
	if (life === 'over_time') return units(consignments * random.between(1, 3));
	const low = Math.max(PIECES_MIN, Math.ceil(AMOUNT_LOW_MINOR / list));
	const high = Math.max(low, Math.min(12 * low, Math.floor(AMOUNT_HIGH_MINOR / list)));
	const whole = units(random.between(low, high));
	return product.kind === 'metered' ? whole + (BigInt(random.below(4)) * UNIT) / 4n : whole;
}

function draftLine(brief: OrderBrief, index: number, product: Product): LinePlan {
	const quantity = lineQuantity(product, brief, brief.consignments);
	const unitMinor = (product.listMinor * BigInt(100 - brief.discountPercent)) / 100n;
	const lineId = `L${index + 1}`;
	return {
		lineId,
		product,
		sku: product.sku,
		quantity,
		unitMinor,
		amountMinor: mulDivRoundHalfUp(unitMinor, quantity, UNIT),
		obligationId: `OB-${brief.number}-${index + 1}`,
	};
}

function draftLines(brief: OrderBrief): LinePlan[] {
	const wanted = brief.life === 'over_time' ? 'service' : 'goods';
	const articles = CATALOGUE[brief.entity.key].filter(({ kind }) => (kind === 'service') === (wanted === 'service'));
	const chosen = brief.random.shuffle(articles).slice(0, brief.lineCount);
	return chosen.map((product, index) => draftLine(brief, index, product));
}

/** The discount is the same on every line, so the price allocated by stand-alone prices is each line's own amount. */
function draftObligation(line: LinePlan, { life, consignments }: OrderBrief): ObligationPlan {
	return {
		obligationId: line.obligationId ?? '',
		line,
		sspMinor: mulDivRoundHalfUp(line.product.listMinor, line.quantity, UNIT),
		allocatedMinor: line.amountMinor,
		method: life === 'over_time' ? 'over_time' : consignments > 1 ? 'units_delivered' : 'point_in_time',
	};
}

function draftContract(brief: OrderBrief, staff: Staff, lines: readonly LinePlan[]): ContractPlan {
	const { random, day, entity, number } = brief;
	const signedDay = businessDay(day - random.between(3, 12), 0);
	return {
		contractId: `CT-${number}`,
		signedAt: instantAt(signedDay, entity.openMinute, random.between(5, 200)),
		approvedBy: anyOf(random, staff.contractApprovers),
		approvedAt: instantAt(signedDay, entity.openMinute, random.between(220, 400)),
		priceMinor: lines.reduce((sum, line) => sum + line.amountMinor, 0n),
		transfer: brief.transfer,
		billing: brief.billing,
		podRequired: brief.podRequired,
		billAndHold: brief.life === 'bill_and_hold',
		billAndHoldCriteria: brief.life === 'bill_and_hold' ? 'reason,identified,ready,no_redirect' : '',
	};
}

export function openDraft(brief: OrderBrief): Drafting {
	const { entity, number, customer, day, random } = brief;
	const staff = STAFF[entity.key];
	const lines = draftLines(brief);
	const plan: OrderPlan = {
		number,
		orderId: `SO-${number}`,
		entity,
		customer,
		customerId: customer.customerId,
		orderedAt: instantAt(day, entity.openMinute, random.between(5, 60)),
		state: 'draft',
		revision: 1,
		region: random.pick(entity.regions),
		contract: draftContract(brief, staff, lines),
		lines,
		obligations: lines.map((line) => draftObligation(line, brief)),
		events: [],
		shipments: [],
		tracking: [],
		documents: [],
		invoices: [],
		payments: [],
		revenue: [],
		approvals: [],
		holds: [],
		disputes: [],
		amendments: [],
	};
	return {
		brief,
		plan,
		staff,
		at: (onDay, minute) => instantAt(onDay, entity.openMinute, minute),
		id: (prefix, running) => `${prefix}-${number}-${running}`,
	};
}

const SYSTEM_OF: Readonly<Record<EventType, SourceSystem>> = {
	'order.booked': 'erp',
	'order.credit_held': 'erp',
	'order.released': 'erp',
	'order.picking': 'wms',
	'order.backordered': 'wms',
	'line.shipped': 'wms',
	'line.delivered': 'carrier-hub',
	'line.accepted': 'portal',
	'order.fulfilled': 'erp',
	'order.closed': 'erp',
	'order.cancelled': 'erp',
	'order.held': 'erp',
	'order.hold_released': 'erp',
	'order.disputed': 'portal',
	'order.dispute_resolved': 'portal',
	'line.return_requested': 'portal',
	'line.returned': 'wms',
	'order.amended': 'erp',
	'order.escalated': 'portal',
	'order.corrected': 'erp',
};

export type EventParts = Partial<Pick<EventPlan, 'lineId' | 'quantity' | 'reason' | 'committed' | 'corrects' | 'documentId'>>;

/** An event, its states still open: they follow from the sequence (see `sequence.ts`). */
export function draftEvent(type: EventType, occurredAt: number, actorId: string, role: string, parts: EventParts = {}): EventPlan {
	return {
		type,
		lineId: null,
		from: null,
		to: null,
		occurredAt,
		recordedAt: occurredAt,
		actorId,
		role,
		system: SYSTEM_OF[type],
		quantity: null,
		reason: null,
		committed: false,
		corrects: null,
		documentId: null,
		schemaVersion: 1,
		seq: 0,
		eventId: '',
		flaw: null,
		feedFlaw: null,
		extra: null,
		...parts,
	};
}

export const minutes = (count: number): number => count * MINUTE_MS;
