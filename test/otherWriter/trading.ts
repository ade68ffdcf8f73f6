/** One agenda for the whole group: orders, deliveries, invoices, disputes and payments happen on it in time, and stop at the as-of instant. */

import { amend, newLine, serve } from './amending.ts';
import { AS_OF, DAY, dice, ENTITIES, type Entity, HOUR, ts } from './calendar.ts';
import { ship, splitOf } from './delivering.ts';
import { bill } from './invoicing.ts';
import { find, masters, person } from './masters.ts';
import { approve, post } from './recognising.ts';
import type { Row } from './sealing.ts';
import { tell } from './telling.ts';
import { addTo, agenda, isService, type Line, MINUTE, ONE, type Order, SCENARIOS, type Scenario, type World } from './world.ts';

/** In how many shipments a line goes out. */
function partsOf(scenario: Scenario): number {
	if (scenario === 'two_lines' || scenario === 'dollars') return 2;
	return scenario === 'three_parts' || scenario === 'catch_up' || scenario === 'partial_parts_return' || scenario === 'acceptance_parts'
		? 3
		: 1;
}

function work(world: World, order: Order, time: number): void {
	const { entity, scenario } = order;
	if (isService(order)) {
		world.at(time + 5 * HOUR, () => serve(world, order, time + 5 * HOUR));
		return;
	}
	const pick = time + world.roll.between(5, 20) * HOUR;
	const pack = pick + world.roll.between(2, 9) * HOUR;
	world.at(pick, () => tell(world, order, pick, 'order.picking', 'fulfilment', person(entity, 'fulfilment'), { to: 'picking' }));
	world.at(pack, () => tell(world, order, pack, 'order.picking', 'fulfilment', person(entity, 'fulfilment', 2), { to: 'packed' }));
	let first = pack + world.roll.between(2, 20) * HOUR;
	if (scenario === 'bill_and_hold') {
		const line = order.lines[0] as Line;
		world.at(pack + HOUR, () => {
			post(world, order, line, pack + HOUR, 'recognise', line.allocated);
			bill(world, [{ order, line, quantity: line.ordered, shipment: null }], pack + 2 * HOUR);
		});
		first = pack + 12 * DAY;
	}
	let when = first;
	const queue = order.lines.flatMap((line) => splitOf(line, partsOf(scenario)).map((quantity) => ({ line, quantity })));
	order.parts = queue.length;
	for (const { line, quantity } of queue) {
		const at = when;
		world.at(at, () => ship(world, order, line, quantity, at));
		when += world.roll.between(14, 40) * HOUR;
	}
	if (scenario === 'catch_up') world.at(first + 66 * HOUR, () => amend(world, order, first + 66 * HOUR));
	if (scenario === 'catch_up') {
		const done = () => {
			const line = order.lines[0] as Line;
			if (line.transferred < line.ordered) {
				clock += 12 * HOUR;
				world.at(clock, done);
			} else bill(world, [{ order, line, quantity: line.ordered, shipment: null }], clock);
		};
		let clock = first + 4 * DAY;
		world.at(clock, done);
	}
}

