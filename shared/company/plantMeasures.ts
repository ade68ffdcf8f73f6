/** Revenue planted with a wrong measure, and proofs that do not hold. */
import { DAY_MS } from '#kernel';
import { eventOf, moveRevenue, rerecognise } from './alterations.ts';
import { answer, firstInvoice, firstLine, firstRevenue, need, once, onLine, onRevenue, type PlantedOrder, twice } from './anomaly.ts';
import { writeNote } from './deliveryNote.ts';
import { type Drafting, minutes } from './drafting.ts';
import type { OrderPlan, RevenuePlan } from './orderPlan.ts';

export function proofs(): PlantedOrder[] {
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

export function measures(): PlantedOrder[] {
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
