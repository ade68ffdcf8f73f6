/** Why rows may be missing from the dossier of an order. */
import type { TableName } from '#model';
import type { OrderDossier } from './ordersDossier.ts';

/** Tables whose rows an order is led to by those of others: without the others none of them is found, though they may be there. */
const FOUND_BY: Readonly<Partial<Record<TableName, readonly TableName[]>>> = {
	customer: ['sales_order'],
	contract: ['sales_order'],
	invoice: ['invoice_line'],
	payment: ['invoice', 'invoice_line'],
	journal_line: ['revenue_event', 'invoice', 'invoice_line', 'payment'],
	approval: ['revenue_event', 'hold', 'invoice', 'invoice_line', 'sales_order'],
};

/** Why rows of a table may be missing from a dossier: tables that were not supplied, itself or one that leads to it, and lines set aside. */
export function lackingOf({ notSupplied, setAside }: OrderDossier, table: TableName): Pick<OrderDossier, 'notSupplied' | 'setAside'> {
	const tables = [table, ...(FOUND_BY[table] ?? [])];
	return {
		notSupplied: notSupplied.filter((name) => tables.includes(name)),
		setAside: setAside.filter((one) => tables.includes(one.table)),
	};
}