function trade(world: World, order: Order): void {
	const { entity, scenario, start } = order;
	const limit = find(world.tables['customer'], 'customer_id', order.customer)['credit_limit_minor'];
	const open = (world.receivable.get(`${order.customer}/${order.currency}`) ?? 0) + Number(order.row['total_minor']);
	const checked = scenario === 'credit_hold' || (typeof limit === 'number' && open > limit);
	tell(world, order, start, 'order.booked', 'sales', person(entity, 'sales', 1 + world.roll.whole(2)), { to: 'booked' });
	if (order.billing === 'advance')
		world.at(start + 3 * HOUR, () =>
			bill(
				world,
				order.lines.map((line) => ({ order, line, quantity: line.ordered, shipment: null })),
				start + 3 * HOUR,
			),
		);
	let released = start + world.roll.between(4, 30) * HOUR;
	if (checked) {
		world.at(start + HOUR, () =>
			tell(world, order, start + HOUR, 'order.credit_held', 'credit', person(entity, 'credit'), { to: 'credit_hold' }),
		);
		if (world.roll.whole(3) === 0) {
			world.at(start + 40 * HOUR, () => tell(world, order, start + 40 * HOUR, 'order.escalated', 'credit', person(entity, 'credit'), {}));
			released = start + 95 * HOUR;
		}
	}
	if (scenario === 'cancelled' || scenario === 'advance_cancelled') {
		const when = checked ? released : start + 33 * HOUR;
		world.at(when, () => {
			tell(world, order, when, 'order.cancelled', 'sales', person(entity, 'sales', 1), { to: 'cancelled', reason: 'desistência' });
			if (order.billing === 'advance')
				bill(
					world,
					order.lines.map((line) => ({ order, line, quantity: line.ordered, shipment: null })),
					when + HOUR,
					'credit_memo',
				);
		});
		return;
	}
	world.at(released, () => {
		tell(world, order, released, 'order.released', 'credit', person(entity, 'credit'), { to: 'released' });
		let time = released;
		if (scenario === 'backorder') {
			world.at(released + 4 * HOUR, () =>
				tell(world, order, released + 4 * HOUR, 'order.backordered', 'fulfilment', person(entity, 'fulfilment'), { to: 'backordered' }),
			);
			time = released + 30 * HOUR;
		}
		if (scenario === 'hold') {
			const begin = released + 2 * HOUR;
			const end = begin + 40 * HOUR;
			world.at(begin, () => {
				const hold = addTo(world, 'hold', {
					hold_id: `hd/${world.roll.uuid()}`,
					order_id: order.id,
					line_id: null,
					kind: 'hold',
					dispute_id: null,
					opened_at: ts(begin),
					opened_by: person(entity, 'service'),
					closed_at: null,
					closed_by: null,
					reason_code: 'ENDEREÇO',
					quantity: null,
					amount_minor: null,
				});
				tell(world, order, begin, 'order.held', 'service', person(entity, 'service'), { to: 'on_hold' });
				world.at(end, () => {
					Object.assign(hold, { closed_at: ts(end), closed_by: person(entity, 'service', 2) });
					tell(world, order, end, 'order.hold_released', 'service', person(entity, 'service', 2), { to: 'released' });
				});
			});
			time = end + HOUR;
		}
		if (scenario === 'plain' && world.roll.whole(4) === 0) {
			const typo = tell(world, order, released + 1.5 * HOUR, 'order.escalated', 'sales', person(entity, 'sales'), { reason: 'wrong desk' });
			world.at(released + 2 * HOUR, () =>
				tell(world, order, released + 2 * HOUR, 'order.corrected', 'sales', person(entity, 'sales', 2), { corrects: typo, reason: 'typo' }),
			);
		}
		if (scenario === 'separate' || scenario === 'prospective')
			world.at(released + 4 * HOUR, () => amend(world, order, released + 4 * HOUR));
		world.at(time + 4.5 * HOUR, () => work(world, order, time + 4.5 * HOUR));
	});
}

