/**
 * The order list as columns: typed arrays by row, no object a row. What the list, its facets, statistics and map read, whether the columns
 * come from a population or are made up for a test.
 */
import { invariant, utf8 } from '#kernel';
import { type Codes, Dictionary } from '#population';

export type OrderColumnId =
	| 'order_id'
	| 'customer'
	| 'entity'
	| 'region'
	| 'state'
	| 'ordered_at'
	| 'month'
	| 'total'
	| 'currency'
	| 'events'
	| 'last_event_at'
	| 'age_hours'
	| 'schema_version'
	| 'chain'
	| 'exceptions'
	| 'severity'
	| 'holds'
	| 'disputes';

/** In the order in which the grid shows them. */
export const ORDER_COLUMNS: readonly { readonly id: OrderColumnId; readonly title: string; readonly kind: OrderColumn['kind'] }[] = [
	{ id: 'order_id', title: 'Order', kind: 'text' },
	{ id: 'customer', title: 'Customer', kind: 'text' },
	{ id: 'state', title: 'State', kind: 'text' },
	{ id: 'total', title: 'Amount', kind: 'amount' },
	{ id: 'currency', title: 'Currency', kind: 'text' },
	{ id: 'ordered_at', title: 'Ordered', kind: 'instant' },
	{ id: 'last_event_at', title: 'Last event', kind: 'instant' },
	{ id: 'age_hours', title: 'Age, h', kind: 'number' },
	{ id: 'chain', title: 'Chain', kind: 'text' },
	{ id: 'exceptions', title: 'Exceptions', kind: 'number' },
	{ id: 'severity', title: 'Worst severity', kind: 'text' },
	{ id: 'holds', title: 'Open holds', kind: 'number' },
	{ id: 'disputes', title: 'Open disputes', kind: 'number' },
	{ id: 'region', title: 'Region', kind: 'text' },
	{ id: 'entity', title: 'Entity', kind: 'text' },
	{ id: 'events', title: 'Events', kind: 'number' },
	{ id: 'schema_version', title: 'Schema version', kind: 'number' },
	{ id: 'month', title: 'Month ordered', kind: 'text' },
];

const TITLES = new Map(ORDER_COLUMNS.map(({ id, title }) => [id as string, title]));

export const orderColumnTitle = (id: OrderColumnId): string => TITLES.get(id) ?? id;

export const isOrderColumn = (text: string): text is OrderColumnId => TITLES.has(text);

/** The values of a text column by code. `key` is what filters name and drops write, `label` what people read and lists sort by. */
export interface Texts {
	readonly size: number;
	key(code: number): string;
	label(code: number): string;
	/** UTF-8 of the label; good until the next call. */
	bytes(code: number): Uint8Array;
	/** -1 where no row can have it. */
	codeOf(key: string): number;
	/** The codes already stand in the order of a scale, such as severities: lists sort by code. */
	readonly isScale: boolean;
}

export interface TextColumn {
	readonly kind: 'text';
	/** -1 is null. */
	readonly codes: Codes;
	readonly texts: Texts;
}

/** Whole numbers; NaN is null: not supplied, not known yet, or none found where lines were set aside. */
export interface NumberColumn {
	readonly kind: 'number';
	readonly values: Float64Array | Int32Array;
}

/** Epoch milliseconds; NaN is null. */
export interface InstantColumn {
	readonly kind: 'instant';
	readonly values: Float64Array;
}

/** Minor units of each row's own currency (the column `currency`): never summed over currencies. */
export interface AmountColumn {
	readonly kind: 'amount';
	readonly minors: BigInt64Array;
}

export type OrderColumn = TextColumn | NumberColumn | InstantColumn | AmountColumn;

/** Where each order went: its sequence of transitions, every distinct one kept once. */
export interface OrderPaths {
	/** By row: the number of its variant. */
	readonly variantOf: Int32Array;
	readonly variants: PathVariants;
	readonly states: Texts;
}

/** Sequences of transitions, flat. A transition is two state codes; a `from` of -1 is the beginning. */
export interface PathVariants {
	readonly size: number;
	/** Where a variant's transitions begin in `from` and `to`; one past the last: the end. */
	readonly starts: Int32Array;
	readonly from: Int32Array;
	readonly to: Int32Array;
}

export interface OrderTable {
	readonly rows: number;
	/** Epoch milliseconds: ages are told at this instant. */
	readonly asOf: number;
	readonly columns: Readonly<Record<OrderColumnId, OrderColumn>>;
	/** Null where no events were supplied. */
	readonly paths: OrderPaths | null;
	/** Distinct orders that events name and the sales orders lack. */
	readonly strangers: number;
}

export function textColumn(table: OrderTable, id: OrderColumnId): TextColumn {
	const column = table.columns[id];
	if (column.kind !== 'text') invariant(false, `${id} is a text column`);
	return column;
}

export function amountColumn(table: OrderTable): AmountColumn {
	const column = table.columns.total;
	if (column.kind !== 'amount') invariant(false, 'total is an amount');
	return column;
}

/** Every row, in file order. */
export function allRows(table: OrderTable): Int32Array {
	const rows = new Int32Array(table.rows);
	for (let row = 0; row < rows.length; row++) rows[row] = row;
	return rows;
}

/** A closed list of values, in the order given. */
export function textsOf(values: readonly (readonly [key: string, label: string])[], isScale = true): Texts {
	const codes = new Map(values.map(([key], code) => [key, code]));
	return {
		size: values.length,
		key: (code) => values[code]?.[0] ?? '',
		label: (code) => values[code]?.[1] ?? '',
		bytes: (code) => utf8(values[code]?.[1] ?? ''),
		codeOf: (key) => codes.get(key) ?? -1,
		isScale,
	};
}

/** The values of a dictionary of the population. @param labelOf where people read something else than the key */
export function textsOfDictionary(dictionary: Dictionary, labelOf?: (code: number) => string): Texts {
	return {
		get size() {
			return dictionary.size;
		},
		key: (code) => dictionary.text(code),
		label: labelOf ?? ((code) => dictionary.text(code)),
		bytes: labelOf ? (code) => utf8(labelOf(code)) : (code) => dictionary.bytes(code),
		codeOf: (key) => dictionary.codeOf(key),
		isScale: false,
	};
}

/** A column that was not supplied: null in every row. */
export const nullTexts = (rows: number): TextColumn => ({
	kind: 'text',
	codes: new Int8Array(rows).fill(-1),
	texts: textsOfDictionary(new Dictionary()),
});

export const nullNumbers = (rows: number): NumberColumn => ({ kind: 'number', values: new Float64Array(rows).fill(Number.NaN) });

export const nullInstants = (rows: number): InstantColumn => ({ kind: 'instant', values: new Float64Array(rows).fill(Number.NaN) });
