/** Numbers of invoices and credit memos: one series an entity and kind, no gaps, in the order of issue. */
import type { InvoicePlan, OrderPlan } from './orderPlan.ts';

export interface InvoiceNumber {
	readonly no: string;
	readonly series: string;
}

export class NumberSeries {
	private readonly last = new Map<string, number>();

	/** The next number for an invoice. Invoices must come in the order in which they are numbered. */
	next({ entity }: OrderPlan, { kind, numbering }: InvoicePlan): InvoiceNumber {
		const series = `${entity.key}-${kind === 'invoice' ? 'INV' : 'CM'}`;
		const base = kind === 'invoice' ? entity.invoiceNumberBase : entity.creditMemoNumberBase;
		const last = this.last.get(series) ?? base;
		// A look-alike repeats the number given last, with a sign in between.
		if (numbering?.kind === 'lookalike' && last > base) return { no: `${series}${numbering.sign}${last}`, series };
		const number = last + (numbering?.kind === 'gap' ? 2 : 1);
		this.last.set(series, number);
		return { no: `${series}${number}`, series };
	}
}
