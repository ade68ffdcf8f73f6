/**
 * The one merge of work papers, on every laptop and on the hub. Pure: the state and what came in give the next state, or the reason why
 * nothing of it is applied. The invariants stand in `papersState.ts`, and are stated on the way in and out.
 */
import { type VerifyEd25519, verifyConsistency } from '#evidence';
import { foldLog, type LoggedAct, type Workbook } from '#findings';
import { err, fromBase64, ok, type Result, toBase64 } from '#kernel';
import { admitActs } from './admitActs.ts';
import { appendLeaf, type CompactRange, rootOfRange } from './compactRange.ts';
import { type MergeReject, reject } from './mergeReject.ts';
import { judgeCheckpoint, orderRoot } from './orderLog.ts';
import { type OrderRecord, orderLeaf } from './orderRecord.ts';
import { checked, comparePending, confirmPending, type HeldAct, heldAt, isSequencer, type PapersState } from './papersState.ts';

export interface PapersPayload {
	readonly engagementId: string;
	/** In any order; those held already too. */
	readonly acts: readonly LoggedAct[];
	/** Positions without a gap, from one that is held or the next. */
	readonly order: readonly OrderRecord[];
	/** Over the whole order that the sender holds; null where it holds none. */
	readonly checkpoint: string | null;
	/** RFC 6962 §2.1.2 from the receiver's size to the checkpoint's, base64: what a hub shows. A peer gives the records themselves. */
	readonly proof: readonly string[];
	/** Whether the sender is the sequencer, whose order must not go back; another copy may simply be behind. */
	readonly from: 'sequencer' | 'peer';
}

interface Merged {
	readonly state: PapersState;
	/** Acts that were not held before, causes first. */
	readonly acts: readonly LoggedAct[];
	/** New positions. */
	readonly order: readonly OrderRecord[];
}

export type MergeOutcome =
	/** What was here stands as it did, and more behind it. */
	| ({ readonly kind: 'advance' } & Merged)
	/** Others' acts came before pending ones: those were judged anew on top, and bear the signatures they had. */
	| ({ readonly kind: 'rebase' } & Merged)
	| { readonly kind: 'reject'; readonly reason: MergeReject };

export function merge(before: PapersState, payload: PapersPayload, verify: VerifyEd25519): MergeOutcome {
	checked(before);
	const merged = merging(before, payload, verify);
	if (!merged.ok) return { kind: 'reject', reason: merged.error };
	const after = checked(merged.value.state);
	return { kind: continues(before, after) ? 'advance' : 'rebase', ...merged.value };
}

function merging(before: PapersState, payload: PapersPayload, verify: VerifyEd25519): Result<Merged, MergeReject> {
	if (payload.engagementId !== before.engagementId)
		return err(reject('wrong_engagement', 'This is of another engagement. Open the one it belongs to.'));
	const admitted = admitActs(before, payload.acts, verify);
	if (!admitted.ok) return admitted;
	const { chains, judged, fresh } = admitted.value;
	const records = newRecords(before, chains, payload);
	if (!records.ok) return records;
	const ordered = confirming(before, chains, records.value, payload, verify);
	if (!ordered.ok) return ordered;
	const pending = pendingAfter(before, fresh, records.value);
	const { confirmed, range, checkpoint } = ordered.value;
	const isSame = fresh.length === 0 && records.value.length === 0;
	const state: PapersState = isSame
		? before
		: {
				...before,
				...{ chains, judged, pending, confirmed, range, checkpoint, order: [...before.order, ...records.value] },
				workbook: pending.length === 0 ? confirmed : foldPending(before, confirmed, pending, fresh),
			};
	const after = confirmPending(state);
	return ok({ state: after, acts: fresh.map(({ logged }) => logged), order: after.order.slice(before.order.length) });
}

/** Where nothing came before what was pending, only the new acts are folded, on top of the workbook that stands. */
function foldPending(before: PapersState, confirmed: Workbook, pending: readonly HeldAct[], fresh: readonly HeldAct[]): Workbook {
	const isBehind = confirmed === before.confirmed && before.pending.every((one, at) => pending[at] === one);
	const acts = isBehind ? pending.slice(before.pending.length) : pending;
	if (isBehind && fresh.length === 0) return before.workbook;
	return foldLog(
		acts.map(({ logged }) => logged),
		isBehind ? before.workbook : confirmed,
	);
}

/** The records beyond those held; the others must be the same as ours. */
function newRecords(
	before: PapersState,
	chains: PapersState['chains'],
	{ order }: PapersPayload,
): Result<readonly OrderRecord[], MergeReject> {
	const first = order[0]?.position ?? 1;
	if (first > before.order.length + 1)
		return err(reject('order_gap', `Positions ${before.order.length + 1} to ${first - 1} of the order are missing.`));
	for (const [at, record] of order.entries()) {
		if (record.position !== first + at) return err(reject('order_gap', `Position ${first + at} of the order is missing.`, record));
		const ours = before.order[record.position - 1];
		if (ours && (ours.replica !== record.replica || ours.seq !== record.seq || ours.hash !== record.hash))
			return err(reject('position_taken', `Position ${record.position} is given to another act than the one that has it.`, record));
	}
	const fresh = order.filter(({ position }) => position > before.order.length);
	if (fresh.length > 0 && isSequencer(before))
		return err(reject('foreign_order', 'Another copy has ordered acts of this engagement, which only this copy orders.'));
	return placeable(before, chains, fresh);
}

