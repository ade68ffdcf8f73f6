import { TABLE_LIST } from './schema.ts';
import type { TableName } from './types.ts';

/** An edge of the reference graph. `columns` of `from` name a row of `to`, whose `targetColumns` they must equal. */
export interface ForeignKey {
	readonly from: TableName;
	readonly columns: readonly string[];
	readonly to: TableName;
	readonly targetColumns: readonly string[];
	readonly nullable: boolean;
}

/** Line references are pairs: a line id means nothing without its order. */
const ORDER_LINE_TABLES: readonly TableName[] = [
	'obligation',
	'order_event',
	'shipment',
	'invoice_line',
	'revenue_event',
	'hold',
	'dispute',
];

/** An account number means nothing without its entity. */
const ACCOUNT_TABLES: readonly TableName[] = ['trial_balance', 'journal_line'];

function orderLineKey(from: TableName): ForeignKey {
	const table = TABLE_LIST.find((candidate) => candidate.name === from);
	const nullable = table?.columns.find((column) => column.name === 'line_id')?.nullable ?? true;
	return { from, columns: ['order_id', 'line_id'], to: 'sales_order_line', targetColumns: ['order_id', 'line_id'], nullable };
}

/** The whole reference graph of the model, derived from the schema table. */
export const FOREIGN_KEYS: readonly ForeignKey[] = [
	...TABLE_LIST.flatMap((table) =>
		table.columns.flatMap(({ name, references, nullable }): ForeignKey[] =>
			references && references.table !== 'account'
				? [{ from: table.name, columns: [name], to: references.table, targetColumns: [references.column], nullable }]
				: [],
		),
	),
	...ORDER_LINE_TABLES.map(orderLineKey),
	...ACCOUNT_TABLES.map(
		(from): ForeignKey => ({
			from,
			columns: ['entity_id', 'account'],
			to: 'account',
			targetColumns: ['entity_id', 'account'],
			nullable: false,
		}),
	),
];
