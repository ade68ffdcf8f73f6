import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, type Instant, utf8 } from '#kernel';
import { TABLE_LIST, TABLES } from '#model';
import { describeLineFault, MAX_LINE_BYTES, PopulationBuilder, type PopulationTable } from '#population';

const CUSTOMER = {
	customer_id: 'C-1',
	name: 'Zoë "Ж" 中',
	tin: null,
	country: 'DE',
	currency: 'EUR',
	credit_limit_minor: 500_000,
	owner_system: 'CRM',
	active_from: '2026-01-01',
	active_to: null,
};
const SHIPMENT = {
	shipment_id: 'SH-1',
	order_id: 'SO-1',
	line_id: '1',
	quantity: '2.5',
	carrier: 'DHL',
	tracking_no: 'T-1',
	shipped_at: '2026-02-28T23:59:59.999Z',
	delivered_at: null,
	pod_document_id: null,
};

function build(
	table: 'customer' | 'shipment' | 'order_event' | 'feed_message' | 'state_transition',
	lines: readonly (string | Uint8Array)[],
	cut = 1 << 20,
): PopulationTable {
	const builder = new PopulationBuilder();
	const sink = builder.table(table);
	const bytes = new Uint8Array(lines.flatMap((line) => [...(typeof line === 'string' ? utf8(line) : line), 10]));
	for (let at = 0; at < bytes.length; at += cut) expect(sink.push(bytes.subarray(at, at + cut)).ok).toBe(true);
	return builder.finish(0 as Instant).table(table);
}

const line = (record: object, changes: object = {}): string => canonicalize({ ...record, ...changes });

describe('a canonical line becomes a row', () => {
	it('with every wire type kept exactly', () => {
		const customers = build('customer', [line(CUSTOMER)]);
		expect(customers.rows).toBe(1);
		expect(customers.text('name', 0)).toBe('Zoë "Ж" 中');
		expect(customers.minors('credit_limit_minor')[0]).toBe(500_000n);
		expect(customers.cellText('active_from', 0)).toBe('2026-01-01');
		expect(customers.isNull('tin', 0)).toBe(true);
		const shipments = build('shipment', [line(SHIPMENT)]);
		expect(shipments.quantities('quantity')[0]).toBe(2_500_000n);
		expect(shipments.instants('shipped_at')[0]).toBe(Date.parse('2026-02-28T23:59:59.999Z'));
		expect(shipments.isNull('delivered_at', 0)).toBe(true);
	});

	it('whose version of the state table is a number or a name', () => {
		const transition = { from_state: 'draft', to_state: 'booked', valid_from: '2026-01-01T00:00:00.000Z', roles: 'sales', mandatory: true };
		const versions = ['v7/2026', 7, '8', 'ü'];
		const table = build(
			'state_transition',
			versions.map((version) => line(transition, { version })),
		);
		expect(versions.map((_, row) => table.text('version', row))).toEqual(['v7/2026', '7', '8', 'ü']);
		const faulty = build(
			'state_transition',
			['', true, null, 1e300].map((version) => line(transition, { version })),
		);
		expect(faulty.rows).toBe(0);
		expect(faulty.quarantine.length).toBe(4);
	});

	it('wherever the chunks of the file are cut', () => {
		const lines = Array.from({ length: 7 }, (_, i) => line(CUSTOMER, { customer_id: `C-${i}`, name: `Kundin ${'é'.repeat(i)}` }));
		for (let cut = 1; cut < 40; cut++) {
			const table = build('customer', lines, cut);
			expect([table.rows, table.text('name', 6)]).toEqual([7, 'Kundin éééééé']);
		}
	});

	it('and an absent key equals null, a key the model does not know is kept and shown', () => {
		const { tin: _, ...rest } = CUSTOMER;
		const table = build('customer', [line(rest, { aardvark: [1], zebra: { x: 'y' } })]);
		expect(table.isNull('tin', 0)).toBe(true);
		expect([...table.unknownKeys]).toEqual([
			['aardvark', [0]],
			['zebra', [0]],
		]);
	});

	it('even where its JSON is not canonical, which is reported', () => {
		const table = build('customer', [
			line(CUSTOMER).replace('{', '{ '),
			line(CUSTOMER, { customer_id: 'C-2' }),
			line(CUSTOMER, { customer_id: 'C-3' }).replace('"name":"Zoë', '"name":"Zo\\u00eb'),
		]);
		expect([table.rows, table.nonCanonicalLines, table.text('name', 2)]).toEqual([3, [1, 3], CUSTOMER.name]);
	});
});

