/** Did one person do what two people should have done on one order? T61. */
import type { PairIndex, Population } from '#population';
import { inTime, refs } from './draft.ts';
import { BOOK, customerChanges, dutiesOfEvents, RELEASE, SHIP, serviceAccounts } from './dutyEvents.ts';
import { stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome, RowRef } from './types.ts';

const NO_ROWS = new Int32Array(0);

/** Last row in which each user did something on the order at hand: a stamp an order, so that nothing is cleared between orders. */
class Doers {
	readonly #order: Int32Array;
	readonly #row: Int32Array;

	constructor(users: number) {
		this.#order = new Int32Array(users).fill(-1);
		this.#row = new Int32Array(users);
	}

	add(order: number, user: number, row: number): void {
		if (user < 0 || this.#order[user] === order) return;
		this.#order[user] = order;
		this.#row[user] = row;
	}

	/** The first row in which the user did it on the order, or -1. */
	rowOf(order: number, user: number): number {
		return user >= 0 && this.#order[user] === order ? (this.#row[user] as number) : -1;
	}
}

interface Conflict {
	readonly order: number;
	readonly user: number;
	readonly reason: string;
	readonly rows: readonly RowRef[];
}

/**
 * A release is one from `credit_hold`, or any done in the role `credit`. A credit memo belongs to the invoice it corrects; one that
 * names none, to every invoice of its order. Accounts with the role `system` are services, no people. A change of the customer
 * counts whenever it was made.
 */
function dutiesOfOne({ population }: AuditContext): Outcome {
	const scan = new DutyScan(population);
	const conflicts: Conflict[] = [];
	const orders = population.dictionary('order').size;
	for (let order = 0; order < orders; order++) scan.order(order, (conflict) => conflicts.push(conflict));
	const exceptions = conflicts.map((conflict): ExceptionDraft => {
		const stake = stakeOf(population, conflict.order);
		return {
			...stake,
			keys: { order_id: stake.orderId ?? '', user_id: population.dictionary('user').text(conflict.user) },
			reason: conflict.reason,
			rows: conflict.rows,
		};
	});
	const absent = (['invoice', 'invoice_line', 'sales_order', 'master_change'] as const).filter((name) => !population.has(name));
	return { tested: scan.tested, exceptions, open: absent.length, openWhy: `not supplied: ${absent.join(', ')}` };
}

class DutyScan {
	tested = 0;
	readonly #population: Population;
	readonly #services: Uint8Array;
	readonly #bookers: Doers;
	readonly #shippers: Doers;
	readonly #billers: Doers;
	readonly #releasers: Doers;
	readonly #creditors: Doers;
	readonly #changes: PairIndex | null;
	/** What an event is to this test, by row. */
	readonly #duty: Uint8Array;

	constructor(population: Population) {
		const users = population.dictionary('user').size;
		this.#population = population;
		this.#services = serviceAccounts(population);
		[this.#bookers, this.#shippers, this.#billers, this.#releasers, this.#creditors] = [
			new Doers(users),
			new Doers(users),
			new Doers(users),
			new Doers(users),
			new Doers(users),
		];
		this.#changes = customerChanges(population);
		this.#duty = dutiesOfEvents(population);
	}

