/** Tests of the catalogue that this version does not run. They are listed and answer `not_testable`, so that nobody takes silence for a pass. */
import type { AuditTest, Severity } from './types.ts';

const NOT_YET: readonly (readonly [id: string, title: string, severity: Severity, rule: string])[] = [
	[
		'T27',
		'Variable consideration unconstrained',
		'medium',
		'refund liability credited < return rate of the prior 12 months × revenue of the period − tolerance',
	],
	['T29', 'Consignment booked as sale', 'high', 'revenue on shipment to a consignee before sell-through'],
	['T30', 'Gross versus net', 'medium', 'principal/agent indicators say agent, booked gross'],
	[
		'T36',
		'Post-period credit notes',
		'high',
		'credit memos in 30 days after a period end reversing sales of its last 15 days > mean + 2σ of earlier periods',
	],
	['T37', 'Returns versus refund liability', 'medium', 'returns after a period end > liability at it by tolerance'],
	['T49', 'Round amounts', 'low', 'share of manual amounts ending in three zeros > 3 × expected'],
	['T51', 'Benford', 'low', 'first-two-digit mean absolute deviation > 0.0022'],
	['T52', 'Period-end spike', 'medium', 'revenue of the last 5 days of a period > median + 3 MAD-σ of at least 6 periods'],
	['T54', 'FX translation', 'medium', 'rate differs from fx_rate of the day by > 0.5 %'],
	['T72', 'Change outside the workflow', 'critical', 'a row changed between two drops and no event explains it'],
	['T85', 'Retention violation', 'high', 'gap against the retention table, or past maximum, or deletion under hold'],
	['T86', 'Sensitive field in clear', 'high', 'a field classed sensitive appears unencrypted in an extract'],
	['T88', 'Completion-rate drop', 'medium', "day's completions < median − 3 MAD-σ of the previous 28 business days"],
	['T89', 'Circular sale', 'medium', 'customer also a supplier or related party with opposing flows ±10 % in 30 days'],
];

export const NOT_IN_THIS_VERSION = 'not in this version';

export const NOT_YET_TESTS: readonly AuditTest[] = NOT_YET.map(([id, title, severity, rule]) => ({
	id,
	version: 0,
	title,
	severity,
	rule,
	why: '',
	source: '',
	parameters: [],
	needs: [],
	run: () => ({ tested: 0, exceptions: [], open: 0, notTestable: NOT_IN_THIS_VERSION }),
}));
