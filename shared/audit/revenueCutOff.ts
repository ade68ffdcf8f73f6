/** Revenue before control passed: T16 by the contract's own term, T28 bill-and-hold arrangements without their criteria. */
import type { Population } from '#population';
import {
	type AheadOfTransfer,
	amendedOrders,
	CutOff,
	contractTransfers,
	type Movements,
	RECOGNISE,
	REINSTATE,
	shippedMovements,
	type TransferTerm,
	transferTermOf,
} from '#revenue';
import { missingCriteria } from './billAndHold.ts';
import { inMoney, inTime, inUnits, keysOf, ref } from './draft.ts';
import {
	citeObligation,
	eventCurrency,
	eventId,
	isPointInTime,
	lineText,
	monthsOf,
	monthText,
	OBLIGATION_NEEDS,
	OpenSubjects,
	periodMonths,
	REVENUE_COLUMNS,
	type RevenueView,
	revenueView,
	whyNotRecomputable,
} from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** By contract row: 1 where it is bill-and-hold with all four criteria, 2 where it is without. */
function billAndHoldContracts(population: Population): Uint8Array {
	const flags = population.table('contract').flags('bill_and_hold');
	return flags.map((flag, contract) => (flag !== 1 ? 0 : missingCriteria(population, contract).length === 0 ? SUPPORTED : UNSUPPORTED));
}

const SUPPORTED = 1;
const UNSUPPORTED = 2;

/** The most an obligation can have been allocated at any time: amendments may since have lowered it. */
function highestPrice(view: RevenueView, obligation: number): bigint {
	const allocated = view.allocated[obligation] as bigint;
	const amended = amendedOrders(view.population).get(view.links.order[obligation] as number);
	return amended ? allocated + amended.movedPrice : allocated;
}

function positiveEvents({ book }: RevenueView, obligation: number): number {
	const { byObligation, kinds } = book;
	let count = 0;
	for (let at = byObligation.startOf(obligation); at < byObligation.endOf(obligation); at++)
		if (isPositive(kinds[byObligation.rows[at] as number] as number)) count++;
	return count;
}

const isPositive = (kind: number): boolean => kind === RECOGNISE || kind === REINSTATE;

/**
 * Reading: net revenue at each instant against what the quantity transferred up to it justifies, one minor unit a revenue event
 * tolerated. Over-time obligations are T26's; bill-and-hold with all four criteria passes control before shipment. Critical where the
 * booked period precedes the transfer's in UTC and in the entity's zone.
 */
function revenueBeforeTransfer({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const transfers = contractTransfers(population);
	const { movements } = transfers;
	const cutOff = new CutOff(population, movements);
	const billAndHold = population.derive(billAndHoldContracts);
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let obligation = 0; obligation < view.links.line.length; obligation++) {
		const term = transferTermOf(transfers, view.links.line[obligation] as number);
		if (term === null || !isPointInTime(view, obligation)) continue;
		if (billAndHold[view.links.contract[obligation] as number] === SUPPORTED) continue;
		const events = positiveEvents(view, obligation);
		const unclear = events === 0 ? null : whyNotRecomputable(view, obligation);
		if (unclear !== null) {
			open.add(`revenue event of obligations ${unclear}`, events);
			continue;
		}
		tested += events;
		for (const ahead of cutOff.aheadOfTransfer(obligation, highestPrice(view, obligation)))
			exceptions.push(beforeTransfer(view, obligation, ahead, movements, term));
	}
	open.add('revenue event that names neither a line nor an obligation', unplacedEvents(view));
	return { tested, exceptions, ...open.outcome() };
}

/** Recognise and reinstate events without any obligation to be measured by, of lines that exist: T76 and T79 report the others. */
function unplacedEvents({ population, book }: RevenueView): number {
	const revenue = population.table('revenue_event');
	const lines = revenue.codes('line_id');
	const obligations = revenue.codes('obligation_id');
	let count = 0;
	for (let event = 0; event < revenue.rows; event++)
		if ((book.obligation[event] as number) < 0 && (lines[event] as number) < 0 && (obligations[event] as number) < 0) count++;
	return count;
}

function beforeTransfer(
	view: RevenueView,
	obligation: number,
	ahead: AheadOfTransfer,
	movements: Movements,
	term: TransferTerm,
): ExceptionDraft {
	const { population, links } = view;
	const revenue = population.table('revenue_event');
	const currency = eventCurrency(view, ahead.event);
	const line = links.line[obligation] as number;
	const transferAt = ahead.movement < 0 ? population.asOf : (movements.instants[ahead.movement] as number);
	const months = monthsOf(population, links.order[obligation] as number, transferAt);
	const booked = periodMonths(population)[revenue.codes('period')[ahead.event] as number] ?? Number.POSITIVE_INFINITY;
	const crosses = months.every((month) => booked < month);
	const later =
		ahead.movement < 0
			? `no ${term} of the rest is recorded up to as-of ${inTime(population.asOf)}`
			: `the ${term} it stands for is of ${inTime(transferAt)} (period ${monthText(months.at(-1) as number)})`;
	return {
		orderId: revenue.text('order_id', ahead.event),
		keys: keysOf(population, 'revenue_event', ahead.event),
		amountMinor: ahead.excess,
		currency,
		reason: `Revenue ${eventId(view, ahead.event)} of ${inMoney(view.amounts[ahead.event] as bigint, currency)} for ${lineText(population, line)} was recognised at ${inTime(view.recognisedAt[ahead.event] as number)} (period ${revenue.text('period', ahead.event)}), which brought the line to ${inMoney(ahead.net, currency)}; ${inUnits(ahead.transferred)} of ${inUnits(view.ordered[line] as bigint)} units had been transferred, which justify ${inMoney(ahead.justified, currency)}, and ${later}.`,
		rows: citeObligation(view, obligation, movements, ref('revenue_event', ahead.event)),
		severity: crosses ? 'critical' : 'high',
	};
}

