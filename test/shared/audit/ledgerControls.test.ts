import { describe, expect, test } from 'vitest';
import { runTest, testById } from '#audit';
import { journal, LEDGER, recognition, revenue } from './ledgerRecords.ts';
import { event } from './orderRecords.ts';
import { auditOf, facts, populate, type Row, type Tables } from './populate.ts';

const audit = (id: string, more: Tables = {}, parameters = {}) => auditOf(testById(id), { ...LEDGER, ...more }, { parameters });

function auditBroken(id: string, more: Tables) {
	const test = testById(id);
	if (!test) throw new Error(`there is a test ${id}`);
	return runTest(test, populate({ tables: { ...LEDGER, ...more } }), facts());
}

const keys = (run: ReturnType<typeof audit>) => run.exceptions.map((exception) => exception.keys);

describe('T55, correction not compensating', () => {
	const billed = (id: string, amount: number, head: Row = {}) =>
		journal(
			id,
			[
				['1200', amount],
				['2400', -amount],
			],
			head,
		);
	const reversing = (amount: number, head: Row = {}) => billed('J2', -amount, { reversal_of_journal_id: 'J1', ...head });
	const books = (lines: readonly Row[]) => audit('T55', { journal_line: lines });

	test('a journal that takes back the whole of its original is none', () => {
		expect(books([...billed('J1', 500), ...reversing(500)])).toMatchObject({ verdict: 'pass', tested: 1 });
	});

	test('one that leaves a remainder is one, unless a document of its own says so', () => {
		const run = books([...billed('J1', 500), ...reversing(300)]);
		expect(run.exceptions).toMatchObject([{ keys: { journal_id: 'J2' }, amountMinor: 200n, currency: 'USD' }]);
		expect(run.exceptions[0]?.reason).toContain('reverses journal J1 but leaves 2.00 USD on account 1200');
		expect(books([...billed('J1', 500), ...reversing(300, { source_kind: 'revenue_event', source_id: 'R-1' })]).verdict).toBe('pass');
	});

	test('two that together take back the whole are none', () => {
		const second = billed('J3', -200, { reversal_of_journal_id: 'J1' });
		expect(books([...billed('J1', 500), ...reversing(300), ...second]).verdict).toBe('pass');
	});

	test('more than was posted is one, whatever document says so', () => {
		expect(keys(books([...billed('J1', 500), ...reversing(501, { source_kind: 'revenue_event', source_id: 'R-1' })]))).toEqual([
			{ journal_id: 'J2' },
		]);
	});

	test('a partial return may post to accounts the original never touched', () => {
		const refund = journal(
			'J2',
			[
				['2400', 300],
				['2700', -300],
			],
			{ reversal_of_journal_id: 'J1', source_kind: 'revenue_event', source_id: 'R-1' },
		);
		expect(books([...billed('J1', 500), ...refund]).verdict).toBe('pass');
	});

	test('an original that does not exist is one, or stays open where it may be a line set aside', () => {
		expect(books(reversing(500)).exceptions[0]?.reason).toContain('reverses journal J1, which does not exist');
		const aside = billed('J1', 500).map((row) => ({ ...row, effective_on: 'x' }));
		expect(auditBroken('T55', { journal_line: [...aside, ...reversing(500)] })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});

	const corrected = (overrides: Row) =>
		audit('T55', {
			order_event: [
				event('O1', { event_id: 'A' }),
				event('O2', { event_id: 'B' }),
				event('O1', { event_id: 'C', type: 'order.corrected', ...overrides }),
			],
		});

	test('a corrected event of the same order is none; none, an unknown one or one of another order is one', () => {
		expect(corrected({ corrects_event_id: 'A' }).verdict).toBe('pass');
		expect(corrected({ corrects_event_id: null }).exceptions[0]?.reason).toContain('names no event it corrects');
		expect(corrected({ corrects_event_id: 'X' }).exceptions[0]?.reason).toContain('corrects event X, which does not exist');
		expect(corrected({ corrects_event_id: 'B' }).exceptions[0]?.reason).toContain('corrects event B, which belongs to order O2');
	});

	const reversal = (overrides: Row) =>
		audit('T55', { revenue_event: [revenue('R-1'), revenue('R-2', { kind: 'reverse', amount_minor: 400, ...overrides })] });
	const after = { posted_at: '2026-03-11T00:00:00.000Z' };

	test('a reversal names its original, or follows revenue of its line or order', () => {
		expect(reversal({ ...after, reverses_revenue_id: 'R-1' }).verdict).toBe('pass');
		expect(reversal(after).verdict).toBe('pass');
		expect(reversal({ ...after, line_id: null }).verdict).toBe('pass');
	});

	test('a reversal of nothing is one', () => {
		expect(reversal({ ...after, reverses_revenue_id: 'R-9' }).exceptions).toMatchObject([
			{ orderId: 'O1', keys: { revenue_id: 'R-2' }, amountMinor: 400n },
		]);
		expect(reversal({ ...after, line_id: 'L2' }).exceptions[0]?.reason).toContain('has no earlier recognition on its order line');
		expect(reversal({ posted_at: '2026-03-09T00:00:00.000Z' }).exceptions).toHaveLength(1);
	});
});

describe('T60, override without dual approval', () => {
	let count = 0;
	const approval = (approver: string, overrides: Row = {}): Row => ({
		approval_id: `A${++count}`,
		subject_kind: 'revenue_event',
		subject_id: 'R-1',
		requested_by: 'U-ASK',
		requested_at: '2026-03-10T08:00:00.000Z',
		approver_id: approver,
		approved_at: '2026-03-10T09:00:00.000Z',
		...overrides,
	});
	const override = (approvals: readonly Row[], parameters = {}) =>
		audit('T60', { revenue_event: [revenue('R-1', { manual: true })], approval: approvals }, parameters);

	test('two approvers other than the requester, by the time of posting, are enough', () => {
		expect(override([approval('U1'), approval('U2', { approved_at: '2026-03-10T10:00:00.000Z' })])).toMatchObject({
			verdict: 'pass',
			tested: 1,
		});
	});

	test('one, one twice, or the requester among them are not', () => {
		const run = override([approval('U1')]);
		expect(run.exceptions).toMatchObject([{ orderId: 'O1', keys: { revenue_id: 'R-1' }, amountMinor: 10_000n }]);
		expect(run.exceptions[0]?.reason).toContain('has 1 of 2 approvers other than the requester');
		expect(override([approval('U1'), approval('U1')]).exceptions).toHaveLength(1);
		expect(override([approval('U1'), approval('U-ASK')]).exceptions).toHaveLength(1);
		expect(override([approval('U1', { requested_by: 'U2' }), approval('U2', { requested_by: 'U1' })]).exceptions).toHaveLength(1);
		expect(override([approval('U1')], { approvers: 1 }).verdict).toBe('pass');
	});

	test('an approval given after posting comes too late', () => {
		const run = override([approval('U1'), approval('U2', { approved_at: '2026-03-10T10:00:00.001Z' })]);
		expect(run.exceptions[0]?.reason).toContain('was approved by U2 on 2026-03-10 10:00 UTC, after it was posted');
	});

	test('approvals of other things do not count, and events of the system need none', () => {
		expect(override([approval('U1'), approval('U2', { subject_kind: 'discount' })]).exceptions).toHaveLength(1);
		expect(audit('T60', { approval: [] })).toMatchObject({ verdict: 'pass', tested: 0 });
	});

	test('an approval that may be a line set aside leaves it open', () => {
		const approvals = [approval('U1'), approval('U2', { approved_at: 'later' })];
		expect(auditBroken('T60', { revenue_event: [revenue('R-1', { manual: true })], approval: approvals })).toMatchObject({
			verdict: 'incomplete',
			exceptions: [],
		});
	});
});

describe('T87, rule change without control', () => {
	const ticket = (overrides: Row = {}): Row => ({
		ticket_id: 'T1',
		system: 'revenue',
		kind: 'rule',
		requested_by: 'U-ASK',
		approved_by: 'U-OK',
		deployed_by: 'U-OPS',
		deployed_at: '2026-03-10T10:00:00.000Z',
		tested: true,
		rule_id: 'R1',
		rule_version: 1,
		...overrides,
	});
	const controlled = (...tickets: Row[]) => audit('T87', { change_ticket: tickets });

	test('a ticket deployed by the time of posting, tested, approved and deployed by another is none', () => {
		expect(controlled(ticket())).toMatchObject({ verdict: 'pass', tested: 1 });
	});

	test('without a ticket of the version, or before it was deployed, each event is one', () => {
		const run = controlled(ticket({ rule_version: 2 }));
		expect(run.exceptions).toMatchObject([{ orderId: 'O1', keys: { revenue_id: 'R-1' }, amountMinor: 10_000n }]);
		expect(run.exceptions[0]?.reason).toContain('used rule R1 version 1, which no change ticket brought into use');
		expect(controlled(ticket({ deployed_at: '2026-03-10T10:00:00.001Z' })).exceptions[0]?.reason).toContain(
			'which ticket T1 brought into use only on 2026-03-10 10:00 UTC',
		);
	});

	test.each([
		['without a test', { tested: false }],
		['without an approval', { approved_by: null }],
		['deployed by U-ASK, who had asked for it', { deployed_by: 'U-ASK' }],
	])('a ticket %s is one, named once for all events that rest on it', (phrase, overrides) => {
		const revenue_event = [revenue('R-1'), revenue('R-2')];
		const run = audit('T87', {
			revenue_event,
			change_ticket: [ticket(overrides)],
			journal_line: [...recognition('R-1'), ...recognition('R-2')],
		});
		expect(run.exceptions).toMatchObject([{ orderId: null, keys: { ticket_id: 'T1' }, amountMinor: 20_000n, currency: 'USD' }]);
		expect(run.exceptions[0]?.reason).toContain(`${phrase}; 2 revenue events rest on that version.`);
	});

	test('a fault of a ticket no event rests on is none, nor is one deployed after the last of them', () => {
		expect(controlled(ticket(), ticket({ ticket_id: 'T2', rule_version: 9, tested: false })).verdict).toBe('pass');
		expect(controlled(ticket(), ticket({ ticket_id: 'T2', tested: false, deployed_at: '2026-04-01T00:00:00.000Z' })).verdict).toBe('pass');
	});

	test('a ticket that may be a line set aside leaves the version open', () => {
		expect(auditBroken('T87', { change_ticket: [ticket({ tested: 'yes' })] })).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});
});
