/** Findings as the pack prints them: well-formed text, withheld values masked, each piece of evidence with the attachment that holds it. */
import type { TableName } from '#model';
import { type CitedLine, type FindingEvidence, linesName, type PackFinding, RESULT_NAME } from '#pack';
import type { Redaction } from './redaction.ts';
import { maskDeep } from './withheldTexts.ts';

/** Hashes, numbers of ours, and words of closed lists. */
const UNMASKED: ReadonlySet<string> = new Set([
	'sha256',
	'kind',
	'severity',
	'state',
	'role',
	'at',
	'number',
	'heading',
	'changed',
	'contested',
	'attachment',
]);

export function packFindings(
	findings: readonly PackFinding[],
	cited: ReadonlyMap<TableName, readonly CitedLine[]>,
	documentAttachment: (sha256: string) => string | null,
	{ texts }: Redaction,
): PackFinding[] {
	const lines = new Map([...cited].flatMap(([table, own]) => own.map(({ sha256 }) => [sha256, linesName(table)] as const)));
	const located = (evidence: FindingEvidence): FindingEvidence => ({
		...evidence,
		attachment: attachmentOf(evidence, lines, documentAttachment),
	});
	return findings.map((finding) => {
		const whole = wellFormed(typeof finding === 'string' ? finding : { ...finding, evidence: finding.evidence.map(located) });
		return maskDeep(whole, texts, UNMASKED);
	});
}

function attachmentOf(
	{ kind, sha256 }: FindingEvidence,
	lines: ReadonlyMap<string, string>,
	documentAttachment: (sha256: string) => string | null,
): string | null {
	if (kind === 'result') return RESULT_NAME;
	if (sha256 === null) return null;
	return kind === 'row' ? (lines.get(sha256) ?? null) : kind === 'document' ? documentAttachment(sha256) : null;
}

/** Half characters have no UTF-8 form and so can't be hashed. */
function wellFormed<T>(value: T): T {
	if (typeof value === 'string') return value.toWellFormed() as T;
	if (Array.isArray(value)) return value.map((inner: unknown) => wellFormed(inner)) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]: [string, unknown]) => [key, wellFormed(inner)])) as T;
}