/** Whether each act is held, is what the record says, has no position yet, and comes after its causes. */
function placeable(
	before: PapersState,
	chains: PapersState['chains'],
	records: readonly OrderRecord[],
): Result<readonly OrderRecord[], MergeReject> {
	if (records.length === 0) return ok(records);
	const placed = new Map<string, number>();
	for (const { replica, seq } of before.order) placed.set(replica, Math.max(placed.get(replica) ?? 0, seq));
	for (const record of records) {
		const { replica, seq, position, hash } = record;
		const logged = heldAt(chains, record)?.logged;
		if (!logged) return err(reject('unknown_act', `Position ${position} is of an act that did not come with it.`, record));
		if (logged.hash !== hash) return err(reject('altered', `Position ${position} is of another act ${seq} than the one here.`, record));
		const last = placed.get(replica) ?? 0;
		if (seq <= last) return err(reject('ordered_twice', `Position ${position} is of an act that has a position already.`, record));
		const causes = Object.entries(logged.seen).every(([other, upTo]) => (placed.get(other) ?? 0) >= upTo);
		if (seq !== last + 1 || !causes)
			return err(reject('order_not_causal', `Position ${position} comes before acts that its author had seen.`, record));
		placed.set(replica, seq);
	}
	return ok(records);
}

interface Confirmed {
	readonly confirmed: Workbook;
	readonly range: CompactRange;
	readonly checkpoint: string | null;
}

/** The confirmed workbook with the new records, where a checkpoint vouches for them. */
function confirming(
	before: PapersState,
	chains: PapersState['chains'],
	records: readonly OrderRecord[],
	payload: PapersPayload,
	verify: VerifyEd25519,
): Result<Confirmed, MergeReject> {
	const acts = records.map((record) => (heldAt(chains, record) as HeldAct).logged);
	// Whoever hands over signs the tree that ends with the appointment of the next.
	const until = foldLog(acts.slice(0, -1), before.confirmed);
	const isAllPending = records.length === before.pending.length && before.pending.every(({ logged }, at) => logged === acts[at]);
	const confirmed = isAllPending ? before.workbook : foldLog(acts.slice(-1), until);
	const range = records.reduce((tree, record) => appendLeaf(tree, orderLeaf(record)), before.range);
	const { checkpoint } = payload;
	const asBefore: Confirmed = { confirmed: before.confirmed, range: before.range, checkpoint: before.checkpoint };
	if (checkpoint === null)
		return records.length === 0
			? ok(asBefore)
			: err(reject('no_checkpoint', 'New positions of the order came without a signed checkpoint.'));
	const judged = judgeCheckpoint(checkpoint, before.engagementId, [confirmed.sequencer, until.sequencer], confirmed, verify);
	// A peer that is behind may show a checkpoint by a sequencer of then; its records were compared one by one.
	const isBehind = payload.from === 'peer' && records.length === 0;
	if (!judged.ok) return isBehind && judged.error.code !== 'bad_checkpoint' ? ok(asBefore) : judged;
	const fault = checkpointFault(before, payload, { size: judged.value.size, root: judged.value.root }, range);
	if (fault) return err(fault);
	return ok(records.length === 0 ? asBefore : { confirmed, range, checkpoint });
}

function checkpointFault(
	before: PapersState,
	{ from, proof }: PapersPayload,
	{ size, root }: { readonly size: number; readonly root: Uint8Array },
	range: CompactRange,
): MergeReject | null {
	const held = before.order.length;
	if (from === 'sequencer' && size < held)
		return reject('rollback', `The order ends at position ${size}; it has been seen to reach ${held}.`);
	if (size > range.size) return reject('order_gap', `The checkpoint counts ${size} positions, and only ${range.size} are here.`);
	if (size < range.size && range.size > held) return reject('no_checkpoint', `Positions after ${size} have no checkpoint.`);
	const ours = size === range.size ? rootOfRange(range) : orderRoot(before.order, size);
	if (toBase64(ours) !== toBase64(root))
		return reject('root_differs', `Two histories of the order at position ${size}: the one held here and another, both signed.`);
	if (from === 'peer' || held === 0 || size === held) return null;
	const hashes = proof.map(fromBase64);
	const isShown =
		hashes.every((hash) => hash?.length === 32) && verifyConsistency(held, size, rootOfRange(before.range), root, hashes as Uint8Array[]);
	return isShown ? null : reject('inconsistent', `It is not shown that the order at ${size} continues the one seen at ${held}.`);
}

function pendingAfter(before: PapersState, fresh: readonly HeldAct[], records: readonly OrderRecord[]): readonly HeldAct[] {
	if (fresh.length === 0 && records.length === 0) return before.pending;
	const placed = new Map<string, number>();
	for (const { replica, seq } of records) placed.set(replica, Math.max(placed.get(replica) ?? 0, seq));
	return [...before.pending, ...fresh].filter(({ logged }) => logged.seq > (placed.get(logged.replica) ?? 0)).sort(comparePending);
}

/** Whether everything that stood stands where it stood. */
function continues(before: PapersState, after: PapersState): boolean {
	const confirmedNow = after.order.slice(before.order.length);
	return before.pending.every(({ logged }, at) => {
		const now = confirmedNow[at] ?? after.pending[at - confirmedNow.length]?.logged;
		return now?.replica === logged.replica && now.seq === logged.seq;
	});
}
