import { describe, expect, it } from 'vitest';
import { testById } from '#audit';
import { auditOf, type Row, type Tables } from './populate.ts';
import { approval, creditMemo, customer, event, invoice, line, order, product, sale, saleWithout } from './sale.ts';

const run = (id: string, tables: Tables, parameters: Record<string, number | string> = {}) => auditOf(testById(id), tables, { parameters });
const subjects = (id: string, tables: Tables) => run(id, tables).exceptions.map(({ keys }) => keys);

const change = (over: Row = {}): Row => ({
	change_id: 'MC1',
	table_name: 'customer',
	record_id: 'C1',
	field: 'name',
	old_value: 'Acme',
	new_value: 'Acme Ltd',
	changed_at: '2026-02-01T10:00:00.000Z',
	changed_by: 'u-it',
	system: 'crm',
	...over,
});

describe.each(['T80', 'T81', 'T82', 'T84'])('%s', (id) => {
	it('passes on a clean sale', () => expect(run(id, sale()).verdict).toBe('pass'));
});

describe.each([
	['T80', 'master_change'],
	['T81', 'customer'],
	['T82', 'approval'],
	['T82', 'user_role'],
	['T84', 'payment'],
	['T84', 'order_event'],
])('%s without %s', (id, table) => {
	it('is not testable, and says so', () =>
		expect(run(id, saleWithout(table))).toMatchObject({ verdict: 'not_testable', why: `not supplied: table ${table}` }));
});

describe('T80 master data changed by a non-owner', () => {
	const changed = (...changes: readonly Row[]) => sale({ master_change: changes });

	it('the owner may change its records, another system may not', () => {
		const tables = changed(
			change(),
			change({ change_id: 'MC2', system: 'webshop' }),
			change({ change_id: 'MC3', table_name: 'product', record_id: 'P1', system: 'pim' }),
		);
		expect(run('T80', tables).exceptions).toMatchObject([{ orderId: null, keys: { change_id: 'MC2' }, amountMinor: null, currency: null }]);
	});

	it('a customer and a product of one id are two records', () => {
		expect(
			subjects('T80', { ...changed(change({ table_name: 'product' })), product: [product({ sku: 'C1', owner_system: 'pim' })] }),
		).toEqual([{ change_id: 'MC1' }]);
	});

	it('a handover is the old owner’s to do, and splits the time before and after', () => {
		const handover = change({
			change_id: 'H',
			field: 'owner_system',
			old_value: 'erp',
			new_value: 'crm',
			changed_at: '2026-03-01T00:00:00.000Z',
		});
		const prior = (system: string) => change({ change_id: 'B', system, changed_at: '2026-02-28T00:00:00.000Z' });
		const later = (system: string) => change({ change_id: 'A', system, changed_at: '2026-03-02T00:00:00.000Z' });
		expect(subjects('T80', changed({ ...handover, system: 'erp' }, prior('erp'), later('crm')))).toEqual([]);
		expect(subjects('T80', changed({ ...handover, system: 'crm' }, prior('crm'), later('erp')))).toEqual([
			{ change_id: 'A' },
			{ change_id: 'B' },
			{ change_id: 'H' },
		]);
	});

	it('the first owner of a record is whoever enters it', () => {
		expect(subjects('T80', changed(change({ field: 'owner_system', old_value: null, new_value: 'crm' })))).toEqual([]);
	});

	it('changes of records that are not in the drop stay open', () => {
		expect(run('T80', changed(change({ record_id: 'C9' })))).toMatchObject({
			verdict: 'incomplete',
			why: '1 change of records that are not in the drop',
		});
		expect(run('T80', { master_change: [change()] })).toMatchObject({ verdict: 'incomplete' });
	});
});

