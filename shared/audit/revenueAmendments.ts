/** What amendments concern. */
import type { Population } from '#population';

/** Rows of sales_order an amendment concerns: its own order, or all of its contract. */
export function ordersOfAmendment(population: Population, amendment: number): Int32Array {
	const amendments = population.table('contract_amendment');
	const order = amendments.codes('order_id')[amendment] as number;
	if (order >= 0) return population.index('sales_order', 'order_id').rowsOf(order);
	return population.index('sales_order', 'contract_id').rowsOf(amendments.codes('contract_id')[amendment] as number);
}

/** The order of an amendment: its own word, or the only one of its contract; else null. */
export function amendmentOrder(population: Population, amendment: number): string | null {
	const own = population.table('contract_amendment').text('order_id', amendment);
	if (own !== null) return own;
	const orders = ordersOfAmendment(population, amendment);
	return orders.length === 1 ? population.table('sales_order').text('order_id', orders[0] as number) : null;
}
