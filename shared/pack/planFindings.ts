/** The findings: what the auditors concluded, what it rests on, who signed it, and what has changed since. */
import { canonicalize, type Json, utf8 } from '#kernel';
import { fileAnchor } from './planAnchors.ts';
import { type Block, type Cell, type Chip, chipCell, paragraphs, type Section, space, text } from './planBlocks.ts';
import { chipFor, clipped, FINDING_CHIPS, hashRun, instant, plural, SEVERITY_CHIPS, titled } from './planFormat.ts';
import type { FindingEvidence, FindingSignoff, PackAttachment, PackInput, WrittenFinding } from './planInput.ts';

export const FINDINGS_NAME = 'findings.json';
const FINDINGS_FORMAT = 'tieout-findings/1';

/** The written findings as data, for whoever takes them on; null where there are none. */
export function findingsFile(findings: PackInput['findings']): PackAttachment | null {
	const written = findings.filter((finding) => typeof finding !== 'string');
	if (written.length === 0) return null;
	return {
		name: FINDINGS_NAME,
		path: FINDINGS_NAME,
		bytes: utf8(canonicalize({ format: FINDINGS_FORMAT, findings: written as unknown as Json })),
		mime: 'application/json',
		relationship: 'Data',
		description: 'findings with their evidence and sign-offs',
		isDocument: false,
	};
}

export function planFindings(input: PackInput, number: string): Section {
	const written = input.findings.filter((finding) => typeof finding !== 'string');
	const names = new Set(input.attachments.map(({ name }) => name));
	const blocks: Block[] = [
		{ kind: 'heading', level: 1, number, text: 'Findings', anchor: 'findings', listed: true },
		text(
			`Conclusions ${written.length > 0 ? 'from the work papers, in their authors’ words; who signed each, and what has changed since, is said with it' : 'of the person who prepared this pack, in their own words'}. They are judgement; the exceptions they rest on follow under the results.`,
			'lead',
		),
		...(written.length > 0 ? [overview(written)] : []),
	];
	for (const [i, finding] of input.findings.entries()) {
		const place = { number: `${number}.${i + 1}`, anchor: findingAnchor(i) };
		blocks.push(...(typeof finding === 'string' ? plainFinding(finding, i, place) : writtenFinding(finding, place, names)));
	}
	return { title: 'Findings', blocks };
}

const findingAnchor = (i: number): string => `finding-${i + 1}`;

interface Place {
	readonly number: string;
	readonly anchor: string;
}

const headingOf = ({ number, anchor }: Place, words: string, chips?: readonly Chip[]): Block => ({
	kind: 'heading',
	level: 2,
	number,
	text: clipped(words),
	anchor,
	listed: true,
	...(chips ? { chips } : {}),
});

function plainFinding(finding: string, i: number, place: Place): Block[] {
	const [first = '', ...rest] = finding.split('\n');
	const isTitled = rest.length > 0 && first.length <= 120;
	return [headingOf(place, isTitled ? first : `Finding ${i + 1}`), ...paragraphsOf(isTitled ? rest : finding.split('\n'))];
}

const paragraphsOf = (lines: readonly string[]): Block[] => lines.filter((line) => line.trim() !== '').map((line) => text(line));

function overview(findings: readonly WrittenFinding[]): Block {
	return {
		kind: 'table',
		tagging: 'cells',
		continued: 'Findings',
		columns: [
			{ head: 'Finding', firm: true, bold: true },
			{ head: 'Title', maxShare: 0.46 },
			{ head: 'Severity', firm: true },
			{ head: 'State', firm: true },
			{ head: 'Signed', firm: true },
		],
		rows: findings.map(({ number, title, severity, state, signoffs, contested = [] }): Cell[] => [
			number,
			contested.length === 0 ? title : paragraphs([{ text: title }, { text: '  ▲ in conflict', tone: 'warn', bold: true }]),
			chipCell(chipFor(SEVERITY_CHIPS, severity)),
			chipCell(chipFor(FINDING_CHIPS, state)),
			signedWords(signoffs),
		]),
	};
}

