/** Tax of an invoice, computed anew. T11. */
import { absolute, type Decimal, parseDecimal, timesDecimal } from '#kernel';
import { counted } from './billingDraft.ts';
import { invoiceOfInvoiceLine } from './billingLines.ts';
import { inMoney, keysOf, ref, refs } from './draft.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

/** A tax is rounded to the minor unit once, so it may be off by one. */
const TAX_TOLERANCE = 1n;

/** A decimal fraction such as 0.19, or a percentage that says so; null for anything else, a tax code for one. */
function readRate(text: string): Decimal | null {
	const isPercent = text.endsWith('%');
	const parsed = parseDecimal(isPercent ? text.slice(0, -1).trimEnd() : text);
	if (!parsed.ok) return null;
	return isPercent ? { ...parsed.value, scale: parsed.value.scale + 2 } : parsed.value;
}

/** Reading: the rate is a decimal fraction, or a percentage with its sign. Lines without a rate have no tax to recompute. */
export function taxRecomputation({ population }: AuditContext): Outcome {
	const table = population.table('invoice_line');
	const invoices = population.table('invoice');
	const invoiceOf = population.derive(invoiceOfInvoiceLine);
	const rateCodes = table.codes('tax_rate');
	const amounts = table.minors('amount_minor');
	const taxes = table.minors('tax_minor');
	const rates = new Map<number, Decimal | null>();
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let open = 0;
	for (let row = 0; row < table.rows; row++) {
		const code = rateCodes[row] as number;
		if (code < 0) continue;
		tested++;
		let rate = rates.get(code);
		if (rate === undefined) {
			rate = readRate(table.dictionary('tax_rate').text(code));
			rates.set(code, rate);
		}
		if (rate === null) {
			open++;
			continue;
		}
		const expected = timesDecimal(amounts[row] as bigint, rate);
		const difference = absolute(expected - (taxes[row] as bigint));
		if (difference <= TAX_TOLERANCE) continue;
		const invoice = invoiceOf[row] as number;
		const currency = invoice < 0 ? null : invoices.text('currency', invoice);
		exceptions.push({
			orderId: table.text('order_id', row),
			keys: keysOf(population, 'invoice_line', row),
			amountMinor: difference,
			currency,
			reason: `Line ${table.cellText('line_no', row)} of invoice ${invoice < 0 ? table.text('invoice_id', row) : invoices.text('invoice_no', invoice)} taxes ${inMoney(amounts[row] as bigint, currency)} at the rate ${table.text('tax_rate', row)} with ${inMoney(taxes[row] as bigint, currency)}; recomputed it is ${inMoney(expected, currency)}.`,
			rows: [ref('invoice_line', row), ...refs('invoice', [invoice])],
		});
	}
	return {
		tested,
		exceptions,
		open,
		openWhy: `${counted(open, 'invoice line')} whose tax rate is neither a decimal fraction nor a percentage`,
	};
}
