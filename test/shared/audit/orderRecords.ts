/** Records of one small company's orders, events and people, complete and lawful unless a case says otherwise. */
import type { Json } from '#kernel';
import type { Row } from './populate.ts';

export const DAY_MS = 86_400_000;
export const MINUTE_MS = 60_000;

/** The instant `ms` after another, in wire form. */
export const later = (from: string, ms: number): string => new Date(Date.parse(from) + ms).toISOString();

export const START = '2026-03-02T09:00:00.000Z';

export const order = (orderId: string, overrides: Row = {}): Row => ({
	order_id: orderId,
	entity_id: 'E1',
	customer_id: 'C1',
	contract_id: 'K1',
	ordered_at: START,
	currency: 'USD',
	total_minor: 120_000,
	state: 'closed',
	schema_version: 1,
	revision: 1,
	region: 'north',
	...overrides,
});

export const ENTITY: Row = {
	entity_id: 'E1',
	name: 'Entity One',
	jurisdiction: 'US',
	currency: 'USD',
	timezone: 'America/New_York',
	workdays: 'Mon-Fri',
	day_start: '08:00',
	day_end: '18:00',
};

let numbers = 0;

/** An event; `order_seq` and `source_seq` count on where not given, an hour after the start for each running number. */
export const event = (orderId: string, overrides: Row = {}): Row => {
	numbers++;
	const occurredAt = typeof overrides['occurred_at'] === 'string' ? overrides['occurred_at'] : START;
	return {
		event_id: `EV${numbers}`,
		order_id: orderId,
		order_seq: 1,
		line_id: null,
		type: 'order.amended',
		from_state: null,
		to_state: null,
		occurred_at: occurredAt,
		recorded_at: later(occurredAt, 10_000),
		actor_id: 'U-SALES',
		actor_role: 'sales',
		source_system: 'erp',
		source_seq: numbers,
		quantity: null,
		reason_code: null,
		corrects_event_id: null,
		document_id: null,
		schema_version: 1,
		prev: null,
		...overrides,
	};
};

type Step = readonly [to: string | null, overrides?: Row];

/** A history through the given states, an hour apart, each leaving the state the one before reached. */
export function history(orderId: string, steps: readonly Step[]): Row[] {
	let state: Json = null;
	return steps.map(([to, overrides = {}], at) => {
		const row = event(orderId, {
			event_id: `${orderId}-${at + 1}`,
			order_seq: at + 1,
			from_state: to === null ? null : state,
			to_state: to,
			occurred_at: later(START, at * 60 * MINUTE_MS),
			...ROLE_OF[to ?? ''],
			...overrides,
		});
		const reached = row['to_state'] as Json;
		if (reached !== null) state = reached;
		return row;
	});
}

/** Who usually brings an order into a state. */
const ROLE_OF: Readonly<Record<string, Row>> = {
	booked: { type: 'order.booked', actor_id: 'U-SALES', actor_role: 'sales' },
	credit_hold: { type: 'order.credit_held', actor_id: 'U-CREDIT', actor_role: 'credit' },
	released: { type: 'order.released', actor_id: 'U-CREDIT', actor_role: 'credit' },
	picking: { type: 'order.picking', actor_id: 'U-STORE', actor_role: 'fulfilment' },
	partially_shipped: { type: 'line.shipped', actor_id: 'U-STORE', actor_role: 'fulfilment' },
	shipped: { type: 'line.shipped', actor_id: 'U-STORE', actor_role: 'fulfilment' },
	delivered: { type: 'line.delivered', actor_id: 'U-CARRIER', actor_role: 'carrier' },
	closed: { type: 'order.closed', actor_id: 'U-SYSTEM', actor_role: 'system' },
	on_hold: { type: 'order.held', actor_id: 'U-CREDIT', actor_role: 'credit' },
};

export const transition = (from: string, to: string, roles: string, overrides: Row = {}): Row => ({
	version: 1,
	from_state: from,
	to_state: to,
	valid_from: '2026-01-01T00:00:00.000Z',
	valid_to: null,
	roles,
	mandatory: false,
	...overrides,
});

export const TRANSITIONS: readonly Row[] = [
	transition('booked', 'credit_hold', 'credit,system'),
	transition('credit_hold', 'released', 'credit'),
	transition('booked', 'released', 'credit,system', { mandatory: true }),
	transition('released', 'picking', 'fulfilment', { mandatory: true }),
	transition('picking', 'partially_shipped', 'fulfilment', { mandatory: true }),
	transition('picking', 'shipped', 'fulfilment', { mandatory: true }),
	transition('released', 'shipped', 'fulfilment'),
	transition('partially_shipped', 'shipped', 'fulfilment'),
	transition('shipped', 'delivered', 'carrier', { mandatory: true }),
	transition('delivered', 'closed', 'system'),
	transition('booked', 'cancelled', 'sales'),
	transition('booked', 'on_hold', 'credit'),
	transition('on_hold', 'booked', 'credit'),
	transition('picking', 'on_hold', 'credit'),
	transition('on_hold', 'picking', 'credit'),
	transition('shipped', 'on_hold', 'credit'),
	transition('on_hold', 'shipped', 'credit'),
];

export const user = (userId: string, overrides: Row = {}): Row => ({
	user_id: userId,
	name: userId,
	active_from: '2025-01-01T00:00:00.000Z',
	active_to: null,
	...overrides,
});

export const grant = (userId: string, role: string, overrides: Row = {}): Row => ({
	user_id: userId,
	role,
	valid_from: '2025-01-01T00:00:00.000Z',
	valid_to: null,
	...overrides,
});

const PEOPLE: readonly (readonly [string, string])[] = [
	['U-SALES', 'sales'],
	['U-CREDIT', 'credit'],
	['U-STORE', 'fulfilment'],
	['U-CARRIER', 'carrier'],
	['U-BILLING', 'billing'],
	['U-SYSTEM', 'system'],
];

export const USERS: readonly Row[] = PEOPLE.map(([userId]) => user(userId));
export const GRANTS: readonly Row[] = PEOPLE.map(([userId, role]) => grant(userId, role));

export const invoice = (invoiceId: string, overrides: Row = {}): Row => ({
	invoice_id: invoiceId,
	invoice_no: invoiceId,
	series: 'A',
	entity_id: 'E1',
	customer_id: 'C1',
	kind: 'invoice',
	issued_at: later(START, DAY_MS),
	due_at: null,
	currency: 'USD',
	total_minor: 119_000,
	corrects_invoice_id: null,
	purchase_order: null,
	entered_by: 'U-BILLING',
	approved_by: null,
	...overrides,
});

export const invoiceLine = (invoiceId: string, orderId: string | null, overrides: Row = {}): Row => ({
	invoice_id: invoiceId,
	line_no: 1,
	order_id: orderId,
	line_id: orderId === null ? null : 'L1',
	shipment_id: null,
	sku: 'S1',
	quantity: '1',
	unit_price_minor: 100_000,
	amount_minor: 100_000,
	tax_rate: '0.19',
	tax_minor: 19_000,
	...overrides,
});
