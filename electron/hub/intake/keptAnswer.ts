/** A sending that came before: its kept answer, once it is sealed, or that its key stands for something else. */
import { equalBytes, err, ok, type Result } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { HubProblem } from '../problem.ts';
import { readKeys } from './batchStore.ts';
import type { IntakeAnswer, IntakeBatch } from './intakePort.ts';

const RETRY_SECONDS = 5;

/** What was decided is durable: it will be sealed, and a further sending with the same key gets the answer. */
export const NOT_SEALED_YET: HubProblem = {
	code: 'unavailable',
	message: 'The batch is kept but not sealed yet. Send it again with the same key; nothing is taken twice.',
	retryAfter: RETRY_SECONDS,
};

/** Nothing more is decided before what was decided is sealed. */
export const NOTHING_TAKEN: HubProblem = {
	code: 'unavailable',
	message: 'The log can not be written at the moment, so nothing was taken. Send the batch again.',
	retryAfter: RETRY_SECONDS,
};

/** The kept answer to an earlier sending; null where the key is new. @param recover seals what a failure left over */
export async function keptAnswer(
	database: Database,
	{ tenant, principal, idempotencyKey }: IntakeBatch,
	bodySha256: Uint8Array,
	recover: () => Promise<void>,
): Promise<Result<IntakeAnswer, HubProblem> | null> {
	const read = async () => (await readKeys(database, tenant, principal, [idempotencyKey])).get(idempotencyKey);
	let used = await read();
	if (!used) return null;
	if (!equalBytes(used.bodySha256, bodySha256))
		return err({
			code: 'idempotency_conflict',
			message: 'This idempotency key was used for another body. Give a new batch a new key.',
			where: 'Idempotency-Key',
		});
	if (used.answer === null) {
		try {
			await recover();
		} catch {
			return err(NOT_SEALED_YET);
		}
		used = await read();
	}
	return used?.answer ? ok({ ...used.answer, replayed: true }) : err(NOT_SEALED_YET);
}
