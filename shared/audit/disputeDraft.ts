/** A dispute as the subject of an exception. */
import type { Population } from '#population';
import { keysOf } from './draft.ts';
import type { ExceptionDraft } from './types.ts';

/** Common parts of an exception about a dispute. */
export function disputeDraft(
	population: Population,
	dispute: number,
): Pick<ExceptionDraft, 'orderId' | 'keys' | 'amountMinor' | 'currency'> {
	const disputes = population.table('dispute');
	const hasAmount = !disputes.isNull('amount_minor', dispute);
	const order = orderOf(population, dispute);
	return {
		orderId: disputes.text('order_id', dispute),
		keys: keysOf(population, 'dispute', dispute),
		amountMinor: hasAmount ? (disputes.minors('amount_minor')[dispute] as bigint) : null,
		currency: hasAmount && order >= 0 ? population.table('sales_order').text('currency', order) : null,
	};
}

/** Row of sales_order of a dispute, -1 where unknown or not supplied. */
export const orderOf = (population: Population, dispute: number): number =>
	population.has('sales_order')
		? population.index('sales_order', 'order_id').rowOf(population.table('dispute').codes('order_id')[dispute] as number)
		: -1;

/** "Dispute D-1 on line 10 of order SO-1". */
export function disputeText(population: Population, dispute: number): string {
	const disputes = population.table('dispute');
	const line = disputes.text('line_id', dispute);
	return `Dispute ${disputes.text('dispute_id', dispute)} on ${line === null ? '' : `line ${line} of `}order ${disputes.text('order_id', dispute)}`;
}

export const isClosed = (population: Population, dispute: number): boolean => {
	const disputes = population.table('dispute');
	const status = disputes.text('status', dispute);
	return !Number.isNaN(disputes.instants('closed_at')[dispute] as number) || (status !== null && status !== 'open');
};
