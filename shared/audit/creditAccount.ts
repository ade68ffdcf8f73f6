/** A customer's credit at any time: its limit, and what was booked and paid. */
import { absolute } from '#kernel';
import { type Population, RowIndex } from '#population';
import { codeFor } from './billingLines.ts';
import { type FieldChanges, minorText, valueAt } from './mastersChanges.ts';

export function limitAt(
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
export function bookedAt(population: Population): Float64Array {
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
export function inOrderOf(rows: Int32Array, instants: Float64Array): Int32Array {
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
export class CustomerAccount {
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
