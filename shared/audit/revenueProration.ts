/** Revenue of partial transfers against the share of the price they stand for. T23. */
import { absolute } from '#kernel';
import { amendedOrders, contractTransfers, justifiedRevenue, type Movements, RECOGNISE, REVERSE, signOf, transferTermOf } from '#revenue';
import { missingCriteria } from './billAndHold.ts';
import { inMoney, inTime, inUnits, keysOf, ref } from './draft.ts';
import {
	citeObligation,
	eventId,
	keyOf,
	lineText,
	OpenSubjects,
	obligationCurrency,
	type RevenueView,
	revenueView,
	whyNotRecomputable,
} from './revenueView.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

/**
 * Running sums of an obligation's revenue. Lawful reversals are no proration errors, so three sums are kept, and agreement of any is
 * agreement: what was ever recognised, what stands net, and what was recognised and not wholly reversed since (rebookings).
 */
interface RunningRevenue {
	recognised: bigint;
	net: bigint;
	/** Recognise events that a reversal took back whole, as their sum. */
	takenBack: bigint;
}

function include({ book, amounts, population }: RevenueView, event: number, sums: RunningRevenue): void {
	const amount = amounts[event] as bigint;
	const kind = book.kinds[event] as number;
	sums.net += signOf(kind) * amount;
	if (kind === RECOGNISE) sums.recognised += amount;
	if (kind !== REVERSE) return;
	const original = population
		.index('revenue_event', 'revenue_id')
		.rowOf(population.table('revenue_event').codes('reverses_revenue_id')[event] as number);
	if (original >= 0 && amounts[original] === amount && book.kinds[original] === RECOGNISE) sums.takenBack += amount;
}

/** Whether a sum is what some number of transfers up to `end`, the first of them on, justifies. */
function agreesUpTo(view: RevenueView, obligation: number, movements: Movements, end: number, sum: bigint, tolerance: bigint): boolean {
	const line = view.links.line[obligation] as number;
	const price = view.allocated[obligation] as bigint;
	const ordered = view.ordered[line] as bigint;
	const isClose = (movement: number): boolean =>
		absolute(sum - justifiedRevenue(price, movements.before(line, movement), ordered)) <= tolerance;
	// Justified amounts rise with the movements: the first that comes within tolerance from below decides.
	let low = movements.startOf(line);
	let high = end;
	if (isClose(high)) return true;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (justifiedRevenue(price, movements.before(line, middle), ordered) + tolerance >= sum) high = middle;
		else low = middle + 1;
	}
	return isClose(low);
}

/**
 * Reading: after each recognise event, cumulative revenue must be what the transfers up to some instant not later than recognised_at justify (a
 * transfer not recognised yet is T03's, not a proration error); one minor unit a revenue event tolerated. Reversals and
 * reinstatements are no proration errors. Amended orders whose earlier allocation is not in the data are open where they disagree.
 */
export function partialProration({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const transfers = contractTransfers(population);
	const { movements } = transfers;
	const amended = amendedOrders(population);
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let obligation = 0; obligation < view.links.line.length; obligation++) {
		const line = view.links.line[obligation] as number;
		if (line < 0 || view.links.overTime[obligation] === 1 || transferTermOf(transfers, line) === null) continue;
		if (!isPartial(view, movements, line) || isSupportedBillAndHold(view, obligation)) continue;
		const unclear = whyNotRecomputable(view, obligation);
		if (unclear === null) tested++;
		else open.add(`obligation ${unclear}`);
		const wrong = unclear === null ? firstDisagreement(view, obligation, movements) : null;
		if (!wrong) continue;
		if (amended.has(view.links.order[obligation] as number))
			open.add('obligation of amended orders, whose allocation before the amendment is not in the data');
		else exceptions.push(misprorated(view, obligation, movements, wrong));
	}
	return { tested, exceptions, ...open.outcome() };
}

/** Transferred in several parts, or only in part so far. */
function isPartial({ ordered }: RevenueView, movements: Movements, line: number): boolean {
	const from = movements.startOf(line);
	const count = movements.endOf(line) - from;
	return count > 1 || (count === 1 && (movements.cumulative[from] as bigint) < (ordered[line] as bigint));
}

function isSupportedBillAndHold({ population, links }: RevenueView, obligation: number): boolean {
	const contract = links.contract[obligation] as number;
	if (contract < 0 || population.table('contract').flags('bill_and_hold')[contract] !== 1) return false;
	return missingCriteria(population, contract).length === 0;
}

interface Disagreement {
	readonly event: number;
	readonly recognised: bigint;
	readonly justified: bigint;
	readonly transferred: bigint;
}

function firstDisagreement(view: RevenueView, obligation: number, movements: Movements): Disagreement | null {
	const { links, book, recognisedAt, allocated, ordered } = view;
	const line = links.line[obligation] as number;
	const events = book.ofObligation(obligation);
	const sums: RunningRevenue = { recognised: 0n, net: 0n, takenBack: 0n };
	for (let from = 0, to = 0; from < events.length; from = to) {
		const instant = recognisedAt[events[from] as number] as number;
		if (Number.isNaN(instant)) break;
		let last = -1;
		for (; to < events.length && recognisedAt[events[to] as number] === instant; to++) {
			include(view, events[to] as number, sums);
			if (book.kinds[events[to] as number] === RECOGNISE) last = events[to] as number;
		}
		if (last < 0) continue;
		const end = movements.endBy(line, instant);
		const tolerance = BigInt(to);
		const candidates = [sums.recognised, sums.net, sums.recognised - sums.takenBack];
		if (candidates.some((sum) => agreesUpTo(view, obligation, movements, end, sum, tolerance))) continue;
		const transferred = movements.before(line, end);
		const justified = justifiedRevenue(allocated[obligation] as bigint, transferred, ordered[line] as bigint);
		return { event: last, recognised: sums.recognised - sums.takenBack, justified, transferred };
	}
	return null;
}

function misprorated(view: RevenueView, obligation: number, movements: Movements, wrong: Disagreement): ExceptionDraft {
	const { population, links, ordered, allocated } = view;
	const line = links.line[obligation] as number;
	const currency = obligationCurrency(view, obligation);
	const term = transferTermOf(contractTransfers(population), line) ?? 'transfer';
	return {
		orderId: population.table('obligation').text('order_id', obligation),
		keys: { ...keysOf(population, 'sales_order_line', line), ...keyOf(population, 'revenue_event', 'revenue_id', wrong.event) },
		amountMinor: absolute(wrong.recognised - wrong.justified),
		currency,
		reason: `After revenue ${eventId(view, wrong.event)} of ${inTime(view.recognisedAt[wrong.event] as number)}, ${inMoney(wrong.recognised, currency)} is recognised for ${lineText(population, line)}; ${inUnits(wrong.transferred)} of ${inUnits(ordered[line] as bigint)} units had been transferred by ${term}, which of the allocated ${inMoney(allocated[obligation] as bigint, currency)} is ${inMoney(wrong.justified, currency)}.`,
		rows: citeObligation(view, obligation, movements, ref('revenue_event', wrong.event)),
	};
}
