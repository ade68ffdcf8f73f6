/** Anomalies of revenue against transfer, contract and proof: T03, T16 to T28, T31, T32. */
import { DAY_MS } from '#kernel';
import { eventOf, moveRevenue, rerecognise, resequence, shiftAfter } from './alterations.ts';
import {
	answer,
	firstInvoice,
	firstLine,
	firstRevenue,
	need,
	once,
	onLine,
	onOrder,
	onRevenue,
	type PlantedOrder,
	twice,
} from './anomaly.ts';
import { openHold, releaseHold } from './beginnings.ts';
import { writeNote } from './deliveryNote.ts';
import { type Drafting, minutes } from './drafting.ts';
import type { OrderPlan, RevenuePlan } from './orderPlan.ts';
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

function proofs(): PlantedOrder[] {
	return [
		...twice([5, 4], [8, 5], { podRequired: true }, ({ plan }) => {
			plan.documents = [];
			for (const shipment of plan.shipments) shipment.documentId = null;
			for (const event of plan.events) event.documentId = null;
			return {
				planted: [onLine('T21', plan, firstLine(plan), 'delivered and recognised without the proof the contract asks for')],
				consequences: [onLine('T09', plan, firstLine(plan), 'billed beyond what is proven')],
			};
		}),
		once('US', [6, 22], { podRequired: true }, ({ plan }) => {
			need(plan.documents[0]).datedAt += 6 * DAY_MS;
			return { planted: [onProof(plan, 'dated six days after the delivery')] };
		}),
		...twice([10, 5], [10, 7], { podRequired: true }, ({ plan, brief }) => {
			const proof = need(plan.documents[0]);
			proof.content = SHARED_NOTE;
			// One file serves both rows: it is handed over with the first of them.
			proof.flaw = brief.entity.key === 'US' ? null : 'withheld';
			return { planted: [onProof(plan, 'the same paper proves another order too')] };
		}),
	];
}

const onProof = (plan: OrderPlan, note: string) => answer('T22', plan.orderId, { document_id: need(plan.documents[0]).documentId }, note);

const SHARED_NOTE = writeNote({
	title: 'Delivery note',
	issuer: 'Northlight Instruments',
	facts: [['Customer', 'as per order']],
	items: [],
	signedBy: 'illegible',
	signedOn: '2026-10-08 12:00',
});

function measures(): PlantedOrder[] {
	return [
		once('US', [2, 24], { life: 'partial', consignments: 2 }, (drafting) => prorated(drafting, 3_100n)),
		once('DE', [5, 26], { life: 'partial', consignments: 2 }, (drafting) => prorated(drafting, -2_700n)),
		...twice([12, 3], [12, 7], {}, ({ plan }) => {
			const revenue = firstRevenue(plan);
			rerecognise(revenue, revenue.amountMinor + 4_700n);
			const keys = { obligation_id: need(plan.obligations[0]).obligationId };
			return {
				planted: [answer('T24', plan.orderId, keys, '47.00 more recognised than allocated')],
				consequences: [onRevenue('T16', plan, revenue, 'more than was transferred')],
			};
		}),
		...twice([12, 8], [12, 9], { lineCount: 2 }, misallocated),
		once('US', [3, 30], { life: 'over_time', consignments: 4 }, (drafting) => offProgress(drafting, 5_300n)),
		once('DE', [2, 23], { life: 'over_time', consignments: 4 }, (drafting) => offProgress(drafting, -6_100n)),
		...twice([4, 27], [7, 14], { life: 'bill_and_hold', billing: 'advance' }, (drafting) => {
			const { plan } = drafting;
			plan.contract.billAndHoldCriteria = 'reason,identified';
			const revenue = firstRevenue(plan);
			revenue.trigger = eventOf(plan, 'order.released');
			moveRevenue(revenue, firstInvoice(plan).issuedAt + minutes(10));
			return {
				planted: [onRevenue('T28', plan, revenue, 'recognised before shipment with two of four criteria')],
				consequences: [onRevenue('T16', plan, revenue, 'recognised before the transfer')],
			};
		}),
	];
}

/** The first of two transfers is recognised at a wrong amount; the last still takes the rest. */
function prorated({ plan }: Drafting, byMinor: bigint) {
	const [first, second] = [need(plan.revenue[0]), need(plan.revenue[1])];
	rerecognise(first, first.amountMinor + byMinor);
	rerecognise(second, second.amountMinor - byMinor);
	return {
		planted: [onRevenue('T23', plan, first, `first partial delivery recognised ${byMinor} minor units off its share`)],
		consequences: [ahead(plan, first, byMinor)],
	};
}

const ahead = (plan: OrderPlan, revenue: RevenuePlan, byMinor: bigint) =>
	byMinor > 0n ? onRevenue('T16', plan, revenue, 'ahead of the transfer') : onLine('T03', plan, revenue.line, 'behind the transfer');

function offProgress({ plan }: Drafting, byMinor: bigint) {
	const [second, third] = [need(plan.revenue[1]), need(plan.revenue[2])];
	rerecognise(second, second.amountMinor + byMinor);
	rerecognise(third, third.amountMinor - byMinor);
	return {
		planted: [onRevenue('T26', plan, second, `after the second visit ${byMinor} minor units off progress`)],
		consequences: [onRevenue('T23', plan, second, 'off its share'), ahead(plan, second, byMinor)],
	};
}

/** A tenth of the first line's price sits on the second line. */
function misallocated({ plan }: Drafting) {
	const [first, second] = [need(plan.obligations[0]), need(plan.obligations[1])];
	const moved = first.allocatedMinor / 10n;
	first.allocatedMinor -= moved;
	second.allocatedMinor += moved;
	for (const revenue of plan.revenue) rerecognise(revenue, revenue.amountMinor + (revenue.line === first.line ? -moved : moved));
	const found = (obligationId: string) =>
		answer('T25', plan.orderId, { obligation_id: obligationId }, 'allocated against stand-alone prices');
	return { planted: [found(first.obligationId)], consequences: [found(second.obligationId)] };
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
