/** Anomalies of billing, delivery and master data: T01–T15, T33, T38, T79–T84. */

import { DAY, HOUR } from './calendar.ts';
import { person } from './masters.ts';
import { moved, type Spoiler, text } from './mischief.ts';
import { decimal, micro, type Row } from './sealing.ts';
import type { Order } from './world.ts';

const lineKeys = (order: Order) => ({ order_id: order.id, line_id: '10' });
const invoiceLineKeys = (line: Row) => ({ invoice_id: text(line['invoice_id']), line_no: text(line['line_no']) });

/** Rewrites the quantity of an invoice line, and what follows from it. */
function requantify({ only }: Spoiler, line: Row, quantity: bigint): void {
	const invoice = only('invoice', 'invoice_id', line['invoice_id']);
	const share = (column: string) => Math.round((Number(line[column]) * Number(quantity)) / Number(micro(text(line['quantity']))));
	const [amount, tax] = [share('amount_minor'), share('tax_minor')];
	invoice['total_minor'] = Number(invoice['total_minor']) - Number(line['amount_minor']) - Number(line['tax_minor']) + amount + tax;
	Object.assign(line, { quantity: decimal(quantity), amount_minor: amount, tax_minor: tax });
}

function unbill({ drop, invoiceOf }: Spoiler, order: Order): void {
	const { row } = invoiceOf(order);
	for (const table of ['invoice', 'invoice_line', 'payment']) drop(table, (other) => other['invoice_id'] === row['invoice_id']);
}

function copyInvoice(spoil: Spoiler, order: Order, number: string, over: Row = {}): string {
	const { row } = spoil.invoiceOf(order);
	const id = `iv~copy/${order.id}`;
	const lines = (spoil.world.tables['invoice_line'] ?? []).filter((line) => line['invoice_id'] === row['invoice_id']);
	spoil.world.tables['invoice_line']?.push(...lines.map((line) => ({ ...line, invoice_id: id })));
	spoil.world.tables['invoice']?.push({ ...row, invoice_id: id, invoice_no: number, ...over });
	return id;
}

const isSmall = (order: Order) => order.lines.length === 1;
const before60 = (order: Order) => order.start < Date.parse('2026-08-15T00:00:00.000Z');

export function plantQuantities(spoil: Spoiler): void {
	const { take, plant, rows, invoiceOf } = spoil;
	const unbilled = take(['plain', 'hold'], before60);
	unbill(spoil, unbilled);
	for (const test of ['T01', 'T04', 'T05']) plant(test, unbilled, lineKeys(unbilled));
	const halfBilled = take(['on_shipment'], before60);
	const half = invoiceOf(halfBilled).line;
	requantify(spoil, half, micro(text(half['quantity'])) / 2n);
	for (const test of ['T01', 'T04', 'T05']) plant(test, halfBilled, lineKeys(halfBilled));

	const early = take(['on_shipment', 'ex_works'], isSmall);
	const bill = invoiceOf(early);
	bill.row['issued_at'] = moved(rows('shipment', early)[0]?.['shipped_at'], -3 * DAY);
	plant('T02', early, invoiceLineKeys(bill.line));
	const over = take(['plain', 'backorder'], isSmall);
	const tooMuch = invoiceOf(over).line;
	requantify(spoil, tooMuch, micro(text(tooMuch['quantity'])) + 2_000_001n);
	plant('T02', over, invoiceLineKeys(tooMuch));
	const ordered = take(['plain', 'hold'], isSmall);
	const orderLine = rows('sales_order_line', ordered)[0] as Row;
	orderLine['quantity'] = decimal(micro(text(orderLine['quantity'])) + 5_000_000n);
	plant('T05', ordered, lineKeys(ordered));
	const shipped = take(['backorder', 'manual'], isSmall);
	const parcel = rows('shipment', shipped)[0] as Row;
	parcel['quantity'] = decimal(micro(text(parcel['quantity'])) + 1n);
	plant('T09', shipped, lineKeys(shipped));
	const unproven = take(['plain', 'discounted', 'hold', 'backorder'], (order) => order.pod);
	const proofless = rows('shipment', unproven)[0] as Row;
	spoil.drop('document', (row) => row['document_id'] === proofless['pod_document_id']);
	for (const event of rows('order_event', unproven)) if (event['document_id'] === proofless['pod_document_id']) event['document_id'] = null;
	proofless['pod_document_id'] = null;
	plant('T09', unproven, lineKeys(unproven));
	plant('T21', unproven, { shipment_id: text(proofless['shipment_id']) });
}

