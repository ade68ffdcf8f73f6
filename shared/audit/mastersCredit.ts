/** T84: orders booked beyond the customer's credit limit. */
import type { Population } from '#population';
import { counted } from './billingDraft.ts';
import { codeFor } from './billingLines.ts';
import { bookedAt, CustomerAccount, inOrderOf, limitAt } from './creditAccount.ts';
import { isReleased } from './creditRelease.ts';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { changesOf } from './mastersChanges.ts';
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
