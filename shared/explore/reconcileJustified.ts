/** How much revenue of a line its transfers justify, and how far rounding may be off. */
import { orderOfLine } from '#audit';
import { absolute, type Decimal, maximum, minimum, timesDecimal } from '#kernel';
import type { Population } from '#population';
import { concededMovements, contractTransfers, justifiedRevenue, obligationLinks, returnedMovements, shippedMovements } from '#revenue';
import { lineColumns } from './reconcileColumns.ts';
import { endedLines } from './reconcileGoods.ts';

/** Differences of amounts that count as agreement: the smaller of an amount and a share, never less than a minor unit a row. */
export interface Tolerance {
	/** Minor units. */
	readonly absoluteMinor: bigint;
	/** As a fraction: 0.1 percent is { coefficient: 1n, scale: 3 }. */
	readonly share: Decimal;
}

export const EXACT: Tolerance = { absoluteMinor: 0n, share: { coefficient: 0n, scale: 0 } };

/** min(amount, share × expected), or a minor unit a row where that is more. */
export const allowedDifference = ({ absoluteMinor, share }: Tolerance, expected: bigint, rows: number): bigint =>
	maximum(minimum(absoluteMinor, timesDecimal(absolute(expected), share)), BigInt(rows));

/** Minor units allocated to all obligations of each line; -1n where they are not the line's own. By row of sales_order_line. */
export function allocatedPrices(population: Population): bigint[] {
	const links = obligationLinks(population);
	const allocated = population.table('obligation').minors('allocated_minor');
	const prices = new Array<bigint>(population.table('sales_order_line').rows).fill(0n);
	const isShared = new Uint8Array(prices.length);
	for (let row = 0; row < links.line.length; row++) {
		const line = links.line[row] as number;
		if (line < 0) continue;
		prices[line] = (prices[line] as bigint) + (allocated[row] as bigint);
		if (links.severalLines[row] === 1 || (allocated[row] as bigint) < 0n) isShared[line] = 1;
	}
	return prices.map((price, line) => (isShared[line] === 1 || links.ofLine.countOf(line) === 0 ? -1n : price));
}

/** What a line may have kept of its transfers: goods conceded in a dispute may be the very goods that came back, or others. */
interface KeptQuantity {
	readonly most: bigint;
	readonly least: bigint;
}

function keptQuantity(population: Population, line: number): KeptQuantity {
	const transferred = contractTransfers(population).movements.total(line);
	const shipped = maximum(transferred, shippedMovements(population).movements.total(line));
	const returned = returnedMovements(population).total(line);
	const conceded = concededMovements(population).total(line);
	const kept = (undone: bigint): bigint => maximum(0n, minimum(transferred, shipped - undone));
	return { most: kept(maximum(returned, conceded)), least: maximum(0n, minimum(transferred, shipped - returned) - conceded) };
}

/** Net revenue that a line should have at as-of, in minor units; null where it cannot be recomputed from its transfers. */
export function justifiedOfLine(population: Population, line: number): bigint | null {
	const price = population.derive(allocatedPrices)[line] as bigint;
	const ordered = lineColumns(population).ordered[line] as bigint;
	if (price < 0n || ordered <= 0n || population.derive(overTimeLines)[line] === 1) return null;
	const { most, least } = keptQuantity(population, line);
	const net = lineColumns(population).recognisedMinor[line] as bigint;
	return nearest(net, justifiedRevenue(price, most, ordered), justifiedRevenue(price, least, ordered));
}

/** Of two lawful amounts the one that is nearer to what was found. */
const nearest = (found: bigint, a: bigint, b: bigint): bigint => (absolute(found - b) < absolute(found - a) ? b : a);

/** 1 for lines one of whose obligations is satisfied over time, by row of sales_order_line. */
export function overTimeLines(population: Population): Uint8Array {
	const links = obligationLinks(population);
	const flags = new Uint8Array(population.table('sales_order_line').rows);
	for (let row = 0; row < links.line.length; row++)
		if (links.overTime[row] === 1 && (links.line[row] as number) >= 0) flags[links.line[row] as number] = 1;
	return flags;
}

/** Whether an order ended without the line having to earn its price: cancelled, returned, or conceded. */
export const undone = (population: Population, line: number): boolean =>
	population.derive(endedLines)[line] === 2 ||
	returnedMovements(population).total(line) > 0n ||
	concededMovements(population).total(line) > 0n ||
	population.table('sales_order').text('state', population.derive(orderOfLine)[line] as number) === 'returned';
