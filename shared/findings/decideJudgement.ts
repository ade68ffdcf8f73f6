/** Judging exceptions: what each verdict asks for, and what signed findings keep from being judged anew. */
import { ok, type Result } from '#kernel';
import type { Act, TriageVerdict } from './acts.ts';
import { type Refusal, refuse } from './refusal.ts';
import type { Finding, Workbook } from './workbook.ts';

type Judging = Extract<Act, { type: 'exception.judged' }>;

/** Verdicts that say an exception does not count: they need a note that says why. */
export const needsNote = (verdict: TriageVerdict): boolean => verdict === 'explained' || verdict === 'below_trivial';

export function decideJudgement(workbook: Workbook, act: Judging): Result<Act, Refusal> {
	if (new Set(act.keys).size !== act.keys.length) return refuse('invalid', 'An exception is named twice. Choose each once.');
	if (needsNote(act.verdict) && act.note.trim() === '')
		return refuse(
			'incomplete',
			`"${act.verdict === 'explained' ? 'Explained' : 'Below trivial'}" needs a note that says why. Press N and write it.`,
		);
	const duplicate = decideDuplicate(workbook, act);
	if (duplicate) return duplicate;
	const signed = signedExceptions(workbook);
	const tied = act.keys.find((key) => signed.has(key));
	if (tied === undefined) return ok(act);
	const { label } = signed.get(tied) as Finding;
	return refuse('signed', `This exception is evidence of ${label}, which is signed. Withdraw the sign-off of ${label} first.`);
}

function decideDuplicate(workbook: Workbook, { verdict, duplicateOf, keys }: Judging): Result<never, Refusal> | null {
	if (verdict !== 'duplicate')
		return duplicateOf === null ? null : refuse('invalid', 'Only a duplicate names another exception. Choose "Duplicate" or leave it out.');
	if (duplicateOf === null) return refuse('incomplete', 'A duplicate must name the exception that it repeats. Choose one that is judged.');
	if (keys.includes(duplicateOf)) return refuse('invalid', 'An exception can not be a duplicate of itself. Choose another one.');
	const original = workbook.judgements.get(duplicateOf);
	if (!original) return refuse('invalid', 'A duplicate must point to an exception that is judged. Judge that one first.');
	return original.verdict === 'duplicate'
		? refuse('invalid', 'That one is a duplicate itself. Point to the exception that it repeats.')
		: null;
}

/** Exceptions that are evidence of a finding with a sign-off that stands, with that finding. */
export function signedExceptions(workbook: Workbook): ReadonlyMap<string, Finding> {
	const signed = new Map<string, Finding>();
	for (const { target, withdrawn } of workbook.signoffs.values()) {
		const finding = target.kind === 'finding' && withdrawn === null ? workbook.findings.get(target.id) : undefined;
		if (!finding || finding.state === 'draft' || finding.state === 'withdrawn') continue;
		for (const { link } of finding.evidence) if (link.kind === 'exception') signed.set(link.exceptionKey, finding);
	}
	return signed;
}
