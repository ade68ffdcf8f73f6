/** What the verification of the sealed tables and of the documents established. */

import { integrityAnchor, testAnchor } from './planAnchors.ts';
import { type Block, type Cell, paragraphs, type Section, text } from './planBlocks.ts';
import { chipFor, hashRun, INTEGRITY_CHIPS, integer, titled } from './planFormat.ts';
import type { CheckpointFact, PackInput, SealedTable } from './planInput.ts';

export function planIntegrity(input: PackInput, number: string): Section {
	const { result, trustedKey } = input;
	const blocks: Block[] = [
		{ kind: 'heading', level: 1, number, text: 'Integrity verification', anchor: 'integrity', listed: true },
		text(
			'Whether the sealed records are the ones that were sealed. Verified means: every line hashes to its place in the chain and in the log, and the log’s root is signed under a trusted key; where that key came from is said below.',
			'lead',
		),
		{
			kind: 'facts',
			rows: [
				{
					label: 'Trusted key',
					value: trustedKey === null ? 'none: no table can be called verified' : [{ text: trustedKey.vkey, mono: true }],
				},
				...(trustedKey === null ? [] : [{ label: 'Came from', value: trustedKey.origin }]),
			],
		},
	];
	for (const [i, [table, integrity]] of Object.entries(result.integrity).entries()) {
		const details = input.sealed.find((candidate) => candidate.table === table) ?? null;
		blocks.push({
			kind: 'heading',
			level: 2,
			number: `${number}.${i + 1}`,
			text: table,
			anchor: integrityAnchor(table),
			listed: true,
			chips: [chipFor(INTEGRITY_CHIPS, integrity.verdict)],
		});
		if (details === null) blocks.push({ kind: 'facts', rows: [{ label: 'Lines', value: integer(integrity.rows) }] });
		else blocks.push(...detailBlocks(details, trustedKey !== null));
		if (integrity.problems.length === 0) blocks.push(text([{ text: '✓  ', tone: 'pass', bold: true }, { text: 'No problem was found.' }]));
		else blocks.push(text(`Problems of ${table}`, 'label'), problemTable(table, integrity.problems));
	}
	if (Object.keys(result.integrity).length === 0) blocks.push(text('The drop has no sealed table.'));
	blocks.push(...documentBlocks(input, `${number}.${Object.keys(result.integrity).length + 1}`));
	return { title: 'Integrity verification', blocks };
}

function detailBlocks(table: SealedTable, hasTrustedKey: boolean): Block[] {
	return [
		{
			kind: 'facts',
			rows: [
				{ label: 'Log origin', value: [{ text: table.origin, mono: true }] },
				{ label: 'Lines', value: `${integer(table.lines)}, of which ${integer(table.canonicalLines)} in canonical form (RFC 8785)` },
				{ label: 'Root, recomputed', value: [hashRun(table.root)] },
				...(hasTrustedKey && table.coveredLines !== undefined
					? [
							{
								label: 'Under the trusted key',
								value:
									table.coveredLines === 0
										? 'no line: no checkpoint under the trusted key has the root of these lines'
										: table.coveredLines === table.lines
											? 'all lines, by a checkpoint that matches'
											: `the first ${integer(table.coveredLines)} of ${integer(table.lines)} lines, by a checkpoint that matches`,
							},
						]
					: []),
			],
		},
		{
			kind: 'table',
			tagging: 'cells',
			dense: true,
			continued: `${table.table}: checkpoints`,
			columns: [
				{ head: 'At line', align: 'right', firm: true },
				// A root in base64 fits on one line beside the rest; in hex it takes two.
				{ head: 'Signed root', maxShare: 0.5, firm: table.checkpoints.every(({ root }) => root.length < HEX_ROOT_LENGTH) },
				{ head: 'Root', firm: true },
				{ head: 'With last', firm: true },
				{ head: 'Signatures' },
			],
			rows: table.checkpoints.map((checkpoint) => [
				integer(checkpoint.size),
				paragraphs([hashRun(checkpoint.root)]),
				mark(AGREEMENT, checkpoint.agreement),
				mark(CONSISTENCY, checkpoint.consistency),
				signatures(checkpoint),
			]),
			empty: 'The drop has no checkpoint of this table: nothing signed covers it.',
		},
	];
}

