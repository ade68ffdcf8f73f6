/** T19: revenue that stays on cancelled or returned lines. */
import { addBusinessDays } from '#kernel';
import { calendarOfOrder, lineOrders, type Movements, returnedMovements } from '#revenue';
import { type Ending, endedOrders } from './revenueEndings.ts';
import { type Checkpoint, excessAt, StandingRevenue, stillStanding } from './revenueStanding.ts';
import { OBLIGATION_NEEDS, OpenSubjects, RECOGNITION_DAYS, REVENUE_COLUMNS, type RevenueView, revenueView } from './revenueView.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: revenue that stands {days} business days after the event (reversals by the earlier of posted_at and recognised_at), or at as-of,
 * against allocated × quantity kept ÷ ordered. A cancelled order keeps nothing; of a returned quantity the share must be reversed; an order in state
 * `returned` without line.returned events came back whole. One minor unit a revenue event is tolerated, and half a unit
 * for each returned piece, since unit prices are rounded.
 */
function revenueOnReturned({ population, number }: AuditContext): Outcome {
	const view = revenueView(population);
	const ended = endedOrders(population);
	const returned = returnedMovements(population);
	const orderOf = lineOrders(population);
	const returnedByLine = ordersWithReturns(orderOf, returned);
	const days = number('days');
	const exceptions: ExceptionDraft[] = [];
	const open = new OpenSubjects();
	let tested = 0;
	for (let line = 0; line < orderOf.length; line++) {
		const order = orderOf[line] as number;
		const ending = ended.lines.get(line) ?? (order < 0 ? undefined : ended.orders.get(order));
		const whole = ending?.kind === 'returned' && returnedByLine.has(order) ? undefined : ending;
		if (order < 0 || (whole === undefined && returned.startOf(line) === returned.endOf(line))) continue;
		tested++;
		if (view.book.ofLine(line).length === 0) continue;
		const calendar = calendarOfOrder(population, order);
		if (!calendar) {
			open.add('line of an entity without a readable calendar');
			continue;
		}
		const dueOf = (instant: number): number => addBusinessDays(instant, days, calendar);
		const fault = judgeLine(view, line, checkpointsOf(view, line, whole, dueOf), open);
		if (fault) exceptions.push(fault);
	}
	return { tested, exceptions, ...open.outcome() };
}

/** Orders whose returns are told by line: their state adds nothing. */
function ordersWithReturns(orderOf: Int32Array, returned: Movements): ReadonlySet<number> {
	const orders = new Set<number>();
	for (let line = 0; line < orderOf.length; line++) if (returned.startOf(line) < returned.endOf(line)) orders.add(orderOf[line] as number);
	return orders;
}

function checkpointsOf(view: RevenueView, line: number, whole: Ending | undefined, dueOf: (instant: number) => number): Checkpoint[] {
	const { population, ordered } = view;
	const returned = returnedMovements(population);
	const checkpoints: Checkpoint[] = [];
	for (let at = returned.startOf(line); at < returned.endOf(line); at++) {
		const instant = returned.instants[at] as number;
		const ending: Ending = { kind: 'returned', instant, event: returned.rows[at] as number };
		checkpoints.push({ ending, due: dueOf(instant), undone: returned.cumulative[at] as bigint });
	}
	if (whole && (whole.kind === 'cancelled' || checkpoints.length === 0))
		checkpoints.push({ ending: whole, due: dueOf(whole.instant), undone: ordered[line] as bigint });
	return checkpoints.sort((a, b) => a.due - b.due);
}

/** One exception a line: its first checkpoint at which too much revenue stands, then or at as-of. */
function judgeLine(view: RevenueView, line: number, checkpoints: readonly Checkpoint[], open: OpenSubjects): ExceptionDraft | null {
	const { asOf } = view.population;
	const standing = new StandingRevenue(view, line);
	let passed: Checkpoint | null = null;
	for (const checkpoint of checkpoints) {
		if (!(checkpoint.due < asOf)) break;
		passed = checkpoint;
		const excess = excessAt(view, line, checkpoint, checkpoint.due, standing);
		if (excess > 0n) return stillStanding(view, line, checkpoint, checkpoint.due, standing.by(checkpoint.due), excess);
	}
	const last = checkpoints.at(-1);
	if (passed) {
		const excess = excessAt(view, line, passed, asOf, standing);
		if (excess > 0n) return stillStanding(view, line, passed, asOf, standing.by(asOf), excess);
	}
	if (last && last !== passed && excessAt(view, line, last, asOf, standing) > 0n)
		open.add('returned or cancelled line whose days have not run out at as-of');
	return null;
}

export const REVENUE_RETURNED_TESTS: readonly AuditTest[] = [
	{
		id: 'T19',
		judgesByAbsence: true,
		version: 1,
		title: 'Revenue on a cancelled or returned line',
		severity: 'critical',
		why: 'What the customer cancelled or sent back was not sold; revenue left on it is overstated in full.',
		rule: 'Within {days} business days of the cancellation of an order, or of the return of a quantity, revenue of the line is not brought down to what the quantity kept justifies (allocated price × kept ÷ ordered; nothing, if cancelled).',
		source: 'ASC 606-10-55-23',
		parameters: [
			{
				name: 'days',
				default: RECOGNITION_DAYS,
				unit: 'business days',
				doc: 'Business days of the entity between cancellation or return and reversal that are in order.',
			},
		],
		needs: [
			...OBLIGATION_NEEDS,
			{ table: 'contract', columns: ['contract_id', 'transfer_term'] },
			{ table: 'revenue_event', columns: [...REVENUE_COLUMNS, 'posted_at'] },
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at'] },
			{ table: 'entity', columns: ['entity_id', 'timezone', 'workdays', 'day_start', 'day_end'] },
		],
		mayRead: ['shipment', 'contract_amendment'],
		run: revenueOnReturned,
	},
];
