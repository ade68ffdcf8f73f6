/** A pack's input as a real engagement would have it: several scripts, long reasons, hundreds of exceptions, and empty corners. */
import { utf8 } from '#kernel';
import { flatName, type PackAttachment, type PackInput, type WrittenFinding } from '#pack';
import { passports } from './fixtureTables.ts';
import { CATALOGUE, ORDER_COUNT, orderId, results, sha } from './fixtureTests.ts';
import { timeline } from './fixtureTimelines.ts';

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
