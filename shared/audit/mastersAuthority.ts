/** T82: discounts nobody entitled to has approved. */
import type { Population } from '#population';
import { citeLine, counted, lineCurrency, lineName, worthOf } from './billingDraft.ts';
import { orderOfLine } from './billingLines.ts';
import { discountApprovals, isApprover, SEPARATORS } from './discountApprovals.ts';
import { inMoney, inTime, keysOf, ref, refs } from './draft.ts';
import { changesOf, type FieldChanges, minorText, valueAt } from './mastersChanges.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: the list price is the one when the order was placed, in the product's currency; lines in another are not judged. An approval
 * names the order, its contract, or the line (alone or behind its order). Every discount approval is judged, also below the limit.
 */
function discountBeyondAuthority({ population, number }: AuditContext): Outcome {
	const approvals = discountApprovals(population);
	const exceptions: ExceptionDraft[] = [];
	for (const row of approvals.rows) if (!isApprover(population, row)) exceptions.push(wrongApprover(population, row));
	const percent = BigInt(number('pct'));
	const lines = population.table('sales_order_line');
	const prices = lines.minors('unit_price_minor');
	const productOf = population.derive(productOfLine);
	const limits = lowestPrices(population, percent);
	const priceChanges = changesOf(population, 'product', 'list_price_minor');
	let tested = 0;
	let open = 0;
	for (let line = 0; line < lines.rows; line++) {
		const product = productOf[line] as number;
		if (product < 0) continue;
		tested++;
		if ((prices[line] as bigint) >= (limits[product] as bigint) && !priceChanges.has(product)) continue;
		const list = listPriceOf(population, line, product, priceChanges);
		if (list === null) open++;
		else if ((list - (prices[line] as bigint)) * 100n > list * percent && !approvals.covers(population, line))
			exceptions.push(unapproved(population, line, product, list));
	}
	return {
		tested: tested + approvals.rows.length,
		exceptions,
		open,
		openWhy: `${counted(open, 'order line')} whose list price at the time of the order can't be read`,
	};
}

/** The product of each order line, where it is known and its price is in the order's currency; else -1. */
function productOfLine(population: Population): Int32Array {
	const lines = population.table('sales_order_line');
	const products = population.index('product', 'sku');
	const listedIn = population.table('product').codes('currency');
	const orderedIn = population.table('sales_order').codes('currency');
	const orderOf = population.derive(orderOfLine);
	return lines.ids('sku').map((sku, line) => {
		const product = products.rowOf(sku);
		const order = orderOf[line] as number;
		return product >= 0 && order >= 0 && listedIn[product] === orderedIn[order] ? product : -1;
	});
}

/** By product, the lowest unit price that needs no approval at today's list price: what is below it is a discount of more. */
function lowestPrices(population: Population, percent: bigint): BigInt64Array {
	return population
		.table('product')
		.minors('list_price_minor')
		.map((list) => (list <= 0n ? list : (list * (100n - percent) + 99n) / 100n));
}

function listPriceOf(population: Population, line: number, product: number, changes: FieldChanges): bigint | null {
	const orderedAt = population.table('sales_order').instants('ordered_at')[population.derive(orderOfLine)[line] as number] as number;
	const then = valueAt(population, changes, product, orderedAt);
	return then.kind === 'now' ? (population.table('product').minors('list_price_minor')[product] as bigint) : minorText(then.text);
}

function wrongApprover(population: Population, row: number): ExceptionDraft {
	const approvals = population.table('approval');
	const subject = approvals.text('subject_id', row) ?? '';
	const order = orderOfSubject(population, subject);
	const user = approvals.codes('approver_id')[row] as number;
	const roles = population.table('user_role');
	const ofUser = population.index('user_role', 'user_id').rowsOf(user);
	const held = [...new Set([...ofUser.subarray(0, 20)].map((role) => roles.text('role', role)))].join(', ');
	const orders = population.table('sales_order');
	const discounted = order < 0 ? [] : discountedLines(population, order);
	const [largest] = discounted;
	return {
		orderId: order < 0 ? null : orders.text('order_id', order),
		keys: {
			...keysOf(population, 'approval', row),
			...(order < 0 ? {} : keysOf(population, 'sales_order', order)),
			...(largest ? keysOf(population, 'sales_order_line', largest.line) : {}),
		},
		amountMinor: order < 0 ? null : discounted.reduce((sum, { off }) => sum + off, 0n),
		currency: order < 0 ? null : orders.text('currency', order),
		reason: `${approvals.text('approver_id', row)} approved the discount on ${subject} on ${inTime(approvals.instants('approved_at')[row] as number)} without holding the role approver then (roles on record: ${held || 'none'}).`,
		rows: [
			ref('approval', row),
			...refs('sales_order', [order]),
			...refs(
				'sales_order_line',
				discounted.slice(0, 20).map(({ line }) => line),
			),
			...refs('user_role', ofUser.subarray(0, 20)),
		],
	};
}

