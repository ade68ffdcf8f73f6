/** Records of one small, clean sale, each to be overridden where a case needs it: 10 units at 10.00 USD, shipped, delivered, invoiced. */
import type { Row, Tables } from './populate.ts';

type Over = Readonly<Record<string, Row[string]>>;

export const entity = (over: Over = {}): Row => ({
	entity_id: 'E1',
	name: 'Northlight Inc.',
	jurisdiction: 'US',
	currency: 'USD',
	timezone: 'UTC',
	workdays: 'Mon-Fri',
	day_start: '08:00',
	day_end: '18:00',
	...over,
});

export const customer = (over: Over = {}): Row => ({
	customer_id: 'C1',
	name: 'Acme Ltd',
	tin: 'US 12-3456789',
	country: 'US',
	currency: 'USD',
	credit_limit_minor: 1_000_000,
	owner_system: 'crm',
	active_from: '2020-01-01',
	...over,
});

export const product = (over: Over = {}): Row => ({
	sku: 'P1',
	description: 'Widget',
	list_price_minor: 1000,
	currency: 'USD',
	owner_system: 'pim',
	...over,
});

export const contract = (over: Over = {}): Row => ({
	contract_id: 'CT1',
	entity_id: 'E1',
	customer_id: 'C1',
	signed_at: '2026-01-01T00:00:00.000Z',
	approved_by: 'u-legal',
	approved_at: '2026-01-01T00:00:00.000Z',
	currency: 'USD',
	price_minor: 10_000,
	transfer_term: 'delivery',
	billing_term: 'on_delivery',
	pod_required: false,
	bill_and_hold: false,
	bill_and_hold_criteria: '',
	...over,
});

export const order = (over: Over = {}): Row => ({
	order_id: 'SO-1',
	entity_id: 'E1',
	customer_id: 'C1',
	contract_id: 'CT1',
	ordered_at: '2026-03-01T10:00:00.000Z',
	currency: 'USD',
	total_minor: 10_000,
	state: 'delivered',
	schema_version: 1,
	revision: 1,
	region: 'West',
	...over,
});

export const line = (over: Over = {}): Row => ({
	order_id: 'SO-1',
	line_id: 'L1',
	sku: 'P1',
	quantity: '10',
	unit_price_minor: 1000,
	amount_minor: 10_000,
	obligation_id: 'OB1',
	...over,
});

export const obligation = (over: Over = {}): Row => ({
	obligation_id: 'OB1',
	contract_id: 'CT1',
	order_id: 'SO-1',
	line_id: 'L1',
	description: 'Widgets',
	ssp_minor: 10_000,
	allocated_minor: 10_000,
	method: 'point_in_time',
	...over,
});

export const event = (over: Over = {}): Row => ({
	event_id: 'EV-1',
	order_id: 'SO-1',
	order_seq: 1,
	type: 'order.booked',
	to_state: 'booked',
	occurred_at: '2026-03-01T10:00:00.000Z',
	recorded_at: '2026-03-01T10:00:00.000Z',
	actor_id: 'u-sales',
	actor_role: 'sales',
	source_system: 'oms',
	source_seq: 1,
	schema_version: 1,
	...over,
});

export const shipment = (over: Over = {}): Row => ({
	shipment_id: 'SH-1',
	order_id: 'SO-1',
	line_id: 'L1',
	quantity: '10',
	carrier: 'FedEx',
	tracking_no: 'FE1',
	shipped_at: '2026-03-02T10:00:00.000Z',
	delivered_at: '2026-03-04T10:00:00.000Z',
	pod_document_id: null,
	...over,
});

export const invoice = (over: Over = {}): Row => ({
	invoice_id: 'I1',
	invoice_no: 'INV-0001',
	series: 'INV',
	entity_id: 'E1',
	customer_id: 'C1',
	kind: 'invoice',
	issued_at: '2026-03-05T10:00:00.000Z',
	due_at: '2026-04-04T10:00:00.000Z',
	currency: 'USD',
	total_minor: 11_900,
	purchase_order: 'PO-1',
	entered_by: 'u-billing',
	...over,
});

export const invoiceLine = (over: Over = {}): Row => ({
	invoice_id: 'I1',
	line_no: 1,
	order_id: 'SO-1',
	line_id: 'L1',
	shipment_id: 'SH-1',
	sku: 'P1',
	quantity: '10',
	unit_price_minor: 1000,
	amount_minor: 10_000,
	tax_rate: '0.19',
	tax_minor: 1900,
	...over,
});

export const creditMemo = (over: Over = {}): Row =>
	invoice({
		invoice_id: 'CM1',
		invoice_no: 'CM-0001',
		series: 'CM',
		kind: 'credit_memo',
		issued_at: '2026-03-20T10:00:00.000Z',
		due_at: null,
		...over,
	});

export const creditLine = (quantity: number, over: Over = {}): Row =>
	invoiceLine({
		invoice_id: 'CM1',
		quantity: String(quantity),
		amount_minor: Math.round(quantity * 1000),
		tax_minor: Math.round(quantity * 190),
		shipment_id: null,
		...over,
	});

export const revenue = (over: Over = {}): Row => ({
	revenue_id: 'R1',
	obligation_id: 'OB1',
	order_id: 'SO-1',
	line_id: 'L1',
	kind: 'recognise',
	recognised_at: '2026-03-04T10:00:00.000Z',
	posted_at: '2026-03-04T10:00:00.000Z',
	period: '2026-03',
	amount_minor: 10_000,
	currency: 'USD',
	rule_id: 'RR',
	rule_version: 1,
	manual: false,
	fallback: false,
	...over,
});

export const dispute = (over: Over = {}): Row => ({
	dispute_id: 'D1',
	order_id: 'SO-1',
	line_id: 'L1',
	logged_at: '2026-03-10T10:00:00.000Z',
	channel: 'mail',
	status: 'resolved_customer',
	closed_at: '2026-03-15T10:00:00.000Z',
	root_cause_code: 'damage',
	disputed_quantity: '3',
	...over,
});

export const approval = (over: Over = {}): Row => ({
	approval_id: 'A1',
	subject_kind: 'discount',
	subject_id: 'SO-1',
	requested_by: 'u-sales',
	requested_at: '2026-02-28T10:00:00.000Z',
	approver_id: 'u-approver',
	approved_at: '2026-03-01T09:00:00.000Z',
	...over,
});

/** All tables of the clean sale; pass the tables a case replaces. */
export const sale = (over: Tables = {}): Tables => ({
	entity: [entity()],
	customer: [customer()],
	product: [product()],
	contract: [contract()],
	obligation: [obligation()],
	sales_order: [order()],
	sales_order_line: [line()],
	order_event: [event()],
	shipment: [shipment()],
	invoice: [invoice()],
	invoice_line: [invoiceLine()],
	payment: [],
	revenue_event: [revenue()],
	approval: [],
	user_role: [{ user_id: 'u-approver', role: 'approver', valid_from: '2020-01-01T00:00:00.000Z' }],
	master_change: [],
	...over,
});

/** The sale without some tables, as if they had not been supplied. */
export const saleWithout = (...names: readonly string[]): Tables =>
	Object.fromEntries(Object.entries(sale()).filter(([name]) => !names.includes(name)));
