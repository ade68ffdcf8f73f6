/**
 * The draft of one order with everything that hangs on it. Planning fills it, an anomaly may alter it, and only then is
 * it turned into rows: so that an invoice that was changed on purpose is booked as it stands, and nothing else gives way.
 * Drafts are the one mutable thing in this room. Money is bigint minor units, quantities bigint millionths, times ms.
 */
import type { Json } from '#kernel';
import type { Product } from './catalogue.ts';
import type { Customer } from './customers.ts';
import type { Entity } from './entities.ts';
import type { RuleId } from './rules.ts';

export type TransferTerm = 'shipment' | 'delivery' | 'acceptance';
export type BillingTerm = 'on_shipment' | 'on_delivery' | 'advance' | 'milestone';

export type EventType =
	| 'order.booked'
	| 'order.credit_held'
	| 'order.released'
	| 'order.picking'
	| 'order.backordered'
	| 'line.shipped'
	| 'line.delivered'
	| 'line.accepted'
	| 'order.fulfilled'
	| 'order.closed'
	| 'order.cancelled'
	| 'order.held'
	| 'order.hold_released'
	| 'order.disputed'
	| 'order.dispute_resolved'
	| 'line.return_requested'
	| 'line.returned'
	| 'order.amended'
	| 'order.escalated'
	| 'order.corrected';

export type SourceSystem = 'erp' | 'wms' | 'carrier-hub' | 'portal' | 'edi-legacy';

export interface ContractPlan {
	contractId: string;
	signedAt: number | null;
	approvedBy: string | null;
	approvedAt: number | null;
	priceMinor: bigint;
	transfer: TransferTerm;
	billing: BillingTerm;
	podRequired: boolean;
	billAndHold: boolean;
	billAndHoldCriteria: string;
}

export interface LinePlan {
	readonly lineId: string;
	product: Product;
	sku: string;
	quantity: bigint;
	unitMinor: bigint;
	amountMinor: bigint;
	/** As written on the order line; null or unknown only where planted. */
	obligationId: string | null;
}

export interface ObligationPlan {
	readonly obligationId: string;
	readonly line: LinePlan;
	sspMinor: bigint;
	allocatedMinor: bigint;
	method: 'point_in_time' | 'units_delivered' | 'over_time';
}

export interface EventPlan {
	type: EventType;
	lineId: string | null;
	from: string | null;
	to: string | null;
	occurredAt: number;
	recordedAt: number;
	actorId: string;
	role: string;
	system: SourceSystem;
	quantity: bigint | null;
	reason: string | null;
	/** The reason names a person: only its salted hash goes into the sealed line. */
	committed: boolean;
	corrects: EventPlan | null;
	documentId: string | null;
	schemaVersion: number;
	/** Set when the order's events are put in sequence. */
	seq: number;
	eventId: string;
	/** Planted in the stored line. */
	flaw: EventFlaw | null;
	/** Planted in the message that carried it. */
	feedFlaw: FeedFlaw | null;
	extra: { readonly [key: string]: Json } | null;
}

type EventFlaw = 'wrong_prev' | 'not_canonical' | 'skipped_order_seq' | 'skipped_source_seq';
type FeedFlaw = 'dead_letter' | 'slow';

/** Goods that travel together: one shipment row a line, one tracking number, one proof. */
export interface ShipmentPlan {
	shipmentId: string;
	orderId: string;
	line: LinePlan;
	quantity: bigint;
	carrier: string;
	trackingNo: string;
	shippedAt: number;
	deliveredAt: number | null;
	documentId: string | null;
	/** The event by which control passes, filled by planning: revenue is triggered by it. */
	transfer: EventPlan | null;
}

export interface TrackingPlan {
	trackingNo: string;
	status: 'accepted' | 'in_transit' | 'out_for_delivery' | 'delivered' | 'exception' | 'returned';
	at: number;
}

export interface DocumentPlan {
	documentId: string;
	kind: 'pod' | 'acceptance' | 'contract' | 'amendment' | 'invoice' | 'dispute_evidence' | 'other';
	fileName: string;
	datedAt: number;
	createdAt: number;
	/** The text of the whole PDF file, ASCII. */
	content: string;
	/** `withheld`: its bytes are not handed over with this row. */
	flaw: 'altered' | 'withheld' | null;
}

