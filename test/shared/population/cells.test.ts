import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, formatQuantity, type Instant, parseQuantity, utf8 } from '#kernel';
import { type Column, TABLE_LIST, type Table } from '#model';
import { PopulationBuilder, type PopulationTable } from '#population';

type Value = string | number | boolean | null;

const text = fc.string({ unit: 'binary', maxLength: 12 }).map((value) => value.toWellFormed());
const digits = (least: number, most: number): fc.Arbitrary<string> =>
	fc.array(fc.integer({ min: 0, max: 9 }), { minLength: least, maxLength: most }).map((parts) => parts.join(''));
const quantity = fc
	.tuple(fc.constantFrom('', '-'), fc.bigInt(0n, 999_999_999_999n), fc.option(digits(1, 6)))
	.map(([sign, whole, decimals]) => `${sign}${whole}${decimals === null ? '' : `.${decimals}`}`);
const instant = fc
	.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
	.map((date) => date.toISOString());

/** Any value a column may have, and what its cell must say. */
function valuesOf({ type, values }: Column): fc.Arbitrary<Value> {
	if (values) return fc.constantFrom(...values);
	switch (type) {
		case 'id':
			return text.map((value) => value || '-');
		case 'text':
			return text;
		case 'label':
			return fc.oneof(
				text.map((value) => value || '-'),
				fc.maxSafeNat(),
			);
		case 'int':
		case 'minor':
			return fc.oneof(fc.maxSafeInteger(), fc.integer({ min: -200, max: 200 }));
		case 'qty':
			return quantity;
		case 'ts':
			return instant;
		case 'date':
			return instant.map((value) => value.slice(0, 10));
		case 'bool':
			return fc.boolean();
		case 'cur':
			return fc.constantFrom('USD', 'EUR', 'JPY');
		case 'period':
			return instant.map((value) => value.slice(0, 7));
		case 'sha':
			return fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 64, maxLength: 64 });
		case 'decimal':
			return fc
				.tuple(fc.constantFrom('', '-'), digits(1, 30), fc.option(digits(1, 30)))
				.map(([sign, whole, decimals]) => `${sign}${whole}${decimals === null ? '' : `.${decimals}`}`);
	}
}

function cellOf({ type }: Column, value: Value): string | null {
	if (value === null || type !== 'qty') return value === null ? null : String(value);
	const parsed = parseQuantity(String(value));
	return parsed.ok ? formatQuantity(parsed.value) : null;
}

const recordOf = (table: Table): fc.Arbitrary<Record<string, Value>> =>
	fc.record(
		Object.fromEntries(table.columns.map((column) => [column.name, column.nullable ? fc.option(valuesOf(column)) : valuesOf(column)])),
	);

function build(table: Table, lines: readonly string[]): PopulationTable {
	const builder = new PopulationBuilder();
	const rows = builder.table(table.name);
	for (const line of lines) rows.push(utf8(`${line}\n`));
	return builder.finish(0 as Instant).table(table.name);
}

const rowText = (built: PopulationTable, row: number): (string | null)[] =>
	built.schema.columns.filter(({ held }) => held).map(({ name }) => built.cellText(name, row));

const reversed = (record: Readonly<Record<string, Value>>): string =>
	JSON.stringify(Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? 1 : -1))));

describe('whatever the values of a record are, its cells say the same', () => {
	it.each(TABLE_LIST.map((table) => [table.name, table] as const))('%s', (_, table) => {
		fc.assert(
			fc.property(recordOf(table), (record) => {
				const expected = table.columns.filter(({ held }) => held).map((column) => cellOf(column, record[column.name] ?? null));
				const withoutNulls = Object.fromEntries(Object.entries(record).filter(([, value]) => value !== null));
				for (const line of [canonicalize(record), canonicalize(withoutNulls), reversed(record)]) {
					const built = build(table, [line]);
					expect(built.quarantine).toEqual([]);
					expect(rowText(built, 0)).toEqual(expected);
				}
			}),
			{ numRuns: 25 },
		);
	});
});

