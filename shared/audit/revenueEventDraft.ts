/** A revenue event as the subject of an exception. */
import type { Population } from '#population';
import { inMoney, keysOf } from './draft.ts';
import type { ExceptionDraft } from './types.ts';

/** 1 for revenue events that add revenue. */
export const addsRevenue = (population: Population): Uint8Array => {
	const revenue = population.table('revenue_event');
	const codes = ['recognise', 'reinstate'].map((kind) => revenue.dictionary('kind').codeOf(kind));
	return Uint8Array.from(revenue.codes('kind'), (code) => (code >= 0 && codes.includes(code) ? 1 : 0));
};

/** "Revenue REV-1 of 10.00 USD (recognise) for line 10 of order SO-1". */
export function eventText(population: Population, event: number): string {
	const revenue = population.table('revenue_event');
	const line = revenue.text('line_id', event);
	const amount = inMoney(revenue.minors('amount_minor')[event] as bigint, revenue.text('currency', event));
	const subject = `${line === null ? '' : `line ${line} of `}order ${revenue.text('order_id', event)}`;
	return `Revenue ${revenue.text('revenue_id', event)} of ${amount} (${revenue.text('kind', event)}) for ${subject}`;
}

export function draftOf(population: Population, event: number): Pick<ExceptionDraft, 'orderId' | 'keys' | 'amountMinor' | 'currency'> {
	const revenue = population.table('revenue_event');
	return {
		orderId: revenue.text('order_id', event),
		keys: keysOf(population, 'revenue_event', event),
		amountMinor: revenue.minors('amount_minor')[event] as bigint,
		currency: revenue.text('currency', event),
	};
}
