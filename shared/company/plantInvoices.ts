/** Anomalies of invoices in themselves: prices, taxes, terms, duplicates, numbers. T08, T10 to T15, T38. */
import { DAY_MS } from '#kernel';
import { rebill, repay } from './alterations.ts';
import { answer, firstInvoice, firstLine, need, once, onInvoice, onLine, onOrder, type PlantedOrder, twice } from './anomaly.ts';
import type { Drafting } from './drafting.ts';
import type { InvoicePlan, OrderPlan } from './orderPlan.ts';
import { businessDay, dayOfInstant } from './workTime.ts';

export const invoiceAnomalies = (): PlantedOrder[] => [...amounts(), ...duplicates(), ...numbers()];

function amounts(): PlantedOrder[] {
	const onFirst = (test: string, plan: OrderPlan, note: string) => ({
		planted: [answer(test, plan.orderId, { invoice_id: firstInvoice(plan).invoiceId, line_no: '1' }, note)],
	});
	return [
		...twice([2, 10], [7, 7], { billing: 'on_shipment' }, (drafting) => {
			const { plan } = drafting;
			rebill(drafting, firstInvoice(plan), { unitMinor: firstLine(plan).unitMinor + 900n });
			return onFirst('T08', plan, 'billed 9.00 a unit above the order');
		}),
		...twice([3, 10], [9, 8], {}, ({ plan }) => {
			firstInvoice(plan).currency = 'GBP';
			return { planted: [onInvoice('T10', plan, firstInvoice(plan), 'invoiced in pounds')] };
		}),
		...twice([4, 14], [10, 13], {}, (drafting) => {
			const { plan } = drafting;
			need(firstInvoice(plan).lines[0]).taxMinor += 1_357n;
			repay(drafting);
			return onFirst('T11', plan, '13.57 too much tax');
		}),
		...twice([5, 12], [11, 10], {}, ({ plan }) => {
			const invoice = firstInvoice(plan);
			invoice.dueAt = invoice.issuedAt + 150 * DAY_MS;
			return { planted: [onInvoice('T38', plan, invoice, 'due after 150 days')] };
		}),
	];
}

function duplicates(): PlantedOrder[] {
	return [
		...twice([3, 17], [6, 16], { billing: 'advance' }, (drafting) => {
			const { plan } = drafting;
			const original = firstInvoice(plan);
			const copy = repeat(drafting, original, original.purchaseOrder);
			return {
				planted: [onInvoice('T12', plan, copy, `repeats ${original.invoiceId} under another number`)],
				consequences: [onInvoice('T12', plan, original, 'repeated'), ...overbilled(plan, copy)],
			};
		}),
		once('US', [8, 18], {}, ({ plan }) => {
			const invoice = firstInvoice(plan);
			invoice.numbering = { kind: 'lookalike', sign: '-' };
			return { planted: [onInvoice('T13', plan, invoice, 'number differs by a hyphen only')] };
		}),
		once('DE', [4, 21], {}, ({ plan }) => {
			const invoice = firstInvoice(plan);
			invoice.numbering = { kind: 'lookalike', sign: '.' };
			return { planted: [onInvoice('T13', plan, invoice, 'number differs by a dot only')] };
		}),
		once('US', [10, 20], { billing: 'on_shipment' }, (drafting) => {
			const { plan } = drafting;
			const copy = repeat(drafting, firstInvoice(plan), `PO-${plan.number}-B`);
			return {
				planted: [onInvoice('T13', plan, copy, 'bills a shipment a second time')],
				consequences: [
					...overbilled(plan, copy),
					onInvoice('T13', plan, firstInvoice(plan), 'billed again'),
					onOrder('T12', plan, 'same total, other purchase order'),
				],
			};
		}),
	];
}

function repeat(drafting: Drafting, original: InvoicePlan, purchaseOrder: string | null): InvoicePlan {
	const { plan, id } = drafting;
	const copy: InvoicePlan = {
		...original,
		invoiceId: id('INV', plan.invoices.length + 1),
		issuedAt: drafting.at(businessDay(dayOfInstant(original.issuedAt), 1), 200),
		lines: original.lines.map((line) => ({ ...line })),
		purchaseOrder,
	};
	plan.invoices.push(copy);
	return copy;
}

/** What billing a line twice brings along. */
const overbilled = (plan: OrderPlan, copy: InvoicePlan) => [
	answer('T02', plan.orderId, { invoice_id: copy.invoiceId, line_no: '1' }, 'more invoiced than shipped'),
	onLine('T05', plan, firstLine(plan), 'closed with more invoiced than ordered'),
	onLine('T09', plan, firstLine(plan), 'more invoiced than delivered'),
];

function numbers(): PlantedOrder[] {
	return [
		...twice([5, 19], [7, 21], {}, ({ plan, brief }) => {
			firstInvoice(plan).numbering = { kind: 'gap' };
			const keys = { entity_id: brief.entity.entityId, series: `${brief.entity.key}-INV` };
			return { planted: [answer('T14', null, keys, `the number before that of ${firstInvoice(plan).invoiceId} is missing`)] };
		}),
		...twice([9, 1], [11, 2], {}, ({ plan }) => {
			firstInvoice(plan).numbering = { kind: 'late', days: 20 };
			return { planted: [onInvoice('T15', plan, firstInvoice(plan), 'numbered twenty days after its date')] };
		}),
		// Sound orders whose invoices come in between, however small the company is.
		...twice([9, 14], [11, 13], {}, () => ({ planted: [] })),
	];
}
