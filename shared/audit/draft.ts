/** What every test needs to draft an exception: the keys and references of rows, and amounts in words. */
import { absolute, formatInstant, formatMoney, formatQuantity } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import type { ExceptionDraft, RowRef } from './types.ts';

/** The primary key of a row, by column name. */
export function keysOf(population: Population, tableName: TableName, row: number): Record<string, string> {
	const table = population.table(tableName);
	return Object.fromEntries(table.schema.primaryKey.map((column) => [column, table.cellText(column, row) ?? '']));
}

export const ref = (table: TableName, row: number): RowRef => ({ table, row });

/** References to rows of one table; -1 (no such row) is left out. */
export const refs = (table: TableName, rows: Iterable<number>): RowRef[] =>
	[...rows].filter((row) => row >= 0).map((row) => ({ table, row }));

/** What an exception about a revenue event says of it, whatever is wrong with it: all of its amount is at risk. */
export function ofRevenueEvent(population: Population, row: number): Pick<ExceptionDraft, 'orderId' | 'keys' | 'amountMinor' | 'currency'> {
	const events = population.table('revenue_event');
	return {
		orderId: events.text('order_id', row),
		keys: keysOf(population, 'revenue_event', row),
		amountMinor: absolute(events.minors('amount_minor')[row] as bigint),
		currency: events.text('currency', row),
	};
}

/** An amount for a sentence: "1,234.56 USD"; without a known currency the bare minor units, said so. */
export const inMoney = (minor: bigint, currency: string | null): string =>
	currency ? formatMoney(minor, currency) : `${minor} minor units`;

export const inUnits = (quantity: bigint): string => formatQuantity(quantity);

/** An instant for a sentence: "2026-03-31 23:15 UTC". */
export const inTime = (instant: number): string =>
	Number.isNaN(instant) ? 'never' : `${formatInstant(instant).slice(0, 16).replace('T', ' ')} UTC`;
