/** T25: is the transaction price allocated by relative stand-alone selling price? */
import { absolute } from '#kernel';
import type { Population } from '#population';
import { allocationShare, amendedOrders, isAllocationWithin } from '#revenue';
import { inMoney, keysOf, ref, refs } from './draft.ts';
import { OpenSubjects } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** A reading of "the price" for the obligations of an order. */
interface PriceReading {
	readonly price: bigint;
	/** Σ of the stand-alone prices it is spread over. */
	readonly standAlone: bigint;
	readonly words: string;
}

/** Σ of the stand-alone prices by contract code, for prices agreed for a whole contract. */
interface ContractSums {
	readonly standAlone: ReadonlyMap<number, bigint>;
	/** Number of orders by contract code. */
	readonly orders: ReadonlyMap<number, number>;
}

function contractSums(population: Population): ContractSums {
	const obligations = population.table('obligation');
	const prices = obligations.minors('ssp_minor');
	const contracts = obligations.codes('contract_id');
	const standAlone = new Map<number, bigint>();
	for (let row = 0; row < obligations.rows; row++) {
		const contract = contracts[row] as number;
		standAlone.set(contract, (standAlone.get(contract) ?? 0n) + (prices[row] as bigint));
	}
	const orders = new Map<number, number>();
	for (const contract of population.table('sales_order').codes('contract_id')) orders.set(contract, (orders.get(contract) ?? 0) + 1);
	return { standAlone, orders };
}

/**
 * Reading: the price is the order's total, the sum of its lines, or the contract's price (alone where the contract covers one order; spread
 * over all obligations of the contract where it covers several): an allocation that fits any of them throughout is right.
 * Otherwise the reading with the fewest misfits accuses. ε is one minor unit an obligation of the order. Orders that were amended are
 * open where nothing fits, since their allocation may lawfully have moved.
 */
function standAloneAllocation({ population, decimal }: AuditContext): Outcome {
	const obligations = population.table('obligation');
	const orders = population.table('sales_order');
	const byOrder = population.index('obligation', 'order_id');
	const orderIds = orders.codes('order_id');
	const standAlonePrices = obligations.minors('ssp_minor');
	const allocated = obligations.minors('allocated_minor');
	const percent = decimal('pct');
	const amended = amendedOrders(population);
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let order = 0; order < orders.rows; order++) {
		const rows = byOrder.rowsOf(orderIds[order] as number);
		if (rows.length === 0) continue;
		let standAlone = 0n;
		for (const row of rows) standAlone += standAlonePrices[row] as bigint;
		if (standAlone <= 0n) {
			open.add('obligation of orders without stand-alone selling prices', rows.length);
			continue;
		}
		tested += rows.length;
		const misfit = leastMisfits(
			priceReadings(population, order, standAlone),
			rows,
			(row, { price, standAlone: sum }) =>
				!isAllocationWithin(
					allocated[row] as bigint,
					allocationShare(price, standAlonePrices[row] as bigint, sum),
					BigInt(rows.length),
					percent,
				),
		);
		if (!misfit) continue;
		if (amended.has(order)) open.add('obligation of amended orders, whose price may have been allocated anew', misfit.rows.length);
		else for (const row of misfit.rows) exceptions.push(misallocated(population, order, row, misfit.reading));
	}
	return { tested, exceptions, ...open.outcome() };
}