export interface InvoiceLinePlan {
	orderId: string | null;
	lineId: string | null;
	shipmentId: string | null;
	sku: string;
	quantity: bigint;
	unitMinor: bigint;
	amountMinor: bigint;
	taxRate: string | null;
	taxMinor: bigint;
}

export interface InvoicePlan {
	invoiceId: string;
	kind: 'invoice' | 'credit_memo';
	issuedAt: number;
	dueAt: number | null;
	currency: string;
	lines: InvoiceLinePlan[];
	corrects: InvoicePlan | null;
	purchaseOrder: string | null;
	enteredBy: string;
	approvedBy: string | null;
	/** Planted in the numbering: see `invoiceNumbers.ts`. */
	numbering: NumberingFlaw | null;
}

type NumberingFlaw =
	| { readonly kind: 'gap' }
	| { readonly kind: 'late'; readonly days: number }
	| { readonly kind: 'lookalike'; readonly sign: '-' | '.' };

export interface PaymentPlan {
	paymentId: string;
	invoice: InvoicePlan;
	receivedAt: number;
	amountMinor: bigint;
}

export interface RevenuePlan {
	revenueId: string;
	obligationId: string | null;
	line: LinePlan;
	kind: 'recognise' | 'reverse' | 'reinstate';
	recognisedAt: number;
	postedAt: number;
	amountMinor: bigint;
	trigger: EventPlan | null;
	ruleId: RuleId | string;
	ruleVersion: number;
	manual: boolean;
	reverses: RevenuePlan | null;
	fallback: boolean;
	/** What the ledger shows; planted differences only. `null` posts nothing. */
	ledgerMinor: bigint | null;
}

export interface ApprovalPlan {
	subjectKind: 'revenue_event' | 'hold_release' | 'credit_memo' | 'discount' | 'contract';
	subjectId: string;
	requestedBy: string;
	requestedAt: number;
	approverId: string;
	approvedAt: number;
}

export interface HoldPlan {
	holdId: string;
	lineId: string | null;
	kind: 'hold' | 'dispute';
	dispute: DisputePlan | null;
	openedAt: number;
	openedBy: string;
	closedAt: number | null;
	closedBy: string | null;
	reason: string;
	quantity: bigint | null;
	amountMinor: bigint | null;
}

export interface DisputePlan {
	disputeId: string;
	line: LinePlan;
	loggedAt: number;
	channel: string;
	status: 'open' | 'resolved_customer' | 'resolved_company';
	closedAt: number | null;
	rootCause: string | null;
	escalatedAt: number | null;
	quantity: bigint;
	amountMinor: bigint;
	score: number | null;
	threshold: number;
}

export interface AmendmentPlan {
	amendmentId: string;
	effectiveAt: number;
	signedAt: number | null;
	approvedBy: string | null;
	approvedAt: number | null;
	addsDistinct: boolean;
	atSsp: boolean;
	remainingDistinct: boolean;
	deltaMinor: bigint;
	treatment: 'separate' | 'prospective' | 'catch_up';
	catchUpMinor: bigint | null;
}

export interface OrderPlan {
	readonly number: string;
	readonly orderId: string;
	readonly entity: Entity;
	customer: Customer;
	/** As written on the order; differs from the customer's only where planted. */
	customerId: string;
	orderedAt: number;
	state: string;
	revision: number;
	region: string;
	contract: ContractPlan;
	lines: LinePlan[];
	obligations: ObligationPlan[];
	events: EventPlan[];
	shipments: ShipmentPlan[];
	tracking: TrackingPlan[];
	documents: DocumentPlan[];
	invoices: InvoicePlan[];
	payments: PaymentPlan[];
	revenue: RevenuePlan[];
	approvals: ApprovalPlan[];
	holds: HoldPlan[];
	disputes: DisputePlan[];
	amendments: AmendmentPlan[];
}

export const invoiceTotal = (invoice: InvoicePlan): bigint =>
	invoice.lines.reduce((sum, line) => sum + line.amountMinor + line.taxMinor, 0n);
