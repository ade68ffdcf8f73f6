/**
 * Brings the sealed rows, and whatever carries a running number, into the order of time. Orders are planned one after the
 * other but live side by side; their events wait here, by day, until no order still to come can have an earlier one. So
 * the window holds the orders alive at one time and never the whole year.
 */
import { canonicalize, fromHex, invariant, toBase64Url, utf8 } from '#kernel';
import { NumberSeries } from './invoiceNumbers.ts';
import type { EventPlan, InvoicePlan, OrderPlan, RevenuePlan } from './orderPlan.ts';
import type { Sha256OfText } from './orderRows.ts';
import { eventRecord, feedRecord, invoiceRows, revenueRecord } from './sealedRecords.ts';
import type { CompanyRow } from './wire.ts';
import { dayOfInstant } from './workTime.ts';

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
