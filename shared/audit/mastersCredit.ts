/** T84: orders booked beyond the customer's credit limit. */
import { absolute } from '#kernel';
import { type Population, RowIndex } from '#population';
import { counted } from './billingDraft.ts';
import { codeFor } from './billingLines.ts';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { heldRole } from './mastersAuthority.ts';
import { changesOf, type FieldChanges, minorText, valueAt } from './mastersChanges.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: the open receivable is what was invoiced less credited before booking, less payments up to then, in the customer's currency;
 * the limit is the one at booking. A credit hold answers the breach while it stands, and so does its release by credit, an approver or
 * a system, or an approved hold release. Orders in another currency than the customer's are not judged.
 */
function creditLimitBreach({ population }: AuditContext): Outcome {
	const customers = population.table('customer');
	const orders = population.table('sales_order');
	const limits = customers.minors('credit_limit_minor');
	const currencies = customers.codes('currency');
	const orderedIn = orders.codes('currency');
	const draft = codeFor(orders, 'state', 'draft');
	const states = orders.codes('state');
	const ordersOf = population.index('sales_order', 'customer_id');
	const limitChanges = changesOf(population, 'customer', 'credit_limit_minor');
	const exceptions: ExceptionDraft[] = [];
	let tested = 0;
	let otherCurrency = 0;
	let unreadable = 0;
	for (let customer = 0; customer < customers.rows; customer++) {
		if (customers.isNull('credit_limit_minor', customer) && !limitChanges.has(customer)) continue;
		const account = new CustomerAccount(population, customer);
		for (const order of inOrderOf(ordersOf.rowsOf(customers.codes('customer_id')[customer] as number), population.derive(bookedAt))) {
			if (states[order] === draft) continue;
			if (orderedIn[order] !== currencies[customer]) {
				otherCurrency++;
				continue;
			}
			tested++;
			const booked = population.derive(bookedAt)[order] as number;
			const open = account.openAt(booked);
			const limit = limitAt(population, customer, booked, limitChanges, limits);
			if (limit === 'unreadable') unreadable++;
			else if (limit !== null && open + (orders.minors('total_minor')[order] as bigint) > limit && !isReleased(population, order))
				exceptions.push(breach(population, customer, order, { booked, open, limit }));
		}
	}
	const why = [
		otherCurrency > 0 ? `${counted(otherCurrency, 'order')} in another currency than the customer's limit` : '',
		unreadable > 0 ? `${counted(unreadable, 'order')} whose customer's limit at booking can't be read` : '',
	];
	return { tested, exceptions, open: otherCurrency + unreadable, openWhy: why.filter(Boolean).join('; ') };
}

function limitAt(
	population: Population,
	customer: number,
	at: number,
	changes: FieldChanges,
	limits: BigInt64Array,
): bigint | null | 'unreadable' {
	const then = valueAt(population, changes, customer, at);
	if (then.kind === 'now') return population.table('customer').isNull('credit_limit_minor', customer) ? null : (limits[customer] as bigint);
	return then.text === null || then.text === '' ? null : (minorText(then.text) ?? 'unreadable');
}

/** When each order was booked: its first `order.booked` event, else when it was ordered. */
function bookedAt(population: Population): Float64Array {
	const booked = population.table('sales_order').instants('ordered_at').slice();
	const events = population.table('order_event');
	const wanted = codeFor(events, 'type', 'order.booked');
	const types = events.codes('type');
	const occurredAt = events.instants('occurred_at');
	const index = population.index('sales_order', 'order_id');
	const isSet = new Uint8Array(booked.length);
	for (let row = 0; row < types.length; row++) {
		if (types[row] !== wanted) continue;
		const order = index.rowOf(events.codes('order_id')[row] as number);
		if (order < 0 || isSet[order] === 1) continue;
		booked[order] = occurredAt[row] as number;
		isSet[order] = 1;
	}
	return booked;
}