function place(world: World, n: number, count: number): void {
	const span = AS_OF - 2 * HOUR - Date.parse('2026-03-31T23:30:00.000Z');
	const entity = ENTITIES[n % 3] as Entity;
	let start =
		n === 0
			? Date.parse('2026-03-31T23:30:00.000Z')
			: Date.parse('2026-04-01T12:00:00.000Z') + Math.floor((span - 13 * HOUR) * (n / count));
	let scenario = SCENARIOS[Math.floor(n / 3) % SCENARIOS.length] as Scenario;
	const late = start > AS_OF - 30 * DAY;
	if (
		late &&
		['bill_and_hold', 'consolidated', 'catch_up', 'wrong_tax', 'two_lines', 'acceptance_parts', 'prospective', 'separate'].includes(
			scenario,
		)
	)
		scenario = 'plain';
	if (scenario === 'dollars' && entity.key !== 'jp') scenario = 'on_shipment';
	if (n > 0) start += world.roll.whole(10) * MINUTE * 6;
	const customer = `${entity.key.toUpperCase()}/000${scenario === 'dollars' ? 6 + world.roll.whole(2) : entity.key === 'jp' ? [1, 2, 3, 4, 5, 8][world.roll.whole(6)] : 1 + world.roll.whole(8)}`;
	const id =
		entity.key === 'jp' ? `受注/2026/${n}` : entity.key === 'kw' ? `KW-${world.roll.uuid()}` : `PV ${String(n).padStart(6, '0')}-${n % 7}`;
	const contract =
		entity.key === 'br' && ['plain', 'manual', 'hold', 'backorder', 'consolidated'].includes(scenario) ? `quadro ${customer}` : `K/${id}`;
	const currency = scenario === 'dollars' ? 'USD' : entity.currency;
	const acceptance = scenario.startsWith('acceptance');
	const shipmentTerm = scenario === 'on_shipment' || scenario === 'ex_works' || scenario === 'dollars';
	const advance = scenario === 'advance' || scenario === 'advance_cancelled' || scenario === 'service_advance';
	const order: Order = {
		id, scenario, entity, customer, currency, contract, start, lines: [], state: 'draft', shipped: 0, delivered: 0, accepted: 0, told: 0,
		parts: 1,
		term: acceptance ? 'acceptance' : shipmentTerm ? 'shipment' : 'delivery',
		billing: advance ? 'advance' : scenario === 'service' || scenario === 'catch_up' ? 'milestone' : shipmentTerm ? 'on_shipment' : 'on_delivery',
		pod: !shipmentTerm && scenario !== 'bill_and_hold' && (n % 2 === 0 || scenario === 'fallback') && !isServiceName(scenario),
		purchaseOrder: n % 4 === 0 ? `注文書 ${customer}` : n % 4 === 1 ? `PO-${n}` : null,
		row: { order_id: id, entity_id: entity.id, customer_id: customer, contract_id: contract, ordered_at: ts(start), currency, total_minor: 0, state: 'draft', schema_version: 1, revision: 1, region: 'Ásia' },
	}; // biome-ignore format: one record
	const terms: Row = {
		contract_id: contract, entity_id: entity.id, customer_id: customer, signed_at: ts(start - 3 * DAY), approved_by: person(entity, 'approver', 3), approved_at: ts(start - 2 * DAY), currency, price_minor: 0, transfer_term: order.term,
		billing_term: order.billing, pod_required: order.pod, bill_and_hold: scenario === 'bill_and_hold', bill_and_hold_criteria: scenario === 'bill_and_hold' ? 'no_redirect,reason,ready,identified' : '',
	}; // biome-ignore format: one record
	world.at(start, () => {
		let signed = world.tables['contract']?.find((row) => row['contract_id'] === contract);
		if (signed === undefined) signed = addTo(world, 'contract', terms);
		else Object.assign(order, { pod: signed['pod_required'] });
		const discount =
			scenario === 'discounted'
				? 30
				: ['separate', 'prospective', 'catch_up'].includes(scenario)
					? 0
					: ([0, 5, 12, 20][world.roll.whole(4)] ?? 0);
		const whole = BigInt(world.roll.between(4, 40));
		const fraction =
			isServiceName(scenario) || scenario === 'catch_up' ? 0n : BigInt([0, 0, 500_000, 333_333, 1][world.roll.whole(5)] ?? 0);
		newLine(world, order, 1, isServiceName(scenario) ? BigInt(world.roll.between(6, 10)) * ONE : whole * ONE + fraction, discount);
		if (scenario === 'two_lines' || scenario === 'advance') newLine(world, order, 2, BigInt(world.roll.between(2, 9)) * ONE, discount);
		const total = order.lines.reduce((sum, { amount }) => sum + amount, 0);
		order.row['total_minor'] = total;
		signed['price_minor'] = Number(signed['price_minor']) + total;
		if (discount > 20) approve(world, 'discount', id, entity, start, 1);
		addTo(world, 'sales_order', order.row);
		world.orders.push(order);
		trade(world, order);
	});
}

const isServiceName = (scenario: Scenario): boolean => scenario === 'service' || scenario === 'service_advance';

/** The group's trading from April to the as-of instant: everything but the books. */
export function tradeYear(seed: number, count: number): World {
	const world: World = {
		seed, tables: masters(seed), documents: new Map(), disclosures: [], orders: [], roll: dice(`trade/${seed}`), receivable: new Map(), numbers: new Map(), pool: new Map(), ...agenda(),
	}; // biome-ignore format: one record
	for (let n = 0; n < count; n++) place(world, n, count);
	world.run();
	return world;
}
