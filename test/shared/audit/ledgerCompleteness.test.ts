import { describe, expect, test } from 'vitest';
import { runTest, testById } from '#audit';
import { ACCOUNTS, balance, journal, LEDGER, recognition } from './ledgerRecords.ts';
import { auditOf, facts, populate, type Row, type Tables } from './populate.ts';

/** Deferred revenue of 300.00 at the start of March, 100.00 of it released. */
const BALANCES: readonly Row[] = [
	balance('2400', '2026-03', -30_000, 10_000, 0),
	balance('2400', '2026-04', -20_000, 0, 0),
	balance('4000', '2026-03', 0, 0, 10_000),
	balance('4000', '2026-04', -10_000, 0, 0),
];

const audit = (id: string, more: Tables = {}, evidence = {}) =>
	auditOf(testById(id), { ...LEDGER, trial_balance: BALANCES, ...more }, { evidence });

function auditBroken(id: string, more: Tables) {
	const test = testById(id);
	if (!test) throw new Error(`there is a test ${id}`);
	return runTest(test, populate({ tables: { ...LEDGER, trial_balance: BALANCES, ...more } }), facts());
}

/** The balances with some values of one of them exchanged. */
const changed = (at: number, values: Row): Tables => ({
	trial_balance: BALANCES.map((row, index) => (index === at ? { ...row, ...values } : row)),
});