describe('a malformed line is set aside with line, offset and reason, and the rest loads', () => {
	const good = line(CUSTOMER);
	const cases: readonly (readonly [code: string, bad: string | Uint8Array, column: string | null])[] = [
		['blank_line', '', null],
		['not_json', '{"a":', null],
		['not_json', `\ufeff${line(CUSTOMER, { customer_id: 'X' })}`, null],
		['not_utf8', new Uint8Array([...utf8(line(CUSTOMER, { customer_id: 'X' }).slice(0, -2)), 0xff, 34, 125]), null],
		['not_an_object', '[1]', null],
		['duplicate_key', `{"customer_id":"A",${line(CUSTOMER, { customer_id: 'X' }).slice(1)}`, 'customer_id'],
		['missing_value', line(CUSTOMER, { customer_id: 'X', currency: null }), 'currency'],
		['missing_value', canonicalize(Object.fromEntries(Object.entries(CUSTOMER).filter(([key]) => key !== 'currency'))), 'currency'],
		['wrong_type', line(CUSTOMER, { customer_id: 'X', name: 5 }), 'name'],
		['wrong_type', line(CUSTOMER, { customer_id: 'X', credit_limit_minor: '5' }), 'credit_limit_minor'],
		['bad_value', line(CUSTOMER, { customer_id: 'X', active_from: '2026-02-29' }), 'active_from'],
		['bad_value', line(CUSTOMER, { customer_id: '' }), 'customer_id'],
		['bad_value', line(CUSTOMER, { customer_id: 'X', currency: 'eur' }), 'currency'],
		['number_out_of_range', line(CUSTOMER, { customer_id: 'X' }).replace('500000', '1e400'), 'credit_limit_minor'],
		['number_out_of_range', line(CUSTOMER, { customer_id: 'X' }).replace('500000', '9007199254740993'), 'credit_limit_minor'],
		['number_out_of_range', line(CUSTOMER, { customer_id: 'X' }).replace('500000', '0.5'), 'credit_limit_minor'],
		['duplicate_primary_key', line(CUSTOMER, { name: 'Another' }), 'customer_id'],
	];
	it.each(cases)('%s', (code, bad, column) => {
		const table = build('customer', [good, bad, line(CUSTOMER, { customer_id: 'C-9' })]);
		expect(table.rows).toBe(2);
		expect(table.quarantine).toHaveLength(1);
		expect(table.quarantine[0]).toMatchObject({ code, line: 2, offset: utf8(good).length + 1, column });
		expect(describeLineFault(table.quarantine[0] as never)).toMatch(/^(the|a|an) /);
		expect([table.lineOf(1), table.rowOfLine(3), table.rowOfLine(2)]).toEqual([3, 1, -1]);
	});

	it('a NUL byte in a text is no JSON', () => {
		const table = build('customer', [line(CUSTOMER).replace('CRM', 'C\u0000M')]);
		expect(table.quarantine[0]?.code).toBe('not_json');
	});

	it('a value outside a closed list says which values there are', () => {
		const event = { dispute_id: 'D', order_id: 'O', logged_at: '2026-01-01T00:00:00.000Z', channel: 'portal', status: 'lost' };
		const builder = new PopulationBuilder();
		builder.table('dispute').push(utf8(`${canonicalize(event)}\n`));
		const table = builder.finish(0 as Instant).table('dispute');
		expect(table.quarantine[0]).toMatchObject({ code: 'bad_value', column: 'status', found: 'lost' });
	});
});

it('a line over a mebibyte is refused before it is buffered whole', () => {
	const sink = new PopulationBuilder().table('customer');
	const chunk = new Uint8Array(MAX_LINE_BYTES / 2 + 1).fill(32);
	expect(sink.push(chunk).ok).toBe(true);
	expect(sink.push(chunk)).toMatchObject({ ok: false, error: { code: 'line_too_long', line: 1, offset: 0 } });
});

