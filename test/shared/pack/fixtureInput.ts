/** A pack's input as a real engagement would have it: several scripts, long reasons, hundreds of exceptions, and empty corners. */
import type { AuditResult } from '#audit';
import { sha256HexOfText, utf8 } from '#kernel';
import {
	type CatalogueText,
	flatName,
	type IpePassport,
	type OrderTimeline,
	type PackAttachment,
	type PackInput,
	type TimelineEvent,
	type WrittenFinding,
} from '#pack';

type Exception = AuditResult['tests'][number]['exceptions'][number];
type TestResult = AuditResult['tests'][number];

const sha = (text: string): string => sha256HexOfText(text);
const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

const ORDER_COUNT = 7;
const orderId = (n: number): string => `SO-2026-${pad(n, 6)}`;

const CATALOGUE: readonly CatalogueText[] = [
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

function results(): TestResult[] {
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

function passports(): IpePassport[] {
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

const STATES = ['draft', 'booked', 'released', 'picking', 'shipped', 'on_hold', 'delivered', 'accepted'];

function event(n: number, seq: number): TimelineEvent {
	const [fromState, toState] = [STATES[seq - 1] ?? null, STATES[seq] ?? null];
	const isShipment = seq === 4;
	return {
		eventId: `EV-${n}-${seq}`,
		orderSeq: seq,
		lineId: isShipment ? '1' : null,
		type:
			['order.booked', 'order.released', 'order.picking', 'line.shipped', 'order.held', 'line.delivered', 'line.accepted'][seq - 1] ??
			'order.closed',
		fromState: seq === 1 ? null : fromState,
		toState,
		occurredAt: `2026-03-${pad(seq * 3 + n, 2)}T08:12:${pad(seq * 7, 2)}.000Z`,
		recordedAt: `2026-03-${pad(seq * 3 + n, 2)}T08:14:${pad(seq * 7, 2)}.250Z`,
		actorId: `u-${pad(seq, 3)}`,
		actorName: ['Élodie Lefèvre', 'Ж. Иванова', '王小明', 'svc-wms', 'Αθηνά Νικολάου', '김민수', 'J. Doe'][seq - 1] ?? null,
		actorRole: ['sales', 'credit', 'fulfilment', 'carrier', 'legal', 'carrier', 'service'][seq - 1] ?? 'system',
		sourceSystem: 'erp.sales',
		sourceSeq: 1_000 * n + seq,
		quantity: isShipment ? '12.5' : null,
		reasonCode: seq === 5 ? 'QUALITY_COMPLAINT' : null,
		correctsEventId: null,
		hashStatus: n === 2 && seq === 5 ? 'link_broken' : n === 3 ? 'not_verifiable' : seq === 6 && n === 4 ? 'withheld' : 'verified',
		leafHash: seq === 6 && n === 4 ? null : sha(`leaf ${n} ${seq}`),
		documents:
			seq === 6
				? [
						{
							documentId: `D-${n}`,
							kind: 'pod',
							fileName: `POD_${n} Übergabe.pdf`,
							sha256: sha(`pod ${n}`),
							datedAt: '2026-03-20T10:00:00.000Z',
							status: n === 5 ? 'missing' : 'present',
							attachment: n === 5 ? null : `documents__pod-${n}.pdf`,
						},
					]
				: [],
		ledger:
			seq === 7
				? [
						{
							kind: 'revenue',
							id: `RV-${pad(480 + n, 6)}`,
							action: 'recognise',
							amountMinor: 1_248_000n,
							currency: 'EUR',
							period: '2026-03',
							recognisedAt: '2026-03-31T23:58:00.000Z',
							postedAt: '2026-03-31T23:58:30.000Z',
						},
						{
							kind: 'journal',
							id: `JE-2026-03-${pad(n, 6)}/1`,
							account: '1400 receivable',
							debitMinor: 1_485_120n,
							creditMinor: 0n,
							currency: 'EUR',
							period: '2026-03',
							effectiveOn: '2026-03-31',
							description: 'Invoice IN-88121',
						},
						{
							kind: 'journal',
							id: `JE-2026-03-${pad(n, 6)}/2`,
							account: '4000 revenue',
							debitMinor: 0n,
							creditMinor: 1_248_000n,
							currency: 'EUR',
							period: '2026-03',
							effectiveOn: '2026-03-31',
							description: 'Invoice IN-88121',
						},
					]
				: [],
		citedBy: seq === 7 ? ['T16'] : [],
	};
}

function timeline(n: number): OrderTimeline {
	return {
		orderId: orderId(n),
		facts: [
			{ label: 'Customer', value: n === 1 ? 'Müller & Söhne GmbH → Werk Ελευσίνα (C-104)' : `Customer ${n} (C-${n})` },
			{ label: 'State', value: 'accepted' },
			{ label: 'Total', value: '12,480.00 EUR' },
			{ label: 'Contract', value: 'K-77, control passes at acceptance, billed on delivery' },
		],
		events: n === 6 ? [] : Array.from({ length: n === 7 ? 3 : 7 }, (_, i) => event(n, i + 1)),
		documents:
			n === 1
				? [
						{
							documentId: 'D-91',
							kind: 'contract',
							fileName: 'K-77.pdf',
							sha256: sha('contract'),
							datedAt: null,
							status: 'redacted',
							attachment: null,
						},
					]
				: [],
		ledger:
			n === 2
				? [
						{
							kind: 'revenue',
							id: 'RV-000999',
							action: 'reverse',
							amountMinor: 5_000n,
							currency: 'EUR',
							period: '2026-04',
							recognisedAt: '2026-04-02T00:00:00.000Z',
							postedAt: '2026-04-02T00:00:00.000Z',
						},
					]
				: [],
		note: n === 7 ? 'The first 3 of 12 events are shown; the data files hold all of them.' : null,
	};
}

const smallPdf = (words: string): Uint8Array => utf8(`%PDF-1.4\n% ${words}\n%%EOF\n`);

function attachments(withDocuments: boolean): PackAttachment[] {
	const names = new Set<string>();
	const data = (
		path: string,
		text: string,
		mime: string,
		description: string,
		relationship: PackAttachment['relationship'] = 'Data',
	): PackAttachment => ({ name: flatName(path, names), path, bytes: utf8(text), mime, relationship, description, isDocument: false });
	const proofs = [1, 2, 3, 4].map(
		(n): PackAttachment => ({
			name: flatName(`documents/pod-${n}.pdf`, names),
			path: `documents/${sha(`pod ${n}`)}`,
			bytes: smallPdf(`proof ${n}`),
			mime: 'application/pdf',
			relationship: 'Supplement',
			description: `proof of delivery of ${orderId(n)}`,
			isDocument: true,
		}),
	);
	return [
		data('result.json', '{"format":"tieout-result/1"}', 'application/json', 'The results, as hashed'),
		data('drop/manifest.json', '{"format":"tieout-drop/1"}', 'application/json', 'The drop’s own manifest', 'Source'),
		data('drop/checkpoints/order_event/48211.txt', 'acme.example/o2c/order_event\n48211\n…\n', 'text/plain', 'Signed checkpoint'),
		data(
			'evidence/order_event.ndjson',
			'{"event_id":"EV-1-1"}\n'.repeat(500),
			'application/x-ndjson',
			'Lines of every cited event, byte for byte',
		),
		...(withDocuments ? proofs : []),
	];
}

/** The whole thing. */
export function fixtureInput(): PackInput {
	return {
		packId: 'AP-2026-0042',
		created: '2027-02-01T10:00:00.000Z',
		engagement: {
			client: 'Müller & Søn Maschinenbau Ελλάς A.E. → 北京分公司',
			periodFrom: '2026-01',
			periodTo: '2026-12',
			asOf: '2027-01-15T00:00:00.000Z',
			preparedBy: 'M. Itō',
			organisation: 'Ørsted & Cie Wirtschaftsprüfung',
			entities: [
				{ id: 'DE01', name: 'Müller & Søn GmbH' },
				{ id: 'JP01', name: 'ミュラー株式会社' },
			],
		},
		tool: { name: 'Tieout', version: '0.1.0', pdf: '@cantoo/pdf-lib 2.11.1', fonts: { 'NotoSans_400Regular.ttf': sha('font') } },
		result: {
			format: 'tieout-result/1',
			drop: { drop_id: 'drop-2027-01-15-a', as_of: '2027-01-15T00:00:00.000Z', manifest_sha256: sha('drop manifest') },
			integrity: {
				order_event: {
					rows: 48_211,
					verdict: 'altered',
					problems: [
						{
							code: 'chain_break',
							line: 31_007,
							order_id: orderId(2),
							detail:
								'prev is 9f2c…41be, but the line before it of this order hashes to 77aa…03d1: that line’s shipped_at was changed after sealing.',
						},
					],
				},
				revenue_event: { rows: 9_118, verdict: 'verified', problems: [] },
			},
			ipe: passports().map(({ table, verdict, differences }) => ({ table, verdict, differences })),
			documents: { present: 4, missing: [sha('pod 5')], altered: [] },
			quarantine: [],
			tests: results(),
		},
		catalogue: CATALOGUE,
		ipe: passports(),
		sealed: [
			{
				table: 'order_event',
				origin: 'acme.example/o2c/order_event',
				root: sha('root'),
				lines: 48_211,
				canonicalLines: 48_211,
				checkpoints: [
					{
						size: 20_000,
						root: sha('root 1'),
						agreement: 'matches',
						consistency: 'first',
						signatures: [{ name: 'acme.example/o2c', status: 'valid' }],
					},
					{
						size: 48_211,
						root: sha('root 2'),
						agreement: 'differs',
						consistency: 'inconsistent',
						signatures: [
							{ name: 'acme.example/o2c', status: 'valid' },
							{ name: 'witness.example', status: 'unknown_key' },
						],
					},
				],
			},
			{
				table: 'revenue_event',
				origin: 'acme.example/o2c/revenue_event',
				root: sha('root r'),
				lines: 9_118,
				canonicalLines: 9_118,
				checkpoints: [
					{
						size: 9_118,
						root: sha('root r'),
						agreement: 'matches',
						consistency: 'first',
						signatures: [{ name: 'acme.example/o2c', status: 'valid' }],
					},
				],
			},
		],
		trustedKey: { vkey: 'acme.example/o2c+a1b2c3d4+AZ1nZ0pSsuQ1m0W5xTz0Z4l0o3ZlQ2wq9bXzYh1c2d3e', origin: 'given by --key' },
		timelines: Array.from({ length: ORDER_COUNT }, (_, i) => timeline(i + 1)),
		findings: [
			'Revenue of March 2026 booked before acceptance\nCondition: 12,480.00 EUR of order SO-2026-000001 was recognised on 31 March although control passed on 3 April.\nEffect: revenue of period 2026-03 is overstated. We recommend that recognition be bound to the acceptance event.',
			'The system lets a hold be bypassed by a manual posting.',
		],
		redactions: [],
		attachments: attachments(true),
	};
}

/** A finding of the work papers, signed by two and unchanged since. */
export const writtenFinding = (): WrittenFinding => ({
	number: 'F-001',
	title: 'Revenue before acceptance',
	severity: 'high',
	state: 'issued',
	parts: [
		{ heading: 'Condition', text: '12,480.00 EUR were recognised on 31 March.' },
		{ heading: 'Criteria', text: 'ASC 606-10-25-30.' },
		{ heading: 'Effect', text: 'Revenue of 2026-03 is overstated.' },
	],
	evidence: [
		{ kind: 'row', label: 'the acceptance', sha256: sha('line'), attachment: null },
		{ kind: 'exception', label: 'T11 of SO-2026-000001', sha256: null, attachment: null },
	],
	signoffs: [
		{ role: 'prepared', name: 'A. Okafor', at: '2026-04-20T09:00:00.000Z', sha256: sha('content'), changed: [] },
		{ role: 'reviewed', name: 'M. Reyes', at: '2026-04-21T10:30:00.000Z', sha256: sha('content'), changed: [] },
	],
});

/** Nothing supplied, nothing found: every table of the pack is empty. */
export function emptyInput(): PackInput {
	const whole = fixtureInput();
	return {
		...whole,
		packId: 'AP-EMPTY',
		result: { ...whole.result, integrity: {}, ipe: [], documents: { present: 0, missing: [], altered: [] }, tests: [] },
		ipe: [],
		sealed: [],
		trustedKey: null,
		timelines: [],
		findings: [],
		attachments: attachments(false),
	};
}
