/** The whole verification of one sealed table: its lines, its checkpoints, and the head remembered of its log. */
import { toBase64 } from '#kernel';
import type { TableName } from '#model';
import { describeCheckpointError } from './checkpoint.ts';
import { type VerifyEd25519, verifyEd25519 } from './ed25519.ts';
import { type CheckpointFile, type JudgedCheckpoint, judgeCheckpoint, type ReadCheckpoint } from './judgeCheckpoint.ts';
import { lineProblems, unlistedProblems } from './lineProblems.ts';
import { compareHeads, type HeadComparison, type LogHead, logHead } from './logHead.ts';
import type { SealedLogReport } from './logKernelReport.ts';
import { printable } from './printable.ts';
import { restoreLines } from './restoredLines.ts';
import { firstBroken, forkProblems, type LineOrders, rootProblems, truncationProblems } from './rootProblems.ts';
import {
	countOf,
	type IntegrityProblem,
	type IntegrityVerdict,
	type KeyTrust,
	type SealedVerification,
	shortHash,
} from './sealedVerdict.ts';
import type { VerifierKey } from './vkey.ts';

export interface SealedTableEvidence {
	readonly table: TableName;
	readonly report: SealedLogReport;
	/** False where the file ends inside a line. */
	readonly endsWithLineFeed: boolean;
	readonly checkpoints: readonly CheckpointFile[];
	/** The log the manifest names; its checkpoints have the origin `<log>/<table>`. */
	readonly log: string | null;
	/** `manifest.log_key`: only a claim. */
	readonly claimedKey: VerifierKey | null;
	/** From outside the drop; none means that trust is not judged. */
	readonly trustedKeys: readonly VerifierKey[];
	/** Heads this workstation remembers. */
	readonly previousHeads: readonly LogHead[];
	readonly orders: LineOrders;
	readonly verify?: VerifyEd25519;
}

/** Collects every problem, folds consequences under their cause, and says the one verdict (see `IntegrityVerdict`). */
export function verifySealed(evidence: SealedTableEvidence): SealedVerification {
	const { report, table, trustedKeys } = evidence;
	const judged = evidence.checkpoints.map((file) =>
		judgeCheckpoint(file, {
			lines: report.lines,
			rootOf: (size) => report.rootOf(size),
			isOfThisLog: (origin) => (evidence.log === null ? origin.endsWith(`/${table}`) : origin === `${evidence.log}/${table}`),
			trustedKeys,
			claimedKey: evidence.claimedKey,
			verify: evidence.verify ?? verifyEd25519,
		}),
	);
	const speaking = speakingCheckpoints(judged, trustedKeys.length > 0);
	const trusted = speaking.filter(({ signature }) => signature === 'trusted');
	const forks = forkProblems(speaking.filter(({ signature }) => signature === 'trusted' || signature === 'claimed'));
	const proven = speaking.filter(({ root }) => root === 'matches').at(-1)?.checkpoint.size ?? 0;
	// Of a fork's two heads only one can have the lines' root; the other says nothing about the lines.
	const agreed = new Set(speaking.filter(({ root }) => root === 'matches').map(({ checkpoint }) => checkpoint.size));
	const heard = speaking.filter(({ root, checkpoint }) => root !== 'differs' || !agreed.has(checkpoint.size));
	const { first, good } = firstBroken(heard);
	const restored = first ? restoreLines(first, good, report) : null;
	const lines = lineProblems(report.faults, proven, restored);
	const faultyLines = lines.map(({ line }) => line);
	const roots = rootProblems(heard, report, restored, faultyLines, evidence.orders);
	const missing = truncationProblems(speaking, report.lines);
	const sealed = trusted.filter(({ root }) => root === 'matches').at(-1);
	const heads = headProblem(evidence, sealed, roots.length > 0, missing.length > 0);
	const problems = [
		...forks,
		...lines,
		...unlistedProblems(report),
		...roots,
		...missing,
		...heads.problems,
		...checkpointProblems(judged, evidence),
	];
	const isCut = isCutInLastLine(evidence, lines);
	const sealedLines = sealed?.checkpoint.size ?? 0;
	return {
		table,
		rows: report.lines,
		verdict: verdictOf({
			isForked: forks.length > 0 || isResigned(heads.comparison, sealed),
			isAltered: (lines.length + roots.length > 0 && !isCut) || heads.comparison.kind === 'fork' || hasForgedRoot(judged),
			isTruncated: missing.length > 0 || isCut || heads.comparison.kind === 'rollback',
			isVerified: problems.length === 0 && sealed !== undefined,
		}),
		problems: problems.map((problem) => ({ ...problem, detail: printable(problem.detail) })),
		trust: trustOf(trustedKeys, trusted),
		sealedLines,
		unsealedLines: report.lines - sealedLines,
		checkpoints: judged,
		head: sealed?.key ? logHead(sealed.checkpoint, sealed.key) : null,
		contradicts: heads.comparison.kind === 'rollback' || heads.comparison.kind === 'fork' ? heads.comparison.previous : null,
	};
}