export function plantInvoices(spoil: Spoiler): void {
	const { take, plant, invoiceOf, world, rows, only } = spoil;
	const { tables } = world;
	for (const orderId of [null, '受注/2025/9999']) {
		const order = take(['ex_works', 'manual', 'fallback', 'discounted'], isSmall);
		const { line } = invoiceOf(order);
		Object.assign(line, { order_id: orderId, line_id: orderId === null ? null : '10' });
		plant('T06', orderId === null ? null : undefined, invoiceLineKeys(line));
	}
	const phantom = {
		...(tables['shipment']?.[0] as Row),
		shipment_id: '出荷/幽霊',
		order_id: 'PV 777777-0',
		pod_document_id: null,
		tracking_no: 'BR·none',
	};
	tables['shipment']?.push(phantom);
	plant('T07', undefined, { shipment_id: '出荷/幽霊' });
	const cancelled = take(['cancelled']);
	const at = rows('order_event', cancelled).find((row) => row['to_state'] === 'cancelled')?.['occurred_at'];
	tables['shipment']?.push({
		...phantom,
		shipment_id: '出荷/遅い',
		order_id: cancelled.id,
		line_id: '10',
		shipped_at: moved(at, 20 * HOUR),
		delivered_at: null,
		quantity: '1',
		tracking_no: 'late·1',
	});
	plant('T07', cancelled, { shipment_id: '出荷/遅い' });
	for (const change of [3, -7]) {
		const order = take(['three_parts', 'partial_return', 'company_wins', 'acceptance']);
		const { line, row } = invoiceOf(order);
		const unit = Number(line['unit_price_minor']) + change * 10;
		const amount = Math.round((unit * Number(micro(text(line['quantity'])))) / 1e6);
		const tax = line['tax_rate'] === null ? 0 : Math.round(amount * Number(line['tax_rate']));
		row['total_minor'] = Number(row['total_minor']) + amount - Number(line['amount_minor']) + tax - Number(line['tax_minor']);
		Object.assign(line, { unit_price_minor: unit, amount_minor: amount, tax_minor: tax });
		plant('T08', order, invoiceLineKeys(line));
	}
	for (const currency of ['EUR', 'SAR']) {
		const order = take(['credit_hold', 'partial_return', 'reversed_then_reinstated']);
		const { row } = invoiceOf(order);
		row['currency'] = currency;
		plant('T10', order, { invoice_id: text(row['invoice_id']) });
	}
	for (const off of [2, -40]) {
		const order = take(['acceptance', 'three_parts', 'backorder'], ({ entity }) => entity.key === 'br');
		const { row, line } = invoiceOf(order);
		line['tax_minor'] = Number(line['tax_minor']) + off;
		row['total_minor'] = Number(row['total_minor']) + off;
		plant('T11', order, invoiceLineKeys(line));
	}
	const again = take(['plain', 'hold', 'backorder'], (order) => order.purchaseOrder !== null);
	plant('T12', again, { invoice_id: copyInvoice(spoil, again, 'Ω-77001') });
	const sameDay = take(['plain', 'hold', 'backorder', 'discounted'], (order) => order.purchaseOrder === null);
	plant('T12', sameDay, {
		invoice_id: copyInvoice(spoil, sameDay, 'Ω-77002', { issued_at: moved(invoiceOf(sameDay).row['issued_at'], 60_000) }),
	});
	plant('T13', sameDay, { invoice_id: `iv~copy/${sameDay.id}` });
	const alike = take(['credit_hold', 'company_wins', 'ex_works', 'acceptance_parts'], ({ entity }) => entity.key === 'kw');
	const number = text(invoiceOf(alike).row['invoice_no']);
	const alikeId = copyInvoice(spoil, alike, `1NV-${number.slice(4).replaceAll('0', 'O').replace('/', '.')}`, { total_minor: 1 });
	plant('T13', alike, { invoice_id: alikeId });
	for (const key of ['jp', 'br'] as const) {
		const order = take(
			['partial_return', 'company_wins', 'reversed_then_reinstated', 'credit_hold'],
			({ entity, start }) => entity.key === key && new Date(start).getUTCDate() < 18,
		);
		const { row } = invoiceOf(order);
		unbill(spoil, order);
		plant('T14', null, { entity_id: order.entity.id, series: text(row['series']) });
	}
	for (const key of ['br', 'kw'] as const) {
		const order = take(['three_parts', 'acceptance', 'company_wins', 'ex_works', 'acceptance_parts'], ({ entity }) => entity.key === key);
		const { row } = invoiceOf(order);
		row['issued_at'] = moved(row['issued_at'], -9 * DAY);
		plant('T15', undefined, { invoice_id: text(row['invoice_id']) });
	}
	for (const days of [120, 400]) {
		const order = take(['three_parts', 'backorder', 'manual', 'discounted', 'fallback']);
		const { row } = invoiceOf(order);
		row['due_at'] = moved(row['issued_at'], days * DAY);
		plant('T38', order, { invoice_id: text(row['invoice_id']) });
	}
	const credited = take(['partial_return']);
	const memo = rows('invoice_line', credited).find(
		(line) => only('invoice', 'invoice_id', line['invoice_id'])['kind'] === 'credit_memo',
	) as Row;
	requantify(spoil, memo, micro(text(memo['quantity'])) * 9n);
	plant('T33', credited, lineKeys(credited));
	const reversed = take(['full_return']);
	const reversal = rows('revenue_event', reversed).find((row) => row['kind'] === 'reverse') as Row;
	reversal['amount_minor'] = Number(reversal['amount_minor']) + 5000;
	plant('T33', reversed, lineKeys(reversed));
}

