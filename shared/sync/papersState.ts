/**
 * The work papers as one copy of an engagement holds them: a chain of acts a replica, the confirmed order, and what is pending.
 *
 * ```
 * chains     A: a1 a2 a3 a4      B: b1 b2
 * order      a1 a2 b1 a3 │ pending  a4 b2          (Lamport number, then replica)
 *            └ confirmed ┘└────────────┘
 * workbook   fold(a1 a2 b1 a3 a4 b2)
 * ```
 *
 * 1. **Chains are whole**: each chain is 1, 2, 3 …, linked and signed, and holds what its authors had seen of the others.
 * 2. **Order and pending part the acts**: each act stands in one of them, once.
 * 3. **Causes come first**: before an act stand the acts of its chain and those its author had seen.
 * 4. **The order only grows**: its tree is always a continuation of the one pinned.
 * 5. **The workbooks are folds** of the order, and of the order with what is pending.
 */
import {
	type ActRef,
	type ChainsState,
	emptyWorkbook,
	foldLog,
	judgeAct,
	type LoggedAct,
	noChains,
	type Sequencer,
	type VersionVector,
	type Workbook,
} from '#findings';
import { compareText, invariant } from '#kernel';
import { appendLeaf, type CompactRange, EMPTY_RANGE } from './compactRange.ts';
import { type OrderRecord, orderLeaf } from './orderRecord.ts';

/** An act with its Lamport number: one more than the largest of its causes. */
export interface HeldAct {
	readonly logged: LoggedAct;
	readonly lamport: number;
}

export interface PapersState {
	/** The engagement's name on all copies. */
	readonly engagementId: string;
	/** Who this copy is; it confirms where the engagement's sequencer is the same. */
	readonly self: Sequencer;
	readonly chains: ReadonlyMap<string, readonly HeldAct[]>;
	/** What judging further acts stands on. */
	readonly judged: ChainsState;
	/** Position 1 first. */
	readonly order: readonly OrderRecord[];
	/** The tree over `order`. */
	readonly range: CompactRange;
	/** The sequencer's signed note over `order`; null where this copy orders by itself, and signs one when it is asked. */
	readonly checkpoint: string | null;
	/** In their order. */
	readonly pending: readonly HeldAct[];
	/** Fold of the order alone: what a rebase begins from. */
	readonly confirmed: Workbook;
	/** Fold of order and pending acts. */
	readonly workbook: Workbook;
}

export const emptyPapers = (engagementId: string, self: Sequencer): PapersState => ({
	...{ engagementId, self, chains: new Map(), judged: noChains, order: [], range: EMPTY_RANGE, checkpoint: null, pending: [] },
	...{ confirmed: emptyWorkbook(), workbook: emptyWorkbook() },
});

/** Pending acts stand in this order on every copy that holds the same ones. Causes have smaller numbers, so they come first. */
export const comparePending = (a: HeldAct, b: HeldAct): number =>
	a.lamport - b.lamport || compareText(a.logged.replica, b.logged.replica) || a.logged.seq - b.logged.seq;

export const heldAt = (chains: PapersState['chains'], { replica, seq }: ActRef): HeldAct | undefined => chains.get(replica)?.[seq - 1];

/** The Lamport number of an act whose causes are all held. */
export function lamportOf(chains: PapersState['chains'], { replica, seq, seen }: LoggedAct): number {
	let largest = heldAt(chains, { replica, seq: seq - 1 })?.lamport ?? 0;
	for (const [other, upTo] of Object.entries(seen))
		largest = Math.max(largest, heldAt(chains, { replica: other, seq: upTo })?.lamport ?? 0);
	return largest + 1;
}

/** How far each chain is held. @param but leaves out this replica: what an act of it bears as `seen` */
export function vectorOf({ chains }: PapersState, but: string | null = null): VersionVector {
	return Object.fromEntries([...chains].filter(([replica]) => replica !== but).map(([replica, acts]) => [replica, acts.length]));
}

/** All acts in their merged order. */
export const mergedLog = ({ chains, order, pending }: PapersState): readonly LoggedAct[] => [
	...order.map((record) => (heldAt(chains, record) as HeldAct).logged),
	...pending.map(({ logged }) => logged),
];

