/** Every obligation with its order line, order and contract; every revenue event with its obligation and line. */
import { type Population, RowIndex } from '#population';

export const REVENUE_KINDS = ['recognise', 'reverse', 'reinstate'] as const;
export type RevenueKind = (typeof REVENUE_KINDS)[number];

export interface ObligationLinks {
	/** Row of sales_order_line by row of obligation, -1 where it resolves to none. */
	readonly line: Int32Array;
	/** Row of sales_order, -1 where unknown. */
	readonly order: Int32Array;
	/** Row of contract, the order's before the obligation's own, -1 where unknown. */
	readonly contract: Int32Array;
	/** 1 where control passes over time. */
	readonly overTime: Uint8Array;
	/** 1 where other order lines than its own name it too: what a part of it has earned cannot be told from one line's transfers. */
	readonly severalLines: Uint8Array;
	/** Rows of obligation by row of sales_order_line. */
	readonly ofLine: RowIndex;
}

/** The obligations of a population, joined. Needs obligation, sales_order_line, sales_order and contract. */
export const obligationLinks = (population: Population): ObligationLinks => population.derive(linkObligations);

function linkObligations(population: Population): ObligationLinks {
	const obligations = population.table('obligation');
	const lines = population.table('sales_order_line');
	const { rows } = obligations;
	const line = new Int32Array(rows);
	const order = new Int32Array(rows);
	const contract = new Int32Array(rows);
	const overTime = new Uint8Array(rows);
	const severalLines = new Uint8Array(rows);
	const orderIds = obligations.codes('order_id');
	const lineIds = obligations.codes('line_id');
	const ids = obligations.codes('obligation_id');
	const ownContracts = obligations.codes('contract_id');
	const methods = obligations.codes('method');
	const overTimeCode = population.dictionary('method').codeOf('over_time');
	const lineIndex = population.pairIndex('sales_order_line', 'order_id', 'line_id');
	const linesNaming = population.index('sales_order_line', 'obligation_id');
	const contractOfOrder = orderContracts(population);
	const contractIndex = population.index('contract', 'contract_id');
	const orderIndex = population.index('sales_order', 'order_id');
	const lineOrders = lines.codes('order_id');
	for (let row = 0; row < rows; row++) {
		const id = ids[row] as number;
		let orderId = orderIds[row] as number;
		const own = lineIndex.rowOf(orderId, lineIds[row] as number);
		line[row] = own >= 0 ? own : linesNaming.rowOf(id);
		if (own < 0 && (line[row] as number) >= 0 && orderId < 0) orderId = lineOrders[line[row] as number] as number;
		order[row] = orderIndex.rowOf(orderId);
		const ofOrder = (order[row] as number) < 0 ? -1 : (contractOfOrder[order[row] as number] as number);
		contract[row] = ofOrder >= 0 ? ofOrder : contractIndex.rowOf(ownContracts[row] as number);
		overTime[row] = overTimeCode >= 0 && methods[row] === overTimeCode ? 1 : 0;
		const naming = linesNaming.countOf(id);
		severalLines[row] = naming > 1 || (naming === 1 && linesNaming.rowOf(id) !== line[row]) ? 1 : 0;
	}
	return { line, order, contract, overTime, severalLines, ofLine: new RowIndex(line, lines.rows) };
}

/** Row of contract by row of sales_order, -1 where unknown. */
export const orderContracts = (population: Population): Int32Array => population.derive(joinContracts);

function joinContracts(population: Population): Int32Array {
	const index = population.index('contract', 'contract_id');
	return population
		.table('sales_order')
		.ids('contract_id')
		.map((code) => index.rowOf(code));
}

/** Row of sales_order by row of sales_order_line, -1 where unknown. */
export const lineOrders = (population: Population): Int32Array => population.derive(joinOrders);

function joinOrders(population: Population): Int32Array {
	const index = population.index('sales_order', 'order_id');
	return population
		.table('sales_order_line')
		.ids('order_id')
		.map((code) => index.rowOf(code));
}
