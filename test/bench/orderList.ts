/** The order list over a million rows: filter, facets, sort, profile; each against the same work over row objects, in the same run. */
import { facets, filterOrders, NO_FILTER, type OrderFilter, type OrderTable, page, profile, sortOrders, totals } from '#explore';
import { syntheticOrders } from '../shared/explore/syntheticOrders.ts';
import { inMs, type Measure, type Print, race, sizeFrom } from './measure.ts';

const FILTER: OrderFilter = {
	chips: [
		{ column: 'state', op: 'is', values: ['shipped'] },
		{ column: 'age_hours', op: 'at_least', values: ['72'] },
	],
	text: '',
};

const GOAL_FILTER_MS = 20;
const GOAL_SORT_MS = 1000;

interface PlainOrder {
	readonly orderId: string;
	readonly state: string | null;
	readonly region: string | null;
	readonly ageHours: number | null;
	readonly totalMinor: bigint | null;
	readonly currency: string | null;
	readonly orderedAt: number | null;
	readonly customer: string | null;
}

interface Task {
	readonly what: string;
	readonly own: () => unknown;
	readonly peer: (orders: readonly PlainOrder[]) => unknown;
	/** Milliseconds; null where none is set. */
	readonly goal: number | null;
}

export async function benchOrderList(print: Print): Promise<readonly Measure[]> {
	const rows = sizeFrom('TIEOUT_BENCH_ORDERS', 1_000_000);
	const rounds = sizeFrom('TIEOUT_BENCH_ROUNDS', 5);
	print(`  ${rows.toLocaleString('en')} synthetic orders`);
	const table = syntheticOrders(rows);
	const tasks = tasksOf(table, filterOrders(table, NO_FILTER));
	// Each contender alone in memory: a million objects make the other's garbage collections slow.
	const ours = await medians(
		tasks.map(({ own }) => own),
		rounds,
	);
	const objects: readonly PlainOrder[] = page(table, filterOrders(table, NO_FILTER), 0, rows);
	const kept = filterOrders(table, FILTER).length;
	if (kept !== objects.filter(isKept).length) throw new Error('columns and objects do not keep the same rows');
	const theirs = await medians(
		tasks.map(
			({ peer }) =>
				() =>
					peer(objects),
		),
		rounds,
	);
	return tasks.map(({ what, goal }, at) => {
		const [mine, other] = [ours[at] ?? Number.NaN, theirs[at] ?? Number.NaN];
		return {
			what: `order list: ${what} (row objects ${inMs(other)})`,
			measured: inMs(mine),
			ratio: mine / other,
			goal: goal === null ? '' : `≤ ${inMs(goal)}`,
			isMet: goal === null ? null : mine <= goal,
		};
	});
}

/** Of each work in turn; the first time is not counted. */
async function medians(works: readonly (() => unknown)[], rounds: number): Promise<number[]> {
	const found: number[] = [];
	for (const work of works) {
		work();
		found.push((await race([{ work }], rounds))[0]?.wall ?? Number.NaN);
	}
	return found;
}

const tasksOf = (table: OrderTable, all: Int32Array): Task[] => [
	{
		what: 'filter by two columns',
		own: () => filterOrders(table, FILTER),
		peer: (orders) => orders.filter(isKept),
		goal: GOAL_FILTER_MS,
	},
	{ what: 'counts by region', own: () => facets(table, NO_FILTER, ['region'], all), peer: countBy, goal: null },
	{ what: 'sums by currency', own: () => totals(table, all), peer: sumBy, goal: null },
	{
		what: 'sort all by amount, nothing kept',
		own: () => sortOrders({ ...table }, all, [{ column: 'total', direction: 'desc' }]),
		peer: (orders) => [...orders].sort((a, b) => compare(b.totalMinor, a.totalMinor)),
		goal: GOAL_SORT_MS,
	},
	{
		what: 'sort all by customer, then order, nothing kept',
		own: () => sortOrders({ ...table }, all, BY_CUSTOMER),
		peer: byCustomer,
		goal: GOAL_SORT_MS,
	},
	{ what: 'the same again, ranks kept', own: () => sortOrders(table, all, BY_CUSTOMER), peer: byCustomer, goal: null },
	{ what: 'profile of amounts', own: () => profile(table, all, 'total'), peer: sumBy, goal: null },
];

const byCustomer = (orders: readonly PlainOrder[]): PlainOrder[] =>
	[...orders].sort((a, b) => compare(a.customer, b.customer) || compare(a.orderId, b.orderId));

const BY_CUSTOMER = [
	{ column: 'customer', direction: 'asc' },
	{ column: 'order_id', direction: 'asc' },
] as const;

const isKept = ({ state, ageHours }: PlainOrder): boolean => state === 'shipped' && ageHours !== null && ageHours >= 72;

const compare = <T extends string | bigint | number>(a: T | null, b: T | null): number =>
	a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1;

function countBy(orders: readonly PlainOrder[]): Map<string | null, number> {
	const counts = new Map<string | null, number>();
	for (const { region } of orders) counts.set(region, (counts.get(region) ?? 0) + 1);
	return counts;
}

function sumBy(orders: readonly PlainOrder[]): Map<string | null, bigint> {
	const sums = new Map<string | null, bigint>();
	for (const { currency, totalMinor } of orders) sums.set(currency, (sums.get(currency) ?? 0n) + (totalMinor ?? 0n));
	return sums;
}
