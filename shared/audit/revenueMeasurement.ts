/** How much was recognised: T23 proration of partial transfers, T24 more than the price. */
import { absolute } from '#kernel';
import {
	amendedOrders,
	contractTransfers,
	justifiedRevenue,
	type Movements,
	NO_TERM,
	RECOGNISE,
	REINSTATE,
	REVERSE,
	signOf,
	TRANSFER_TERMS,
} from '#revenue';
import { inMoney, inTime, inUnits, keysOf, ref } from './draft.ts';
import {
	citeObligation,
	eventId,
	keyOf,
	lineText,
	OBLIGATION_NEEDS,
	OpenSubjects,
	obligationCurrency,
	REVENUE_COLUMNS,
	type RevenueView,
	revenueView,
	whyNotRecomputable,
} from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

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
function partialProration({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const { movements, term } = contractTransfers(population);
	const amended = amendedOrders(population);
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let obligation = 0; obligation < view.links.line.length; obligation++) {
		const line = view.links.line[obligation] as number;
		if (line < 0 || view.links.overTime[obligation] === 1 || term[line] === NO_TERM) continue;
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
	const contracts = population.table('contract');
	const contract = links.contract[obligation] as number;
	if (contract < 0 || contracts.flags('bill_and_hold')[contract] !== 1) return false;
	return new Set((contracts.text('bill_and_hold_criteria', contract) ?? '').split(',').map((met) => met.trim())).size >= 4;
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
	const term = TRANSFER_TERMS[contractTransfers(population).term[line] as number] ?? 'transfer';
	return {
		orderId: population.table('obligation').text('order_id', obligation),
		keys: { ...keysOf(population, 'sales_order_line', line), ...keyOf(population, 'revenue_event', 'revenue_id', wrong.event) },
		amountMinor: absolute(wrong.recognised - wrong.justified),
		currency,
		reason: `After revenue ${eventId(view, wrong.event)} of ${inTime(view.recognisedAt[wrong.event] as number)}, ${inMoney(wrong.recognised, currency)} is recognised for ${lineText(population, line)}; ${inUnits(wrong.transferred)} of ${inUnits(ordered[line] as bigint)} units had been transferred by ${term}, which of the allocated ${inMoney(allocated[obligation] as bigint, currency)} is ${inMoney(wrong.justified, currency)}.`,
		rows: citeObligation(view, obligation, movements, ref('revenue_event', wrong.event)),
	};
}

/** Reading: at as-of, over all revenue events of the obligation. Amendments of the order may have raised the price by their deltas. */
function overRecognised({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const { links, book, allocated, amounts } = view;
	const amended = amendedOrders(population);
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	for (let obligation = 0; obligation < links.line.length; obligation++) {
		const events = book.ofObligation(obligation);
		if (events.length === 0) continue;
		tested++;
		let net = 0n;
		for (const event of events) net += signOf(book.kinds[event] as number) * (amounts[event] as bigint);
		const price = allocated[obligation] as bigint;
		const limit = price + BigInt(events.length);
		if (net <= limit || net <= limit + (amended.get(links.order[obligation] as number)?.movedPrice ?? 0n)) continue;
		const currency = obligationCurrency(view, obligation);
		const obligations = population.table('obligation');
		const count = events.filter((event) => [RECOGNISE, REINSTATE].includes(book.kinds[event] as number)).length;
		exceptions.push({
			orderId: obligations.text('order_id', obligation),
			keys: keysOf(population, 'obligation', obligation),
			amountMinor: net - price,
			currency,
			reason: `Net revenue of obligation ${obligations.text('obligation_id', obligation)} (${lineText(population, links.line[obligation] as number)}) is ${inMoney(net, currency)} over ${count === 1 ? '1 recognition' : `${count} recognitions`} less reversals; only ${inMoney(price, currency)} of the price is allocated to it, ${inMoney(net - price, currency)} less.`,
			rows: citeObligation(view, obligation, null),
		});
	}
	return { tested, exceptions, open: 0 };
}

export const REVENUE_MEASUREMENT_TESTS: readonly AuditTest[] = [
	{
		id: 'T23',
		judgesByAbsence: true,
		version: 1,
		title: 'Partial delivery proration',
		severity: 'high',
		why: 'Where a line is transferred in parts, each part earns its share; anything else moves revenue between periods.',
		rule: 'After a recognise event of a line with partial transfers, cumulative revenue differs from allocated price × transferred ÷ ordered, rounded half up, by more than one minor unit a revenue event; the last transfer takes the rest. Reversals and reinstatements are set aside.',
		source: 'ASC 606-10-25-31',
		parameters: [],
		needs: [
			...OBLIGATION_NEEDS,
			{ table: 'contract', columns: ['contract_id', 'transfer_term'] },
			{ table: 'revenue_event', columns: REVENUE_COLUMNS },
			{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'shipped_at'] },
			{ table: 'order_event', columns: ['order_id', 'type', 'occurred_at'] },
		],
		mayRead: ['contract_amendment'],
		run: partialProration,
	},
	{
		id: 'T24',
		version: 1,
		title: 'Over-recognition',
		severity: 'critical',
		why: 'No obligation can earn more than the part of the price allocated to it.',
		rule: 'Recognised plus reinstated less reversed revenue of an obligation exceeds its allocated price by more than one minor unit a revenue event.',
		source: 'ASC 606-10-32-28',
		parameters: [],
		needs: [...OBLIGATION_NEEDS, { table: 'contract', columns: ['contract_id'] }, { table: 'revenue_event', columns: REVENUE_COLUMNS }],
		mayRead: ['contract_amendment'],
		run: overRecognised,
	},
];