describe('a required column', () => {
	const { carrier: _, ...withoutCarrier } = SHIPMENT;
	const rows = (record: object): string[] => [1, 2, 3].map((n) => line(record, { shipment_id: `SH-${n}` }));

	it('that no line has was not supplied, and nothing is set aside', () => {
		const table = build('shipment', rows(withoutCarrier));
		expect([table.rows, table.has('carrier'), table.has('tracking_no')]).toEqual([3, false, true]);
	});

	it('that only some lines have is missing in the others', () => {
		const table = build('shipment', [...rows(withoutCarrier).slice(0, 2), line(SHIPMENT, { shipment_id: 'SH-3' })]);
		expect(table.rows).toBe(1);
		expect(table.quarantine.map(({ line: at, column, offset }) => [at, column, offset])).toEqual([
			[1, 'carrier', 0],
			[2, 'carrier', utf8(line(withoutCarrier)).length + 1],
		]);
		expect(table.text('shipment_id', 0)).toBe('SH-3');
	});
});

describe('a committed field', () => {
	const EVENT = {
		event_id: 'E-1',
		order_id: 'SO-1',
		order_seq: 1,
		type: 'order.booked',
		occurred_at: '2026-01-01T00:00:00.000Z',
		recorded_at: '2026-01-01T00:00:00.000Z',
		actor_role: 'sales',
		source_system: 'OMS',
		source_seq: 1,
		schema_version: 1,
		sd: { actor_id: 'A'.repeat(43) },
	};
	it('that is withheld leaves the row loaded and is counted', () => {
		const table = build('order_event', [line(EVENT)]);
		expect([table.rows, table.isNull('actor_id', 0), table.withheld.get('actor_id')]).toEqual([1, true, 1]);
	});
	it('that is disclosed takes its value', () => {
		const builder = new PopulationBuilder();
		builder.table('order_event', { disclosed: () => new Map([['actor_id', 'U-7']]) }).push(utf8(`${line(EVENT)}\n`));
		const table = builder.finish(0 as Instant).table('order_event');
		expect([table.text('actor_id', 0), table.withheld.size]).toEqual(['U-7', 0]);
	});
});

it('a dead letter and its replay may share a number', () => {
	const message = {
		source_system: 'OMS',
		source_seq: 1,
		endpoint: '/e',
		sent_at: '2026-01-01T00:00:00.000Z',
		status: 'dead_letter',
		latency_ms: 1,
	};
	expect(build('feed_message', [line(message), line(message, { status: 'replayed' })]).rows).toBe(2);
});

it('whatever bytes come, every line is a row or set aside', () => {
	const text = line(CUSTOMER);
	fc.assert(
		fc.property(fc.nat(text.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
			const bytes = utf8(text);
			if (byte === 10) return;
			bytes[at] = byte;
			const table = build('customer', [bytes]);
			expect(table.rows + table.quarantine.length).toBe(1);
		}),
		{ numRuns: 300 },
	);
});

it('the schema table names every primary-key column and gives every table a door to its rows', () => {
	for (const table of TABLE_LIST) {
		for (const name of table.primaryKey) expect(table.columns.map((column) => column.name)).toContain(name);
		expect(TABLES[table.name]).toBe(table);
	}
});

describe('the size that a file is said to have', () => {
	const ROWS = 40_000;
	/** Short lines first: what they promise of the others is wrong. */
	const bytes = utf8(
		Array.from(
			{ length: ROWS },
			(_, n) => `${line(CUSTOMER, { customer_id: `C-${n}`, name: 'x'.repeat(n % 40), credit_limit_minor: n % 3 === 0 ? null : n })}\n`,
		).join(''),
	);
	const read = (fileBytes: number | undefined): PopulationTable => {
		const builder = new PopulationBuilder();
		const sink = builder.table('customer', fileBytes === undefined ? {} : { fileBytes });
		for (let at = 0; at < bytes.length; at += 1 << 20) expect(sink.push(bytes.subarray(at, at + (1 << 20))).ok).toBe(true);
		return builder.finish(0 as Instant).table('customer');
	};
	const cellsOf = (table: PopulationTable): unknown[] =>
		Array.from({ length: table.rows }, (_, row) => [
			table.text('customer_id', row),
			table.text('name', row),
			table.isNull('credit_limit_minor', row) ? null : table.minors('credit_limit_minor')[row],
		]);

	it.each([0, 1, bytes.length / 2, bytes.length, bytes.length * 3, 2 ** 50])('of %d bytes changes nothing that is read', (said) => {
		const table = read(said);
		expect(table.rows).toBe(ROWS);
		expect(cellsOf(table)).toEqual(cellsOf(read(undefined)));
	});
});
