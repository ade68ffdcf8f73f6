/** A malformed line is not an accusation: what it may explain stays open, what it can't stays an exception. */

import { expect, it } from 'vitest';
import { runTest, testById } from '#audit';
import { canonicalize, type Instant, utf8 } from '#kernel';
import { type Population, PopulationBuilder } from '#population';
import { facts } from './populate.ts';

const at = (day: number): string => `2026-03-${String(day).padStart(2, '0')}T09:00:00.000Z`;
const TABLES: Readonly<Record<string, readonly object[]>> = {
	invoice: ['A', 'B'].map((id) => ({
		invoice_id: `I-${id}`,
		invoice_no: `1${id === 'A' ? 1 : 2}`,
		series: 'S',
		entity_id: 'E',
		customer_id: 'C',
		kind: 'invoice',
		issued_at: at(5),
		due_at: at(20),
		currency: 'USD',
		total_minor: 1000,
		entered_by: 'U',
	})),
	invoice_line: ['A', 'B'].map((id) => ({
		invoice_id: `I-${id}`,
		line_no: 1,
		order_id: `O-${id}`,
		line_id: '1',
		sku: 'X',
		quantity: '1',
		unit_price_minor: 1000,
		amount_minor: 1000,
		tax_minor: 0,
	})),
	sales_order: ['A', 'B'].map((id) => ({
		order_id: `O-${id}`,
		entity_id: 'E',
		customer_id: 'C',
		contract_id: 'K',
		ordered_at: at(1),
		currency: 'USD',
		total_minor: 1000,
		state: 'shipped',
		schema_version: 1,
		revision: 1,
		region: 'N',
	})),
	sales_order_line: ['A', 'B'].map((id) => ({
		order_id: `O-${id}`,
		line_id: '1',
		sku: 'X',
		quantity: '1',
		unit_price_minor: 1000,
		amount_minor: 1000,
	})),
	contract: [
		{
			contract_id: 'K',
			entity_id: 'E',
			customer_id: 'C',
			currency: 'USD',
			price_minor: 2000,
			transfer_term: 'delivery',
			billing_term: 'on_shipment',
			pod_required: false,
			bill_and_hold: false,
			bill_and_hold_criteria: '',
		},
	],
	obligation: [],
};

/** Neither order has a shipment that loads; `shipments` are the raw lines of the shipment table. */
function populate(shipments: readonly string[]): Population {
	const builder = new PopulationBuilder();
	for (const [table, rows] of Object.entries(TABLES))
		builder.table(table as never).push(utf8(rows.map((row) => `${canonicalize(row)}\n`).join('')));
	builder.table('shipment').push(utf8(shipments.map((line) => `${line}\n`).join('')));
	return builder.finish(Date.parse(at(28)) as Instant);
}

const invoicedNotShipped = (shipments: readonly string[]) => {
	const test = testById('T02');
	if (!test) throw new Error('T02 exists');
	return runTest(test, populate(shipments), facts());
};

it('with nothing set aside, both invoices without a shipment are exceptions', () => {
	expect(invoicedNotShipped([]).exceptions.map(({ orderId }) => orderId)).toEqual(['O-A', 'O-B']);
});

it('an order that a malformed line names is left open, the other stays an exception', () => {
	const run = invoicedNotShipped(['{"line_id":"1","order_id":"O-A","quantity":"one","shipment_id":"S-A"']);
	expect(run.exceptions.map(({ orderId }) => orderId)).toEqual(['O-B']);
	expect(run.why).toContain('1 malformed line of shipment set aside');
	expect(run.why).toContain('1 subject that a malformed line may explain');
});

it('a line in which no id can be read explains nothing, but the test says that it was set aside', () => {
	const run = invoicedNotShipped(['~~~']);
	expect(run.exceptions).toHaveLength(2);
	expect(run.why).toBe('1 malformed line of shipment set aside');
});

it('where everything is explained, the verdict is incomplete and no pass', () => {
	const run = invoicedNotShipped(['{"order_id":"O-A"', '{"order_id":"O-B"']);
	expect(run).toMatchObject({ verdict: 'incomplete', exceptions: [] });
});
