/** What the order list is narrowed by: chips that all must hold, and free text. Plain values, so that a view can be saved and linked. */
import { currencyExponent, parseDay, parseDecimal, parseInstant } from '#kernel';
import { ORDER_COLUMNS, type OrderColumn, type OrderColumnId, orderColumnTitle } from './ordersColumns.ts';

export type ChipOp =
	| 'is'
	| 'is_not'
	| 'at_least'
	| 'at_most'
	| 'between'
	| 'contains'
	| 'before'
	| 'after'
	| 'is_null'
	| 'is_not_null'
	| 'passes'
	| 'starts_with'
	| 'ends_with'
	| 'visits'
	| 'without'
	| 'variant';

/** The way an order went, which is no column. */
export type ChipColumn = OrderColumnId | 'path';

/**
 * One condition. `values` are keys of a text column, whole numbers, decimal amounts in major units ("1000.50", of each row's own currency),
 * days (`2026-03-31`, in UTC) or instants; of a path: states, [from, to] for `passes` ("" is the beginning), a variant in words.
 */
export interface FilterChip {
	readonly column: ChipColumn;
	readonly op: ChipOp;
	readonly values: readonly string[];
}

export interface OrderFilter {
	readonly chips: readonly FilterChip[];
	/** Anywhere in the order's number, its customer's name or id, or its region; without regard to case. */
	readonly text: string;
}

export const NO_FILTER: OrderFilter = { chips: [], text: '' };

const RANGE_OPS: readonly ChipOp[] = ['at_least', 'at_most', 'between', 'is', 'is_not', 'is_null', 'is_not_null'];

/** Which conditions a kind of column can have, the usual one first. */
export const CHIP_OPS: Readonly<Record<OrderColumn['kind'] | 'path', readonly ChipOp[]>> = {
	text: ['is', 'is_not', 'contains', 'is_null', 'is_not_null'],
	number: RANGE_OPS,
	amount: RANGE_OPS,
	instant: ['after', 'before', 'between', 'is_null', 'is_not_null'],
	path: ['passes', 'visits', 'without', 'starts_with', 'ends_with', 'variant'],
};

export const OP_WORDS: Readonly<Record<ChipOp, string>> = {
	is: 'is',
	is_not: 'is not',
	at_least: '≥',
	at_most: '≤',
	between: 'between',
	contains: 'contains',
	before: 'before',
	after: 'on or after',
	is_null: 'is empty',
	is_not_null: 'is not empty',
	passes: 'passes through',
	starts_with: 'starts with',
	ends_with: 'ends with',
	visits: 'visits',
	without: 'never visits',
	variant: 'is exactly',
};

const KINDS = new Map<string, OrderColumn['kind']>(ORDER_COLUMNS.map(({ id, kind }) => [id, kind]));

export const kindOf = (column: ChipColumn): OrderColumn['kind'] | 'path' => KINDS.get(column) ?? 'path';

/** How many values a condition takes: exactly one, exactly two, none, or one and more. */
const VALUE_COUNT: Readonly<Partial<Record<ChipOp, number>>> = {
	at_least: 1,
	at_most: 1,
	between: 2,
	contains: 1,
	before: 1,
	after: 1,
	is_null: 0,
	is_not_null: 0,
	passes: 2,
	variant: 1,
};

const VALUES_MAX = 10_000;
const CHIPS_MAX = 50;
const INTEGER = /^-?\d{1,15}$/;

/** Why a filter can't be used, as a sentence; null where it can. */
export function filterFault(filter: OrderFilter): string | null {
	if (filter.chips.length > CHIPS_MAX) return `A filter has at most ${CHIPS_MAX} conditions; remove some.`;
	for (const chip of filter.chips) {
		const fault = chipFault(chip);
		if (fault !== null) return fault;
	}
	return null;
}

export function chipFault({ column, op, values }: FilterChip): string | null {
	const title = column === 'path' ? 'Path' : orderColumnTitle(column);
	const kind = kindOf(column);
	if (!CHIP_OPS[kind].includes(op)) return `${title} can't be asked whether it “${OP_WORDS[op]}” something; choose another condition.`;
	const count = VALUE_COUNT[op];
	if (count === undefined ? values.length === 0 || values.length > VALUES_MAX : values.length !== count)
		return `The condition ${title} ${OP_WORDS[op]} needs ${count ?? 'at least one'} ${count === 1 ? 'value' : 'values'}, not ${values.length}.`;
	if (kind === 'text' || kind === 'path') return null;
	const bad = values.find((value) => !isReadable(kind, value));
	if (bad !== undefined) return `“${bad}” is no ${VALUE_WORDS[kind]}; the condition on ${title} can't be read.`;
	return null;
}