function signedWords(signoffs: readonly FindingSignoff[]): string {
	if (signoffs.length === 0) return 'by nobody';
	const count = plural(signoffs.length, 'sign-off');
	return signoffs.some(({ changed }) => changed.length > 0) ? `${count}, changed since` : count;
}

function writtenFinding(finding: WrittenFinding, place: Place, attachments: ReadonlySet<string>): Block[] {
	const { number, title, severity, state, parts, evidence, signoffs, contested = [] } = finding;
	return [
		headingOf(place, `${number}  ${title}`, [chipFor(SEVERITY_CHIPS, severity), chipFor(FINDING_CHIPS, state)]),
		// The heading is cut; the words are not.
		...(clipped(`${number}  ${title}`) === `${number}  ${title}` ? [] : [text(title)]),
		...contestedWords(contested),
		...parts.flatMap((part) => [text(part.heading, 'label'), ...paragraphsOf(part.text.split('\n'))]),
		text(`Evidence: ${evidence.length === 0 ? 'none is linked' : plural(evidence.length, 'item')}`, 'label'),
		...(evidence.length === 0 ? [] : [evidenceTable(finding, attachments)]),
		space(4),
		text('Sign-offs', 'label'),
		signoffs.length === 0 ? text('Nobody has signed this finding.') : signoffTable(finding),
		...changedWords(signoffs),
	];
}

/** One of two versions is printed; whoever reads it must know that there is another. */
const contestedWords = (fields: readonly string[]): Block[] =>
	fields.length === 0
		? []
		: [
				{
					kind: 'callout',
					tone: 'warn',
					title: '▲ In conflict',
					words: `Two members changed this without having seen each other’s change: ${fields.join(', ')}. What came first is printed here; the other version is in the work papers, and nobody has settled it yet.`,
				},
			];

const EVIDENCE_WORDS: Readonly<Record<FindingEvidence['kind'], string>> = {
	row: 'Record',
	exception: 'Exception',
	document: 'Document',
	result: 'Result of a test',
};

const evidenceTable = ({ number, evidence }: WrittenFinding, attachments: ReadonlySet<string>): Block => ({
	kind: 'table',
	tagging: 'cells',
	dense: true,
	continued: `Evidence of ${number}`,
	columns: [{ head: 'Kind', firm: true }, { head: 'Evidence', maxShare: 0.44 }, { head: 'SHA-256, and where it is in this pack' }],
	rows: evidence.map(({ kind, label, sha256, attachment }): Cell[] => [
		EVIDENCE_WORDS[kind],
		label,
		paragraphs(
			...(sha256 === null ? [] : [[hashRun(sha256)]]),
			...(attachment !== null && attachments.has(attachment)
				? [[{ text: attachment, tone: 'accent' as const, link: fileAnchor(attachment) }]]
				: [[{ text: kind === 'exception' ? 'under the results by test' : 'not embedded', tone: 'muted' as const }]]),
		),
	]),
});

const signoffTable = ({ number, signoffs }: WrittenFinding): Block => ({
	kind: 'table',
	tagging: 'cells',
	dense: true,
	together: true,
	continued: `Sign-offs of ${number}`,
	columns: [
		{ head: 'Signed as', firm: true },
		{ head: 'By', maxShare: 0.24 },
		{ head: 'At', firm: true },
		{ head: 'Content, SHA-256', maxShare: 0.34 },
		{ head: 'Since then', firm: true },
	],
	rows: signoffs.map(({ role, name, at, sha256, changed }): Cell[] => [
		titled(role),
		name,
		instant(at),
		paragraphs([hashRun(sha256)]),
		chipCell(changed.length === 0 ? { tone: 'neutral', glyph: '', label: 'Unchanged' } : { tone: 'warn', glyph: 'Δ', label: 'Changed' }),
	]),
});

/** A sign-off holds for the words it was given for; whoever reads on must know which of them are others now. */
const changedWords = (signoffs: readonly FindingSignoff[]): Block[] =>
	signoffs
		.filter(({ changed }) => changed.length > 0)
		.map(({ role, name, changed }) => ({
			kind: 'callout',
			tone: 'warn',
			title: 'Δ Changed since it was signed',
			words: `${name} signed this finding as ${role}. Since then it was changed: ${changed.join(', ')}. The sign-off stands for the earlier words.`,
		}));