/** Reading: as T16, but against shipment whatever the term says, and only where bill-and-hold is claimed without all four criteria. */
function unsupportedBillAndHold({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const contracts = population.derive(billAndHoldContracts);
	let cutOff: CutOff | null = null;
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let obligation = 0; obligation < view.links.line.length; obligation++) {
		const contract = view.links.contract[obligation] as number;
		if (!isPointInTime(view, obligation) || contracts[contract] === 0) continue;
		const events = positiveEvents(view, obligation);
		const unclear = contracts[contract] === SUPPORTED || events === 0 ? null : whyNotRecomputable(view, obligation);
		if (unclear !== null) open.add(`revenue event of obligations ${unclear}`, events);
		else tested += events;
		if (unclear !== null || contracts[contract] === SUPPORTED) continue;
		// Only a claim without its criteria is measured, so that the shipments need not be cumulated for most drops.
		const { movements } = shippedMovements(population);
		cutOff ??= new CutOff(population, movements);
		const missing = missingCriteria(population, contract);
		for (const ahead of cutOff.aheadOfTransfer(obligation, highestPrice(view, obligation)))
			exceptions.push(unsupported(view, obligation, ahead, movements, missing));
	}
	return { tested, exceptions, ...open.outcome() };
}

function unsupported(
	view: RevenueView,
	obligation: number,
	ahead: AheadOfTransfer,
	movements: Movements,
	missing: readonly string[],
): ExceptionDraft {
	const { population, links } = view;
	const currency = eventCurrency(view, ahead.event);
	const contractId = population.table('contract').text('contract_id', links.contract[obligation] as number);
	const shipped =
		ahead.movement < 0 ? 'has not been shipped by as-of' : `was shipped only at ${inTime(movements.instants[ahead.movement] as number)}`;
	return {
		orderId: population.table('revenue_event').text('order_id', ahead.event),
		keys: keysOf(population, 'revenue_event', ahead.event),
		amountMinor: ahead.excess,
		currency,
		reason: `Revenue ${eventId(view, ahead.event)} of ${inMoney(view.amounts[ahead.event] as bigint, currency)} for ${lineText(population, links.line[obligation] as number)} was recognised at ${inTime(view.recognisedAt[ahead.event] as number)} as bill-and-hold, and the quantity it stands for ${shipped}; contract ${contractId} does not meet ${missing.length} of the four criteria: ${missing.join(', ')}.`,
		rows: citeObligation(view, obligation, movements, ref('revenue_event', ahead.event)),
	};
}

const CUT_OFF_NEEDS = [
	...OBLIGATION_NEEDS,
	{ table: 'contract', columns: ['contract_id', 'transfer_term', 'bill_and_hold', 'bill_and_hold_criteria'] },
	{ table: 'revenue_event', columns: [...REVENUE_COLUMNS, 'period'] },
	{ table: 'shipment', columns: ['shipment_id', 'order_id', 'line_id', 'quantity', 'shipped_at'] },
] as const satisfies AuditTest['needs'];

export const REVENUE_CUT_OFF_TESTS: readonly AuditTest[] = [
	{
		id: 'T16',
		judgesByAbsence: true,
		version: 1,
		title: 'Revenue before transfer (cut-off)',
		severity: 'high',
		why: 'Revenue booked before the customer has control is the classic overstatement, worst where it moves income into an earlier period.',
		rule: "Net revenue of an obligation, at the instant revenue is recognised for, exceeds allocated price × quantity transferred by then ÷ quantity ordered by more than one minor unit a revenue event; transfer is shipment, delivery or acceptance as the contract says. Critical where the booked period precedes the transfer's. Left out: over-time obligations, bill-and-hold with all four criteria.",
		source: 'ASC 606-10-25-30',
		parameters: [],
		needs: [...CUT_OFF_NEEDS, { table: 'order_event', columns: ['order_id', 'type', 'occurred_at'] }],
		mayRead: ['entity', 'contract_amendment'],
		run: revenueBeforeTransfer,
	},
	{
		id: 'T28',
		version: 1,
		title: 'Bill-and-hold unsupported',
		severity: 'critical',
		why: 'Revenue on goods still in the warehouse is only lawful when all four bill-and-hold criteria are met; it is a well-known fraud pattern.',
		rule: 'Revenue of a bill-and-hold contract is recognised before the shipment of the quantity it stands for, and the contract lacks one of the four criteria reason, identified, ready, no_redirect.',
		source: 'ASC 606-10-55-83',
		parameters: [],
		needs: CUT_OFF_NEEDS,
		mayRead: ['order_event', 'contract_amendment'],
		run: unsupportedBillAndHold,
	},
];
