/** Revenue after control passed: T03 transferred and not recognised in time, T17 recognised in a later period. */
import { addBusinessDays, HOUR_MS, maximum, minimum } from '#kernel';
import type { Population } from '#population';
import {
	amendedOrders,
	concededMovements,
	contractTransfers,
	justifiedRevenue,
	type Movements,
	RECOGNISE,
	returnedMovements,
	shippedMovements,
	transferTermOf,
} from '#revenue';
import { inMoney, inTime, inUnits, keysOf, ref } from './draft.ts';
import { entitlement } from './revenueEntitlement.ts';
import { lateRecognition } from './revenueLate.ts';
import {
	citeObligation,
	isPointInTime,
	lineText,
	OBLIGATION_NEEDS,
	OpenSubjects,
	obligationCurrency,
	RECOGNITION_DAYS,
	REVENUE_COLUMNS,
	type RevenueView,
	revenueView,
	whyNotRecomputable,
} from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: cumulatively per obligation. Revenue of kind `recognise` counts by recognised_at; what it falls short of allocated × transferred ÷
 * ordered after {days} has not been recognised. The days run from the end of a hold or dispute, and from the contract's approval; what
 * was returned, or conceded in a dispute, needs no revenue.
 */
function transferredNotRecognised({ population, number }: AuditContext): Outcome {
	const view = revenueView(population);
	const { movements, inferred } = contractTransfers(population);
	const days = number('days');
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let obligation = 0; obligation < view.links.line.length; obligation++) {
		const line = view.links.line[obligation] as number;
		if (!isPointInTime(view, obligation)) continue;
		if (inferred[line] !== 0 || movements.startOf(line) === movements.endOf(line)) continue;
		const unclear = whyNotRecomputable(view, obligation);
		if (unclear !== null) {
			open.add(`obligation ${unclear}`);
			continue;
		}
		tested++;
		const suspect = firstUnrecognised(view, obligation, movements, days);
		if (suspect >= 0) judgeUnrecognised(view, obligation, movements, suspect, { days, open, exceptions });
	}
	return { tested, exceptions, ...open.outcome() };
}

/** The quick look that nearly all lines pass: revenue within a time after each transfer that no business day undercuts. */
function firstUnrecognised(view: RevenueView, obligation: number, movements: Movements, days: number): number {
	const { links, book, allocated, ordered, recognisedAt, amounts } = view;
	const line = links.line[obligation] as number;
	const events = book.ofObligation(obligation);
	const leeway = days >= 1 ? SHORTEST_BUSINESS_DAY : 0;
	let recognised = 0n;
	let at = 0;
	for (let movement = movements.startOf(line); movement < movements.endOf(line); movement++) {
		const limit = (movements.instants[movement] as number) + leeway;
		for (; at < events.length && (recognisedAt[events[at] as number] as number) <= limit; at++)
			if (book.kinds[events[at] as number] === RECOGNISE) recognised += amounts[events[at] as number] as bigint;
		const justified = justifiedRevenue(allocated[obligation] as bigint, movements.cumulative[movement] as bigint, ordered[line] as bigint);
		if (recognised + BigInt(at + 1) < justified) return movement;
	}
	return -1;
}

/** A business day spans at least this, even over a clock change. */
const SHORTEST_BUSINESS_DAY = 20 * HOUR_MS;

interface Unrecognised {
	readonly days: number;
	readonly open: OpenSubjects;
	readonly exceptions: ExceptionDraft[];
}

/** Looks closely from the first suspect transfer on: one exception an obligation, at its first transfer that is overdue. */
function judgeUnrecognised(view: RevenueView, obligation: number, movements: Movements, suspect: number, found: Unrecognised): void {
	const { population, links, book, allocated, ordered, recognisedAt, amounts } = view;
	const line = links.line[obligation] as number;
	const amended = amendedOrders(population).get(links.order[obligation] as number);
	// Before an amendment the price may have been lower: only what is certain is demanded.
	const price = maximum(0n, (allocated[obligation] as bigint) - (amended?.movedPrice ?? 0n));
	const events = book.ofObligation(obligation);
	let recognised = 0n;
	let at = 0;
	for (let movement = suspect; movement < movements.endOf(line); movement++) {
		const entitled = entitlement(view, obligation, movements.instants[movement] as number, found.days);
		if (entitled.kind !== 'from') {
			found.open.add(entitled.why);
			return;
		}
		// Later transfers fall due later, so that one walk over the revenue events serves them all.
		const due = addBusinessDays(entitled.instant, found.days, entitled.calendar);
		for (; at < events.length && (recognisedAt[events[at] as number] as number) <= due; at++)
			if (book.kinds[events[at] as number] === RECOGNISE) recognised += amounts[events[at] as number] as bigint;
		const transferred = keptQuantity(population, line, movements.cumulative[movement] as bigint, due);
		const required = justifiedRevenue(price, transferred, ordered[line] as bigint);
		if (recognised + BigInt(at + 1) >= required) continue;
		if (due < population.asOf)
			found.exceptions.push(unrecognised(view, obligation, movements, movement, { due, required, recognised, transferred }));
		else found.open.add('transfer whose days have not run out at as-of');
		return;
	}
}

