import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DROP_FORMAT, MAX_MANIFEST_BYTES, type ManifestErrorCode, parseManifest } from '#evidence';
import { utf8 } from '#kernel';

const HASH = 'ab'.repeat(32);

const table = (change: object = {}): object => ({
	table: 'payment',
	file: 'data/payment.ndjson',
	sha256: HASH,
	bytes: 123,
	rows: 4,
	control_totals: { amount_minor: 1200, quantity: '1.50' },
	extracted_at: '2027-01-15T01:30:00.000Z',
	extracted_by: 'it1',
	system: 'erp',
	query: 'SELECT * FROM payment',
	...change,
});

const manifest = (change: object = {}): Record<string, unknown> => ({
	format: DROP_FORMAT,
	drop_id: 'acme-1',
	company: 'Acme',
	entity_ids: ['E1'],
	period_from: '2026-01',
	period_to: '2026-12',
	as_of: '2027-01-15T00:00:00.000Z',
	log: 'acme.example/o2c',
	log_key: null,
	previous_drop: null,
	tables: [table()],
	documents: { count: 1, bytes: 20 },
	...change,
});

const parse = (value: unknown) => parseManifest(utf8(JSON.stringify(value)));
const without = (key: string): object => Object.fromEntries(Object.entries(manifest()).filter(([name]) => name !== key));

describe('a manifest', () => {
	it('is read with its tables, totals as exact texts', () => {
		const read = parse(manifest());
		expect(read.ok && read.value).toMatchObject({
			dropId: 'acme-1',
			periodFrom: '2026-01',
			log: 'acme.example/o2c',
			claimedLogKey: null,
			tables: [
				{
					table: 'payment',
					known: 'payment',
					file: 'data/payment.ndjson',
					rows: 4,
					controlTotals: [
						{ column: 'amount_minor', declared: '1200' },
						{ column: 'quantity', declared: '1.50' },
					],
				},
			],
			documents: { count: 1, bytes: 20 },
			unknownKeys: [],
		});
	});

	it('keeps every digit of a total that no double holds, as sums of a large currency have', () => {
		const read = parseManifest(bytesWith('"amount_minor":1200', '"amount_minor":9007199254740993,"tax_minor":-90071992547409930001'));
		expect(read.ok && read.value.tables[0]?.controlTotals).toEqual([
			{ column: 'amount_minor', declared: '9007199254740993' },
			{ column: 'tax_minor', declared: '-90071992547409930001' },
			{ column: 'quantity', declared: '1.50' },
		]);
	});

	it('may leave out what other writers do not have', () => {
		const { bytes: _, control_totals: __, extracted_at: ___, ...lean } = table() as Record<string, unknown>;
		const read = parse({ ...without('documents'), log: undefined, log_key: undefined, previous_drop: undefined, tables: [lean] });
		expect(read.ok && read.value).toMatchObject({
			log: null,
			documents: null,
			tables: [{ bytes: null, controlTotals: [], extractedAt: null }],
		});
	});

	it('keeps and reports unknown keys and unknown tables', () => {
		const read = parse(manifest({ colour: 'red', tables: [table({ table: 'gift_card', file: 'data/gift_card.ndjson', shade: 1 })] }));
		expect(read.ok && read.value.unknownKeys).toEqual(['colour', 'tables[0].shade']);
		expect(read.ok && read.value.tables[0]).toMatchObject({ table: 'gift_card', known: null });
	});
});

const text = JSON.stringify(manifest());
const bytesWith = (from: string, to: string): Uint8Array => Buffer.from(text.replace(from, to), 'latin1');

