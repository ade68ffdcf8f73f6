import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareDeclared, type DeclaredTable, type FoundTable, isSameDecimal, parseManifest } from '#evidence';
import { formatQuantity, utf8 } from '#kernel';

const HASH = 'ab'.repeat(32);

function declaredAs(change: object): DeclaredTable {
	const table = {
		table: 'payment',
		file: 'data/payment.ndjson',
		sha256: HASH,
		bytes: 100,
		rows: 4,
		control_totals: { amount_minor: 1200 },
		...change,
	};
	const manifest = {
		format: 'tieout-drop/1',
		drop_id: 'x',
		company: 'x',
		entity_ids: [],
		period_from: '2026-01',
		period_to: '2026-01',
		as_of: '2026-02-01T00:00:00.000Z',
		tables: [table],
	};
	const read = parseManifest(utf8(JSON.stringify(manifest)));
	if (!read.ok) throw new Error(read.error.message);
	return read.value.tables[0] as DeclaredTable;
}

const found: FoundTable = { sha256: HASH, bytes: 100, lines: 4, quarantined: 0, total: () => ({ kind: 'sum', sum: '1200' }) };

describe('a table', () => {
	it('is as declared where hash, bytes, rows and totals agree', () => {
		expect(compareDeclared(declaredAs({}), found)).toEqual({ table: 'payment', verdict: 'as_declared', differences: [] });
	});

	it('differs, and every difference is told', () => {
		const { verdict, differences } = compareDeclared(
			declaredAs({ sha256: 'cd'.repeat(32), bytes: 99, rows: 5, control_totals: { amount_minor: 7 } }),
			found,
		);
		expect(verdict).toBe('differs');
		expect(differences).toEqual([
			{ what: 'sha256', declared: 'cd'.repeat(32), found: HASH },
			{ what: 'rows', declared: '5', found: '4' },
			{ what: 'bytes', declared: '99', found: '100' },
			{ what: 'control_total', declared: 'amount_minor: 7', found: 'amount_minor: 1200' },
		]);
	});

	it('says that a total leaves malformed lines out', () => {
		const { differences } = compareDeclared(declaredAs({ control_totals: { amount_minor: 7 } }), { ...found, quarantined: 1 });
		expect(differences).toEqual([
			{ what: 'control_total', declared: 'amount_minor: 7', found: 'amount_minor: 1200 (without 1 malformed line)' },
		]);
	});

	it('differs where a total names no column that can be summed', () => {
		const { differences } = compareDeclared(declaredAs({ control_totals: { colour: 7 } }), {
			...found,
			total: () => ({ kind: 'no_such_column' }),
		});
		expect(differences).toMatchObject([{ what: 'control_total', declared: 'colour: 7' }]);
	});

	it('leaves a total over withheld values open', () => {
		expect(compareDeclared(declaredAs({}), { ...found, total: () => ({ kind: 'withheld', rows: 2 }) }).verdict).toBe('as_declared');
	});

	it('whose bytes the manifest does not say is not held to them', () => {
		expect(compareDeclared(declaredAs({ bytes: null }), found).verdict).toBe('as_declared');
	});
});

describe('decimal texts', () => {
	it.each([
		['1.50', '1.5'],
		['1.0', '1'],
		['-0', '0'],
		['0.000', '-0.0'],
		['0012', '12'],
	])('%s is %s', (a, b) => {
		expect(isSameDecimal(a, b)).toBe(true);
	});
	it.each([
		['1.05', '1.5'],
		['10', '1'],
		['-1', '1'],
		['9007199254740993', '9007199254740992'],
	])('%s is not %s', (a, b) => {
		expect(isSameDecimal(a, b)).toBe(false);
	});

	it('are one number exactly where their millionths are', () => {
		const millionths = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });
		fc.assert(
			fc.property(millionths, millionths, fc.nat(6), (a, b, zeros) => {
				const padded = (text: string): string => (text.includes('.') ? text : `${text}.`) + '0'.repeat(zeros + 1);
				expect(isSameDecimal(formatQuantity(a), padded(formatQuantity(a)))).toBe(true);
				expect(isSameDecimal(formatQuantity(a), formatQuantity(b))).toBe(a === b);
			}),
		);
	});
});