/** The likeliest reading first. */
function priceReadings(population: Population, order: number, standAlone: bigint): PriceReading[] {
	const orders = population.table('sales_order');
	const lines = population.table('sales_order_line');
	const sums = population.derive(contractSums);
	const contractCode = orders.codes('contract_id')[order] as number;
	const contract = population.index('contract', 'contract_id').rowOf(contractCode);
	const total = orders.minors('total_minor')[order] as bigint;
	const readings: PriceReading[] = [{ price: total, standAlone, words: "the order's total" }];
	const amounts = lines.minors('amount_minor');
	let lineSum = 0n;
	for (const line of population.index('sales_order_line', 'order_id').rowsOf(orders.codes('order_id')[order] as number))
		lineSum += amounts[line] as bigint;
	if (lineSum !== total) readings.push({ price: lineSum, standAlone, words: "the sum of the order's lines" });
	if (contract < 0) return readings;
	const price = population.table('contract').minors('price_minor')[contract] as bigint;
	const isAlone = sums.orders.get(contractCode) === 1;
	if (isAlone) readings.unshift({ price, standAlone, words: "the contract's price" });
	else
		readings.push({
			price,
			standAlone: sums.standAlone.get(contractCode) ?? standAlone,
			words: "the contract's price over all its orders",
		});
	return readings;
}

function leastMisfits(
	readings: readonly PriceReading[],
	rows: Int32Array,
	isMisfit: (row: number, reading: PriceReading) => boolean,
): { readonly reading: PriceReading; readonly rows: Int32Array } | null {
	let least: { readonly reading: PriceReading; readonly rows: Int32Array } | null = null;
	for (const reading of readings) {
		if (reading.standAlone <= 0n) continue;
		const misfits = rows.filter((row) => isMisfit(row, reading));
		if (misfits.length === 0) return null;
		if (!least || misfits.length < least.rows.length) least = { reading, rows: misfits };
	}
	return least;
}

function misallocated(population: Population, order: number, row: number, { price, standAlone, words }: PriceReading): ExceptionDraft {
	const obligations = population.table('obligation');
	const orders = population.table('sales_order');
	const currency = orders.text('currency', order);
	const allocated = obligations.minors('allocated_minor')[row] as bigint;
	const own = obligations.minors('ssp_minor')[row] as bigint;
	const share = allocationShare(price, own, standAlone);
	const orderId = orders.text('order_id', order);
	const contract = population.index('contract', 'contract_id').rowOf(orders.codes('contract_id')[order] as number);
	return {
		orderId,
		keys: keysOf(population, 'obligation', row),
		amountMinor: absolute(allocated - share),
		currency,
		reason: `Obligation ${obligations.text('obligation_id', row)} (line ${obligations.text('line_id', row)} of order ${orderId}) is allocated ${inMoney(allocated, currency)}; its stand-alone price ${inMoney(own, currency)} of ${inMoney(standAlone, currency)} in all makes ${inMoney(share, currency)} of ${words}, ${inMoney(price, currency)}.`,
		rows: [
			ref('obligation', row),
			ref('sales_order', order),
			...refs('contract', [contract]),
			...refs(
				'obligation',
				population
					.index('obligation', 'order_id')
					.rowsOf(orders.codes('order_id')[order] as number)
					.subarray(0, 40),
			),
		],
	};
}

export const REVENUE_ALLOCATION_TESTS: readonly AuditTest[] = [
	{
		id: 'T25',
		judgesByAbsence: true,
		version: 1,
		title: 'SSP allocation',
		severity: 'high',
		why: 'Shifting price to what is delivered first accelerates revenue without changing a single invoice.',
		rule: 'The price allocated to an obligation differs from price × its stand-alone selling price ÷ the sum of those of its order by more than {pct} percent of that share, and by more than one minor unit an obligation of the order.',
		source: 'ASC 606-10-32-31',
		parameters: [
			{ name: 'pct', default: '0.5', unit: 'percent', doc: 'Deviation from the relative stand-alone share that is still in order.' },
		],
		needs: [
			{ table: 'obligation', columns: ['obligation_id', 'contract_id', 'order_id', 'line_id', 'ssp_minor', 'allocated_minor'] },
			{ table: 'sales_order', columns: ['order_id', 'contract_id', 'currency', 'total_minor'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'amount_minor'] },
			{ table: 'contract', columns: ['contract_id', 'price_minor'] },
		],
		mayRead: ['contract_amendment'],
		run: standAloneAllocation,
	},
];
