/** Invoices as the billing term says, and the payments that settle them. */
import { DAY_MS, mulDivRoundHalfUp, parseDecimal, timesDecimal } from '#kernel';
import { type Drafting, minutes } from './drafting.ts';
import { type InvoiceLinePlan, type InvoicePlan, invoiceTotal, type LinePlan, type ShipmentPlan } from './orderPlan.ts';
import { anyOf } from './people.ts';
import { UNIT } from './wire.ts';
import { AS_OF, businessDay, dayOfInstant } from './workTime.ts';

export interface Billed {
	readonly line: LinePlan;
	readonly quantity: bigint;
	readonly shipment: ShipmentPlan | null;
}

/** The tax of an amount at a rate, rounded half up. */
export function taxOf(amountMinor: bigint, rate: string): bigint {
	const parsed = parseDecimal(rate);
	return parsed.ok ? timesDecimal(amountMinor, parsed.value) : 0n;
}

const taxRateOf = ({ brief }: Drafting): string =>
	brief.customer.export ? '0' : (brief.entity.taxRates[Number(brief.customer.customerId.slice(-2)) % brief.entity.taxRates.length] ?? '0');

export function invoiceLine(drafting: Drafting, { line, quantity, shipment }: Billed): InvoiceLinePlan {
	const amountMinor = mulDivRoundHalfUp(line.unitMinor, quantity, UNIT);
	const taxRate = taxRateOf(drafting);
	return {
		orderId: drafting.plan.orderId,
		lineId: line.lineId,
		shipmentId: shipment?.shipmentId ?? null,
		sku: line.sku,
		quantity,
		unitMinor: line.unitMinor,
		amountMinor,
		taxRate,
		taxMinor: taxOf(amountMinor, taxRate),
	};
}

const TERM_DAYS = [30, 45, 60];

/** Issues an invoice over what was billed. `callOff` tells invoices apart that are billed by plan and not by shipment. */
export function issueInvoice(drafting: Drafting, issuedAt: number, billed: readonly Billed[], callOff = ''): InvoicePlan {
	const { brief, plan, staff } = drafting;
	const running = plan.invoices.filter(({ kind }) => kind === 'invoice').length + 1;
	const invoice: InvoicePlan = {
		invoiceId: drafting.id('INV', running),
		kind: 'invoice',
		issuedAt,
		dueAt: issuedAt + (TERM_DAYS[Number(brief.customer.customerId.slice(-1)) % TERM_DAYS.length] ?? 30) * DAY_MS,
		currency: brief.entity.currency,
		lines: billed.map((item) => invoiceLine(drafting, item)),
		corrects: null,
		purchaseOrder: `PO-${brief.number}${callOff}`,
		enteredBy: anyOf(brief.random, staff.billing),
		approvedBy: anyOf(brief.random, staff.invoiceApprovers),
		numbering: null,
	};
	plan.invoices.push(invoice);
	return invoice;
}

const wholeOrder = ({ plan }: Drafting): Billed[] => plan.lines.map((line) => ({ line, quantity: line.quantity, shipment: null }));

/** Bills before anything moves: all of it in advance, or the first milestone. `day` is the day of release. */
export function billAhead(drafting: Drafting, day: number): void {
	const { brief, plan, at } = drafting;
	const issuedAt = at(day, brief.random.between(260, 300));
	if (plan.contract.billing === 'advance') issueInvoice(drafting, issuedAt, wholeOrder(drafting));
	if (plan.contract.billing === 'milestone') {
		issueInvoice(
			drafting,
			issuedAt,
			plan.lines.map((line) => ({ line, quantity: firstMilestone(line.quantity), shipment: null })),
			'/M1',
		);
	}
}

/** Three fifths of the quantity, whole pieces. */
const firstMilestone = (quantity: bigint): bigint => (((quantity / UNIT) * 3n + 2n) / 5n) * UNIT;

/** Bills the second milestone when all is transferred. */
export function billLastMilestone(drafting: Drafting, issuedAt: number): void {
	const { plan } = drafting;
	if (plan.contract.billing !== 'milestone') return;
	const rest = plan.lines.map((line) => ({ line, quantity: line.quantity - firstMilestone(line.quantity), shipment: null }));
	issueInvoice(drafting, issuedAt, rest, '/M2');
}

/** Bills a consignment at its shipment or delivery, where the contract says so. */
export function billConsignment(
	drafting: Drafting,
	shipments: readonly ShipmentPlan[],
	occasion: 'on_shipment' | 'on_delivery',
	at: number,
): void {
	const { brief, plan } = drafting;
	if (plan.contract.billing !== occasion) return;
	const billed = shipments.map((shipment) => ({ line: shipment.line, quantity: shipment.quantity, shipment }));
	issueInvoice(drafting, at + minutes(brief.random.between(45, 110)), billed);
}

/** Payments of every invoice, net of what was credited; those due after the as-of instant are still open. */
export function settle(drafting: Drafting): void {
	for (const invoice of drafting.plan.invoices) {
		if (invoice.kind === 'invoice') settleInvoice(drafting, invoice);
	}
}

function settleInvoice({ brief, plan, at, id }: Drafting, invoice: InvoicePlan): void {
	const { random } = brief;
	const credits = plan.invoices.filter(({ corrects }) => corrects === invoice);
	const owed = invoiceTotal(invoice) - credits.reduce((sum, memo) => sum + invoiceTotal(memo), 0n);
	const earliest = Math.max(invoice.issuedAt + 18 * DAY_MS, ...credits.map(({ issuedAt }) => issuedAt + 3 * DAY_MS));
	const firstDay = businessDay(dayOfInstant(earliest) + random.between(0, 27), 0);
	const shares = owed > 400_000n && random.chance(8) ? [owed / 3n, owed - owed / 3n] : [owed];
	for (const [index, amountMinor] of shares.entries()) {
		const receivedAt = at(businessDay(firstDay, 5 * index), random.between(10, 400));
		if (amountMinor <= 0n || receivedAt >= AS_OF) continue;
		plan.payments.push({ paymentId: id('PAY', plan.payments.length + 1), invoice, receivedAt, amountMinor });
	}
}
