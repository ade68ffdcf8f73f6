/** Contracts that change on the way, and services that are rendered over time. */

import { HOUR, ts } from './calendar.ts';
import { bill, finish } from './invoicing.ts';
import { find, person } from './masters.ts';
import { catchUpTo, transfer } from './recognising.ts';
import type { Row } from './sealing.ts';
import { tell } from './telling.ts';
import { addTo, half, isService, type Line, MINUTE, ONE, type Order, qty, type World } from './world.ts';

export function amend(world: World, order: Order, time: number): void {
	const { entity, scenario } = order;
	const n = world.tables['contract_amendment']?.length ?? 0;
	const line = order.lines[0] as Line;
	const row: Row = {
		amendment_id: `adt ${n}/26`, contract_id: order.contract, order_id: order.id, effective_at: ts(time), signed_at: ts(time - 5 * HOUR), approved_by: person(entity, 'approver', 2), approved_at: ts(time - 4 * HOUR),
		adds_distinct: scenario === 'separate', at_ssp: scenario === 'separate', remaining_distinct: scenario === 'prospective', delta_price_minor: 0, treatment: scenario, catch_up_minor: null,
	}; // biome-ignore format: one record
	const revise = (changed: Line, unit: number) => {
		const revised = Number(half(BigInt(unit) * changed.ordered, ONE));
		const delta = revised - changed.amount;
		Object.assign(changed, { unit, amount: revised, allocated: changed.allocated + delta });
		const orderLine = world.tables['sales_order_line']?.find((known) => known['order_id'] === order.id && known['line_id'] === changed.id);
		if (orderLine) Object.assign(orderLine, { unit_price_minor: unit, amount_minor: revised });
		find(world.tables['obligation'], 'obligation_id', changed.obligation)['allocated_minor'] = changed.allocated;
		return delta;
	};
	if (scenario === 'separate') {
		const extra = newLine(world, order, 2, 3_000_000n, 0);
		row['delta_price_minor'] = extra.amount;
	} else {
		let delta = 0;
		for (const each of order.lines) delta += revise(each, each.unit + (n % 2 === 0 ? 100 : -100));
		row['delta_price_minor'] = delta;
	}
	order.row['total_minor'] = order.lines.reduce((sum, { amount }) => sum + amount, 0);
	order.row['revision'] = 2;
	tell(world, order, time, 'order.amended', 'sales', person(entity, 'sales'), {});
	if (scenario === 'catch_up') {
		const target = Number(half(BigInt(line.allocated) * line.transferred, line.ordered));
		row['catch_up_minor'] = target - line.recognised;
		catchUpTo(world, order, line, time + MINUTE, {});
	}
	addTo(world, 'contract_amendment', row);
}

export function newLine(world: World, order: Order, n: number, ordered: bigint, discount: number): Line {
	const product = world.tables['product']?.filter((row) => String(row['sku']).startsWith(order.entity.key))[world.roll.whole(6)] as Row;
	const list = order.currency === product['currency'] ? Number(product['list_price_minor']) : 100 * world.roll.between(20, 90);
	const unit = (list * (100 - discount)) / 100;
	const amount = Number(half(BigInt(unit) * ordered, ONE));
	const line: Line = {
		id: `${n * 10}`, sku: String(product['sku']), ordered, unit, amount, ssp: Number(half(BigInt(list) * ordered, ONE)), allocated: amount, obligation: `OB|${order.id}|${n}`, transferred: 0n, returned: 0n, recognised: 0, billed: 0n,
	}; // biome-ignore format: one record
	order.lines.push(line);
	addTo(world, 'sales_order_line', {
		order_id: order.id,
		line_id: line.id,
		sku: line.sku,
		quantity: qty(order, ordered),
		unit_price_minor: unit,
		amount_minor: amount,
		obligation_id: line.obligation,
	});
	addTo(world, 'obligation', {
		obligation_id: line.obligation, contract_id: order.contract, order_id: order.id, line_id: line.id, description: '義務', ssp_minor: line.ssp, allocated_minor: line.allocated,
		method: isService(order) ? 'over_time' : order.scenario === 'three_parts' || order.scenario === 'catch_up' ? 'units_delivered' : 'point_in_time',
	}); // biome-ignore format: one record
	return line;
}

export function serve(world: World, order: Order, time: number): void {
	const { entity } = order;
	const line = order.lines[0] as Line;
	tell(world, order, time, 'order.picking', 'service', person(entity, 'service'), { to: 'in_service' });
	const steps = Number(line.ordered / ONE);
	for (let n = 1; n <= steps; n++) {
		const when = time + n * 55 * HOUR;
		world.at(when, () => {
			const event = tell(world, order, when, 'line.delivered', 'carrier', person(entity, 'carrier'), {
				line: line.id,
				quantity: qty(order, ONE),
			});
			transfer(world, order, line, ONE, when, event);
			if (n < steps) return;
			if (order.billing === 'milestone')
				world.at(when + 2 * HOUR, () => bill(world, [{ order, line, quantity: line.ordered, shipment: null }], when + 2 * HOUR));
			finish(world, order, when + 20 * HOUR);
		});
	}
}
