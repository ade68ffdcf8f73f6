/** The vocabulary in which the schema table is written. */

/**
 * Wire types of a column. `minor` and `int` are 64-bit integers, `qty` a decimal string of at most six decimals; a `label` may be written
 * as a text or as a whole number, and is kept as its text.
 */
export type ColumnType = 'id' | 'text' | 'label' | 'int' | 'minor' | 'qty' | 'decimal' | 'ts' | 'date' | 'period' | 'bool' | 'cur' | 'sha';

/** A foreign key: the column's value must be found in `column` of `table`. */
export interface Reference {
	readonly table: TableName;
	readonly column: string;
}

export interface Column {
	readonly name: string;
	readonly type: ColumnType;
	readonly nullable: boolean;
	/** Closed list of values, where the contract has one. */
	readonly values?: readonly string[];
	readonly references?: Reference;
	/** Names of one kind of thing share a domain and so a dictionary: a join compares codes, not texts. */
	readonly domain: string;
	/** False for columns that are checked but not kept in memory: no test reads them, the raw line still shows them. */
	readonly held: boolean;
	readonly doc: string;
}

export interface Table {
	readonly name: TableName;
	readonly title: string;
	readonly primaryKey: readonly string[];
	readonly sealed: boolean;
	readonly columns: readonly Column[];
}

export const TABLE_NAMES = [
	'entity',
	'period',
	'account',
	'trial_balance',
	'user_account',
	'user_role',
	'customer',
	'product',
	'master_change',
	'contract',
	'contract_amendment',
	'obligation',
	'sales_order',
	'sales_order_line',
	'order_event',
	'state_transition',
	'shipment',
	'carrier_event',
	'document',
	'invoice',
	'invoice_line',
	'payment',
	'revenue_event',
	'approval',
	'hold',
	'dispute',
	'journal_line',
	'change_ticket',
	'feed_message',
	'fx_rate',
] as const;

export type TableName = (typeof TABLE_NAMES)[number];

export const isTableName = (name: string): name is TableName => (TABLE_NAMES as readonly string[]).includes(name);
