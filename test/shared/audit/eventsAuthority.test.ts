import { describe, expect, test } from 'vitest';
import { runTest, testById } from '#audit';
import { GRANTS, grant, history, invoice, invoiceLine, order, TRANSITIONS, USERS, user } from './orderRecords.ts';
import { auditOf, facts, populate, type Row, type Tables } from './populate.ts';

const LEFT = '2026-03-02T10:00:00.000Z';

describe('T59, unauthorised status change', () => {
	const unauthorised = (events: readonly Row[], more: Tables = {}) =>
		auditOf(testById('T59'), {
			order_event: events,
			state_transition: TRANSITIONS,
			user_role: GRANTS,
			user_account: USERS,
			sales_order: [order('O1')],
			...more,
		});

	test('people in their roles give none', () => {
		expect(unauthorised(history('O1', [['booked'], ['released'], ['picking'], ['shipped'], ['delivered'], ['closed']])).verdict).toBe(
			'pass',
		);
	});

	test('a transition none of the roles allows is one', () => {
		const run = unauthorised(history('O1', [['booked'], ['released', { actor_id: 'U-SALES', actor_role: 'sales' }]]));
		expect(run.exceptions.map(({ keys }) => keys)).toEqual([{ event_id: 'O1-2' }]);
		expect(run.exceptions[0]?.reason).toContain(
			'none of the roles held then may take an order from booked to released (allowed: credit,system)',
		);
	});

	test('any role held then may do it, whichever was named', () => {
		const both = [...GRANTS, grant('U-SALES', 'credit')];
		const events = history('O1', [['booked'], ['released', { actor_id: 'U-SALES', actor_role: 'sales' }]]);
		expect(unauthorised(events, { user_role: both }).verdict).toBe('pass');
	});

	test('a role that was not held then is one, even without a transition', () => {
		const ended = [...GRANTS.filter((row) => row['user_id'] !== 'U-SALES'), grant('U-SALES', 'sales', { valid_to: LEFT })];
		const at = (time: string) => history('O1', [['booked'], [null, { occurred_at: time }]]);
		expect(unauthorised(at('2026-03-02T09:59:59.999Z'), { user_role: ended }).verdict).toBe('pass');
		const run = unauthorised(at(LEFT), { user_role: ended });
		expect(run.exceptions.map(({ keys }) => keys)).toEqual([{ event_id: 'O1-2' }]);
		expect(run.exceptions[0]?.reason).toContain('as sales, a role not held then');
	});

	test('of transitions that are not lawful only the role is judged, and of unknown people nothing', () => {
		expect(unauthorised(history('O1', [['booked'], ['delivered', { actor_id: 'U-SALES', actor_role: 'sales' }]])).verdict).toBe('pass');
		expect(unauthorised(history('O1', [['booked', { actor_id: 'U-GHOST' }]])).verdict).toBe('pass');
	});

	test('one whose role may be a line set aside is left open, two are not', () => {
		const t59 = testById('T59');
		const user_role = GRANTS.map((row) => (row['user_id'] === 'U-SALES' ? { ...row, valid_from: 'once' } : row));
		const by = (...people: string[]) => {
			const order_event = people.flatMap((actor, at) => history(`O${at}`, [['booked', { actor_id: actor }]]));
			const tables = { order_event, state_transition: TRANSITIONS, user_role, user_account: USERS };
			return t59 && runTest(t59, populate({ tables }), facts());
		};
		expect(by('U-SALES')).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(by('U-SALES')?.why).toContain('1 people whose roles may be lines set aside');
		expect(by('U-SALES', 'U-STORE')?.exceptions).toHaveLength(2);
	});

	test('people known neither by account nor by role stay open', () => {
		const tables = { order_event: history('O1', [['booked', { actor_id: 'U-GHOST' }]]), state_transition: TRANSITIONS, user_role: GRANTS };
		expect(auditOf(testById('T59'), tables)).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});
});

