import { describe, expect, test } from 'vitest';
import type { AuditResult, EvidenceFacts, IntegrityProblem } from '#audit';
import {
	allRows,
	facetOf,
	filterOrders,
	lackingOf,
	type OrderRow,
	orderDossier,
	orderTable,
	page,
	transitionMap,
	variantsOf,
} from '#explore';
import { DAY_MS, ENTITY, event, history, later, order, START, TRANSITIONS } from '../audit/orderRecords.ts';
import { facts, populate, type Tables } from '../audit/populate.ts';

const AS_OF = later(START, 30 * DAY_MS);
const TABLES: Tables = {
	entity: [ENTITY],
	customer: [
		{
			customer_id: 'C1',
			name: 'Nordwind AG',
			country: 'DE',
			currency: 'EUR',
			owner_system: 'crm',
			active_from: '2020-01-01',
			tin: null,
			credit_limit_minor: null,
			active_to: null,
		},
	],
	sales_order: [
		order('SO-1', { state: 'closed' }),
		order('SO-2', { state: 'shipped', customer_id: 'C9' }),
		order('SO-3', { state: 'booked' }),
		order('SO-4', { state: 'shipped' }),
	],
	order_event: [
		...history('SO-1', [['booked'], ['released'], ['picking'], ['shipped'], ['delivered'], ['closed']]),
		...history('SO-2', [['booked'], ['released'], ['picking'], ['shipped']]),
		...history('SO-4', [['booked'], ['shipped']]),
		event('SO-99', { to_state: 'booked' }),
	],
	state_transition: TRANSITIONS,
	hold: [hold('H1', 'SO-2', null), hold('H2', 'SO-2', later(START, DAY_MS)), hold('H3', 'SO-1', later(AS_OF, DAY_MS))],
};

function hold(holdId: string, orderId: string, closedAt: string | null) {
	return {
		hold_id: holdId,
		order_id: orderId,
		line_id: null,
		kind: 'hold',
		dispute_id: null,
		opened_at: START,
		opened_by: 'U-CREDIT',
		closed_at: closedAt,
		closed_by: null,
		reason_code: 'credit',
		quantity: null,
		amount_minor: null,
	};
}

const EVENT_LINES = 13;

function sealed(verdict: 'verified' | 'altered' | 'not_verifiable', problems: readonly IntegrityProblem[] = []): Partial<EvidenceFacts> {
	return { integrity: { order_event: { rows: EVENT_LINES, verdict, problems } } };
}

const resultOf = (orderIds: readonly (string | null)[]): AuditResult =>
	({
		tests: [
			{ test: 'T58', exceptions: orderIds.map((order_id) => ({ order_id })) },
			{ test: 'T56', exceptions: [{ order_id: 'SO-2' }] },
		],
	}) as unknown as AuditResult;

function rowsOf(evidence: Partial<EvidenceFacts> = {}, result: AuditResult | null = null, tables = TABLES): ReadonlyMap<string, OrderRow> {
	const table = orderTable(populate({ tables, asOf: AS_OF }), facts(evidence), result);
	return new Map(page(table, allRows(table), 0, table.rows).map((row) => [row.orderId, row]));
}

describe('the order table of a population', () => {
	test('has a row for each sales order with what its tables say', () => {
		const rows = rowsOf();
		expect([...rows.keys()]).toEqual(['SO-1', 'SO-2', 'SO-3', 'SO-4']);
		expect(rows.get('SO-1')).toMatchObject({
			customer: 'Nordwind AG',
			customerId: 'C1',
			state: 'closed',
			totalMinor: 120_000n,
			currency: 'USD',
			events: 6,
			holds: 1,
		});
		expect(rows.get('SO-2')).toMatchObject({ customer: 'C9', events: 4, holds: 1 });
	});

	test('tells ages from the event recorded last, or from the order where there is none', () => {
		const rows = rowsOf();
		expect(rows.get('SO-2')?.ageHours).toBe(30 * 24 - 3 - 1);
		expect(rows.get('SO-3')).toMatchObject({ events: 0, lastEventAt: null, ageHours: 30 * 24 });
	});

	test('leaves empty what was not supplied: unknown is not none', () => {
		const rows = rowsOf({}, null, { sales_order: TABLES.sales_order ?? [] });
		expect(rows.get('SO-1')).toMatchObject({
			events: null,
			holds: null,
			disputes: null,
			exceptions: null,
			ageHours: null,
			chain: 'unproven',
		});
	});

	test('counts orders that only events name', () => {
		expect(orderTable(populate({ tables: TABLES, asOf: AS_OF }), facts(), null).strangers).toBe(1);
	});

	test('is kept while population, facts and result stay', () => {
		const population = populate({ tables: TABLES, asOf: AS_OF });
		const evidence = facts();
		expect(orderTable(population, evidence, null)).toBe(orderTable(population, evidence, null));
		expect(orderTable(population, evidence, resultOf([]))).not.toBe(orderTable(population, evidence, null));
	});
});

