/** Anomalies of revenue against transfer, contract and proof: T03, T16 to T28, T31, T32. */
import { DAY_MS } from '#kernel';
import { eventOf, moveRevenue, resequence, shiftAfter } from './alterations.ts';
import { answer, firstLine, firstRevenue, need, once, onLine, onOrder, onRevenue, type PlantedOrder, twice } from './anomaly.ts';
import { openHold, releaseHold } from './beginnings.ts';
import { type Drafting, minutes } from './drafting.ts';
import type { OrderPlan } from './orderPlan.ts';
import { measures, proofs } from './plantMeasures.ts';
import { businessDay, dayOf, dayOfInstant } from './workTime.ts';

export const revenueAnomalies = (): PlantedOrder[] => [...timing(), ...cutOff(), ...freezes(), ...proofs(), ...measures(), ...contracts()];

function timing(): PlantedOrder[] {
	return [
		once('US', [3, 2], {}, ({ plan }) => {
			const revenue = firstRevenue(plan);
			moveRevenue(revenue, revenue.recognisedAt + 8 * DAY_MS);
			return { planted: [onLine('T03', plan, firstLine(plan), 'recognised eight days after delivery')] };
		}),
		once('DE', [6, 2], {}, ({ plan }) => {
			plan.revenue = [];
			return { planted: [onLine('T03', plan, firstLine(plan), 'delivered and never recognised')] };
		}),
	];
}

function cutOff(): PlantedOrder[] {
	const early = (at: (drafting: Drafting) => number) => (drafting: Drafting) => {
		const { plan } = drafting;
		const revenue = firstRevenue(plan);
		revenue.trigger = eventOf(plan, 'order.released');
		moveRevenue(revenue, at(drafting));
		return { planted: [onRevenue('T16', plan, revenue, 'recognised before delivery')] };
	};
	const onRelease = early(({ plan }) => eventOf(plan, 'order.released').occurredAt + minutes(40));
	return [
		once('US', [4, 2], {}, onRelease),
		// Booked in the last days of a month, delivered in the next one.
		once('DE', [8, 27], {}, onRelease),
		once('US', [7, 24], {}, (drafting) => acrossPeriodEnd(drafting, dayOf(2026, 7, 31))),
		once('DE', [10, 23], {}, (drafting) => acrossPeriodEnd(drafting, dayOf(2026, 10, 30))),
	];
}

/** Delivered on the last business day of a month and recognised on the first of the next: in time, but in the wrong period. */
function acrossPeriodEnd(drafting: Drafting, day: number) {
	const { plan, at } = drafting;
	const shipped = eventOf(plan, 'line.shipped');
	shiftAfter(drafting, shipped.occurredAt - 1, day - dayOfInstant(eventOf(plan, 'line.delivered').occurredAt));
	// Earlier in the day than any delivery is, so that two business days have not passed even where Saturday is one.
	moveRevenue(firstRevenue(plan), at(businessDay(day + 1, 0), 5));
	return { planted: [onRevenue('T17', plan, firstRevenue(plan), 'recognised in the period after the transfer')] };
}

function freezes(): PlantedOrder[] {
	return [
		...twice([2, 16], [9, 22], { transfer: 'shipment' }, (drafting) => {
			const { plan, at } = drafting;
			const shippedAt = eventOf(plan, 'line.shipped').occurredAt;
			const hold = openHold(drafting, shippedAt + minutes(4), 'export licence');
			releaseHold(drafting, hold, at(dayOfInstant(shippedAt), 400));
			resequence(drafting);
			return { planted: [onRevenue('T18', plan, firstRevenue(plan), `posted while ${hold.holdId} was open`)] };
		}),
		// Late in the year: what stays recognised and is credited would otherwise be unbilled revenue of long standing.
		...twice([12, 1], [12, 2], { life: 'return_full', billing: 'advance' }, ({ plan }) => {
			plan.revenue = plan.revenue.filter(({ kind }) => kind !== 'reverse');
			return { planted: [onLine('T19', plan, firstLine(plan), 'returned in full, revenue never reversed')] };
		}),
		once('US', [3, 23], {}, ({ plan }) => {
			plan.contract.approvedAt = firstRevenue(plan).recognisedAt + 3 * DAY_MS;
			return { planted: [onRevenue('T20', plan, firstRevenue(plan), 'contract approved three days later')] };
		}),
		once('DE', [9, 28], {}, ({ plan }) => {
			plan.contract.signedAt = null;
			return { planted: [onRevenue('T20', plan, firstRevenue(plan), 'contract never signed')] };
		}),
	];
}

function contracts(): PlantedOrder[] {
	const onAmendment = (test: string, plan: OrderPlan, note: string) =>
		answer(test, plan.orderId, { amendment_id: need(plan.amendments[0]).amendmentId }, note);
	return [
		once('US', [5, 11], { life: 'amended_prospective' }, ({ plan }) => {
			const amendment = need(plan.amendments[0]);
			amendment.treatment = 'catch_up';
			amendment.catchUpMinor = 0n;
			return { planted: [onAmendment('T31', plan, 'what remains is distinct, yet booked as catch-up')] };
		}),
		once('DE', [6, 24], { life: 'amended_catch_up' }, ({ plan }) => {
			need(plan.amendments[0]).catchUpMinor = 123_456n;
			return { planted: [onAmendment('T31', plan, 'catch-up booked where there is nothing to catch up')] };
		}),
		once('US', [8, 24], { life: 'amended_prospective' }, ({ plan }) => {
			need(plan.amendments[0]).signedAt = need(plan.amendments[0]).effectiveAt + 20 * DAY_MS;
			return { planted: [onAmendment('T32', plan, 'in effect twenty days before it was signed')] };
		}),
		once('DE', [11, 12], { life: 'amended_catch_up' }, ({ plan }) => {
			const amendment = need(plan.amendments[0]);
			amendment.approvedAt = null;
			amendment.approvedBy = null;
			return {
				planted: [onAmendment('T32', plan, 'never approved, and revenue followed')],
				consequences: [onOrder('T20', plan, 'terms not approved')],
			};
		}),
	];
}
