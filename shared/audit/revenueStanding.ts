/** What revenue of a line still stands at a time, beside what its returns allow. */
import { absolute, maximum, minimum, QUANTITY_DECIMALS } from '#kernel';
import { amendedOrders, contractTransfers, justifiedRevenue, lineOrders, REVERSE, shippedMovements, signOf } from '#revenue';
import { inMoney, inTime, inUnits, keysOf, ref, refs } from './draft.ts';
import type { Ending } from './revenueEndings.ts';
import { lineCurrency, linePrice, lineText, type RevenueView } from './revenueView.ts';
import type { ExceptionDraft } from './types.ts';

/** What a line may have earned from an instant on. */
export interface Checkpoint {
	readonly ending: Ending;
	/** When the reversal had to be there. */
	readonly due: number;
	/** Quantity given back or cancelled by then, in millionths. */
	readonly undone: bigint;
}

/** Revenue of a line that stands by rising instants: a reversal counts from the earlier of its two clocks. */
export class StandingRevenue {
	readonly #events: readonly { readonly instant: number; readonly amount: bigint }[];
	#next = 0;
	#net = 0n;

	constructor(view: RevenueView, line: number) {
		const { book, recognisedAt, postedAt, amounts } = view;
		this.#events = Array.from(book.ofLine(line), (event) => {
			const kind = book.kinds[event] as number;
			const recognised = recognisedAt[event] as number;
			const instant = kind === REVERSE ? Math.min(recognised, postedAt[event] as number) : recognised;
			return { instant, amount: signOf(kind) * (amounts[event] as bigint) };
		}).sort((a, b) => a.instant - b.instant);
	}

	/** Number of revenue events. */
	get events(): number {
		return this.#events.length;
	}

	/** To be asked for rising instants. */
	by(instant: number): bigint {
		for (; this.#next < this.#events.length; this.#next++) {
			const event = this.#events[this.#next] as { readonly instant: number; readonly amount: bigint };
			if (!(event.instant <= instant)) break;
			this.#net += event.amount;
		}
		return this.#net;
	}
}

/** Millionths of a piece that half a minor unit of rounding is granted for. */
const TWO_PIECES = 2n * 10n ** BigInt(QUANTITY_DECIMALS);

export function excessAt(view: RevenueView, line: number, checkpoint: Checkpoint, instant: number, standing: StandingRevenue): bigint {
	const tolerance = BigInt(standing.events) + absolute(checkpoint.undone) / TWO_PIECES;
	const excess = standing.by(instant) - allowedAt(view, line, checkpoint, instant);
	return excess > tolerance ? excess : 0n;
}

/** What the quantity kept justifies: of what was transferred, no more than was shipped and not sent back. */
function allowedAt(
	{ population, links, ordered, allocated }: RevenueView,
	line: number,
	{ ending, undone }: Checkpoint,
	instant: number,
): bigint {
	const whole = ordered[line] as bigint;
	if (ending.kind === 'cancelled' || whole <= 0n) return 0n;
	const transferred = contractTransfers(population).movements.quantityBy(line, instant);
	const shipped = maximum(transferred, shippedMovements(population).movements.quantityBy(line, instant));
	const moved = amendedOrders(population).get(lineOrders(population)[line] as number)?.movedPrice ?? 0n;
	let allowed = 0n;
	for (const obligation of links.ofLine.rowsOf(line)) {
		const kept = links.overTime[obligation] === 1 ? whole - undone : minimum(transferred, shipped - undone);
		allowed += justifiedRevenue((allocated[obligation] as bigint) + moved, kept, whole);
	}
	return allowed;
}

export function stillStanding(
	view: RevenueView,
	line: number,
	checkpoint: Checkpoint,
	instant: number,
	net: bigint,
	excess: bigint,
): ExceptionDraft {
	const { population, book, ordered, links } = view;
	const { ending, undone } = checkpoint;
	const currency = lineCurrency(population, line);
	const what =
		ending.kind === 'cancelled'
			? `was cancelled at ${inTime(ending.instant)}`
			: `had ${inUnits(undone)} of ${inUnits(ordered[line] as bigint)} units returned by ${inTime(ending.instant)}`;
	return {
		orderId: population.table('sales_order_line').text('order_id', line),
		keys: keysOf(population, 'sales_order_line', line),
		amountMinor: excess,
		currency,
		reason: `${capital(lineText(population, line))} ${what}, and at ${inTime(instant)}${instant === population.asOf ? ' (as-of)' : ''} ${inMoney(net, currency)} of its ${inMoney(linePrice(view, line), currency)} still stands as revenue: ${inMoney(excess, currency)} was to be reversed by ${inTime(checkpoint.due)}.`,
		rows: [
			...refs('sales_order', [lineOrders(population)[line] as number]),
			ref('sales_order_line', line),
			...refs('order_event', [ending.event]),
			...refs('obligation', links.ofLine.rowsOf(line).subarray(0, 5)),
			...refs('revenue_event', book.ofLine(line).subarray(0, 30)),
		],
	};
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
