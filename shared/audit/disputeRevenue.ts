/** What disputes do to revenue: T34 the part to be reversed, T35 reinstated or released without evidence. */
import { absolute, addBusinessDays, maximum, minimum, mulDivRoundHalfUp, QUANTITY_DECIMALS } from '#kernel';
import type { Population } from '#population';
import {
	calendarOfOrder,
	concededMovements,
	contractTransfers,
	justifiedRevenue,
	lineOrders,
	RECOGNISE,
	REVERSE,
	returnedMovements,
	shippedMovements,
} from '#revenue';
import { disputeDraft, disputeText } from './disputeDraft.ts';
import { inMoney, inTime, inUnits, ref, refs } from './draft.ts';
import {
	lineCurrency,
	linePrice,
	OBLIGATION_NEEDS,
	OpenSubjects,
	RECOGNITION_DAYS,
	REVENUE_COLUMNS,
	type RevenueView,
	revenueView,
} from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

const UNIT = 10n ** BigInt(QUANTITY_DECIMALS);
/** Revenue events of a line that are looked at for one dispute; beyond them the dispute is open. */
const EVENTS_MAX = 1000;

/** Row of the line a dispute is over: its own, or the only one of its order; -1 where that is not one line. */
function disputedLine(population: Population, dispute: number): number {
	const disputes = population.table('dispute');
	const order = disputes.codes('order_id')[dispute] as number;
	const line = disputes.codes('line_id')[dispute] as number;
	if (line >= 0) return population.pairIndex('sales_order_line', 'order_id', 'line_id').rowOf(order, line);
	const lines = population.index('sales_order_line', 'order_id').rowsOf(order);
	return lines.length === 1 ? (lines[0] as number) : -1;
}

/**
 * Reading: reversals less reinstatements of the line from logged_at on must be disputed_quantity × allocated ÷ ordered (or × the rounded unit
 * price). Where the line was also returned, disputed again or rebooked, it is enough that all its reversals sum to all those shares, or
 * that exactly one reversal is this one. Nothing needs reversing that was never recognised. A dispute closed less than two
 * business days before as-of is open.
 */
function partialReversal({ population }: AuditContext): Outcome {
	const view = revenueView(population);
	const disputes = population.table('dispute');
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let dispute = 0; dispute < disputes.rows; dispute++) {
		if (disputes.text('status', dispute) !== 'resolved_customer') continue;
		tested++;
		const line = disputedLine(population, dispute);
		const unclear = whyNotJudged(view, dispute, line);
		if (unclear !== null) {
			open.add(unclear);
			continue;
		}
		const reversal = reversalOf(view, dispute, line);
		if (isReversedRight(view, dispute, line, reversal)) continue;
		if (reversal.since < reversal.shares[0] && !hasHadTime(population, dispute, line))
			open.add('dispute closed less than two business days before as-of');
		else exceptions.push(reversedWrong(view, dispute, line, reversal));
	}
	return { tested, exceptions, ...open.outcome() };
}

function whyNotJudged(view: RevenueView, dispute: number, line: number): string | null {
	if (line < 0) return 'dispute over more than one line';
	if (view.population.table('dispute').isNull('disputed_quantity', dispute)) return 'dispute without a disputed quantity';
	if (view.links.ofLine.countOf(line) === 0) return 'dispute over a line without an obligation';
	if ((view.ordered[line] as bigint) <= 0n) return 'dispute over a line without quantity';
	return view.book.ofLine(line).length > EVENTS_MAX ? 'dispute over a line with very many revenue events' : null;
}

interface Reversal {
	/** The share to be reversed, by allocated ÷ ordered, and by the rounded unit price. */
	readonly shares: readonly [bigint, bigint];
	/** Reversed less reinstated from logged_at on. */
	readonly since: bigint;
	/** Reversed less reinstated ever. */
	readonly ever: bigint;
	/** Single reversals from logged_at on, as rows. */
	readonly reversals: readonly number[];
	readonly recognised: bigint;
	readonly tolerance: bigint;
}

function reversalOf(view: RevenueView, dispute: number, line: number): Reversal {
	const { population, book, amounts, recognisedAt, postedAt, ordered } = view;
	const disputes = population.table('dispute');
	const logged = disputes.instants('logged_at')[dispute] as number;
	const quantity = disputes.quantities('disputed_quantity')[dispute] as bigint;
	const price = linePrice(view, line);
	const whole = ordered[line] as bigint;
	const unitPrice = mulDivRoundHalfUp(price, UNIT, whole);
	let since = 0n;
	let ever = 0n;
	let recognised = 0n;
	let rows = 1n;
	const reversals: number[] = [];
	for (const event of book.ofLine(line)) {
		const amount = amounts[event] as bigint;
		if (book.kinds[event] === RECOGNISE) {
			recognised += amount;
			continue;
		}
		const signed = book.kinds[event] === REVERSE ? amount : -amount;
		ever += signed;
		rows++;
		// Later of its clocks: a reversal may be dated back to what it reverses, but it is posted after the dispute.
		if (!(Math.max(recognisedAt[event] as number, postedAt[event] as number) >= logged)) continue;
		since += signed;
		if (book.kinds[event] === REVERSE) reversals.push(event);
	}
	const shares = [justifiedRevenue(price, quantity, whole), mulDivRoundHalfUp(unitPrice, quantity, UNIT)] as const;
	return { shares, since, ever, reversals, recognised, tolerance: rows };
}

