/** Records of one small company's books, which tie out unless a case says otherwise. */
import { order } from './orderRecords.ts';
import type { Row, Tables } from './populate.ts';

const account = (number: string, name: string): Row => ({ entity_id: 'E1', account: number, name, class: name });

export const ACCOUNTS: readonly Row[] = [
	account('1200', 'receivable'),
	account('2400', 'deferred_revenue'),
	account('2700', 'tax'),
	account('4000', 'revenue'),
	account('4100', 'revenue'),
	account('6000', 'other'),
];

export const revenue = (revenueId: string, overrides: Row = {}): Row => ({
	revenue_id: revenueId,
	obligation_id: 'B1',
	order_id: 'O1',
	line_id: 'L1',
	kind: 'recognise',
	recognised_at: '2026-03-10T09:00:00.000Z',
	posted_at: '2026-03-10T10:00:00.000Z',
	period: '2026-03',
	amount_minor: 10_000,
	currency: 'USD',
	trigger_event_id: null,
	rule_id: 'R1',
	rule_version: 1,
	manual: false,
	reverses_revenue_id: null,
	fallback: false,
	prev: null,
	...overrides,
});

/** What a journal has in all of its lines. */
const HEAD: Row = {
	entity_id: 'E1',
	currency: 'USD',
	effective_on: '2026-03-10',
	period: '2026-03',
	entered_at: '2026-03-10T15:00:00.000Z',
	entered_by: 'U-GL',
	approved_by: null,
	source: 'system',
	source_kind: null,
	source_id: null,
	reversal_of_journal_id: null,
	description: 'automatic',
};

/** A journal of lines [account, debit less credit]. */
export const journal = (journalId: string, lines: readonly (readonly [string, number])[], head: Row = {}): Row[] =>
	lines.map(([number, net], at) => ({
		...HEAD,
		journal_id: journalId,
		line_no: at + 1,
		account: number,
		debit_minor: Math.max(net, 0),
		credit_minor: Math.max(-net, 0),
		...head,
	}));

/** The journal that recognises a revenue event out of deferred revenue. */
export const recognition = (revenueId: string, amount = 10_000, head: Row = {}): Row[] =>
	journal(
		`J-${revenueId}`,
		[
			['2400', amount],
			['4000', -amount],
		],
		{ source_kind: 'revenue_event', source_id: revenueId, ...head },
	);

export const balance = (number: string, period: string, opening: number, debit: number, credit: number, overrides: Row = {}): Row => ({
	entity_id: 'E1',
	account: number,
	period,
	currency: 'USD',
	opening_minor: opening,
	debit_minor: debit,
	credit_minor: credit,
	closing_minor: opening + debit - credit,
	...overrides,
});

export const LEDGER: Tables = {
	account: ACCOUNTS,
	sales_order: [order('O1')],
	revenue_event: [revenue('R-1')],
	journal_line: recognition('R-1'),
};
