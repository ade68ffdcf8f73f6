import { describe, expect, test } from 'vitest';
import { runTest, testById } from '#audit';
import { ACCOUNTS, journal, LEDGER } from './ledgerRecords.ts';
import { ENTITY } from './orderRecords.ts';
import { auditOf, facts, populate, type Row, type Tables } from './populate.ts';

const audit = (id: string, lines: readonly Row[], more: Tables = {}, parameters = {}) =>
	auditOf(testById(id), { ...LEDGER, journal_line: lines, ...more }, { parameters });

const keys = (run: ReturnType<typeof audit>) => run.exceptions.map((exception) => exception.keys);

const simple = (id: string, head: Row = {}, accounts: readonly [string, string] = ['1200', '6000']): Row[] =>
	journal(
		id,
		[
			[accounts[0], 500],
			[accounts[1], -500],
		],
		head,
	);

const MANUAL: Row = { source: 'manual', approved_by: 'U-BOSS' };

describe('T44, manual revenue entries', () => {
	test('a manual line on a revenue account is one, a system line or another account is none', () => {
		const run = audit('T44', [...simple('J1', MANUAL, ['1200', '4000']), ...simple('J2', {}, ['1200', '4000']), ...simple('J3', MANUAL)]);
		expect(run.exceptions).toMatchObject([{ keys: { journal_id: 'J1', line_no: '2' }, amountMinor: 500n, currency: 'USD' }]);
		expect(run.exceptions[0]?.reason).toContain('U-GL posted 5.00 USD by hand to revenue account 4000');
		expect(run.tested).toBe(2);
	});
});

/** A thousand journals of the usual pair, and some others. */
const thousand = (...others: Row[][]): Row[] => [...Array.from({ length: 1000 }, (_, at) => simple(`N${at}`)).flat(), ...others.flat()];

describe('T45, unusual account pair', () => {
	const odd = (id: string) => simple(id, {}, ['2700', '4000']);

	test('a pair seen twice is unusual, seen three times it is not', () => {
		const run = audit('T45', thousand(odd('A'), odd('B')));
		expect(keys(run)).toEqual([{ journal_id: 'A' }, { journal_id: 'B' }]);
		expect(run.exceptions[0]?.reason).toContain('debits account 2700 against 4000, a pair seen in 2 of 1002 journals');
		expect(audit('T45', thousand(odd('A'), odd('B'), odd('C'))).verdict).toBe('pass');
		expect(audit('T45', thousand(odd('A'), odd('B')), {}, { k: 2 }).verdict).toBe('pass');
	});

	test('debit and credit are not exchanged, and a pair counts once a journal', () => {
		const twice = [...odd('A'), ...odd('A').map((row, at) => ({ ...row, line_no: at + 3 }))];
		expect(audit('T45', thousand(twice, odd('B'))).exceptions).toHaveLength(2);
		expect(keys(audit('T45', thousand(simple('A', {}, ['6000', '1200']))))).toEqual([{ journal_id: 'A' }]);
	});

	test('entries of several sources gathered in one journal pair within each source, if each balances', () => {
		const day = (sources: readonly (string | null)[]) =>
			[...simple('DAY', {}, ['6000', '4000']), ...simple('DAY', {}, ['2700', '1200'])].map((row, at) => ({
				...row,
				line_no: at + 1,
				source_kind: 'invoice',
				source_id: sources[at] ?? null,
			}));
		const usual = (id: string) => [...simple(`${id}a`, {}, ['6000', '4000']), ...simple(`${id}b`, {}, ['2700', '1200'])];
		const others = [usual('A'), usual('B'), usual('C')];
		expect(audit('T45', thousand(day(['S1', 'S1', 'S2', 'S2']), ...others)).verdict).toBe('pass');
		for (const sources of [['S1', 'S2', 'S1', 'S2'], ['S1', 'S1', null, null], []])
			expect(keys(audit('T45', thousand(day(sources), ...others)))).toEqual([{ journal_id: 'DAY' }]);
	});

	test('among fewer than a thousand journals nothing is unusual', () => {
		expect(audit('T45', odd('A'))).toMatchObject({
			verdict: 'not_testable',
			why: '1 journals; "unusual" means something among at least 1,000',
		});
	});

	test('a pair that lines set aside may complete stays open', () => {
		const t45 = testById('T45');
		const lines = thousand(
			odd('A'),
			odd('B'),
			odd('C').map((row) => ({ ...row, effective_on: 'x' })),
		);
		expect(t45 && runTest(t45, populate({ tables: { ...LEDGER, journal_line: lines } }), facts())).toMatchObject({
			verdict: 'incomplete',
			exceptions: [],
		});
	});
});

