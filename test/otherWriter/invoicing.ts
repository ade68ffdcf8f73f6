/** Invoices: at once, later, consolidated; and payments of them. */

import { DAY, HOUR, localMonth, ts } from './calendar.ts';
import { person } from './masters.ts';
import { micro, type Row } from './sealing.ts';
import { tell } from './telling.ts';
import { addTo, half, type Line, MINUTE, ONE, type Order, type Part, qty, type World } from './world.ts';

export function bill(
	world: World,
	parts: readonly Part[],
	time: number,
	kind: 'invoice' | 'credit_memo' = 'invoice',
	how: { readonly corrects?: string; readonly tax?: string; readonly again?: boolean } = {},
): Row {
	const order = parts[0]?.order as Order;
	const { entity } = order;
	const memo = kind === 'credit_memo';
	const series =
		entity.key === 'jp'
			? localMonth(time, entity).replace('-', '').slice(2)
			: entity.key === 'kw'
				? memo
					? 'CR'
					: 'INV'
				: memo
					? 'série NC'
					: 'série 1';
	const counter = `${entity.id}/${series}/${memo && entity.key === 'jp' ? 'memo' : ''}`;
	const number = (world.numbers.get(counter) ?? 0) + 1;
	world.numbers.set(counter, number);
	const text = {
		jp: `請${memo ? '返' : ''}${series}-${String(number).padStart(4, '0')}`,
		kw: `${series}/${String(number).padStart(5, '0')}/2026`,
		br: `NF${memo ? 'C' : 'E'}-${String(number).padStart(7, '0')}`,
	}[entity.key];
	const id = `${memo ? 'cm' : 'iv'}~${world.roll.uuid()}`;
	const taxRate = how.tax ?? (order.currency === 'USD' ? null : entity.tax);
	let total = 0;
	for (const [index, part] of parts.entries()) {
		const amount = Number(half(BigInt(part.line.unit) * part.quantity, ONE));
		const tax = taxRate === null ? 0 : Number(half(BigInt(amount) * micro(taxRate), ONE));
		total += amount + tax;
		if (!how.again) part.line.billed += memo ? -part.quantity : part.quantity;
		addTo(world, 'invoice_line', {
			invoice_id: id, line_no: (index + 1) * 10, order_id: part.order.id, line_id: part.line.id, shipment_id: part.shipment, sku: part.line.sku, quantity: qty(order, part.quantity),
			unit_price_minor: part.line.unit, amount_minor: amount, tax_rate: taxRate, tax_minor: tax,
		}); // biome-ignore format: one record
	}
	if (!memo && entity.key === 'br' && order.scenario === 'two_lines') {
		addTo(world, 'invoice_line', {
			invoice_id: id,
			line_no: 990,
			order_id: order.id,
			line_id: null,
			shipment_id: null,
			sku: 'br-品/6',
			quantity: '1',
			unit_price_minor: 990,
			amount_minor: 990,
			tax_rate: '0',
			tax_minor: 0,
		});
		total += 990;
	}
	const row = addTo(world, 'invoice', {
		invoice_id: id, invoice_no: text, series: memo && entity.key === 'jp' ? `${series}返` : series, entity_id: entity.id, customer_id: order.customer, kind, issued_at: ts(time), due_at: memo ? null : ts(time + entity.termDays * DAY),
		currency: order.currency, total_minor: total, corrects_invoice_id: how.corrects ?? null, purchase_order: order.purchaseOrder, entered_by: person(entity, 'billing', memo ? 2 : 1), approved_by: memo ? person(entity, 'approver', 1) : null,
	}); // biome-ignore format: one record
	const owed = `${order.customer}/${order.currency}`;
	world.receivable.set(owed, (world.receivable.get(owed) ?? 0) + (memo ? -total : total));
	if (memo || how.tax !== undefined) return row;
	const pay = (amount: number, when: number) =>
		world.at(when, () => {
			if (amount <= 0) return;
			addTo(world, 'payment', {
				payment_id: `入金 ${world.roll.uuid()}`,
				invoice_id: id,
				received_at: ts(when),
				amount_minor: amount,
				currency: order.currency,
			});
			world.receivable.set(owed, (world.receivable.get(owed) ?? 0) - amount);
		});
	if (order.scenario.includes('return') || order.scenario === 'customer_wins' || order.scenario === 'advance_cancelled') return row;
	const first = world.roll.whole(3) === 0 ? Math.floor(total / 3) : total;
	pay(first, time + world.roll.between(5, 40) * DAY);
	pay(total - first, time + world.roll.between(41, 70) * DAY);
	return row;
}

/** Bills now, pools for the customer's weekly invoice, or waits for the order's last part: as the order's terms say. */
export function billLater(world: World, order: Order, part: Part, time: number, last: boolean): void {
	if (order.billing === 'advance' || order.billing === 'milestone' || order.scenario === 'bill_and_hold') return;
	if (order.scenario === 'consolidated') {
		const key = `${order.customer}/${order.currency}`;
		const waiting = world.pool.get(key) ?? [];
		waiting.push(part);
		world.pool.set(key, waiting);
		if (waiting.length > 1) return;
		world.at(time + 60 * HOUR, () => {
			bill(world, world.pool.get(key) ?? [], time + 60 * HOUR);
			world.pool.set(key, []);
		});
		return;
	}
	if (order.scenario === 'two_lines' || order.scenario === 'acceptance_parts') {
		if (!last) return;
		const when = time + 9 * HOUR;
		world.at(when, () => {
			const shipments = (world.tables['shipment'] ?? []).filter((row) => row['order_id'] === order.id);
			bill(
				world,
				shipments.map((row) => ({
					order,
					line: order.lines.find(({ id }) => id === row['line_id']) as Line,
					quantity: micro(String(row['quantity'])),
					shipment: String(row['shipment_id']),
				})),
				when,
			);
		});
		return;
	}
	const when = time + world.roll.between(60, 400) * MINUTE;
	world.at(when, () => {
		if (order.scenario !== 'wrong_tax') {
			bill(world, [part], when);
			return;
		}
		const wrong = String(bill(world, [part], when, 'invoice', { tax: '0.25' })['invoice_id']);
		world.at(when + 5 * HOUR, () => {
			bill(world, [part], when + 5 * HOUR, 'credit_memo', { corrects: wrong, tax: '0.25' });
			bill(world, [part], when + 6 * HOUR, 'invoice', { corrects: wrong });
		});
	});
}

export function finish(world: World, order: Order, time: number): void {
	const { entity } = order;
	world.at(time, () => tell(world, order, time, 'order.fulfilled', 'system', person(entity, 'batch'), { to: 'fulfilled' }));
	const close = (when: number) =>
		world.at(when, () => {
			if (order.lines.some((line) => line.billed !== line.ordered - line.returned)) close(when + 11 * HOUR);
			else tell(world, order, when, 'order.closed', 'system', person(entity, 'batch'), { to: 'closed' });
		});
	close(time + world.roll.between(20, 50) * HOUR);
}
