/** The log of acts as hash chains, one a replica, signed by members: sealing an act, and judging a whole log. */
import { canonicalize, fromBase64, sha256HexOfText, toBase64, utf8 } from '#kernel';
import { type ActRef, hasSeen, type LoggedAct, type VersionVector } from './acts.ts';
import { NO_HASH } from './fold.ts';

export type UnsealedAct = Omit<LoggedAct, 'hash' | 'signature'>;

/** SHA-256 over the canonical JSON of {act, at, memberId, prev, replica, seen, seq}. */
export function actHash({ replica, seq, at, memberId, act, seen, prev }: UnsealedAct): string {
	return sha256HexOfText(canonicalize({ replica, seq, at, memberId, act, seen, prev }));
}

/** The bytes a member signs: named, so that a signature of an act can never pass for one of something else. */
export const actMessage = (hash: string): Uint8Array => utf8(`tieout-act/2 ${hash}`);

/** @param sign Ed25519 by the member's key, 64 bytes */
export function sealAct(unsealed: UnsealedAct, sign: (message: Uint8Array) => Uint8Array): LoggedAct {
	const hash = actHash(unsealed);
	return { ...unsealed, hash, signature: toBase64(sign(actMessage(hash))) };
}

export type LogProblemCode =
	/** `seq` does not follow the act before, or what its author had seen is not there. */
	| 'gap'
	/** `prev` is not the hash of the act before. */
	| 'broken_link'
	/** The act is not what its hash says. */
	| 'hash_mismatch'
	/** Its author says to have seen less than the act before, or their own chain. */
	| 'bad_vector'
	/** Not signed by the member's key. */
	| 'bad_signature'
	/** The member was not in the engagement as far as the author could know. */
	| 'unknown_member'
	/** The first two acts are not the engagement's creation and its first member. */
	| 'bad_beginning'
	/** A chain ends before the act it is known to have had. */
	| 'truncated';

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

export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

/** What the log is known to have been, such as the head a pack was made at. */
export interface KnownHead {
	readonly replica: string;
	readonly seq: number;
	readonly hash: string;
}

const PROBLEMS_MAX = 100;

/** What a chain has come to. */
interface ChainEnd {
	readonly seq: number;
	readonly hash: string;
	readonly seen: VersionVector;
}

/** A member's key, and by which act it was taken out of use; kept for judging acts whose author could not know that. */
interface MemberKey {
	readonly publicKey: Uint8Array;
	readonly removedBy: ActRef | null;
}

/** What judging the next act needs to know of all before it, in an order in which causes come first. Never written to. */
export interface ChainsState {
	readonly ends: ReadonlyMap<string, ChainEnd>;
	readonly keys: ReadonlyMap<string, MemberKey>;
	readonly acts: number;
	/** The first act of all: it is signed by the key that the second one brings. */
	readonly first: LoggedAct | null;
}

export const noChains: ChainsState = { ends: new Map(), keys: new Map(), acts: 0, first: null };

const START: ChainEnd = { seq: 0, hash: NO_HASH, seen: {} };

type Report = (code: LogProblemCode, message: string, of?: LoggedAct) => void;

/** Checks one act against those before it. Each is judged by itself: followers of an altered act are judged by the hash that stands. */
export function judgeAct(state: ChainsState, logged: LoggedAct, verify: VerifySignature, report: Report): ChainsState {
	const { replica, seq, prev, hash, act } = logged;
	const end = state.ends.get(replica) ?? START;
	if (seq !== end.seq + 1) report('gap', `Act ${seq} follows act ${end.seq}: what stood between is missing.`);
	if (prev !== end.hash) report('broken_link', `Act ${seq} does not link to the act before it.`);
	if (actHash(logged) !== hash) report('hash_mismatch', `Act ${seq} is not what its hash says: it was altered.`);
	checkVector(state, end, logged, report);
	if (state.acts < 2 && !begins(state.acts, logged, state.first))
		report('bad_beginning', 'The log does not begin with the engagement and its first member.');
	const keys = keysAfter(state, logged);
	if (state.acts === 1 && state.first) checkSignature(keys, state.first, verify, report);
	if (state.acts > 0) checkSignature(keys, logged, verify, report);
	const removed = act.type === 'member.removed' ? keys.get(act.memberId) : undefined;
	return {
		ends: new Map(state.ends).set(replica, { seq, hash, seen: logged.seen }),
		keys:
			act.type === 'member.removed' && removed && removed.removedBy === null
				? new Map(keys).set(act.memberId, { ...removed, removedBy: { replica, seq } })
				: keys,
		acts: state.acts + 1,
		first: state.first ?? logged,
	};
}

function keysAfter({ keys, acts }: ChainsState, { act, memberId }: LoggedAct): ReadonlyMap<string, MemberKey> {
	if (act.type !== 'member.added' || (acts !== 1 && !keys.has(memberId)) || keys.has(act.memberId)) return keys;
	const publicKey = fromBase64(act.publicKey);
	return publicKey ? new Map(keys).set(act.memberId, { publicKey, removedBy: null }) : keys;
}

function checkVector(state: ChainsState, end: ChainEnd, logged: LoggedAct, report: Report): void {
	const { replica, seq, seen } = logged;
	for (const [other, upTo] of Object.entries(seen)) {
		if (other === replica) report('bad_vector', `Act ${seq} counts its own chain among what it had seen.`);
		else if (upTo > (state.ends.get(other)?.seq ?? 0))
			report('gap', `Act ${seq} stands on act ${upTo} of copy ${other.slice(0, 8)}, which is missing.`);
	}
	for (const [other, upTo] of Object.entries(end.seen))
		if ((seen[other] ?? 0) < upTo) report('bad_vector', `Act ${seq} had seen less than the act before it.`);
}

function checkSignature(keys: ReadonlyMap<string, MemberKey>, logged: LoggedAct, verify: VerifySignature, report: Report): void {
	const key = keys.get(logged.memberId);
	if (!key || (key.removedBy !== null && hasSeen(logged, key.removedBy))) {
		report('unknown_member', `Act ${logged.seq} is by somebody who was no member then.`, logged);
		return;
	}
	const signature = fromBase64(logged.signature);
	if (!signature || !verify(key.publicKey, actMessage(logged.hash), signature))
		report('bad_signature', `Act ${logged.seq} is not signed by the key of its member.`, logged);
}

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

function begins(at: number, { act, memberId, replica }: LoggedAct, first: LoggedAct | null): boolean {
	if (at === 0) return act.type === 'engagement.created';
	return act.type === 'member.added' && act.memberId === memberId && first?.memberId === memberId && first.replica === replica;
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
