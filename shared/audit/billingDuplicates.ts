/** T12: the same invoice under two numbers. */
import { absolute, DAY_MS, localTime } from '#kernel';
import { PairIndex, type Population } from '#population';
import { calendarOfEntity } from '#revenue';
import { areOfDifferentReturns, coverOf, differsInNumber, isBeyond, isCreditMemo, isTakenBack, KnownInvoices } from './billingCover.ts';
import { orderOfInvoice } from './billingDraft.ts';
import { inMoney, inTime, keysOf, refs } from './draft.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Reading: the issue day is the entity's local one. Two invoices that name shipments are compared by them. Without shipments they are
 * compared by order lines, and are instalments, not duplicates, while no line is billed beyond what was ordered (or shipped). Two
 * credit memos are duplicates only if more is credited than came back. An invoice wholly credited was taken back and is no duplicate.
 */
function duplicateExact({ population }: AuditContext): Outcome {
	const invoices = population.table('invoice');
	const alike = new PairIndex(invoices.codes('customer_id'), fingerprints(population));
	const exceptions: ExceptionDraft[] = [];
	for (let pair = 0; pair < alike.size; pair++) {
		const rows = alike.rowsOfPair(pair);
		if (rows.length < 2) continue;
		for (const group of groupsOf(population, rows))
			for (const [later, earlier] of duplicatesIn(population, group)) exceptions.push(duplicate(population, later, earlier));
	}
	return { tested: invoices.rows, exceptions, open: 0 };
}

/** A number for kind, currency, total and purchase order, so that few unlike invoices meet: not negative. */
function fingerprints(population: Population): Int32Array {
	const invoices = population.table('invoice');
	const kinds = invoices.codes('kind');
	const currencies = invoices.codes('currency');
	const totals = wordsOf(invoices.minors('total_minor'));
	const orders = invoices.codes('purchase_order');
	const prints = new Int32Array(invoices.rows);
	for (let row = 0; row < prints.length; row++) {
		let print = Math.imul((totals[2 * row] as number) ^ Math.imul(totals[2 * row + 1] as number, 0x9e3779b1), 0x85ebca6b);
		print = Math.imul(print ^ (print >>> 15) ^ (orders[row] as number), 0xc2b2ae35);
		print = Math.imul(print ^ (print >>> 13) ^ (kinds[row] as number), 0x27d4eb2f);
		prints[row] = (print ^ (print >>> 16) ^ (currencies[row] as number)) & 0x7fffffff;
	}
	return prints;
}

/** The 32-bit halves of 64-bit cells. */
const wordsOf = (cells: BigInt64Array): Int32Array => new Int32Array(cells.buffer, cells.byteOffset, 2 * cells.length);

/** Splits invoices of one customer and fingerprint by what they really share; each group in order of issue. */
function groupsOf(population: Population, rows: Int32Array): number[][] {
	const invoices = population.table('invoice');
	const issuedAt = invoices.instants('issued_at');
	const groups = new Map<string, number[]>();
	for (const row of [...rows].sort((a, b) => (issuedAt[a] as number) - (issuedAt[b] as number) || a - b)) {
		const purchaseOrder = invoices.text('purchase_order', row) ?? '';
		const basis = purchaseOrder === '' ? `day ${issueDay(population, row)}` : `PO ${purchaseOrder}`;
		const key = `${invoices.codes('kind')[row]}/${invoices.codes('currency')[row]}/${invoices.minors('total_minor')[row]}/${basis}`;
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	return [...groups.values()].filter((group) => group.length > 1);
}

function issueDay(population: Population, row: number): number {
	const invoices = population.table('invoice');
	const at = invoices.instants('issued_at')[row] as number;
	const calendar = population.has('entity') ? calendarOfEntity(population, invoices.codes('entity_id')[row] as number) : null;
	return calendar ? localTime(at, calendar.timezone).day : Math.floor(at / DAY_MS);
}

function* duplicatesIn(population: Population, group: readonly number[]): Generator<readonly [later: number, earlier: number]> {
	const known = new KnownInvoices();
	for (const row of group) {
		if (isTakenBack(population, row)) continue;
		const cover = coverOf(population, row);
		const earlier = known.sameShipments(cover) ?? (isBeyond(population, row, cover) ? known.sameLines(cover) : undefined);
		if (earlier !== undefined && differsInNumber(population, row, earlier) && !areOfDifferentReturns(population, row, earlier, cover))
			yield [row, earlier];
		known.add(row, cover);
	}
}

function duplicate(population: Population, later: number, earlier: number): ExceptionDraft {
	const invoices = population.table('invoice');
	const issuedAt = invoices.instants('issued_at');
	const total = absolute(invoices.minors('total_minor')[later] as bigint);
	const currency = invoices.text('currency', later);
	const purchaseOrder = invoices.text('purchase_order', later);
	const basis = purchaseOrder ? `the same purchase order ${purchaseOrder}` : 'no purchase order on either and the same issue day';
	return {
		orderId: orderOfInvoice(population, later),
		keys: keysOf(population, 'invoice', later),
		amountMinor: total,
		currency,
		reason: `${isCreditMemo(population, later) ? 'Credit memo' : 'Invoice'} ${invoices.text('invoice_no', later)} (${inTime(issuedAt[later] as number)}) repeats ${invoices.text('invoice_no', earlier)} (${inTime(issuedAt[earlier] as number)}): customer ${invoices.text('customer_id', later)}, ${inMoney(total, currency)}, ${basis}, and no different shipments.`,
		rows: [...refs('invoice', [earlier, later]), ...[earlier, later].flatMap((row) => linesOfInvoice(population, row))],
	};
}

function linesOfInvoice(population: Population, invoice: number) {
	if (!population.has('invoice_line')) return [];
	const code = population.table('invoice').codes('invoice_id')[invoice] as number;
	return refs('invoice_line', population.index('invoice_line', 'invoice_id').rowsOf(code).subarray(0, 20));
}

export const DUPLICATE_TESTS: readonly AuditTest[] = [
	{
		id: 'T12',
		judgesByAbsence: true,
		version: 1,
		title: 'Duplicate invoice, exact',
		severity: 'high',
		why: 'A sale billed twice overstates receivables and revenue, and costs the customer’s trust when it is paid twice.',
		rule: 'Two invoices of the same kind, customer, total and currency, with the same purchase order (or none on both and the same issue day), have different numbers and do not cover different shipments.',
		source: 'AS 1105.11 (existence or occurrence)',
		parameters: [],
		needs: [
			{
				table: 'invoice',
				columns: ['invoice_id', 'invoice_no', 'entity_id', 'customer_id', 'kind', 'issued_at', 'currency', 'total_minor'],
			},
			{ table: 'invoice_line', columns: ['invoice_id', 'line_no', 'quantity', 'unit_price_minor'] },
		],
		mayRead: ['entity', 'sales_order', 'sales_order_line', 'shipment', 'contract', 'obligation', 'order_event', 'dispute'],
		run: duplicateExact,
	},
];
