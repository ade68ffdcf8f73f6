/** A member's new acts on their copy: decided, signed, put behind all the copy holds. Nothing is written here; the caller stores, then goes on. */
import { type Act, applyAct, decide, type LoggedAct, NO_HASH, type Refusal, sealAct } from '#findings';
import { invariant, ok, type Result } from '#kernel';
import { appendActs, type PapersState, vectorOf } from './papersState.ts';

export interface Author {
	readonly memberId: string;
	/** Ed25519 by the member's key. */
	sign(message: Uint8Array): Uint8Array;
}

export interface ActedOn {
	readonly state: PapersState;
	readonly logged: readonly LoggedAct[];
}

/**
 * All or none. Acts of one call bear one instant, which makes them one step for undo.
 * @param acts parsed
 * @param now RFC 3339 with milliseconds. A clock that was set back does not put an act before the one of this copy it follows
 */
export function actOn(state: PapersState, acts: readonly Act[], author: Author, now: string): Result<ActedOn, Refusal> {
	invariant(state.self.kind === 'replica', 'a hub does no acts of its own');
	const { replica } = state.self;
	const last = state.chains.get(replica)?.at(-1)?.logged;
	const at = last === undefined || now > last.at ? now : new Date(Date.parse(last.at) + 1).toISOString();
	const seen = vectorOf(state, replica);
	const logged: LoggedAct[] = [];
	let { workbook } = state;
	let [seq, prev] = [last?.seq ?? 0, last?.hash ?? NO_HASH];
	for (const act of acts) {
		const decided = decide(workbook, act, author.memberId, replica);
		if (!decided.ok) return decided;
		const sealed = sealAct({ replica, seq: seq + 1, at, memberId: author.memberId, act: decided.value, seen, prev }, author.sign);
		workbook = applyAct(workbook, sealed);
		logged.push(sealed);
		[seq, prev] = [sealed.seq, sealed.hash];
	}
	return ok({ state: appendActs(state, logged, workbook), logged });
}
