/** The records that come in the order of time: events and their messages, revenue, invoices. Keys stand in canonical order. */
import type { InvoiceNumber } from './invoiceNumbers.ts';
import type { EventPlan, InvoicePlan, OrderPlan, RevenuePlan } from './orderPlan.ts';
import { type CompanyRow, type Wire, wireMinor, wireQuantity } from './wire.ts';
import { periodOfInstant, timeText } from './workTime.ts';

export interface Place {
	readonly seq: number;
	readonly orderSeq: number;
	readonly prev: string | null;
	readonly committed: string | null;
}

export function eventRecord(plan: OrderPlan, event: EventPlan, { seq, orderSeq, prev, committed }: Place): Wire {
	const traced = event.system !== 'erp';
	const record: Wire = {
		actor_id: event.actorId,
		actor_role: event.role,
		corrects_event_id: event.corrects?.eventId ?? null,
		document_id: event.documentId,
		event_id: event.eventId,
		from_state: event.from,
		line_id: event.lineId,
		occurred_at: timeText(event.occurredAt),
		order_id: plan.orderId,
		order_seq: orderSeq,
		prev,
		quantity: event.quantity === null ? null : wireQuantity(event.quantity),
		reason_code: event.reason,
		recorded_at: timeText(event.recordedAt),
		schema_version: event.schemaVersion,
		source_seq: seq,
		source_system: event.system,
		span_id: traced ? spanId(event) : null,
		to_state: event.to,
		trace_id: traced ? traceId(plan) : null,
		type: event.type,
	};
	if (committed === null && !event.extra) return record;
	const { reason_code: reason, ...rest } = record;
	return committed === null ? { ...record, ...event.extra } : { ...rest, ...event.extra, sd: { reason_code: committed } };
}

/** W3C trace context: 16 and 8 bytes in hex. */
const traceId = ({ number }: OrderPlan): string => number.padStart(32, '0');
const spanId = ({ seq }: EventPlan): string => seq.toString(16).padStart(16, '0');

const FEED_ENDPOINTS: Readonly<Record<string, string>> = {
	wms: '/v2/shipments',
	'carrier-hub': '/v1/tracking',
	portal: '/v1/cases',
	'edi-legacy': '/edi/in',
};
const SLOW_MS = 240_000;

/** The message that brought the event: it left the source when the event was stored there. */
export function feedRecord(plan: OrderPlan, event: EventPlan, seq: number): Wire {
	const dead = event.feedFlaw === 'dead_letter';
	const latency = event.feedFlaw === 'slow' ? SLOW_MS : 40 + ((seq * 7919) % 1900) + (seq % 61 === 0 ? 20_000 : 0);
	return {
		endpoint: FEED_ENDPOINTS[event.system] ?? '/',
		latency_ms: latency,
		order_id: plan.orderId,
		received_at: dead ? null : timeText(event.recordedAt + latency),
		sent_at: timeText(event.recordedAt),
		source_seq: seq,
		source_system: event.system,
		status: dead ? 'dead_letter' : seq % 61 === 0 ? 'retried' : 'ok',
	};
}

export const revenueRecord = (plan: OrderPlan, revenue: RevenuePlan, prev: string | null): Wire => ({
	amount_minor: wireMinor(revenue.amountMinor),
	currency: plan.entity.currency,
	fallback: revenue.fallback,
	kind: revenue.kind,
	line_id: revenue.line.lineId,
	manual: revenue.manual,
	obligation_id: revenue.obligationId,
	order_id: plan.orderId,
	period: periodOfInstant(revenue.postedAt),
	posted_at: timeText(revenue.postedAt),
	prev,
	recognised_at: timeText(revenue.recognisedAt),
	revenue_id: revenue.revenueId,
	reverses_revenue_id: revenue.reverses?.revenueId ?? null,
	rule_id: revenue.ruleId,
	rule_version: revenue.ruleVersion,
	trigger_event_id: revenue.trigger?.eventId ?? null,
});

export function invoiceRows(plan: OrderPlan, invoice: InvoicePlan, { no, series }: InvoiceNumber, rows: CompanyRow[]): void {
	let total = 0n;
	let lineNo = 0;
	for (const line of invoice.lines) {
		total += line.amountMinor + line.taxMinor;
		const record: Wire = {
			amount_minor: wireMinor(line.amountMinor),
			invoice_id: invoice.invoiceId,
			line_id: line.lineId,
			line_no: ++lineNo,
			order_id: line.orderId,
			quantity: wireQuantity(line.quantity),
			shipment_id: line.shipmentId,
			sku: line.sku,
			tax_minor: wireMinor(line.taxMinor),
			tax_rate: line.taxRate,
			unit_price_minor: wireMinor(line.unitMinor),
		};
		rows.push({ table: 'invoice_line', record });
	}
	const record: Wire = {
		approved_by: invoice.approvedBy,
		corrects_invoice_id: invoice.corrects?.invoiceId ?? null,
		currency: invoice.currency,
		customer_id: plan.customer.customerId,
		due_at: invoice.dueAt === null ? null : timeText(invoice.dueAt),
		entered_by: invoice.enteredBy,
		entity_id: plan.entity.entityId,
		invoice_id: invoice.invoiceId,
		invoice_no: no,
		issued_at: timeText(invoice.issuedAt),
		kind: invoice.kind,
		purchase_order: invoice.purchaseOrder,
		series,
		total_minor: wireMinor(total),
	};
	rows.push({ table: 'invoice', record });
}
