/** The wall of the order list: what the window may ask, checked value by value. */
import { z } from 'zod';
import { CHIP_OPS, type FilterChip, filterFault, isOrderColumn, type OrderFilter, type OrderSelection, type SortKey } from '#explore';
import { ok } from '#kernel';
import type { Answer } from './contract.ts';
import { refuse } from './vaultError.ts';

const TEXT_MAX = 100_000;
const VALUES_MAX = 10_000;
const KEYS_MAX = 10;
const IDS_MAX = 1_000_000;

const text = z.string().max(TEXT_MAX);
const column = z.custom<SortKey['column']>((value) => typeof value === 'string' && isOrderColumn(value));
const ops = new Set<unknown>(Object.values(CHIP_OPS).flat());

const chip = z.object({
	column: z.custom<FilterChip['column']>((value) => value === 'path' || (typeof value === 'string' && isOrderColumn(value))),
	op: z.custom<FilterChip['op']>((value) => ops.has(value)),
	values: z.array(text).max(VALUES_MAX),
});

const filterShape = z.object({ chips: z.array(chip), text });
const sortShape = z.array(z.object({ column, direction: z.enum(['asc', 'desc']) })).max(KEYS_MAX);
const columnsShape = z.array(column).min(1).max(50);
const ids = z.array(text).max(IDS_MAX);
const selectionShape = z.discriminatedUnion('kind', [
	z.object({ kind: z.literal('all') }),
	z.object({ kind: z.literal('all_but'), orderIds: ids }),
	z.object({ kind: z.literal('list'), orderIds: ids }),
]);

const unreadable = (what: string): Answer<never> =>
	refuse('invalid', `The ${what} can't be read. It may come from another version of this program; reset it.`);

function parsed<T>(shape: z.ZodType<T>, value: unknown, what: string): Answer<T> {
	const read = shape.safeParse(value);
	return read.success ? ok(read.data) : unreadable(what);
}

export function readFilter(value: unknown): Answer<OrderFilter> {
	const filter = parsed<OrderFilter>(filterShape, value, 'filter');
	if (!filter.ok) return filter;
	const fault = filterFault(filter.value);
	return fault === null ? filter : refuse('invalid', fault);
}

export const readSort = (value: unknown): Answer<readonly SortKey[]> => parsed<readonly SortKey[]>(sortShape, value, 'sort order');

export const readColumns = (value: unknown): Answer<readonly SortKey['column'][]> =>
	parsed<readonly SortKey['column'][]>(columnsShape, value, 'list of columns');

export const readColumn = (value: unknown): Answer<SortKey['column']> => parsed<SortKey['column']>(column, value, 'column');

export const readSelection = (value: unknown): Answer<OrderSelection> => parsed<OrderSelection>(selectionShape, value, 'selection');
