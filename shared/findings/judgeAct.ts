/** One act against all before it: its place in its chain, its hash, what its author had seen, and whose signature it bears. */
import { fromBase64 } from '#kernel';
import { type ActRef, hasSeen, type LoggedAct, type VersionVector } from './acts.ts';
import { actHash, actMessage } from './chain.ts';
import { NO_HASH } from './fold.ts';

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

export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;

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

function begins(at: number, { act, memberId, replica }: LoggedAct, first: LoggedAct | null): boolean {
	if (at === 0) return act.type === 'engagement.created';
	return act.type === 'member.added' && act.memberId === memberId && first?.memberId === memberId && first.replica === replica;
}
