/** Whether the order lines in the drop still show the price an earlier shipment was made at. */
import type { Population } from '#population';
import { codeFor } from './billingLines.ts';

export type PriceRevision =
	/** The order was never amended, or only before that instant: the price shown is the one that was valid. */
	| 'shown'
	/** The order was amended later, or its revision does not say whether the lines shown are the amended ones. */
	| 'unknown';

/**
 * A drop holds one revision of an order line. Where the order was amended the price before that is not in the drop, so a difference
 * from the price shown proves nothing. Amendments that leave the price (delta 0) do not count.
 */
export class AmendmentHistory {
	readonly #population: Population;
	readonly #lastOf = new Map<number, number>();

	constructor(population: Population) {
		this.#population = population;
	}

	/** What is known of the prices of an order (row) for goods shipped at an instant. */
	revisionAt(order: number, shippedAt: number): PriceRevision {
		const last = this.#lastAmendment(order);
		if (last === null) return 'shown';
		const revision = this.#population.table('sales_order').integers('revision')[order] as number;
		return revision > 1 && shippedAt >= last ? 'shown' : 'unknown';
	}

	/** The instant of an order's last amendment; null where there is none. */
	#lastAmendment(order: number): number | null {
		const known = this.#lastOf.get(order);
		if (known !== undefined) return Number.isNaN(known) ? null : known;
		let last = Number.NaN;
		for (const at of this.#amendedAt(order)) if (!(last >= at)) last = at;
		this.#lastOf.set(order, last);
		return Number.isNaN(last) ? null : last;
	}

	*#amendedAt(order: number): Generator<number> {
		const population = this.#population;
		const orders = population.table('sales_order');
		const orderCode = orders.codes('order_id')[order] as number;
		if (population.has('contract_amendment')) {
			const amendments = population.table('contract_amendment');
			for (const row of population.index('contract_amendment', 'order_id').rowsOf(orderCode))
				if (amendments.minors('delta_price_minor')[row] !== 0n) yield amendments.instants('effective_at')[row] as number;
			const ofContract = population.derive(lastContractAmendment).get(orders.codes('contract_id')[order] as number);
			if (ofContract !== undefined) yield ofContract;
		}
		if (population.has('order_event')) {
			const events = population.table('order_event');
			const amended = codeFor(events, 'type', 'order.amended');
			for (const row of population.index('order_event', 'order_id').rowsOf(orderCode))
				if (events.codes('type')[row] === amended) yield events.instants('occurred_at')[row] as number;
		}
	}
}

/** By contract code, the last amendment of a price that names no order and so concerns them all. */
function lastContractAmendment(population: Population): ReadonlyMap<number, number> {
	const amendments = population.table('contract_amendment');
	const effectiveAt = amendments.instants('effective_at');
	const last = new Map<number, number>();
	for (let row = 0; row < amendments.rows; row++) {
		if ((amendments.codes('order_id')[row] as number) >= 0 || amendments.minors('delta_price_minor')[row] === 0n) continue;
		const contract = amendments.codes('contract_id')[row] as number;
		const known = last.get(contract);
		if (known === undefined || (effectiveAt[row] as number) > known) last.set(contract, effectiveAt[row] as number);
	}
	return last;
}
