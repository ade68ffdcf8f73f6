/** An opened exchange file into the work papers: the same merge as over the wire, and then whether the sender is who the file says. */
import type { VerifyEd25519 } from '#evidence';
import { err, ok, type Result } from '#kernel';
import { type ExchangeError, exchangeError, type OpenedExchange } from './exchangeFile.ts';
import { type MergeOutcome, merge, type PapersPayload } from './merge.ts';
import type { PapersState } from './papersState.ts';

export const payloadOfExchange = ({ content: { engagementId, acts, order, checkpoint } }: OpenedExchange): PapersPayload => ({
	...{ engagementId, acts, order, checkpoint, proof: [], from: 'peer' },
});

/**
 * Merges, or says why not. The sender may have joined by an act that came with the file, so that their key is looked for in what is merged.
 * One who was taken out meanwhile may not know it yet: what they did stands in the log, refused at its place.
 */
export function mergeExchange(state: PapersState, opened: OpenedExchange, verify: VerifyEd25519): Result<MergeOutcome, ExchangeError> {
	const outcome = merge(state, payloadOfExchange(opened), verify);
	const { keys } = (outcome.kind === 'reject' ? state : outcome.state).judged;
	if (outcome.kind === 'reject' && outcome.reason.code === 'wrong_engagement') return ok(outcome);
	const key = keys.get(opened.memberId);
	return key && verify(key.publicKey, opened.message, opened.signature)
		? ok(outcome)
		: err(exchangeError('bad_sender', 'The exchange file is not signed by a member of this engagement. Ask who wrote it.'));
}