describe('T81 duplicate customers', () => {
	const two = (second: Row, first: Row = {}) => ({
		customer: [customer({ tin: null, ...first }), customer({ customer_id: 'C2', name: 'Other', tin: null, ...second })],
	});
	const C2 = [{ customer_id: 'C2' }];

	it.each([
		['US 12-3456789', 'US123456789'],
		['us12.345.6789', 'US 12-3456789'],
		['US123456789', '12 3456789'],
		['１２３４', '1234'],
	])('tax numbers %s and %s are the same', (first, second) => expect(subjects('T81', two({ tin: second }, { tin: first }))).toEqual(C2));

	it.each([
		['US123456789', 'US123456780'],
		['N/A', 'n/a'],
		['000000', '000-000'],
		['', ''],
	])('tax numbers %s and %s tell nothing of the kind', (first, second) =>
		expect(subjects('T81', two({ tin: second }, { tin: first }))).toEqual([]),
	);

	it('a national number counts within its country only', () => {
		expect(subjects('T81', two({ tin: '123456', country: 'FR' }, { tin: 'DE123456', country: 'DE' }))).toEqual([]);
	});

	it.each([
		['Acme Ltd', 'ACME LTD.'],
		['Acme Ltd', 'Acme Limited'],
		['Acme Ltd', 'Acme, Inc.'],
		['Acme GmbH', 'Acme GmbH & Co. KG'],
		['Al-Noor Trading W.L.L.', 'AL NOOR TRADING'],
		['Acme S.A.', 'Acme S.A. de C.V.'],
		['Acme A/S', 'Acme'],
		['Acme sp. z o.o.', 'ACME'],
		['Straße AG', 'STRASSE ag'.replace('SS', 'ß')],
		['Acme-Widgets LLC', 'Acme Widgets'],
		['株式会社アクメ', 'アクメ'],
		['O’Neil Pty Ltd', "O'Neil"],
	])('%s and %s are one name', (first, second) => expect(subjects('T81', two({ name: second }, { name: first }))).toEqual(C2));

	it.each([
		['Acme Ltd', 'Acne Ltd'],
		['Acme 1 Ltd', 'Acme 2 Ltd'],
		['Acme Berlin GmbH', 'Acme Bonn GmbH'],
		['AG', 'GmbH'],
		['...', '---'],
	])('%s and %s are two', (first, second) => expect(subjects('T81', two({ name: second }, { name: first }))).toEqual([]));

	it('the same name in another country is another customer', () =>
		expect(subjects('T81', two({ name: 'Acme Ltd', country: 'DE' }))).toEqual([]));

	it('a customer kept three times is two exceptions, each once', () => {
		const tables = { customer: [customer(), customer({ customer_id: 'C2' }), customer({ customer_id: 'C3', tin: null })] };
		expect(subjects('T81', tables)).toEqual([{ customer_id: 'C2' }, { customer_id: 'C3' }]);
	});
});

