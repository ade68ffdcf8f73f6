/** Why a payload was not merged: nothing of it was applied, and nothing that was here before has changed. */
import type { ActRef } from '#findings';

export type MergeRejectCode =
	/** Of another engagement. */
	| 'wrong_engagement'
	/** An act, or what its author had seen, is missing before it. Recovery: bring what is missing. */
	| 'gap'
	/** Two acts of one number in one chain: a copy of the engagement was copied behind the program's back. */
	| 'fork'
	/** An act is not what its hash says, or another than the order names. */
	| 'altered'
	| 'broken_link'
	/** An author says to have seen less than before. */
	| 'bad_vector'
	| 'bad_signature'
	/** By somebody who was no member as far as the author could know. */
	| 'unknown_member'
	/** Does not begin with the engagement and its first member. */
	| 'bad_beginning'
	/** Positions are missing before those given. */
	| 'order_gap'
	/** A position is given to another act than the one that has it. */
	| 'position_taken'
	/** An act is given two positions. */
	| 'ordered_twice'
	/** The order names an act that nobody sent. */
	| 'unknown_act'
	/** An act stands before one that its author had seen. */
	| 'order_not_causal'
	/** Somebody else has ordered acts that this copy orders. */
	| 'foreign_order'
	/** New positions without a checkpoint over them. */
	| 'no_checkpoint'
	| 'bad_checkpoint'
	| 'wrong_origin'
	/** The checkpoint is signed by nobody who may order. */
	| 'unknown_sequencer'
	/** The sequencer shows fewer positions than it has shown before. */
	| 'rollback'
	/** The checkpoint's root is not that of the order: two histories, or an altered one. */
	| 'root_differs'
	/** It is not shown that the order continues the pinned one. */
	| 'inconsistent';

export interface MergeReject {
	readonly code: MergeRejectCode;
	/** One sentence: what and where. */
	readonly message: string;
	/** The act in question, where there is one. */
	readonly ref: ActRef | null;
}

export const reject = (code: MergeRejectCode, message: string, ref: ActRef | null = null): MergeReject => ({
	code,
	message,
	ref: ref && { replica: ref.replica, seq: ref.seq },
});
