/** Anomalies of the order history and of who made it: T56 to T59, T61, T62, T90. */
import { DAY_MS } from '#kernel';
import { dropEvents, eventOf, resequence } from './alterations.ts';
import { firstInvoice, need, once, onEvent, onInvoice, onOrder, type PlantedOrder, twice } from './anomaly.ts';
import { type Drafting, draftEvent, minutes } from './drafting.ts';
import type { EventType } from './orderPlan.ts';
import { anyOf, ORDER_SYSTEM } from './people.ts';
import { timeText } from './workTime.ts';

export const stateAnomalies = (): PlantedOrder[] => [...transitions(), ...people()];

function transitions(): PlantedOrder[] {
	return [
		once('US', [2, 11], {}, backwards),
		once('DE', [4, 9], { transfer: 'delivery' }, ({ plan }) => {
			const fulfilled = eventOf(plan, 'order.fulfilled');
			fulfilled.from = 'accepted';
			return { planted: [onEvent('T56', plan, fulfilled, 'leaves accepted, which was never reached')] };
		}),
		...twice([3, 11], [7, 9], {}, (drafting) => {
			const { plan } = drafting;
			dropEvents(drafting, ({ type }) => type === 'order.picking');
			return { planted: [onOrder('T57', plan, 'shipped without having been picked')] };
		}),
		...twice([9, 9], [11, 11], {}, neverPicked),
		...twice([5, 13], [8, 12], {}, (drafting) => heldAgainAndAgain(drafting, 4, 60), {}),
		...twice([6, 11], [10, 14], {}, (drafting) => heldAgainAndAgain(drafting, 3, 3), {}),
	];
}

/** An order already fulfilled goes back to delivered: no such transition exists. */
function backwards(drafting: Drafting) {
	const { plan, staff } = drafting;
	const fulfilled = eventOf(plan, 'order.fulfilled');
	const clerk = staff.sales[0]?.userId ?? '';
	plan.events.push(draftEvent('order.corrected', fulfilled.occurredAt + minutes(5), clerk, 'sales', { corrects: fulfilled }));
	plan.events.push(draftEvent('order.fulfilled', fulfilled.occurredAt + minutes(12), ORDER_SYSTEM.userId, 'system'));
	resequence(drafting);
	const back = eventOf(plan, 'order.corrected');
	back.from = 'fulfilled';
	back.to = 'delivered';
	const again = need(plan.events[plan.events.indexOf(back) + 1]);
	again.from = 'delivered';
	return {
		planted: [onEvent('T56', plan, back, 'from fulfilled back to delivered')],
		consequences: [onEvent('T59', plan, back, 'nobody may do that'), onOrder('T90', plan, 'reversed within minutes')],
	};
}

/** Booked, released, and then forgotten for months. */
function neverPicked(drafting: Drafting) {
	const { plan } = drafting;
	const kept: readonly EventType[] = ['order.booked', 'order.released'];
	Object.assign(plan, { shipments: [], tracking: [], documents: [], invoices: [], payments: [], revenue: [] });
	dropEvents(drafting, ({ type }) => !kept.includes(type));
	return { planted: [onOrder('T58', plan, 'released and not heard of since')] };
}

/** Put on hold and released, over and over, before picking. */
function heldAgainAndAgain(drafting: Drafting, rounds: number, everyMinutes: number) {
	const { plan, staff } = drafting;
	const keeper = staff.service[0]?.userId ?? '';
	const start = eventOf(plan, 'order.released').occurredAt;
	for (let round = 0; round < rounds; round++) {
		const heldAt = start + minutes((2 * round + 1) * everyMinutes);
		plan.events.push(draftEvent('order.held', heldAt, keeper, 'service', { reason: 'address check' }));
		plan.events.push(draftEvent('order.hold_released', heldAt + minutes(everyMinutes), keeper, 'service'));
	}
	resequence(drafting);
	return { planted: [onOrder('T90', plan, `held ${rounds} times, every ${2 * everyMinutes} minutes`)] };
}

function people(): PlantedOrder[] {
	return [
		once('US', [3, 5], {}, (drafting) => {
			const { plan, staff, brief } = drafting;
			const shipped = eventOf(plan, 'line.shipped');
			shipped.actorId = anyOf(brief.random, staff.service);
			return { planted: [onEvent('T59', plan, shipped, 'shipped in a role the actor never held')] };
		}),
		once('DE', [6, 10], {}, ({ plan, staff, brief }) => {
			const released = eventOf(plan, 'order.released');
			released.actorId = anyOf(brief.random, staff.service);
			released.role = 'service';
			return { planted: [onEvent('T59', plan, released, 'released by service, which may not')] };
		}),
		once(
			'US',
			[4, 22],
			{ life: 'credit_hold' },
			({ plan, staff }) => {
				const { userId } = staff.twoHats.salesCredit;
				eventOf(plan, 'order.booked').actorId = userId;
				eventOf(plan, 'order.credit_held').actorId = userId;
				eventOf(plan, 'order.released').actorId = userId;
				return { planted: [onOrder('T61', plan, 'one person booked it and released its credit')] };
			},
			{ watched: true },
		),
		once('DE', [7, 16], {}, ({ plan, staff }) => {
			const { userId } = staff.twoHats.shipBill;
			eventOf(plan, 'line.shipped').actorId = userId;
			firstInvoice(plan).enteredBy = userId;
			return { planted: [onOrder('T61', plan, 'one person shipped and invoiced it')] };
		}),
		once('US', [9, 3], { life: 'return_part', billing: 'advance' }, ({ plan, staff }) => {
			const { userId } = staff.twoHats.billCredit;
			for (const invoice of plan.invoices) invoice.enteredBy = userId;
			return { planted: [onOrder('T61', plan, 'one person invoiced and credited it')] };
		}),
		once('DE', [11, 5], {}, changedAndBooked),
		once('US', [8, 13], {}, ({ plan, staff }) => {
			const shipped = eventOf(plan, 'line.shipped');
			shipped.actorId = staff.leaver.userId;
			return { planted: [onEvent('T62', plan, shipped, 'shipped by somebody who had left')] };
		}),
		once('DE', [10, 1], {}, ({ plan, staff }) => {
			firstInvoice(plan).enteredBy = staff.leaver.userId;
			return { planted: [onInvoice('T62', plan, firstInvoice(plan), 'entered by somebody who had left')] };
		}),
	];
}

function changedAndBooked({ plan, staff }: Drafting) {
	const { userId } = staff.twoHats.salesMaster;
	eventOf(plan, 'order.booked').actorId = userId;
	const record = {
		change_id: `MC-${plan.number}`,
		changed_at: timeText(plan.orderedAt - DAY_MS),
		changed_by: userId,
		field: 'name',
		new_value: plan.customer.name,
		old_value: plan.customer.name.toLowerCase(),
		record_id: plan.customer.customerId,
		system: 'crm',
		table_name: 'customer',
	};
	return {
		planted: [onOrder('T61', plan, 'one person changed the customer and booked the order')],
		rows: [{ table: 'master_change' as const, record }],
	};
}
