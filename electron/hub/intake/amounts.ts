/** The revenue amount that a record concerns: what is at stake while it lies among the dead letters. Unknown stays unknown, never zero. */
import { isCurrency } from '#kernel';
import type { TableName } from '#model';
import type { RecordJson } from './checkRecord.ts';

export interface AmountConcerned {
	/** Minor units of the currency. */
	readonly minor: bigint;
	readonly currency: string;
}

/** The money column that says what a row is about. */
const AMOUNT_COLUMNS: Partial<Readonly<Record<TableName, string>>> = {
	revenue_event: 'amount_minor',
	invoice: 'total_minor',
	payment: 'amount_minor',
	sales_order: 'total_minor',
	sales_order_line: 'amount_minor',
	invoice_line: 'amount_minor',
	contract: 'price_minor',
	contract_amendment: 'delta_price_minor',
	obligation: 'allocated_minor',
	hold: 'amount_minor',
	dispute: 'amount_minor',
};

/**
 * The amount a record concerns. Read from the record where it names one, else the total of its order: an event that is missing
 * keeps the whole order's revenue from being told.
 * @param record may be faulty; what can't be read counts as not named
 * @param order total and currency of the record's order, null where the hub does not know it
 */
export function amountConcerned(table: TableName | null, record: RecordJson | null, order: AmountConcerned | null): AmountConcerned | null {
	const column = table === null ? undefined : AMOUNT_COLUMNS[table];
	const amount = column === undefined ? undefined : record?.[column];
	const named = record?.['currency'];
	const currency = typeof named === 'string' && isCurrency(named) ? named : (order?.currency ?? null);
	if (typeof amount === 'number' && Number.isSafeInteger(amount) && currency !== null) return { minor: BigInt(amount), currency };
	return order;
}

/** The order a record is about, where it names one. */
export function orderOf(record: RecordJson | null): string | null {
	const order = record?.['order_id'];
	return typeof order === 'string' && order !== '' && order.length <= 256 && !order.includes('\0') ? order.toWellFormed() : null;
}
