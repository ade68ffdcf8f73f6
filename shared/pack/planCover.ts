/** The cover: who and what, and the result at a glance. Never one verdict for everything. */
import { type Block, type Cell, chipCell, paragraphs, type Section, space, text } from './planBlocks.ts';
import { chipFor, hashRun, INTEGRITY_CHIPS, IPE_CHIPS, instant, integer, plural, preparedBy } from './planFormat.ts';
import type { PackInput } from './planInput.ts';
import { isPartlyJudged, severityOf } from './planTests.ts';

export function planCover(input: PackInput, manifestSha256: string): Section {
	const { engagement } = input;
	return {
		title: '',
		blocks: [
			{
				kind: 'cover',
				overline: 'AUDIT PACK',
				title: engagement.client,
				subtitle: `Order-to-revenue audit, accounting periods ${engagement.periodFrom} to ${engagement.periodTo}`,
			},
			{
				kind: 'facts',
				columns: 2,
				rows: [
					{ label: 'Data as of', value: instant(engagement.asOf) },
					{
						label: 'Prepared by',
						value: preparedBy(engagement),
					},
					{ label: 'Pack', value: input.packId },
					{ label: 'Created', value: instant(input.created) },
					{ label: 'Evidence drop', value: input.result.drop.drop_id },
					{ label: 'Entities', value: entityNames(engagement.entities) },
				],
			},
			text(
				`SHA-256 of the embedded manifest.json, which lists the ${plural(input.attachments.length, 'other embedded file')} with their own`,
				'label',
			),
			text([hashRun(manifestSha256)]),
			space(8),
			...glance(input),
		],
	};
}

/** So many entities are named on the cover; the scope names all. */
const ENTITIES_MAX = 4;

function entityNames(entities: PackInput['engagement']['entities']): string {
	const names = entities.map(({ id, name }) => name || id);
	const more = names.length > ENTITIES_MAX ? names.splice(ENTITIES_MAX - 1).length : 0;
	return `${names.join(', ') || '—'}${more === 0 ? '' : `, and ${integer(more)} more, named under Scope and method`}`;
}

/** What the bars can't show: a test counts once, by its gravest verdict. */
function partlyJudged({ result: { tests } }: PackInput): Block[] {
	const count = tests.filter(isPartlyJudged).length;
	return count === 0
		? []
		: [
				text(
					[
						{ text: '▲  ', tone: 'warn', bold: true },
						{ text: `${integer(count)} of the tests with exceptions could not judge all of their records; each says which.` },
					],
					'small',
				),
			];
}

function glance(input: PackInput): Block[] {
	const { tests } = input.result;
	const count = (verdict: string) => tests.filter((test) => test.verdict === verdict).length;
	const exceptions = new Map<string, number>();
	for (const { test, exceptions: found } of tests)
		exceptions.set(severityOf(input, test), (exceptions.get(severityOf(input, test)) ?? 0) + found.length);
	const bySeverity = (severity: string) => exceptions.get(severity) ?? 0;
	return [
		{ kind: 'heading', level: 2, number: '', text: 'Result at a glance', anchor: 'glance', listed: false },
		{
			kind: 'columns',
			parts: [
				{
					weight: 1,
					blocks: [
						text(`${plural(tests.length, 'audit test')} by verdict`, 'label'),
						{
							kind: 'tally',
							parts: [
								{ label: 'with exceptions', count: count('exception'), tone: 'fail', glyph: '✕' },
								{ label: 'incomplete', count: count('incomplete'), tone: 'warn', glyph: '▲' },
								{ label: 'not testable', count: count('not_testable'), tone: 'neutral', glyph: '–' },
								{ label: 'passed', count: count('pass'), tone: 'pass', glyph: '✓' },
							],
						},
					],
				},
				{
					weight: 1,
					blocks: [
						text(
							`${plural(
								tests.reduce((sum, test) => sum + test.exceptions.length, 0),
								'exception',
							)} by severity of the test`,
							'label',
						),
						{
							kind: 'tally',
							parts: [
								{ label: 'critical', count: bySeverity('critical'), tone: 'fail', glyph: '' },
								{ label: 'high', count: bySeverity('high'), tone: 'warn', glyph: '' },
								{ label: 'medium', count: bySeverity('medium'), tone: 'info', glyph: '' },
								{ label: 'low', count: bySeverity('low'), tone: 'neutral', glyph: '' },
							],
						},
					],
				},
			],
		},
		...partlyJudged(input),
		space(6),
		integrityTable(input),
		text(
			`${plural(input.result.ipe.length, 'table')} against the declaration of rows, bytes, totals and hash (IPE); ✓ as declared`,
			'label',
		),
		ipeTable(input),
		text(
			'There is no overall verdict. Each figure stands for itself: verified, passed, complete, as declared and signed are five different statements, and none implies another.',
			'small',
		),
	];
}

function integrityTable({ result, sealed }: PackInput): Block {
	const rows = Object.entries(result.integrity).map(([table, { rows: lines, verdict, problems }]): Cell[] => {
		const details = sealed.find((candidate) => candidate.table === table);
		return [
			table,
			integer(lines),
			details === undefined ? '—' : integer(details.checkpoints.length),
			integer(problems.length),
			chipCell(chipFor(INTEGRITY_CHIPS, verdict)),
		];
	});
	return {
		kind: 'table',
		tagging: 'cells',
		continued: 'Integrity of sealed tables',
		columns: [
			{ head: 'Integrity of sealed tables', mono: true },
			{ head: 'Lines', align: 'right', firm: true },
			{ head: 'Checkpoints', align: 'right', firm: true },
			{ head: 'Problems', align: 'right', firm: true },
			{ head: 'Verdict', firm: true },
		],
		rows,
		empty: 'The drop has no sealed table: nothing in it is protected by a chain of hashes.',
	};
}

const IPE_COLUMNS = 3;

/** Three tables side by side, read down the columns, so that thirty tables fit under the rest. */
function ipeTable({ result }: PackInput): Block {
	const height = Math.ceil(result.ipe.length / IPE_COLUMNS);
	const cell = (at: number): Cell => {
		const entry = result.ipe[at];
		if (entry === undefined) return '';
		const { glyph, label, tone } = chipFor(IPE_CHIPS, entry.verdict);
		return paragraphs([
			{ text: `${glyph}  `, bold: true, tone },
			{ text: entry.table, mono: true },
			...(entry.verdict === 'as_declared' ? [] : [{ text: `  ${label.toLowerCase()}`, bold: true, tone }]),
		]);
	};
	return {
		kind: 'table',
		tagging: 'cells',
		dense: true,
		continued: 'Completeness and accuracy by table',
		columns: Array.from({ length: IPE_COLUMNS }, () => ({ head: '', share: 1 / IPE_COLUMNS })),
		rows: Array.from({ length: height }, (_, row) => Array.from({ length: IPE_COLUMNS }, (_, column) => cell(column * height + row))),
		empty: 'No table was supplied.',
	};
}