	order(order: number, report: (conflict: Conflict) => void): void {
		const population = this.#population;
		const events = population.index('order_event', 'order_id').rowsOf(order);
		const actors = population.table('order_event').codes('actor_id');
		const hasBoth = population.has('invoice') && population.has('invoice_line');
		const lines = hasBoth ? population.index('invoice_line', 'order_id').rowsOf(order) : NO_ROWS;
		if (events.length + lines.length === 0) return;
		this.tested++;
		let releases = false;
		for (const row of events) {
			const duty = this.#duty[row] as number;
			if (duty === BOOK) this.#bookers.add(order, actors[row] as number, row);
			else if (duty === SHIP) this.#shippers.add(order, actors[row] as number, row);
			else if (duty === RELEASE) releases = true;
		}
		if (releases) this.#bookedAndReleased(order, events, report);
		if (this.#changes) this.#changedAndBooked(order, events, report);
		this.#billed(order, lines, report);
	}

	#bookedAndReleased(order: number, events: Int32Array, report: (conflict: Conflict) => void): void {
		const table = this.#population.table('order_event');
		const occurred = table.instants('occurred_at');
		for (const row of events) {
			if (this.#duty[row] !== RELEASE) continue;
			const user = table.codes('actor_id')[row] as number;
			const booking = this.#bookers.rowOf(order, user);
			if (booking < 0 || this.#releasers.rowOf(order, user) >= 0 || this.#services[user]) continue;
			this.#releasers.add(order, user, row);
			report({
				order,
				user,
				reason: `${table.text('actor_id', row)} booked order ${table.text('order_id', row)} on ${inTime(occurred[booking] as number)} and released its credit on ${inTime(occurred[row] as number)}.`,
				rows: refs('order_event', [booking, row]),
			});
		}
	}

	#changedAndBooked(order: number, events: Int32Array, report: (conflict: Conflict) => void): void {
		const population = this.#population;
		const orders = population.table('sales_order');
		const at = population.index('sales_order', 'order_id').rowOf(order);
		if (at < 0) return;
		const customer = population.translation('customer', 'record_id')[orders.codes('customer_id')[at] as number] ?? -1;
		const table = population.table('order_event');
		for (const row of events) {
			if (this.#duty[row] !== BOOK) continue;
			const user = table.codes('actor_id')[row] as number;
			// Only the event the user is remembered by: booking twice is one conflict.
			if (this.#bookers.rowOf(order, user) !== row || this.#services[user]) continue;
			const change = this.#changes?.rowOf(customer, user) ?? -1;
			if (change < 0) continue;
			const changes = population.table('master_change');
			report({
				order,
				user,
				reason: `${table.text('actor_id', row)} booked order ${table.text('order_id', row)} on ${inTime(table.instants('occurred_at')[row] as number)} and changed ${changes.text('field', change)} of its customer ${orders.text('customer_id', at)} on ${inTime(changes.instants('changed_at')[change] as number)}.`,
				rows: [...refs('order_event', [row]), ...refs('sales_order', [at]), ...refs('master_change', [change])],
			});
		}
	}

	/** Shipped and invoiced; invoiced and credited. */
	#billed(order: number, lines: Int32Array, report: (conflict: Conflict) => void): void {
		if (lines.length === 0) return;
		const population = this.#population;
		const invoices = population.table('invoice');
		const [kinds, enterers] = [invoices.codes('kind'), invoices.codes('entered_by')];
		const creditMemo = invoices.dictionary('kind').codeOf('credit_memo');
		const byId = population.index('invoice', 'invoice_id');
		const ids = population.table('invoice_line').codes('invoice_id');
		let hasCredits = false;
		for (const line of lines) {
			const invoice = byId.rowOf(ids[line] as number);
			if (invoice < 0) continue;
			if (kinds[invoice] === creditMemo) {
				hasCredits = true;
				continue;
			}
			const user = enterers[invoice] as number;
			if (user < 0 || this.#billers.rowOf(order, user) >= 0) continue;
			this.#billers.add(order, user, invoice);
			const shipping = this.#shippers.rowOf(order, user);
			if (shipping >= 0 && !this.#services[user]) report(this.#shippedAndInvoiced(order, user, shipping, invoice));
		}
		if (!hasCredits) return;
		for (const line of lines) {
			const memo = byId.rowOf(ids[line] as number);
			if (memo >= 0 && kinds[memo] === creditMemo) this.#credited(order, memo, report);
		}
	}

	#shippedAndInvoiced(order: number, user: number, shipping: number, invoice: number): Conflict {
		const events = this.#population.table('order_event');
		const invoices = this.#population.table('invoice');
		return {
			order,
			user,
			reason: `${events.text('actor_id', shipping)} shipped for order ${events.text('order_id', shipping)} on ${inTime(events.instants('occurred_at')[shipping] as number)} and entered its invoice ${invoices.text('invoice_no', invoice)} of ${inTime(invoices.instants('issued_at')[invoice] as number)}.`,
			rows: [...refs('order_event', [shipping]), ...refs('invoice', [invoice])],
		};
	}

	#credited(order: number, memo: number, report: (conflict: Conflict) => void): void {
		const population = this.#population;
		const invoices = population.table('invoice');
		const user = invoices.codes('entered_by')[memo] as number;
		if (user < 0 || this.#services[user] || this.#creditors.rowOf(order, user) >= 0) return;
		const corrected = invoices.codes('corrects_invoice_id')[memo] as number;
		const named = corrected < 0 ? -1 : population.index('invoice', 'invoice_id').rowOf(corrected);
		const invoice = corrected < 0 ? this.#billers.rowOf(order, user) : named;
		if (invoice < 0 || invoices.codes('entered_by')[invoice] !== user) return;
		this.#creditors.add(order, user, memo);
		report({
			order,
			user,
			reason: `${invoices.text('entered_by', memo)} entered both invoice ${invoices.text('invoice_no', invoice)} of ${inTime(invoices.instants('issued_at')[invoice] as number)} and credit memo ${invoices.text('invoice_no', memo)} of ${inTime(invoices.instants('issued_at')[memo] as number)} of order ${population.dictionary('order').text(order)}.`,
			rows: refs('invoice', [invoice, memo]),
		});
	}
}

export const EVENT_DUTY_TESTS: readonly AuditTest[] = [
	{
		id: 'T61',
		version: 1,
		title: 'Segregation of duties executed',
		severity: 'high',
		why: 'One person who does two steps of one order can both make an error, or a fraud, and hide it.',
		rule: 'One person did both on one order: booked it and released its credit; shipped and invoiced; entered an invoice and its credit memo; changed the customer and booked.',
		source: 'AS 2110.A5',
		parameters: [],
		needs: [{ table: 'order_event', columns: ['order_id', 'type', 'occurred_at', 'actor_id', 'actor_role'] }],
		mayRead: ['sales_order', 'invoice', 'invoice_line', 'master_change', 'user_role'],
		run: dutiesOfOne,
	},
];