/** What of a transferred quantity was neither returned nor conceded by an instant. */
function keptQuantity(population: Population, line: number, transferred: bigint, instant: number): bigint {
	const shipped = maximum(transferred, shippedMovements(population).movements.quantityBy(line, instant));
	const kept = minimum(transferred, shipped - returnedMovements(population).quantityBy(line, instant));
	return maximum(0n, kept - concededMovements(population).quantityBy(line, instant));
}

function unrecognised(
	view: RevenueView,
	obligation: number,
	movements: Movements,
	movement: number,
	{ due, required, recognised, transferred }: { due: number; required: bigint; recognised: bigint; transferred: bigint },
): ExceptionDraft {
	const { population, links, book, recognisedAt } = view;
	const line = links.line[obligation] as number;
	const currency = obligationCurrency(view, obligation);
	const term = transferTermOf(contractTransfers(population), line) ?? 'transfer';
	const source = movements.sourceOf(movement);
	const row = movements.rows[movement] as number;
	const later = book.ofObligation(obligation).find((event) => book.kinds[event] === RECOGNISE && (recognisedAt[event] as number) > due);
	const since = later === undefined ? 'none since' : `the next only at ${inTime(recognisedAt[later] as number)}`;
	return {
		orderId: population.table('obligation').text('order_id', obligation),
		keys: { ...keysOf(population, 'sales_order_line', line), ...keysOf(population, source, row) },
		amountMinor: required - recognised,
		currency,
		reason: `Of ${lineText(population, line)}, ${inUnits(transferred)} of ${inUnits(view.ordered[line] as bigint)} units had been transferred with the ${term} of ${inTime(movements.instants[movement] as number)}, which justifies ${inMoney(required, currency)}; by ${inTime(due)} only ${inMoney(recognised, currency)} was recognised, ${since}.`,
		rows: citeObligation(view, obligation, movements, ref(source, row)),
	};
}

const DELAY_NEEDS = [
	...OBLIGATION_NEEDS,
	{ table: 'contract', columns: ['contract_id', 'transfer_term'] },
	{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'shipped_at'] },
	{ table: 'order_event', columns: ['order_id', 'type', 'occurred_at'] },
	{ table: 'entity', columns: ['entity_id', 'timezone', 'workdays', 'day_start', 'day_end'] },
] as const satisfies AuditTest['needs'];

export const REVENUE_DELAY_TESTS: readonly AuditTest[] = [
	{
		id: 'T03',
		judgesByAbsence: true,
		version: 1,
		title: 'Transferred, not recognised',
		severity: 'high',
		why: 'Once the customer has control the revenue is earned; leaving it out understates the period and can be saved for a worse one.',
		rule: 'Revenue recognised for an obligation within {days} business days of a transfer (shipment, delivery or acceptance, as the contract says) is less than allocated price × transferred ÷ ordered by more than one minor unit a revenue event, and the days have run out at as-of. The days start when a hold or dispute ends and when the contract is signed and approved; returned and conceded quantities need no revenue.',
		source: 'ASC 606-10-25-30',
		parameters: [
			{
				name: 'days',
				default: RECOGNITION_DAYS,
				unit: 'business days',
				doc: 'Business days of the entity between transfer and recognition that are in order.',
			},
		],
		needs: [...DELAY_NEEDS, { table: 'revenue_event', columns: REVENUE_COLUMNS }],
		mayRead: ['hold', 'dispute', 'contract_amendment'],
		run: transferredNotRecognised,
	},
	{
		id: 'T17',
		version: 1,
		title: 'Late recognition',
		severity: 'high',
		why: 'Revenue booked in a later period than its transfer understates one period and flatters the next.',
		rule: "The period of a recognise event is later than the period of the transfer it stands for, first in first out, both in UTC and in the entity's time zone. A hold, a dispute or the contract's own approval moves the transfer to its end.",
		source: 'ASC 606-10-25-30',
		parameters: [],
		needs: [...DELAY_NEEDS, { table: 'revenue_event', columns: [...REVENUE_COLUMNS, 'period'] }],
		mayRead: ['hold', 'dispute', 'contract_amendment'],
		run: lateRecognition,
	},
];
