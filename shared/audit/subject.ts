/** What an exception's subject belongs to: its order, and the amount at risk with it. */
import { absolute, isTimeZone } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { orderOfInvoice } from './billingDraft.ts';
import { ledgerOf } from './ledger.ts';

/** The order, and its total as the amount at risk. */
export interface OrderStake {
	readonly orderId: string | null;
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
}

/** @param order code of the order id; an order that `sales_order` does not have is named without an amount */
export function stakeOf(population: Population, order: number): OrderStake {
	const orderId = order < 0 ? null : population.dictionary('order').text(order);
	const row = orderRow(population, order);
	if (row < 0) return { orderId, amountMinor: null, currency: null };
	const orders = population.table('sales_order');
	return { orderId, amountMinor: absolute(orders.minors('total_minor')[row] as bigint), currency: orders.text('currency', row) };
}

/** The row of an order in `sales_order`, or -1: unknown, or not supplied. */
export const orderRow = (population: Population, order: number): number =>
	population.has('sales_order') ? population.index('sales_order', 'order_id').rowOf(order) : -1;

/** The order a row of any table concerns, or null. */
export function orderOfRow(population: Population, name: TableName, row: number): string | null {
	const table = population.table(name);
	if (table.schema.columns.some((column) => column.name === 'order_id')) return table.text('order_id', row);
	switch (name) {
		case 'invoice':
			return orderOfInvoice(population, row);
		case 'payment': {
			if (!population.has('invoice')) return null;
			const invoice = population.index('invoice', 'invoice_id').rowOf(table.codes('invoice_id')[row] as number);
			return invoice < 0 ? null : orderOfInvoice(population, invoice);
		}
		case 'journal_line':
			return population.has('account') ? ledgerOf(population).orderOf(row) : null;
		default:
			return null;
	}
}

/** The columns a row's own amount may stand in, the first that its table has. */
const AMOUNTS = ['total_minor', 'amount_minor', 'price_minor', 'allocated_minor', 'debit_minor', 'delta_price_minor'];

/** The amount a row speaks of and its currency; a row without one stakes its order. */
export function stakeOfRow(population: Population, name: TableName, row: number): OrderStake {
	const table = population.table(name);
	const orderId = orderOfRow(population, name, row);
	const order = stakeOf(population, orderId === null ? -1 : population.dictionary('order').codeOf(orderId));
	const column = AMOUNTS.find((candidate) => table.schema.columns.some(({ name: known }) => known === candidate));
	if (!column || table.isNull(column, row)) return { ...order, orderId };
	const isOwn = table.schema.columns.some((candidate) => candidate.name === 'currency');
	const debit = absolute(table.minors(column)[row] as bigint);
	const amountMinor = name === 'journal_line' ? debit + absolute(table.minors('credit_minor')[row] as bigint) : debit;
	return { orderId, amountMinor, currency: isOwn ? table.text('currency', row) : order.currency };
}

/** Time zone of each entity by its code; null where it is unknown or unreadable. */
export function entityZones(population: Population): readonly (string | null)[] {
	return population.derive(readZones);
}

function readZones(population: Population): readonly (string | null)[] {
	const zones = new Array<string | null>(population.dictionary('entity').size).fill(null);
	if (!population.has('entity')) return zones;
	const entities = population.table('entity');
	const known = new Map<string, boolean>();
	for (let row = 0; row < entities.rows; row++) {
		const zone = entities.text('timezone', row) ?? '';
		if (!known.has(zone)) known.set(zone, isTimeZone(zone));
		if (known.get(zone)) zones[entities.codes('entity_id')[row] as number] = zone;
	}
	return zones;
}

/** The time zone of the entity that sells an order (code of its id), or null. */
export function zoneOfOrder(population: Population, order: number): string | null {
	const row = orderRow(population, order);
	if (row < 0) return null;
	return entityZones(population)[population.table('sales_order').codes('entity_id')[row] as number] ?? null;
}