/** Rows in order of an instant; as they are where they already are. */
function inOrderOf(rows: Int32Array, instants: Float64Array): Int32Array {
	for (let i = 1; i < rows.length; i++)
		if ((instants[rows[i] as number] as number) < (instants[rows[i - 1] as number] as number))
			return rows.slice().sort((a, b) => (instants[a] as number) - (instants[b] as number) || a - b);
	return rows;
}

/** Payments by the customer whose invoice they pay. */
function paymentsOfCustomer(population: Population): RowIndex {
	const invoiceCodes = population.table('payment').codes('invoice_id');
	const index = population.index('invoice', 'invoice_id');
	const customers = population.table('invoice').codes('customer_id');
	const codes = invoiceCodes.map((code) => {
		const invoice = index.rowOf(code);
		return invoice < 0 ? -1 : (customers[invoice] as number);
	});
	return new RowIndex(codes, population.dictionary('customer').size);
}

/** One customer's receivable, walked forward in time. */
class CustomerAccount {
	readonly #population: Population;
	readonly #currency: number;
	readonly #invoices: Int32Array;
	readonly #payments: Int32Array;
	readonly #creditMemo: number;
	#nextInvoice = 0;
	#nextPayment = 0;
	#open = 0n;

	constructor(population: Population, customer: number) {
		const customers = population.table('customer');
		const invoices = population.table('invoice');
		const code = customers.codes('customer_id')[customer] as number;
		this.#population = population;
		this.#currency = customers.codes('currency')[customer] as number;
		this.#creditMemo = codeFor(invoices, 'kind', 'credit_memo');
		this.#invoices = inOrderOf(population.index('invoice', 'customer_id').rowsOf(code), invoices.instants('issued_at'));
		this.#payments = inOrderOf(population.derive(paymentsOfCustomer).rowsOf(code), population.table('payment').instants('received_at'));
	}