const sameSequencer = (a: Sequencer | null, b: Sequencer): boolean =>
	a !== null && (a.kind === 'hub' ? b.kind === 'hub' && a.vkey === b.vkey : b.kind === 'replica' && a.replica === b.replica);

/** Whether this copy gives acts their confirmed place. */
export const isSequencer = ({ confirmed, self }: PapersState): boolean => sameSequencer(confirmed.sequencer, self);

/**
 * Puts a copy's own acts behind all it holds. They are sound by making, so that a fault in them is a bug.
 * @param workbook with them folded
 */
export function appendActs(state: PapersState, acts: readonly LoggedAct[], workbook = foldLog(acts, state.workbook)): PapersState {
	const chains = new Map(state.chains);
	let { judged } = state;
	const held: HeldAct[] = [];
	for (const logged of acts) {
		judged = judgeAct(
			judged,
			logged,
			() => true,
			(code) => invariant(false, `an own act is sound: ${code}`),
		);
		const one = { logged, lamport: lamportOf(chains, logged) };
		chains.set(logged.replica, [...(chains.get(logged.replica) ?? []), one]);
		held.push(one);
	}
	return checked(confirmPending({ ...state, chains, judged, pending: [...state.pending, ...held], workbook }));
}

/** Where this copy is the sequencer, pending acts get the next positions, in their order, until another sequencer is appointed. */
export function confirmPending(state: PapersState): PapersState {
	const { pending } = state;
	let { confirmed } = state;
	let count = 0;
	while (count < pending.length && sameSequencer(confirmed.sequencer ?? firstOf(state), state.self)) {
		const handover = pending.findIndex(({ logged }, at) => at >= count && logged.act.type === 'sequencer.appointed');
		const end = handover < 0 ? pending.length : handover + 1;
		// Nearly always all are confirmed at once: the workbook is then the fold already.
		confirmed =
			end === pending.length && count === 0
				? state.workbook
				: foldLog(
						pending.slice(count, end).map(({ logged }) => logged),
						confirmed,
					);
		count = end;
	}
	return count === 0 ? state : confirmFirst(state, count, confirmed);
}

/** Confirms everything that is pending in the name of this copy, which has appointed itself: the way on when the sequencer is lost. */
export function confirmByAppointment(state: PapersState): PapersState {
	invariant(sameSequencer(state.workbook.sequencer, state.self), 'this copy has appointed itself');
	return checked(confirmFirst(state, state.pending.length, state.workbook));
}

/** Before anything is confirmed, the replica that the engagement began on confirms. */
const firstOf = ({ workbook }: PapersState): Sequencer | null =>
	workbook.founder === '' ? null : { kind: 'replica', replica: workbook.founder };

function confirmFirst(state: PapersState, count: number, confirmed: Workbook): PapersState {
	const records = state.pending
		.slice(0, count)
		.map(({ logged: { replica, seq, hash } }, at) => ({ position: state.order.length + at + 1, replica, seq, hash }));
	const pending = state.pending.slice(count);
	return {
		...state,
		order: [...state.order, ...records],
		range: records.reduce((range, record) => appendLeaf(range, orderLeaf(record)), state.range),
		pending,
		confirmed: pending.length === 0 ? state.workbook : confirmed,
		checkpoint: null,
	};
}

/** States the invariants that can be told without going through everything; a breach is a bug and throws. */
export function checked(state: PapersState): PapersState {
	const { chains, judged, order, range, pending, confirmed, workbook } = state;
	let acts = 0;
	for (const [replica, chain] of chains) {
		acts += chain.length;
		invariant(chain.at(-1)?.logged.seq === chain.length && judged.ends.get(replica)?.seq === chain.length, 'chains are whole');
	}
	invariant(order.length + pending.length === acts && judged.acts === acts, 'order and pending part the acts');
	invariant(
		pending.every((one, at) => at === 0 || comparePending(pending[at - 1] as HeldAct, one) < 0),
		'causes come first',
	);
	invariant(range.size === order.length, 'the tree is over the order');
	invariant(confirmed.seq === order.length && workbook.seq === acts, 'the workbooks are folds');
	return state;
}