function isReversedRight(view: RevenueView, dispute: number, line: number, reversal: Reversal): boolean {
	const { population, amounts, ordered } = view;
	const { shares, since, ever, reversals, recognised, tolerance } = reversal;
	const isShare = (amount: bigint): boolean => shares.some((share) => absolute(amount - share) <= tolerance);
	if (isShare(since)) return true;
	const whole = ordered[line] as bigint;
	const price = linePrice(view, line);
	const conceded = concededMovements(population).total(line);
	const returned = returnedMovements(population).total(line);
	const quantity = population.table('dispute').quantities('disputed_quantity')[dispute] as bigint;
	const undone = justifiedRevenue(price, minimum(conceded + returned, whole), whole);
	if (absolute(ever - undone) <= tolerance) return true;
	// One reversal of several is this one: the others have causes of their own.
	if (reversals.length > 1 && reversals.filter((event) => isShare(amounts[event] as bigint)).length === 1) {
		if (conceded + returned > quantity || recognised > price) return true;
	}
	return since === 0n && recognised <= justifiedRevenue(price, keptQuantity(population, line, conceded + returned), whole) + tolerance;
}

/** Quantity of a line that was transferred, and neither returned nor conceded. */
function keptQuantity(population: Population, line: number, undone: bigint): bigint {
	const transferred = contractTransfers(population).movements.total(line);
	const shipped = maximum(transferred, shippedMovements(population).movements.total(line));
	return maximum(0n, minimum(transferred, shipped - undone));
}

function hasHadTime(population: Population, dispute: number, line: number): boolean {
	const closed = population.table('dispute').instants('closed_at')[dispute] as number;
	const calendar = population.has('entity') ? calendarOfOrder(population, lineOrders(population)[line] as number) : null;
	return !calendar || Number.isNaN(closed) || addBusinessDays(closed, RECOGNITION_DAYS, calendar) < population.asOf;
}

function reversedWrong(view: RevenueView, dispute: number, line: number, { shares, since }: Reversal): ExceptionDraft {
	const { population, links, book, ordered } = view;
	const disputes = population.table('dispute');
	const currency = lineCurrency(population, line);
	const quantity = disputes.quantities('disputed_quantity')[dispute] as bigint;
	return {
		...disputeDraft(population, dispute),
		amountMinor: absolute(shares[0] - since),
		currency,
		reason: `${disputeText(population, dispute)}, logged at ${inTime(disputes.instants('logged_at')[dispute] as number)}, was resolved for the customer over ${inUnits(quantity)} of ${inUnits(ordered[line] as bigint)} units: of the allocated ${inMoney(linePrice(view, line), currency)}, ${inMoney(shares[0], currency)} was to be reversed, and ${inMoney(since, currency)} was.`,
		rows: [
			ref('dispute', dispute),
			...refs('sales_order', [lineOrders(population)[line] as number]),
			ref('sales_order_line', line),
			...refs('obligation', links.ofLine.rowsOf(line).subarray(0, 5)),
			...refs('revenue_event', book.ofLine(line).subarray(0, 30)),
		],
	};
}

export const DISPUTE_REVENUE_TESTS: readonly AuditTest[] = [
	{
		id: 'T34',
		version: 1,
		title: 'Partial reversal wrong',
		severity: 'high',
		why: 'A dispute lost takes back the revenue of the disputed quantity, no less and no more.',
		rule: 'A dispute is resolved for the customer, and what was reversed of the line since it was logged, less what was reinstated, differs from disputed quantity × allocated unit price by more than one minor unit a row involved.',
		source: 'ASC 606-10-32-14',
		parameters: [],
		needs: [
			...OBLIGATION_NEEDS,
			{ table: 'contract', columns: ['contract_id', 'transfer_term'] },
			{ table: 'revenue_event', columns: [...REVENUE_COLUMNS, 'posted_at'] },
			{ table: 'dispute', columns: ['dispute_id', 'order_id', 'logged_at', 'status'] },
		],
		mayRead: ['shipment', 'order_event', 'entity'],
		run: partialReversal,
	},
];
