/** Orders and their events as producers send them: NDJSON of the intake's contract, made up before any clock runs. */
import { utf8 } from '#kernel';

const EVENTS_EACH = 5;
/** Orders under way at once: their events take turns. */
const OPEN_ORDERS = 2_000;
const STATES = ['booked', 'released', 'picking', 'shipped', 'delivered', 'accepted'] as const;

const orderId = (order: number): string => `SO-${1_000_000 + order}`;

function orderRow(order: number): object {
	return {
		order_id: orderId(order),
		entity_id: 'E1',
		customer_id: `C${order % 500}`,
		contract_id: `K${order % 700}`,
		ordered_at: '2026-03-01T09:00:00.000Z',
		currency: 'EUR',
		total_minor: 10_000 + (order % 9_000),
		state: 'booked',
		schema_version: 1,
		revision: 1,
		region: (['EMEA', 'AMER', 'APAC'] as const)[order % 3],
	};
}

function eventRecord(order: number, step: number, no: number): object {
	const at = Date.UTC(2026, 2, 1) + no * 1_000;
	return {
		event_id: `EV-${no}`,
		order_id: orderId(order),
		order_seq: step + 1,
		type: step === 0 ? 'order.released' : 'order.changed',
		from_state: STATES[step],
		to_state: STATES[step + 1],
		occurred_at: new Date(at).toISOString(),
		recorded_at: new Date(at + 900).toISOString(),
		actor_id: `u${order % 400}`,
		actor_role: 'sales',
		source_system: 'erp',
		source_seq: no,
		schema_version: 1,
	};
}

const lineOf = (table: string, record: object): string => `${JSON.stringify({ table, record })}\n`;

/** Rows of the orders that so many events belong to, as batches. */
export function* orderBatches(events: number, batch: number): Generator<Uint8Array> {
	const orders = Math.ceil(events / EVENTS_EACH / OPEN_ORDERS) * OPEN_ORDERS;
	for (let from = 0; from < orders; from += batch) {
		let text = '';
		for (let order = from; order < Math.min(orders, from + batch); order++) text += lineOf('sales_order', orderRow(order));
		yield utf8(text);
	}
}

/** Events `from` to `to`, each in its order's turn. @returns the line a sender puts on the wire */
export function eventLine(no: number): string {
	const round = Math.floor(no / (OPEN_ORDERS * EVENTS_EACH));
	const within = no % (OPEN_ORDERS * EVENTS_EACH);
	const order = round * OPEN_ORDERS + (within % OPEN_ORDERS);
	return lineOf('order_event', eventRecord(order, Math.floor(within / OPEN_ORDERS), no));
}

export function* eventBatches(from: number, to: number, batch: number): Generator<Uint8Array> {
	for (let at = from; at < to; at += batch) {
		let text = '';
		for (let no = at; no < Math.min(to, at + batch); no++) text += eventLine(no);
		yield utf8(text);
	}
}
