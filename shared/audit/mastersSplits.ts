/** T50: one sale cut into orders that each stay below a limit. */
import { formatDuration, HOUR_MS } from '#kernel';
import type { Population } from '#population';
import { inMoney, inTime, keysOf, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Orders of one split that are cited and named. */
const CITED_MAX = 20;

/**
 * Reading: orders of one customer in one currency, whatever became of them; those within {hours} of the first are held together, and the
 * next one begins anew. The subject is the order that brings the sum above the limit, which counts in minor units of each currency.
 */
function splitBelowLimit({ population, number, decimal }: AuditContext): Outcome {
	const limit = BigInt(number('limit_minor'));
	if (limit === 0n) return { tested: 0, exceptions: [], open: 0, notTestable: 'the parameter limit_minor was not given' };
	const orders = population.table('sales_order');
	const totals = orders.minors('total_minor');
	const { coefficient, scale } = decimal('share');
	const isBelow = (row: number): boolean => {
		const total = totals[row] as bigint;
		return total < limit && total * 100n * 10n ** BigInt(scale) >= limit * coefficient;
	};
	const exceptions: ExceptionDraft[] = [];
	for (const rows of nearOrders(population, isBelow)) {
		for (const split of within(population, rows, number('hours') * HOUR_MS)) {
			const sum = split.reduce((all, row) => all + (totals[row] as bigint), 0n);
			if (sum > limit) exceptions.push(splitDraft(population, split, sum, limit));
		}
	}
	return { tested: orders.rows, exceptions, open: 0 };
}

/** The orders that pass `isWanted`, by customer and currency, each group as they were placed. */
function nearOrders(population: Population, isWanted: (row: number) => boolean): Iterable<number[]> {
	const orders = population.table('sales_order');
	const [customers, currencies] = [orders.codes('customer_id'), orders.codes('currency')];
	const placed = orders.instants('ordered_at');
	const groups = new Map<string, number[]>();
	for (let row = 0; row < orders.rows; row++) {
		if ((customers[row] as number) < 0 || Number.isNaN(placed[row] as number) || !isWanted(row)) continue;
		const key = `${customers[row]}/${currencies[row]}`;
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	for (const group of groups.values()) group.sort((a, b) => (placed[a] as number) - (placed[b] as number) || a - b);
	return groups.values();
}

/** Cuts orders into runs, each no longer than `span` from its first order to its last. */
function within(population: Population, rows: readonly number[], span: number): number[][] {
	const placed = population.table('sales_order').instants('ordered_at');
	const runs: number[][] = [];
	for (const row of rows) {
		const run = runs.at(-1);
		if (run && (placed[row] as number) - (placed[run[0] as number] as number) <= span) run.push(row);
		else runs.push([row]);
	}
	return runs;
}

function splitDraft(population: Population, split: readonly number[], sum: bigint, limit: bigint): ExceptionDraft {
	const orders = population.table('sales_order');
	const placed = orders.instants('ordered_at');
	const currency = orders.text('currency', split[0] as number);
	const subject = crossing(orders.minors('total_minor'), split, limit);
	const named = split.slice(0, CITED_MAX).map((row) => orders.text('order_id', row));
	const others = split.length > CITED_MAX ? ` and ${split.length - CITED_MAX} more` : '';
	const [first, last] = [placed[split[0] as number] as number, placed[split.at(-1) as number] as number];
	return {
		orderId: orders.text('order_id', subject),
		keys: keysOf(population, 'sales_order', subject),
		amountMinor: sum,
		currency,
		reason: `Customer ${orders.text('customer_id', subject)} placed ${split.length} orders within ${formatDuration(last - first)} from ${inTime(first)} on, each below the limit of ${inMoney(limit, currency)}, and ${inMoney(sum, currency)} together: ${named.join(', ')}${others}.`,
		rows: refs('sales_order', split.slice(0, CITED_MAX)),
	};
}

/** The order that brings the sum of those before it above the limit. */
function crossing(totals: BigInt64Array, split: readonly number[], limit: bigint): number {
	let sum = 0n;
	for (const row of split) {
		sum += totals[row] as bigint;
		if (sum > limit) return row;
	}
	return split.at(-1) as number;
}

export const SPLIT_TESTS: readonly AuditTest[] = [
	{
		id: 'T50',
		version: 1,
		title: 'Split below a limit',
		severity: 'high',
		source: 'AS 2401.61',
		why: 'What needs an approval above a limit is cut into orders that need none.',
		rule: 'Orders of a customer within {hours} hours, each at least {share} % of {limit_minor} and below it, are above it together. Without a limit it cannot be made.',
		parameters: [
			{ name: 'limit_minor', default: 0, unit: 'minor units', doc: "the limit, in minor units of the order's currency; 0: none given" },
			{ name: 'share', default: '90', unit: 'percent', doc: 'an order is just below the limit from this share of it on' },
			{ name: 'hours', default: 24, unit: 'hours', doc: 'from the first order to the last' },
		],
		needs: [{ table: 'sales_order', columns: ['order_id', 'customer_id', 'ordered_at', 'currency', 'total_minor'] }],
		run: splitBelowLimit,
	},
];