describe('T46, single-handed or unusual poster', () => {
	test('entering and approving by one person is one, among however few journals', () => {
		const run = audit('T46', [...simple('J1', { approved_by: 'U-GL' }), ...simple('J2', { approved_by: 'U-BOSS' }), ...simple('J3')]);
		expect(keys(run)).toEqual([{ journal_id: 'J1' }]);
		expect(run.exceptions[0]?.reason).toContain('was entered and approved by the same person, U-GL');
	});

	test('somebody with two of a thousand journals is unusual, with three not, and of few journals nobody', () => {
		const by = (...ids: string[]) => ids.map((id) => simple(id, { entered_by: 'U-RARE' }));
		expect(keys(audit('T46', thousand(...by('A', 'B'))))).toEqual([{ journal_id: 'A' }, { journal_id: 'B' }]);
		expect(audit('T46', thousand(...by('A', 'B', 'C'))).verdict).toBe('pass');
		expect(audit('T46', by('A').flat()).verdict).toBe('pass');
	});
});

describe('T47, weekend or after hours', () => {
	// 10 March 2026 is a Tuesday; New York is four hours behind UTC since the 8th.
	const entered = (at: string, head: Row = MANUAL, entity: Row = ENTITY) =>
		audit('T47', simple('J1', { ...head, entered_at: at }), { entity: [entity] });

	test.each([
		['2026-03-10T12:00:00.000Z', 0],
		['2026-03-10T21:59:59.999Z', 0],
		['2026-03-10T11:59:59.999Z', 1],
		['2026-03-10T22:00:00.000Z', 1],
		['2026-03-14T15:00:00.000Z', 1],
	])('a manual journal entered at %s gives %i', (at, count) => {
		expect(entered(at).exceptions).toHaveLength(count);
	});

	test('the sentence says the local day and time', () => {
		expect(entered('2026-03-14T15:05:00.000Z').exceptions[0]?.reason).toContain('by hand on Saturday at 11:05 in America/New_York');
	});

	test('journals of the system keep no hours', () => {
		expect(entered('2026-03-14T15:00:00.000Z', { source: 'system' })).toMatchObject({ verdict: 'pass', tested: 0 });
	});

	test('an entity whose calendar can not be read leaves it open', () => {
		expect(entered('2026-03-10T12:00:00.000Z', MANUAL, { ...ENTITY, workdays: 'always' })).toMatchObject({
			verdict: 'incomplete',
			exceptions: [],
		});
	});
});

describe('T48, posted after close', () => {
	const period = (closedAt: string | null): Row => ({
		entity_id: 'E1',
		period: '2026-03',
		starts_on: '2026-03-01',
		ends_on: '2026-03-31',
		closed_at: closedAt,
	});
	const posted = (closedAt: string | null) => audit('T48', simple('J1'), { period: [period(closedAt)] });

	test('at the close itself is none, a millisecond later is one', () => {
		expect(posted('2026-03-10T15:00:00.000Z').verdict).toBe('pass');
		const run = posted('2026-03-10T14:59:59.999Z');
		expect(run.exceptions).toMatchObject([{ keys: { journal_id: 'J1' }, amountMinor: 500n }]);
		expect(run.exceptions[0]?.rows).toContainEqual({ table: 'period', row: 0 });
	});

	test('an open period takes any, an unknown one leaves it open', () => {
		expect(posted(null).verdict).toBe('pass');
		expect(audit('T48', simple('J1'), { period: [] })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});
});

describe('T53, blank text', () => {
	test('a manual journal none of whose lines has a description is one', () => {
		const blank = simple('J1', { ...MANUAL, description: '  ' });
		expect(keys(audit('T53', blank))).toEqual([{ journal_id: 'J1' }]);
		expect(audit('T53', [blank[0] as Row, { ...blank[1], description: 'accrual' } as Row]).verdict).toBe('pass');
	});

	test('journals of the system need none', () => {
		expect(audit('T53', simple('J1', { description: '' }), { account: ACCOUNTS })).toMatchObject({ verdict: 'pass', tested: 0 });
	});
});
