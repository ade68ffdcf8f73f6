/** The two ends of a push and a pull of work papers, as pure functions of a state: a hub serves them over its store, tests in memory. */
import { type LoggedAct, outcomeOf, refKey, type VerifySignature } from '#findings';
import { type MergeOutcome, merge, type PapersPayload } from './merge.ts';
import { type CheckpointSigner, checkpointOf, orderProof } from './orderLog.ts';
import type { OrderRecord } from './orderRecord.ts';
import { PUSH_ACTS_MAX, type PullAnswer, type PushAnswer, type PushRequest } from './papersProtocol.ts';
import { heldAt, type PapersState } from './papersState.ts';

/** Acts that wait for their confirmed place, in the order in which they are sent. */
export const outboxOf = ({ pending }: PapersState): readonly LoggedAct[] => pending.map(({ logged }) => logged);

/**
 * The next push. Causes come first, so that a part of an outbox is a sound push.
 * @param hubHas positions that the hub is known to have; what it lacks of the order goes with it, under its checkpoint
 */
export function pushOf(state: PapersState, hubHas: number, signer: CheckpointSigner): PushRequest {
	const { engagementId, order } = state;
	const lacking = order.slice(hubHas);
	const pending = outboxOf(state).slice(0, PUSH_ACTS_MAX);
	return {
		...{ engagementId, confirmed: order.length },
		acts: [...actsOf(state, lacking), ...pending],
		order: [...lacking],
		checkpoint: lacking.length === 0 ? null : checkpointOf(state, signer),
	};
}

const actsOf = ({ chains }: PapersState, records: readonly OrderRecord[]): LoggedAct[] =>
	records.flatMap((record) => heldAt(chains, record)?.logged ?? []);

/** What a push is to the hub's merge. */
export const payloadOfPush = ({ engagementId, acts, order, checkpoint }: PushRequest): PapersPayload => ({
	...{ engagementId, acts, order, checkpoint, proof: [], from: 'peer' },
});

/** What an answer is to the workstation's merge. */
export const payloadOfPull = (answer: PullAnswer): PapersPayload => ({ ...answer, from: 'sequencer' });

/** All that a workstation with `confirmed` positions lacks. */
export function pullAnswer(state: PapersState, confirmed: number, signer: CheckpointSigner): PullAnswer {
	const order = state.order.slice(confirmed);
	return {
		engagementId: state.engagementId,
		acts: actsOf(state, order),
		order,
		checkpoint: checkpointOf(state, signer),
		proof: [...orderProof(state, confirmed)],
	};
}

export interface Pushed {
	/** A rejection has changed nothing; the hub stores `acts` and `order` of any other before it answers. */
	readonly merged: MergeOutcome;
	readonly answer: PushAnswer | null;
}

/** A hub takes a push: the same merge, then positions for what is new. */
export function takePush(state: PapersState, request: PushRequest, signer: CheckpointSigner, verify: VerifySignature): Pushed {
	const merged = merge(state, payloadOfPush(request), verify);
	if (merged.kind === 'reject') return { merged, answer: null };
	const { state: after } = merged;
	const positions = positionsOf(after, request.acts);
	const placed = request.acts.flatMap((logged) => {
		const position = positions.get(refKey(logged));
		const { replica, seq } = logged;
		return position === undefined ? [] : [{ replica, seq, position, outcome: outcomeOf(after.workbook, logged) }];
	});
	return { merged, answer: { placed, pull: pullAnswer(after, Math.min(request.confirmed, after.order.length), signer) } };
}

/** Positions of these acts; they are mostly among the last. */
function positionsOf({ order }: PapersState, acts: readonly LoggedAct[]): ReadonlyMap<string, number> {
	const wanted = new Set(acts.map(refKey));
	const found = new Map<string, number>();
	for (let at = order.length - 1; at >= 0 && found.size < wanted.size; at--) {
		const record = order[at] as OrderRecord;
		const key = refKey(record);
		if (wanted.has(key)) found.set(key, record.position);
	}
	return found;
}
