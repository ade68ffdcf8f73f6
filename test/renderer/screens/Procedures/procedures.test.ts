import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '#audit';
import {
	AREA_TITLES,
	areaOf,
	filterRows,
	NO_FILTER,
	ruleInWords,
	sortRows,
	verdictCounts,
} from '../../../../renderer/screens/Procedures/procedures.ts';
import type { CatalogueRow } from '../../../../renderer/vault/proceduresCatalogue.ts';

const rows: readonly CatalogueRow[] = CATALOGUE.map((one, i) => ({
	...one,
	lacking: [],
	isInThisVersion: one.version > 0,
	parameters: one.parameters.map((spec) => ({ ...spec, value: spec.default, changed: null })),
	last:
		i % 3 === 0
			? null
			: {
					test: one.id,
					version: one.version,
					verdict: i % 3 === 1 ? ('pass' as const) : ('exception' as const),
					why: null,
					rows: 10,
					exceptions: i % 3 === 1 ? 0 : i,
					parameters: {},
					resultSha256: 'a'.repeat(64),
					at: '2026-01-01T00:00:00.000Z',
					memberId: 'm',
				},
	isStale: i === 4,
	hasChanged: i === 5,
}));

describe('the catalogue on screen', () => {
	test('every test stands in one area, and areas follow the catalogue', () => {
		const areas = CATALOGUE.map(({ id }) => areaOf(id));
		expect([...new Set(areas)]).toEqual(AREA_TITLES);
	});

	test('verdicts are counted each for itself and cover the whole catalogue', () => {
		expect(verdictCounts(rows).reduce((sum, { count }) => sum + count, 0)).toBe(CATALOGUE.length);
	});

	test('every word of a search must occur', () => {
		expect(filterRows(rows, { ...NO_FILTER, text: 'chain break' }).map(({ id }) => id)).toContain('T67');
		expect(filterRows(rows, { ...NO_FILTER, text: 'chain zebra' })).toEqual([]);
	});

	test('changed means another result than before, or no longer that of now', () => {
		expect(filterRows(rows, { ...NO_FILTER, changed: true }).map(({ id }) => id)).toEqual(['T05', 'T06']);
	});

	test('not run is a verdict of its own in the filter', () => {
		const found = filterRows(rows, { ...NO_FILTER, verdicts: new Set(['not_run']) });
		expect(found.every(({ last }) => last === null)).toBe(true);
		expect(found.length).toBeGreaterThan(0);
	});

	test('critical comes first, and equals stay in the order of the catalogue', () => {
		const sorted = sortRows(rows, { column: 'severity', direction: 'asc' });
		const critical = sorted.filter(({ severity }) => severity === 'critical').map(({ id }) => id);
		expect(sorted.slice(0, critical.length).map(({ id }) => id)).toEqual(critical);
		expect(critical).toEqual(critical.toSorted());
	});

	test('the rule stands with the values of now, and nothing of it is lost', () => {
		for (const row of rows) {
			const parts = ruleInWords(row.rule, row.parameters);
			const back = parts.map(({ text, parameter }) => (parameter === null ? text : `{${parameter}}`)).join('');
			expect(back).toBe(row.rule);
		}
		const first = rows[0];
		expect(first && ruleInWords(first.rule, first.parameters).find(({ parameter }) => parameter === 'grace_days')?.text).toBe('5');
	});
});
