/** The journals of an order: each invoice, payment and revenue event has one, under its own id. */
import { credit, debit, type JournalPlan } from './ledger.ts';
import { type InvoicePlan, invoiceTotal, type OrderPlan, type PaymentPlan, type RevenuePlan } from './orderPlan.ts';
import { STAFF } from './people.ts';
import { periodOfInstant } from './workTime.ts';

const RECEIVABLE = '1200';
export const DEFERRED = '2400';
const TAX = '2100';
const CASH = '1000';
export const PRODUCT_REVENUE = '4000';
export const SERVICE_REVENUE = '4100';

type Source = { readonly kind: 'revenue_event' | 'invoice' | 'payment'; readonly id: string; readonly at: number };

function systemJournal({ entity }: OrderPlan, source: Source, lines: JournalPlan['lines'], description: string): JournalPlan {
	return {
		journalId: `JE-${source.id}`,
		entity,
		lines,
		effectiveAt: source.at,
		period: periodOfInstant(source.at),
		enteredAt: source.at + 60_000,
		enteredBy: STAFF[entity.key].ledgerService.userId,
		approvedBy: null,
		source: 'system',
		sourceKind: source.kind,
		sourceId: source.id,
		reversalOf: null,
		description,
	};
}

/** Receivable against deferred revenue and tax; a credit memo the other way round. */
export function invoiceJournal(plan: OrderPlan, invoice: InvoicePlan): JournalPlan {
	const total = invoiceTotal(invoice);
	const tax = invoice.lines.reduce((sum, line) => sum + line.taxMinor, 0n);
	const [to, from] = invoice.kind === 'invoice' ? [debit, credit] : [credit, debit];
	const lines = [to(RECEIVABLE, total), from(DEFERRED, total - tax)];
	if (tax !== 0n) lines.push(from(TAX, tax));
	const name = invoice.kind === 'invoice' ? 'Invoice' : 'Credit memo';
	return systemJournal(plan, { kind: 'invoice', id: invoice.invoiceId, at: invoice.issuedAt }, lines, `${name} ${invoice.invoiceId}`);
}

export function paymentJournal(plan: OrderPlan, payment: PaymentPlan): JournalPlan {
	const lines = [debit(CASH, payment.amountMinor), credit(RECEIVABLE, payment.amountMinor)];
	const source = { kind: 'payment', id: payment.paymentId, at: payment.receivedAt } as const;
	return systemJournal(plan, source, lines, `Payment of ${payment.invoice.invoiceId}`);
}

/** Deferred revenue against revenue; a reversal the other way round. Null where the ledger shows nothing, as planted. */
export function revenueJournal(plan: OrderPlan, revenue: RevenuePlan): JournalPlan | null {
	if (revenue.ledgerMinor === null) return null;
	const account = revenue.line.product.kind === 'service' ? SERVICE_REVENUE : PRODUCT_REVENUE;
	const [to, from] = revenue.kind === 'reverse' ? [credit, debit] : [debit, credit];
	const lines = [to(DEFERRED, revenue.ledgerMinor), from(account, revenue.ledgerMinor)];
	const source = { kind: 'revenue_event', id: revenue.revenueId, at: revenue.postedAt } as const;
	return systemJournal(plan, source, lines, `Revenue ${revenue.kind} of ${plan.orderId}`);
}
