/** Acts from elsewhere, before they are let in: which are new, whether their chains are whole, and whose they are. */
import { type ChainsState, judgeAct, type LoggedAct, type LogProblemCode, refKey, type VerifySignature } from '#findings';
import { compareText, err, ok, type Result } from '#kernel';
import { type MergeReject, type MergeRejectCode, reject } from './mergeReject.ts';
import { type HeldAct, heldAt, lamportOf, type PapersState } from './papersState.ts';

export interface Admitted {
	readonly chains: PapersState['chains'];
	readonly judged: ChainsState;
	/** Acts that were not held before, causes first. */
	readonly fresh: readonly HeldAct[];
}

const CODES: Readonly<Record<LogProblemCode, MergeRejectCode>> = {
	gap: 'gap',
	broken_link: 'broken_link',
	hash_mismatch: 'altered',
	bad_vector: 'bad_vector',
	bad_signature: 'bad_signature',
	unknown_member: 'unknown_member',
	bad_beginning: 'bad_beginning',
	truncated: 'gap',
};

/** All or none. Acts held already are passed over where they are the same; the others may come in any order. */
export function admitActs(state: PapersState, acts: readonly LoggedAct[], verify: VerifySignature): Result<Admitted, MergeReject> {
	const sorted = unheldByChain(state, acts);
	if (!sorted.ok) return sorted;
	const queues = sorted.value;
	const chains = new Map<string, HeldAct[]>();
	const all = new Map<string, readonly HeldAct[]>(state.chains);
	const fresh: HeldAct[] = [];
	let { judged } = state;
	let waiting = queues.length;
	while (waiting > 0) {
		const before = fresh.length;
		waiting = 0;
		for (const queue of queues) {
			while (queue.at < queue.acts.length) {
				const logged = queue.acts[queue.at] as LoggedAct;
				if (!isReady(all, logged)) break;
				const faults: MergeReject[] = [];
				judged = judgeAct(judged, logged, verify, (code, message, of = logged) => faults.push(reject(CODES[code], message, of)));
				if (faults[0]) return err(faults[0]);
				const held = { logged, lamport: lamportOf(all, logged) };
				const chain = chains.get(logged.replica) ?? [...(state.chains.get(logged.replica) ?? [])];
				chain.push(held);
				chains.set(logged.replica, chain);
				all.set(logged.replica, chain);
				fresh.push(held);
				queue.at++;
			}
			if (queue.at < queue.acts.length) waiting++;
		}
		if (fresh.length === before && waiting > 0) return err(gapOf(all, queues));
	}
	return ok({ chains: all, judged, fresh });
}

interface Queue {
	readonly acts: readonly LoggedAct[];
	at: number;
}

/** The acts that are not held, by chain and number; a chain that has another act of the same number is forked. */
function unheldByChain({ chains }: PapersState, acts: readonly LoggedAct[]): Result<readonly Queue[], MergeReject> {
	const unheld = new Map<string, Map<number, LoggedAct>>();
	for (const logged of acts) {
		const { replica, seq } = logged;
		const known = heldAt(chains, logged)?.logged ?? unheld.get(replica)?.get(seq);
		if (known && (known.hash !== logged.hash || known.signature !== logged.signature))
			return err(
				reject(
					'fork',
					`Copy ${replica.slice(0, 8)} of the engagement has two acts ${seq}: it was copied outside this program, and both copies went on.`,
					logged,
				),
			);
		if (known) continue;
		const chain = unheld.get(replica) ?? new Map<number, LoggedAct>();
		unheld.set(replica, chain.set(seq, logged));
	}
	const replicas = [...unheld.keys()].sort(compareText);
	return ok(replicas.map((replica) => ({ acts: [...(unheld.get(replica) ?? [])].sort(([a], [b]) => a - b).map(([, act]) => act), at: 0 })));
}

const isReady = (chains: PapersState['chains'], { replica, seq, seen }: LoggedAct): boolean =>
	(chains.get(replica)?.length ?? 0) === seq - 1 &&
	Object.entries(seen).every(([other, upTo]) => other === replica || (chains.get(other)?.length ?? 0) >= upTo);

/** The first act that can't be let in, and what is missing before it. */
function gapOf(chains: PapersState['chains'], queues: readonly Queue[]): MergeReject {
	const stuck = queues.flatMap(({ acts, at }) => acts.slice(at, at + 1));
	const first = stuck.find(({ replica, seq }) => (chains.get(replica)?.length ?? 0) !== seq - 1) ?? stuck[0];
	if (!first) return reject('gap', 'Acts are missing.');
	const held = chains.get(first.replica)?.length ?? 0;
	if (held !== first.seq - 1) {
		const what = `acts ${held + 1} to ${first.seq - 1} of copy ${first.replica.slice(0, 8)} are missing`;
		return reject('gap', `Act ${first.seq} came, but ${what}. Bring those too.`, first);
	}
	const cause = Object.entries(first.seen).find(([replica, upTo]) => (chains.get(replica)?.length ?? 0) < upTo);
	return reject('gap', `Act ${refKey(first)} stands on act ${cause?.[1]} of copy ${cause?.[0].slice(0, 8)}, which is missing.`, first);
}
