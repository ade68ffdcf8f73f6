import { describe, expect, test } from 'vitest';
import { type EvidenceFacts, runTest, testById } from '#audit';
import { ENTITY, event, invoice, invoiceLine, order } from './orderRecords.ts';
import { auditOf, facts, populate, type Row, type Tables } from './populate.ts';

describe('T75, schema drift', () => {
	const drift = (events: readonly Row[], parameters = {}, more: Tables = {}) =>
		auditOf(testById('T75'), { order_event: events, sales_order: [order('O1')], ...more }, { parameters });
	const events = (count: number, version: number, extra: Row = {}): Row[] =>
		Array.from({ length: count }, (_, at) =>
			event('O1', { event_id: `V${version}-${at}-${Object.keys(extra).join()}`, schema_version: version, ...extra }),
		);

	test('one version everywhere is none, and so are two that many rows carry', () => {
		expect(drift(events(3, 1)).verdict).toBe('pass');
		expect(drift([...events(30, 1), ...events(10, 2)]).verdict).toBe('pass');
	});

	test('a version of fewer than ten rows, or of less than one in a hundred, is one each', () => {
		const run = drift([...events(30, 1), ...events(9, 7)]);
		expect(run.exceptions).toHaveLength(9);
		expect(run.exceptions[0]).toMatchObject({ orderId: 'O1', keys: { event_id: 'V7-0-' } });
		expect(run.exceptions[0]?.reason).toContain('has the schema version 7; known are 1');
		expect(drift([...events(1190, 1), ...events(12, 2)]).exceptions).toHaveLength(12);
		expect(drift([...events(1188, 1), ...events(12, 2)]).exceptions).toHaveLength(0);
	});

	test('orders have versions of their own', () => {
		const orders = [...Array.from({ length: 20 }, (_, at) => order(`P${at}`, { schema_version: 4 })), order('O1', { schema_version: 5 })];
		expect(drift(events(3, 1), {}, { sales_order: orders }).exceptions.map(({ keys }) => keys)).toEqual([{ order_id: 'O1' }]);
	});

	test('a list of versions is taken at its word', () => {
		expect(drift(events(30, 3), { known_versions: '1, 3' }).exceptions.map(({ orderId }) => orderId)).toEqual([]);
		expect(drift(events(30, 3), { known_versions: '1,2' }).exceptions).toHaveLength(30);
		expect(drift(events(3, 1), { known_versions: 'latest' })).toMatchObject({ verdict: 'not_testable' });
	});

	test('an unknown key is one a row, and one in all where more than a hundred rows have it', () => {
		const few = drift([...events(2, 1), ...events(2, 1, { colour: 'red' })]);
		expect(few.exceptions.map(({ keys }) => keys)).toEqual([{ event_id: 'V1-0-colour' }, { event_id: 'V1-1-colour' }]);
		expect(few.exceptions[0]?.reason).toContain('has the key "colour", which schema version 1 does not know');
		const many = drift([...events(20, 1), ...events(101, 1, { colour: 'red' })]);
		expect(many.exceptions.map(({ keys }) => keys)).toEqual([{ key: 'colour', table: 'order_event' }]);
		expect(many.exceptions[0]?.reason).toContain('101 of 121 rows');
	});

	test('of a row with an unknown version only the version is told, and keys of tables without versions are no drift', () => {
		expect(drift([...events(20, 1), ...events(1, 9, { colour: 'red' })]).exceptions).toHaveLength(1);
		expect(drift(events(3, 1), {}, { entity: [{ ...ENTITY, colour: 'red' }] }).verdict).toBe('pass');
	});

	test('commitments are no unknown key', () => {
		const { reason_code: _, ...rest } = event('O1', { sd: { reason_code: 'bm90IGEgZGlnZXN0' } });
		expect(drift([rest as Row]).exceptions).toEqual([]);
	});
});

