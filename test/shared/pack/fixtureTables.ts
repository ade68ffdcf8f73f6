/** Passports of the tables of a made-up drop. */
import type { IpePassport } from '#pack';
import { sha } from './fixtureTests.ts';

function passport(table: string, overrides: Partial<IpePassport> = {}): IpePassport {
	const measure = { rows: 48_211, bytes: 12_345_678, sha256: sha(`file ${table}`), controlTotals: {} };
	return {
		table,
		file: `data/${table}.ndjson`,
		system: 'SAP S/4HANA 2023 (PRD-100)',
		query: null,
		extractedAt: '2027-01-14T21:04:11.000Z',
		extractedBy: 'svc-extract',
		declared: measure,
		found: measure,
		verdict: 'as_declared',
		differences: [],
		quarantined: [],
		...overrides,
	};
}

const TABLES = [
	'entity',
	'account',
	'trial_balance',
	'user_account',
	'customer',
	'product',
	'contract',
	'obligation',
	'sales_order',
	'sales_order_line',
	'state_transition',
	'shipment',
	'carrier_event',
	'document',
	'approval',
	'hold',
	'dispute',
	'journal_line',
];

export function passports(): IpePassport[] {
	const payment = passport('payment').declared;
	return [
		passport('order_event', {
			query:
				"SELECT e.* FROM o2c.order_event AS e\n JOIN o2c.sales_order AS o ON o.order_id = e.order_id\nWHERE e.recorded_at >= DATE '2026-01-01' AND e.recorded_at < DATE '2027-01-01' AND o.entity_id IN ('DE01', 'JP01')\nORDER BY e.log_position",
			quarantined: [
				{ line: 17, offset: 4_711, reason: 'unknown type: "qty" where a decimal string is expected' },
				{ line: 48_213, offset: 12_345_001, reason: 'invalid UTF-8 at byte 12,345,077' },
			],
		}),
		passport('revenue_event'),
		passport('invoice', {
			declared: { rows: 9_120, bytes: 1_000, sha256: sha('declared'), controlTotals: { total_minor: '1234567890' } },
			found: { rows: 9_119, bytes: 990, sha256: sha('found'), controlTotals: { total_minor: '1234565441' } },
			verdict: 'differs',
		}),
		passport('payment', { declared: null, found: payment, verdict: 'not_declared', system: null, extractedAt: null, extractedBy: null }),
		passport('fx_rate', { found: null, verdict: 'missing' }),
		...TABLES.map((table) => passport(table)),
	];
}