function verdictOf(found: {
	readonly isForked: boolean;
	readonly isAltered: boolean;
	readonly isTruncated: boolean;
	readonly isVerified: boolean;
}): IntegrityVerdict {
	if (found.isForked) return 'forked';
	if (found.isAltered) return 'altered';
	if (found.isTruncated) return 'truncated';
	return found.isVerified ? 'verified' : 'not_verifiable';
}

/**
 * The checkpoints whose size and root count, by size: those a trusted key signed. Where there are none, all that are not
 * forged speak: a drop that contradicts itself is altered, whoever signed it.
 */
function speakingCheckpoints(judged: readonly JudgedCheckpoint[], hasTrustedKeys: boolean): ReadCheckpoint[] {
	const ours = judged.filter((one) => one.kind === 'read').filter((one) => one.isOfThisLog && one.signature !== 'invalid');
	const trusted = ours.filter(({ signature }) => signature === 'trusted');
	return (hasTrustedKeys && trusted.length > 0 ? trusted : ours).sort((a, b) => a.checkpoint.size - b.checkpoint.size);
}

const trustOf = (keys: readonly VerifierKey[], trusted: readonly ReadCheckpoint[]): KeyTrust =>
	keys.length === 0 ? 'not_judged' : trusted.length > 0 ? 'trusted' : 'untrusted';

/** The remembered head is contradicted by lines that the same log has since signed: two histories, not an edited file. */
const isResigned = (comparison: HeadComparison, sealed: ReadCheckpoint | undefined): boolean =>
	comparison.kind === 'fork' && sealed !== undefined && sealed.checkpoint.size >= comparison.previous.size;

/** A checkpoint that fails its signature and whose root the lines do not have was changed, or they were: something is altered. */
const hasForgedRoot = (judged: readonly JudgedCheckpoint[]): boolean =>
	judged.some((one) => one.kind === 'read' && one.isOfThisLog && one.signature === 'invalid' && one.root === 'differs');

/** The file ends inside its last line, and nothing else is wrong with any line: it was cut, not edited. */
function isCutInLastLine({ endsWithLineFeed, report }: SealedTableEvidence, problems: readonly IntegrityProblem[]): boolean {
	return !endsWithLineFeed && problems.length > 0 && problems.every(({ line, code }) => line === report.lines && code === 'not_canonical');
}

function headProblem(
	{ table, log, previousHeads, report }: SealedTableEvidence,
	sealed: ReadCheckpoint | undefined,
	hasRootProblem: boolean,
	isTruncated: boolean,
): { readonly problems: IntegrityProblem[]; readonly comparison: HeadComparison } {
	const origin = sealed?.checkpoint.origin ?? `${log ?? ''}/${table}`;
	const comparison = compareHeads(previousHeads, origin, report.lines, (size) => report.rootOf(size));
	if (comparison.kind === 'first_seen' || comparison.kind === 'consistent') return { problems: [], comparison };
	const { previous } = comparison;
	const seen = `This workstation has seen ${countOf(previous.size, 'line')} of the log ${origin} under the key ${previous.key}`;
	if (comparison.kind === 'rollback') {
		const detail = `${seen}, but the drop holds only ${report.lines}: the log was rolled back.`;
		// A checkpoint in the drop that shows the same loss is the nearer proof.
		return { problems: isTruncated ? [] : [{ code: 'beyond_log', line: report.lines + 1, order_id: null, detail }], comparison };
	}
	const found = shortHash(toBase64(report.rootOf(previous.size)));
	const detail = `${seen} with root ${shortHash(previous.root)}, but those lines now have root ${found}: the log was rewritten since.`;
	const follows = hasRootProblem && !sealed;
	return { problems: follows ? [] : [{ code: 'inconsistent', line: null, order_id: null, detail }], comparison };
}

