import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { testById } from '#audit';
import { auditOf, type Row, type Tables } from './populate.ts';
import { contract, customer, entity, event, invoice, invoiceLine, line, obligation, order, product, revenue, shipment } from './sale.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-02-02T09:00:00.000Z');
const at = (hours: number): string => new Date(START + hours * HOUR).toISOString();

/** The ways in which sound companies, and writers of the format, differ. */
const orderPlan = fc.record({
	billing: fc.constantFrom('on_shipment', 'on_delivery', 'advance', 'milestone'),
	podRequired: fc.boolean(),
	parts: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
	price: fc.integer({ min: 50, max: 90_000 }),
	/** One invoice for all shipments, or one each. */
	collective: fc.boolean(),
	namesShipments: fc.boolean(),
	returned: fc.integer({ min: 0, max: 3 }),
	/** Why goods were credited. */
	reason: fc.constantFrom('return', 'dispute', 'replacement'),
	negativeCredits: fc.boolean(),
	rebate: fc.boolean(),
	namesLineInEvents: fc.boolean(),
	closed: fc.boolean(),
});

type OrderPlan = typeof orderPlan extends fc.Arbitrary<infer T> ? T : never;
type Books = Record<
	| 'contract'
	| 'obligation'
	| 'sales_order'
	| 'sales_order_line'
	| 'order_event'
	| 'shipment'
	| 'invoice'
	| 'invoice_line'
	| 'dispute'
	| 'revenue_event',
	Row[]
>;

function keep(books: Books, plan: OrderPlan, n: number): void {
	const order_id = `SO-${n}`;
	const contract_id = `CT-${n}`;
	const total = plan.parts.reduce((sum, part) => sum + part, 0);
	const back = Math.min(plan.returned, total);
	const ids = { order_id, line_id: 'L1' };
	books.contract.push(contract({ contract_id, billing_term: plan.billing, pod_required: plan.podRequired }));
	books.obligation.push(obligation({ ...ids, obligation_id: `OB-${n}`, contract_id }));
	books.sales_order.push(
		order({ order_id, contract_id, ordered_at: at(n), total_minor: total * plan.price, state: plan.closed ? 'closed' : 'delivered' }),
	);
	books.sales_order_line.push(
		line({
			...ids,
			sku: `P-${plan.price}`,
			obligation_id: `OB-${n}`,
			quantity: String(total),
			unit_price_minor: plan.price,
			amount_minor: total * plan.price,
		}),
	);
	books.order_event.push(event({ event_id: `EV-${n}`, order_id, occurred_at: at(n) }));
	books.revenue_event.push(revenue({ ...ids, revenue_id: `R-${n}`, obligation_id: `OB-${n}`, amount_minor: total * plan.price }));
	const bill = (kind: string, quantity: number, hours: number, shipment_id: string | null, price = plan.price): void => {
		const number = books.invoice.length + 1;
		const sign = kind === 'credit_memo' && plan.negativeCredits ? -1 : 1;
		const amount = sign * quantity * price;
		const tax = Math.sign(amount) * Math.round((Math.abs(amount) * 19) / 100);
		books.invoice.push(
			invoice({
				invoice_id: `I-${number}`,
				invoice_no: `2026-${String(number).padStart(5, '0')}`,
				kind,
				issued_at: at(hours),
				due_at: at(hours + 720),
				total_minor: amount + tax,
				purchase_order: `PO-${n}`,
			}),
		);
		books.invoice_line.push(
			invoiceLine({
				...ids,
				invoice_id: `I-${number}`,
				sku: `P-${plan.price}`,
				shipment_id,
				quantity: String(sign * quantity),
				unit_price_minor: price,
				amount_minor: amount,
				tax_minor: tax,
			}),
		);
	};
	plan.parts.forEach((part, i) => {
		const shipment_id = `SH-${n}-${i}`;
		const shipped = n + 24 + 48 * i;
		books.shipment.push(
			shipment({
				...ids,
				shipment_id,
				quantity: String(part),
				tracking_no: shipment_id,
				shipped_at: at(shipped),
				delivered_at: at(shipped + 30),
				pod_document_id: plan.podRequired ? `DOC-${n}-${i}` : null,
			}),
		);
		if (!plan.collective)
			bill(
				'invoice',
				part,
				plan.billing === 'advance' || plan.billing === 'milestone' ? n + i : shipped + 31,
				plan.namesShipments && plan.billing.startsWith('on_') ? shipment_id : null,
			);
	});
	const done = n + 24 + 48 * plan.parts.length + 40;
	if (plan.collective) bill('invoice', total, plan.billing === 'advance' ? n : done, null);
	if (plan.rebate && total > back) bill('credit_memo', total - back, done + 100, null, Math.max(1, Math.floor(plan.price / 20)));
	if (back === 0) return;
	if (plan.reason === 'dispute')
		books.dispute.push({
			dispute_id: `D-${n}`,
			...ids,
			logged_at: at(done + 20),
			channel: 'mail',
			status: 'resolved_customer',
			closed_at: at(done + 40),
			disputed_quantity: String(back),
		});
	else
		books.order_event.push(
			event({
				event_id: `EV-R-${n}`,
				order_seq: 2,
				type: 'line.returned',
				order_id,
				line_id: plan.namesLineInEvents ? 'L1' : null,
				quantity: String(back),
				to_state: 'partially_returned',
				occurred_at: at(done + 40),
			}),
		);
	if (plan.reason === 'replacement')
		books.shipment.push(
			shipment({
				...ids,
				shipment_id: `SH-${n}-R`,
				quantity: String(back),
				tracking_no: `SH-${n}-R`,
				shipped_at: at(done + 60),
				delivered_at: at(done + 90),
				pod_document_id: plan.podRequired ? `DOC-${n}-R` : null,
			}),
		);
	else bill('credit_memo', back, done + 50, null);
}

function company(plans: readonly OrderPlan[]): Tables {
	const books: Books = {
		contract: [],
		obligation: [],
		sales_order: [],
		sales_order_line: [],
		order_event: [],
		shipment: [],
		invoice: [],
		invoice_line: [],
		dispute: [],
		revenue_event: [],
	};
	for (const [n, plan] of plans.entries()) keep(books, plan, n);
	const prices = [...new Set(plans.map(({ price }) => price))];
	return {
		...books,
		entity: [entity()],
		customer: [customer({ credit_limit_minor: null })],
		product: prices.map((price) => product({ sku: `P-${price}`, list_price_minor: price })),
		payment: [],
		approval: [],
		user_role: [],
		master_change: [],
	};
}

const TESTS = [
	'T01',
	'T02',
	'T05',
	'T06',
	'T07',
	'T08',
	'T09',
	'T10',
	'T11',
	'T12',
	'T13',
	'T14',
	'T33',
	'T38',
	'T80',
	'T81',
	'T82',
	'T84',
];

describe('a sound company', () => {
	it('gives no exception, however it ships, bills, credits and writes it down', () => {
		fc.assert(
			fc.property(fc.array(orderPlan, { minLength: 1, maxLength: 6 }), (plans) => {
				const tables = company(plans);
				for (const id of TESTS) expect(auditOf(testById(id), tables).exceptions.map(({ reason }) => `${id}: ${reason}`)).toEqual([]);
			}),
			{ numRuns: 60 },
		);
	});
});
