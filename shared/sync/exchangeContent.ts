/** What an exchange file carries: acts that the receiver may lack, the order with its checkpoint, and what the sender had seen. */

import { z } from 'zod';
import { type LoggedAct, loggedActSchema, type VersionVector } from '#findings';
import { type CheckpointSigner, checkpointOf } from './orderLog.ts';
import type { OrderRecord } from './orderRecord.ts';
import { checkpointSchema, engagementIdSchema, orderRecordSchema, vectorSchema } from './papersProtocol.ts';
import { mergedLog, type PapersState, vectorOf } from './papersState.ts';

export interface ExchangeContent {
	readonly engagementId: string;
	/** RFC 3339. */
	readonly writtenAt: string;
	readonly acts: readonly LoggedAct[];
	/** From the first position on. */
	readonly order: readonly OrderRecord[];
	/** Over the whole order; null where nothing is confirmed. */
	readonly checkpoint: string | null;
	/** How far the sender holds each chain: what the answer need not bring. */
	readonly vector: VersionVector;
}

const ACTS_MAX = 200_000;

export const exchangeContentSchema: z.ZodType<ExchangeContent> = z.strictObject({
	engagementId: engagementIdSchema,
	writtenAt: z.iso.datetime({ precision: 3 }),
	acts: z.array(loggedActSchema).max(ACTS_MAX),
	order: z.array(orderRecordSchema).max(ACTS_MAX),
	checkpoint: checkpointSchema.nullable(),
	vector: vectorSchema,
});

/**
 * All that a receiver lacks who holds `known`; all there is for one of whom nothing is known.
 * @param now RFC 3339 with milliseconds
 */
export function exchangeContent(state: PapersState, signer: CheckpointSigner, now: string, known: VersionVector = {}): ExchangeContent {
	return {
		engagementId: state.engagementId,
		writtenAt: now,
		acts: mergedLog(state).filter(({ replica, seq }) => seq > (known[replica] ?? 0)),
		order: state.order,
		checkpoint: checkpointOf(state, signer),
		vector: vectorOf(state),
	};
}
