/** Revenue recognised in a later period than control passed. T17. */
import { addBusinessDays, type WorkCalendar } from '#kernel';
import { amendedOrders, contractTransfers, justifiedRevenue, type Movements, RECOGNISE, transferTermOf } from '#revenue';
import { inMoney, inTime, keysOf, ref } from './draft.ts';
import { entitlement } from './revenueEntitlement.ts';
import {
	citeObligation,
	eventCurrency,
	eventId,
	isPointInTime,
	lineText,
	localMonth,
	monthText,
	OpenSubjects,
	periodMonths,
	RECOGNITION_DAYS,
	type RevenueView,
	revenueView,
	utcMonth,
	whyNotRecomputable,
} from './revenueView.ts';
import type { AuditContext, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: a `recognise` event stands for the earliest transfer not yet covered by earlier ones (first in, first out). It is late if its booked
 * period is later than that transfer's both in UTC and in the entity's zone, or recognised_at itself is a later month in both
 * and more than two business days on. A hold, a dispute or the contract's approval moves the transfer to its end; amended
 * orders are left out where the amendment lies between.
 */
export function lateRecognition({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const { movements } = contractTransfers(population);
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let obligation = 0; obligation < view.links.line.length; obligation++) {
		const line = view.links.line[obligation] as number;
		if (!isPointInTime(view, obligation)) continue;
		if (movements.startOf(line) === movements.endOf(line) || whyNotRecomputable(view, obligation) !== null) continue;
		tested += walkLate(view, obligation, movements, open, exceptions);
	}
	return { tested, exceptions, ...open.outcome() };
}

function walkLate(view: RevenueView, obligation: number, movements: Movements, open: OpenSubjects, exceptions: ExceptionDraft[]): number {
	const { population, links, book, recognisedAt, amounts, allocated, ordered } = view;
	const line = links.line[obligation] as number;
	const end = movements.endOf(line);
	const price = allocated[obligation] as bigint;
	const events = book.ofObligation(obligation);
	let movement = movements.startOf(line);
	let recognised = 0n;
	let tested = 0;
	for (let at = 0; at < events.length; at++) {
		const event = events[at] as number;
		if (book.kinds[event] !== RECOGNISE) continue;
		tested++;
		const covered = recognised + BigInt(at + 1);
		recognised += amounts[event] as bigint;
		while (movement < end && justifiedRevenue(price, movements.cumulative[movement] as bigint, ordered[line] as bigint) <= covered)
			movement++;
		if (movement === end) continue;
		const transferAt = movements.instants[movement] as number;
		if (!(transferAt <= (recognisedAt[event] as number)) || !mayBeLate(view, event, transferAt)) continue;
		const amended = amendedOrders(population).get(links.order[obligation] as number);
		if (amended && amended.firstEffective <= (recognisedAt[event] as number) && amended.lastEffective >= transferAt) continue;
		const entitled = entitlement(view, obligation, transferAt, RECOGNITION_DAYS);
		if (entitled.kind === 'unknown') open.add(entitled.why);
		if (entitled.kind === 'from' && isLate(view, event, entitled.instant, entitled.calendar))
			exceptions.push(late(view, obligation, movements, event, movement, entitled.instant));
	}
	return tested;
}

const bookedMonth = ({ population }: RevenueView, event: number): number =>
	periodMonths(population)[population.table('revenue_event').codes('period')[event] as number] ?? Number.NEGATIVE_INFINITY;

/** The quick look in UTC alone. */
function mayBeLate(view: RevenueView, event: number, transferAt: number): boolean {
	const month = utcMonth(transferAt);
	return bookedMonth(view, event) > month || utcMonth(view.recognisedAt[event] as number) > month;
}

function isLate(view: RevenueView, event: number, from: number, calendar: WorkCalendar): boolean {
	const recognisedAt = view.recognisedAt[event] as number;
	if (recognisedAt < from) return false;
	const booked = bookedMonth(view, event);
	if (booked > utcMonth(from) && booked > localMonth(from, calendar)) return true;
	const isLaterMonth = utcMonth(recognisedAt) > utcMonth(from) && localMonth(recognisedAt, calendar) > localMonth(from, calendar);
	return isLaterMonth && recognisedAt > addBusinessDays(from, RECOGNITION_DAYS, calendar);
}

function late(view: RevenueView, obligation: number, movements: Movements, event: number, movement: number, from: number): ExceptionDraft {
	const { population, links } = view;
	const revenue = population.table('revenue_event');
	const line = links.line[obligation] as number;
	const transferAt = movements.instants[movement] as number;
	const currency = eventCurrency(view, event);
	const term = transferTermOf(contractTransfers(population), line) ?? 'transfer';
	const freed = from > transferAt ? `, free to be recognised from ${inTime(from)}` : '';
	return {
		orderId: revenue.text('order_id', event),
		keys: keysOf(population, 'revenue_event', event),
		amountMinor: view.amounts[event] as bigint,
		currency,
		reason: `Revenue ${eventId(view, event)} of ${inMoney(view.amounts[event] as bigint, currency)} for ${lineText(population, line)} was recognised at ${inTime(view.recognisedAt[event] as number)} in period ${revenue.text('period', event)}, but the ${term} it stands for is of ${inTime(transferAt)}${freed}, period ${monthText(utcMonth(from))}.`,
		rows: citeObligation(
			view,
			obligation,
			movements,
			ref('revenue_event', event),
			ref(movements.sourceOf(movement), movements.rows[movement] as number),
		),
	};
}
