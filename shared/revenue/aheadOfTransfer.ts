/** Revenue recognised before the quantity it stands for was transferred: cut-off, cumulatively per obligation. */
import { minimum } from '#kernel';
import type { Population } from '#population';
import type { Movements } from './movements.ts';
import { obligationLinks } from './obligations.ts';
import { justifiedRevenue } from './proration.ts';
import { revenueBook, signOf } from './revenueBook.ts';

export interface AheadOfTransfer {
	/** Row of revenue_event. */
	readonly event: number;
	/** Net revenue of the obligation with all events of that instant. */
	readonly net: bigint;
	/** What the quantity transferred by then justified. */
	readonly justified: bigint;
	/** What of the event's amount was not. */
	readonly excess: bigint;
	/** Quantity transferred by then. */
	readonly transferred: bigint;
	/** The movement with which the revenue became justified, -1 where none has. */
	readonly movement: number;
}

/**
 * Recognise and reinstate events after which net revenue exceeds `price × moved ÷ ordered` by more than one minor unit a revenue
 * event so far. Once everything moved nothing is ahead of it any more: an excess then is over-recognition, not cut-off.
 * @param price the most the obligation can have been allocated, in minor units
 */
export function aheadOfTransfer(population: Population, obligation: number, movements: Movements, price: bigint): AheadOfTransfer[] {
	const book = revenueBook(population);
	const revenue = population.table('revenue_event');
	const instants = revenue.instants('recognised_at');
	const amounts = revenue.minors('amount_minor');
	const line = obligationLinks(population).line[obligation] as number;
	const ordered = population.table('sales_order_line').quantities('quantity')[line] as bigint;
	const events = book.ofObligation(obligation);
	const found: AheadOfTransfer[] = [];
	let net = 0n;
	for (let from = 0, to = 0; from < events.length; from = to) {
		const instant = instants[events[from] as number] as number;
		if (Number.isNaN(instant)) break;
		for (; to < events.length && instants[events[to] as number] === instant; to++)
			net += signOf(book.kinds[events[to] as number] as number) * (amounts[events[to] as number] as bigint);
		const transferred = movements.quantityBy(line, instant);
		if (transferred >= ordered) break;
		const justified = justifiedRevenue(price, transferred, ordered);
		const tolerance = BigInt(to);
		if (net <= justified + tolerance) continue;
		const movement = movements.reaching(line, quantityOf(net - tolerance, price, ordered));
		for (const event of events.subarray(from, to)) {
			const kind = book.kinds[event] as number;
			if (signOf(kind) <= 0n) continue;
			found.push({ event, net, justified, excess: minimum(amounts[event] as bigint, net - justified), transferred, movement });
		}
	}
	return found;
}

/** The least quantity that justifies an amount; never more than was ordered. */
function quantityOf(amount: bigint, price: bigint, ordered: bigint): bigint {
	if (price <= 0n || amount >= price) return ordered;
	return (amount * ordered + price - 1n) / price;
}
