/** Which rows a filter keeps: one pass over the columns it names, each in a loop of its own over typed arrays. */
import { invariant, unreachable } from '#kernel';
import { compareHalves, type Halves, halvesOf, pairsOf } from './ordersAmounts.ts';
import { amountColumn, type OrderPaths, type OrderTable, type Texts, textColumn } from './ordersColumns.ts';
import { type FilterChip, filterFault, instantOfText, kindOf, minorsOfText, type OrderFilter } from './ordersFilter.ts';
import { firstState, lastState, passes, variantText, visits } from './ordersPaths.ts';
import { codesContaining } from './ordersSearch.ts';

/** Rows that fulfil the whole filter, in file order. The filter has to be readable: ask `filterFault` first. */
export function filterOrders(table: OrderTable, filter: OrderFilter): Int32Array {
	const fault = filterFault(filter);
	if (fault !== null) invariant(false, fault);
	let rows: Int32Array | null = null;
	for (const chip of filter.chips) rows = narrow(table, rows, chip);
	const needle = filter.text.trim();
	if (needle !== '') rows = narrowByText(table, rows, needle);
	return rows ?? everyRow(table.rows);
}

/** `rows` null: all of the table. */
function narrow(table: OrderTable, rows: Int32Array | null, chip: FilterChip): Int32Array {
	const { column } = chip;
	if (column === 'path') return narrowByPath(table, rows, chip);
	const cells = table.columns[column];
	switch (cells.kind) {
		case 'text':
			return keepCodes(table.rows, rows, cells.codes, keptCodes(cells.texts, chip));
		case 'number':
		case 'instant':
			return keepRange(table.rows, rows, cells.values, rangeOf(chip));
		case 'amount':
			return keepAmounts(table, rows, chip);
		default:
			return unreachable(cells);
	}
}

function everyRow(count: number): Int32Array {
	const rows = new Int32Array(count);
	for (let row = 0; row < count; row++) rows[row] = row;
	return rows;
}

/** 1 by code + 1 of a value to keep; slot 0 is null. */
function keptCodes(texts: Texts, { op, values }: FilterChip): Uint8Array {
	const isNegated = op === 'is_not';
	const keep = new Uint8Array(texts.size + 1);
	if (op === 'is_null' || op === 'is_not_null') {
		keep.fill(op === 'is_null' ? 0 : 1);
		keep[0] = op === 'is_null' ? 1 : 0;
		return keep;
	}
	if (op === 'contains') {
		keep.set(codesContaining(texts, values[0] ?? ''), 1);
		return keep;
	}
	// Who excludes a value keeps what is empty: it is not that value.
	keep.fill(isNegated ? 1 : 0);
	for (const value of values) {
		const code = texts.codeOf(value);
		if (code >= 0) keep[code + 1] = isNegated ? 0 : 1;
	}
	return keep;
}

function keepCodes(count: number, rows: Int32Array | null, codes: ArrayLike<number>, keep: Uint8Array): Int32Array {
	const kept = new Int32Array(rows ? rows.length : count);
	let size = 0;
	if (rows === null) {
		for (let row = 0; row < count; row++) {
			kept[size] = row;
			size += keep[(codes[row] as number) + 1] as number;
		}
	} else {
		for (let at = 0; at < rows.length; at++) {
			const row = rows[at] as number;
			kept[size] = row;
			size += keep[(codes[row] as number) + 1] as number;
		}
	}
	return kept.slice(0, size);
}

interface Range {
	readonly least: number;
	readonly most: number;
	readonly isNegated: boolean;
	readonly keepsNull: boolean;
}

const DAY_MS = 86_400_000;

function rangeOf({ column, op, values }: FilterChip): Range {
	const isInstant = kindOf(column) === 'instant';
	const value = (at: number): number => (isInstant ? (instantOfText(values[at] ?? '') ?? Number.NaN) : Number(values[at]));
	/** A day as an upper bound holds all of the day. */
	const until = (at: number): number => (isInstant && (values[at] ?? '').length === 10 ? value(at) + DAY_MS - 1 : value(at));
	const [least, most] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
	switch (op) {
		case 'is_null':
			return { least: 1, most: 0, isNegated: false, keepsNull: true };
		case 'is_not_null':
			return { least, most, isNegated: false, keepsNull: false };
		case 'at_least':
		case 'after':
			return { least: value(0), most, isNegated: false, keepsNull: false };
		case 'at_most':
			return { least, most: value(0), isNegated: false, keepsNull: false };
		case 'before':
			return { least, most: value(0) - 1, isNegated: false, keepsNull: false };
		case 'between':
			return { least: value(0), most: until(1), isNegated: false, keepsNull: false };
		default:
			return { least: value(0), most: value(0), isNegated: op === 'is_not', keepsNull: op === 'is_not' };
	}
}

