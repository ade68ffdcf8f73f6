/** Which key a hub orders an engagement by: the one it was appointed under, even when the log has got another since. */
import type { VerifyEd25519 } from '#evidence';
import type { LoggedAct, Sequencer } from '#findings';
import { invariant } from '#kernel';
import {
	type CheckpointSigner,
	isSequencer,
	type MergeReject,
	type OrderRecord,
	type PapersState,
	type PushAnswer,
	type PushRequest,
	takePush,
} from '#sync';
import type { LogKeeper } from '../log/logPort.ts';

type Keys = Pick<LogKeeper, 'keys' | 'nameOf' | 'noteSigner'>;

/** The hub as it presents itself to new engagements. */
export function hubItself(log: Keys, tenant: string): Sequencer {
	const key = log.keys(tenant).find(({ to }) => to === null);
	invariant(key, 'a tenant has a log key in use');
	return { kind: 'hub', log: log.nameOf(tenant), vkey: key.vkey };
}

/** The state with the identity under which this hub orders it; null where somebody else does. */
export function asOrdered(log: Keys, tenant: string, state: PapersState): PapersState | null {
	if (isSequencer(state)) return state;
	const { sequencer } = state.confirmed;
	const isOurs = sequencer?.kind === 'hub' && log.keys(tenant).some(({ vkey }) => vkey === sequencer.vkey);
	return isOurs ? { ...state, self: sequencer } : null;
}

export function signerOf(log: Keys, tenant: string, { self }: PapersState): CheckpointSigner {
	const signer = self.kind === 'hub' ? log.noteSigner(tenant, self.vkey) : null;
	invariant(signer, 'the hub signs by a key of its own');
	return signer;
}

export type Taken =
	| { readonly kind: 'reject'; readonly reason: MergeReject }
	| { readonly kind: 'not_ours' }
	| {
			readonly kind: 'taken';
			readonly state: PapersState;
			/** New here. */
			readonly acts: readonly LoggedAct[];
			readonly order: readonly OrderRecord[];
			readonly answer: PushAnswer;
	  };

/** A push, merged. Where it appoints another key of this hub, what follows is ordered by that one. */
export function taken(log: Keys, tenant: string, state: PapersState, request: PushRequest, verify: VerifyEd25519): Taken {
	const { merged, answer } = takePush(state, request, signerOf(log, tenant, state), verify);
	if (merged.kind === 'reject') return merged;
	const after = asOrdered(log, tenant, merged.state);
	if (!after || !answer) return { kind: 'not_ours' };
	const { acts, order } = merged;
	if (after === merged.state) return { kind: 'taken', state: after, acts, order, answer };
	const again = taken(log, tenant, after, request, verify);
	return again.kind === 'taken' ? { ...again, acts: [...acts, ...again.acts], order: [...order, ...again.order] } : again;
}
