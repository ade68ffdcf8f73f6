/** Records of a small company, each valid as it stands. */

type Fields = Readonly<Record<string, unknown>>;

export const orderRow = (orderId: string, fields: Fields = {}) => ({
	table: 'sales_order',
	record: {
		order_id: orderId,
		entity_id: 'E1',
		customer_id: 'C1',
		contract_id: 'K1',
		ordered_at: '2026-03-01T09:00:00.000Z',
		currency: 'EUR',
		total_minor: 120_000,
		state: 'booked',
		schema_version: 1,
		revision: 1,
		region: 'EMEA',
		...fields,
	},
});

/** The `seq`-th event of an order; its id follows from both. */
export const orderEvent = (orderId: string, seq: number | null, fields: Fields = {}) => ({
	table: 'order_event',
	record: {
		event_id: `${orderId}-ev${seq ?? 'x'}`,
		order_id: orderId,
		...(seq === null ? {} : { order_seq: seq }),
		type: 'order.released',
		from_state: 'booked',
		to_state: 'released',
		occurred_at: '2026-03-02T09:00:00.000Z',
		recorded_at: '2026-03-02T09:00:01.000Z',
		actor_id: 'u1',
		actor_role: 'sales',
		source_system: 'erp',
		source_seq: seq ?? 1,
		schema_version: 1,
		...fields,
	},
});

export const revenueEvent = (revenueId: string, orderId: string, fields: Fields = {}) => ({
	table: 'revenue_event',
	record: {
		revenue_id: revenueId,
		order_id: orderId,
		line_id: '1',
		kind: 'recognise',
		recognised_at: '2026-03-05T09:00:00.000Z',
		posted_at: '2026-03-05T10:00:00.000Z',
		period: '2026-03',
		amount_minor: 50_000,
		currency: 'EUR',
		rule_id: 'R1',
		rule_version: 1,
		manual: false,
		fallback: false,
		...fields,
	},
});

export const customerRow = (customerId: string, fields: Fields = {}) => ({
	table: 'customer',
	record: {
		customer_id: customerId,
		name: 'Grete Muster',
		tin: 'DE123',
		country: 'DE',
		currency: 'EUR',
		owner_system: 'crm',
		active_from: '2020-01-01',
		...fields,
	},
});