function keepRange(count: number, rows: Int32Array | null, values: Float64Array | Int32Array, range: Range): Int32Array {
	const { least, most, isNegated, keepsNull } = range;
	const kept = new Int32Array(rows ? rows.length : count);
	let size = 0;
	const length = kept.length;
	for (let at = 0; at < length; at++) {
		const row = rows === null ? at : (rows[at] as number);
		const value = values[row] as number;
		kept[size] = row;
		// A null is neither within nor outside of anything.
		size += Number.isNaN(value) ? Number(keepsNull) : Number((value >= least && value <= most) !== isNegated);
	}
	return kept.slice(0, size);
}

/** The bound holds in each row's own currency; rows whose currency is not known fulfil no bound. */
function keepAmounts(table: OrderTable, rows: Int32Array | null, { op, values }: FilterChip): Int32Array {
	const { minors } = amountColumn(table);
	const { codes, texts } = textColumn(table, 'currency');
	if (op === 'is_null' || op === 'is_not_null') return keepCodes(table.rows, rows, codes, nullCodes(texts, op === 'is_null'));
	const least: (Halves | null)[] = [];
	const most: (Halves | null)[] = [];
	for (let code = 0; code < texts.size; code++) {
		const currency = texts.key(code);
		const [from, to] = [values[0] ?? '', values[op === 'between' ? 1 : 0] ?? ''];
		least.push(op === 'at_most' ? null : halvesOf(minorsOfText(from, currency, 'up')));
		most.push(op === 'at_least' ? null : halvesOf(minorsOfText(to, currency, 'down')));
	}
	const isNegated = op === 'is_not';
	const pairs = pairsOf(minors);
	const kept = new Int32Array(rows ? rows.length : table.rows);
	let size = 0;
	for (let at = 0; at < kept.length; at++) {
		const row = rows === null ? at : (rows[at] as number);
		const code = codes[row] as number;
		if (code < 0) continue;
		const [from, to] = [least[code], most[code]];
		const isWithin = (!from || compareHalves(pairs, row, from) >= 0) && (!to || compareHalves(pairs, row, to) <= 0);
		if (isWithin !== isNegated) kept[size++] = row;
	}
	return kept.slice(0, size);
}

function nullCodes(texts: Texts, isNull: boolean): Uint8Array {
	const keep = new Uint8Array(texts.size + 1).fill(isNull ? 0 : 1);
	keep[0] = isNull ? 1 : 0;
	return keep;
}

function narrowByPath(table: OrderTable, rows: Int32Array | null, chip: FilterChip): Int32Array {
	const { paths } = table;
	if (paths === null) return new Int32Array(0);
	return keepCodes(table.rows, rows, paths.variantOf, keptVariants(paths, chip));
}

/** 1 by variant + 1. */
function keptVariants({ variants, states }: OrderPaths, { op, values }: FilterChip): Uint8Array {
	const codes = values.map((value) => (value === '' ? -1 : states.codeOf(value)));
	// A state that never occurred is not the beginning.
	const isKnown = (at: number): boolean => values[at] === '' || (codes[at] as number) >= 0;
	const holds = (variant: number): boolean => {
		switch (op) {
			case 'passes':
				return isKnown(0) && isKnown(1) && passes(variants, variant, codes[0] as number, codes[1] as number);
			case 'starts_with':
				return codes.some((code) => code >= 0 && firstState(variants, variant) === code);
			case 'ends_with':
				return codes.some((code) => code >= 0 && lastState(variants, variant) === code);
			case 'visits':
				return codes.some((code) => code >= 0 && visits(variants, variant, code));
			case 'without':
				return !codes.some((code) => code >= 0 && visits(variants, variant, code));
			default:
				return variantText(variants, variant, states) === values[0];
		}
	};
	const keep = new Uint8Array(variants.size + 1);
	for (let variant = 0; variant < variants.size; variant++) keep[variant + 1] = holds(variant) ? 1 : 0;
	return keep;
}

function narrowByText(table: OrderTable, rows: Int32Array | null, needle: string): Int32Array {
	const columns = (['order_id', 'customer', 'region'] as const).map((id) => {
		const { codes, texts } = textColumn(table, id);
		return { codes, found: codesContaining(texts, needle) };
	});
	const kept = new Int32Array(rows ? rows.length : table.rows);
	let size = 0;
	for (let at = 0; at < kept.length; at++) {
		const row = rows === null ? at : (rows[at] as number);
		if (columns.some(({ codes, found }) => found[codes[row] as number] === 1)) kept[size++] = row;
	}
	return kept.slice(0, size);
}
