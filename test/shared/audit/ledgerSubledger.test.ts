import { describe, expect, test } from 'vitest';
import { runTest, testById } from '#audit';
import { ACCOUNTS, journal, LEDGER, recognition, revenue } from './ledgerRecords.ts';
import { order } from './orderRecords.ts';
import { auditOf, facts, populate, type Row, type Tables } from './populate.ts';

const audit = (id: string, more: Tables = {}) => auditOf(testById(id), { ...LEDGER, ...more });

/** As `audit`, where some lines are malformed on purpose. */
function auditBroken(id: string, more: Tables) {
	const test = testById(id);
	if (!test) throw new Error(`there is a test ${id}`);
	return runTest(test, populate({ tables: { ...LEDGER, ...more } }), facts());
}

const keys = (run: ReturnType<typeof audit>) => run.exceptions.map((exception) => exception.keys);

describe('T39, orphan revenue in the GL', () => {
	const orphans = (head: Row, more: Tables = {}) =>
		audit('T39', {
			journal_line: journal(
				'J1',
				[
					['1200', 500],
					['4000', -500],
				],
				head,
			),
			...more,
		});

	test('a line whose source exists is none; lines off revenue accounts are not asked', () => {
		expect(audit('T39')).toMatchObject({ verdict: 'pass', tested: 2 });
		expect(
			audit('T39', {
				journal_line: journal('J1', [
					['1200', 500],
					['6000', -500],
				]),
			}),
		).toMatchObject({ verdict: 'pass', tested: 0 });
	});

	test('a line without a source, or of one that does not exist, is one, with its amount at risk', () => {
		const none = orphans({});
		expect(none.exceptions).toMatchObject([
			{ orderId: null, keys: { journal_id: 'J1', line_no: '2' }, amountMinor: 500n, currency: 'USD' },
		]);
		expect(none.exceptions[0]?.reason).toBe('Journal J1 line 2 posts 5.00 USD to account 4000 in 2026-03, but names no source document.');
		const unknown = orphans({ source_kind: 'revenue_event', source_id: 'R-404' });
		expect(unknown.exceptions[0]?.reason).toContain('its source revenue_event R-404 does not exist');
	});

	test('an id of another kind of document is no source', () => {
		const more = { invoice: [], invoice_line: [] };
		expect(orphans({ source_kind: 'invoice', source_id: 'R-1' }, more).exceptions).toHaveLength(1);
		expect(orphans({ source_kind: null, source_id: 'R-1' }).exceptions).toHaveLength(1);
	});

	test('an adjustment with an id is its own document', () => {
		expect(orphans({ source_kind: 'adjustment', source_id: 'ADJ-7' }).verdict).toBe('pass');
	});

	test('deferred revenue counts as well, and an account of another entity is another account', () => {
		expect(
			audit('T39', {
				journal_line: journal('J1', [
					['2400', 500],
					['6000', -500],
				]),
			}).exceptions,
		).toHaveLength(1);
		expect(audit('T39', { journal_line: journal('J1', [['4000', -500]], { entity_id: 'E2' }) }).verdict).toBe('pass');
	});

	test('a source whose table was not supplied, or that may be a line set aside, stays open', () => {
		expect(orphans({ source_kind: 'invoice', source_id: 'I1' })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		const broken = { revenue_event: [{ ...revenue('R-1'), posted_at: 'soon' }] };
		expect(auditBroken('T39', broken)).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		const second = { ...broken, journal_line: [...recognition('R-1'), ...recognition('R-2')] };
		expect(auditBroken('T39', second).exceptions).toHaveLength(4);
	});
});

describe('T40, revenue not in the GL', () => {
	const reason = (more: Tables) => audit('T40', more).exceptions.map((exception) => exception.reason);

	test('an event booked as it is gives none, whatever the sign of its kind', () => {
		const events = [revenue('R-1'), revenue('R-2', { kind: 'reverse', amount_minor: 4000 }), revenue('R-3', { kind: 'reinstate' })];
		const journal_line = [...recognition('R-1'), ...recognition('R-2', -4000), ...recognition('R-3')];
		expect(audit('T40', { revenue_event: events, journal_line })).toMatchObject({ verdict: 'pass', tested: 3 });
	});

	test('an event booked on two revenue accounts is booked whole', () => {
		const head = { source_kind: 'revenue_event', source_id: 'R-1' };
		const split = journal(
			'J1',
			[
				['2400', 10_000],
				['4000', -6000],
				['4100', -4000],
			],
			head,
		);
		expect(audit('T40', { journal_line: split }).verdict).toBe('pass');
	});

	test('an event without a journal is one, but an event of nothing needs none', () => {
		const run = audit('T40', { journal_line: [] });
		expect(run.exceptions).toMatchObject([{ orderId: 'O1', keys: { revenue_id: 'R-1' }, amountMinor: 10_000n, currency: 'USD' }]);
		expect(run.exceptions[0]?.reason).toBe('Revenue event R-1 (recognise 100.00 USD in 2026-03): no journal names it.');
		expect(audit('T40', { journal_line: [], revenue_event: [revenue('R-1', { amount_minor: 0 })] }).verdict).toBe('pass');
	});

	test('account, amount, sign, period and currency are each compared', () => {
		const head = { source_kind: 'revenue_event', source_id: 'R-1' };
		expect(
			reason({
				journal_line: journal(
					'J1',
					[
						['2400', 10_000],
						['6000', -10_000],
					],
					head,
				),
			})[0],
		).toContain('posts to account 2400, 6000, none of them a revenue account');
		expect(reason({ journal_line: recognition('R-1', 9999) })[0]).toContain('the ledger has 99.99 USD for it where 100.00 USD was due');
		expect(reason({ journal_line: recognition('R-1', -10_000) })[0]).toContain('the ledger has -100.00 USD for it');
		expect(reason({ journal_line: recognition('R-1', 10_000, { period: '2026-04' }) })[0]).toContain(
			'its journal J-R-1 is in period 2026-04, the event in 2026-03',
		);
		expect(reason({ journal_line: recognition('R-1', 10_000, { currency: 'EUR' }) })[0]).toContain('is in EUR, the event in USD');
	});

	test('an event booked twice is one, and an id of another kind does not book it', () => {
		const twice = [...recognition('R-1'), ...recognition('R-1', 10_000, { journal_id: 'J2' })];
		expect(reason({ journal_line: twice })[0]).toContain('the ledger has 200.00 USD for it');
		expect(reason({ journal_line: recognition('R-1', 10_000, { source_kind: 'adjustment' }) })[0]).toContain('no journal names it');
	});

	test('an event whose journal line or account may be set aside stays open', () => {
		const [first, second] = recognition('R-1') as [Row, Row];
		expect(auditBroken('T40', { journal_line: [first, { ...second, effective_on: 'then' }] })).toMatchObject({
			verdict: 'incomplete',
			exceptions: [],
		});
		const account = ACCOUNTS.map((row) => (row['account'] === '4000' ? { ...row, class: 'sales' } : row));
		expect(auditBroken('T40', { account })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(auditBroken('T41', { account })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});
});

describe('T41, sub-ledger against GL', () => {
	test('sums that tie give none, by entity, period and currency', () => {
		expect(audit('T41')).toMatchObject({ verdict: 'pass', tested: 1 });
	});

	test('a cent of difference is one, with the difference at risk and what explains it', () => {
		const run = audit('T41', {
			journal_line: [
				...recognition('R-1'),
				...journal('J9', [
					['1200', 1],
					['4100', -1],
				]),
			],
		});
		expect(run.exceptions).toMatchObject([
			{ orderId: null, keys: { entity_id: 'E1', period: '2026-03', currency: 'USD' }, amountMinor: 1n, currency: 'USD' },
		]);
		expect(run.exceptions[0]?.reason).toBe(
			'In 2026-03 the revenue events of E1 net to 100.00 USD, its revenue accounts to 100.01 USD: a difference of -0.01 USD.',
		);
		expect(run.exceptions[0]?.rows).toEqual([{ table: 'journal_line', row: 3 }]);
	});

	test('a shift between periods is one in each of them', () => {
		expect(keys(audit('T41', { journal_line: recognition('R-1', 10_000, { period: '2026-04' }) })).map((key) => key['period'])).toEqual([
			'2026-03',
			'2026-04',
		]);
	});

	test('the entity of an event of an unknown order is that of its journal; without one it stays open', () => {
		expect(audit('T41', { sales_order: [] }).verdict).toBe('pass');
		expect(audit('T41', { sales_order: [], journal_line: [] })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});

	test('entities do not make up for each other', () => {
		const orders = [order('O1'), order('O2', { entity_id: 'E2' })];
		const events = [revenue('R-1'), revenue('R-2', { order_id: 'O2' })];
		const both = [...recognition('R-1'), ...recognition('R-2', 10_000)];
		expect(keys(audit('T41', { sales_order: orders, revenue_event: events, journal_line: both })).map((key) => key['entity_id'])).toEqual([
			'E1',
			'E2',
		]);
	});

	test('a withheld amount leaves the sums open', () => {
		const { amount_minor: _, ...rest } = revenue('R-1', { sd: { amount_minor: 'bm90IGEgZGlnZXN0' } });
		expect(audit('T41', { revenue_event: [rest as Row] })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(audit('T40', { revenue_event: [rest as Row] })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});
});