describe('T82 discount beyond authority', () => {
	const sold = (unit_price_minor: number, over: Tables = {}) => sale({ sales_order_line: [line({ unit_price_minor })], ...over });
	const LINE = [{ order_id: 'SO-1', line_id: 'L1' }];

	it('20 % off the list price needs no approval, more does', () => {
		expect(subjects('T82', sold(800))).toEqual([]);
		expect(run('T82', sold(799)).exceptions).toMatchObject([{ orderId: 'SO-1', keys: LINE[0], amountMinor: 2010n, currency: 'USD' }]);
	});

	it('the limit is exact where it is no whole minor unit, and pct moves it', () => {
		const odd = (price: number) => sold(price, { product: [product({ list_price_minor: 999 })] });
		expect(subjects('T82', odd(800))).toEqual([]);
		expect(subjects('T82', odd(799))).toEqual(LINE);
		expect(run('T82', sold(500), { pct: 50 }).exceptions).toEqual([]);
		expect(run('T82', sold(499), { pct: 50 }).exceptions).toHaveLength(1);
	});

	it.each(['SO-1', 'SO-1/L1', 'SO-1:L1', 'SO-1-L1', 'L1', 'CT1'])('an approval of %s covers the line', (subject_id) => {
		expect(subjects('T82', sold(500, { approval: [approval({ subject_id })] }))).toEqual([]);
	});

	it.each([
		['another order', { subject_id: 'SO-2' }],
		['another kind', { subject_kind: 'contract' }],
	])('an approval of %s does not', (_, over) => expect(subjects('T82', sold(500, { approval: [approval(over)] }))).toEqual(LINE));

	it('an approver without the role is an exception, whatever the discount: the approval, its order and the line with the largest one', () => {
		const approvedBySales = (price: number) =>
			run('T82', sold(price, { approval: [approval({ approver_id: 'u-sales', subject_id: 'SO-1/L1' })] })).exceptions;
		expect(approvedBySales(500)).toMatchObject([
			{ orderId: 'SO-1', keys: { approval_id: 'A1', order_id: 'SO-1', line_id: 'L1' }, amountMinor: 5000n, currency: 'USD' },
		]);
		expect(approvedBySales(1000).map(({ keys, amountMinor }) => ({ keys, amountMinor }))).toEqual([
			{ keys: { approval_id: 'A1', order_id: 'SO-1' }, amountMinor: 0n },
		]);
	});

	it.each([
		['from its first instant', '2026-03-01T09:00:00.000Z', null, 0],
		['not before', '2026-03-01T09:00:00.001Z', null, 1],
		['until its end', '2020-01-01T00:00:00.000Z', '2026-03-01T09:00:00.001Z', 0],
		['not at its end', '2020-01-01T00:00:00.000Z', '2026-03-01T09:00:00.000Z', 1],
	])('the role counts %s', (_, valid_from, valid_to, count) => {
		const roles = [{ user_id: 'u-approver', role: 'approver', valid_from, valid_to }];
		expect(run('T82', sold(500, { approval: [approval()], user_role: roles })).exceptions).toHaveLength(count);
	});

	it('the list price at the time of the order counts', () => {
		const raised = change({
			table_name: 'product',
			record_id: 'P1',
			field: 'list_price_minor',
			old_value: '1000',
			new_value: '2000',
			system: 'pim',
		});
		const at = (changed_at: string, old_value = '1000') =>
			sold(1000, { product: [product({ list_price_minor: 2000 })], master_change: [{ ...raised, changed_at, old_value }] });
		expect(subjects('T82', at('2026-03-02T00:00:00.000Z'))).toEqual([]);
		expect(subjects('T82', at('2026-02-28T00:00:00.000Z'))).toEqual(LINE);
		expect(run('T82', at('2026-03-02T00:00:00.000Z', 'ten'))).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});

	it('a list price in another currency, and an unknown product, are not judged', () => {
		expect(run('T82', sold(1, { product: [product({ currency: 'EUR' })] })).exceptions).toEqual([]);
		expect(run('T82', sold(1, { product: [] })).exceptions).toEqual([]);
	});
});

