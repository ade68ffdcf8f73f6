/** Why an act is refused: a closed code and one sentence that says what, where, and how to mend it. */
import { err, type Result } from '#kernel';

export type RefusalCode =
	/** The member's role does not do such acts. */
	| 'role'
	/** The member is not in the engagement, or was taken out. */
	| 'unknown_member'
	/** What the act speaks of is not there. */
	| 'not_found'
	/** What the act makes is there already. */
	| 'exists'
	/** The finding's state does not allow it. */
	| 'state'
	/** Something that must be there is missing: a note, a field, evidence. */
	| 'incomplete'
	/** The person prepared what they would review. */
	| 'self_review'
	/** Review notes that block are open. */
	| 'open_notes'
	/** The content is not the one that was signed or shown. */
	| 'content_changed'
	/** It stands under a sign-off. */
	| 'signed'
	/** Nothing to undo or redo, or others have changed it since. */
	| 'cannot_undo'
	/** It would change nothing. */
	| 'no_change'
	/** It contradicts itself or the engagement. */
	| 'invalid';

export interface Refusal {
	readonly code: RefusalCode;
	readonly message: string;
}

export const refuse = (code: RefusalCode, message: string): Result<never, Refusal> => err({ code, message });