describe('chain verdicts', () => {
	test('nothing is verified without a trusted key', () => {
		const rows = rowsOf(sealed('not_verifiable', [{ code: 'untrusted_key', line: null, order_id: null, detail: '' }]));
		expect([...rows.values()].map(({ chain }) => chain)).toEqual(['unproven', 'unproven', 'no_events', 'unproven']);
	});

	test('a verified log verifies each order that has events', () => {
		const rows = rowsOf(sealed('verified'));
		expect([...rows.values()].map(({ chain }) => chain)).toEqual(['verified', 'verified', 'no_events', 'verified']);
	});

	test('an altered line accuses its own order; others count as verified only under a trusted root that still holds', () => {
		const problems: IntegrityProblem[] = [
			{ code: 'chain_break', line: 8, order_id: 'SO-2', detail: '' },
			{ code: 'root_mismatch', line: null, order_id: null, detail: '' },
		];
		expect([...rowsOf(sealed('altered', problems)).values()].map(({ chain }) => chain)).toEqual([
			'unproven',
			'altered',
			'no_events',
			'unproven',
		]);
		const withRoot = rowsOf({
			...sealed('altered', problems),
			checkpoints: { order_event: [{ size: 7, signature: 'trusted', root: 'matches', stated: '' }] },
		});
		expect([...withRoot.values()].map(({ chain }) => chain)).toEqual(['verified', 'altered', 'no_events', 'unproven']);
	});

	test('a problem that names only a line is its order’s; a gap says missing', () => {
		const rows = rowsOf(sealed('altered', [{ code: 'sequence_gap', line: 11, order_id: null, detail: '' }]));
		expect(rows.get('SO-4')?.chain).toBe('missing');
	});
});

test('exceptions are counted by order, with the worst severity of their tests', () => {
	const rows = rowsOf({}, resultOf(['SO-1', 'SO-1', 'SO-2', null, 'no such order']));
	expect(rows.get('SO-1')).toMatchObject({ exceptions: 2, severity: 'medium' });
	expect(rows.get('SO-2')).toMatchObject({ exceptions: 2, severity: 'high' });
	expect(rows.get('SO-3')).toMatchObject({ exceptions: 0, severity: null });
});

describe('the process map', () => {
	const population = populate({ tables: TABLES, asOf: AS_OF });
	const table = orderTable(population, facts(), null);
	const map = transitionMap(population, table, allRows(table));

	test('counts states, transitions and how long they took', () => {
		expect(map.nodes.find(({ state }) => state === 'booked')).toMatchObject({ orders: 3, stays: 3, medianMs: 3_600_000, standing: 0 });
		expect(map.edges.find(({ from, to }) => from === 'booked' && to === 'released')).toMatchObject({ count: 2, orders: 2, illegal: 0 });
		expect(map.edges.find(({ from }) => from === '')).toMatchObject({ to: 'booked', count: 3, medianMs: null });
	});

	test('flags what the state table forbids, and shows what it allows and nobody did', () => {
		expect(map.edges.find(({ from, to }) => from === 'booked' && to === 'shipped')).toMatchObject({
			count: 1,
			illegal: 1,
			isUnseen: false,
		});
		expect(map.edges.find(({ from, to }) => from === 'booked' && to === 'credit_hold')).toMatchObject({ count: 0, isUnseen: true });
	});

	test('counts open orders apart from those that ended', () => {
		expect(map).toMatchObject({ orders: 4, ended: 1, open: 2, withoutPath: 1 });
	});

	test('variants: the lawful and ended conform, the open are incomplete, the unlawful violate', () => {
		const { variants, total } = variantsOf(population, table, allRows(table), 10);
		expect(total).toBe(4);
		expect(Object.fromEntries(variants.map(({ text, conformance }) => [text, conformance]))).toEqual({
			'booked → released → picking → shipped → delivered → closed': 'conforms',
			'booked → released → picking → shipped': 'incomplete',
			'booked → shipped': 'violates',
			'no transitions': 'not_testable',
		});
		const cut = variantsOf(population, table, allRows(table), 1);
		expect(cut.rest).toEqual({ variants: 3, orders: 3 });
	});

	test('a click on an edge keeps the orders that passed it', () => {
		const kept = filterOrders(table, { chips: [{ column: 'path', op: 'passes', values: ['booked', 'shipped'] }], text: '' });
		expect(page(table, kept, 0, 9).map(({ orderId }) => orderId)).toEqual(['SO-4']);
	});

	test('without events there is no map, and every order is said to be without a path', () => {
		const bare = populate({ tables: { sales_order: TABLES.sales_order ?? [] }, asOf: AS_OF });
		const list = orderTable(bare, facts(), null);
		expect(transitionMap(bare, list, allRows(list))).toMatchObject({ nodes: [], withoutPath: 4 });
	});
});

