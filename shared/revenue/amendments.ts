/** Which orders were amended, by how much at most, and over which time: what a recomputation must leave room for. */
import { absolute } from '#kernel';
import type { Population } from '#population';

export interface AmendedOrder {
	/** Rows of contract_amendment: the order's own, then those of its contract that name no order. Capped. */
	readonly rows: readonly number[];
	/** Σ|delta_price_minor|: no allocation can have moved by more. */
	readonly movedPrice: bigint;
	readonly firstEffective: number;
	readonly lastEffective: number;
}

const KEPT_ROWS_MAX = 20;

/** By row of sales_order, only those amended. Reads contract_amendment where supplied. */
export const amendedOrders = (population: Population): ReadonlyMap<number, AmendedOrder> => population.derive(collectAmendments);

interface Sum {
	rows: number[];
	movedPrice: bigint;
	firstEffective: number;
	lastEffective: number;
}

function collectAmendments(population: Population): ReadonlyMap<number, AmendedOrder> {
	const amended = new Map<number, AmendedOrder>();
	if (!population.has('contract_amendment')) return amended;
	const table = population.table('contract_amendment');
	const byOrder = new Map<number, Sum>();
	const byContract = new Map<number, Sum>();
	const orders = table.codes('order_id');
	const contracts = table.codes('contract_id');
	for (let row = 0; row < table.rows; row++) {
		const order = orders[row] as number;
		if (order >= 0) include(byOrder, order, population, row);
		else include(byContract, contracts[row] as number, population, row);
	}
	const orderIndex = population.index('sales_order', 'order_id');
	for (const [order, sum] of byOrder) {
		const row = orderIndex.rowOf(order);
		if (row >= 0) amended.set(row, sum);
	}
	for (const [contract, sum] of byContract) {
		for (const row of population.index('sales_order', 'contract_id').rowsOf(contract)) {
			const own = amended.get(row);
			amended.set(row, own ? merge([own, sum]) : sum);
		}
	}
	return amended;
}

function include(sums: Map<number, Sum>, key: number, population: Population, row: number): void {
	const table = population.table('contract_amendment');
	const effective = table.instants('effective_at')[row] as number;
	const delta = absolute(table.minors('delta_price_minor')[row] as bigint);
	const sum = sums.get(key);
	if (!sum) sums.set(key, { rows: [row], movedPrice: delta, firstEffective: effective, lastEffective: effective });
	else {
		if (sum.rows.length < KEPT_ROWS_MAX) sum.rows.push(row);
		sum.movedPrice += delta;
		if (effective < sum.firstEffective) sum.firstEffective = effective;
		if (effective > sum.lastEffective) sum.lastEffective = effective;
	}
}

const merge = (sums: readonly AmendedOrder[]): AmendedOrder => ({
	rows: sums.flatMap(({ rows }) => rows),
	movedPrice: sums.reduce((total, { movedPrice }) => total + movedPrice, 0n),
	firstEffective: Math.min(...sums.map(({ firstEffective }) => firstEffective)),
	lastEffective: Math.max(...sums.map(({ lastEffective }) => lastEffective)),
});