/** The lines of an order below today's list price, with what they are below it in minor units, the largest discount first. */
function discountedLines(population: Population, order: number): { readonly line: number; readonly off: bigint }[] {
	const lines = population.table('sales_order_line');
	const lists = population.table('product').minors('list_price_minor');
	const productOf = population.derive(productOfLine);
	const code = population.table('sales_order').codes('order_id')[order] as number;
	const discounted: { line: number; off: bigint }[] = [];
	for (const line of population.index('sales_order_line', 'order_id').rowsOf(code).subarray(0, LINES_MAX)) {
		const product = productOf[line] as number;
		const off = product < 0 ? 0n : (lists[product] as bigint) - (lines.minors('unit_price_minor')[line] as bigint);
		if (off > 0n) discounted.push({ line, off: worthOf(lines.quantities('quantity')[line] as bigint, off) });
	}
	return discounted.sort((a, b) => (a.off === b.off ? a.line - b.line : a.off > b.off ? -1 : 1));
}

/** Lines of one order that are looked at for one approval. */
const LINES_MAX = 1000;

/** The order an approval's subject names, alone or in front of a line id; -1 if it names none. */
function orderOfSubject(population: Population, subject: string): number {
	const dictionary = population.dictionary('order');
	const index = population.index('sales_order', 'order_id');
	const whole = index.rowOf(dictionary.codeOf(subject));
	if (whole >= 0) return whole;
	for (let end = subject.length - 1; end > 0 && end > subject.length - 64; end--) {
		if (!SEPARATORS.includes(subject.charAt(end))) continue;
		const order = index.rowOf(dictionary.codeOf(subject.slice(0, end)));
		if (order >= 0) return order;
	}
	const line = population.index('sales_order_line', 'line_id').rowOf(population.dictionary('line').codeOf(subject));
	return line < 0 ? -1 : (population.derive(orderOfLine)[line] as number);
}

function unapproved(population: Population, line: number, product: number, list: bigint): ExceptionDraft {
	const lines = population.table('sales_order_line');
	const price = lines.minors('unit_price_minor')[line] as bigint;
	const currency = lineCurrency(population, line);
	const tenths = ((list - price) * 1000n) / list;
	return {
		orderId: lines.text('order_id', line),
		keys: keysOf(population, 'sales_order_line', line),
		amountMinor: worthOf(lines.quantities('quantity')[line] as bigint, list - price),
		currency,
		reason: `On ${lineName(population, line)}, ${lines.text('sku', line)} is sold at ${inMoney(price, currency)} against a list price of ${inMoney(list, currency)}: ${tenths / 10n}.${tenths % 10n} % off, and nobody approved a discount.`,
		rows: [...citeLine(population, line, []), ref('product', product)],
	};
}

export const AUTHORITY_TESTS: readonly AuditTest[] = [
	{
		id: 'T82',
		judgesByAbsence: true,
		version: 1,
		title: 'Discount beyond authority',
		severity: 'medium',
		why: 'A discount nobody entitled to has approved gives the margin away.',
		rule: 'A discount was approved by somebody who did not hold the role approver then, or an order line is more than {pct} % below the list price and nobody approved a discount.',
		source: 'AS 2201.42 (design of controls)',
		parameters: [{ name: 'pct', default: 20, unit: 'percent', doc: 'Discount on the list price that needs no approval.' }],
		needs: [
			{ table: 'sales_order', columns: ['order_id', 'contract_id', 'ordered_at', 'currency'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'sku', 'quantity', 'unit_price_minor'] },
			{ table: 'product', columns: ['sku', 'list_price_minor', 'currency'] },
			{ table: 'approval', columns: ['approval_id', 'subject_kind', 'subject_id', 'approver_id', 'approved_at'] },
			{ table: 'user_role', columns: ['user_id', 'role', 'valid_from'] },
		],
		mayRead: ['master_change'],
		run: discountBeyondAuthority,
	},
];
