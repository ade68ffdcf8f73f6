/** T26: does over-time revenue follow progress? */
import { absolute, maximum } from '#kernel';
import { amendedOrders, companyProgress, justifiedRevenue, type ProgressReading, progressAt, RECOGNISE, signOf } from '#revenue';
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

/** What is wrong with an over-time obligation, at a revenue event where it first shows. */
interface ProgressFault {
	readonly event: number;
	readonly amount: bigint;
	readonly words: string;
}

/**
 * Reading: progress is the cumulative quantity of line.delivered, line.accepted or line.shipped events, or of shipments, ÷ ordered, whichever
 * explains most of the company's over-time revenue; where none explains a third of it, progress is not in the data, and only
 * revenue beyond 100 % of the price can be told. Otherwise cumulative recognise events must be progress × allocated within one minor unit
 * an event. One exception an obligation, at its first revenue event that is wrong.
 */
function overTimeProgress({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const { links, book } = view;
	const reading = companyProgress(population);
	const amended = amendedOrders(population);
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let obligation = 0; obligation < links.line.length; obligation++) {
		if (links.overTime[obligation] !== 1 || (links.line[obligation] as number) < 0) continue;
		if (!book.ofObligation(obligation).some((event) => book.kinds[event] === RECOGNISE)) continue;
		const unclear = whyNotRecomputable(view, obligation);
		if (unclear !== null) {
			open.add(`obligation ${unclear}`);
			continue;
		}
		tested++;
		const isAmended = amended.has(links.order[obligation] as number);
		const beyond = isAmended ? null : beyondPrice(view, obligation);
		const fault = beyond ?? (reading ? progressFault(view, reading, obligation) : null);
		if (fault && !isAmended) exceptions.push(draftOf(view, reading, obligation, fault));
		else if (fault) open.add('obligation of amended orders, whose price before the amendment is not in the data');
		else if (!hasProgress(reading, links.line[obligation] as number)) open.add('obligation without any record of progress');
	}
	return { tested, exceptions, ...open.outcome() };
}

function hasProgress(reading: ProgressReading | null, line: number): boolean {
	return reading !== null && reading.points.movements.startOf(line) < reading.points.movements.endOf(line);
}

/** Net revenue that passes 100 % of the price, whatever progress is measured by. */
function beyondPrice(view: RevenueView, obligation: number): ProgressFault | null {
	const { book, amounts, allocated } = view;
	const price = allocated[obligation] as bigint;
	let net = 0n;
	for (const [index, event] of book.ofObligation(obligation).entries()) {
		net += signOf(book.kinds[event] as number) * (amounts[event] as bigint);
		if (net <= price + BigInt(index + 1)) continue;
		const currency = obligationCurrency(view, obligation);
		return { event, amount: net - price, words: `${inMoney(net, currency)} is recognised, more than 100 % of the price` };
	}
	return null;
}

function progressFault(view: RevenueView, reading: ProgressReading, obligation: number): ProgressFault | null {
	const { population, links, book, amounts, allocated, ordered } = view;
	const line = links.line[obligation] as number;
	const whole = ordered[line] as bigint;
	const price = allocated[obligation] as bigint;
	const currency = obligationCurrency(view, obligation);
	// Lines on which nothing was ever measured are open, not wrong.
	if (!hasProgress(reading, line)) return null;
	let recognised = 0n;
	let before = 0n;
	for (const [index, event] of book.ofObligation(obligation).entries()) {
		if (book.kinds[event] !== RECOGNISE) continue;
		recognised += amounts[event] as bigint;
		const { done } = progressAt(population, reading, line, event);
		const of = `${inUnits(done)} of ${inUnits(whole)} units done (${reading.measure})`;
		if (done > whole) return { event, amount: maximum(0n, recognised - price), words: `progress passes 100 %: ${of}` };
		if (done < before)
			return {
				event,
				amount: amounts[event] as bigint,
				words: `progress falls from ${inUnits(before)} to ${inUnits(done)} of ${inUnits(whole)} units`,
			};
		before = done;
		const expected = justifiedRevenue(price, done, whole);
		if (absolute(recognised - expected) > BigInt(index + 1))
			return {
				event,
				amount: absolute(recognised - expected),
				words: `${inMoney(recognised, currency)} is recognised in all, with ${of}, which justify ${inMoney(expected, currency)}`,
			};
	}
	return fallingPoint(view, reading, obligation);
}

/** Progress recorded beyond the whole, or falling, between or after the revenue events. */
function fallingPoint(view: RevenueView, reading: ProgressReading, obligation: number): ProgressFault | null {
	const { movements, quantities } = reading.points;
	const line = view.links.line[obligation] as number;
	const whole = view.ordered[line] as bigint;
	const last = view.book.ofObligation(obligation).at(-1) as number;
	let before = 0n;
	for (let at = movements.startOf(line); at < movements.endOf(line); at++) {
		const done = (reading.form === 'steps' ? movements.cumulative[at] : quantities[at]) as bigint;
		const when = inTime(movements.instants[at] as number);
		if (done > whole)
			return { event: last, amount: 0n, words: `progress recorded at ${when} passes 100 %: ${inUnits(done)} of ${inUnits(whole)} units` };
		if (done < before)
			return { event: last, amount: 0n, words: `progress recorded at ${when} falls from ${inUnits(before)} to ${inUnits(done)} units` };
		before = done;
	}
	return null;
}

function draftOf(
	view: RevenueView,
	reading: ProgressReading | null,
	obligation: number,
	{ event, amount, words }: ProgressFault,
): ExceptionDraft {
	const { population, links, allocated } = view;
	const obligations = population.table('obligation');
	const currency = obligationCurrency(view, obligation);
	return {
		orderId: obligations.text('order_id', obligation),
		keys: { ...keysOf(population, 'obligation', obligation), ...keyOf(population, 'revenue_event', 'revenue_id', event) },
		amountMinor: amount,
		currency,
		reason: `Over-time obligation ${obligations.text('obligation_id', obligation)} (${lineText(population, links.line[obligation] as number)}, price ${inMoney(allocated[obligation] as bigint, currency)}), at revenue ${eventId(view, event)} of ${inTime(view.recognisedAt[event] as number)}: ${words}.`,
		rows: citeObligation(view, obligation, reading?.points.movements ?? null, ref('revenue_event', event)),
	};
}

export const REVENUE_PROGRESS_TESTS: readonly AuditTest[] = [
	{
		id: 'T26',
		judgesByAbsence: true,
		version: 1,
		title: 'Over-time progress',
		severity: 'high',
		why: 'Over-time revenue rests on a measure of progress alone; revenue that departs from it is not earned.',
		rule: "Cumulative revenue of an over-time obligation differs from its allocated price × progress by more than one minor unit a revenue event, or progress falls or passes 100 %. Progress is the line's cumulative quantity ÷ ordered, by the measure (line events or shipments) that explains most of the company's over-time revenue.",
		source: 'ASC 606-10-25-31',
		parameters: [],
		needs: [
			...OBLIGATION_NEEDS,
			{ table: 'contract', columns: ['contract_id'] },
			{ table: 'revenue_event', columns: REVENUE_COLUMNS },
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at'] },
		],
		mayRead: ['shipment', 'contract_amendment'],
		run: overTimeProgress,
	},
];