describe('T62, inactive or unknown user', () => {
	const journal = (overrides: Row = {}): Row[] =>
		[1, 2].map((line) => ({
			journal_id: 'J1',
			line_no: line,
			entity_id: 'E1',
			account: '4000',
			debit_minor: line === 1 ? 500 : 0,
			credit_minor: line === 1 ? 0 : 500,
			currency: 'USD',
			effective_on: '2026-03-02',
			period: '2026-03',
			entered_at: LEFT,
			entered_by: 'U-BILLING',
			approved_by: null,
			source: 'system',
			source_kind: null,
			source_id: null,
			reversal_of_journal_id: null,
			description: '',
			...overrides,
		}));
	const tables = (more: Tables = {}): Tables => ({
		user_account: USERS,
		order_event: history('O1', [['booked'], ['released']]),
		invoice: [invoice('I1')],
		invoice_line: [invoiceLine('I1', 'O1')],
		journal_line: journal(),
		...more,
	});
	const inactive = (more: Tables = {}) => auditOf(testById('T62'), tables(more));

	test('known and active people give none; an approver who is null is nobody', () => {
		expect(inactive()).toMatchObject({ verdict: 'pass', tested: 4 });
	});

	test('an account counts from its first instant to the one before its end', () => {
		const until = (time: string) => [...USERS.filter((row) => row['user_id'] !== 'U-CREDIT'), user('U-CREDIT', { active_to: time })];
		expect(inactive({ user_account: until('2026-03-02T10:00:00.001Z') }).verdict).toBe('pass');
		const run = inactive({ user_account: until(LEFT) });
		expect(run.exceptions.map(({ keys, orderId }) => [orderId, keys])).toEqual([['O1', { event_id: 'O1-2' }]]);
		expect(run.exceptions[0]?.reason).toContain('U-CREDIT, whose account was active from 2025-01-01 00:00 UTC to 2026-03-02 10:00 UTC');
		const from = [...USERS.filter((row) => row['user_id'] !== 'U-CREDIT'), user('U-CREDIT', { active_from: LEFT })];
		expect(inactive({ user_account: from }).verdict).toBe('pass');
	});

	test('an unknown actor is one', () => {
		const run = inactive({ order_event: history('O1', [['booked', { actor_id: 'U-GHOST' }]]) });
		expect(run.exceptions.map(({ keys }) => keys)).toEqual([{ event_id: 'O1-1' }]);
		expect(run.exceptions[0]?.reason).toContain('U-GHOST, whom the user list does not know');
	});

	test('who entered or approved an invoice is judged at issued_at, with its total at risk', () => {
		const run = inactive({ invoice: [invoice('I1', { approved_by: 'U-GHOST' })] });
		expect(run.exceptions).toMatchObject([{ orderId: 'O1', keys: { invoice_id: 'I1' }, amountMinor: 119_000n, currency: 'USD' }]);
		expect(run.exceptions[0]?.reason).toContain('was approved by U-GHOST');
	});

	test('a journal of many lines is one exception', () => {
		const run = inactive({ journal_line: journal({ entered_by: 'U-GHOST' }) });
		expect(run.exceptions).toMatchObject([{ keys: { journal_id: 'J1' }, amountMinor: 500n }]);
	});

	test('without invoices and journals it says what it did not judge', () => {
		const run = auditOf(testById('T62'), { user_account: USERS, order_event: history('O1', [['booked']]) });
		expect(run).toMatchObject({ verdict: 'incomplete', why: 'not supplied: who entered invoice and journal_line' });
	});

	test('unknown people may be lines of the user list that were set aside', () => {
		const t62 = testById('T62');
		const broken = populate({ tables: tables({ user_account: [...USERS.slice(1), { user_id: 'U-SALES' }] }) });
		const run = t62 && runTest(t62, broken, facts());
		expect(run).toMatchObject({ verdict: 'incomplete', exceptions: [] });
		expect(run?.why).toContain('1 unknown users may be lines set aside');
	});
});
