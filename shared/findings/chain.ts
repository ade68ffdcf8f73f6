/** The log of acts as a hash chain signed by its members: sealing an act, and judging a whole log. */
import { canonicalize, fromBase64, sha256HexOfText, toBase64, utf8 } from '#kernel';
import type { LoggedAct } from './acts.ts';
import { NO_HASH } from './fold.ts';

export type UnsealedAct = Omit<LoggedAct, 'hash' | 'signature'>;

/** SHA-256 over the canonical JSON of {act, at, memberId, prev, seq}. */
export function actHash({ seq, at, memberId, act, prev }: UnsealedAct): string {
	return sha256HexOfText(canonicalize({ seq, at, memberId, act, prev }));
}

/** The bytes a member signs: named, so that a signature of an act can never pass for one of something else. */
export const actMessage = (hash: string): Uint8Array => utf8(`tieout-act/1 ${hash}`);

/** @param sign Ed25519 by the member's key, 64 bytes */
export function sealAct(unsealed: UnsealedAct, sign: (message: Uint8Array) => Uint8Array): LoggedAct {
	const hash = actHash(unsealed);
	return { ...unsealed, hash, signature: toBase64(sign(actMessage(hash))) };
}

export type LogProblemCode =
	/** `seq` does not follow the act before. */
	| 'gap'
	/** `prev` is not the hash of the act before. */
	| 'broken_link'
	/** The act is not what its hash says. */
	| 'hash_mismatch'
	/** Not signed by the member's key. */
	| 'bad_signature'
	/** The member was not in the engagement at this point. */
	| 'unknown_member'
	/** The first two acts are not the engagement's creation and its first member. */
	| 'bad_beginning'
	/** The log ends before the act it is known to have had. */
	| 'truncated';

export interface LogProblem {
	readonly code: LogProblemCode;
	/** Of the act in question. */
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

export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** What the log is known to have been, such as the head a pack was made at. */
export interface KnownHead {
	readonly seq: number;
	readonly hash: string;
}

const PROBLEMS_MAX = 100;

export interface LogVerifier {
	next(logged: LoggedAct): void;
	finish(): LogVerdict;
}

/**
 * Judges a log act by act, so that a caller can breathe in between. Each act is checked by itself: one altered act is one problem, and its
 * followers are judged by the hash that stands.
 */
export function logVerifier(verify: VerifySignature, known: readonly KnownHead[] = []): LogVerifier {
	const keys = new Map<string, Uint8Array>();
	const problems: LogProblem[] = [];
	let problemCount = 0;
	let head = NO_HASH;
	let acts = 0;
	let lastSeq = 0;
	let first: LoggedAct | null = null;
	const report = (code: LogProblemCode, seq: number, message: string): void => {
		problemCount++;
		if (problems.length < PROBLEMS_MAX) problems.push({ code, seq, message });
	};
	const checkSignature = (logged: LoggedAct): void => {
		const key = keys.get(logged.memberId);
		if (!key) {
			report('unknown_member', logged.seq, `Act ${logged.seq} is by somebody who was no member then.`);
			return;
		}
		const signature = fromBase64(logged.signature);
		if (!signature || !verify(key, actMessage(logged.hash), signature))
			report('bad_signature', logged.seq, `Act ${logged.seq} is not signed by the key of its member.`);
	};
	return {
		next(logged) {
			const { seq, prev, hash, act } = logged;
			if (seq !== lastSeq + 1) report('gap', seq, `Act ${seq} follows act ${lastSeq}: what stood between is missing.`);
			if (prev !== head) report('broken_link', seq, `Act ${seq} does not link to the act before it.`);
			if (actHash(logged) !== hash) report('hash_mismatch', seq, `Act ${seq} is not what its hash says: it was altered.`);
			if (acts < 2 && !begins(acts, logged, first))
				report('bad_beginning', seq, 'The log does not begin with the engagement and its first member.');
			if (act.type === 'member.added' && (acts === 1 || keys.has(logged.memberId))) {
				const key = fromBase64(act.publicKey);
				if (key) keys.set(act.memberId, key);
			}
			// The first act is signed by the key that the second one brings.
			if (acts === 0) first = logged;
			else {
				if (acts === 1 && first) checkSignature(first);
				checkSignature(logged);
			}
			if (act.type === 'member.removed') keys.delete(act.memberId);
			for (const { seq: knownSeq, hash: knownHash } of known)
				if (knownSeq === seq && knownHash !== hash) report('hash_mismatch', seq, `Act ${seq} is another one than was known.`);
			acts++;
			lastSeq = seq;
			head = hash;
		},
		finish() {
			for (const { seq } of known)
				if (seq > lastSeq) report('truncated', lastSeq, `The log ends at act ${lastSeq}; it is known to have reached act ${seq}.`);
			return { isIntact: problemCount === 0, acts, head, problems, problemCount };
		},
	};
}

function begins(at: number, { act, memberId }: LoggedAct, first: LoggedAct | null): boolean {
	if (at === 0) return act.type === 'engagement.created';
	return act.type === 'member.added' && act.memberId === memberId && first?.memberId === memberId;
}

/**
 * Judges a whole log: seq without gaps, links, hashes, and each signature by the key its member had at that point.
 * @param known heads that the log must have gone through
 */
export function verifyLog(log: readonly LoggedAct[], verify: VerifySignature, known: readonly KnownHead[] = []): LogVerdict {
	const verifier = logVerifier(verify, known);
	for (const logged of log) verifier.next(logged);
	return verifier.finish();
}
