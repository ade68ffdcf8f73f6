/** What a snapshot keeps of an imported drop: everything that tests, screens and results read. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CATALOGUE, runTest } from '#audit';
import { dropSnapshot, type ImportedDrop, type LoadedDrop, readTagged, restoreDrop, writeTagged } from '#intake';
import { canonicalize, type Json } from '#kernel';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import { openDrop } from '../../../electron/services/openDrop.ts';
import { writeSample } from '../../../electron/services/writeSample.ts';

let place = '';
let drop: ImportedDrop;
let restored: LoadedDrop;

beforeAll(async () => {
	place = await mkdtemp(join(tmpdir(), 'tieout-snapshot-'));
	const written = await writeSample(join(place, 'drop'), { orders: 150, seed: 11, anomalies: 'all' }, () => undefined);
	if (!written.ok) throw new Error(written.error.message);
	const source = await openDrop(join(place, 'drop'));
	if (!source.ok) throw new Error(source.error.message);
	const imported = await importDrop(source.value);
	if (!imported.ok) throw new Error(imported.error.message);
	drop = imported.value;
	const back = restoreDrop([...dropSnapshot(drop)]);
	if (!back) throw new Error('the snapshot did not restore');
	restored = back;
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

describe('a restored drop', () => {
	it('has every cell of every table', () => {
		let cells = 0;
		for (const table of drop.population.tables()) {
			const other = restored.population.table(table.schema.name);
			expect([other.rows, other.lines]).toEqual([table.rows, table.lines]);
			for (const { name, held } of table.schema.columns) {
				if (!held) continue;
				expect(other.has(name)).toBe(table.has(name));
				for (let row = 0; row < table.rows; row++) {
					if (other.cellText(name, row) !== table.cellText(name, row)) throw new Error(`${table.schema.name}.${name} row ${row} differs`);
					cells++;
				}
			}
			expect(Array.from(other.marks)).toEqual(Array.from(table.marks));
		}
		expect(cells).toBeGreaterThan(10_000);
	});

	it('finds every text in its dictionaries again, and no other', () => {
		for (const [domain, dictionary] of drop.population.dictionaries()) {
			const other = restored.population.dictionary(domain);
			expect(other.size).toBe(dictionary.size);
			for (let code = 0; code < dictionary.size; code++) expect(other.codeOf(dictionary.text(code))).toBe(code);
			expect(other.codeOf('\u0000no such text')).toBe(-1);
		}
	});

	it('gives the same outcome of every test of the catalogue', () => {
		const outcomes = (of: LoadedDrop) =>
			CATALOGUE.map((test) => {
				const { verdict, why, tested, exceptions } = runTest(test, of.population, of.evidence);
				return { id: test.id, verdict, why, tested, exceptions };
			});
		const expected = outcomes(drop);
		expect(expected.some(({ exceptions }) => exceptions.length > 0)).toBe(true);
		expect(outcomes(restored)).toEqual(expected);
	});

	it('keeps manifest, facts, quarantine, notices and verifications', () => {
		const plain = ({ population: _population, sealed, ...rest }: LoadedDrop) => ({
			...rest,
			files: [...rest.files].map(([table, { path, sha256, bytes, lines }]) => ({ table, path, sha256, bytes, lines })),
			sealed: [...sealed].map(([table, { verification }]) => [table, verification]),
		});
		expect(plain(restored)).toEqual(plain(drop));
	});

	it('lets new texts be added to a dictionary that was restored', () => {
		const back = restoreDrop([...dropSnapshot(drop)])?.population.dictionary('order');
		const size = back?.size ?? 0;
		expect(back?.internText('SO-never-seen')).toBe(size);
		expect(back?.codeOf('SO-never-seen')).toBe(size);
	});

	it('is refused, not guessed, when a part is missing', () => {
		const parts = [...dropSnapshot(drop)];
		for (let missing = 0; missing < parts.length; missing++) expect(restoreDrop(parts.filter((_, i) => i !== missing))).toBeNull();
	});
});

it('tagged JSON gives back what it was given', () => {
	const plain = fc.letrec((tie) => ({
		value: fc.oneof(
			{ depthSize: 'small' },
			fc.string(),
			fc.integer(),
			fc.bigInt(),
			fc.boolean(),
			fc.constant(null),
			fc.uint8Array(),
			fc.array(tie('value')),
			fc.dictionary(
				fc.string().filter((key) => key !== '$' && key !== '__proto__'),
				tie('value'),
			),
			fc.array(fc.tuple(fc.string(), tie('value'))).map((pairs) => new Map(pairs)),
		),
	})).value;
	fc.assert(
		fc.property(plain, (value) => {
			expect(readTagged(writeTagged(value))).toEqual(value);
		}),
	);
	expect(canonicalize(readTagged(writeTagged({ a: 1 })) as Json)).toBe('{"a":1}');
});
