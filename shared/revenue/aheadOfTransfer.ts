/** Revenue recognised before the quantity it stands for was transferred: cut-off, cumulatively per obligation. */
import { minimum } from '#kernel';
import type { Population } from '#population';
import type { Movements } from './movements.ts';
import { obligationLinks } from './obligations.ts';
import { justifiedRevenue } from './proration.ts';
import { type RevenueBook, revenueBook, signOf } from './revenueBook.ts';

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

/** Walks the revenue of obligations against the movements of their lines. */
export class CutOff {
	readonly #movements: Movements;
	readonly #book: RevenueBook;
	readonly #instants: Float64Array;
	readonly #amounts: BigInt64Array;
	readonly #lines: Int32Array;
	readonly #ordered: BigInt64Array;

	constructor(population: Population, movements: Movements) {
		const revenue = population.table('revenue_event');
		this.#movements = movements;
		this.#book = revenueBook(population);
		this.#instants = revenue.instants('recognised_at');
		this.#amounts = revenue.minors('amount_minor');
		this.#lines = obligationLinks(population).line;
		this.#ordered = population.table('sales_order_line').quantities('quantity');
	}

	/**
	 * Recognise and reinstate events of an obligation after which net revenue exceeds `price × moved ÷ ordered` by more than one minor
	 * unit a revenue event so far. Once everything moved nothing is ahead of it any more: an excess then is over-recognition, not cut-off.
	 * @param price the most the obligation can have been allocated, in minor units
	 */
	aheadOfTransfer(obligation: number, price: bigint): readonly AheadOfTransfer[] {
		const { rows } = this.#book.byObligation;
		const line = this.#lines[obligation] as number;
		const ordered = this.#ordered[line] as bigint;
		const start = this.#book.byObligation.startOf(obligation);
		const end = this.#book.byObligation.endOf(obligation);
		let found: AheadOfTransfer[] | null = null;
		let net = 0n;
		for (let from = start, to = start; from < end; from = to) {
			const instant = this.#instants[rows[from] as number] as number;
			if (Number.isNaN(instant)) break;
			const transferred = this.#movements.quantityBy(line, instant);
			if (transferred >= ordered) break;
			for (; to < end && this.#instants[rows[to] as number] === instant; to++)
				net += signOf(this.#book.kinds[rows[to] as number] as number) * (this.#amounts[rows[to] as number] as bigint);
			const justified = justifiedRevenue(price, transferred, ordered);
			const tolerance = BigInt(to - start);
			if (net <= justified + tolerance) continue;
			const movement = this.#movements.reaching(line, quantityOf(net - tolerance, price, ordered));
			found ??= [];
			for (const event of rows.subarray(from, to)) {
				if (signOf(this.#book.kinds[event] as number) <= 0n) continue;
				const excess = minimum(this.#amounts[event] as bigint, net - justified);
				found.push({ event, net, justified, excess, transferred, movement });
			}
		}
		return found ?? NOTHING_AHEAD;
	}
}

const NOTHING_AHEAD: readonly AheadOfTransfer[] = [];

/** The least quantity that justifies an amount; never more than was ordered. */
function quantityOf(amount: bigint, price: bigint, ordered: bigint): bigint {
	if (price <= 0n || amount >= price) return ordered;
	return (amount * ordered + price - 1n) / price;
}