export function plantMasters(spoil: Spoiler): void {
	const { take, plant, rows, world, only, drop } = spoil;
	const { tables } = world;
	for (const obligation of [null, 'OB|nowhere']) {
		const order = take(['ex_works', 'manual', 'plain', 'hold', 'backorder']);
		(rows('sales_order_line', order)[0] as Row)['obligation_id'] = obligation;
		plant('T79', order, lineKeys(order));
	}
	for (const [change, system] of [
		['mc-0-a', 'PIM'],
		['mc-1-b', 'planilha do João'],
	] as const) {
		only('master_change', 'change_id', change)['system'] = system;
		plant('T80', null, { change_id: change });
	}
	const like = only('customer', 'customer_id', 'BR/0001');
	tables['customer']?.push(
		{ ...like, customer_id: 'BR/0901', name: 'Outra Razão', tin: text(like['tin']).replace(/(...)/g, '$1.-') },
		{ ...only('customer', 'customer_id', 'JP/0001'), customer_id: 'JP/0902', name: '山田製作所', tin: null },
	);
	plant('T81', null, { customer_id: 'BR/0901' });
	plant('T81', null, { customer_id: 'JP/0902' });
	const bare = take(['discounted']);
	drop('approval', (row) => row['subject_id'] === bare.id);
	plant('T82', bare, {});
	const wrong = take(['discounted']);
	only('approval', 'subject_id', wrong.id)['approver_id'] = person(wrong.entity, 'sales', 2);
	plant('T82', wrong, {});
	for (const key of ['kw', 'br'] as const) {
		const order = take(['fallback'], ({ entity }) => entity.key === key);
		const revenue = rows('revenue_event', order)[0] as Row;
		drop('approval', (row) => row['subject_id'] === revenue['revenue_id']);
		const shipment = rows('shipment', order)[0] as Row;
		drop('document', (row) => row['document_id'] === shipment['pod_document_id']);
		for (const event of rows('order_event', order)) event['document_id'] = null;
		shipment['pod_document_id'] = null;
		plant('T83', order, { revenue_id: text(revenue['revenue_id']) });
	}
	for (let n = 0; n < 2; n++) {
		const order = take(
			['plain', 'three_parts', 'hold', 'backorder'],
			({ customer, start }) => customer.endsWith('5') && start > Date.parse('2026-06-01T00:00:00.000Z'),
		);
		only('customer', 'customer_id', order.customer)['credit_limit_minor'] = 1000;
		for (const row of rows('order_event', order))
			if (row['actor_role'] === 'credit') Object.assign(row, { actor_role: 'system', actor_id: person(order.entity, 'batch') });
		plant('T84', order, { order_id: order.id });
	}
}