/** Problems of the checkpoints themselves: unreadable, of another log, misnamed, forged, signed by somebody else, or absent. */
function checkpointProblems(judged: readonly JudgedCheckpoint[], evidence: SealedTableEvidence): IntegrityProblem[] {
	const problem = (code: IntegrityProblem['code'], detail: string): IntegrityProblem => ({ code, line: null, order_id: null, detail });
	const problems: IntegrityProblem[] = [];
	for (const one of judged) {
		if (one.kind === 'unreadable') {
			problems.push(problem('bad_signature', `${one.path} is no checkpoint: ${describeCheckpointError(one.error)}.`));
			continue;
		}
		const { origin, size } = one.checkpoint;
		if (one.signature === 'invalid') problems.push(problem('bad_signature', forgedSentence(one)));
		if (!one.isOfThisLog)
			problems.push(
				problem(
					'inconsistent',
					`${one.path} is a checkpoint of ${origin}, expected ${evidence.log ?? '…'}/${evidence.table}: it belongs to another log.`,
				),
			);
		const [, claimedSize] = /\/(\d+)\.txt$/.exec(one.path) ?? [];
		if (one.signature !== 'invalid' && claimedSize !== undefined && claimedSize !== String(size))
			problems.push(
				problem('inconsistent', `${one.path} holds the checkpoint of ${countOf(size, 'line')}, expected ${claimedSize} by its name.`),
			);
	}
	return [...problems, ...trustProblems(judged, evidence)];
}

function forgedSentence(one: ReadCheckpoint): string {
	const root = {
		matches: 'the lines do have its root',
		differs: 'the lines do not have its root either',
		beyond_log: 'it speaks of more lines than there are',
	}[one.root];
	return `The signature of ${one.key?.name ?? 'the log'} on ${one.path} does not verify: the checkpoint was changed after signing, or that key never signed it (${root}).`;
}

/** One problem for all checkpoints that no trusted key signed. */
function trustProblems(judged: readonly JudgedCheckpoint[], { trustedKeys, claimedKey, table }: SealedTableEvidence): IntegrityProblem[] {
	const problem = (detail: string): IntegrityProblem[] => [{ code: 'untrusted_key', line: null, order_id: null, detail }];
	const read = judged.filter((one) => one.kind === 'read');
	if (judged.length === 0)
		return problem(`There is no checkpoint of ${table}: nothing signed says how many lines it has and what they are.`);
	const strangers = read.filter(({ signature }) => signature === 'claimed' || signature === 'unknown');
	const [first] = strangers;
	if (!first) return [];
	const signers = [
		...new Set(strangers.flatMap(({ checkpoint }) => checkpoint.note.signatures.map(({ keyName, keyId }) => `${keyName}+${keyId}`))),
	];
	const by = `${signers.slice(0, 3).join(', ')}${signers.length > 3 ? ' …' : ''}`;
	if (trustedKeys.length === 0) {
		const claim = claimedKey && strangers.every(({ signature }) => signature === 'claimed') ? ', the key the drop itself claims' : '';
		return problem(
			`No key is trusted for this log: ${countOf(strangers.length, 'checkpoint')} signed by ${by}${claim}; give the log's key, received from outside the drop, to verify them.`,
		);
	}
	const trusted = trustedKeys.map(({ name, keyId }) => `${name}+${keyId}`).join(', ');
	return problem(
		`${countOf(strangers.length, 'checkpoint')} (${first.path}${strangers.length > 1 ? ' …' : ''}) ${strangers.length === 1 ? 'is' : 'are'} signed by ${by}, expected the trusted key ${trusted}.`,
	);
}