describe('T77, extraction incomplete', () => {
	const AS_OF = '2027-01-15T12:00:00.000Z';
	const extract = (tables: Tables, evidence: Partial<EvidenceFacts> = {}) =>
		auditOf(testById('T77'), { entity: [ENTITY], ...tables }, { asOf: AS_OF, evidence });
	const ipe = (
		table: string,
		verdict: 'differs' | 'missing' | 'not_declared',
		...what: ('sha256' | 'rows' | 'bytes' | 'control_total')[]
	) => ({
		ipe: [{ table, verdict, differences: what.map((one) => ({ what: one, declared: 'x: 1', found: 'x: 2' })) }],
	});

	test('rows, bytes and totals that differ are one a table, a hash alone is not', () => {
		const run = extract({}, ipe('payment', 'differs', 'sha256', 'rows', 'control_total'));
		expect(run.exceptions.map(({ keys }) => keys)).toEqual([{ table: 'payment' }]);
		expect(run.exceptions[0]?.reason).toBe(
			'payment is not as its manifest declares it: rows: x: 1 declared, x: 2 found; control total x: 1 declared, x: 2 found.',
		);
		expect(extract({}, ipe('payment', 'differs', 'sha256')).verdict).toBe('pass');
	});

	test('a declared table that is missing is one, an undeclared one stays open, documents are judged elsewhere', () => {
		expect(extract({}, ipe('payment', 'missing')).exceptions.map(({ keys }) => keys)).toEqual([{ table: 'payment' }]);
		expect(extract({}, ipe('payment', 'not_declared'))).toMatchObject({
			verdict: 'incomplete',
			why: 'not declared in the manifest: payment',
		});
		expect(extract({}, ipe('documents', 'differs', 'rows')).verdict).toBe('pass');
	});

	test('totals of a table with lines set aside can not be compared, its rows can', () => {
		const test = testById('T77');
		const tables = { entity: [ENTITY], sales_order: [order('O1'), { ...order('O2'), revision: 'two' }] };
		const run = (...what: ('rows' | 'control_total')[]) =>
			test && runTest(test, populate({ tables }), facts(ipe('sales_order', 'differs', ...what)));
		expect(run('control_total')).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(run('control_total')?.why).toContain('control totals without the lines set aside: sales_order');
		expect(run('control_total', 'rows')?.exceptions).toHaveLength(1);
	});

	const ordered = (at: string, more: Tables = {}) => extract({ sales_order: [order('O1', { ordered_at: at })], ...more });

	test.each([
		['2026-01-01T00:00:00.000Z', 0],
		['2026-12-31T23:59:59.999Z', 0],
		// In New York that is still 31 December.
		['2027-01-01T04:59:59.999Z', 0],
		['2027-01-01T05:00:00.000Z', 1],
		['2025-12-31T23:59:59.999Z', 1],
		['2025-06-01T00:00:00.000Z', 1],
	])('an order of %s is outside the declared year: %i', (at, count) => {
		expect(ordered(at).exceptions).toHaveLength(count);
	});

	test('a date outside tells the row, the date and the period', () => {
		expect(ordered('2025-06-01T00:00:00.000Z').exceptions).toMatchObject([
			{
				orderId: 'O1',
				keys: { order_id: 'O1' },
				amountMinor: 120_000n,
				reason:
					'sales_order O1: ordered_at 2025-06-01 00:00 UTC is outside the declared period (declared: 2026-01-01 to 2026-12-31, as-of 2027-01-15 12:00 UTC).',
			},
		]);
	});

	test('at the edge of the period an entity without a time zone leaves the row open, further out it does not', () => {
		const entity = [{ ...ENTITY, timezone: 'Mars/Olympus' }];
		expect(ordered('2027-01-01T03:00:00.000Z', { entity })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(ordered('2027-01-03T03:00:00.000Z', { entity }).exceptions).toHaveLength(1);
	});

	test('as-of itself is not after it, a millisecond later is', () => {
		const stored = (at: string) => extract({ order_event: [event('O1', { recorded_at: at })] });
		expect(stored(AS_OF).verdict).toBe('pass');
		expect(stored('2027-01-15T12:00:00.001Z').exceptions[0]?.reason).toContain('recorded_at 2027-01-15 12:00 UTC is after as-of');
	});

	const journal = (effectiveOn: string): Row => ({
		journal_id: 'J1',
		line_no: 1,
		entity_id: 'E1',
		account: '4000',
		debit_minor: 700,
		credit_minor: 0,
		currency: 'USD',
		effective_on: effectiveOn,
		period: '2026-12',
		entered_at: '2027-01-02T00:00:00.000Z',
		entered_by: 'U1',
		approved_by: null,
		source: 'system',
		source_kind: null,
		source_id: null,
		reversal_of_journal_id: null,
		description: '',
	});

	test('journals are judged by their effective date, which is the entity’s own', () => {
		expect(extract({ journal_line: [journal('2026-12-31')] }).verdict).toBe('pass');
		expect(extract({ journal_line: [journal('2027-01-01')] }).exceptions).toMatchObject([
			{ keys: { journal_id: 'J1', line_no: '1' }, amountMinor: 700n },
		]);
		const long = { periodTo: '2027-02' };
		expect(extract({ journal_line: [journal('2027-01-15')] }, long).verdict).toBe('pass');
		expect(extract({ journal_line: [journal('2027-01-16')] }, long).exceptions[0]?.reason).toContain(
			'effective_on 2027-01-16 is after as-of',
		);
	});

	test('every kind of transaction is dated', () => {
		const old = '2025-05-05T00:00:00.000Z';
		const run = extract({
			sales_order: [order('O1', { ordered_at: old })],
			order_event: [event('O1', { event_id: 'V', occurred_at: old })],
			invoice: [invoice('I1', { issued_at: old })],
			invoice_line: [invoiceLine('I1', 'O1')],
			payment: [{ payment_id: 'P1', invoice_id: 'I1', received_at: old, amount_minor: 5, currency: 'USD' }],
			shipment: [
				{
					shipment_id: 'H1',
					order_id: 'O1',
					line_id: 'L1',
					quantity: '1',
					carrier: 'UPS',
					tracking_no: 'T1',
					shipped_at: old,
					delivered_at: null,
					pod_document_id: null,
				},
			],
		});
		expect(run.exceptions.map(({ orderId, keys }) => [orderId, Object.keys(keys)[0]]).sort()).toEqual(
			['event_id', 'invoice_id', 'order_id', 'payment_id', 'shipment_id'].map((key) => ['O1', key]),
		);
	});

	test('an extract that is wholly outside its period is told by rows up to a limit, and counted beyond', () => {
		const orders = Array.from({ length: 1003 }, (_, at) => order(`O${at}`, { ordered_at: '2025-05-05T00:00:00.000Z' }));
		const run = extract({ sales_order: orders });
		expect(run.exceptions).toHaveLength(1001);
		expect(run.exceptions.find(({ keys }) => keys['table'])?.reason).toContain('3 further exceptions of the same kind in sales_order');
	});
});
