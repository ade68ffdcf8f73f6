/** From when on revenue for a transfer could lawfully be recognised. */
import { addBusinessDays, type WorkCalendar } from '#kernel';
import { calendarOfOrder, freezesIn } from '#revenue';
import type { RevenueView } from './revenueView.ts';

/** Instant from which revenue for a transfer could lawfully be recognised, or why it cannot be said. */
type Entitlement =
	| { readonly kind: 'from'; readonly instant: number; readonly calendar: WorkCalendar }
	| { readonly kind: 'not_yet' | 'unknown'; readonly why: string };

/** Not before the contract was signed and approved (T20), nor while the line was on hold or in dispute (T18). */
export function entitlement(view: RevenueView, obligation: number, transferAt: number, days: number): Entitlement {
	const { population, links } = view;
	const contracts = population.table('contract');
	const contract = links.contract[obligation] as number;
	const signedAt = contracts.instants('signed_at')[contract] as number;
	const approvedAt = contracts.instants('approved_at')[contract] as number;
	if (Number.isNaN(signedAt) || Number.isNaN(approvedAt))
		return { kind: 'unknown', why: 'transfer under a contract not signed or approved' };
	const calendar = calendarOfOrder(population, links.order[obligation] as number);
	if (!calendar) return { kind: 'unknown', why: 'transfer of an entity without a readable calendar' };
	const obligations = population.table('obligation');
	const free = freezesIn(population).freeFrom(
		obligations.codes('order_id')[obligation] as number,
		obligations.codes('line_id')[obligation] as number,
		Math.max(transferAt, signedAt, approvedAt),
		(instant) => addBusinessDays(instant, days, calendar),
	);
	if (Number.isNaN(free)) return { kind: 'unknown', why: 'transfer under endless holds' };
	if (free === Number.POSITIVE_INFINITY) return { kind: 'not_yet', why: 'transfer still on hold or in dispute' };
	return { kind: 'from', instant: free, calendar };
}
