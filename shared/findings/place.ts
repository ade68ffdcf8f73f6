/**
 * What an act comes to at its place in the merged order: applied, refused, or in conflict. A function of the workbook of that place and the
 * act alone, so that every copy and the hub come to the same.
 */
import type { Result } from '#kernel';
import { type Act, type ActRef, type LoggedAct, refKey } from './acts.ts';
import { exceptionCell, touchesOf } from './cells.ts';
import { type Unseen, unseenOf } from './conflicts.ts';
import { decide } from './decide.ts';
import type { Refusal, RefusalCode } from './refusal.ts';
import type { Workbook } from './workbook.ts';

export type Placed =
	/** `act` is null where somebody else had done the same already: nothing is left to change. */
	| { readonly kind: 'applied'; readonly act: Act | null }
	| { readonly kind: 'refused'; readonly refusal: Refusal }
	/** `rest` is what of the act is not in question; null: nothing. */
	| { readonly kind: 'conflicting'; readonly contested: readonly Unseen[]; readonly rest: Act | null };

/** Refusals that mean "it is so already" where another member did the same unseen. */
const SAME_ALREADY: ReadonlySet<RefusalCode> = new Set(['no_change', 'exists', 'not_found', 'state']);

export function placeAct(workbook: Workbook, logged: LoggedAct): Placed {
	const { act, memberId, replica } = logged;
	const decided = decide(workbook, act, memberId, replica);
	const touches = touchesOf(workbook, act);
	const unseen = unseenOf(workbook, logged, touches);
	const contested = unseen.filter(({ isAgreed }) => !isAgreed);
	if (contested.length === 0) {
		const isAgreed = unseen.length > 0 && unseen.length === touches.length;
		if (!decided.ok && isAgreed && SAME_ALREADY.has(decided.error.code)) return { kind: 'applied', act: null };
		return appliedOr(decided);
	}
	if (!decided.ok) return { kind: 'refused', refusal: decided.error };
	return { kind: 'conflicting', contested, rest: restOf(act, contested) };
}

const appliedOr = (decided: Result<Act, Refusal>): Placed =>
	decided.ok ? { kind: 'applied', act: decided.value } : { kind: 'refused', refusal: decided.error };

/** Only a judgement of several exceptions touches several cells: those that nobody else has judged stay in it. */
function restOf(act: Act, contested: readonly Unseen[]): Act | null {
	if (act.type !== 'exception.judged' || contested.length === act.keys.length) return null;
	const isContested = new Set(contested.map(({ touch }) => touch.cell));
	return { ...act, keys: act.keys.filter((key) => !isContested.has(exceptionCell(key))) };
}

/** What an act came to, for the answer of a hub and for screens. */
export type Outcome =
	| { readonly kind: 'applied' }
	| { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }
	| { readonly kind: 'conflicting'; readonly conflictIds: readonly string[] };

/** @param ref of an act that was folded */
export function outcomeOf(workbook: Workbook, ref: ActRef): Outcome {
	const key = refKey(ref);
	const refused = workbook.refused.get(key);
	if (refused) return { kind: 'refused', code: refused.code, message: refused.message };
	const conflictIds = workbook.history.conflicting.get(key);
	return conflictIds ? { kind: 'conflicting', conflictIds } : { kind: 'applied' };
}
