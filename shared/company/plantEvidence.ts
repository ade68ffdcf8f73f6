/** Anomalies of the evidence itself: clocks, messages, sealed lines, papers, periods. T67, T70, T71, T73, T75, T77, T78. */
import { DAY_MS } from '#kernel';
import { eventOf, lastEvent } from './alterations.ts';
import { answer, firstInvoice, need, once, onEvent, type PlantedOrder, twice } from './anomaly.ts';
import { writeNote } from './deliveryNote.ts';
import { type Drafting, minutes } from './drafting.ts';
import { type EventPlan, invoiceTotal, type OrderPlan } from './orderPlan.ts';
import { AS_OF, timeText } from './workTime.ts';

export const evidenceAnomalies = (): PlantedOrder[] => [...clocks(), ...messages(), ...lines(), ...papers(), ...outOfPeriod()];

function clocks(): PlantedOrder[] {
	return [
		once('US', [5, 7], {}, ({ plan }) => {
			lastEvent(plan).recordedAt += 3 * DAY_MS;
			return { planted: [onEvent('T70', plan, lastEvent(plan), 'recorded three days after it happened')] };
		}),
		once('DE', [9, 10], {}, ({ plan }) => {
			const last = lastEvent(plan);
			last.occurredAt = need(plan.events.at(-2)).occurredAt - minutes(150);
			return { planted: [onEvent('T70', plan, last, 'dated before the event it follows')] };
		}),
		...twice([3, 25], [6, 25], {}, ({ plan }) => {
			const last = lastEvent(plan);
			last.occurredAt = last.recordedAt + minutes(45);
			return { planted: [onEvent('T71', plan, last, 'happened 45 minutes after it was recorded')] };
		}),
	];
}

function messages(): PlantedOrder[] {
	const onMessage = (plan: OrderPlan, event: EventPlan, note: string) => ({
		planted: [answer('T78', plan.orderId, { source_system: event.system }, note)],
	});
	return [
		...twice([2, 26], [5, 28], {}, ({ plan }) => {
			const picking = eventOf(plan, 'order.picking');
			picking.flaw = 'skipped_source_seq';
			return { planted: [answer('T78', null, { source_system: picking.system }, `the message before ${picking.eventId} is lost`)] };
		}),
		once('US', [7, 28], {}, ({ plan }) => {
			const event = eventOf(plan, 'line.delivered');
			event.feedFlaw = 'dead_letter';
			return onMessage(plan, event, 'dead letter, never replayed');
		}),
		once('DE', [8, 20], {}, ({ plan }) => {
			const event = eventOf(plan, 'line.delivered');
			event.feedFlaw = 'slow';
			return onMessage(plan, event, 'four minutes on its way');
		}),
	];
}

/** Damage to the sealed lines themselves. */
function lines(): PlantedOrder[] {
	return [
		once('US', [3, 13], {}, ({ plan }) => {
			const event = eventOf(plan, 'order.fulfilled');
			event.flaw = 'wrong_prev';
			return { planted: [onEvent('T67', plan, event, 'does not name its predecessor')] };
		}),
		once('DE', [5, 15], {}, ({ plan }) => {
			const event = eventOf(plan, 'order.picking');
			event.flaw = 'not_canonical';
			return { planted: [onEvent('T67', plan, event, 'stored with a blank too many')] };
		}),
		once('US', [10, 16], {}, ({ plan }) => {
			const event = eventOf(plan, 'order.closed');
			event.flaw = 'skipped_order_seq';
			return { planted: [onEvent('T67', plan, event, 'a number of the order is left out before it')] };
		}),
		once('US', [6, 26], {}, ({ plan }) => {
			lastEvent(plan).schemaVersion = 9;
			return { planted: [onEvent('T75', plan, lastEvent(plan), 'schema version 9, which nobody knows')] };
		}),
		once('DE', [9, 24], {}, ({ plan }) => {
			lastEvent(plan).extra = { loyalty_tier: 'gold' };
			return { planted: [onEvent('T75', plan, lastEvent(plan), 'carries a key that its schema version lacks')] };
		}),
	];
}

function papers(): PlantedOrder[] {
	const filed =
		(flaw: 'altered' | 'withheld', note: string) =>
		({ plan, id }: Drafting) => {
			const documentId = id('DOC', plan.documents.length + 1);
			const createdAt = eventOf(plan, 'order.picking').occurredAt;
			plan.documents.push({
				documentId,
				kind: 'other',
				fileName: `packing-list-${plan.number}.pdf`,
				datedAt: createdAt,
				createdAt,
				content: writeNote({
					title: 'Packing list',
					issuer: plan.entity.name,
					facts: [['Order', plan.orderId]],
					items: plan.lines.map((line) => ({ sku: line.sku, description: line.product.description, quantity: line.quantity })),
					signedBy: plan.customer.contact,
					signedOn: timeText(createdAt).slice(0, 16).replace('T', ' '),
				}),
				flaw,
			});
			return { planted: [answer('T73', plan.orderId, { document_id: documentId }, note)] };
		};
	return [
		once('US', [4, 29], {}, filed('altered', 'its bytes were changed after it was hashed')),
		once('DE', [11, 19], {}, filed('withheld', 'its bytes were not handed over')),
		once('US', [8, 26], {}, filed('altered', 'its bytes were changed after it was hashed')),
	];
}

/** A payment dated after the as-of instant. */
const outOfPeriod = (): PlantedOrder[] => [
	once('US', [12, 4], {}, (drafting) => {
		const { plan } = drafting;
		const invoice = firstInvoice(plan);
		plan.payments = [{ paymentId: `PAY-${plan.number}-1`, invoice, receivedAt: AS_OF + 3 * DAY_MS, amountMinor: invoiceTotal(invoice) }];
		return { planted: [answer('T77', plan.orderId, { payment_id: `PAY-${plan.number}-1` }, 'received after the as-of instant')] };
	}),
];