const VALUE_WORDS = { number: 'whole number', amount: 'amount such as 1000.50', instant: 'day such as 2026-03-31' } as const;

function isReadable(kind: 'number' | 'amount' | 'instant', value: string): boolean {
	if (kind === 'number') return INTEGER.test(value);
	if (kind === 'amount') return parseDecimal(value).ok;
	return instantOfText(value) !== null;
}

/** A day (its first instant in UTC) or an instant. */
export function instantOfText(text: string): number | null {
	const day = parseDay(text);
	if (day.ok) return day.value * 86_400_000;
	const instant = parseInstant(text);
	return instant.ok ? instant.value : null;
}

/**
 * An amount in major units as minor units of a currency.
 * @param rounding for a bound with more decimals than the currency has: the next minor unit up or down, so that no row changes sides
 */
export function minorsOfText(text: string, currency: string, rounding: 'up' | 'down'): bigint {
	const parsed = parseDecimal(text);
	if (!parsed.ok) return 0n;
	const { coefficient, scale } = parsed.value;
	const exponent = currencyExponent(currency);
	if (scale <= exponent) return coefficient * 10n ** BigInt(exponent - scale);
	const divisor = 10n ** BigInt(scale - exponent);
	const quotient = coefficient / divisor;
	const rest = coefficient % divisor;
	if (rest === 0n) return quotient;
	if (rounding === 'up') return rest > 0n ? quotient + 1n : quotient;
	return rest < 0n ? quotient - 1n : quotient;
}

/** A condition in words: "State is shipped", "Age, h ≥ 72". @param labelOf how a value of a text column reads */
export function describeChip({ column, op, values }: FilterChip, labelOf: (column: ChipColumn, value: string) => string = plain): string {
	const title = column === 'path' ? 'Path' : orderColumnTitle(column);
	if (op === 'is_null' || op === 'is_not_null') return `${title} ${OP_WORDS[op]}`;
	if (op === 'passes') return `${title} ${OP_WORDS[op]} ${values[0] === '' ? 'the beginning' : values[0]} → ${values[1]}`;
	if (op === 'between') return `${title} ${OP_WORDS[op]} ${values[0]} and ${values[1]}`;
	const shown = values.slice(0, 3).map((value) => labelOf(column, value));
	const more = values.length > 3 ? ` or ${values.length - 3} more` : '';
	return `${title} ${OP_WORDS[op]} ${shown.join(' or ')}${more}`;
}

const plain = (_: ChipColumn, value: string): string => value;

/** The whole filter as text: "State is shipped and Age, h ≥ 72"; "all orders" without one. */
export function describeFilter(filter: OrderFilter, labelOf?: (column: ChipColumn, value: string) => string): string {
	const parts = filter.chips.map((chip) => describeChip(chip, labelOf));
	if (filter.text.trim() !== '') parts.push(`any of number, customer and region contains “${filter.text.trim()}”`);
	return parts.length === 0 ? 'all orders' : parts.join(' and ');
}

/** The filter with a condition more; one on the same column with the same word is widened (`is`) or replaced. */
export function withChip(filter: OrderFilter, chip: FilterChip): OrderFilter {
	const at = filter.chips.findIndex((one) => one.column === chip.column && one.op === chip.op && chip.op !== 'passes');
	if (at < 0) return { ...filter, chips: [...filter.chips, chip] };
	const known = filter.chips[at];
	const merges = known !== undefined && (chip.op === 'is' || chip.op === 'is_not' || chip.op === 'without');
	const merged = merges ? { ...chip, values: [...new Set([...known.values, ...chip.values])] } : chip;
	return { ...filter, chips: filter.chips.map((one, i) => (i === at ? merged : one)) };
}

export const withoutChip = (filter: OrderFilter, at: number): OrderFilter => ({
	...filter,
	chips: filter.chips.filter((_, i) => i !== at),
});

export const isSameFilter = (a: OrderFilter, b: OrderFilter): boolean => JSON.stringify(a) === JSON.stringify(b);
