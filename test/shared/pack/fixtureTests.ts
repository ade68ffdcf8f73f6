/** Tests of a made-up engagement as its pack shows them: passed, incomplete, with hundreds of exceptions and long reasons. */
import type { AuditResult } from '#audit';
import { sha256HexOfText } from '#kernel';
import type { CatalogueText } from '#pack';

type Exception = AuditResult['tests'][number]['exceptions'][number];

type TestResult = AuditResult['tests'][number];

export const sha = (text: string): string => sha256HexOfText(text);
export const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');
export const ORDER_COUNT = 7;
export const orderId = (n: number): string => `SO-2026-${pad(n, 6)}`;

export const CATALOGUE: readonly CatalogueText[] = [
	test(
		'T01',
		'Fulfilled, not invoiced',
		'high',
		'Goods that left and were never billed are revenue lost, or revenue the company hides.',
		'delivered quantity exceeds invoiced minus credited, more than {grace_days} business days before as_of, unless billing in advance or by milestone',
		'ASC 606-10-25-23',
		[['grace_days', 'business days', 'Days a delivery may wait for its invoice']],
	),
	test(
		'T16',
		'Revenue before transfer (cut-off)',
		'high',
		'Revenue belongs to the period in which control passes to the customer; booked earlier it makes a period look better than it was.',
		'recognised_at earlier than the transfer of the quantity it stands for, cumulatively per line',
		'ASC 606-10-25-30; AS 2401.05',
		[],
	),
	test(
		'T18',
		'Revenue on a held or disputed order',
		'critical',
		'A hold says that the customer’s obligation to pay is in doubt.',
		'recognise or reinstate with posted_at inside a hold on that order or line',
		'ASC 606-10-25-1(e)',
		[],
	),
	test(
		'T08',
		'Price mismatch',
		'medium',
		'A price that is not the order’s is a gift or an error.',
		'the unit prices differ by more than min({abs_minor} minor units, {pct} %)',
		'',
		[
			['abs_minor', 'minor units', ''],
			['pct', 'percent', 'Of the order’s price'],
		],
	),
	test(
		'T47',
		'Weekend or after hours',
		'low',
		'Entries made when nobody else is there deserve a second look.',
		'manual journal entered outside the entity’s calendar',
		'AS 2401.61',
		[],
	),
	test(
		'T58',
		'Stale order',
		'medium',
		'An order nobody moves hides a problem nobody solves.',
		'state not terminal and as_of − last recorded_at > {hours} h',
		'',
		[['hours', 'hours', 'Since the last event was recorded']],
	),
	test(
		'T50',
		'Split below a limit',
		'high',
		'Orders cut to stay below somebody’s authority avoid the control.',
		'orders of a customer within 24 h each in [0.9 L, L) summing above L',
		'COSO principle 10',
		[['limit_minor', 'minor units', 'The authority limit L']],
	),
	test(
		'T33',
		'Reversals exceed the original',
		'critical',
		'Nobody can give back more than was taken.',
		'credited > invoiced, or reversed > recognised, per line',
		'ASC 606-10-32-10',
		[],
	),
];

function test(
	id: string,
	title: string,
	severity: CatalogueText['severity'],
	why: string,
	rule: string,
	source: string,
	parameters: readonly (readonly [string, string, string])[],
): CatalogueText {
	return { id, title, severity, why, rule, source, parameters: parameters.map(([name, unit, doc]) => ({ name, unit, doc })) };
}

const LONG_REASON =
	'Revenue event RV-000481 recognised 12,480.00 EUR on 2026-03-31 23:58 UTC, 2 days 4 hours before the acceptance that transfers control under contract K-77 ' +
	'(transfer term acceptance; accepted 2026-04-03 04:12 UTC by Müller & Söhne GmbH → Werk Ελευσίνα, подписано Ж. Иванова, 收货人 王小明, 수령인 김민수). The periods differ: 2026-03 against 2026-04.';

function exception(n: number, reason: string, amountMinor: number | string | null, currency: string | null): Exception {
	const order = orderId(n);
	return {
		order_id: order,
		keys: { order_id: order, line_id: String(1 + (n % 3)), revenue_id: `RV-${pad(480 + n, 6)}` },
		amount_minor: amountMinor,
		currency,
		reason,
		rows: [{ table: 'revenue_event', key: `RV-${pad(480 + n, 6)}`, sha256: sha(`row ${n}`) }],
	};
}

function result(
	id: string,
	verdict: TestResult['verdict'],
	why: string | null,
	parameters: TestResult['parameters'],
	exceptions: readonly Exception[],
): TestResult {
	const title = CATALOGUE.find((candidate) => candidate.id === id)?.title ?? id;
	return {
		test: id,
		version: 1,
		title,
		verdict,
		why,
		population: { rows: 48_211, sha256: sha(`population ${id}`) },
		parameters,
		exceptions,
		result_sha256: sha(`result ${id}`),
	};
}

function manyExceptions(count: number): Exception[] {
	return Array.from({ length: count }, (_, i) =>
		exception(
			i + 1,
			`Order ${orderId(i + 1)} line ${1 + (i % 3)}: ${(i % 9) + 1} of ${(i % 9) + 4} units delivered ${2 + (i % 60)} business days before as-of are on no invoice.`,
			120_000 + i * 7_919,
			['EUR', 'USD', 'JPY', 'KWD'][i % 4] ?? 'EUR',
		),
	);
}

export function results(): TestResult[] {
	return [
		result(
			'T01',
			'exception',
			'3 lines were shipped less than 5 business days before as-of and can’t be judged yet.',
			{ grace_days: 5 },
			manyExceptions(300),
		),
		result('T08', 'pass', null, { abs_minor: 1, pct: '0.1' }, []),
		result('T16', 'exception', null, {}, [
			exception(1, LONG_REASON, 1_248_000, 'EUR'),
			exception(2, 'Revenue event RV-000482 recognised 88,000 JPY before the goods left.', 88_000, 'JPY'),
		]),
		result('T18', 'exception', null, {}, [
			exception(
				3,
				'Revenue event RV-000483 of 1,200.000 KWD was posted on 2026-05-02 10:00 UTC while hold H-9 (2026-04-28 to 2026-05-09) lay on the order.',
				'9007199254740993',
				'KWD',
			),
			{
				order_id: null,
				keys: { journal_id: 'JE-2026-05-000017', line_no: '2' },
				amount_minor: null,
				currency: null,
				reason: 'Journal JE-2026-05-000017 line 2 names no order; its source is a reinstatement during a dispute.',
				rows: [],
			},
		]),
		result('T33', 'pass', null, {}, []),
		result('T47', 'exception', null, {}, [exception(4, 'Posted on a Sunday at 03:12 in Europe/Athens by a.νικολάου.', 15_000, 'EUR')]),
		result(
			'T50',
			'not_testable',
			'The parameter limit_minor was not given: without an authority limit there is nothing to split below.',
			{ limit_minor: '' },
			[],
		),
		result('T58', 'incomplete', '212 lines of order_event were quarantined; 14 orders have no event at all.', { hours: 72 }, [
			exception(5, 'State shipped; last event recorded 2026-09-14 16:20 UTC, 2,955 hours before as-of.', 310_550, 'EUR'),
		]),
	];
}
