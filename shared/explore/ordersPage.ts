/** Rows as plain values for the grid, and selections as predicates: "all 48,211 matching but two" is three words, not a list. */
import type { Severity } from '#audit';
import { amountColumn, type InstantColumn, type NumberColumn, type OrderColumnId, type OrderTable, textColumn } from './ordersColumns.ts';
import type { ChainStatus } from './ordersFacts.ts';

export interface OrderRow {
	/** The row in the table: stable as long as the population is. */
	readonly row: number;
	readonly orderId: string;
	readonly customerId: string | null;
	readonly customer: string | null;
	readonly entity: string | null;
	readonly region: string | null;
	readonly state: string | null;
	/** Epoch milliseconds. */
	readonly orderedAt: number | null;
	/** Null where amount or currency was not supplied. */
	readonly totalMinor: bigint | null;
	readonly currency: string | null;
	readonly events: number | null;
	readonly lastEventAt: number | null;
	readonly ageHours: number | null;
	readonly schemaVersion: number | null;
	readonly chain: ChainStatus;
	/** Null before the first run of the tests. */
	readonly exceptions: number | null;
	readonly severity: Severity | null;
	readonly holds: number | null;
	readonly disputes: number | null;
}

/** Rows [from, to) of a sorted list. */
export function page(table: OrderTable, rows: Int32Array, from: number, to: number): OrderRow[] {
	return Array.from(rows.subarray(Math.max(0, from), Math.max(0, to)), (row) => rowOf(table, row));
}

export function rowOf(table: OrderTable, row: number): OrderRow {
	const key = (id: OrderColumnId): string | null => {
		const { codes, texts } = textColumn(table, id);
		const code = codes[row] as number;
		return code < 0 ? null : texts.key(code);
	};
	const number = (id: OrderColumnId): number | null => {
		const value = (table.columns[id] as NumberColumn | InstantColumn).values[row] as number;
		return Number.isNaN(value) ? null : value;
	};
	const customers = textColumn(table, 'customer');
	const customer = customers.codes[row] as number;
	const currency = key('currency');
	return {
		row,
		orderId: key('order_id') ?? '',
		customerId: key('customer'),
		customer: customer < 0 ? null : customers.texts.label(customer),
		entity: key('entity'),
		region: key('region'),
		state: key('state'),
		orderedAt: number('ordered_at'),
		totalMinor: currency === null ? null : (amountColumn(table).minors[row] as bigint),
		currency,
		events: number('events'),
		lastEventAt: number('last_event_at'),
		ageHours: number('age_hours'),
		schemaVersion: number('schema_version'),
		chain: (key('chain') ?? 'unproven') as ChainStatus,
		exceptions: number('exceptions'),
		severity: key('severity') as Severity | null,
		holds: number('holds'),
		disputes: number('disputes'),
	};
}

/** Of the rows at hand: all, all but some orders, or some orders. */
export type OrderSelection =
	| { readonly kind: 'all' }
	| { readonly kind: 'all_but'; readonly orderIds: readonly string[] }
	| { readonly kind: 'list'; readonly orderIds: readonly string[] };

/** The selected ones of these rows, in their order. */
export function selectedRows(table: OrderTable, rows: Int32Array, selection: OrderSelection): Int32Array {
	if (selection.kind === 'all') return rows;
	const { codes, texts } = textColumn(table, 'order_id');
	const named = new Uint8Array(texts.size);
	for (const id of selection.orderIds) {
		const code = texts.codeOf(id);
		if (code >= 0) named[code] = 1;
	}
	const keeps = selection.kind === 'list' ? 1 : 0;
	return rows.filter((row) => named[codes[row] as number] === keeps);
}

/** The place of an order among these rows, or -1. */
export function placeOf(table: OrderTable, rows: Int32Array, orderId: string): number {
	const { codes, texts } = textColumn(table, 'order_id');
	const code = texts.codeOf(orderId);
	return code < 0 ? -1 : rows.findIndex((row) => codes[row] === code);
}
