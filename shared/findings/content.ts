/** What a sign-off stands on: the content of a target, its hash, and what has changed since. */
import { canonicalize, compareText, type Json, sha256HexOfText } from '#kernel';
import type { Target, TestDigest } from './acts.ts';
import type { Finding, SignedContent, Signoff, Workbook } from './workbook.ts';

/** The content of a target as it is signed, or null where there is nothing to sign. */
export function contentOf(workbook: Workbook, target: Target): SignedContent | null {
	switch (target.kind) {
		case 'finding':
			return findingContent(workbook.findings.get(target.id));
		case 'procedure':
			return procedureContent(workbook, target.id);
		case 'exception': {
			const judgement = workbook.judgements.get(target.id);
			if (!judgement) return null;
			const { verdict, cause, note, duplicateOf } = judgement;
			return { verdict, cause, note, duplicateOf };
		}
		case 'dispute':
		case 'integrity':
		case 'reconciliation': {
			const population = [...workbook.imports.values()].at(-1);
			return population
				? { population: population.manifestSha256, subject: target.id, trustedKeys: [...workbook.trustedKeys.keys()].sort(compareText) }
				: null;
		}
		default:
			return null;
	}
}

function findingContent(finding: Finding | undefined): SignedContent | null {
	if (!finding) return null;
	return { ...finding.fields, evidence: finding.evidence.map(({ link }): Json => ({ ...link })) };
}

function procedureContent(workbook: Workbook, test: string): SignedContent | null {
	const digest = lastDigest(workbook, test);
	return digest ? { ...digest, parameters: { ...digest.parameters } } : null;
}

/** What the last run that held the test said of it; null where none did. */
export function lastDigest(workbook: Workbook, test: string): TestDigest | null {
	for (const run of workbook.runs.toReversed()) {
		const digest = run.tests.find((one) => one.test === test);
		if (digest) return digest;
	}
	return null;
}

/** SHA-256 over the canonical JSON of {kind, id, content}, or null where there is nothing to sign. */
export function contentSha256(workbook: Workbook, target: Target): string | null {
	const content = contentOf(workbook, target);
	return content === null ? null : sha256HexOfText(canonicalize({ kind: target.kind, id: target.id, content }));
}

export interface SignoffState {
	/** `changed_since`: it was given, and the content is another now. */
	readonly status: 'none' | 'current' | 'changed_since' | 'withdrawn';
	/** The last sign-off of its kind; null where none was given. */
	readonly signoff: Signoff | null;
	/** Names of the fields that are not as they were signed. */
	readonly changed: readonly string[];
}

export interface SignoffStatus {
	readonly prepared: SignoffState;
	readonly reviewed: SignoffState;
}

/** How a target's two sign-offs stand. */
export function signoffStatus(workbook: Workbook, target: Target): SignoffStatus {
	const content = contentOf(workbook, target);
	const given = signoffsOf(workbook, target);
	const stateOf = (role: Signoff['role']): SignoffState => {
		const ofRole = given.filter((signoff) => signoff.role === role);
		const signoff = ofRole.findLast(({ withdrawn }) => withdrawn === null) ?? ofRole.at(-1) ?? null;
		if (signoff === null) return { status: 'none', signoff, changed: [] };
		if (signoff.withdrawn !== null) return { status: 'withdrawn', signoff, changed: [] };
		const changed = changedFields(signoff.content, content ?? {});
		return { status: changed.length === 0 ? 'current' : 'changed_since', signoff, changed };
	};
	return { prepared: stateOf('prepared'), reviewed: stateOf('reviewed') };
}

/** All sign-offs of a target in the order in which they were given, withdrawn ones too. */
export const signoffsOf = (workbook: Workbook, { kind, id }: Target): Signoff[] =>
	[...workbook.signoffs.values()]
		.filter(({ target }) => target.kind === kind && target.id === id)
		.sort((a, b) => a.stamp.seq - b.stamp.seq);

function changedFields(before: SignedContent, now: SignedContent): string[] {
	const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
	return names.filter((name) => canonicalize(before[name] ?? null) !== canonicalize(now[name] ?? null));
}