describe('the dossier of an order', () => {
	const limits = { hours: 72, stateHours: '' };
	const population = populate({ tables: TABLES, asOf: AS_OF });

	test('brings together what all tables say, and names those that were not supplied', () => {
		const dossier = orderDossier(population, 'SO-2', limits);
		expect(dossier.order?.cells['state']).toBe('shipped');
		expect(dossier.holds.map(({ key }) => key)).toEqual(['H1', 'H2']);
		expect(dossier.events).toHaveLength(4);
		expect(dossier.notSupplied).toContain('invoice_line');
	});

	test('tells gaps by the clock and by business hours, and unlawful transitions', () => {
		const dossier = orderDossier(population, 'SO-4', limits);
		expect(dossier.gaps[1]).toMatchObject({ elapsedMs: 3_600_000, isBackwards: false });
		expect(dossier.lawful).toEqual([null, false]);
	});

	test('a resting order is stale beyond the limit of its state, an ended one never', () => {
		expect(orderDossier(population, 'SO-2', limits).stale?.isStale).toBe(true);
		expect(orderDossier(population, 'SO-2', { hours: 72, stateHours: 'shipped=2000' }).stale?.isStale).toBe(false);
		expect(orderDossier(population, 'SO-1', limits).stale).toBeNull();
	});

	test('an order that only events name is said to be unlisted', () => {
		expect(orderDossier(population, 'SO-99', limits)).toMatchObject({ isListed: false, order: null });
		expect(orderDossier(population, 'no such order', limits)).toMatchObject({ isListed: false, events: [] });
	});
});

describe('an order of which a table was not supplied, or not all of it could be read', () => {
	const limits = { hours: 72, stateHours: '' };
	const SAMPLE: Tables = { ...TABLES, sales_order_line: [], invoice: [], payment: [], journal_line: [], revenue_event: [], approval: [] };
	const broken = (table: keyof Tables) => populate({ tables: { ...SAMPLE, [table]: [...(SAMPLE[table] ?? []), { x: 1 }] }, asOf: AS_OF });
	const bare = (table: keyof Tables) => {
		const { [table]: _, ...rest } = SAMPLE;
		return populate({ tables: rest, asOf: AS_OF });
	};

	test('names the tables that lead to a list, where they were not supplied', () => {
		const dossier = orderDossier(populate({ tables: SAMPLE, asOf: AS_OF }), 'SO-2', limits);
		expect(dossier.notSupplied).not.toContain('invoice');
		for (const table of ['invoice', 'payment', 'journal_line', 'approval'] as const)
			expect(lackingOf(dossier, table), table).toMatchObject({ notSupplied: ['invoice_line'], setAside: [] });
		expect(lackingOf(dossier, 'hold')).toEqual({ notSupplied: [], setAside: [] });
	});

	test('has no severity for want of a run, which is not for want of exceptions', () => {
		const table = orderTable(populate({ tables: TABLES, asOf: AS_OF }), facts(), null);
		expect(facetOf(table, allRows(table), 'severity')).toMatchObject({ nulls: 4, nullLabel: 'not run' });
	});

	test('is not called stale where no event says when it was last touched', () => {
		expect(orderDossier(bare('order_event'), 'SO-2', limits)).toMatchObject({ stale: null, events: [] });
	});

	test('is not called missing from the sales orders where lines of them were set aside', () => {
		expect(orderDossier(broken('sales_order'), 'SO-99', limits)).toMatchObject({
			isListed: null,
			setAside: [{ table: 'sales_order', lines: 1 }],
		});
	});

	test('has no transition called unlawful where a line of the state table was set aside', () => {
		const population = broken('state_transition');
		expect(orderDossier(population, 'SO-4', limits).lawful).toEqual([null, null]);
		const table = orderTable(population, facts(), null);
		const map = transitionMap(population, table, allRows(table));
		expect(map.edges.map(({ illegal }) => illegal)).not.toContain(1);
		expect(map.setAside).toEqual([{ table: 'state_transition', lines: 1 }]);
		const { variants } = variantsOf(population, table, allRows(table), 9);
		expect(variants.map(({ conformance }) => conformance)).not.toContain('violates');
	});

	test('is not called one without events where lines of them were set aside', () => {
		const population = broken('order_event');
		const table = orderTable(population, facts(sealed('verified')), null);
		expect(page(table, allRows(table), 0, 9).find(({ orderId }) => orderId === 'SO-3')).toMatchObject({ chain: 'unproven', events: null });
	});

	test('has no count of no hold where lines of holds were set aside, and keeps the count of those found', () => {
		const table = orderTable(broken('hold'), facts(), null);
		const holds = page(table, allRows(table), 0, 9).map(({ orderId, holds: open }) => [orderId, open]);
		expect(holds).toEqual([
			['SO-1', 1],
			['SO-2', 1],
			['SO-3', null],
			['SO-4', null],
		]);
	});

	test('has a map that says that it knows nothing where no events were supplied', () => {
		const population = bare('order_event');
		const table = orderTable(population, facts(), null);
		expect(transitionMap(population, table, allRows(table)).hasEvents).toBe(false);
	});
});
