/** Judging a whole log of acts, in the merged order of its chains. */
import type { ActRef, LoggedAct } from './acts.ts';
import { NO_HASH } from './fold.ts';
import { judgeAct, type LogProblemCode, noChains, type VerifySignature } from './judgeAct.ts';

export interface LogProblem {
	readonly code: LogProblemCode;
	/** The chain of the act in question, and its number there. */
	readonly replica: string;
	readonly seq: number;
	readonly message: string;
}

export interface LogVerdict {
	readonly isIntact: boolean;
	/** Acts looked at. */
	readonly acts: number;
	readonly head: string;
	/** The first hundred, in the order of the log. */
	readonly problems: readonly LogProblem[];
	readonly problemCount: number;
}

/** What the log is known to have been, such as the head a pack was made at. */
export interface KnownHead {
	readonly replica: string;
	readonly seq: number;
	readonly hash: string;
}

const PROBLEMS_MAX = 100;

export interface LogVerifier {
	next(logged: LoggedAct): void;
	finish(): LogVerdict;
}

/**
 * Judges a log act by act, in the merged order, so that a caller can breathe in between.
 * @param known heads that its chains must have gone through
 */
export function logVerifier(verify: VerifySignature, known: readonly KnownHead[] = []): LogVerifier {
	const problems: LogProblem[] = [];
	let problemCount = 0;
	let state = noChains;
	let head = NO_HASH;
	const report = (code: LogProblemCode, { replica, seq }: ActRef, message: string): void => {
		problemCount++;
		if (problems.length < PROBLEMS_MAX) problems.push({ code, replica, seq, message });
	};
	return {
		next(logged) {
			state = judgeAct(state, logged, verify, (code, message, of = logged) => report(code, of, message));
			for (const one of known)
				if (one.replica === logged.replica && one.seq === logged.seq && one.hash !== logged.hash)
					report('hash_mismatch', logged, `Act ${logged.seq} is another one than was known.`);
			head = logged.hash;
		},
		finish() {
			for (const { replica, seq } of known) {
				const last = state.ends.get(replica)?.seq ?? 0;
				if (seq > last) report('truncated', { replica, seq: last }, `The log ends at act ${last}; it is known to have reached act ${seq}.`);
			}
			return { isIntact: problemCount === 0, acts: state.acts, head, problems, problemCount };
		},
	};
}

/**
 * Judges a whole log: numbers without gaps, links, hashes, vectors, and each signature by the key of its member.
 * @param known heads that its chains must have gone through
 */
export function verifyLog(log: readonly LoggedAct[], verify: VerifySignature, known: readonly KnownHead[] = []): LogVerdict {
	const verifier = logVerifier(verify, known);
	for (const logged of log) verifier.next(logged);
	return verifier.finish();
}