const HEX_ROOT_LENGTH = 64;

type Mark = readonly [tone: 'pass' | 'fail' | 'warn' | 'neutral', words: string];

const AGREEMENT: Readonly<Record<CheckpointFact['agreement'], Mark>> = {
	matches: ['pass', '✓ matches'],
	differs: ['fail', '✕ differs'],
	beyond_log: ['fail', '✕ beyond log'],
};
const CONSISTENCY: Readonly<Record<CheckpointFact['consistency'], Mark>> = {
	consistent: ['pass', '✓ consistent'],
	inconsistent: ['fail', '✕ inconsistent'],
	not_checked: ['warn', '▲ not checked'],
	first: ['neutral', '– first'],
};
const SIGNATURE: Readonly<Record<CheckpointFact['signatures'][number]['status'], Mark>> = {
	valid: ['pass', '✓ valid'],
	invalid: ['fail', '✕ invalid'],
	unknown_key: ['warn', '○ key not trusted'],
	not_checked: ['warn', '▲ not checked'],
};

function mark<K extends string>(marks: Readonly<Record<K, Mark>>, key: K): Cell {
	const [tone, words] = marks[key];
	return paragraphs([{ text: words, tone, bold: true }]);
}

const signatures = ({ signatures: all }: CheckpointFact): Cell =>
	all.length === 0
		? '— none'
		: paragraphs(
				...all.map(({ name, status }) => {
					const [tone, words] = SIGNATURE[status];
					return [{ text: `${words} `, tone, bold: true }, { text: name }];
				}),
			);

function problemTable(
	table: string,
	problems: readonly { readonly code: string; readonly line: number | null; readonly order_id: string | null; readonly detail: string }[],
): Block {
	return {
		kind: 'table',
		tagging: problems.length > 200 ? 'rows' : 'cells',
		continued: `${table}: problems`,
		columns: [
			{ head: `Problem (${integer(problems.length)})` },
			{ head: 'Line', align: 'right', firm: true },
			{ head: 'Order', bold: true },
			{ head: 'What was found' },
		],
		rows: problems.map(({ code, line, order_id: order, detail }) => [
			titled(code),
			line === null ? '—' : integer(line),
			order ?? '—',
			detail,
		]),
	};
}

/** The test that tells documents with their orders. */
const DOCUMENTS_TEST = 'T73';

function documentBlocks({ result }: PackInput, number: string): Block[] {
	const { present, missing, altered } = result.documents;
	const isTold = result.tests.some(({ test, exceptions }) => test === DOCUMENTS_TEST && exceptions.length > 0);
	const rows = [...missing.map((sha) => ['missing', sha] as const), ...altered.map((sha) => ['altered', sha] as const)];
	return [
		{ kind: 'heading', level: 2, number, text: 'Documents', anchor: 'integrity-documents', listed: true },
		text([
			{
				text: `Files of documents whose bytes have the SHA-256 under which they are kept: ${integer(present)}. Altered, with other bytes: ${integer(altered.length)}. Missing, though a record names them: ${integer(missing.length)}.`,
			},
			...(isTold
				? [{ text: ' Their records and orders are told under ' }, { text: DOCUMENTS_TEST, link: testAnchor(DOCUMENTS_TEST) }, { text: '.' }]
				: []),
		]),
		...(rows.length === 0
			? []
			: [
					{
						kind: 'table',
						tagging: 'cells',
						continued: 'Documents missing or altered',
						columns: [{ head: 'Document' }, { head: 'SHA-256 by its record' }],
						rows: rows.map(([what, sha]): Cell[] => [
							paragraphs([{ text: `✕ ${what}`, tone: 'fail', bold: true }]),
							paragraphs([hashRun(sha)]),
						]),
					} satisfies Block,
				]),
	];
}
