/** The report of the strict verifier, as `check --json` writes it. */
import { formatInstant } from '#kernel';
import type { Trust } from './certificateChain.ts';
import type { AttachmentsAnswer } from './checkAttachments.ts';
import { type CheckFinding, type CheckVerdict, worstVerdict } from './checkCodes.ts';
import type { EvidenceAnswer, OrderHeadsAnswer } from './checkEvidence.ts';
import type { SignatureJudgement } from './checkSignature.ts';

export interface SignatureReport {
	readonly field: string;
	readonly signer: string;
	/** RFC 3339, or null where the signature states none. */
	readonly time: string | null;
	readonly time_is: 'claimed' | 'timestamped';
	readonly covers: string;
}

/** spec: `tieout-check/1`. */
export interface CheckReport {
	readonly format: 'tieout-check/1';
	readonly verdict: CheckVerdict;
	readonly signer_trust: Trust;
	readonly log_trust: Trust;
	readonly codes: readonly CheckFinding[];
	readonly signatures: readonly SignatureReport[];
	readonly files: { readonly declared: number; readonly matching: number };
	readonly proofs: { readonly checked: number; readonly failed: number };
	/** Absent where the pack has no heads. */
	readonly order_heads?: OrderHeadsAnswer;
	readonly replay: null;
}

export function toReport(
	findings: readonly CheckFinding[],
	judgements: readonly SignatureJudgement[],
	length: number,
	attachments: AttachmentsAnswer,
	evidence: EvidenceAnswer,
): CheckReport {
	return {
		format: 'tieout-check/1',
		verdict: worstVerdict(findings),
		signer_trust: trustOf(judgements),
		log_trust: evidence.logTrust,
		codes: findings.map(({ code, detail }) => ({ code, detail })),
		signatures: judgements.map((judgement) => signatureReport(judgement, length)),
		files: { declared: attachments.declared, matching: attachments.files.size },
		proofs: { checked: evidence.checked, failed: evidence.failed },
		...(evidence.orderHeads ? { order_heads: evidence.orderHeads } : {}),
		replay: null,
	};
}

/** The weakest of the signers, document timestamps apart. */
function trustOf(judgements: readonly SignatureJudgement[]): Trust {
	const trusts = judgements.filter(({ signature }) => !signature.isTimestamp).map(({ trust }) => trust);
	if (trusts.includes('untrusted')) return 'untrusted';
	return trusts.length === 0 || trusts.includes('not_judged') ? 'not_judged' : 'trusted';
}

function signatureReport({ signature, signer, time, timeIs, coverage }: SignatureJudgement, length: number): SignatureReport {
	const { range } = coverage;
	const covers = range === null ? 'nothing' : range.end === length ? 'the whole file' : `the first ${range.end} of ${length} bytes`;
	return { field: signature.field ?? '', signer: signer ?? '', time: time === null ? null : formatInstant(time), time_is: timeIs, covers };
}