describe('T42, deferred revenue roll-forward', () => {
	test('opening, billed and released that make the closing give none; other accounts are not asked', () => {
		expect(audit('T42')).toMatchObject({ verdict: 'pass', tested: 2 });
		expect(audit('T42', changed(2, { closing_minor: 77 })).verdict).toBe('pass');
	});

	test('a closing balance they do not make is one, by the difference', () => {
		const run = audit('T42', changed(0, { closing_minor: -20_001 }));
		expect(run.exceptions).toMatchObject([
			{ keys: { entity_id: 'E1', account: '2400', period: '2026-03' }, amountMinor: 1n, currency: 'USD' },
		]);
		expect(run.exceptions[0]?.reason).toBe(
			'Deferred revenue account 2400 of E1 opens 2026-03 at 300.00 USD and moves by -100.00 USD billed less released, which makes 200.00 USD; it closes at 200.01 USD.',
		);
	});

	test('what is posted without a source was neither billed nor released', () => {
		const posted = journal('J9', [
			['2400', 500],
			['6000', -500],
		]);
		const run = audit('T42', {
			journal_line: [...recognition('R-1'), ...posted],
			...changed(0, { debit_minor: 10_500, closing_minor: -19_500 }),
		});
		expect(run.exceptions).toMatchObject([{ amountMinor: 500n }]);
		expect(run.exceptions[0]?.rows).toContainEqual({ table: 'journal_line', row: 2 });
	});

	test('months outside the declared period are not judged', () => {
		expect(audit('T42', changed(0, { closing_minor: -1 }), { periodFrom: '2026-04' })).toMatchObject({ verdict: 'pass', tested: 1 });
	});

	test('a journal in another currency, or a line set aside, leaves the balance open', () => {
		const foreign = [...recognition('R-1'), ...recognition('R-1', 5, { journal_id: 'J2', currency: 'EUR' })];
		expect(audit('T42', { journal_line: foreign })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		const [first, second] = recognition('R-1') as [Row, Row];
		expect(auditBroken('T42', { journal_line: [{ ...first, effective_on: 'x' }, second] })).toMatchObject({
			verdict: 'incomplete',
			exceptions: [],
		});
	});
});

describe('T43, ledger completeness', () => {
	const reasons = (more: Tables) => audit('T43', more).exceptions.map(({ reason }) => reason);

	test('books that balance, roll and follow each other give none', () => {
		expect(audit('T43')).toMatchObject({ verdict: 'pass', tested: 5 });
	});

	test('a journal that does not balance is one, by what it is off', () => {
		const lines = journal('J9', [
			['1200', 500],
			['6000', -499],
		]);
		const run = audit('T43', { journal_line: [...recognition('R-1'), ...lines] });
		expect(run.exceptions).toMatchObject([{ keys: { journal_id: 'J9' }, amountMinor: 1n, currency: 'USD' }]);
		expect(run.exceptions[0]?.reason).toContain('its debits exceed its credits by 0.01 USD over 2 lines');
		expect(
			reasons({
				journal_line: [
					...recognition('R-1'),
					...journal('J9', [
						['1200', -500],
						['6000', 499],
					]),
				],
			})[0],
		).toContain('its credits exceed its debits by 0.01 USD');
	});

	test('currencies do not make up for each other', () => {
		const [debit, credit] = journal('J9', [
			['1200', 500],
			['6000', -500],
		]) as [Row, Row];
		const run = audit('T43', { journal_line: [...recognition('R-1'), debit, { ...credit, currency: 'EUR' }] });
		expect(run.exceptions.map(({ keys }) => keys)).toEqual([{ journal_id: 'J9' }]);
	});

	test('a balance its journals do not explain is one, and so is one its own debits do not', () => {
		expect(reasons({ journal_line: [] })).toHaveLength(2);
		expect(reasons(changed(2, { debit_minor: 5 }))[0]).toContain(
			'with its own debits and credits that makes -99.95 USD, but it closes at -100.00 USD',
		);
	});

	test('a closing balance the next month does not open with is one, named by that month', () => {
		const run = audit('T43', changed(3, { opening_minor: -9_000, closing_minor: -9_000 }));
		expect(run.exceptions).toMatchObject([{ keys: { account: '4000', period: '2026-04' }, amountMinor: 1000n }]);
		expect(run.exceptions[0]?.reason).toBe('Account 4000 of E1 closes 2026-03 at -100.00 USD but opens 2026-04 at -90.00 USD.');
	});

	test('months that are missing in between are not bridged', () => {
		expect(audit('T43', changed(3, { period: '2026-05', opening_minor: 0, closing_minor: 0 })).verdict).toBe('pass');
	});

	describe('at a year end', () => {
		const year = (number: string, opening: number): Tables => ({
			journal_line: [],
			trial_balance: [balance(number, '2025-12', -700, 0, 0), balance(number, '2026-01', opening, 0, 0)],
		});

		test('revenue and expenses may open at nothing, receivables may not', () => {
			expect(audit('T43', year('4000', 0)).verdict).toBe('pass');
			expect(audit('T43', year('6000', 0)).verdict).toBe('pass');
			expect(audit('T43', year('1200', 0)).exceptions).toHaveLength(1);
		});

		test('revenue may not open at something else', () => {
			expect(audit('T43', year('4000', -1)).exceptions).toHaveLength(1);
		});
	});

	test('lines without a balance stay open', () => {
		const run = audit('T43', { trial_balance: BALANCES.slice(2) });
		expect(run).toMatchObject({ verdict: 'incomplete', why: '1 journal lines without a trial balance of their account and period' });
	});

	test('a journal or balance that may lack a line set aside stays open, a second one does not', () => {
		const [first, second] = recognition('R-1') as [Row, Row];
		const broken = [{ ...first, effective_on: 'x' }, second];
		const run = auditBroken('T43', { journal_line: broken });
		expect(run.exceptions).toEqual([]);
		expect(run.why).toContain('1 journals that may lack journal lines set aside; 1 balances that may lack journal lines set aside');
		const more = auditBroken('T43', { journal_line: [...broken, ...journal('J8', [['1200', 5]])] });
		expect(more.exceptions.map(({ keys }) => keys)).toEqual([{ journal_id: 'J8' }, { journal_id: 'J-R-1' }]);
	});

	test('without a chart of accounts it can not be tested', () => {
		const { account: _, ...rest } = { ...LEDGER, trial_balance: BALANCES, account: ACCOUNTS };
		expect(auditOf(testById('T43'), rest).why).toBe('not supplied: table account');
	});
});
