/** What goes over the wire and into files about work papers: the schemas that both sides check by. */

import { z } from 'zod';
import { type LoggedAct, loggedActSchema, type Outcome } from '#findings';
import type { OrderRecord } from './orderRecord.ts';

/** Pending acts of one push; a longer outbox goes in several. */
export const PUSH_ACTS_MAX = 2000;
/** Acts and positions of one message: a whole engagement, when it comes to a hub or a laptop for the first time. */
const MESSAGE_ACTS_MAX = 200_000;
/** UTF-16 code units of a checkpoint. */
const CHECKPOINT_MAX = 1 << 16;

const replica = z.string().regex(/^[0-9a-f]{32}$/);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const place = z.int().positive();

export const orderRecordSchema: z.ZodType<OrderRecord> = z.strictObject({ position: place, replica, seq: place, hash: sha256 });

export const vectorSchema = z
	.record(replica, place)
	.refine((vector) => Object.keys(vector).length <= 1000, 'names more than 1000 replicas');

export const checkpointSchema = z.string().min(1).max(CHECKPOINT_MAX);

export const engagementIdSchema = z.string().regex(/^[0-9a-f]{32}$/);

const acts = (max: number): z.ZodType<readonly LoggedAct[]> => z.array(loggedActSchema).max(max);

/** `POST /v1/engagements/:engagementId/acts`: pending acts, causes first. Sent again after a lost answer, it gives the same positions. */
export const pushRequestSchema = z.strictObject({
	engagementId: engagementIdSchema,
	acts: acts(MESSAGE_ACTS_MAX),
	/** Only with the first push of an engagement whose acts another sequencer has ordered so far, or whose order the hub may lack. */
	order: z.array(orderRecordSchema).max(MESSAGE_ACTS_MAX).default([]),
	checkpoint: checkpointSchema.nullable().default(null),
	/** How much of the hub's order the workstation has; the answer brings what follows. */
	confirmed: z.int().nonnegative(),
});
export type PushRequest = Readonly<z.infer<typeof pushRequestSchema>>;

const outcome: z.ZodType<Outcome> = z.discriminatedUnion('kind', [
	z.strictObject({ kind: z.literal('applied') }),
	z.strictObject({
		kind: z.literal('refused'),
		code: z.enum([
			...(['role', 'unknown_member', 'not_found', 'exists', 'state', 'incomplete', 'self_review', 'open_notes'] as const),
			...(['content_changed', 'signed', 'cannot_undo', 'no_change', 'invalid'] as const),
		]),
		message: z.string().max(2000),
	}),
	z.strictObject({ kind: z.literal('conflicting'), conflictIds: z.array(replica).max(250_000) }),
]);

/** Acts and positions that the workstation lacks, under the hub's checkpoint, with the proof that it continues what was there. */
export const pullAnswerSchema = z.strictObject({
	engagementId: engagementIdSchema,
	acts: acts(MESSAGE_ACTS_MAX),
	order: z.array(orderRecordSchema).max(MESSAGE_ACTS_MAX),
	checkpoint: checkpointSchema.nullable(),
	/** RFC 6962 §2.1.2, base64. */
	proof: z.array(z.string().max(64)).max(128),
});
export type PullAnswer = Readonly<z.infer<typeof pullAnswerSchema>>;

/** The answer to a push: what each act came to on the hub, and all that the workstation lacks. */
export const pushAnswerSchema = z.strictObject({
	placed: z.array(z.strictObject({ replica, seq: place, position: place, outcome })).max(MESSAGE_ACTS_MAX),
	pull: pullAnswerSchema,
});
export type PushAnswer = Readonly<z.infer<typeof pushAnswerSchema>>;