const REFUSED: readonly (readonly [ManifestErrorCode, string, Uint8Array, string])[] = [
	['manifest_too_large', 'more bytes than a manifest has', new Uint8Array(MAX_MANIFEST_BYTES + 1), ''],
	['manifest_not_utf8', 'bytes that are not UTF-8', bytesWith('Acme', 'Acm\u00ff'), ''],
	['manifest_not_json', 'no JSON', utf8('{'), ''],
	['manifest_not_json', 'a NUL byte', bytesWith('Acme', 'Ac\0e'), ''],
	['manifest_not_json', 'a hundred thousand brackets', utf8('['.repeat(100_000)), ''],
	['manifest_duplicate_key', 'a key twice', bytesWith('"company":"Acme"', '"company":"Acme","company":"Bcme"'), 'line 1'],
	['manifest_duplicate_key', 'a key twice, once escaped', bytesWith('"rows":4', '"rows":4,"row\\u0073":5'), 'line 1'],
	['manifest_unsafe_number', '1e400', bytesWith('"rows":4', '"rows":1e400'), 'line 1'],
	['manifest_unsafe_number', 'a fraction', bytesWith('"rows":4', '"rows":4.5'), 'line 1'],
	['manifest_unsafe_number', 'an integer no double holds', bytesWith('"rows":4', '"rows":9007199254740993'), 'line 1'],
	['manifest_unsafe_number', 'a total that is a fraction', bytesWith('1200', '1200.5'), 'line 1'],
	['manifest_wrong_format', 'another format', utf8(JSON.stringify(manifest({ format: 'tieout-drop/2' }))), 'format'],
	['manifest_wrong_format', 'the JSON of something else', utf8('{"name":"left-pad"}'), 'format'],
	['manifest_missing_value', 'no drop_id', utf8(JSON.stringify(without('drop_id'))), 'drop_id'],
	['manifest_missing_value', 'no tables', utf8(JSON.stringify(without('tables'))), 'tables'],
	['manifest_wrong_type', 'a list instead of an object', utf8('[]'), ''],
	['manifest_wrong_type', 'rows as text', utf8(JSON.stringify(manifest({ tables: [table({ rows: '4' })] }))), 'tables[0].rows'],
	[
		'manifest_wrong_type',
		'a total that is true',
		utf8(JSON.stringify(manifest({ tables: [table({ control_totals: { quantity: true } })] }))),
		'tables[0].control_totals.quantity',
	],
	[
		'manifest_bad_value',
		'a total that is no number',
		utf8(JSON.stringify(manifest({ tables: [table({ control_totals: { quantity: '1,5' } })] }))),
		'tables[0].control_totals.quantity',
	],
	['manifest_bad_value', 'an as-of without milliseconds', utf8(JSON.stringify(manifest({ as_of: '2027-01-15T00:00:00Z' }))), 'as_of'],
	['manifest_bad_value', 'a day that does not exist', utf8(JSON.stringify(manifest({ as_of: '2027-02-30T00:00:00.000Z' }))), 'as_of'],
	[
		'manifest_bad_value',
		'a bad extraction instant',
		utf8(JSON.stringify(manifest({ tables: [table({ extracted_at: 'yesterday' })] }))),
		'tables[0].extracted_at',
	],
	['manifest_bad_value', 'a month 13', utf8(JSON.stringify(manifest({ period_to: '2026-13' }))), 'period_to'],
	['manifest_bad_value', 'a period that ends before it begins', utf8(JSON.stringify(manifest({ period_from: '2027-01' }))), 'period_to'],
	[
		'manifest_bad_value',
		'an upper-case hash',
		utf8(JSON.stringify(manifest({ tables: [table({ sha256: HASH.toUpperCase() })] }))),
		'tables[0].sha256',
	],
	['manifest_bad_value', 'fewer than no rows', utf8(JSON.stringify(manifest({ tables: [table({ rows: -1 })] }))), 'tables[0].rows'],
	[
		'manifest_duplicate_table',
		'a table twice',
		utf8(JSON.stringify(manifest({ tables: [table(), table({ file: 'data/b.ndjson' })] }))),
		'tables[1].table',
	],
	[
		'manifest_duplicate_file',
		'a file twice',
		utf8(JSON.stringify(manifest({ tables: [table(), table({ table: 'hold', file: 'data/Payment.ndjson' })] }))),
		'tables[1].file',
	],
];

describe('a manifest is refused for', () => {
	for (const [code, what, bytes, where] of REFUSED) {
		it(`${what}: ${code}`, () => {
			const read = parseManifest(bytes);
			expect(read.ok ? 'read' : read.error).toMatchObject({ code, where });
			expect(read.ok ? '' : read.error.message).toMatch(/^manifest\.json[^\n]*\. [^\n]*\.$/);
		});
	}

	for (const file of [
		'../etc/passwd',
		'/etc/passwd',
		'data/../../x',
		'data\\x',
		'data/',
		'data',
		'data//x',
		'data/./x',
		'documents/x',
		'data/x\0',
		'C:/data/x',
		'data/x\n',
	])
		it(`the path ${JSON.stringify(file)}: manifest_bad_path`, () => {
			const read = parse(manifest({ tables: [table({ file })] }));
			expect(read.ok ? 'read' : read.error.code).toBe('manifest_bad_path');
		});

	it('a __proto__ key as for any unknown one: nothing leaks into the result', () => {
		const read = parseManifest(utf8(text.replace('{', '{"__proto__":{"format":"x"},')));
		expect(read.ok && read.value.unknownKeys).toEqual(['__proto__']);
	});

	it('arbitrary bytes, always with a code and never by throwing', () => {
		fc.assert(fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(utf8)), (bytes) => !parseManifest(bytes).ok));
	});
});