describe('what is no value of its kind is set aside', () => {
	const REVENUE = {
		revenue_id: 'R-1',
		order_id: 'SO-1',
		kind: 'recognise',
		recognised_at: '2026-01-31T10:00:00.000Z',
		posted_at: '2026-01-31T10:00:00.000Z',
		period: '2026-01',
		amount_minor: 100,
		currency: 'EUR',
		rule_id: 'R-1',
		rule_version: 1,
		manual: false,
		fallback: false,
		prev: 'a'.repeat(64),
	};
	const DISPUTE = {
		dispute_id: 'D-1',
		order_id: 'SO-1',
		logged_at: '2026-01-31T10:00:00.000Z',
		channel: 'e-mail',
		status: 'open',
		disputed_quantity: '1',
	};
	const RATE = { currency: 'EUR', quote: 'USD', on: '2026-01-31', rate: '1.1', source: 'ECB' };
	const TABLES_BY_NAME = new Map(TABLE_LIST.map((table) => [table.name, table]));
	const cases: readonly (readonly [table: Table['name'], record: object, column: string, values: readonly unknown[]])[] = [
		['revenue_event', REVENUE, 'prev', ['A'.repeat(64), 'a'.repeat(63), 'a'.repeat(65), 'g'.repeat(64), '']],
		['revenue_event', REVENUE, 'period', ['2026-13', '2026-00', '2026-1a', '2026-001', '26-01', '2026/01', '']],
		['revenue_event', REVENUE, 'currency', ['EU', 'EURO', 'E1R', 'eur', 'É€R']],
		[
			'revenue_event',
			REVENUE,
			'posted_at',
			['2026-01-31T10:00:00Z', '2026-02-30T10:00:00.000Z', '2026-01-31T24:00:00.000Z', '2026-01-31', ''],
		],
		['revenue_event', REVENUE, 'kind', ['Recognise', '']],
		['dispute', DISPUTE, 'disputed_quantity', ['01', '1.', '.5', '1.1234567', '1e3', '+1', '1,5', '', '1234567890123', '--1']],
		['fx_rate', RATE, 'rate', ['1.', '.5', '1e3', '', '-', '1'.repeat(31), `1.${'1'.repeat(31)}`, '1 ']],
		['fx_rate', RATE, 'on', ['2026-1-31', '2026-01-32', '2025-02-29', '20260131', '2026-01-31T00:00:00.000Z']],
	];
	it.each(cases)('%s %#', (name, record, column, values) => {
		const table = TABLES_BY_NAME.get(name) as Table;
		expect(build(table, [canonicalize(record)]).rows).toBe(1);
		for (const value of values) {
			const built = build(table, [canonicalize({ ...record, [column]: value })]);
			expect([value, built.rows, built.quarantine[0]?.code, built.quarantine[0]?.column]).toEqual([value, 0, 'bad_value', column]);
		}
	});
});

describe('a column is as narrow as its values allow, and says the same', () => {
	const feed = TABLE_LIST.find(({ name }) => name === 'feed_message') as Table;
	const message = (source_seq: number, endpoint: string): string =>
		canonicalize({ source_system: 'OMS', source_seq, endpoint, sent_at: '2026-01-01T00:00:00.000Z', status: 'ok', latency_ms: 1 });

	it('for whole numbers of any size', () => {
		const number = fc.oneof(
			fc.integer({ min: -130, max: 130 }),
			fc.integer({ min: -33_000, max: 33_000 }),
			fc.integer(),
			fc.maxSafeInteger(),
		);
		fc.assert(
			fc.property(fc.array(number, { minLength: 1, maxLength: 50 }), (numbers) => {
				const built = build(
					feed,
					numbers.map((value) => message(value, '/e')),
				);
				expect([...built.integers('source_seq')]).toEqual(numbers);
			}),
		);
	});

	it.each([
		[100, 1],
		[300, 2],
		[40_000, 4],
	])('for %i different texts, in %i bytes each', (count, bytes) => {
		const built = build(
			feed,
			Array.from({ length: count }, (_, i) => message(i, `/endpoint/${i}`)),
		);
		expect(built.codes('endpoint').BYTES_PER_ELEMENT).toBe(bytes);
		expect(Array.from({ length: count }, (_, row) => built.text('endpoint', row))).toEqual(
			Array.from({ length: count }, (_, i) => `/endpoint/${i}`),
		);
	});

	it('but ids are always 32 bits wide, since rows are computed in their place', () => {
		expect(build(feed, [message(1, '/e')]).ids('order_id').BYTES_PER_ELEMENT).toBe(4);
		expect(() => build(feed, [message(1, '/e')]).ids('endpoint')).toThrow('a column of ids');
	});
});

it('a compound key is had twice only where all its parts are equal', () => {
	const lines = TABLE_LIST.find(({ name }) => name === 'journal_line') as Table;
	const entry = (journal_id: string, line_no: number): string =>
		canonicalize({
			journal_id,
			line_no,
			entity_id: 'E',
			account: '1',
			debit_minor: 1,
			credit_minor: 0,
			currency: 'EUR',
			effective_on: '2026-01-01',
			period: '2026-01',
			entered_at: '2026-01-01T00:00:00.000Z',
			entered_by: 'u',
			source: 'manual',
			description: '',
		});
	fc.assert(
		fc.property(
			fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom(1, 2, -1, 4_294_967_297, 8_589_934_593)), { maxLength: 40 }),
			(keys) => {
				const built = build(
					lines,
					keys.map(([journal, line]) => entry(journal, line)),
				);
				expect(built.rows).toBe(new Set(keys.map((key) => key.join('/'))).size);
				expect(built.quarantine.every(({ code }) => code === 'duplicate_primary_key')).toBe(true);
			},
		),
	);
});
