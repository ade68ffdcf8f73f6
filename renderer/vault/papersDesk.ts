/** The work papers as they go between copies and a hub: what the open engagement lets its sync part do with them. */
import { verifyEd25519 } from '#evidence';
import { actMessage, type LoggedAct } from '#findings';
import { fromBase64, invariant, ok, toBase64 } from '#kernel';
import type { CheckpointSigner, MergeOutcome, PapersState } from '#sync';
import type { ActLog } from './actLog.ts';
import type { LogDamage } from './actRecords.ts';
import type { Answer, VaultChange } from './contract.ts';
import { publicKeyBytes, type Signer } from './keys.ts';
import { refuse } from './vaultError.ts';

export interface PapersDesk {
	state(): PapersState;
	/**
	 * Merges, durably; a rejection has written nothing. Tells the window what changed.
	 * @param acts those that may come with it: their signatures are checked first, breathing in between
	 * @param merging what gives the outcome, once the log's queue comes to it
	 */
	receive(acts: readonly LoggedAct[], merging: Merging): Promise<Answer<MergeOutcome>>;
	/** From now on this copy orders the acts; a partner's, where the one that did is lost. */
	takeOver(): Promise<Answer<void>>;
	/** Signs for the open member what goes out: checkpoints where this copy orders, exchange files. */
	readonly sender: CheckpointSigner;
}

type Merging = (state: PapersState, verify: typeof verifyEd25519) => Answer<MergeOutcome>;

interface DeskPorts {
	breathe(): Promise<void>;
	changed(change: VaultChange): void;
}

/** Signature checks between two breaths: about 15 ms. */
const BREATH = 8;

export const readingOnly = ({ message }: LogDamage): Answer<never> =>
	refuse('engagement_damaged', `${message} The engagement is open for reading only. Restore it from a backup.`);

/** @param damage of the header; that of the log is told by the log */
export function papersDesk(actLog: ActLog, damage: readonly LogDamage[], signer: () => Signer, ports: DeskPorts): PapersDesk {
	const announced = <T>(answer: Answer<T>): Answer<T> => {
		if (answer.ok) ports.changed({ kind: 'workbook', seq: actLog.workbook().seq });
		return answer;
	};
	return {
		state: actLog.papers,
		receive: async (acts, merging) => {
			if (damage[0]) return readingOnly(damage[0]);
			const verify = await checkedBefore(actLog.papers(), acts, ports.breathe);
			return announced(await actLog.receive((state) => merging(state, verify)));
		},
		takeOver: async () => {
			if (damage[0]) return readingOnly(damage[0]);
			const done = announced(await actLog.takeOver(signer()));
			return done.ok ? ok(undefined) : done;
		},
		sender: {
			get name() {
				return signer().memberId;
			},
			get publicKey() {
				const key = publicKeyBytes(signer().publicKey);
				invariant(key, 'a signer has a sound key');
				return key;
			},
			sign: (message) => signer().sign(message),
		},
	};
}

/** Thousands of signatures take seconds, and the merge itself can't breathe: what was checked before it is not checked again in it. */
async function checkedBefore(
	{ judged, chains }: PapersState,
	acts: readonly LoggedAct[],
	breathe: () => Promise<void>,
): Promise<typeof verifyEd25519> {
	const keys = new Map([...judged.keys].map(([memberId, { publicKey }]) => [memberId, publicKey]));
	for (const { act } of acts) {
		const key = act.type === 'member.added' && !keys.has(act.memberId) ? fromBase64(act.publicKey) : null;
		if (act.type === 'member.added' && key) keys.set(act.memberId, key);
	}
	const known = new Set<string>();
	const nameOf = (key: Uint8Array, message: Uint8Array, signature: Uint8Array): string => [key, message, signature].map(toBase64).join('|');
	let checks = 0;
	for (const logged of acts) {
		const [key, signature] = [keys.get(logged.memberId), fromBase64(logged.signature)];
		if (!key || !signature || logged.seq <= (chains.get(logged.replica)?.length ?? 0)) continue;
		if (checks++ % BREATH === 0) await breathe();
		const message = actMessage(logged.hash);
		if (verifyEd25519(key, message, signature)) known.add(nameOf(key, message, signature));
	}
	return (key, message, signature) => known.has(nameOf(key, message, signature)) || verifyEd25519(key, message, signature);
}
