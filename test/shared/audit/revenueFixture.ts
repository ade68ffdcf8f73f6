/** One order of a small company, record by record: what the revenue and dispute tests are tried on. */
import { type AuditTest, type TestRun, testById } from '#audit';
import { formatInstant, parseInstant } from '#kernel';
import { auditOf, type Row, type Tables } from './populate.ts';

type Values = Readonly<Record<string, unknown>>;

/** `2026-03-02 10:00` (or a day alone, midnight) as the drop writes it. */
export const ts = (text: string): string => {
	const [day = '', clock = '00:00'] = text.split(' ');
	return `${day}T${clock}:00.000Z`;
};

export const hoursAfter = (text: string, hours: number): string => {
	const instant = parseInstant(ts(text));
	if (!instant.ok) throw new Error(`${text} is no instant`);
	return formatInstant(instant.value + hours * 3_600_000);
};

const row = (values: Values, more: Values): Row => ({ ...values, ...more }) as Row;

export const entity = (more: Values = {}): Row =>
	row(
		{
			entity_id: 'E1',
			name: 'Acme',
			jurisdiction: 'DE',
			currency: 'EUR',
			timezone: 'Europe/Berlin',
			workdays: 'Mon-Fri',
			day_start: '08:00',
			day_end: '18:00',
		},
		more,
	);

export const contract = (more: Values = {}): Row =>
	row(
		{
			contract_id: 'CT-1',
			entity_id: 'E1',
			customer_id: 'C1',
			signed_at: ts('2026-01-05'),
			approved_by: 'U1',
			approved_at: ts('2026-01-06'),
			currency: 'EUR',
			price_minor: 100000,
			transfer_term: 'delivery',
			billing_term: 'on_delivery',
			pod_required: false,
			bill_and_hold: false,
			bill_and_hold_criteria: '',
		},
		more,
	);

export const order = (more: Values = {}): Row =>
	row(
		{
			order_id: 'SO-1',
			entity_id: 'E1',
			customer_id: 'C1',
			contract_id: 'CT-1',
			ordered_at: ts('2026-02-02 09:00'),
			currency: 'EUR',
			total_minor: 100000,
			state: 'delivered',
			schema_version: 1,
			revision: 1,
			region: 'EU',
		},
		more,
	);

/** Line L1: 10 units at 100.00. */
export const line = (more: Values = {}): Row =>
	row(
		{ order_id: 'SO-1', line_id: 'L1', sku: 'S1', quantity: '10', unit_price_minor: 10000, amount_minor: 100000, obligation_id: 'OB-1' },
		more,
	);

export const obligation = (more: Values = {}): Row =>
	row(
		{
			obligation_id: 'OB-1',
			contract_id: 'CT-1',
			order_id: 'SO-1',
			line_id: 'L1',
			description: 'Goods',
			ssp_minor: 100000,
			allocated_minor: 100000,
			method: 'point_in_time',
		},
		more,
	);

/** Shipped two days before it is delivered. */
export const shipment = (id: string, quantity: string, deliveredAt: string | null, more: Values = {}): Row =>
	row(
		{
			shipment_id: id,
			order_id: 'SO-1',
			line_id: 'L1',
			quantity,
			carrier: 'DHL',
			tracking_no: `T-${id}`,
			shipped_at: deliveredAt === null ? ts('2026-03-01 08:00') : hoursAfter(deliveredAt, -48),
			delivered_at: deliveredAt === null ? null : ts(deliveredAt),
		},
		more,
	);

export const revenue = (id: string, amount: number, recognisedAt: string, more: Values = {}): Row =>
	row(
		{
			revenue_id: id,
			obligation_id: 'OB-1',
			order_id: 'SO-1',
			line_id: 'L1',
			kind: 'recognise',
			recognised_at: ts(recognisedAt),
			posted_at: ts(recognisedAt),
			period: recognisedAt.slice(0, 7),
			amount_minor: amount,
			currency: 'EUR',
			rule_id: 'R-1',
			rule_version: 1,
			manual: false,
			fallback: false,
		},
		more,
	);

let sequence = 0;

export const event = (type: string, occurredAt: string, more: Values = {}): Row => {
	sequence++;
	return row(
		{
			event_id: `EV-${sequence}`,
			order_id: 'SO-1',
			order_seq: sequence,
			type,
			occurred_at: ts(occurredAt),
			recorded_at: ts(occurredAt),
			actor_id: 'U1',
			actor_role: 'fulfilment',
			source_system: 'wms',
			source_seq: sequence,
			schema_version: 1,
		},
		more,
	);
};

export const hold = (openedAt: string, closedAt: string | null, more: Values = {}): Row =>
	row(
		{
			hold_id: 'H-1',
			order_id: 'SO-1',
			line_id: null,
			kind: 'hold',
			opened_at: ts(openedAt),
			opened_by: 'U1',
			closed_at: closedAt === null ? null : ts(closedAt),
			reason_code: 'credit',
		},
		more,
	);

export const dispute = (loggedAt: string, more: Values = {}): Row =>
	row({ dispute_id: 'D-1', order_id: 'SO-1', line_id: 'L1', logged_at: ts(loggedAt), channel: 'portal', status: 'open' }, more);

export const document = (id: string, kind: string, createdAt: string, more: Values = {}): Row =>
	row(
		{
			document_id: id,
			kind,
			sha256: id
				.charCodeAt(id.length - 1)
				.toString(16)
				.padStart(64, 'a'),
			media_type: 'application/pdf',
			file_name: `${id}.pdf`,
			bytes: 100,
			created_at: ts(createdAt),
		},
		more,
	);

export const amendment = (effectiveAt: string, more: Values = {}): Row =>
	row(
		{
			amendment_id: 'AM-1',
			contract_id: 'CT-1',
			order_id: 'SO-1',
			effective_at: ts(effectiveAt),
			signed_at: ts(effectiveAt),
			approved_by: 'U1',
			approved_at: ts(effectiveAt),
			adds_distinct: false,
			at_ssp: false,
			remaining_distinct: false,
			delta_price_minor: 0,
			treatment: 'catch_up',
			catch_up_minor: null,
		},
		more,
	);

export const approval = (id: string, kind: string, subject: string, approver: string, more: Values = {}): Row =>
	row(
		{
			approval_id: id,
			subject_kind: kind,
			subject_id: subject,
			requested_by: 'U0',
			requested_at: ts('2026-03-01'),
			approver_id: approver,
			approved_at: ts('2026-03-02'),
		},
		more,
	);

/** The order with one line delivered whole and nothing recognised yet; every table a revenue test may read is supplied. */
export const company = (more: Tables = {}): Tables => ({
	entity: [entity()],
	contract: [contract()],
	contract_amendment: [],
	sales_order: [order()],
	sales_order_line: [line()],
	obligation: [obligation()],
	order_event: [],
	shipment: [],
	carrier_event: [],
	document: [],
	invoice: [],
	invoice_line: [],
	revenue_event: [],
	approval: [],
	hold: [],
	dispute: [],
	...more,
});

export const test = (id: string): AuditTest => {
	const found = testById(id);
	if (!found) throw new Error(`${id} is in the catalogue`);
	return found;
};

/** Runs a test over the company with some tables replaced. */
export const run = (id: string, tables: Tables, options: Parameters<typeof auditOf>[2] = {}): TestRun =>
	auditOf(test(id), company(tables), options);

/** Keys and amounts at risk of what a test found. */
export const found = ({ exceptions }: TestRun) => exceptions.map(({ keys, amountMinor }) => ({ keys, amount: amountMinor }));
