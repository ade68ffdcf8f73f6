/** Filters that the bench of the list sets, and what has to be painted for each: found by the same rules in Node, over the same orders. */
import { type FilterChip, facets, filterOrders, type OrderFilter, type OrderTable, orderColumnTitle, page } from '#explore';

/** What stands in the page when a filter is painted. */
export interface Expected {
	readonly count: number;
	readonly firstOrder: string;
	/** The first counts of some facets, as they are written. */
	readonly facets: readonly { readonly title: string; readonly counts: readonly string[] }[];
}

/** Milliseconds from setting a filter to the frame that shows it. */
export interface Painted {
	readonly rows: number;
	readonly facets: number;
}

export interface Asked {
	readonly filter: OrderFilter;
	readonly expected: Expected;
}

const chip = (column: FilterChip['column'], op: FilterChip['op'], ...values: string[]): FilterChip => ({ column, op, values });

const STATES = ['booked', 'released', 'picking', 'shipped', 'delivered', 'closed', 'on_hold', 'cancelled'];

/** One condition, two, a text, a range: what people ask for, each another way so that nothing is answered from memory. */
const FILTERS: readonly OrderFilter[] = [
	...STATES.map((state) => ({ chips: [chip('state', 'is', state)], text: '' })),
	...STATES.slice(0, 5).map((state, at) => ({
		chips: [chip('state', 'is', state), chip('age_hours', 'at_least', String(72 + at))],
		text: '',
	})),
	...['north', 'south', 'east', 'west'].map((region) => ({
		chips: [chip('region', 'is', region), chip('currency', 'is', 'EUR')],
		text: '',
	})),
	...['EUR', 'USD', 'JPY', 'KWD'].map((currency) => ({ chips: [chip('currency', 'is_not', currency)], text: '' })),
	...['north', 'SO-00012', 'SO-0999', 'Customer 12', 'customer 99'].map((text) => ({ chips: [], text })),
	...['C7', 'C77', 'C777', 'C1777'].map((customer) => ({ chips: [chip('customer', 'is', customer)], text: '' })),
	...['0', '1000', '20000'].map((amount) => ({ chips: [chip('total', 'at_least', amount)], text: '' })),
	{ chips: [chip('exceptions', 'at_least', '1'), chip('state', 'is', 'delivered', 'closed')], text: '' },
	{ chips: [chip('severity', 'is', 'critical')], text: '' },
	{ chips: [chip('ordered_at', 'between', '2026-03-01', '2026-03-31')], text: '' },
	{ chips: [chip('chain', 'is', 'verified'), chip('region', 'is', 'export')], text: 'customer 1' },
];

const FACETS = ['region', 'currency', 'customer'] as const;
const FACET_COUNTS = 4;
const written = new Intl.NumberFormat('en-GB');

/** The filters that keep something, and another than the one before. */
export function askedOf(table: OrderTable): readonly Asked[] {
	const asked: Asked[] = [];
	for (const filter of FILTERS) {
		const kept = filterOrders(table, filter);
		const [first] = page(table, kept, 0, 1);
		if (!first || asked.at(-1)?.expected.count === kept.length) continue;
		const counts = facets(table, filter, FACETS, kept).map(({ column, values }) => ({
			title: orderColumnTitle(column),
			counts: values.slice(0, FACET_COUNTS).map(({ count }) => written.format(count)),
		}));
		asked.push({ filter, expected: { count: kept.length, firstOrder: first.orderId, facets: counts } });
	}
	return asked;
}