describe('T84 credit limit breach', () => {
	const limited = (credit_limit_minor: number | null, over: Tables = {}) => sale({ customer: [customer({ credit_limit_minor })], ...over });
	const earlier = (over: Row = {}) =>
		invoice({ invoice_id: 'I0', invoice_no: 'INV-0000', total_minor: 5000, issued_at: '2026-02-01T10:00:00.000Z', ...over });
	const SO1 = [{ order_id: 'SO-1' }];

	it('an order up to the limit is in order, beyond it is not', () => {
		expect(subjects('T84', limited(10_000))).toEqual([]);
		expect(run('T84', limited(9999)).exceptions).toMatchObject([{ orderId: 'SO-1', keys: SO1[0], amountMinor: 1n, currency: 'USD' }]);
		expect(subjects('T84', limited(null))).toEqual([]);
	});

	it('what is open at booking counts: invoices before it, less credit memos and payments', () => {
		const owed = (over: Tables) => limited(14_999, { invoice: [earlier()], ...over });
		expect(subjects('T84', owed({}))).toEqual(SO1);
		expect(subjects('T84', owed({ invoice: [earlier({ issued_at: '2026-03-01T10:00:00.000Z' })] }))).toEqual([]);
		expect(subjects('T84', owed({ invoice: [earlier(), creditMemo({ total_minor: 1, issued_at: '2026-02-02T10:00:00.000Z' })] }))).toEqual(
			[],
		);
		expect(subjects('T84', owed({ invoice: [earlier(), creditMemo({ total_minor: -1, issued_at: '2026-02-02T10:00:00.000Z' })] }))).toEqual(
			[],
		);
		const paid = (received_at: string, currency = 'USD') =>
			owed({ payment: [{ payment_id: 'P', invoice_id: 'I0', received_at, amount_minor: 1, currency }] });
		expect(subjects('T84', paid('2026-03-01T10:00:00.000Z'))).toEqual([]);
		expect(subjects('T84', paid('2026-03-01T10:00:00.001Z'))).toEqual(SO1);
		expect(subjects('T84', paid('2026-02-05T10:00:00.000Z', 'EUR'))).toEqual(SO1);
		expect(subjects('T84', owed({ invoice: [earlier({ currency: 'EUR' })] }))).toEqual([]);
		expect(subjects('T84', owed({ invoice: [earlier({ customer_id: 'C2' })] }))).toEqual([]);
	});

	it('rows in any order give the same account', () => {
		const orders = [order({ order_id: 'SO-2', ordered_at: '2026-05-01T10:00:00.000Z' }), order()];
		const invoices = [invoice({ total_minor: 4000 }), earlier({ total_minor: 3000 })];
		const { exceptions } = run('T84', limited(12_500, { sales_order: orders, invoice: invoices }));
		expect(exceptions.map(({ orderId, amountMinor }) => [orderId, amountMinor])).toEqual([
			['SO-1', 500n],
			['SO-2', 4500n],
		]);
	});

	const held = event({ event_id: 'EV-H', order_seq: 2, type: 'order.credit_held', from_state: 'booked', to_state: 'credit_hold' });
	const released = (over: Row = {}) =>
		event({
			event_id: 'EV-L',
			order_seq: 3,
			type: 'order.released',
			from_state: 'credit_hold',
			to_state: 'released',
			actor_id: 'u-credit',
			actor_role: 'credit',
			...over,
		});

	it.each([
		['is still held', [held], 0],
		['was held and released by credit', [held, released()], 0],
		['was held and released by sales', [held, released({ actor_id: 'u-sales', actor_role: 'sales' })], 1],
		[
			'was held, released by sales and held again',
			[held, released({ actor_role: 'sales' }), { ...held, event_id: 'EV-I', order_seq: 4 }],
			0,
		],
		['was released by a sales person who is an approver', [held, released({ actor_id: 'u-approver', actor_role: 'sales' })], 0],
		['was held and cancelled', [held, released({ type: 'order.cancelled', to_state: 'cancelled', actor_role: 'sales' })], 0],
		['went straight to release', [released({ from_state: 'booked' })], 1],
	])('an order beyond the limit that %s', (_, events, count) => {
		expect(run('T84', limited(1, { order_event: [event(), ...events] })).exceptions).toHaveLength(count);
	});

	it('an approved release of the order or of its hold answers for it', () => {
		const hold = {
			hold_id: 'H1',
			order_id: 'SO-1',
			kind: 'hold',
			opened_at: '2026-03-01T10:00:00.000Z',
			opened_by: 'u-credit',
			reason_code: 'credit',
		};
		const approvals = (subject_id: string) => ({ approval: [approval({ subject_kind: 'hold_release', subject_id })], hold: [hold] });
		expect(subjects('T84', limited(1, approvals('SO-1')))).toEqual([]);
		expect(subjects('T84', limited(1, approvals('H1')))).toEqual([]);
		expect(subjects('T84', limited(1, approvals('H2')))).toEqual(SO1);
	});

	it('the limit at booking counts, and booking is what the event says', () => {
		const raised = (changed_at: string, old_value: string | null) =>
			limited(20_000, { master_change: [change({ field: 'credit_limit_minor', old_value, new_value: '20000', changed_at })] });
		expect(subjects('T84', raised('2026-03-01T10:00:00.001Z', '5000'))).toEqual(SO1);
		expect(subjects('T84', raised('2026-03-01T10:00:00.000Z', '5000'))).toEqual([]);
		expect(subjects('T84', raised('2026-03-02T10:00:00.000Z', null))).toEqual([]);
		expect(run('T84', raised('2026-03-02T10:00:00.000Z', 'lots'))).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		const late = { order_event: [event({ occurred_at: '2026-03-03T00:00:00.000Z' })] };
		expect(subjects('T84', { ...raised('2026-03-02T10:00:00.000Z', '5000'), ...late })).toEqual([]);
	});

	it('drafts are not booked; orders in another currency are left open', () => {
		expect(run('T84', limited(1, { sales_order: [order({ state: 'draft' })] }))).toMatchObject({ verdict: 'pass', tested: 0 });
		expect(run('T84', limited(1, { sales_order: [order({ currency: 'EUR' })] }))).toMatchObject({
			verdict: 'incomplete',
			why: "1 order in another currency than the customer's limit",
		});
	});
});
