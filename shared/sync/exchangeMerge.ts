/** An opened exchange file into the work papers: the same merge as over the wire, and then whether the sender is who the file says. */
import { parseVerifierKey, type VerifyEd25519 } from '#evidence';
import type { Sequencer } from '#findings';
import { err, ok, type Result } from '#kernel';
import { type ExchangeError, exchangeError, type OpenedExchange } from './exchangeFile.ts';
import { type MergeOutcome, merge, type PapersPayload } from './merge.ts';
import type { PapersState } from './papersState.ts';

export const payloadOfExchange = ({ content: { engagementId, acts, order, checkpoint } }: OpenedExchange): PapersPayload => ({
	...{ engagementId, acts, order, checkpoint, proof: [], from: 'peer' },
});

/**
 * Merges, or says why not. The sender may have joined by an act that came with the file, so that their key is looked for in what is merged.
 * One who was taken out meanwhile may not know it yet: what they did stands in the log, refused at its place. A hub that orders the acts signs
 * by the key it was appointed under, and names itself by it.
 */
export function mergeExchange(state: PapersState, opened: OpenedExchange, verify: VerifyEd25519): Result<MergeOutcome, ExchangeError> {
	const outcome = merge(state, payloadOfExchange(opened), verify);
	const { keys } = (outcome.kind === 'reject' ? state : outcome.state).judged;
	if (outcome.kind === 'reject' && outcome.reason.code === 'wrong_engagement') return ok(outcome);
	const { sequencer } = outcome.kind === 'reject' ? state.workbook : outcome.state.workbook;
	const publicKey = keys.get(opened.memberId)?.publicKey ?? hubKey(sequencer, opened.memberId);
	return publicKey && verify(publicKey, opened.message, opened.signature)
		? ok(outcome)
		: err(exchangeError('bad_sender', 'The exchange file is not signed by a member of this engagement. Ask who wrote it.'));
}

function hubKey(sequencer: Sequencer | null, vkey: string): Uint8Array | null {
	const key = sequencer?.kind === 'hub' && sequencer.vkey === vkey ? parseVerifierKey(vkey) : null;
	return key?.ok ? key.value.publicKey : null;
}