	/** Open minor units at an instant, which never goes back from call to call. An invoice of that very instant does not count yet. */
	openAt(instant: number): bigint {
		const invoices = this.#population.table('invoice');
		const payments = this.#population.table('payment');
		const issuedAt = invoices.instants('issued_at');
		const receivedAt = payments.instants('received_at');
		for (; this.#nextInvoice < this.#invoices.length; this.#nextInvoice++) {
			const row = this.#invoices[this.#nextInvoice] as number;
			if (!((issuedAt[row] as number) < instant)) break;
			if (invoices.codes('currency')[row] !== this.#currency) continue;
			const total = invoices.minors('total_minor')[row] as bigint;
			this.#open += invoices.codes('kind')[row] === this.#creditMemo ? -absolute(total) : total;
		}
		for (; this.#nextPayment < this.#payments.length; this.#nextPayment++) {
			const row = this.#payments[this.#nextPayment] as number;
			if (!((receivedAt[row] as number) <= instant)) break;
			if (payments.codes('currency')[row] === this.#currency) this.#open -= payments.minors('amount_minor')[row] as bigint;
		}
		return this.#open;
	}
}

const RELEASING_ROLES: readonly string[] = ['credit', 'approver', 'system'];

/** Whether credit answered for the order: it was held for credit and still is, or the hold was lifted by somebody who may. */
function isReleased(population: Population, order: number): boolean {
	const code = population.table('sales_order').codes('order_id')[order] as number;
	if (isReleaseApproved(population, order)) return true;
	const events = population.table('order_event');
	const types = events.codes('type');
	const held = codeFor(events, 'type', 'order.credit_held');
	const creditHold = codeFor(events, 'to_state', 'credit_hold');
	const cancelled = codeFor(events, 'to_state', 'cancelled');
	let isHeld = false;
	for (const row of population.index('order_event', 'order_id').rowsOf(code)) {
		if (types[row] === held || events.codes('to_state')[row] === creditHold) isHeld = true;
		const isLeaving = isHeld && events.codes('from_state')[row] === creditHold && events.codes('to_state')[row] !== creditHold;
		if (!isLeaving || events.codes('to_state')[row] === cancelled) continue;
		if (mayRelease(population, row)) return true;
		isHeld = false;
	}
	return isHeld;
}

function mayRelease(population: Population, event: number): boolean {
	const events = population.table('order_event');
	if (RELEASING_ROLES.includes(events.text('actor_role', event) ?? '')) return true;
	if (!population.has('user_role')) return false;
	const user = events.codes('actor_id')[event] as number;
	return ['credit', 'approver'].some((role) => heldRole(population, user, role, events.instants('occurred_at')[event] as number));
}

/** An approval of the release of a hold, by the order's id or by the id of one of its holds. */
function isReleaseApproved(population: Population, order: number): boolean {
	if (!population.has('approval')) return false;
	const approvals = population.table('approval');
	const release = codeFor(approvals, 'subject_kind', 'hold_release');
	const orderCode = population.table('sales_order').codes('order_id')[order] as number;
	const subjects = [population.translation('order', 'subject_id')[orderCode] ?? -1];
	if (population.has('hold')) {
		const toSubject = population.translation('hold_id', 'subject_id');
		const holds = population.table('hold');
		const plainHold = codeFor(holds, 'kind', 'hold');
		for (const hold of population.index('hold', 'order_id').rowsOf(orderCode))
			if (holds.codes('kind')[hold] === plainHold) subjects.push(toSubject[holds.codes('hold_id')[hold] as number] ?? -1);
	}
	const bySubject = population.index('approval', 'subject_id');
	return subjects.some((subject) => bySubject.rowsOf(subject).some((row) => approvals.codes('subject_kind')[row] === release));
}

function breach(
	population: Population,
	customer: number,
	order: number,
	{ booked, open, limit }: { readonly booked: number; readonly open: bigint; readonly limit: bigint },
): ExceptionDraft {
	const orders = population.table('sales_order');
	const customers = population.table('customer');
	const currency = orders.text('currency', order);
	const total = orders.minors('total_minor')[order] as bigint;
	const excess = open + total - limit;
	return {
		orderId: orders.text('order_id', order),
		keys: keysOf(population, 'sales_order', order),
		amountMinor: excess,
		currency,
		reason: `Order ${orders.text('order_id', order)} over ${inMoney(total, currency)} was booked on ${inTime(booked)} while customer ${customers.text('customer_id', customer)} owed ${inMoney(open, currency)}: ${inMoney(excess, currency)} beyond the credit limit of ${inMoney(limit, currency)}, without a credit release.`,
		rows: [ref('customer', customer), ref('sales_order', order), ...refs('order_event', eventsOf(population, order))],
	};
}

/** The first events of an order, which tell of its booking and of holds. */
function eventsOf(population: Population, order: number): Int32Array {
	const code = population.table('sales_order').codes('order_id')[order] as number;
	return population.index('order_event', 'order_id').rowsOf(code).subarray(0, 5);
}

export const CREDIT_TESTS: readonly AuditTest[] = [
	{
		id: 'T84',
		version: 1,
		title: 'Credit limit breach',
		severity: 'medium',
		why: 'Sales beyond what a customer can pay may never be collected, and collectability is a condition of revenue.',
		rule: "The customer's open receivable at booking and the order together exceed the credit limit, and credit did not release the order.",
		source: 'ASC 606-10-25-1(e)',
		parameters: [],
		needs: [
			{ table: 'customer', columns: ['customer_id', 'currency'] },
			{ table: 'sales_order', columns: ['order_id', 'customer_id', 'ordered_at', 'currency', 'total_minor', 'state'] },
			{ table: 'invoice', columns: ['invoice_id', 'customer_id', 'kind', 'issued_at', 'currency', 'total_minor'] },
			{ table: 'payment', columns: ['payment_id', 'invoice_id', 'received_at', 'amount_minor', 'currency'] },
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at', 'actor_id', 'actor_role'] },
		],
		mayRead: ['approval', 'hold', 'user_role', 'master_change'],
		run: creditLimitBreach,
	},
];
