/**
 * Brings the sealed rows, and whatever carries a running number, into the order of time. Orders are planned one after the
 * other but live side by side; their events wait here, by day, until no order still to come can have an earlier one. So
 * the window holds the orders alive at one time and never the whole year.
 */
import { canonicalize, fromHex, invariant, toBase64Url, utf8 } from '#kernel';
import { NumberSeries } from './invoiceNumbers.ts';
import type { EventPlan, InvoicePlan, OrderPlan, RevenuePlan } from './orderPlan.ts';
import type { Sha256OfText } from './orderRows.ts';
import { type CompanyRow, type Wire, wireMinor, wireQuantity } from './wire.ts';
import { dayOfInstant, periodOfInstant, timeText } from './workTime.ts';

interface Chain {
	event: string | null;
	revenue: string | null;
	/** Added to every later `order_seq`, where a number was left out on purpose. */
	seqShift: number;
}

type Waiting =
	| { readonly kind: 'event'; readonly at: number; readonly plan: OrderPlan; readonly chain: Chain; readonly item: EventPlan }
	| { readonly kind: 'revenue'; readonly at: number; readonly plan: OrderPlan; readonly chain: Chain; readonly item: RevenuePlan }
	| { readonly kind: 'invoice'; readonly at: number; readonly plan: OrderPlan; readonly chain: Chain; readonly item: InvoicePlan };

const LATE_DAY_MS = 86_400_000;

export class SealedLog {
	private readonly days = new Map<number, Waiting[]>();
	private readonly sourceSeq = new Map<string, number>();
	private readonly series = new NumberSeries();
	private readonly sha256: Sha256OfText;
	private readonly seed: string;
	private lineNo = 0;
	private flushed = 0;

	constructor(sha256: Sha256OfText, seed: string) {
		this.sha256 = sha256;
		this.seed = seed;
	}

	/** Takes an order's events, revenue and invoices in. */
	add(plan: OrderPlan): void {
		const chain: Chain = { event: null, revenue: null, seqShift: 0 };
		for (const item of plan.events) this.wait({ kind: 'event', at: item.recordedAt, plan, chain, item });
		for (const item of plan.revenue) this.wait({ kind: 'revenue', at: item.postedAt, plan, chain, item });
		for (const item of plan.invoices) {
			const late = item.numbering?.kind === 'late' ? item.numbering.days * LATE_DAY_MS : 0;
			this.wait({ kind: 'invoice', at: item.issuedAt + late, plan, chain, item });
		}
	}

	private wait(waiting: Waiting): void {
		const day = dayOfInstant(waiting.at);
		invariant(day >= this.flushed, `a row of day ${day} after day ${this.flushed} was written`);
		const list = this.days.get(day);
		if (list) list.push(waiting);
		else this.days.set(day, [waiting]);
	}

	/** Writes out every day before `day`. */
	flushBefore(day: number, rows: CompanyRow[]): void {
		if (day <= this.flushed) return;
		this.flushed = day;
		const due = [...this.days.keys()].filter((key) => key < day).sort((a, b) => a - b);
		for (const key of due) {
			const list = this.days.get(key) ?? [];
			this.days.delete(key);
			list.sort((a, b) => a.at - b.at);
			for (const waiting of list) this.write(waiting, rows);
		}
	}

	private write(waiting: Waiting, rows: CompanyRow[]): void {
		switch (waiting.kind) {
			case 'event':
				this.writeEvent(waiting, rows);
				break;
			case 'revenue':
				this.writeRevenue(waiting, rows);
				break;
			case 'invoice':
				invoiceRows(waiting.plan, waiting.item, this.series.next(waiting.plan, waiting.item), rows);
				break;
		}
	}

	private writeEvent({ plan, chain, item }: Waiting & { kind: 'event' }, rows: CompanyRow[]): void {
		const seq = (this.sourceSeq.get(item.system) ?? 0) + (item.flaw === 'skipped_source_seq' ? 2 : 1);
		this.sourceSeq.set(item.system, seq);
		if (item.flaw === 'skipped_order_seq') chain.seqShift++;
		const committed = item.committed && item.reason !== null ? this.commit(item.eventId, 'reason_code', item.reason) : null;
		const prev = item.flaw === 'wrong_prev' ? this.sha256(`not the predecessor of ${item.eventId}`) : chain.event;
		const record = eventRecord(plan, item, { seq, orderSeq: item.seq + chain.seqShift, prev, committed: committed?.digest ?? null });
		const plain = item.extra || committed ? canonicalize(record) : JSON.stringify(record);
		const line = item.flaw === 'not_canonical' ? plain.replace('","', '", "') : plain;
		const leaf = this.sha256(`\u0000${line}`);
		chain.event = leaf;
		this.lineNo++;
		const row: CompanyRow = { table: 'order_event', record, sealed: { line, leaf } };
		rows.push(committed ? { ...row, disclosure: JSON.stringify({ disclosure: committed.disclosure, line: this.lineNo }) } : row);
		if (item.system !== 'erp') rows.push({ table: 'feed_message', record: feedRecord(plan, item, seq) });
	}

	/** Commits to a field by a salted hash (RFC 9901 construction); the salt follows from the seed, so that runs repeat. */
	private commit(eventId: string, name: string, value: string): { digest: string; disclosure: string } {
		const salt = toBase64Url((fromHex(this.sha256(`${this.seed} salt ${eventId} ${name}`)) ?? new Uint8Array()).subarray(0, 16));
		const disclosure = toBase64Url(utf8(canonicalize([salt, name, value])));
		return { digest: toBase64Url(fromHex(this.sha256(disclosure)) ?? new Uint8Array()), disclosure };
	}

	private writeRevenue({ plan, chain, item }: Waiting & { kind: 'revenue' }, rows: CompanyRow[]): void {
		const record = revenueRecord(plan, item, chain.revenue);
		const line = JSON.stringify(record);
		const leaf = this.sha256(`\u0000${line}`);
		chain.revenue = leaf;
		rows.push({ table: 'revenue_event', record, sealed: { line, leaf } });
	}
}

interface Place {
	readonly seq: number;
	readonly orderSeq: number;
	readonly prev: string | null;
	readonly committed: string | null;
}

function eventRecord(plan: OrderPlan, event: EventPlan, { seq, orderSeq, prev, committed }: Place): Wire {
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
function feedRecord(plan: OrderPlan, event: EventPlan, seq: number): Wire {
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

const revenueRecord = (plan: OrderPlan, revenue: RevenuePlan, prev: string | null): Wire => ({
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

function invoiceRows(plan: OrderPlan, invoice: InvoicePlan, { no, series }: { no: string; series: string }, rows: CompanyRow[]): void {
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
