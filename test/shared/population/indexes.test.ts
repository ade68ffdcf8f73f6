import fc from 'fast-check';
import { expect, it } from 'vitest';
import { canonicalize, type Instant, utf8 } from '#kernel';
import { Dictionary, PairIndex, PopulationBuilder, RowIndex } from '#population';

it('a dictionary gives equal texts one code and every code its text', () => {
	fc.assert(
		fc.property(fc.array(fc.string(), { maxLength: 400 }), (texts) => {
			const dictionary = new Dictionary();
			const codes = texts.map((text) => dictionary.internText(text.toWellFormed()));
			expect(dictionary.size).toBe(new Set(texts.map((text) => text.toWellFormed())).size);
			codes.forEach((code, i) => {
				expect(dictionary.text(code)).toBe((texts[i] as string).toWellFormed());
				expect(dictionary.codeOf((texts[i] as string).toWellFormed())).toBe(code);
			});
			expect(dictionary.codeOf(`${texts.join('')}?`)).toBe(-1);
		}),
	);
});

it('translates codes between dictionaries, unknown texts to -1', () => {
	const [from, to] = [new Dictionary(), new Dictionary()];
	for (const text of ['a', 'b', 'c']) from.internText(text);
	for (const text of ['c', 'a']) to.internText(text);
	expect([...to.translationOf(from)]).toEqual([1, -1, 0]);
});

it('a row index lists the rows of every key in file order, and none for null or unknown keys', () => {
	fc.assert(
		fc.property(fc.array(fc.integer({ min: -1, max: 8 }), { maxLength: 200 }), (codes) => {
			const index = new RowIndex(Int32Array.from(codes), 9);
			for (let key = -1; key < 11; key++) {
				const rows = codes.flatMap((code, row) => (code === key && key >= 0 ? [row] : []));
				expect([...index.rowsOf(key)]).toEqual(rows);
				expect([index.countOf(key), index.rowOf(key)]).toEqual([rows.length, rows[0] ?? -1]);
			}
		}),
	);
});

it('a pair index lists the rows of every pair of keys', () => {
	const code = fc.integer({ min: -1, max: 5 });
	fc.assert(
		fc.property(fc.array(fc.tuple(code, code), { maxLength: 200 }), (pairs) => {
			const index = new PairIndex(Int32Array.from(pairs.map(([a]) => a)), Int32Array.from(pairs.map(([, b]) => b)));
			for (let a = -1; a < 7; a++) {
				for (let b = -1; b < 7; b++) {
					const rows = pairs.flatMap(([x, y], row) => (x === a && y === b && a >= 0 && b >= 0 ? [row] : []));
					expect([...index.rowsOf(a, b)]).toEqual(rows);
				}
			}
		}),
	);
});

it('ids of one kind have one code in every table', () => {
	const builder = new PopulationBuilder();
	builder
		.table('payment')
		.push(
			utf8(
				`${canonicalize({ payment_id: 'P', invoice_id: 'INV-2', received_at: '2026-01-01T00:00:00.000Z', amount_minor: 1, currency: 'USD' })}\n`,
			),
		);
	const invoice = {
		invoice_no: '1',
		series: 'A',
		entity_id: 'E',
		customer_id: 'C',
		kind: 'invoice',
		issued_at: '2026-01-01T00:00:00.000Z',
		currency: 'USD',
		total_minor: 1,
		entered_by: 'U',
	};
	builder.table('invoice').push(utf8(['INV-1', 'INV-2'].map((invoice_id) => `${canonicalize({ invoice_id, ...invoice })}\n`).join('')));
	const population = builder.finish(0 as Instant);
	const code = population.table('payment').codes('invoice_id')[0] as number;
	expect(population.index('invoice', 'invoice_id').rowOf(code)).toBe(1);
	expect(population.has('hold')).toBe(false);
	expect(() => population.table('hold')).toThrow(/hold/);
});
