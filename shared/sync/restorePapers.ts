/** The state from what a store holds. What was let in once is not judged by its signatures again here; what is not whole is told, not thrown. */
import { foldLog, judgeAct, type LoggedAct, type LogProblem, noChains, refKey, type Sequencer } from '#findings';
import { appendLeaf, EMPTY_RANGE } from './compactRange.ts';
import { type OrderRecord, orderLeaf } from './orderRecord.ts';
import { checked, comparePending, emptyPapers, type HeldAct, lamportOf, type PapersState } from './papersState.ts';

export interface Restored {
	/** Where there are problems: for reading only. */
	readonly state: PapersState;
	/** In the merged order, as far as that can be told. */
	readonly log: readonly LoggedAct[];
	readonly problems: readonly LogProblem[];
}

export function restorePapers(
	engagementId: string,
	self: Sequencer,
	acts: readonly LoggedAct[],
	order: readonly OrderRecord[],
	checkpoint: string | null,
): Restored {
	const problems: LogProblem[] = [];
	const byKey = new Map(acts.map((logged) => [refKey(logged), logged]));
	const chains = new Map<string, HeldAct[]>();
	let judged = noChains;
	const hold = (logged: LoggedAct): HeldAct => {
		const report = (code: LogProblem['code'], message: string) =>
			problems.push({ code, replica: logged.replica, seq: logged.seq, message });
		judged = judgeAct(judged, logged, () => true, report);
		const held = { logged, lamport: lamportOf(chains, logged) };
		const chain = chains.get(logged.replica) ?? [];
		chain.push(held);
		chains.set(logged.replica, chain);
		byKey.delete(refKey(logged));
		return held;
	};
	const placed: OrderRecord[] = [];
	const log: LoggedAct[] = [];
	for (const record of order) {
		const logged = byKey.get(refKey(record));
		const message = `Position ${placed.length + 1} of the order is missing, or of an act that is.`;
		if (record.position !== placed.length + 1 || logged?.hash !== record.hash) {
			problems.push({ code: 'gap', replica: record.replica, seq: record.seq, message });
			break;
		}
		hold(logged);
		placed.push(record);
		log.push(logged);
	}
	const confirmed = foldLog(log);
	const pending = inCausalOrder([...byKey.values()], chains)
		.map(hold)
		.sort(comparePending);
	const behind = pending.map(({ logged }) => logged);
	const state: PapersState = {
		...emptyPapers(engagementId, self),
		...{ chains, judged, order: placed, pending, confirmed },
		range: placed.reduce((range, record) => appendLeaf(range, orderLeaf(record)), EMPTY_RANGE),
		checkpoint,
		workbook: behind.length === 0 ? confirmed : foldLog(behind, confirmed),
	};
	return { state: problems.length === 0 ? checked(state) : state, log: [...log, ...behind], problems };
}

/** Causes first; what stands on a missing act comes last, and is told by whoever judges it. */
function inCausalOrder(acts: readonly LoggedAct[], chains: ReadonlyMap<string, readonly HeldAct[]>): LoggedAct[] {
	const reached = new Map([...chains].map(([replica, chain]) => [replica, chain.length]));
	let rest = acts.toSorted((a, b) => (a.replica === b.replica ? a.seq - b.seq : a.replica < b.replica ? -1 : 1));
	const sorted: LoggedAct[] = [];
	for (let before = -1; before < sorted.length && rest.length > 0; ) {
		before = sorted.length;
		const waiting: LoggedAct[] = [];
		for (const logged of rest) {
			const { replica, seq, seen } = logged;
			const isReady =
				(reached.get(replica) ?? 0) === seq - 1 && Object.entries(seen).every(([other, upTo]) => (reached.get(other) ?? 0) >= upTo);
			if (!isReady) waiting.push(logged);
			else {
				reached.set(replica, seq);
				sorted.push(logged);
			}
		}
		rest = waiting;
	}
	return [...sorted, ...rest];
}
